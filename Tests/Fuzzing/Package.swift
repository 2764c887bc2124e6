// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Nested, so that libFuzzer reaches nobody who imports LensTrace; built by `Scripts/fuzz`.
let package = Package(
  name: "LensTraceFuzzing",
  platforms: [.macOS("26.0")],
  dependencies: [.package(name: "LensTrace", path: "../..")],
  targets: [
    .target(name: "CLibFuzzer"),
    .executableTarget(
      name: "Fuzz",
      dependencies: ["CLibFuzzer", .product(name: "FuzzTargets", package: "LensTrace")],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
