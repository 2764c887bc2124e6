// SPDX-License-Identifier: Apache-2.0

/// RTCP sender reports with a CNAME, [RFC 3550](https://www.rfc-editor.org/rfc/rfc3550) 6.4.1, 6.5.
final class SenderReports: Conversation {
  /// RFC 3550 6.2: five seconds is the least interval it recommends.
  private static let interval: UInt64 = 5_000_000
  /// Seconds from 1900 to 1970.
  private static let ntpOffset: UInt64 = 2_208_988_800

  private let flow: Flow
  private let stream: H264Stream

  init(flow: Flow, stream: H264Stream) {
    self.flow = flow
    self.stream = stream
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    guard !stream.isEnded else { return nil }
    let frame = network.frame
    frame.beginUDP(flow, .fromOriginator)
    frame.append32(0x80C8_0006)
    frame.append32(stream.ssrc)
    let fraction = (time % 1_000_000) << 32 / 1_000_000
    frame.append64((time / 1_000_000 + Self.ntpOffset) << 32 | fraction)
    frame.append32(stream.timestamp)
    frame.append32(UInt32(truncatingIfNeeded: stream.sentPackets))
    frame.append32(UInt32(truncatingIfNeeded: stream.sentBytes))
    // SDES, one chunk: CNAME of eight bytes, then the null item that fills the word.
    frame.append32(0x81CA_0004)
    frame.append32(stream.ssrc)
    frame.append([1, 8] + Array("camera-0".utf8) + [0, 0])
    try network.send(flow, at: time)
    return time + Self.interval + UInt64(network.random.below(200_000))
  }
}
