// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package that uses LensTrace as a library. In a package of your own, name the repository:
// .package(url: "https://github.com/OWNER/LensTrace", from: "0.1.0")
let package = Package(
  name: "ImportExample",
  platforms: [.macOS("26.0")],
  dependencies: [.package(name: "LensTrace", path: "../..")],
  targets: [
    .executableTarget(
      name: "ImportExample", dependencies: [.product(name: "LensTrace", package: "LensTrace")])
  ],
  swiftLanguageModes: [.v6]
)
