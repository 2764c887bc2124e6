// SPDX-License-Identifier: Apache-2.0

/// The names in the first certificate of a TLS `Certificate` message up to version 1.2
/// ([RFC 5246 §7.4.2](https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2)): common name,
/// organisation and alternative names.
enum CertificateNames {
  /// Names given out at most.
  static let maximumNames = 6
  /// Object identifiers searched for, in DER: commonName 2.5.4.3, organizationName 2.5.4.10,
  /// organizationalUnitName 2.5.4.11 and subjectAltName 2.5.29.17.
  private static let prefix: [UInt8] = [0x06, 0x03, 0x55]

  /// Reads the names; works on a message that was cut.
  ///
  /// The structure is not walked: DER puts each attribute as identifier, then a string, and the
  /// issuer comes before the subject, so the last common name before the key is the subject's.
  static func read(_ body: Span<UInt8>) -> [String] {
    guard body.count > 10 else { return [] }
    let end = min(body.count, 6 &+ body.integer24(3))
    var subject: [String] = []
    var alternatives: [String] = []
    var offset = 6
    var lastCommonName = ""
    var lastOrganisation = ""
    while offset &+ 8 < end {
      guard body[offset] == prefix[0], body[offset &+ 1] == prefix[1],
        body[offset &+ 2] == prefix[2]
      else {
        offset &+= 1
        continue
      }
      let isName = body[offset &+ 3] == 4
      let attribute = body[offset &+ 4]
      if isName, attribute == 3 || attribute == 10 || attribute == 11 {
        let length = Int(body[offset &+ 6])
        if length < 128, offset &+ 7 &+ length <= end {
          let text = body.text(offset &+ 7..<offset &+ 7 &+ length)
          if attribute == 3 {
            lastCommonName = text
          } else if attribute == 10 {
            lastOrganisation = text
          } else if text == "DVRNVR" {
            subject.append(text)
          }
        }
        offset &+= 7
      } else if body[offset &+ 3] == 0x1D, attribute == 0x11 {
        // Optional criticality, an octet string, in it the sequence of general names.
        var position = offset &+ 5
        if body.byte(position) == 0x01 { position &+= 3 }
        for tag in [0x04, 0x30] as [UInt8] where body.byte(position) == tag {
          let size = body.byte(position &+ 1)
          position &+= size >= 0x80 ? 2 &+ Int(size & 0x7F) : 2
        }
        let stop = min(end, position &+ 4_096)
        // Tag 82 is a DNS name; others (addresses, URIs) are passed over.
        while position &+ 2 < stop, alternatives.count < maximumNames, body[position] & 0xC0 == 0x80
        {
          let length = Int(body[position &+ 1])
          guard length < 128, position &+ 2 &+ length <= stop else { break }
          if body[position] == 0x82 {
            alternatives.append(body.text(position &+ 2..<position &+ 2 &+ length))
          }
          position &+= 2 &+ length
        }
        offset = max(position, offset &+ 5)
      } else {
        offset &+= 5
      }
    }
    var names: [String] = []
    for name in [lastCommonName] + alternatives + [lastOrganisation] + subject
    where !name.isEmpty && !names.contains(name) && names.count < maximumNames {
      names.append(name)
    }
    return names
  }
}
