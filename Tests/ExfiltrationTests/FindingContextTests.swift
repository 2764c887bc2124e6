// SPDX-License-Identifier: Apache-2.0

import Attribution
import FlowTracking
import PacketDecoding
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration
@testable import ProtocolRecognition

/// What stands around a finding: what came before, the device's past, relays, stored footage.
@Suite struct FindingContextTests {
  /// Video abroad from one hour after the start.
  private func abroad(id: Int = 1, start: Double = 3_600) -> SampleFlow {
    SampleFlow(
      id: id, to: "85.17.186.6", fromPort: 5_018, toPort: 53_134, protocolNumber: 17,
      sentBytes: 14_000_000, start: start, seconds: 90)
  }

  private func fact(
    _ kind: FlowFact.Kind, _ text: String, at start: Double,
    _ direction: FlowDirection = .fromOriginator
  ) -> FlowFact {
    FlowFact(
      kind: kind, text: text, direction: direction,
      packet: PacketReference(file: 0, frame: 9, time: time(start)))
  }

  @Test func whatCameBeforeIsListedInOrderOfTime() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(
        id: 1, from: "85.17.9.9", to: "192.168.1.10", fromPort: 50_000, toPort: 80,
        sentBytes: 600, receivedBytes: 900, start: 30, seconds: 5),
      SampleFlow(
        id: 2, to: "151.1.2.3", fromPort: 50_001, toPort: 80, sentBytes: 300,
        receivedBytes: 9_000_000, start: 60, seconds: 5),
      abroad(id: 3),
      SampleFlow(
        id: 4, from: "85.17.9.8", to: "192.168.1.10", fromPort: 50_002, toPort: 80,
        sentBytes: 600, receivedBytes: 900, start: 3_700, seconds: 5),
    ]
    var visit = recognized(.http, flow: 0)
    visit.details = [fact(.configurationWrite, "PUT /ISAPI/Security/users/2", at: 31)]
    var load = recognized(.http, flow: 1, serverName: "update.hikvision.com")
    load.details = [fact(.firmwareDownload, "/fw/digicap.dav", at: 60)]
    scenario.recognition.flows = [visit, load]
    scenario.recognition.names = [("stage.example", "85.17.186.6", "192.168.1.10")]
    try scenario.addVideo(flow: 2)
    let finding = try #require(try scenario.run().findings.first)
    #expect(
      finding.before.map(\.kind) == [
        .newName, .inboundConnection, .configurationWrite, .firmwareDownload,
      ])
    let firmware = try #require(finding.before.last)
    #expect(firmware.text.contains("update.hikvision.com/fw/digicap.dav"))
    #expect(firmware.text.contains("a domain of hikvision"))
    #expect(firmware.text.contains("9 MB received"))
    #expect(firmware.bytes == 9_000_000)
    #expect(finding.before.allSatisfy { !$0.packets.isEmpty && $0.time < finding.firstTime })
  }

  @Test func onlyTheFirstFindingOfADeviceHasWhatCameBefore() throws {
    var scenario = Scenario()
    var second = abroad(id: 2, start: 5_000)
    second.to = "198.51.100.7"
    scenario.flows = [abroad(), second]
    scenario.recognition.names = [("stage.example", "85.17.186.6", "192.168.1.10")]
    try scenario.addVideo(flow: 0)
    try scenario.addVideo(flow: 1)
    let findings = try scenario.run().findings
    #expect(findings.count == 2)
    #expect(findings.filter { !$0.before.isEmpty }.map(\.destination.port) == [53_134])
  }

  @Test func thePullersOwnConnectionIsNoVisitBefore() throws {
    let flow = SampleFlow(
      from: "85.17.186.6", to: "192.168.1.10", fromPort: 50_000, toPort: 554,
      sentBytes: 1_000, receivedBytes: 14_000_000)
    let result = try Scenario.video(flow, direction: .fromResponder).run()
    let finding = try #require(result.findings.first)
    #expect(finding.isPulled)
    #expect(finding.before.isEmpty)
  }

  @Test func comparesWithTheDevicesOwnPast() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(id: 1, to: "151.1.2.3", sentBytes: 45_000, start: 0, seconds: 1_800),
      abroad(id: 2),
    ]
    try scenario.addVideo(flow: 1)
    let past = try #require(try scenario.run().findings.first?.past)
    #expect(past.secondsObserved == 3_600)
    #expect(past.earlierBytes == 45_000)
    #expect(past.earlierBitsPerSecond == 100)
    #expect(past.isNewDestination == true)
    #expect((past.rateFactor ?? 0) > 12_000)
    #expect(past.night == .notAssessed)
    scenario.flows[0].to = "85.17.186.6"
    scenario.flows[0].protocolNumber = 6
    #expect(try scenario.run().findings.first?.past?.isNewDestination == false)
  }

  @Test func aShortPastIsNotCompared() throws {
    let past = try #require(try Scenario.video(abroad(start: 0)).run().findings.first?.past)
    #expect(past.isNewDestination == nil)
    #expect(past.earlierBitsPerSecond == nil)
  }

  @Test func nightsRaiseOnlyInADeclaredZone() throws {
    var scenario = Scenario()
    // 23 o'clock of two days.
    scenario.flows = [abroad(start: 82_800), abroad(id: 2, start: 82_800 + 86_400)]
    scenario.flows[1].fromPort = 5_019
    try scenario.addVideo(flow: 0)
    try scenario.addVideo(flow: 1)
    let without = try scenario.run()
    #expect(without.findings.first?.exposure.level == .foreign)
    #expect(without.limitations.contains { $0.id == "night_not_assessed" })
    scenario.timeZone = LocalTimeZone("UTC")
    let with = try scenario.run()
    #expect(with.findings.first?.exposure.level == .foreignSustained)
    #expect(with.findings.first?.past?.night == .assessed(nights: 2, share: 1))
    #expect(!with.limitations.contains { $0.id == "night_not_assessed" })
    scenario.timeZone = LocalTimeZone("+12:00")
    #expect(try scenario.run().findings.first?.exposure.level == .foreign)
  }

  @Test func aRelayAtHomeWithAPeerAbroadIsAbroad() throws {
    var flow = abroad(start: 0)
    flow.to = "151.1.2.3"
    var scenario = try Scenario.video(flow)
    scenario.recognition.streams[0].peerAddress = try ip("85.17.1.2")
    scenario.recognition.streams[0].peerPort = 61_000
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.exposure.level == .foreignSuspicious)
    #expect(finding.relayedPeers.map(\.country) == ["NL"])
    #expect(finding.relayedPeers.map(\.port) == [61_000])
    #expect(finding.exposure.reasons.contains { $0.contains("the relay's country is not") })
    #expect(finding.text.contains("a relay that passed it on to 85.17.1.2 (country NL)"))
    #expect(finding.text.contains("the relay's country is not the viewer's"))
  }

  @Test func contactWithThreeServersIsTheP2PPattern() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    for number in 1...3 {
      scenario.flows.append(
        SampleFlow(
          id: number + 1, to: "151.1.2.\(number)", fromPort: 3_000, toPort: 3_478,
          protocolNumber: 17, sentBytes: 80, receivedBytes: 80))
      scenario.recognition.flows.append(recognized(.stun, flow: UInt32(number)))
    }
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.exposure.level == .foreignSuspicious)
    #expect(finding.exposure.reasons.contains { $0.contains("keeps contact with 3 servers") })
    scenario.flows.removeLast()
    scenario.recognition.flows.removeLast()
    #expect(try scenario.run().findings.first?.exposure.level == .foreign)
  }

  @Test func servicesOfCameraMakersIntroduceViewersToo() throws {
    for service in [Service.hikvision, .dahua] {
      var scenario = try Scenario.video(abroad(start: 0))
      for number in 1...3 {
        scenario.flows.append(
          SampleFlow(
            id: number + 1, to: "151.1.2.\(number)", fromPort: 3_000, toPort: 8_800,
            protocolNumber: 17, sentBytes: 80, receivedBytes: 80))
        scenario.recognition.flows.append(recognized(service, flow: UInt32(number)))
      }
      let finding = try #require(try scenario.run().findings.first)
      #expect(finding.exposure.reasons.contains { $0.contains("keeps contact with 3 servers") })
      // What carries much is no signalling.
      scenario.flows[3].sentBytes = 14_000_000
      let reasons = try scenario.run().findings.first?.exposure.reasons ?? []
      #expect(!reasons.contains { $0.contains("keeps contact") })
    }
  }

  /// Hik-Connect, PTCP, PPPP without a word of a relay: the peer gets the media, the servers little.
  @Test(arguments: [Service.hikvision, .dahua, .pppp, .tutk, .webrtc])
  func theMediaPeerIsToldFromSignalling(service: Service) throws {
    var scenario = try Scenario.video(abroad(start: 0))
    // From the port that carries the media, before it.
    scenario.flows.append(
      SampleFlow(
        id: 2, to: "151.1.2.3", fromPort: 5_018, toPort: 8_800, protocolNumber: 17, sentBytes: 80,
        receivedBytes: 120, start: -5))
    scenario.recognition.flows = [recognized(service), recognized(.stun, flow: 1)]
    let reasons = try #require(try scenario.run().findings.first).exposure.reasons
    let role = try #require(reasons.first { $0.hasPrefix("P2P: 85.17.186.6 is the media peer") })
    #expect(role.contains("14 MB went to it"))
    #expect(role.contains("from the same port with 1 signalling server (151.1.2.3; at most 120 B"))
    #expect(role.hasSuffix("the capture does not tell"))
    // What has a name is a server.
    scenario.recognition.names = [("relay.example", "85.17.186.6", "192.168.1.10")]
    let named = try #require(try scenario.run().findings.first).exposure.reasons
    #expect(named.contains { $0.contains("it has a name, so that it is a server") })
  }

  /// Another port, another protocol: nothing speaks of peers.
  @Test func mediaBesideSignallingIsNoPeer() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    scenario.flows.append(
      SampleFlow(
        id: 2, to: "151.1.2.3", fromPort: 3_000, toPort: 8_800, protocolNumber: 17, sentBytes: 80,
        receivedBytes: 120, start: -5))
    scenario.recognition.flows = [recognized(.rtp), recognized(.stun, flow: 1)]
    let reasons = try #require(try scenario.run().findings.first).exposure.reasons
    #expect(!reasons.contains { $0.contains("media peer") })
  }

  /// The other end is a maker's relay: by its own messages, or named as the agent by another flow.
  @Test(arguments: [
    (RelayNote.ezviz, Service.hikvision, "85.17.186.6"),
    (RelayNote.dahua, .dahua, "85.17.186.6"),
    (RelayNote.pppp, .pppp, "85.17.186.6"),
    (RelayNote.dahuaAgent + "85.17.186.6:8800", .dahua, "151.1.2.3"),
  ])
  func aMakersRelayIsNotTheViewer(note: String, service: Service, server: String) throws {
    for home in [["IT"], []] {
      var scenario = try Scenario.video(abroad(start: 0))
      scenario.home = home
      scenario.flows.append(
        SampleFlow(
          id: 2, to: server, fromPort: 3_000, toPort: 8_800, protocolNumber: 17, sentBytes: 80,
          receivedBytes: 80))
      var recognition = recognized(service, flow: 1)
      recognition.details = [fact(.note, note, at: 1)]
      scenario.recognition.flows = [recognition]
      let finding = try #require(try scenario.run().findings.first)
      #expect(finding.exposure.level == (home.isEmpty ? .outside : .foreignSuspicious))
      #expect(
        finding.exposure.reasons.contains { $0.contains("the relay's country is not the viewer's") }
      )
      #expect(finding.text.contains(": the relay's country is not the viewer's"))
    }
  }

  @Test func hostingIsASuspicion() throws {
    var flow = abroad(start: 0)
    flow.to = "5.9.1.2"
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(finding.exposure.level == .foreignSuspicious)
    #expect(finding.exposure.reasons.contains { $0.contains("rents out machines to anyone") })
  }

  @Test func aWordOfTheTradeInANameIsWeakAndRaisesNothing() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    let table = "start,end,asn,as_name,country\n85.17.0.0,85.17.255.255,64999,Far VPS Ltd,NL\n"
    scenario.tables = [GeoIPTableSource(content: .bytes(Array(table.utf8), name: "a.csv"))]
    scenario.hasFirstTable = false
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.exposure.level == .foreign)
    #expect(
      finding.exposure.reasons.contains(
        "the operator's name, Far VPS Ltd, suggests that it rents out machines: a weak sign, which "
          + "raises nothing by itself"))
  }

  @Test(arguments: [
    ("HETZNER-AS", HostingNames.Strength.known), ("OVH SAS", .known),
    ("DIGITALOCEAN-ASN", .known), ("AS-VULTR", .known), ("M247 Ltd", .known),
    ("Example Abroad Hosting", .suggested), ("Any VPS", .suggested),
    ("Deutsche Telekom AG", nil), ("AMAZON-02", nil), ("Govhub Telecom", nil), ("", nil),
  ])
  func hostersAreToldByName(name: String, strength: HostingNames.Strength?) {
    #expect(HostingNames.strength(name) == strength)
  }

  /// Both ends send video in like amounts.
  private func call() throws -> Scenario {
    var flow = abroad(start: 0)
    flow.receivedBytes = flow.sentBytes
    var scenario = try Scenario.video(flow)
    try scenario.addVideo(flow: 0, direction: .fromResponder)
    for number in 1...3 {
      scenario.flows.append(
        SampleFlow(
          id: number + 1, to: "151.1.2.\(number)", fromPort: 3_000, toPort: 3_478,
          protocolNumber: 17, sentBytes: 80, receivedBytes: 80))
      scenario.recognition.flows.append(recognized(.stun, flow: UInt32(number)))
    }
    return scenario
  }

  @Test func aVideoCallWeighsOneStepLess() throws {
    let finding = try #require(try call().run().findings.first)
    #expect(finding.exposure.level == .foreign)
    #expect(finding.severity == .medium)
    #expect(finding.exposure.reasons.contains { $0.contains("as in a call") })
    #expect(finding.text.contains("but the other direction carries video too"))
  }

  /// Video that is only likely, to a service for calls; nothing came back.
  private func conference(to address: String, port: UInt16, name: String? = nil) throws -> Scenario
  {
    var scenario = Scenario()
    scenario.flows = [abroad(start: 0)]
    scenario.flows[0].to = address
    scenario.flows[0].toPort = port
    scenario.timing = { _, _ in TimingAssessment(verdict: .likely) }
    if let name { scenario.recognition.names = [(name, address, "192.168.1.10")] }
    return scenario
  }

  @Test(
    arguments: [
      ("85.17.186.6", 8_801, "zoomfr149mmr.fr.zoom.us", "Zoom"),
      ("52.113.4.4", 3_479, nil, "Microsoft Teams"),
      ("74.125.250.9", 19_305, nil, "Google Meet"), ("157.240.241.53", 3_478, nil, "WhatsApp"),
      ("85.17.186.6", 10_000, "meet-jit-si-turnrelay.jitsi.net", "Jitsi"),
    ] as [(String, UInt16, String?, String)])
  func aServiceForCallsWeighsOneStepLess(
    address: String, port: UInt16, name: String?, service: String
  ) throws {
    var scenario = try conference(to: address, port: port, name: name)
    let finding = try #require(try scenario.run().findings.first)
    let reason = try #require(finding.exposure.reasons.first { $0.contains("a service for calls") })
    #expect(reason.contains(service))
    var other = try conference(to: address, port: 4_001, name: name)
    let plain = try #require(try other.run().findings.first)
    #expect(finding.severity == plain.severity.oneLess)
    // A camera stays one, whatever it sends to.
    scenario.cameras = ["192.168.1.10"]
    other.cameras = ["192.168.1.10"]
    let camera = try #require(try scenario.run().findings.first)
    #expect(camera.severity == (try other.run().findings.first?.severity))
    #expect(!camera.exposure.reasons.contains { $0.contains("a service for calls") })
  }

  /// Calls of these services are ciphered: video that can be read is none of them.
  @Test func readableVideoToAServiceForCallsIsNoCall() throws {
    var flow = abroad(start: 0)
    flow.to = "52.113.4.4"
    flow.toPort = 3_479
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(!finding.exposure.reasons.contains { $0.contains("a service for calls") })
  }

  /// Every row has networks that can be read or names, and says where it is from.
  @Test func theTableOfServicesIsWhole() {
    for service in ConferencingServices.table {
      #expect(!service.ports.isEmpty && !service.source.isEmpty && !service.domains.isEmpty)
    }
    let networks = ConferencingServices.table.map(\.networks.count)
    #expect(networks == [0, 3, 4, 0, 1, 6, 0])
  }

  @Test func whatACameraSendsIsNoCall() throws {
    var scenario = try call()
    scenario.cameras = ["192.168.1.10"]
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.exposure.level == .foreignSuspicious)
    #expect(finding.severity == .high)
    #expect(!finding.exposure.reasons.contains { $0.contains("as in a call") })
  }

  @Test func muchMoreThanWhatComesBackIsNoCall() throws {
    var scenario = try call()
    scenario.flows[0].receivedBytes = scenario.flows[0].sentBytes / 10
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.severity == .high)
  }

  @Test func aBroadcastThatIsReceivedDidNotLeaveOurNetwork() throws {
    var flow = abroad(start: 0)
    flow.from = "183.221.1.35"
    flow.to = "239.11.0.109"
    var scenario = try Scenario.video(flow)
    scenario.home = []
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.severity == .info)
    #expect(finding.text.contains("a broadcast from a public address"))
    #expect(!finding.text.contains("it did not leave the network"))
    #expect(finding.exposure.reasons.contains { $0.contains("received here") })
  }

  @Test func whatIsNoVideoInAChannelIsToldApart() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    scenario.flows.append(abroad(id: 2, start: 100))
    scenario.flows[1].fromPort = 5_019
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.bytes == 28_000_000)
    #expect(finding.text.contains("sent 28 MB, of which 14 MB in flows of H.264 video"))
    #expect(finding.severity == .high)
    // The volume floor is for the video.
    scenario.flows[0].sentBytes = 100_000
    #expect(try scenario.run().findings.first?.severity == .info)
  }

  @Test func anAddressInPlaceOfANameIsNoName() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    for (name, names) in [("85.17.186.6", []), ("a.example", ["a.example"])] {
      var recognition = recognized(.http)
      recognition.serverName = name
      scenario.recognition.flows = [recognition]
      #expect(try scenario.run().findings.first?.destination.names == names)
    }
  }

  /// Where nobody owns the sender's address, silence would be an all-clear.
  @Test(arguments: ["198.18.0.5", "2001:db8:1::21", "0.0.0.5"])
  func videoOfAddressesThatNobodyOwnsIsSaid(sender: String) throws {
    var flow = abroad(start: 0)
    flow.from = sender
    if sender.contains(":") { flow.to = "2a00:1450::1" }
    var scenario = try Scenario.video(flow)
    let result = try scenario.run()
    #expect(result.findings.isEmpty)
    let said = try #require(result.limitations.first { $0.id == "foreign_video" })
    #expect(said.text.contains(sender))
    scenario.homeNets = ["\(sender)/\(sender.contains(":") ? 128 : 32)"]
    #expect(try scenario.run().findings.count == 1)
  }

  @Test func adviceNamesWhatIsNotYetGiven() throws {
    var scenario = try Scenario.video(abroad(start: 0))
    scenario.hasTable = false
    let declared = try #require(try scenario.run().findings.first)
    #expect(declared.text.hasSuffix("is open until a GeoIP table (--geoip) has its place."))
    scenario.home = []
    let open = try #require(try scenario.run().findings.first)
    #expect(open.text.hasSuffix("(--geoip) has its place and --home is given."))
  }

  @Test func videoOfStrangersIsSaid() throws {
    var flow = abroad(start: 0)
    flow.from = "85.17.1.1"
    let result = try Scenario.video(flow).run()
    #expect(result.findings.isEmpty)
    let said = try #require(result.limitations.first { $0.id == "foreign_video" })
    #expect(said.count == 1)
    #expect(said.text.contains("85.17.1.1 to 85.17.186.6"))
    #expect(!(try Scenario.video(abroad(start: 0)).run()).limitations.contains { $0.id == said.id })
  }

  @Test func storedFootageIsNamed() throws {
    let flow = SampleFlow(
      from: "85.17.186.6", to: "192.168.1.10", fromPort: 50_000, toPort: 80,
      sentBytes: 1_000, receivedBytes: 14_000_000)
    var scenario = try Scenario.video(flow, direction: .fromResponder)
    var recognition = recognized(.http)
    recognition.storedFootage = PacketReference(file: 0, frame: 4, time: time(0))
    recognition.details = [fact(.path, "/ISAPI/ContentMgmt/download", at: 0)]
    scenario.recognition.flows = [recognition]
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.storedFootage == "ISAPI download")
    #expect(finding.text.contains("pulled as stored footage (ISAPI download) by the other end"))
    recognition.service = .rtsp
    scenario.recognition.flows = [recognition]
    #expect(try scenario.run().findings.first?.storedFootage == "RTSP playback")
  }

  /// Each way of taking stored footage has its name.
  @Test(arguments: [
    (Service.http, "/ISAPI/ContentMgmt/search", "ISAPI playback"),
    (.http, "/cgi-bin/loadfile.cgi", "Dahua download"),
    (.http, "/onvif/replay_service", "download of stored footage by HTTP"),
    (.hikvision, "", "Hikvision playback"), (.dahua, "", "Dahua playback"),
    (.xiongmai, "", "Xiongmai playback"), (.reolink, "", "Reolink playback"),
    (.tvt, "", "TVT playback"), (.sip, "", "GB/T 28181 playback"),
  ])
  func eachWayToStoredFootageHasItsName(service: Service, path: String, name: String) throws {
    let flow = SampleFlow(
      from: "85.17.186.6", to: "192.168.1.10", fromPort: 50_000, toPort: 80,
      sentBytes: 1_000, receivedBytes: 14_000_000)
    var scenario = try Scenario.video(flow, direction: .fromResponder)
    var recognition = recognized(service)
    recognition.storedFootage = PacketReference(file: 0, frame: 4, time: time(0))
    if !path.isEmpty { recognition.details = [fact(.path, path, at: 0)] }
    scenario.recognition.flows = [recognition]
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.storedFootage == name)
    #expect(finding.text.contains("pulled as stored footage (\(name)) by the other end"))
  }

  /// Streams of 25 pictures a second, each with its length and the time it was sent in.
  private func uploads(_ streams: [(footage: Double?, start: Double, seconds: Double)])
    -> [MediaStream]
  {
    streams.map { given in
      var stream = MediaStream(
        flowID: 1, place: FlowPlace(shard: 0, index: 0), direction: .fromOriginator,
        transport: .tcp, kind: .http, sourceAddress: .unspecified, sourcePort: 0,
        destinationAddress: .unspecified, destinationPort: 0)
      stream.media = .video
      stream.verdict = .certain
      stream.footageSeconds = given.footage
      stream.firstTime = time(given.start)
      stream.lastTime = time(given.start + given.seconds)
      return stream
    }
  }

  private func stored(_ streams: [MediaStream], isPulled: Bool = false) -> String? {
    StoredFootageRule.name(nil, streams, FootagePace(of: streams), isPulled: isPulled)
  }

  @Test func footageSentFasterThanItWasFilmedIsRecorded() throws {
    let fast = uploads([(60, 0, 3)])
    #expect(stored(fast) == "sent faster than it was filmed")
    let pace = try #require(FootagePace(of: fast))
    #expect(pace.text == "60 s of footage in 3 s")
    #expect(pace.evidence(fast).value == 20)
    // Live, live with what a server held, and of unknown length.
    #expect(stored(uploads([(60, 0, 60)])) == nil)
    #expect(stored(uploads([(28, 0, 20)])) == nil)
    #expect(stored(uploads([(9, 0, 1)])) == nil)
    #expect(stored(uploads([(nil, 0, 1)])) == nil)
    // A capture without times.
    #expect(stored(uploads([(60, 0, 0)])) == nil)
  }

  /// Live pictures go up in pieces; each of them is fast, all of them together are not.
  @Test func piecesOfALiveStreamAreNotRecorded() {
    #expect(stored(uploads((0..<10).map { (12, Double($0) * 12, 0.1) })) == nil)
    #expect(stored(uploads((0..<10).map { (12, Double($0) * 0.2, 0.1) })) != nil)
    // Two streams at the same time are not one that is twice as long.
    #expect(stored(uploads([(60, 0, 60), (60, 1, 60)])) == nil)
  }

  @Test func aFileThatListsItsPicturesWasFinishedBefore() {
    var file = uploads([(30, 0, 40)])
    file[0].isFinishedFile = true
    #expect(stored(file) == "upload of a finished file")
    #expect(stored(file, isPulled: true) == "download of a finished file")
  }

  @Test(arguments: [
    (FlowFact.Kind.upload, "FTP upload of /a.mp4"), (.download, "FTP download of /a.mp4"),
  ])
  func filesByFTPHaveTheirName(kind: FlowFact.Kind, name: String) throws {
    var scenario = try Scenario.video(abroad(start: 0))
    var recognition = recognized(.ftp)
    recognition.storedFootage = PacketReference(file: 0, frame: 4, time: time(0))
    recognition.details = [fact(kind, "/a.mp4", at: 0)]
    scenario.recognition.flows = [recognition]
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.storedFootage == name)
    #expect(finding.text.contains("as stored footage (\(name)"))
  }

  @Test func aDeclaredCameraThatWasOnlyAnsweredCannotBeTold() throws {
    var scenario = Scenario()
    var flow = SampleFlow(to: "85.17.186.6", receivedBytes: 3_000)
    flow.sentBytes = 0
    scenario.flows = [flow]
    scenario.change = { flow in
      flow.originator = FlowCounters()
    }
    scenario.cameras = ["192.168.1.10", "192.168.1.77"]
    let result = try scenario.run()
    #expect(result.cameraVerdicts.map(\.outcome) == [.cannotTell])
    let absent = try #require(result.limitations.first { $0.id == "declared_cameras_absent" })
    #expect(absent.text.contains("192.168.1.77"))
    #expect(absent.count == 1)
  }

  @Test func theScopeOfAVerdictSaysWhatWasCiphered() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(id: 1, to: "151.1.2.3", sentBytes: 3_000, receivedBytes: 500),
      SampleFlow(id: 2, to: "151.1.2.4", toPort: 80, sentBytes: 1_000, receivedBytes: 500),
    ]
    scenario.recognition.flows = [recognized(.tls, flow: 0), recognized(.http, flow: 1)]
    scenario.cameras = ["192.168.1.10"]
    let verdict = try #require(try scenario.run().cameraVerdicts.first)
    #expect(verdict.outcome == .noSign)
    #expect(verdict.observed.cipheredShare == 0.75)
    #expect(verdict.text.contains("75 % was ciphered"))
    #expect(verdict.text.contains("Would have been missed"))
  }

  @Test func multiplicityIsSaid() throws {
    var scenario = Scenario()
    scenario.flows = (1...10).map {
      SampleFlow(id: $0, from: "192.168.1.\($0)", to: "85.17.186.6", sentBytes: 14_000_000)
    }
    scenario.timing = { place, direction in
      direction == .fromOriginator
        ? TimingAssessment(verdict: place.index == 0 ? .likely : .noEvidence) : nil
    }
    let limit = try #require(
      try scenario.run().limitations.first { $0.id == "multiplicity" })
    #expect(limit.count == 10)
    let expected = NumberText.decimal(10 * MeasuredRates.shared.falseLikelyBound, 1)
    #expect(limit.text.contains("up to \(expected) would be expected by chance"))
  }
}
