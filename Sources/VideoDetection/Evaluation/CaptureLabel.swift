// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// What a person says that a flow of a capture is.
public struct CaptureLabel: Sendable {
  /// What counts as right.
  public enum Kind: String, Sendable, CaseIterable {
    /// Live video: should be found.
    case live
    /// Recorded video or clips: should be found as a lead.
    case clip
    /// Something else: should not be found.
    case lookAlike = "look_alike"
    /// Media whose nature is not told, or video that is no camera: counted apart.
    case grey
  }

  /// Which flows of the capture a label is about.
  public enum Scope: Sendable, Equatable {
    /// All, or all of an IP protocol, that no other label of the capture names.
    case all(protocolNumber: UInt8?)
    /// One pair of endpoints, either way.
    case pair(IPAddress, UInt16, IPAddress, UInt16, protocolNumber: UInt8)
  }

  /// Path of the capture below the folder given.
  public var capture: String
  /// Its flows.
  public var scope: Scope
  /// The label as written.
  public var label: String
  /// Family of traffic: the column `family`, else the folder of the capture.
  public var family: String
  /// The line of the label, from 1.
  public var line: Int

  /// What the label counts as.
  public var kind: Kind {
    switch label {
    case "live_video", "video_rtp", "rtsp_interleaved_video", "mpegts": .live
    case "clip", "tls_video_suspect": .clip
    case "grey", "webrtc_media", "srt", "rtmp", "hls_dash_download": .grey
    default: .lookAlike
    }
  }

  /// Reads labels: text with tabs, a header line with the columns `capture`, `flow`, `label` and
  /// maybe `family`.
  ///
  /// - Throws: ``LabelError`` naming the line.
  public static func labels(in text: String) throws(LabelError) -> [CaptureLabel] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let head = lines.first?.split(separator: "\t", omittingEmptySubsequences: false),
      let capture = head.firstIndex(of: "capture"), let flow = head.firstIndex(of: "flow"),
      let label = head.firstIndex(of: "label")
    else { throw LabelError(line: 1, reason: "the columns capture, flow and label are needed") }
    let family = head.firstIndex(of: "family")
    var result: [CaptureLabel] = []
    for (number, line) in lines.enumerated().dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map {
        $0.hasSuffix("\r") ? $0.dropLast() : $0
      }
      guard !cells.allSatisfy(\.isEmpty) else { continue }
      guard cells.count > max(capture, flow, label) else {
        throw LabelError(line: number + 1, reason: "too few columns")
      }
      guard let scope = Scope(cells[flow]) else {
        throw LabelError(
          line: number + 1, reason: "the flow is not *, * udp, * tcp or A:port -> B:port udp|tcp")
      }
      let folder = cells[capture].split(separator: "/").dropLast().last.map { String($0) }
      let named = family.flatMap { $0 < cells.count ? String(cells[$0]) : nil }
      result.append(
        CaptureLabel(
          capture: String(cells[capture]), scope: scope, label: String(cells[label]),
          family: named ?? folder ?? String(cells[label]), line: number + 1))
    }
    return result
  }
}

/// A file of labels that cannot be used.
public struct LabelError: Error, CustomStringConvertible {
  /// The file of labels, where they came from one.
  public var file: String?
  /// The line, from 1; 0 for the file as a whole.
  public var line: Int
  /// What is wrong.
  public var reason: String

  /// Makes an error.
  public init(file: String? = nil, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  /// Names file, line and reason.
  public var description: String {
    (file.map { "\($0): " } ?? "") + (line == 0 ? "" : "line \(line): ") + reason
  }
}

extension CaptureLabel.Scope {
  init?(_ text: Substring) {
    let words = text.split(separator: " ")
    if words.first == "*" {
      switch words.count {
      case 1: self = .all(protocolNumber: nil)
      case 2:
        guard let number = Self.protocolNumber(words[1]) else { return nil }
        self = .all(protocolNumber: number)
      default: return nil
      }
      return
    }
    guard words.count == 4, words[1] == "->", let number = Self.protocolNumber(words[3]),
      let first = Self.endpoint(words[0]), let second = Self.endpoint(words[2])
    else { return nil }
    self = .pair(first.0, first.1, second.0, second.1, protocolNumber: number)
  }

  private static func protocolNumber(_ word: Substring) -> UInt8? {
    switch word {
    case "tcp": 6
    case "udp": 17
    default: nil
    }
  }

  private static func endpoint(_ word: Substring) -> (IPAddress, UInt16)? {
    guard let colon = word.lastIndex(of: ":"), let port = UInt16(word[word.index(after: colon)...])
    else { return nil }
    var host = word[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return IPAddress(host).map { ($0, port) }
  }
}
