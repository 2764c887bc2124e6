// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct SignallingTests {
  static func result(_ service: Service, isDatagram: Bool = true) -> RecognitionResult {
    var traffic = Traffic()
    for sample in ProtocolSample.all
    where sample.service == service && sample.isDatagram == isDatagram {
      sample.send(into: &traffic)
    }
    return traffic.finish()
  }

  @Test func namesFollowTheCNAMEChain() {
    let result = Self.result(.dns)
    #expect(result.names.count == 1)
    let name = result.names[0]
    #expect(result.texts[name.name] == "cam.example")
    #expect(result.texts[name.canonicalName] == "cdn.example")
    #expect(name.address == IPAddress("203.0.113.9"))
    #expect(name.timeToLive == 256)
    #expect(name.place.listener == Traffic.camera)
  }

  @Test func compressionLoopsEnd() {
    var bytes = dnsAnswer
    bytes[12] = 0xC0
    bytes[13] = 12
    var buffer = DNSMessage.NameBuffer(repeating: 0)
    let length = DNSMessage.name(bytes.span, 12, into: &buffer)
    #expect(length == nil)
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 53)
    traffic.send(bytes, from: .fromResponder)
    #expect(traffic.finish().names.isEmpty)
  }

  @Test func serverNameAndProtocolsOfTLS() {
    let flow = Self.result(.tls, isDatagram: false).flows[0]
    #expect(flow.serverName == "cloud.example")
    #expect(flow.details.map(\.text) == ["h2", "http/1.1"])
  }

  @Test func helloSplitOverRecords() {
    let record = clientHelloRecord("split.example")
    let message = Array(record[5...])
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: message.count, by: 20) {
      let part = message[start..<min(start + 20, message.count)]
      bytes += [22, 3, 1, 0, UInt8(part.count)] + part
    }
    var traffic = Traffic()
    for start in stride(from: 0, to: bytes.count, by: 17) {
      traffic.send(Array(bytes[start..<min(start + 17, bytes.count)]), isDatagram: false)
    }
    #expect(traffic.finish().flows.first?.serverName == "split.example")
  }

  @Test func settledFlowsCostNothing() {
    var traffic = Traffic()
    traffic.send(clientHelloRecord("a.example"), isDatagram: false)
    traffic.send([23, 3, 3, 0, 4, 1, 2, 3, 4], from: .fromResponder, isDatagram: false)
    #expect(traffic.table.interests[0]?[.fromOriginator] == FlowInterest.none)
    #expect(traffic.table.interests[0]?[.fromResponder] == FlowInterest.none)
  }

  @Test func peerBehindARelay() {
    let result = Self.result(.stun)
    #expect(result.relays.count == 1)
    #expect(result.relays[0].peerAddress == IPAddress("198.51.100.7"))
    #expect(result.relays[0].peerPort == 5_000)
  }

  @Test func mediaThroughARelayNamesItsPeer() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .stun }) else { return }
    sample.send(into: &traffic)
    for number in 0..<20 {
      let packet = rtpPacket(
        sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true)
      traffic.send([0x40, 1] + bigEndian(UInt16(packet.count)) + packet, after: 40_000_000)
    }
    let stream = traffic.finish().streams.first
    #expect(stream?.rtp?.stream.uniquePackets == 20)
    #expect(stream?.peerAddress == IPAddress("198.51.100.7"))
    #expect(traffic.log.units.count == 20)
  }

  @Test func mediaAfterDTLSIsEncrypted() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .dtls }) else { return }
    sample.send(into: &traffic)
    RTPRecognitionTests.video(&traffic, packets: 60)
    let result = traffic.finish()
    #expect(result.streams.first?.isEncrypted == true)
    #expect(result.flows.first?.service == .webrtc)
  }

  @Test func sipAnnouncesTheStream() {
    let result = Self.result(.sip)
    #expect(result.mediaEndpoints.map(\.port) == [6_000])
    #expect(result.mediaEndpoints[0].address == IPAddress("192.0.2.9"))
    #expect(result.mediaEndpoints[0].synchronizationSource == 100_000_001)
    #expect(result.mediaEndpoints[0].formats.map(\.name) == ["PS"])
    #expect(result.mediaEndpoints[0].isStoredFootage)
    #expect(result.marks.map(\.role) == ["camera"])
    #expect(result.flows[0].storedFootage != nil)
  }

  @Test func leasesAndHostNames() {
    let leases = Self.result(.dhcp).leases
    #expect(leases.map(\.hostName) == ["cam", ""])
    #expect(leases.map(\.address) == [IPAddress("192.168.1.64"), IPAddress("192.168.1.64")])
    #expect(leases.allSatisfy { $0.hardwareAddress?.description == "44:19:b6:01:02:03" })
    #expect(leases[0].vendorClass == "AX")
  }

  @Test func netBIOSRegistration() {
    let result = Self.result(.nbns)
    #expect(result.names.map { result.texts[$0.name] } == ["CAM"])
    #expect(result.names.first?.address == IPAddress("192.168.1.64"))
  }

  @Test func discoveryNamesTheDevice() {
    let onvif = Self.result(.wsDiscovery).marks.first
    #expect(onvif?.role == "camera")
    #expect(onvif?.model == "DS-2CD2042")
    #expect(onvif?.text == "Front Door")
    #expect(onvif?.macAddress?.description == "44:19:b6:01:02:03")
    let sadp = Self.result(.hikvisionDiscovery).marks.first
    #expect(sadp?.role == "recorder")
    #expect(sadp?.serial == "DS-7608NI0820")
    #expect(sadp?.firmware == "V3.4")
    let dahua = Self.result(.dahua).marks.first
    #expect(dahua?.role == "camera")
    #expect(dahua?.serial == "4E0")
    #expect(dahua?.macAddress?.description == "14:a7:8b:01:02:03")
    #expect(Self.result(.pppp).marks.first?.serial == "VSTB-012345-ABCDE")
    #expect(Self.result(.ssdp).marks.count == 2)
  }

  @Test func rtmpPublishing() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .rtmp }) else { return }
    sample.send(into: &traffic, size: 201)
    let result = traffic.finish()
    #expect(result.flows[0].intent == .originatorSends)
    #expect(result.flows[0].serverName == "media.example")
    #expect(!result.flows[0].details.contains { $0.text.contains("secretkey") })
    #expect(traffic.log.units.count == 1)
    #expect(traffic.log.units.first?.bytes.count == 305)
    #expect(traffic.log.units.first?.unit.subtype == 9)
  }

  @Test func transportStreamInSRT() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .srt }) else { return }
    sample.send(into: &traffic)
    let result = traffic.finish()
    #expect(result.streams.map(\.kind) == [.srt])
    #expect(traffic.log.units.map(\.unit.followsGap) == [false, true])
    #expect(traffic.log.units.allSatisfy { $0.bytes.count == 1_316 })
  }

  @Test func framedRTPOverTCP() {
    var bytes: [UInt8] = []
    for number in 0..<50 {
      let packet = rtpPacket(
        sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
        payload: [0, 0, 1, 0xBA] + [UInt8](repeating: 1, count: 200))
      bytes += bigEndian(UInt16(packet.count)) + packet
    }
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 10_000, protocolNumber: 6)
    for start in stride(from: 0, to: bytes.count, by: 777) {
      traffic.send(Array(bytes[start..<min(start + 777, bytes.count)]), isDatagram: false)
    }
    let result = traffic.finish()
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 50)
    #expect(result.streams.first?.isOverTCP == true)
    #expect(result.flows.first?.service == .rtp)
  }

  @Test func vendorMediaReachesTheInspector() {
    for (service, framing) in [
      (Service.dahua, MediaFraming.dhav), (.xiongmai, .annexB), (.reolink, .annexB),
      (.mpegps, .programStream),
    ] {
      var traffic = Traffic()
      for sample in ProtocolSample.all where sample.service == service && !sample.isDatagram {
        sample.send(into: &traffic, size: 50)
      }
      _ = traffic.finish()
      #expect(traffic.log.units.first?.unit.framing == framing, "\(service)")
    }
  }

  @Test func textStoreKeepsEachTextOnce() {
    var store = TextStore()
    let one = ascii("a.example")
    let two = ascii("b.example")
    let first = store.intern(one.span)
    let second = store.intern(two.span)
    let again = store.intern(one.span)
    #expect(again == first)
    #expect(first != second)
    #expect(store[second ?? 0] == "b.example")
    #expect(store.count == 2)
    #expect(store[77] == "")
  }
}
