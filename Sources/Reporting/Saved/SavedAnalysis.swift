// SPDX-License-Identifier: Apache-2.0

public import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import VideoDetection

/// An analysis in a file (`.lenstrace`), so that a terabyte is read once.
///
/// The complete JSON with flows and names, and under `saved` what the JSON has no place for,
/// compressed with Zstandard. Reading it back gives every report again, byte for byte.
public enum SavedAnalysis {
  /// Ending of the name of such a file.
  public static let pathExtension = "lenstrace"
  /// Bytes of JSON that are read at most.
  public static let maximumByteCount = 8 << 30

  /// Whether a path names a saved analysis.
  public static func isNamed(_ path: String) -> Bool {
    path.utf8.count > pathExtension.utf8.count + 1 && path.hasSuffix("." + pathExtension)
  }

  /// Writes an analysis with everything that reports need.
  public static func write(_ analysis: Analysis, to sink: ReportSink) {
    let encoder = ZstdEncoder()
    let inner = ReportSink(into: sink) { encoder.encode($0, isLast: $1) }
    AnalysisJSON.write(analysis, including: [.flows, .names], savesAll: true, to: inner)
    inner.handOver(isLast: true)
  }

  /// Reads an analysis back.
  ///
  /// - Throws: `CaptureError` where the file cannot be read or is no saved analysis.
  /// - Complexity: O(*n*) in the size of the file.
  public static func read(_ path: String) throws(CaptureError) -> Analysis {
    let source = try DecompressingSource(CaptureInput(path))
    var bytes: [UInt8] = []
    while let block = source.next() {
      guard bytes.count + block.count <= maximumByteCount else {
        throw notSaved(path, "it is larger than 8 GiB")
      }
      let span = block.bytes
      unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }
    if let failure = source.failureText { throw notSaved(path, failure) }
    do {
      var reader = AnalysisReader()
      return try reader.read(bytes)
    } catch let failure as JSONReader.Failure {
      throw notSaved(path, "\(failure.reason) (byte \(failure.offset))")
    } catch {
      throw notSaved(path, "it cannot be read")
    }
  }

  private static func notSaved(_ path: String, _ reason: String) -> CaptureError {
    CaptureError(
      .notCapture, file: path, reason: "no saved analysis: \(reason)",
      advice: "write one with --output case.lenstrace")
  }
}

extension JSONWriter {
  /// Writes what the JSON of an analysis has no place for.
  mutating func saved(of analysis: Analysis) {
    key("saved")
    object { json in
      json.member("version", 1)
      json.member("unreadable_inputs", analysis.unreadableInputs) { json, error in
        json.object { json in
          json.member("kind", error.kind.rawValue)
          json.member("file", error.file)
          json.member("offset", error.offset)
          json.member("reason", error.reason)
          json.member("advice", error.advice)
        }
      }
      // One line a flow that has bins: id, start, width, then six counts a bin.
      json.key("time_bins")
      json.array { json in
        for flow in analysis.flows {
          guard let bins = flow.timeBins else { continue }
          json.array { json in
            json.value(flow.id)
            json.value(bins.start)
            json.value(bins.width)
            for bin in bins.bins {
              for (originator, responder) in [
                bin.packets, bin.wireBytes, bin.newPayloadBytes, bin.payloadBytes,
              ] {
                json.value(originator)
                json.value(responder)
              }
            }
          }
        }
      }
      // Of each flow whose two sides are known apart: first and last times, missing in `flows`.
      json.key("flow_sides")
      json.array { json in
        for flow in analysis.flows {
          json.array { json in
            for counters in [flow.originator, flow.responder] {
              json.value(counters.firstTime)
              json.value(counters.lastTime)
              json.value(counters.duplicatePayloadBytes)
            }
            json.value(flow.firstMessage)
          }
        }
      }
      json.member("stream_directions", analysis.mediaStreams) {
        $0.value(UInt64($1.direction.rawValue))
      }
    }
  }
}
