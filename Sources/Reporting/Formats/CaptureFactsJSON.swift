// SPDX-License-Identifier: Apache-2.0

public import CaptureFile

/// `info --format json`: an array with one object a file.
public enum CaptureFactsJSON {
  /// Writes the facts of several files.
  public static func write(_ files: [CaptureFacts], to sink: ReportSink) {
    var json = JSONWriter(sink)
    json.array(files) { $0.value($1) }
    json.end()
  }
}

extension JSONWriter {
  /// Writes the object of one file, as in `info` and in the inputs of an analysis.
  mutating func value(_ facts: CaptureFacts) {
    object { json in
      json.member("path", facts.path)
      json.member("sha256", facts.sha256)
      json.member("bytes", facts.bytes)
      json.member("uncompressed_bytes", facts.uncompressedBytes)
      json.member("format", facts.format.rawValue)
      json.member("compression", facts.compression.rawValue)
      json.member("link_types", facts.linkTypes) { $0.value($1.rawValue) }
      json.member("interfaces", facts.interfaces) { $0.value($1) }
      json.member("packets", facts.packets)
      json.member("wire_bytes", facts.wireBytes)
      json.member("captured_bytes", facts.capturedBytes)
      json.member("first_time", time: facts.firstTime)
      json.member("last_time", time: facts.lastTime)
      json.member("out_of_order", facts.outOfOrder)
      json.member("truncated_packets", facts.truncatedPackets)
      json.member("damage", facts.damage) { json, damage in
        json.object { json in
          json.member("offset", damage.offset)
          json.member("reason", damage.reason.rawValue)
          json.member("bytes_skipped", damage.bytesSkipped)
        }
      }
      json.member("comments", facts.comments)
      json.member("damage_count", facts.damageCount)
      json.member("bytes_skipped", facts.bytesSkipped)
      json.member("comment_count", facts.commentCount)
      json.member("writers", facts.writers)
      json.member("sections", facts.sections)
      json.member("resolved_names", facts.names.count)
      json.member("decryption_secrets", facts.decryptionSecrets)
      json.member("unknown_blocks", facts.unknownBlocks)
    }
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
