// SPDX-License-Identifier: Apache-2.0

/// Capture files that are read as one capture.
///
/// Folders are searched for captures by content, never by name; a file that is only named like one
/// is left out, the same file given twice is there once, with a notice each.
///
/// ```swift
/// let set = try CaptureSet(["monday.pcap.gz", "evidence/"], recursive: true)
/// for input in set.inputs { print(input.name) }
/// ```
public struct CaptureSet: Sendable {
  /// The inputs, each once: in the order given, those of a folder in the order of their names.
  public private(set) var inputs: [CaptureInput] = []
  /// What was left out and why, one line each.
  public private(set) var notices: [String] = []

  /// Files in folders that only their names call captures.
  private var namedOnly: [String] = []
  private var identities: [FileIdentity?] = []
  /// Index of the input that a node is read by.
  private var known: [Node: Int] = [:]

  /// What makes two inputs the same: device and number of a regular file, or standard input.
  private enum Node: Hashable {
    case file(device: UInt64, inode: UInt64)
    case standardInput

    init?(_ input: CaptureInput, _ identity: FileIdentity?) {
      if input.source == .standardInput {
        self = .standardInput
      } else if let identity, identity.kind == .regular {
        self = .file(device: identity.device, inode: identity.inode)
      } else {
        return nil
      }
    }
  }

  /// Resolves paths of files and folders; `-` is standard input.
  ///
  /// - Parameters:
  ///   - paths: What the user named.
  ///   - recursive: Whether folders inside folders are searched too.
  /// - Throws: when a path names nothing, or a folder holds no capture.
  /// - Complexity: O(*n*) in the number of files in the folders, each of which is opened.
  public init(_ paths: [String], recursive: Bool = false) throws(CaptureError) {
    for path in paths {
      if path == "-" {
        add(CaptureInput(path), identity: nil)
        continue
      }
      guard let identity = nodeIdentity(path, followsLinks: true) else {
        throw CaptureError(
          .cannotOpen, file: CaptureInput.baseName(of: path),
          reason: "cannot open: \(systemErrorText())",
          advice: "check the path and the permission to read")
      }
      if identity.kind == .folder {
        try addFolder(path, recursive: recursive)
      } else {
        add(CaptureInput(path), identity: identity)
      }
    }
    addNoticesOfNamedOnly()
    removeCopies()
  }

  /// Reads a list of paths, one a line; empty lines are passed over.
  ///
  /// - Throws: when the list cannot be opened or is no UTF-8 text.
  public static func paths(listedIn list: String) throws(CaptureError) -> [String] {
    try ListFile.lines(list, of: "files", item: "path")
  }

  /// The input beside which a new file at `path` would lie, or nil when it lies in no input's
  /// folder.
  package func inputBeside(_ path: String) -> CaptureInput? {
    guard let folder = nodeIdentity(Self.folder(of: path), followsLinks: true) else { return nil }
    return inputs.first { input in
      guard case .path(let other) = input.source,
        let identity = nodeIdentity(Self.folder(of: other), followsLinks: true)
      else { return false }
      return identity.device == folder.device && identity.inode == folder.inode
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// Greatest depth of folders; deeper ones are left out.
  private static let maximumFolderDepth = 64

  private mutating func add(_ input: CaptureInput, identity: FileIdentity?) {
    let node = Node(input, identity)
    if let node, let first = known[node] {
      notices.append("\(input.name) is the same file as \(inputs[first].name): read once")
      return
    }
    if let node { known[node] = inputs.count }
    inputs.append(input)
    identities.append(identity)
  }

  private mutating func addFolder(_ path: String, recursive: Bool) throws(CaptureError) {
    let name = CaptureInput.baseName(of: path)
    var found: [(input: CaptureInput, identity: FileIdentity)] = []
    guard search(path, below: "", depth: recursive ? Self.maximumFolderDepth : 0, &found) else {
      throw CaptureError(
        .cannotOpen, file: name, reason: "cannot list the folder: \(systemErrorText())",
        advice: "check the permission to read")
    }
    guard !found.isEmpty else {
      throw CaptureError(
        .notCapture, file: name, reason: "the folder holds no capture",
        advice: namedOnly.first.map { "name \($0) itself to see why it is none" }
          ?? (recursive ? "name another folder" : "add --recursive to search folders inside it"))
    }
    for (input, identity) in found { add(input, identity: identity) }
  }

  private mutating func search(
    _ path: String, below prefix: String, depth: Int,
    _ found: inout [(input: CaptureInput, identity: FileIdentity)]
  ) -> Bool {
    guard let (names, unnamed) = folderEntries(path) else { return false }
    if unnamed > 0 {
      let folder = prefix.isEmpty ? CaptureInput.baseName(of: path) : prefix
      notices.append("\(folder): \(unnamed) files whose names are no UTF-8 are left out")
    }
    for name in names {
      let inner = path.hasSuffix("/") ? path + name : path + "/" + name
      let shown = prefix + name
      // Links to files are followed, links to folders are not: they can form circles.
      guard let node = nodeIdentity(inner, followsLinks: false) else { continue }
      if node.kind == .folder {
        guard depth > 0 else { continue }
        if !search(inner, below: shown + "/", depth: depth - 1, &found) {
          notices.append("\(shown): the folder cannot be listed")
        }
        continue
      }
      // Opening a pipe would wait for its writer.
      guard let identity = nodeIdentity(inner, followsLinks: true), identity.kind == .regular
      else { continue }
      let input = CaptureInput(inner, name: shown)
      if identity.byteCount > 0, CaptureFormats.isCapture(input) {
        found.append((input, identity))
      } else if Self.isNamedLikeCapture(name) {
        namedOnly.append(shown)
      }
    }
    return true
  }

  /// Endings of the names of capture files, in lower case.
  private static let captureEndings = ["pcap", "pcapng", "cap", "snoop", "dmp"]
  /// Endings of the names of compressed files.
  private static let packedEndings = ["gz", "zst", "lz4", "xz", "bz2", "zip"]

  private static func isNamedLikeCapture(_ name: String) -> Bool {
    var parts = name.lowercased().split(separator: ".")
    if parts.count > 2, let last = parts.last, packedEndings.contains(String(last)) {
      parts.removeLast()
    }
    return parts.count > 1 && captureEndings.contains(String(parts[parts.count - 1]))
  }

  /// Files named like captures that are told by name; of more only the number is told.
  private static let maximumNamedOnly = 16

  private mutating func addNoticesOfNamedOnly() {
    for name in namedOnly.prefix(Self.maximumNamedOnly) {
      notices.append("\(name) is named like a capture and is none: left out; name it to see why")
    }
    if namedOnly.count > Self.maximumNamedOnly {
      notices.append(
        "\(namedOnly.count - Self.maximumNamedOnly) more files named like captures are left out")
    }
  }

  /// Takes out files whose content equals that of one before them.
  ///
  /// Only files of one size are looked at, and those that begin alike are compared byte by byte.
  private mutating func removeCopies() {
    var sizes: [UInt64: Int] = [:]
    for case let identity? in identities where identity.kind == .regular {
      sizes[identity.byteCount, default: 0] += 1
    }
    var kept: [Int] = []
    var alike: [FileComparison.Beginning: [Int]] = [:]
    for index in inputs.indices {
      guard let identity = identities[index], identity.kind == .regular,
        sizes[identity.byteCount, default: 0] > 1,
        let beginning = FileComparison.beginning(of: inputs[index])
      else {
        kept.append(index)
        continue
      }
      let original = alike[beginning, default: []].first { other in
        FileComparison.haveSameContent(inputs[other], inputs[index])
      }
      if let original {
        notices.append(
          "\(inputs[index].name) has the same content as \(inputs[original].name): read once")
      } else {
        kept.append(index)
        alike[beginning, default: []].append(index)
      }
    }
    inputs = kept.map { inputs[$0] }
    identities = kept.map { identities[$0] }
    known = [:]
  }
}

/// Byte-by-byte comparison of regular files.
enum FileComparison {
  private static let pieceByteCount = 256 << 10
  /// Captures of one program and day differ within their first packets.
  private static let beginningByteCount = 4096

  /// Size and first bytes of a file.
  struct Beginning: Hashable {
    var byteCount: UInt64
    var digest: String
  }

  static func beginning(of input: CaptureInput) -> Beginning? {
    guard let file = try? OpenFile(input) else { return nil }
    let block = Block(byteCount: beginningByteCount)
    block.append(from: FileByteSource(file), to: beginningByteCount)
    let bytes = block.bytes
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    return Beginning(byteCount: file.identity.byteCount, digest: SHA256Hex.digest(of: copy))
  }

  static func haveSameContent(_ first: CaptureInput, _ second: CaptureInput) -> Bool {
    guard let one = try? OpenFile(first), let other = try? OpenFile(second) else { return false }
    let size = one.identity.byteCount
    guard other.identity.byteCount == size else { return false }
    let tail = size - min(size, UInt64(pieceByteCount))
    guard isSame(one, other, at: 0), isSame(one, other, at: tail) else { return false }
    var offset = UInt64(pieceByteCount)
    while offset < tail {
      guard isSame(one, other, at: offset) else { return false }
      offset += UInt64(pieceByteCount)
    }
    return true
  }

  private static func isSame(_ one: OpenFile, _ other: OpenFile, at offset: UInt64) -> Bool {
    let first = piece(of: one, at: offset)
    let second = piece(of: other, at: offset)
    guard first.count == second.count else { return false }
    let left = first.bytes
    let right = second.bytes
    for index in left.indices where left[index] != right[index] { return false }
    return true
  }

  private static func piece(of file: OpenFile, at offset: UInt64) -> Block {
    let block = Block(byteCount: pieceByteCount)
    block.append(from: FileByteSource(file, from: offset), to: pieceByteCount)
    return block
  }
}
