// SPDX-License-Identifier: Apache-2.0

/// The ordered list of recognizers: the first one that is certain takes a flow.
///
/// To add a protocol: one file in `Recognizers/`, one line here, one test file.
enum Recognizers {
  /// All recognizers, most specific first; at most 64.
  static let all: [any Recognizer.Type] = [
    STUNRecognizer.self,
    DTLSRecognizer.self,
    TLSRecognizer.self,
    RTSPRecognizer.self,
    SIPRecognizer.self,
    SSDPRecognizer.self,
    HTTPRecognizer.self,
    DNSRecognizer.self,
    DHCPRecognizer.self,
    DHCPv6Recognizer.self,
    NBNSRecognizer.self,
    NTPRecognizer.self,
    WSDiscoveryRecognizer.self,
    QUICRecognizer.self,
    WireGuardRecognizer.self,
    SRTRecognizer.self,
    RTMPRecognizer.self,
    HikvisionRecognizer.self,
    HikvisionDiscoveryRecognizer.self,
    HikConnectRecognizer.self,
    DahuaRecognizer.self,
    DahuaDatagramsRecognizer.self,
    XiongmaiRecognizer.self,
    ReolinkRecognizer.self,
    ReolinkDatagramsRecognizer.self,
    TVTRecognizer.self,
    TuyaRecognizer.self,
    PPPPRecognizer.self,
    TUTKRecognizer.self,
    UniFiRecognizer.self,
    EdimaxRecognizer.self,
    MPEGTransportStreamRecognizer.self,
    BannerRecognizer.self,
    RawMediaRecognizer.self,
    FramedRTPRecognizer.self,
  ]

  /// The place of recognizer `index` in a set of recognizers.
  static func bit(_ index: Int) -> UInt64 { (1 as UInt64) << UInt64(index & 63) }

  /// Indices of those tried on datagrams, and on streams.
  static let datagram = all.indices.filter { all[$0].readsDatagrams }
  static let stream = all.indices.filter { all[$0].readsStreams }
  /// Those of `stream` as bits.
  static let streamMask = stream.reduce(0 as UInt64) { $0 | bit($1) }
  /// Indices of those that can join in the middle of a stream.
  static let resuming = stream.filter { all[$0] is any MidStreamRecognizer.Type }
  /// Whether any of them can.
  static let canResume = !resuming.isEmpty
}

/// A recognizer that finds its framing in the middle of a stream by `resume`.
protocol MidStreamRecognizer: Recognizer {}
