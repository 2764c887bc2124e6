// SPDX-License-Identifier: Apache-2.0

/// Texts by which camera makers' servers name themselves (camera-protocols.md C3, C4).
enum VendorBanners {
  /// What a text says of the device that sent it.
  struct Banner: Sendable {
    var text: LetteredText
    var vendor: String
    var role: String
    var confidence: MarkConfidence
    /// Whether what follows the text is the serial number.
    var precedesSerial = false
  }

  /// Parts of `Server` headers, lower case; the first match counts.
  static let servers: [Banner] = [
    Banner(text: "app-webs", vendor: "hikvision", role: "camera", confidence: .strong),
    Banner(text: "dnvrs-webs", vendor: "hikvision", role: "recorder", confidence: .strong),
    Banner(text: "dvrdvs-webs", vendor: "hikvision", role: "recorder", confidence: .strong),
    Banner(text: "dvs-webs", vendor: "hikvision", role: "recorder", confidence: .strong),
    Banner(text: "hikvision", vendor: "hikvision", role: "camera", confidence: .strong),
    Banner(text: "interlogix-webs", vendor: "interlogix", role: "camera", confidence: .strong),
    Banner(text: "uc-httpd", vendor: "xiongmai", role: "camera", confidence: .strong),
    Banner(text: "cross web server", vendor: "tvt", role: "recorder", confidence: .indicative),
    Banner(text: "netwave ip camera", vendor: "netwave", role: "camera", confidence: .indicative),
    Banner(text: "reecam ip camera", vendor: "reecam", role: "camera", confidence: .indicative),
    Banner(text: "alphapd", vendor: "d-link", role: "camera", confidence: .indicative),
    Banner(text: "vcs-videojet-webserver", vendor: "bosch", role: "camera", confidence: .strong),
    Banner(text: "vcs-vidos-nvr", vendor: "bosch", role: "recorder", confidence: .strong),
    Banner(text: "geohttpserver", vendor: "geovision", role: "camera", confidence: .strong),
    Banner(text: "avtech/", vendor: "avtech", role: "camera", confidence: .indicative),
    Banner(text: "-axis (linux upnp)", vendor: "axis", role: "camera", confidence: .strong),
    Banner(text: "blueiris-http", vendor: "blue iris", role: "recorder", confidence: .strong),
    Banner(text: "dahua rtsp server", vendor: "dahua", role: "camera", confidence: .strong),
    Banner(text: "hipcam realserver", vendor: "foscam", role: "camera", confidence: .indicative),
    Banner(text: "hiipcam", vendor: "foscam", role: "camera", confidence: .indicative),
    Banner(text: "h264dvr", vendor: "xiongmai", role: "recorder", confidence: .strong),
    Banner(text: "avigilononvifnvt", vendor: "avigilon", role: "camera", confidence: .strong),
    Banner(text: "indigo-security", vendor: "indigo", role: "camera", confidence: .indicative),
    Banner(text: "ip camera", vendor: "", role: "camera", confidence: .indicative),
    Banner(text: "network camera", vendor: "", role: "camera", confidence: .indicative),
  ]

  /// Parts of authentication realms, lower case.
  static let realms: [Banner] = [
    Banner(
      text: "login to ", vendor: "dahua", role: "camera", confidence: .strong,
      precedesSerial: true),
    Banner(text: "axis_", vendor: "axis", role: "camera", confidence: .strong),
    Banner(text: "tp-link ip-camera", vendor: "tp-link", role: "camera", confidence: .strong),
    Banner(text: "ip camera(", vendor: "hikvision", role: "camera", confidence: .indicative),
    Banner(text: "hikvision", vendor: "hikvision", role: "camera", confidence: .indicative),
    Banner(
      text: "embedded net dvr", vendor: "hikvision", role: "recorder", confidence: .indicative),
    Banner(text: "dcs-", vendor: "d-link", role: "camera", confidence: .indicative),
    Banner(text: "wificam", vendor: "goahead", role: "camera", confidence: .indicative),
  ]

  /// Marks the sender by its `Server` text.
  static func mark(
    _ text: String, source: String, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard let banner = first(of: servers, in: text.utf8.span) else { return }
    context.addMark(
      source, vendor: banner.vendor, role: banner.role, text: text,
      confidence: banner.confidence, chunk)
  }

  /// The first banner in `list` that stands in `text`.
  private static func first(of list: [Banner], in text: Span<UInt8>) -> Banner? {
    let letters = LetterSet(text)
    for banner in list where letters.mayHold(banner.text) {
      if text.firstIndex(of: banner.text.text, in: 0..<text.count) != nil { return banner }
    }
    return nil
  }

  /// Marks the sender by the realm it challenges with.
  static func mark(
    realm: String, source: String, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard let banner = first(of: realms, in: realm.utf8.span) else { return }
    let serial = banner.precedesSerial ? String(realm.dropFirst(banner.text.text.bytes.count)) : ""
    context.addMark(
      source, vendor: banner.vendor, serial: serial, role: banner.role, text: realm,
      confidence: banner.confidence, chunk)
  }

  /// Marks the sender of a session description.
  static func mark(
    _ description: SessionDescription, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    if description.hasHikvisionMediaHeader {
      context.addMark(
        "sdp", vendor: "hikvision", role: "camera", text: "a=Media_header:MEDIAINFO",
        confidence: .definite, chunk)
    } else if description.hasDahuaPacketization {
      context.addMark(
        "sdp", vendor: "dahua", role: "camera", text: "a=packetization-supported:DH",
        confidence: .strong, chunk)
    }
  }
}
