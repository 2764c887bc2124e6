// SPDX-License-Identifier: Apache-2.0

/// Requests by HTTP that change how a camera or recorder is set up (camera-protocols.md B).
enum ConfigurationWrite {
  /// Parts of a path, in lower case, whose requests write whatever their method.
  private static let writes: LetteredTexts = [
    "action=setconfig", "action=adduser", "action=modifyuser", "action=modifypassword",
    "action=deleteuser", "action=update", "action=add&", "/setparam.cgi", "firmwareupgrade.cgi",
    "/upgrade.cgi", "/cgi-bin/set", "cmd=set", "cmd=upgrade",
  ]
  /// Beginnings of paths of makers' interfaces whose methods tell what writes.
  private static let makers: LetteredTexts = ["/isapi/", "/psia/"]
  /// Paths under `/ISAPI/` to which `POST` asks and does not write.
  private static let questions: LetteredTexts = [
    "/search", "/download", "/usercheck", "/query", "/playback",
  ]

  /// The text to show of a request that changes a configuration, `nil` of any other.
  ///
  /// `action` is the value of `SOAPAction`, by which ONVIF names its operations.
  static func text(method: String, target: Span<UInt8>, action: String?) -> String? {
    let letters = LetterSet(target)
    if makers.first(in: target, letters) != nil {
      switch method {
      case "PUT", "DELETE": break
      case "POST":
        if questions.first(in: target, letters) != nil { return nil }
      default: return nil
      }
      return "\(method) \(RequestTarget(target).path)"
    }
    if let action, let name = action.split(separator: "/").last?.filter({ $0 != "\"" }),
      action.utf8.span.firstIndex(of: "onvif", in: 0..<action.utf8.count) != nil,
      ["Set", "Create", "Delete", "Add", "Upgrade", "Start"].contains(where: name.hasPrefix)
    {
      return "ONVIF \(name)"
    }
    guard let write = writes.first(in: target, letters) else { return nil }
    let text = "\(method) \(RequestTarget(target).path)"
    let mark = write.bytes.text(0..<write.bytes.count)
    return mark.hasPrefix("action=") ? "\(text) \(mark)" : text
  }

  /// Whether a request with these letters in its target may write; most may not.
  static func mayWrite(_ letters: LetterSet) -> Bool {
    makers.mayStand(in: letters) || writes.mayStand(in: letters)
  }
}

/// Names of files that are loaded on purpose: firmware, packages, programs.
enum FileDownload {
  private static let firmwareEndings: Set<String> = [
    "dav", "fw", "swu", "rom", "upg", "pak", "pkg", "ubi", "img", "bin", "squashfs", "hex",
  ]
  private static let fileEndings: Set<String> = [
    "zip", "gz", "tgz", "tar", "bz2", "xz", "7z", "apk", "ipk", "deb", "exe", "msi", "cab", "sh",
    "elf", "so", "ko", "dat", "cfg", "conf",
  ]
  private static let words = ["firmware", "upgrade", "fwupdate", "otaupdate"]

  /// Whether a path names a file such as devices load; `isFirmware` whether its name says that it
  /// is the device's own software.
  static func kind(ofPath path: String) -> (isFile: Bool, isFirmware: Bool) {
    let lower = path.lowercased()
    let name = lower.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".")
    let ending = parts.count > 1 ? String(parts[parts.count - 1]) : ""
    let isFirmware =
      firmwareEndings.contains(ending)
      || fileEndings.contains(ending) && words.contains { lower.contains($0) }
    return (isFirmware || fileEndings.contains(ending), isFirmware)
  }
}
