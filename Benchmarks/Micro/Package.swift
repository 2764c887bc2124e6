// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// A package of its own, so that the many packages of the benchmark tool reach neither those who
/// import LensTrace nor the generator.
let package = Package(
  name: "LensTraceMicroBenchmarks",
  platforms: [.macOS("26.0")],
  dependencies: [
    .package(name: "LensTrace", path: "../.."),
    // Without traits: jemalloc would have to be installed.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "StageBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "LensTrace", package: "LensTrace"),
      ],
      // Where the tool looks for benchmarks.
      path: "Benchmarks/StageBenchmarks",
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
