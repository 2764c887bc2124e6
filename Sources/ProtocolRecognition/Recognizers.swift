// SPDX-License-Identifier: Apache-2.0

/// The ordered list of recognizers: the first one that is certain takes a flow.
///
/// To add a protocol: one file in `Recognizers/`, one line here, one test file.
enum Recognizers {
  /// All recognizers, most specific first, the most common first among those that exclude each other;
  /// at most 64.
  static let all: [any Recognizer.Type] = [
    STUNRecognizer.self,
    DTLSRecognizer.self,
    TLSRecognizer.self,
    HTTPRecognizer.self,
    RTSPRecognizer.self,
    SIPRecognizer.self,
    SSDPRecognizer.self,
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
    GigEVisionRecognizer.self,
    MPEGTransportStreamRecognizer.self,
    FTPRecognizer.self,
    BannerRecognizer.self,
    RawMediaRecognizer.self,
    FramedRTPRecognizer.self,
  ]

  /// The place of recognizer `index` in a set of recognizers.
  static func bit(_ index: Int) -> UInt64 { (1 as UInt64) << UInt64(index & 63) }

  /// What the table says about bytes, made once.
  struct Index: Sendable {
    let all: [any Recognizer.Type]
    /// Those tried on datagrams, and on streams, as bits.
    let datagramMask: UInt64
    let streamMask: UInt64
    /// Those whose messages can begin with a byte, as bits, by byte.
    private let beginning: [UInt64]
    /// Indices of those that can join in the middle of a stream.
    let resuming: [Int]

    init(_ table: [any Recognizer.Type]) {
      all = table
      datagramMask = table.indices.reduce(0) { $0 | (table[$1].readsDatagrams ? bit($1) : 0) }
      streamMask = table.indices.reduce(0) { $0 | (table[$1].readsStreams ? bit($1) : 0) }
      var beginning = [UInt64](repeating: 0, count: 256)
      for index in table.indices {
        let first = table[index].firstBytes
        for value in beginning.indices where first.contains(UInt8(value)) {
          beginning[value] |= bit(index)
        }
      }
      self.beginning = beginning
      resuming = table.indices.filter {
        table[$0].readsStreams && table[$0].joinsMidStream
      }
    }

    /// Those whose messages can begin with `byte`, as bits.
    func beginning(with byte: UInt8) -> UInt64 { beginning[Int(byte)] }
  }

  static let index = Index(all)
}

/// A recognizer that finds its framing in the middle of a stream by `resume`.
protocol MidStreamRecognizer: Recognizer {}

extension MidStreamRecognizer {
  static var joinsMidStream: Bool { true }
}
