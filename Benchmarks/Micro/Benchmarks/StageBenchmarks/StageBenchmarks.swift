// SPDX-License-Identifier: Apache-2.0

internal import Benchmark
internal import Foundation
internal import LensTrace

/// What is measured with: the capture that the environment names, or a sample of the project.
private enum Material {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../..").standardized.path

  static let capture =
    ProcessInfo.processInfo.environment["LENSTRACE_CAPTURE"]
    ?? project + "/Samples/camera-abroad.pcapng"
  static let table =
    ProcessInfo.processInfo.environment["LENSTRACE_TABLE"] ?? project + "/Samples/geoip-sample.csv"

  static func analyzer(hash: Bool = false, geoIP: Bool = false) -> Analyzer {
    var configuration = Analyzer.Configuration()
    configuration.jobs = 1
    configuration.computesHashes = hash
    if geoIP { configuration.geoIP = [.file(table)] }
    return Analyzer(configuration)
  }

  /// Addresses spread over all of the IPv4 space, the same ones each time.
  static let addresses = (0..<1_024).map { IPAddress(v4: UInt32($0) &* 4_194_301 &+ 16_909_060) }
}

/// One benchmark of each stage that has a door of its own, in the order in which data passes them.
///
/// The stages between reading and the analysis have none outside of the main package: what each
/// of them costs a packet says `Benchmarks/instructions.sh`.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = Benchmark.Configuration(
    metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(3))

  Benchmark("CaptureFile: read") { benchmark in
    for _ in benchmark.scaledIterations {
      var bytes = 0
      try CaptureReader(Material.capture).forEach(hash: false) { bytes += $0.capturedLength }
      blackHole(bytes)
    }
  }

  Benchmark("CaptureFile: read and hash") { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try CaptureReader(Material.capture).forEach(hash: true) { _ in })
    }
  }

  Benchmark("Attribution: load a table") { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try GeoIPDatabase(loading: [.file(Material.table)]))
    }
  }

  Benchmark(
    "Attribution: look up 1,024 addresses",
    configuration: .init(scalingFactor: .kilo)
  ) { benchmark in
    let database = try GeoIPDatabase(loading: [.file(Material.table)])
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      for address in Material.addresses { blackHole(database.record(for: address)) }
    }
  }

  Benchmark("LensTrace: analyze") { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try Material.analyzer().analyze(CaptureSet([Material.capture])))
    }
  }

  Benchmark("LensTrace: analyze, with hashes and countries") { benchmark in
    let analyzer = Material.analyzer(hash: true, geoIP: true)
    for _ in benchmark.scaledIterations {
      blackHole(try analyzer.analyze(CaptureSet([Material.capture])))
    }
  }

  for format in ReportFormats.all {
    Benchmark("Reporting: write \(format.name)") { benchmark in
      let analysis = try Material.analyzer().analyze(CaptureSet([Material.capture]))
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        let sink = ReportSink()
        ReportFormats.write(analysis, as: format, options: ReportOptions(), to: sink)
        blackHole(sink.bytes.count)
      }
    }
  }
}
