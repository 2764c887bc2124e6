// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The words of a filter expression with their places, to point at the wrong one.
///
/// libpcap says what is wrong but not where.
struct FilterWords {
  private let expression: String
  private var words: [Range<Int>] = []

  init(_ expression: String) {
    self.expression = expression
    var start: Int?
    let symbols = Set("()[]!&|=<>+-*/%^,".utf8)
    for (offset, byte) in expression.utf8.enumerated() {
      let isSpace = byte == 0x20 || (0x09...0x0d).contains(byte)
      // A minus inside a name (tcp-syn) or a range of ports belongs to it.
      let isSymbol = symbols.contains(byte) && !(byte == UInt8(ascii: "-") && start != nil)
      if isSpace || isSymbol {
        if let begun = start { words.append(begun..<offset) }
        start = nil
        if isSymbol { words.append(offset..<offset + 1) }
      } else if start == nil {
        start = offset
      }
    }
    if let start { words.append(start..<expression.utf8.count) }
  }

  private func text(_ word: Range<Int>) -> String {
    String(decoding: expression.utf8.dropFirst(word.lowerBound).prefix(word.count), as: UTF8.self)
  }

  /// What may be missing behind a beginning of a right expression.
  private static let completions = [
    "", " 1", " host 192.0.2.1", " 192.0.2.1", " ip", " net 192.0.2.0/24", " = 1", "] = 1",
    "0] = 1", " 00:00:00:00:00:00", " \\tcp", " proto 1", " port 1", " 1-2", " mgt", " data",
    " inbound",
  ]

  /// The first word after which nothing makes the expression right.
  ///
  /// - Complexity: a few compilations a word, at most 64 words.
  var firstWrongWord: Range<Int>? {
    for (index, word) in words.prefix(Self.maximumWords).enumerated() {
      let beginning = String(decoding: expression.utf8.prefix(word.upperBound), as: UTF8.self)
      let open = words[...index].reduce(into: 0) { depth, other in
        let text = text(other)
        depth += text == "(" ? 1 : text == ")" ? -1 : 0
      }
      let closing = String(repeating: ")", count: max(0, open))
      let canBeCompleted = Self.completions.contains { completion in
        let trial = beginning + completion + closing
        return Self.linkTypes.contains { linkType in
          if case .success = FilterProgram.compile(trial, for: linkType) { return true }
          return false
        }
      }
      if !canBeCompleted { return word }
    }
    // Nothing is wrong but what is missing at the end.
    let end = expression.utf8.count
    return words.isEmpty ? nil : max(0, end - 1)..<end
  }

  private static let maximumWords = 64
  private static let linkTypes: [LinkType] = [.ethernet, .wireless]

  /// The first word that libpcap would ask a name server about.
  var nameToLookUp: Range<Int>? {
    for (index, word) in words.enumerated() {
      let text = text(word)
      guard Self.mayBeName(text), !Self.keywords.contains(text) else { continue }
      // Names of ports and protocols come from tables of the system, not from the network.
      let before = index > 0 ? self.text(words[index - 1]) : ""
      if Self.tableWords.contains(before) { continue }
      if index > 1, before == "or" || before == "and" {
        // "port http or https": the table goes on.
        let earlier = self.text(words[index - 2])
        if index > 2, Self.tableWords.contains(self.text(words[index - 3])),
          !Self.keywords.contains(earlier)
        {
          continue
        }
      }
      return word
    }
    return nil
  }

  /// Whether a word is written as names are: letters, digits, dots, minus, underline, with a
  /// letter beyond the hexadecimal ones or a dot, and no colon as IPv6 and MAC addresses have.
  private static func mayBeName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return false }
    let isLetter = { (byte: UInt8) in (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a }
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    guard isLetter(first) || isDigit(first), !bytes.contains(UInt8(ascii: ":")) else {
      return false
    }
    // Numbers, dotted addresses with a prefix length, ranges of ports, MAC addresses.
    let isNumber = text.hasPrefix("0x") || text.hasPrefix("0X")
    if isNumber || bytes.allSatisfy({ isDigit($0) || $0 == 0x2e || $0 == 0x2d }) { return false }
    let parts = bytes.split(whereSeparator: { $0 == 0x2e || $0 == 0x2d })
    let isHexadecimal = parts.allSatisfy { part in
      part.allSatisfy { isDigit($0) || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 }
    }
    // MAC addresses have six or eight parts of two digits, or three of four.
    let isPairs = (parts.count == 6 || parts.count == 8) && parts.allSatisfy { $0.count <= 2 }
    let isFours = parts.count == 3 && parts.allSatisfy { $0.count == 4 }
    return !(isHexadecimal && (isPairs || isFours))
  }

  private static let tableWords: Set<String> = [
    "port", "portrange", "proto", "protochain", "ifname", "on", "rset", "ruleset", "reason",
    "action", "type", "subtype", "dir",
  ]

  /// The words of the language, from pcap-filter(7).
  private static let keywords: Set<String> = Set(
    """
    dst src link ether ppp slip fddi tr wlan arp rarp ip sctp tcp udp icmp igmp igrp pim vrrp carp \
    radio ip6 icmp6 ah esp atalk aarp decnet lat sca moprc mopdl iso esis es-is isis is-is l1 l2 \
    iih lsp snp csnp psnp clnp stp ipx netbeui host net mask port portrange proto protochain \
    gateway type subtype direction dir address1 address2 address3 address4 addr1 addr2 addr3 addr4 \
    less greater byte broadcast multicast and or not len length inbound outbound ifindex vlan mpls \
    pppoed pppoes geneve vxlan lane llc metac bcc oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci \
    connectmsg metaconnect on ifname rset ruleset rnr srnr rulenum srulenum reason action fisu \
    lssu lsu msu hfisu hlssu hmsu sio opc dpc sls hsio hopc hdpc hsls icmptype icmpcode \
    icmp-echoreply icmp-unreach icmp-sourcequench icmp-redirect icmp-echo icmp-routeradvert \
    icmp-routersolicit icmp-timxceed icmp-paramprob icmp-tstamp icmp-tstampreply icmp-ireq \
    icmp-ireqreply icmp-maskreq icmp-maskreply icmp6type icmp6code icmp6-echo icmp6-echoreply \
    icmp6-multicastlistenerquery icmp6-multicastlistenerreportv1 icmp6-multicastlistenerdone \
    icmp6-routersolicit icmp6-routeradvert icmp6-neighborsolicit icmp6-neighboradvert \
    icmp6-redirect icmp6-routerrenum icmp6-nodeinformationquery icmp6-nodeinformationresponse \
    icmp6-ineighbordiscoverysolicit icmp6-ineighbordiscoveryadvert \
    icmp6-multicastlistenerreportv2 icmp6-homeagentdiscoveryrequest \
    icmp6-homeagentdiscoveryreply icmp6-mobileprefixsolicit icmp6-mobileprefixadvert \
    icmp6-certpathsolicit icmp6-certpathadvert icmp6-multicastrouteradvert \
    icmp6-multicastroutersolicit icmp6-multicastroutertermination icmp6-destinationunreach \
    icmp6-packettoobig icmp6-timeexceeded icmp6-parameterproblem icmp6-destinationrunreach \
    tcpflags tcp-fin tcp-syn tcp-rst tcp-push tcp-ack tcp-urg tcp-ece tcp-cwr i s u rr rej \
    mgt management ctl control data assocreq assoc-req assocresp assoc-resp reassocreq \
    reassoc-req reassocresp reassoc-resp probereq probe-req proberesp probe-resp beacon atim \
    disassoc disassociation auth authentication deauth deauthentication ps-poll rts cts ack \
    cf-end cf-end-ack qos-data any broadcast
    """.split(separator: " ").map(String.init))
}
