// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct CaptureLabelTests {
  private static let head = "capture\tflow\tlabel\tconfidence\thow\n"

  @Test func readsAllScopes() throws {
    let text =
      Self.head + "a/x.pcap\t*\tother\tsure\t\na/x.pcap\t* udp\taudio_rtp\tsure\t\n"
      + "b/y.pcap\t192.0.2.1:5004 -> 198.51.100.2:443 tcp\tvideo_rtp\tsure\t\n"
      + "b/y.pcap\t[2001:db8::1]:5004 -> [2001:db8::2]:443 udp\ttls_video_suspect\tsure\t\n"
    let labels = try CaptureLabel.labels(in: text)
    #expect(labels.count == 4)
    #expect(labels[0].scope == .all(protocolNumber: nil))
    #expect(labels[1].scope == .all(protocolNumber: 17))
    #expect(labels.map(\.kind) == [.lookAlike, .lookAlike, .live, .clip])
    #expect(labels.map(\.family) == ["a", "a", "b", "b"])
    #expect(labels[3].line == 5)
  }

  @Test func namesTheLineOfAnError() {
    #expect(throws: LabelError.self) { try CaptureLabel.labels(in: "a\tb\n") }
    do {
      _ = try CaptureLabel.labels(in: Self.head + "x\tnonsense\tother\t\t\n")
      Issue.record("a bad flow was taken")
    } catch {
      #expect(error.line == 2)
    }
  }
}
