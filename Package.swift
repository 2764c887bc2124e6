// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Stages in the order in which data passes them, each with the earlier stages it may import.
let stages: [(name: String, imports: [Target.Dependency])] = [
  (
    "CaptureFile",
    [
      .product(name: "Crypto", package: "swift-crypto"),
      .target(name: "Czlib", condition: .when(traits: ["Zlib"])),
      .target(name: "Czstd", condition: .when(traits: ["Zstd"])),
      .target(name: "Clz4", condition: .when(traits: ["LZ4"])),
    ]
  ),
  (
    "CaptureFilter",
    ["CaptureFile", .target(name: "Clibpcap", condition: .when(traits: ["Libpcap"]))]
  ),
  ("PacketDecoding", ["CaptureFile"]),
  (
    "FlowTracking",
    ["CaptureFile", "PacketDecoding", .product(name: "Crypto", package: "swift-crypto")]
  ),
  (
    "ProtocolRecognition",
    [
      "CaptureFile", "PacketDecoding", "FlowTracking",
      .product(name: "Crypto", package: "swift-crypto"),
      .product(name: "CryptoExtras", package: "swift-crypto"),
    ]
  ),
  ("MediaInspection", ["CaptureFile", "PacketDecoding", "FlowTracking", "ProtocolRecognition"]),
  ("HostInventory", ["PacketDecoding", "FlowTracking", "ProtocolRecognition", "MediaInspection"]),
  ("Attribution", ["CaptureFile", "PacketDecoding"]),
  ("VideoDetection", ["PacketDecoding", "FlowTracking", "ProtocolRecognition", "MediaInspection"]),
  (
    "Exfiltration",
    [
      "CaptureFile", "PacketDecoding", "FlowTracking", "ProtocolRecognition", "MediaInspection",
      "HostInventory", "Attribution", "VideoDetection",
    ]
  ),
  (
    "Reporting",
    [
      "CaptureFile", "PacketDecoding", "FlowTracking", "ProtocolRecognition", "MediaInspection",
      "HostInventory", "Attribution", "VideoDetection", "Exfiltration",
      .target(name: "Csqlite3", condition: .when(traits: ["SQLite"])),
    ]
  ),
  (
    "LensTrace",
    [
      "CaptureFile", "CaptureFilter", "PacketDecoding", "FlowTracking", "ProtocolRecognition",
      "MediaInspection", "HostInventory", "Attribution", "VideoDetection", "Exfiltration",
      "Reporting",
    ]
  ),
]

/// What `make tables` makes the embedded tables of.
let tableSources = [
  "Attribution": [
    "Tables/content-networks.tsv", "Tables/country-codes.tsv", "Tables/special-purpose-ranges.tsv",
  ],
  "HostInventory": [
    "Tables/camera-domains.tsv", "Tables/camera-makers.tsv", "Tables/camera-ouis.tsv",
    "Tables/camera-ports.tsv",
  ],
  "Reporting": ["HTML/Assets"],
  "VideoDetection": ["Tables/measured-rates.tsv"],
]

/// What code that looks into every stage depends on.
let librariesOfStages = stages.map { Target.Dependency.target(name: $0.name) }

let package = Package(
  name: "LensTrace",
  platforms: [.macOS("26.0")],
  products: [
    .library(name: "LensTrace", targets: ["LensTrace"]),
    .executable(name: "lenstrace", targets: ["LensTraceCLI"]),
  ],
  traits: [
    .trait(name: "Zlib", description: "Read gzip captures through the system zlib"),
    .trait(name: "Zstd", description: "Read zstd captures through the system libzstd"),
    .trait(name: "LZ4", description: "Read lz4 captures through the system liblz4"),
    .trait(name: "Libpcap", description: "Filter expressions through the system libpcap"),
    .trait(name: "SQLite", description: "Write SQLite databases through the system libsqlite3"),
    .default(enabledTraits: ["Zlib", "Zstd", "LZ4", "Libpcap", "SQLite"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "Clibpcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .systemLibrary(
      name: "Czlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "Czstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "Clz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .systemLibrary(
      name: "Csqlite3", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .executableTarget(
      name: "LensTraceCLI",
      dependencies: [
        "LensTrace", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // For `Benchmarks/instructions.sh`; packages that import the library do not build it.
    .executableTarget(
      name: "lenstrace-stages",
      dependencies: [
        "CaptureFile", "PacketDecoding", "FlowTracking", "ProtocolRecognition", "MediaInspection",
        "Attribution", "VideoDetection",
      ],
      path: "Benchmarks/Stages"),
    .target(
      name: "TestSupport", dependencies: ["CaptureFile", "PacketDecoding"],
      path: "Tests/TestSupport"),
    // What earlier stages would hand over, for the tests of the later ones.
    .target(
      name: "StageSamples",
      dependencies: ["PacketDecoding", "FlowTracking", "ProtocolRecognition"],
      path: "Tests/StageSamples"),
    .target(
      name: "FuzzTargets", dependencies: ["TestSupport"] + librariesOfStages,
      path: "Tests/FuzzTargets"),
    .testTarget(
      name: "FuzzTargetsTests", dependencies: ["FuzzTargets", "TestSupport"],
      exclude: ["Regressions"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["CaptureFile", "LensTrace", "LensTraceCLI", "Reporting", "TestSupport"],
      exclude: ["Snapshots"]),
  ]
    + stages.map {
      .target(name: $0.name, dependencies: $0.imports, exclude: tableSources[$0.name] ?? [])
    }
    + stages.map {
      .testTarget(
        name: $0.name + "Tests",
        dependencies: [.target(name: $0.name), "TestSupport", "StageSamples"] + $0.imports)
    },
  swiftLanguageModes: [.v6]
)

// The fuzzers of Tests/Fuzzing, a package of their own, need the targets as a product; nobody else
// is shown it.
if Context.environment["LENSTRACE_FUZZING"] != nil {
  package.products.append(.library(name: "FuzzTargets", targets: ["FuzzTargets"]))
}

for target in package.targets where target.type != .system {
  let isShipped = target.path == nil && target.type != .test
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
  ]
  // `#expect` expands to code that strict memory safety rejects; tests ship to no one.
  if isShipped { target.swiftSettings?.append(.strictMemorySafety()) }
}
