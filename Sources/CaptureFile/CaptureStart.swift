// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of a capture file tell: its format and where its records begin.
struct CaptureStart {
  var walker: RecordWalker
  var headerByteCount: Int
  /// Facts from the file header.
  var facts = FramingFacts()

  /// Recognises the format of the file whose first bytes `block` holds.
  init(_ block: Block, source: any ByteSource, name: String) throws(CaptureError) {
    for format in CaptureFormats.all {
      if let start = format(block.bytes) {
        self = start
        return
      }
    }
    if let failure = source.failure, block.count == 0 {
      throw CaptureError(.cannotRead, file: name, offset: 0, reason: failure.text)
    }
    if block.count == 0 {
      throw CaptureError(
        .notCapture, file: name, reason: "the file is empty",
        advice: "check that the capture was copied completely")
    }
    if PcapFileHeader.magic(block.bytes) != nil || block.bytes.count < 4 {
      throw CaptureError(
        .notCapture, file: name, offset: UInt64(block.count), reason: "ends inside its file header",
        advice: "there are no packets in it")
    }
    if let compression = CompressionFormats.compression(of: block.bytes) {
      throw CaptureError(
        .notCapture, file: name, offset: 0,
        reason: "what was compressed in it is compressed with \(compression.rawValue) itself",
        advice: "decompress it once: only one layer is unpacked")
    }
    if let foreign = ForeignContent.told(by: block.bytes) {
      throw CaptureError(
        .notCapture, file: name, offset: 0,
        reason: "not a pcap, pcapng or snoop file: it is \(foreign.name)", advice: foreign.advice)
    }
    throw CaptureError(
      .notCapture, file: name, offset: 0, reason: "not a pcap, pcapng or snoop file",
      advice: "convert other formats, for example with `editcap -F pcapng`")
  }

  init(walker: RecordWalker, headerByteCount: Int) {
    self.walker = walker
    self.headerByteCount = headerByteCount
  }
}
