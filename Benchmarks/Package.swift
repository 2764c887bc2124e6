// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Nested, so that nothing needed for measuring reaches those who import LensTrace.
let package = Package(
  name: "LensTraceBenchmarks",
  platforms: [.macOS("26.0")],
  products: [
    .executable(name: "lenstrace-generate", targets: ["lenstrace-generate"])
  ],
  targets: [
    .executableTarget(
      name: "lenstrace-generate",
      path: "Generator",
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
