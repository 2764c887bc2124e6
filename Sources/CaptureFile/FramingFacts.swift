// SPDX-License-Identifier: Apache-2.0

/// Facts of a stretch of a capture file; stretches that follow one another can be joined.
package struct FramingFacts: Sendable {
  /// Number of records.
  package private(set) var packets: UInt64 = 0
  /// Blocks that have a frame number but are no packets.
  var otherFrames: UInt64 = 0
  var wireBytes: UInt64 = 0
  var capturedBytes: UInt64 = 0
  /// Least and greatest time of the records that have one.
  package private(set) var leastTime = Int64.max
  /// Greatest time of the records that have one.
  package private(set) var greatestTime = Int64.min
  /// Records without a time before the first record with one.
  var untimed: UInt64 = 0
  /// Records without a time, wherever they are.
  var untimedPackets: UInt64 = 0
  var outOfOrder: UInt64 = 0
  var truncatedPackets: UInt64 = 0
  var interfacePackets: [UInt64] = []
  /// Lost packets by interface, as the last statistics say.
  var interfaceDropped: [UInt64?] = []
  var damage: [CaptureDamage] = []
  var damageCount: UInt64 = 0
  var bytesSkipped: UInt64 = 0
  var comments: [String] = []
  var commentCount: UInt64 = 0
  private var commentByteCount = 0
  var writers: [String] = []
  var names: [CaptureNameRecord] = []
  var sections: UInt64 = 0
  var decryptionSecrets: UInt64 = 0
  var unknownBlocks: UInt64 = 0

  package init() {}

  /// Number of frames as Wireshark counts.
  package var frames: UInt64 { packets &+ otherFrames }

  /// Counts records; the first `untimed` of them have no time.
  mutating func count(_ records: [CaptureRecord], untimed: Int, interfaceCount: Int) {
    packets &+= UInt64(records.count)
    self.untimed &+= UInt64(untimed)
    if untimed > 0 {
      countLengths(records[..<untimed])
      countTimes(records[untimed...])
      countLengths(records[untimed...])
    } else {
      countAll(records)
    }
    countInterfaces(records, interfaceCount)
  }

  /// `countLengths` and `countTimes` in one loop: the hot path.
  private mutating func countAll(_ records: [CaptureRecord]) {
    var wire = wireBytes
    var captured = capturedBytes
    var truncated = truncatedPackets
    // Only a record that is late can be earlier than the least, but for the first.
    var least = min(leastTime, records.first?.time ?? .max)
    var greatest = greatestTime
    var late = outOfOrder
    for record in records {
      wire &+= UInt64(record.originalLength)
      captured &+= UInt64(record.capturedLength)
      truncated &+= record.capturedLength < record.originalLength ? 1 : 0
      if record.time >= greatest {
        greatest = record.time
      } else {
        late &+= 1
        least = min(least, record.time)
      }
    }
    wireBytes = wire
    capturedBytes = captured
    truncatedPackets = truncated
    leastTime = least
    greatestTime = greatest
    outOfOrder = late
  }

  private mutating func countLengths(_ records: ArraySlice<CaptureRecord>) {
    for record in records {
      wireBytes &+= UInt64(record.originalLength)
      capturedBytes &+= UInt64(record.capturedLength)
      truncatedPackets &+= record.capturedLength < record.originalLength ? 1 : 0
    }
  }

  private mutating func countTimes(_ records: ArraySlice<CaptureRecord>) {
    var least = leastTime
    var greatest = greatestTime
    var late = outOfOrder
    for record in records {
      least = min(least, record.time)
      late &+= record.time < greatest ? 1 : 0
      greatest = max(greatest, record.time)
    }
    leastTime = least
    greatestTime = greatest
    outOfOrder = late
  }

  private mutating func countInterfaces(_ records: [CaptureRecord], _ interfaceCount: Int) {
    while interfacePackets.count < interfaceCount { interfacePackets.append(0) }
    if interfaceCount == 1 {
      interfacePackets[0] &+= UInt64(records.count)
      return
    }
    for record in records {
      let interface = Int(record.interface)
      if interface < interfacePackets.count { interfacePackets[interface] &+= 1 }
    }
  }

  mutating func note(_ place: CaptureDamage) {
    damageCount &+= 1
    bytesSkipped &+= place.bytesSkipped
    if damage.count < CaptureFacts.maximumNotes { damage.append(place) }
  }

  mutating func note(comment: String) {
    if commentCount == UInt64(comments.count) { keep(comment) }
    commentCount &+= 1
  }

  /// Keeps a comment while there is room; once one was left out, all after it are, so that
  /// stretches joined keep what a reader in file order keeps.
  private mutating func keep(_ comment: String) {
    let byteCount = comment.utf8.count
    guard comments.count < CaptureFacts.maximumNotes,
      commentByteCount + byteCount <= CaptureFacts.maximumCommentByteCount
    else { return }
    comments.append(comment)
    commentByteCount += byteCount
  }

  mutating func note(writer: String) {
    if writers.count < CaptureFacts.maximumNotes { writers.append(writer) }
  }

  mutating func note(name: CaptureNameRecord) {
    if names.count < CaptureFacts.maximumNames { names.append(name) }
  }

  mutating func noteDropped(_ count: UInt64, interface: Int) {
    guard interface < RecordWalker.maximumInterfaces else { return }
    while interfaceDropped.count <= interface { interfaceDropped.append(nil) }
    interfaceDropped[interface] = count
  }

  /// Adds the facts of the stretch that follows; `batches` are its records.
  ///
  /// Records are looked at again only where the stretch reaches back in time, so that the
  /// number of records out of order is the one a reader in file order counts.
  package mutating func join(_ next: FramingFacts, batches: [RecordBatch]) {
    if next.packets > next.untimed {
      if next.leastTime >= greatestTime {
        outOfOrder &+= next.outOfOrder
        leastTime = min(leastTime, next.leastTime)
        greatestTime = max(greatestTime, next.greatestTime)
      } else {
        for batch in batches { countTimes(batch.records[...]) }
      }
    }
    packets &+= next.packets
    otherFrames &+= next.otherFrames
    untimed &+= next.untimed
    untimedPackets &+= next.untimedPackets
    wireBytes &+= next.wireBytes
    capturedBytes &+= next.capturedBytes
    truncatedPackets &+= next.truncatedPackets
    while interfacePackets.count < next.interfacePackets.count { interfacePackets.append(0) }
    for (index, count) in next.interfacePackets.enumerated() { interfacePackets[index] &+= count }
    for (interface, count) in next.interfaceDropped.enumerated() {
      if let count { noteDropped(count, interface: interface) }
    }
    for place in next.damage where damage.count < CaptureFacts.maximumNotes { damage.append(place) }
    damageCount &+= next.damageCount
    bytesSkipped &+= next.bytesSkipped
    for comment in next.comments { note(comment: comment) }
    commentCount &+= next.commentCount &- UInt64(next.comments.count)
    for writer in next.writers { note(writer: writer) }
    for name in next.names { note(name: name) }
    sections &+= next.sections
    decryptionSecrets &+= next.decryptionSecrets
    unknownBlocks &+= next.unknownBlocks
  }

  /// Writes the facts into those of the file.
  func describe(_ interfaces: [CaptureInterface], in facts: inout CaptureFacts) {
    facts.interfaces = interfaces
    for index in facts.interfaces.indices where index < interfacePackets.count {
      facts.interfaces[index].packets = interfacePackets[index]
    }
    for (interface, count) in interfaceDropped.enumerated()
    where interface < facts.interfaces.count {
      facts.interfaces[interface].dropped = count
    }
    facts.packets = packets
    facts.wireBytes = wireBytes
    facts.capturedBytes = capturedBytes
    if packets > untimed {
      facts.firstTime = leastTime
      facts.lastTime = greatestTime
    } else if packets > 0 {
      // Simple packet blocks carry no time; Wireshark shows them at the epoch.
      facts.firstTime = 0
      facts.lastTime = 0
    }
    facts.untimedPackets = untimedPackets
    facts.outOfOrder = outOfOrder
    facts.truncatedPackets = truncatedPackets
    facts.damage = damage
    facts.damageCount = damageCount
    facts.bytesSkipped = bytesSkipped
    facts.comments = comments
    facts.commentCount = commentCount
    facts.writers = writers
    facts.names = names
    facts.sections = sections
    facts.decryptionSecrets = decryptionSecrets
    facts.unknownBlocks = unknownBlocks
  }
}
