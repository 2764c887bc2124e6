// SPDX-License-Identifier: Apache-2.0

/// One entry for hostile bytes: what `Tests/Fuzzing` feeds with libFuzzer's inputs, and the
/// ordinary tests with seeds and with the inputs that once did harm.
public struct FuzzTarget: Sendable, CustomStringConvertible {
  /// Name of the target and of its folders of seeds and regression inputs.
  public let name: String
  /// Reads one input; ends the process where a rule is broken.
  public let run: @Sendable ([UInt8]) -> Void

  /// The name.
  public var description: String { name }
}

/// All targets: one line each.
public enum FuzzTargets {
  /// The targets, in the order of the stages.
  public static let all: [FuzzTarget] = [
    FuzzTarget(name: "pcap", run: CaptureTargets.read),
    FuzzTarget(name: "pcapng", run: CaptureTargets.read),
    FuzzTarget(name: "gzip") { CompressionTargets.unpack($0, magic: [0x1F, 0x8B]) },
    FuzzTarget(name: "zstd") { CompressionTargets.unpack($0, magic: [0x28, 0xB5, 0x2F, 0xFD]) },
    FuzzTarget(name: "lz4") { CompressionTargets.unpack($0, magic: [0x04, 0x22, 0x4D, 0x18]) },
    FuzzTarget(name: "decoding", run: DecodingTarget.decode),
    FuzzTarget(name: "reassembly", run: ReassemblyTarget.reassemble),
    FuzzTarget(name: "recognizers", run: RecognizerTarget.recognize),
    FuzzTarget(name: "codecs", run: MediaTargets.readCodec),
    FuzzTarget(name: "containers", run: MediaTargets.readContainer),
    FuzzTarget(name: "geoip", run: TableTargets.readText),
    FuzzTarget(name: "mmdb", run: TableTargets.readMaxMind),
    FuzzTarget(name: "policy", run: TableTargets.readPolicy),
    FuzzTarget(name: "pipeline", run: PipelineTarget.analyse),
  ]

  /// The target of a name.
  public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
