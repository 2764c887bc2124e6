// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Stable names of findings.
enum FindingIdentity {
  /// `F-` and the first 8 hexadecimal digits of SHA-256 over device, source, destination, protocol
  /// and first packet.
  ///
  /// The packet is named by its time: file and frame change when a capture is split.
  static func id(_ channel: Channel, device: String?) -> String {
    let key = channel.key
    let text = [
      device ?? "", key.source.description, key.destination.description,
      "\(key.isPulled ? "pulled" : "sent") \(key.servicePort)", "\(key.protocolNumber)",
      "\(channel.firstPacket.time)",
    ].joined(separator: "\u{1F}")
    return "F-" + SHA256Hex.digest(of: text).prefix(8)
  }
}
