// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// `--format sqlite`: the analysis as tables, with indices and views for the common questions.
///
/// Times are text as in the JSON, so that they sort and group; text from packets has its controls
/// escaped. The same analysis gives the same bytes with the same version of SQLite.
public enum SQLiteReport {
  /// Writes the database: into the file itself where there is one, else through memory.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    #if SQLite
    guard let file = SQLiteFile(path: sink.filePath) else {
      return sink.fail("SQLite cannot open the database")
    }
    file.run(SQLiteSchema.tables)
    let matcher = selection.matcher(for: analysis)
    let findings = analysis.findings.filter { matcher.matches($0) }
    writeAnalysis(analysis, file)
    writeInputs(analysis, file)
    writeDevices(analysis, file)
    file.insert(into: "flows", columns: FlowColumn.all.count) { add in
      for row in FlowList(selection: selection).rows(of: analysis) {
        add(FlowColumn.all.map { SQLiteValue($0.field(row)) })
      }
    }
    writeStreams(analysis, file)
    writeFindings(findings, file)
    writeStories(analysis.stories, file)
    writeTimeBins(findings, analysis, file)
    writeNames(analysis, file)
    file.run(SQLiteSchema.indices)
    file.run("COMMIT")
    if sink.filePath == nil { sink.write(file.bytes()) }
    if let failure = file.failure { sink.fail(failure) }
    #else
    sink.fail("this build has no SQLite (trait SQLite)")
    #endif
  }

  #if SQLite
  private static func writeAnalysis(_ analysis: Analysis, _ file: SQLiteFile) {
    let capture = analysis.capture
    let facts: [(String, SQLiteValue)] = [
      ("schema", SQLiteValue("lenstrace.sqlite/1")), ("tool", SQLiteValue(analysis.tool.name)),
      ("version", SQLiteValue(analysis.tool.version)),
      ("thresholds_sha256", SQLiteValue(analysis.tool.thresholdsDigest)),
      ("complete", .integer(analysis.isComplete ? 1 : 0)),
      ("home_declared", .integer(analysis.isHomeDeclared ? 1 : 0)),
      ("case", SQLiteValue(hostile: analysis.caseNotes.caseID)),
      ("examiner", SQLiteValue(hostile: analysis.caseNotes.examiner)),
      ("note", SQLiteValue(hostile: analysis.caseNotes.note)),
      ("first_time", SQLiteValue(ReportField.time(capture.firstTime))),
      ("last_time", SQLiteValue(ReportField.time(capture.lastTime))),
      ("packets", SQLiteValue(capture.packets)), ("wire_bytes", SQLiteValue(capture.wireBytes)),
      ("unique_wire_bytes", SQLiteValue(capture.uniqueWireBytes)),
    ]
    file.insert(into: "analysis", columns: 2) { add in
      for (key, value) in facts { add([SQLiteValue(key), value]) }
    }
    file.insert(into: "limitations", columns: 3) { add in
      for limitation in analysis.limitations {
        add([
          SQLiteValue(limitation.id), SQLiteValue(hostile: limitation.text),
          SQLiteValue(limitation.count),
        ])
      }
    }
  }

  private static func writeInputs(_ analysis: Analysis, _ file: SQLiteFile) {
    file.insert(into: "inputs", columns: 12) { add in
      for (index, facts) in analysis.inputs.enumerated() {
        add([
          SQLiteValue(index), SQLiteValue(hostile: facts.path), SQLiteValue(facts.sha256),
          SQLiteValue(facts.bytes), SQLiteValue(facts.format.rawValue),
          SQLiteValue(facts.compression.rawValue), SQLiteValue(facts.packets),
          SQLiteValue(facts.wireBytes), SQLiteValue(ReportField.time(facts.firstTime)),
          SQLiteValue(ReportField.time(facts.lastTime)), SQLiteValue(facts.truncatedPackets),
          SQLiteValue(facts.damageCount),
        ])
      }
    }
  }

  private static func writeDevices(_ analysis: Analysis, _ file: SQLiteFile) {
    let verdicts = Dictionary(
      analysis.cameraVerdicts.map { ($0.device, $0) }, uniquingKeysWith: { first, _ in first })
    file.insert(into: "devices", columns: 11) { add in
      for device in analysis.devices {
        let role = device.roles.first
        let verdict = verdicts[device.id]
        add([
          SQLiteValue(device.id), SQLiteValue(role?.role.rawValue),
          SQLiteValue(role?.confidence.rawValue), SQLiteValue(hostile: device.vendor),
          SQLiteValue(hostile: device.model), SQLiteValue(hostile: device.serial),
          SQLiteValue(hostile: device.firmware),
          SQLiteValue(device.macs.map(\.description).joined(separator: " ")),
          SQLiteValue(hostile: device.names.map(\.name).joined(separator: " ")),
          SQLiteValue(verdict?.outcome.rawValue), SQLiteValue(hostile: verdict?.text),
        ])
      }
    }
    file.insert(into: "device_addresses", columns: 2) { add in
      for device in analysis.devices {
        for address in device.addresses {
          add([SQLiteValue(device.id), SQLiteValue(address.description)])
        }
      }
    }
    file.insert(into: "destinations", columns: 8) { add in
      for destination in analysis.destinations {
        add([
          SQLiteValue(destination.address.description),
          SQLiteValue(hostile: destination.names.joined(separator: " ")),
          SQLiteValue(destination.asn.map(UInt64.init)), SQLiteValue(hostile: destination.asName),
          SQLiteValue(hostile: destination.country), SQLiteValue(destination.scope.rawValue),
          SQLiteValue(destination.bytes),
          SQLiteValue(destination.devices.joined(separator: " ")),
        ])
      }
    }
  }

  private static func writeStreams(_ analysis: Analysis, _ file: SQLiteFile) {
    file.insert(into: "media_streams", columns: 22) { add in
      for (index, stream) in analysis.mediaStreams.enumerated() {
        add([
          SQLiteValue(index + 1), SQLiteValue(stream.flowID),
          SQLiteValue(stream.transport.rawValue), SQLiteValue(stream.kind.rawValue),
          SQLiteValue(stream.synchronizationSource.map(UInt64.init)),
          SQLiteValue(stream.payloadType.map(UInt64.init)),
          SQLiteValue(stream.sourceAddress.description), SQLiteValue(Int(stream.sourcePort)),
          SQLiteValue(stream.destinationAddress.description),
          SQLiteValue(Int(stream.destinationPort)), SQLiteValue(stream.media.rawValue),
          SQLiteValue(hostile: stream.codec), SQLiteValue(stream.width),
          SQLiteValue(stream.height), SQLiteValue(stream.framesPerSecond),
          SQLiteValue(stream.keyFrameIntervalSeconds), SQLiteValue(stream.packets),
          SQLiteValue(stream.lost), SQLiteValue(stream.bytes),
          SQLiteValue(ReportField.time(stream.firstTime)),
          SQLiteValue(ReportField.time(stream.lastTime)), SQLiteValue(stream.verdict.rawValue),
        ])
      }
    }
  }

  private static func writeFindings(_ findings: [Finding], _ file: SQLiteFile) {
    file.insert(into: "findings", columns: FindingColumn.all.count) { add in
      for finding in findings { add(FindingColumn.all.map { SQLiteValue($0.field(finding)) }) }
    }
    writePriorEvents(findings, file)
    file.insert(into: "finding_flows", columns: 2) { add in
      for finding in findings {
        for flow in finding.flows { add([SQLiteValue(finding.id), SQLiteValue(flow)]) }
      }
    }
    file.insert(into: "reasons", columns: 8) { add in
      for finding in findings {
        func write(_ kind: String, _ evidence: Evidence) {
          add([
            SQLiteValue(finding.id), SQLiteValue(kind), SQLiteValue(evidence.signal),
            SQLiteValue(evidence.value), SQLiteValue(evidence.threshold),
            SQLiteValue(evidence.points), SQLiteValue(hostile: evidence.text),
            Self.packets(evidence.packets),
          ])
        }
        for evidence in finding.video.reasons { write("for", evidence) }
        for evidence in finding.video.counterReasons { write("against", evidence) }
        for reason in finding.exposure.reasons {
          write("exposure", Evidence(signal: finding.exposure.level.code, text: reason))
        }
      }
    }
  }

  /// `FILE:FRAME` of each packet.
  private static func packets(_ references: [PacketReference]) -> SQLiteValue {
    SQLiteValue(references.map { "\($0.file):\($0.frame)" }.joined(separator: " "))
  }

  private static func writePriorEvents(_ findings: [Finding], _ file: SQLiteFile) {
    file.insert(into: "prior_events", columns: 8) { add in
      for finding in findings {
        for event in finding.before {
          add([
            SQLiteValue(finding.id), SQLiteValue(event.kind.rawValue),
            SQLiteValue(ReportField.time(event.time)), SQLiteValue(hostile: event.text),
            SQLiteValue(event.peer?.description), SQLiteValue(hostile: event.name),
            SQLiteValue(event.bytes), packets(event.packets),
          ])
        }
      }
    }
  }

  private static func writeStories(_ stories: [Story], _ file: SQLiteFile) {
    file.insert(into: "stories", columns: 9) { add in
      for story in stories {
        add([
          SQLiteValue(story.id), SQLiteValue(story.kind.rawValue),
          SQLiteValue(story.severity.rawValue), SQLiteValue(story.devices.joined(separator: " ")),
          SQLiteValue(story.destinations.map(\.description).joined(separator: " ")),
          SQLiteValue(story.bytes), SQLiteValue(ReportField.time(story.firstTime)),
          SQLiteValue(ReportField.time(story.lastTime)), SQLiteValue(hostile: story.text),
        ])
      }
    }
    file.insert(into: "story_findings", columns: 2) { add in
      for story in stories {
        for finding in story.findings { add([SQLiteValue(story.id), SQLiteValue(finding)]) }
      }
    }
    file.insert(into: "story_facts", columns: 7) { add in
      for story in stories {
        for fact in story.facts {
          add([
            SQLiteValue(story.id), SQLiteValue(fact.kind),
            SQLiteValue(ReportField.time(fact.time)), SQLiteValue(hostile: fact.text),
            SQLiteValue(fact.value), SQLiteValue(fact.threshold), packets(fact.packets),
          ])
        }
      }
    }
  }

  private static func writeTimeBins(
    _ findings: [Finding], _ analysis: Analysis, _ file: SQLiteFile
  ) {
    file.insert(into: "time_bins", columns: 8) { add in
      for finding in findings {
        let timeline = Timeline(of: finding, in: analysis, maximumBins: 3_600)
        timeline.forEachRow { row in
          guard row.bin.packets > 0 else { return }
          add([
            SQLiteValue(finding.id), SQLiteValue(Timestamp(seconds: row.binStart).rfc3339),
            SQLiteValue(Int(row.binSeconds)), SQLiteValue(row.bin.packets),
            SQLiteValue(row.bin.wireBytes), SQLiteValue(row.bin.payloadBytes),
            SQLiteValue(row.bin.newPayloadBytes),
            SQLiteValue(row.coverage.rawValue),
          ])
        }
      }
    }
  }

  private static func writeNames(_ analysis: Analysis, _ file: SQLiteFile) {
    file.insert(into: "names", columns: 6) { add in
      for name in analysis.names {
        add([
          SQLiteValue(hostile: name.name), SQLiteValue(name.address.description),
          SQLiteValue(name.source), SQLiteValue(name.packet.map { UInt64($0.file) }),
          SQLiteValue(name.packet?.frame), SQLiteValue(ReportField.time(name.packet?.time)),
        ])
      }
    }
  }
  #endif
}
