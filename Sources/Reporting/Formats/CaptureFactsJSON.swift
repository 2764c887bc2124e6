// SPDX-License-Identifier: Apache-2.0

public import CaptureFile

/// `info --format json`: an array with one object a file.
public enum CaptureFactsJSON {
  /// Writes the facts of several files, each with where it leaves a gap or overlaps.
  public static func write(_ files: [CaptureFacts], to sink: ReportSink) {
    let coverage = CaptureCoverage(files)
    var json = JSONWriter(sink)
    json.array(files.enumerated()) { json, file in
      json.object { json in
        json.members(of: file.element)
        json.member("gap_before", coverage.gaps.first { $0.secondFile == file.offset }, of: files)
        let overlaps = coverage.overlaps.filter { $0.secondFile == file.offset }
        json.member("overlaps", overlaps) { $0.value($1, of: files) }
      }
    }
    json.end()
  }
}

extension JSONWriter {
  /// Writes the object of one file, as in `info` and in the inputs of an analysis.
  mutating func value(_ facts: CaptureFacts) {
    object { $0.members(of: facts) }
  }

  fileprivate mutating func member(
    _ name: StaticString, _ stretch: CaptureCoverage.Stretch?, of files: [CaptureFacts]
  ) {
    key(name)
    guard let stretch else { return null() }
    value(stretch, of: files)
  }

  /// Writes a stretch of time and the file that it lies behind or is shared with.
  fileprivate mutating func value(_ stretch: CaptureCoverage.Stretch, of files: [CaptureFacts]) {
    object { json in
      json.member("from", time: stretch.from)
      json.member("to", time: stretch.to)
      json.member("path", files[stretch.firstFile].path)
    }
  }

  /// The keys of one file.
  fileprivate mutating func members(of facts: CaptureFacts) {
    member("path", facts.path)
    member("sha256", facts.sha256)
    member("bytes", facts.bytes)
    member("uncompressed_bytes", facts.uncompressedBytes)
    member("format", facts.format.rawValue)
    member("compression", facts.compression.rawValue)
    member("link_types", facts.linkTypes) { $0.value($1.rawValue) }
    member("interfaces", facts.interfaces) { $0.value($1) }
    member("packets", facts.packets)
    member("wire_bytes", facts.wireBytes)
    member("captured_bytes", facts.capturedBytes)
    member("first_time", time: facts.firstTime)
    member("last_time", time: facts.lastTime)
    member("out_of_order", facts.outOfOrder)
    member("truncated_packets", facts.truncatedPackets)
    member("damage", facts.damage) { json, damage in
      json.object { json in
        json.member("offset", damage.offset)
        json.member("reason", damage.reason.rawValue)
        json.member("bytes_skipped", damage.bytesSkipped)
      }
    }
    member("comments", facts.comments)
    member("damage_count", facts.damageCount)
    member("bytes_skipped", facts.bytesSkipped)
    member("comment_count", facts.commentCount)
    member("writers", facts.writers)
    member("sections", facts.sections)
    member("resolved_names", facts.names.count)
    member("decryption_secrets", facts.decryptionSecrets)
    member("unknown_blocks", facts.unknownBlocks)
  }

  private mutating func value(_ interface: CaptureInterface) {
    object { json in
      json.member("id", interface.id)
      json.member("link_type", interface.linkType.rawValue)
      json.member("snap_length", interface.snapLength)
      json.member("timestamp_resolution", interface.timestampResolution)
      json.member("name", interface.name)
      json.member("packets", interface.packets)
      json.member("dropped", interface.dropped)
      json.member("timestamp_offset", interface.timestampOffset)
      json.member("description", interface.text)
      json.member("filter", interface.filter)
    }
  }
}
