// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Blind spots that apply to this capture, in a fixed order.
struct LimitationRules {
  var input: InvestigationInput
  var inventory: DeviceInventory
  /// Directions not assessed, by obstacle.
  var obstacles: [DirectionAssessment.Obstacle: UInt64] = [:]
  /// Flows of which only one direction was captured although both must exist.
  var oneSidedFlows: UInt64 = 0
  var missingBytes: UInt64 = 0
  var documentationAddresses: UInt64 = 0
  /// Destinations that the tables place differently, the most bytes first.
  var differingDestinations: [(address: IPAddress, answers: [GeoIPTableAnswer])] = []
  /// The address that all flows go through, where the capture was taken outside a NAT.
  var outsideAddress: (address: IPAddress, flows: UInt64)?
  var publicToPublic: UInt64 = 0
  /// Video that strangers sent to others outside, `from to`.
  var foreignVideo: [String] = []
  var channelOverflow = BoundCount()
  var hostOverflow = BoundCount()
  var uploadOverflow = BoundCount()
  var opaqueTunnels: UInt64 = 0
  var cipheredFrames: UInt64 = 0
  /// Flows inside tunnels that are tunnels themselves and were not opened.
  var closedTunnels: UInt64 = 0
  var likelyCandidates: UInt64 = 0
  var translatedFlows: UInt64 = 0
  /// Directions judged by their rhythm.
  var rhythmAssessed: UInt64 = 0
  /// Findings of possible or likely video of which nothing could be read.
  var unreadFindings: UInt64 = 0
  var eventOverflow = BoundCount()
  /// Declared cameras of which no packet was captured.
  var absentCameras: [String] = []

  func limitations() -> [Limitation] {
    capture() + addresses() + detection() + bounds()
  }

  private func capture() -> [Limitation] {
    let scope = input.scope
    var list = Collector()
    if !scope.isComplete {
      list.add("interrupted", "The input was not read to its end; later traffic is missing.")
    }
    list.add(
      "damaged_captures",
      "Places where capture files are damaged or cut, or hold more than is read: INPUTS names them "
        + "(\(NumberText.bytes(scope.skippedBytes)) passed over); packets there are missing.",
      scope.damagedPlaces)
    list.add(
      Limitation.undecodedLinkTypes,
      "Packets of link types that are not decoded, of which nothing was looked at: "
        + scope.undecodedLinkTypes.joined(separator: ", ")
        + ". A tool that knows them can write them as Ethernet or raw IP.", scope.undecodedPackets)
    list.add(
      Limitation.cipheredWireless,
      "Wi-Fi frames that are ciphered: who sent how much to which station is in `flows`, where it "
        + "went and what it was is not. With the network's key and the start of each connection "
        + "another tool can decipher the capture.", cipheredFrames)
    let withoutIP =
      scope.packetsWithoutFlow &- min(scope.undecodedPackets, scope.packetsWithoutFlow)
    if withoutIP > scope.packets / Self.manyWithoutIP {
      list.add(
        Limitation.packetsWithoutIP,
        "Packets that hold no IP that is read (address resolution, spanning tree, MACsec and other "
          + "frames of the link layer); nothing else was looked at in them.", withoutIP)
    }
    list.add(
      "untimed_packets",
      "Packets without a time (simple packet blocks): they have the time of the packet before them, "
        + "or 1970, so that durations, rates and order in time are not known.", scope.untimedPackets
    )
    list.add(
      "snap_length", "Packets were cut by the snapshot length; payload beyond it was not seen.",
      scope.truncatedPackets)
    list.add(
      "dropped_packets", "The capturing machines report lost packets.", scope.droppedPackets ?? 0)
    list.add("missing_bytes", "TCP bytes were sent but are not in the capture.", missingBytes)
    list.add(
      "one_direction",
      "TCP flows with only one direction captured; what the other end sent is unknown.",
      oneSidedFlows)
    addDuplicates(&list)
    list.add(
      "translated_flows",
      "Flows captured on both sides of an address translator: the same payload is counted on both.",
      translatedFlows)
    list.add(
      "capture_gaps", "Times that no input covers; what was sent then is unknown.",
      UInt64(scope.gaps.count))
    list.add(
      "filter_link_types",
      "Packets left out because the filter has no meaning for their link type: "
        + scope.unfilteredLinkTypes.joined(separator: ", ") + ".", scope.unfilteredPackets)
    list.add(
      "declared_cameras_absent",
      "Cameras were declared of which the capture shows nothing, so that nothing can be said of "
        + "them: " + absentCameras.prefix(8).joined(separator: ", ")
        + (absentCameras.count > 8 ? " and more." : "."), UInt64(absentCameras.count))
    list.add(
      "incomplete_fragments", "Fragments of datagrams that were not captured whole.",
      scope.incompleteFragments)
    list.add(
      "incomplete_datagrams",
      "Datagrams of which fragments are missing, late or too many at once; their payload was not "
        + "looked at.", scope.incompleteDatagrams)
    return list.limitations
  }

  /// A share of packets without IP from which on they deserve a line: a half, which networks with
  /// cameras do not have (derived here).
  private static let manyWithoutIP: UInt64 = 2

  /// A share of copies from which on the capture set-up deserves a line: a fifth (issue 4).
  private static let manyDuplicates: UInt64 = 5

  private func addDuplicates(_ list: inout Collector) {
    let scope = input.scope
    let copies = scope.duplicates.reduce(0) { $0 &+ $1.packets }
    guard let most = scope.duplicates.first, copies > scope.packets / Self.manyDuplicates else {
      return
    }
    let share = Double(copies) / Double(max(scope.packets, 1)) * 100
    list.add(
      "duplicate_packets",
      "\(NumberText.decimal(share, 1)) % of the packets are copies of others (mirror of both "
        + "directions, several interfaces or capture points), most of them \(Self.route(most)); unique "
        + "volumes leave them out.", copies)
  }

  private static func route(_ route: DuplicateRoute) -> String {
    let milliseconds = NumberText.decimal(Double(route.meanShift) / 1e6, 3)
    let place =
      route.first == route.second
      ? "on interface \(route.first.interface) of input \(route.first.file)"
      : "from interface \(route.first.interface) of input \(route.first.file) to interface "
        + "\(route.second.interface) of input \(route.second.file)"
    return "\(place), \(milliseconds) ms apart on average"
  }

  private func addresses() -> [Limitation] {
    var list = Collector()
    let policy = input.attributor.policy
    if !policy.isHomeDeclared {
      list.limitations.append(
        Limitation(
          id: "home_not_declared",
          text: "Home is not declared, so that nothing is called foreign; add --home with the "
            + "country codes of the site."))
    }
    if let database = input.attributor.database {
      noteTables(database, &list)
    } else {
      list.limitations.append(
        Limitation(
          id: "no_geoip_table",
          text: "No GeoIP table was given; countries and operators are unknown. Add --geoip."))
    }
    list.add(
      "documentation_addresses",
      "Destinations have addresses that are reserved for documentation (RFC 5737, RFC 3849), which no "
        + "host on the Internet has; their places are those that the given table states.",
      documentationAddresses)
    if let outsideAddress {
      list.limitations.append(
        Limitation(
          id: "outside_nat",
          text: "Captured outside a NAT or at a single public host: \(outsideAddress.address) is "
            + "one end of nearly all flows and no private address sent anything. The hosts behind "
            + "it cannot be told apart; --home-net \(outsideAddress.address) names it as the "
            + "inside.", count: outsideAddress.flows))
    }
    list.add(
      "public_senders",
      "Flows between public addresses: captured outside a NAT, or the inside is to be named with "
        + "--home-net.", publicToPublic)
    list.add(
      Limitation.foreignVideo,
      "Video sent by addresses that are neither inside nor at home, which makes no finding: "
        + foreignVideo.prefix(Self.foreignVideoShown).joined(separator: ", ")
        + (foreignVideo.count > Self.foreignVideoShown ? " and more" : "")
        + ". Where one of them belongs to the site, name its net with --home-net.",
      UInt64(foreignVideo.count))
    list.add(
      "hardware_hidden",
      "Hardware addresses (MAC) that carried packets of several hosts, as routers do; the makers of "
        + "the devices behind them are unknown.", UInt64(inventory.routers.count))
    return list.limitations
  }

  private func noteTables(_ database: GeoIPDatabase, _ list: inout Collector) {
    noteCompetingTables(database, &list)
    guard let first = input.scope.firstTime, let last = input.scope.lastTime else { return }
    for table in database.tables {
      guard let date = table.date else {
        list.limitations.append(
          Limitation(
            id: "geoip_table_undated",
            text: "The date of the GeoIP table \(table.path) is unknown; addresses may have moved.")
        )
        continue
      }
      let age = date.age(firstPacket: min(first, last), lastPacket: max(first, last))
      guard age.level != .fresh else { continue }
      let days = age.daysAfterTable.magnitude
      let side = age.daysAfterTable > 0 ? "older" : "younger"
      list.limitations.append(
        Limitation(
          id: "geoip_table_age",
          text:
            "The GeoIP table \(table.path) of \(date) is \(days) days \(side) than the capture; "
            + "addresses may have moved.", count: UInt64(days)))
    }
  }

  /// Days between two tables from which on it is said: addresses move (geo/geoip-formats.md section 1),
  /// as for the distance of a table from the capture.
  static let tableDistanceDays = 90
  /// Pairs of strangers that are named.
  static let foreignVideoShown = 4
  /// Destinations of which the differing answers are printed.
  static let differencesShown = 5

  private func noteCompetingTables(_ database: GeoIPDatabase, _ list: inout Collector) {
    let tables = database.tables
    func name(_ index: Int) -> String {
      tables[index].path + (tables[index].date.map { " of \($0)" } ?? " of unknown date")
    }
    if let days = database.daysBetweenTables, days > Self.tableDistanceDays {
      list.limitations.append(
        Limitation(
          id: "geoip_tables_dates",
          text: "The GeoIP tables are \(days) days apart ("
            + database.competingTables.map(name).joined(separator: ", ")
            + "); the smaller range answers, of equal ones the table given first.",
          count: UInt64(days)))
    }
    guard !differingDestinations.isEmpty else { return }
    var texts = differingDestinations.prefix(Self.differencesShown).map { destination in
      "\(destination.address): "
        + destination.answers.map { "\($0.place) by \(name($0.table)) line \($0.source.line)" }
        .joined(separator: ", ")
    }
    if differingDestinations.count > Self.differencesShown {
      texts.append("and \(differingDestinations.count - Self.differencesShown) more")
    }
    list.add(
      "geoip_tables_differ",
      "The GeoIP tables place destinations differently: " + texts.joined(separator: "; ") + ".",
      UInt64(differingDestinations.count))
  }

  private func detection() -> [Limitation] {
    var list = Collector()
    for obstacle in DirectionAssessment.Obstacle.allCases {
      list.add("not_assessed_" + obstacle.rawValue, Self.text(obstacle), obstacles[obstacle] ?? 0)
    }
    list.add(
      "opaque_tunnels", "Flows of tunnels that cipher several conversations into one.",
      opaqueTunnels)
    list.add(
      "live_or_recorded",
      "Findings about traffic that is ciphered or of an unknown protocol: whether the pictures were "
        + "live or recorded before, and how long they are, cannot be told.", unreadFindings)
    list.limitations.append(
      Limitation(
        id: "blind_spots",
        text: "Not told from other traffic even where nothing is missing, when it is ciphered: "
          + "footage uploaded as fast as the line allows, video whose key frames are far apart (smart "
          + "codecs), video that arrives at the capture point with much delay variation, video inside "
          + "a busy tunnel, Motion-JPEG."))
    let rates = MeasuredRates.shared
    list.limitations.append(Limitation(id: "error_rates", text: rates.text))
    list.limitations.append(
      Limitation(id: "error_rates_reservations", text: rates.reservations))
    if rhythmAssessed > 0 || likelyCandidates > 0 {
      let number = max(rhythmAssessed, likelyCandidates)
      let bound = rates.falseLikelyBound
      list.limitations.append(
        Limitation(
          id: "multiplicity",
          text: "\(NumberText.count(Int(clamping: number), "one-way flow")) without proof by a "
            + "protocol \(number == 1 ? "was" : "were") judged by rhythm, bursts or volume; "
            + "\(likelyCandidates) of them \(likelyCandidates == 1 ? "was" : "were") called likely or "
            + "possible. At the measured upper bound of false \"likely\" verdicts "
            + "(\(NumberText.decimal(bound * 100, 1)) %, \(rates.lookAlikes) look-alikes), up to "
            + "\(NumberText.decimal(Double(number) * bound, 1)) would be expected by chance among "
            + "traffic as unfriendly as those look-alikes.", count: number))
    }
    if input.timeZone == nil {
      list.limitations.append(
        Limitation(
          id: "night_not_assessed",
          text: "Activity at night was not assessed: add --time-zone with the zone of the site."))
    }
    return list.limitations
  }

  private func bounds() -> [Limitation] {
    let met = input.scope.bounds
    var list = Collector()
    list.add(
      "bound_translations",
      "Flows not looked for on the other side of an address translator, by its bound.",
      met.firstPayloads, input.limits)
    list.add(
      Limitation.unreadFlows,
      "Packets of flows beyond the bound, counted to sums by inside host, outside network, protocol "
        + "and port; their payload was not looked at.", met.flows, input.limits)
    list.add(
      "bound_time_series",
      "Flows of more than a few packets whose traffic over time was not kept, by its bound; timelines "
        + "spread them evenly, and no rhythm or burst of them was judged.", met.traffics,
      input.limits)
    list.add(
      "bound_time_bins",
      "Flows whose traffic over time is known in steps longer than a second, because all flows "
        + "together have too many.", met.timeBins, input.limits)
    list.add(
      "bound_rhythms",
      "One-way flows whose rhythm was not measured, or not to its end, because that of too many was.",
      met.rhythms, input.limits)
    list.add(
      "bound_reassembly",
      "TCP streams whose missing bytes were given up early, because too many waited at once.",
      met.reassembly, input.limits)
    list.add(
      "bound_disorder",
      "TCP segments out of order in flows of which that is not told, by its bound: what they repeat "
        + "counts as new, what is missing before them is not counted.", met.disorders, input.limits)
    list.add(
      "bound_copies",
      "Copies of packets that are not told of their flows, by their bound: they count to the unique "
        + "volumes of those flows, though not of the capture.", met.copies, input.limits)
    list.add(
      "bound_fragments",
      "Datagrams given up although fragments of them might have followed, because too many were "
        + "waited for at once.", met.fragments, input.limits)
    list.add(
      "bound_tunnels",
      "Flows inside tunnels that are tunnels themselves and were not opened: more than eight in each "
        + "other, or nothing inside that is decoded.", closedTunnels)
    list.add(
      "bound_hosts", "Inside addresses left out of the inventory by its bound.", hostOverflow,
      input.limits)
    list.add(
      "bound_events", "Connections and downloads left out of what came before, by their bound.",
      eventOverflow, input.limits)
    list.add(
      "bound_channels", "Small flows left out of the sums by their bound.", channelOverflow,
      input.limits)
    list.add(
      "bound_uploads", "Uploads left out of the search for recurrence by its bound.",
      uploadOverflow, input.limits)
    var sums: [String: BoundCount] = [:]
    for result in input.recognition {
      for entry in result.overflow { sums[entry.name, default: BoundCount()].add(entry.count) }
    }
    for (name, count) in sums.sorted(by: { $0.key < $1.key }) {
      // How many sources of one direction are told apart does not depend on the memory.
      list.add(
        "bound_" + name,
        "Facts of protocols that were not kept, because more came than the bound "
          + "\(name) allows.", count, name == "rtp_sources" ? nil : input.limits)
    }
    return list.limitations
  }

  private static func text(_ obstacle: DirectionAssessment.Obstacle) -> String {
    switch obstacle {
    case .snapLength: "One-way flows not assessed because their payload was cut."
    case .loss: "One-way flows judged although bytes of them are missing."
    case .evicted: "One-way flows not assessed because too many were active at once."
    case .saturated:
      "One-way flows not assessed because they use the whole line, so that no rhythm shows."
    case .rhythmNotMeasured:
      "One-way flows, ciphered or of an unknown protocol, with a steady rate whose rhythm was not "
        + "measured."
    case .tooShort: "One-way flows too short for their rhythm to be judged."
    case .opaqueTunnel: "One-way flows of tunnels that hide what is inside."
    }
  }

  private struct Collector {
    var limitations: [Limitation] = []

    /// Adds a limitation that applies when its count is not zero.
    mutating func add(_ id: String, _ text: String, _ count: UInt64 = 1) {
      guard count > 0 else { return }
      limitations.append(Limitation(id: id, text: text, count: count))
    }

    /// Adds that a bound was met, when first, and that more memory than `limits` would keep more.
    mutating func add(
      _ id: String, _ text: String, _ met: BoundCount, _ limits: MemoryLimits?
    ) {
      var text = text
      if let time = met.firstTime { text += " First at \(UTCText.second(time)) UTC." }
      if let limits {
        text +=
          limits.byteCount < MemoryLimits.greatestByteCount
          ? " More is kept with more --memory than \(limits)." : " No more can be kept."
      }
      add(id, text, met.count)
    }
  }
}
