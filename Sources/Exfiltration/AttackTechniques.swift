// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition
internal import VideoDetection

/// Techniques of MITRE ATT&CK that fit a finding.
enum AttackTechniques {
  /// Video Capture.
  static let videoCapture = "T1125"
  /// Exfiltration Over C2 Channel: the device's ordinary cloud or web connection.
  static let overCommandChannel = "T1041"
  /// Exfiltration Over Alternative Protocol: a media transport of its own.
  static let overAlternativeProtocol = "T1048"

  static func techniques(
    _ verdict: VideoVerdict, isBulk: Bool, exposure: Exposure, service: Service?
  ) -> [String] {
    guard exposure > .inside else { return [] }
    guard verdict >= .possible || isBulk else { return [] }
    let way: String
    switch service {
    case .tls, .http, .http2, .websocket, .quic: way = overCommandChannel
    default: way = overAlternativeProtocol
    }
    return verdict >= .possible ? [way, videoCapture] : [way]
  }
}
