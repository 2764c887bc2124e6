// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Control connection of file transfer, [RFC 959](https://www.rfc-editor.org/rfc/rfc959) with the
/// extensions of [RFC 2428](https://www.rfc-editor.org/rfc/rfc2428): which file goes by which data
/// connection, so that a recording that a camera uploads is called one.
struct FTPRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  static let port: UInt16 = 21
  /// Longest line kept; file names are cut to 255 bytes.
  static let maximumLine = 512

  /// Where the next data connection goes.
  private var endpoint: (address: IPAddress?, port: UInt16)?
  private var lines: InlineArray<2, [UInt8]> = .init(repeating: [])

  init() {}

  static let firstBytes = FirstBytes(of: ["220"])

  /// The server speaks first; mail servers greet with the same number.
  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.has("220 ") || bytes.has("220-") else { return .notMine }
    if hint.uses(port) { return .certain }
    for port in BannerRecognizer.mailPorts where hint.uses(port) { return .notMine }
    let line = 0..<min(bytes.count, maximumLine)
    return bytes.firstIndex(of: "FTP", in: line) != nil
      && bytes.firstIndex(of: "SMTP", in: line) == nil ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.ftp, chunk)
    let side = Int(chunk.direction.rawValue)
    var start = 0
    while start < bytes.count {
      let feed = bytes.firstIndex(of: 0x0A, in: start..<bytes.count)
      let end = feed ?? bytes.count
      let room = max(0, Self.maximumLine - lines[side].count)
      lines[side].append(contentsOf: bytes, in: start..<min(end, start + room))
      start = end + 1
      guard feed != nil else { break }
      var line: [UInt8] = []
      swap(&line, &lines[side])
      if line.last == 0x0D { line.removeLast() }
      if !read(line.span, chunk, &context) { return .done }
    }
    return .more
  }

  /// Reads a line; false where all that follows is ciphered.
  private mutating func read(
    _ line: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> Bool {
    if line.has("220 ") {
      context.addDetail(.banner, line.text(0..<line.count), chunk)
    } else if line.has("234") {
      // AUTH is accepted (RFC 4217 §4).
      return false
    } else if line.has("227 ") {
      let open = line.firstIndex(of: UInt8(ascii: "("), in: 0..<line.count)
      endpoint = Self.numbers(line, from: open.map { $0 + 1 } ?? 4)
    } else if line.has("229 ") {
      let open = line.firstIndex(of: UInt8(ascii: "("), in: 0..<line.count) ?? 4
      endpoint = Self.extended(line, from: open + 1)
    } else if line.hasCaseInsensitive("PORT ") {
      endpoint = Self.numbers(line, from: 5)
    } else if line.hasCaseInsensitive("EPRT ") {
      endpoint = Self.extended(line, from: 5)
    } else if line.hasCaseInsensitive("USER ") {
      let name = Authentication.masked(line.text(5..<line.count))
      context.addDetail(.userName, name, chunk)
    } else if line.hasCaseInsensitive("STOR ") || line.hasCaseInsensitive("APPE ") {
      transfer(line, isUpload: true, chunk, &context)
    } else if line.hasCaseInsensitive("RETR ") {
      transfer(line, isUpload: false, chunk, &context)
    }
    return true
  }

  private mutating func transfer(
    _ line: Span<UInt8>, isUpload: Bool, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let path = line.text(5..<line.count)
    let kind = FileDownload.kind(ofPath: path)
    context.addDetail(
      isUpload ? .upload : kind.isFirmware ? .firmwareDownload : .download, path, chunk)
    guard let endpoint else { return }
    context.note(
      FileTransfer(
        address: endpoint.address, port: endpoint.port, path: path, isUpload: isUpload,
        direction: chunk.direction, packet: chunk.packet))
    // Each transfer has a data connection of its own.
    self.endpoint = nil
  }

  /// Six numbers: the bytes of address and port (RFC 959 §4.1.2).
  static func numbers(
    _ line: Span<UInt8>, from start: Int
  ) -> (address: IPAddress?, port: UInt16)? {
    var values: [UInt32] = []
    var value: UInt32?
    for index in max(start, 0)..<max(line.count + 1, start) {
      let byte = line.byte(index)
      if (0x30...0x39).contains(byte) {
        value = min((value ?? 0) * 10 + UInt32(byte - 0x30), 999)
      } else {
        guard let number = value, number <= 255 else { break }
        values.append(number)
        value = nil
        guard byte == UInt8(ascii: ","), values.count < 6 else { break }
      }
    }
    guard values.count == 6 else { return nil }
    let address = values[0] << 24 | values[1] << 16 | values[2] << 8 | values[3]
    return (IPAddress(v4: address), UInt16(values[4] << 8 | values[5]))
  }

  /// `|1|192.0.2.1|6000|`, and `|||6000|` for a port of the server (RFC 2428 §2, §3).
  static func extended(
    _ line: Span<UInt8>, from start: Int
  ) -> (address: IPAddress?, port: UInt16)? {
    guard start < line.count else { return nil }
    let delimiter = Character(UnicodeScalar(line.byte(start)))
    let parts = line.text(start..<line.count).split(
      separator: delimiter, maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count >= 4, let port = UInt16(parts[3]) else { return nil }
    return (IPAddress(String(parts[2])), port)
  }
}
