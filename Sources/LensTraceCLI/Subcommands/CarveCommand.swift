// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace carve`: evidence packets, unchanged.
struct CarveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carve",
    abstract: "Write the packets of a finding, flow, device or filter to a new pcapng file.",
    discussion: """
      Examples:
        lenstrace carve capture.pcap --finding F-4002ae79 --packets /cases/7/f.pcapng
        lenstrace carve capture.pcap --flow 7 --packets /cases/7/flow.pcapng
        lenstrace carve capture.pcap --filter "host 192.0.2.1" \\
          --packets /cases/7/host.pcapng
        lenstrace carve evidence/*.pcap.gz --all --packets /cases/7/evidence.pcapng

      Ids are those of an analysis with the same options. --filter, --from and --to
      leave packets out of both.
      """)

  @OptionGroup
  var options: AnalysisOptions

  @Option(help: ArgumentHelp("Packets of the flows of a finding.", valueName: "id"))
  var finding: String?

  @Option(help: ArgumentHelp("Packets of a flow.", valueName: "id"))
  var flow: Int?

  @Option(help: ArgumentHelp("Packets from and to a device.", valueName: "id"))
  var device: String?

  @Flag(help: "All packets, and custom blocks where there is one input.")
  var all = false

  @Option(help: ArgumentHelp("The new file.", valueName: "out.pcapng"))
  var packets: String

  @Flag(help: "Comment each packet with its file and frame number.")
  var annotate = false

  @Flag(help: "Replace a file that exists.")
  var force = false

  @Flag(name: .customLong("beside-input"), help: "Allow the folder of an input.")
  var besideInput = false

  mutating func validate() throws {
    let choices = [finding != nil, flow != nil, device != nil, all].filter { $0 }.count
    guard choices <= 1 else {
      throw ValidationError("only one of --finding, --flow, --device and --all can be given")
    }
    let times = options.packets.times
    guard choices == 1 || options.packets.filter != nil || times.from != nil || times.to != nil
    else {
      throw ValidationError("say which packets: --finding, --flow, --device, --filter or --all")
    }
  }

  mutating func run() throws {
    let captures = try options.packetCaptures()
    try RunLog.protect(from: packets, option: "--packets")
    try ReportFile.check(
      packets, overwrites: force, inputs: options.filesRead(.captures(captures)))
    var carver = Carver(try options.configuration(), selection: selection)
    carver.annotatesPackets = annotate
    carver.overwrites = force
    carver.writesBesideInputs = besideInput
    let meter = options.run.progressMeter()
    let stop = StopSignal()
    Interruption.stopsRun(stop)
    let result = try carver.carve(captures, to: packets, stop: stop) { meter?.show($0) }
    meter?.clear()
    if !options.run.quiet { show(result) }
  }

  private func show(_ result: Carver.Result) {
    Terminal.note("\(result.packets) packets written to \(packets)")
    if result.blocks > 0 { Terminal.note("\(result.blocks) custom blocks written too") }
    if result.blocksLeftOut > 0 {
      Terminal.note("\(result.blocksLeftOut) custom blocks left out: marked not to be copied")
    }
    if result.unfilteredPackets > 0 {
      let types = result.unfilteredLinkTypes.map { "\($0)" }.joined(separator: ", ")
      Terminal.note(
        "\(result.unfilteredPackets) packets left out: --filter has no meaning for \(types)")
    }
  }

  private var selection: Carver.Selection {
    if let finding { return .finding(finding) }
    if let flow { return .flow(flow) }
    if let device { return .device(device) }
    return .all
  }
}
