// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition
internal import VideoDetection

/// Names the way in which stored footage was taken from a device.
enum StoredFootageRule {
  /// `RTSP playback`, `ISAPI download`, ...; `nil` where nothing stored was asked for and nothing in
  /// the footage shows that it was recorded before it was sent.
  static func name(
    _ recognition: FlowRecognition?, _ streams: [MediaStream], _ pace: FootagePace?, isPulled: Bool
  ) -> String? {
    let stored = streams.filter(\.isStoredFootage)
    guard recognition?.storedFootage != nil || !stored.isEmpty else {
      return unasked(streams, pace, isPulled: isPulled)
    }
    if let file = recognition?.details(where: { $0 == .upload || $0 == .download }).first,
      recognition?.service != .http, recognition?.service != .websocket
    {
      return "FTP \(file.kind == .upload ? "upload" : "download") of \(file.text)"
    }
    switch recognition?.service {
    case .rtsp: return "RTSP playback"
    case .http, .websocket:
      let paths = (recognition?.details ?? []).filter { $0.kind == .path }
        .map { $0.text.lowercased() }
      if paths.contains(where: { $0.contains("/isapi/contentmgmt/download") }) {
        return "ISAPI download"
      }
      if paths.contains(where: { $0.contains("/isapi/") || $0.contains("/psia/") }) {
        return "ISAPI playback"
      }
      if paths.contains(where: { $0.contains("loadfile.cgi") || $0.contains("mediafilefind") }) {
        return "Dahua download"
      }
      return "download of stored footage by HTTP"
    case .hikvision: return "Hikvision playback"
    case .dahua: return "Dahua playback"
    case .xiongmai: return "Xiongmai playback"
    case .reolink: return "Reolink playback"
    case .tvt: return "TVT playback"
    case .sip: return "GB/T 28181 playback"
    default: break
    }
    // Media on a flow of its own: GB/T 28181 sends program streams in RTP, RTSP single pictures.
    if stored.contains(where: { $0.isProgramStream }) { return "GB/T 28181 playback" }
    return "playback asked for by signalling"
  }

  /// What shows by itself that footage was recorded before.
  ///
  /// One stream must be faster than filmed, and all of them together: live pictures are uploaded in
  /// finished pieces too.
  private static func unasked(
    _ streams: [MediaStream], _ pace: FootagePace?, isPulled: Bool
  ) -> String? {
    let video = streams.filter { $0.media == .video && $0.verdict >= .possible }
    if video.contains(where: \.isFinishedFile) {
      return (isPulled ? "download" : "upload") + " of a finished file"
    }
    if pace?.isFasterThanFilmed ?? false,
      video.contains(where: { $0.footagePace?.isFasterThanFilmed ?? false })
    {
      return "sent faster than it was filmed"
    }
    let isDated = streams.contains { $0.reasons.contains { $0.signal == "recording-date" } }
    return isDated ? "by the date in its pictures" : nil
  }
}

extension MediaStream {
  fileprivate var isProgramStream: Bool {
    kind == .mpegps || reasons.contains { $0.signal == "container-mpegps" }
  }
}
