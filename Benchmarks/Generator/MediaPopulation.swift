// SPDX-License-Identifier: Apache-2.0

/// Puts the RTP streams of a mixture, with their signalling and reports, on the schedule.
enum MediaPopulation {
  static func add(_ mixture: Mixture, to network: Network) {
    switch mixture.name {
    case .big, .pair:
      for number in 0..<mixture.streams { addCamera(number, mixture, network) }
    case .small:
      for number in 0..<mixture.streams / 2 { addCall(number, mixture, network) }
    }
  }

  private static func vlan(_ number: Int) -> UInt16 {
    number % Mixture.vlanPeriod == 3 ? UInt16(100 + number % 7) : 0
  }

  /// Streams start evenly spread so that the last one ends with the capture.
  private static func start(
    _ number: Int, of count: Int, seconds: Double, _ mixture: Mixture
  ) -> UInt64 {
    let room = max(Double(mixture.duration) * 0.97 - seconds * 1_000_000, 0)
    return Mixture.start + 1_000_000 + UInt64(room * Double(number) / Double(count))
  }

  private static func addCamera(_ number: Int, _ mixture: Mixture, _ network: Network) {
    // The first camera that sends to the recorder inside.
    let host = mixture.name == .pair ? 2 : number
    let isIPv6 = host % Mixture.ipv6Period == 1
    let parameters = H264Stream.parameterSets[number % H264Stream.parameterSets.count]
    let port = UInt16(20_000 + number * 4 % 20_000)
    let camera = AddressPlan.camera(host, isIPv6: isIPv6, port: port)
    let viewer = AddressPlan.viewer(host, isIPv6: isIPv6, port: UInt16(50_000 + number * 2))
    let seconds = Double(mixture.packetsPerStream) / 110
    let start = start(number, of: mixture.streams, seconds: seconds, mixture)
    let ssrc = UInt32(truncatingIfNeeded: network.random.next())

    func flow(_ service: Service, isTCP: Bool, _ from: Endpoint, _ to: Endpoint) -> Flow {
      Flow(
        service: service, isTCP: isTCP, originator: from, responder: to, vlan: vlan(number),
        random: &network.random)
    }
    let stream = H264Stream(
      flow: flow(.rtp, isTCP: false, camera, viewer), index: network.truth.streams.count,
      ssrc: ssrc, parameters: parameters, packetGoal: mixture.packetsPerStream, start: start,
      random: &network.random)
    // Every second stream was asked for by RTSP; the others are pushed without a word.
    let isSignalled = number % 2 == 0
    network.truth.streams.append(
      GroundTruth.Stream(
        ssrc: ssrc, payloadType: H264Stream.payloadType, codec: "H264", width: parameters.width,
        height: parameters.height, source: camera, destination: viewer,
        isSignalled: isSignalled))
    network.scheduler.add(stream, at: start)

    var reportSource = camera
    var reportDestination = viewer
    reportSource.port += 1
    reportDestination.port += 1
    let reports = SenderReports(
      flow: flow(.rtcp, isTCP: false, reportSource, reportDestination), stream: stream)
    network.scheduler.add(reports, at: start + 150_000)

    guard isSignalled else { return }
    var server = camera
    server.port = 554
    var client = viewer
    client.port = UInt16(40_000 + number)
    let turns = RTSPSession.turns(
      camera: camera, viewer: viewer, parameters: parameters, ssrc: ssrc, seconds: Int(seconds))
    let session = TCPConversation(
      flow: flow(.rtsp, isTCP: true, client, server), turns: turns, roundTrip: 2_000,
      segmentSpacing: 200, random: &network.random)
    network.scheduler.add(session, at: start - 60_000)
  }

  private static func addCall(_ number: Int, _ mixture: Mixture, _ network: Network) {
    let isIPv6 = number % 7 == 1
    let caller = AddressPlan.telephone(number, isIPv6: isIPv6, port: UInt16(16_384 + number * 2))
    let callee = AddressPlan.outside(2_000_000 + number, isIPv6: isIPv6, port: 30_000)
    let seconds = Double(mixture.packetsPerStream) / 50
    let start = start(number, of: mixture.streams / 2, seconds: seconds, mixture)
    let flow = Flow(
      service: .rtp, isTCP: false, originator: caller, responder: callee, vlan: vlan(number),
      random: &network.random)
    let payloadType: UInt8 = number % 2 == 0 ? 0 : 8
    for direction in [Direction.fromOriginator, .fromResponder] {
      let ssrc = UInt32(truncatingIfNeeded: network.random.next())
      let ends = direction == .fromOriginator ? (caller, callee) : (callee, caller)
      let begin = start + (direction == .fromOriginator ? 0 : 7_000)
      let stream = G711Stream(
        flow: flow, direction: direction, index: network.truth.streams.count, ssrc: ssrc,
        payloadType: payloadType, packetGoal: mixture.packetsPerStream, start: begin,
        random: &network.random)
      network.truth.streams.append(
        GroundTruth.Stream(
          ssrc: ssrc, payloadType: payloadType, codec: payloadType == 0 ? "PCMU" : "PCMA",
          width: 0, height: 0, source: ends.0, destination: ends.1))
      network.scheduler.add(stream, at: begin)
    }
  }
}
