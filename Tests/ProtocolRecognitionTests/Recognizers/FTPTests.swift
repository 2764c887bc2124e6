// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct FTPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .ftp, datagrams: false, port: 21,
      [(.fromResponder, ascii("220 Camera FTP server ready\r\n"))])
  ]

  private static let programStream: [UInt8] =
    [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xF8] + [UInt8](repeating: 0xAA, count: 200)

  /// A camera that uploads a file: control on flow 0, data on flow 1.
  private static func upload(
    answer: String, command: String = "PASV", verb: String = "STOR", dataPort: UInt16 = 50_021,
    toServer: Bool = true
  ) -> RecognitionResult {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 21, protocolNumber: 6)
    if toServer {
      traffic.addFlow(Traffic.camera, 40_001, Traffic.viewer, dataPort, protocolNumber: 6)
    } else {
      traffic.addFlow(Traffic.viewer, 20, Traffic.camera, dataPort, protocolNumber: 6)
    }
    func say(_ text: String, _ direction: FlowDirection, _ traffic: inout Traffic) {
      // Lines come in pieces.
      let bytes = ascii(text + "\r\n")
      traffic.send(Array(bytes.prefix(5)), from: direction, isDatagram: false)
      traffic.send(Array(bytes.dropFirst(5)), from: direction, isDatagram: false)
    }
    traffic.send(ascii("220 FTP ready\r\n"), from: .fromResponder, isDatagram: false)
    say("USER secretary", .fromOriginator, &traffic)
    say("PASS hunter22", .fromOriginator, &traffic)
    say(command, .fromOriginator, &traffic)
    say(answer, .fromResponder, &traffic)
    say("\(verb) /cam1/20260314.mpg", .fromOriginator, &traffic)
    traffic.send(
      programStream, flow: 1, from: toServer ? .fromOriginator : .fromResponder, isDatagram: false)
    return traffic.finish()
  }

  @Test(arguments: [
    ("227 Entering Passive Mode (198,51,100,7,195,101).", "PASV"),
    ("227 Entering Passive Mode (10,0,0,5,195,101)", "PASV"),
    ("229 Entering Extended Passive Mode (|||50021|)", "EPSV"),
  ])
  func uploadedFileIsNamedOnItsDataConnection(answer: String, command: String) throws {
    let result = Self.upload(answer: answer, command: command)
    let flow = try #require(result.flows.first { $0.flow == 1 })
    #expect(flow.storedFootage != nil)
    #expect(flow.details.contains { $0.kind == .upload && $0.text == "/cam1/20260314.mpg" })
    #expect(result.streams.first?.isStoredFootage == true)
    #expect(flow.service == .mpegps)
  }

  @Test(arguments: ["PORT 192,168,1,64,195,101", "EPRT |1|192.168.1.64|50021|"])
  func serverMayOpenTheDataConnection(command: String) throws {
    let result = Self.upload(answer: "200 ok", command: command, toServer: false)
    let flow = try #require(result.flows.first { $0.flow == 1 })
    #expect(flow.details.contains { $0.kind == .upload })
  }

  @Test func fetchedFileIsADownload() throws {
    let result = Self.upload(answer: "229 ok (|||50021|)", command: "EPSV", verb: "RETR")
    let flow = try #require(result.flows.first { $0.flow == 1 })
    #expect(flow.details.contains { $0.kind == .download })
  }

  @Test func anotherPortIsAnotherConnection() {
    let result = Self.upload(answer: "229 ok (|||50022|)", command: "EPSV")
    #expect(result.flows.first { $0.flow == 1 }?.storedFootage == nil)
    #expect(result.streams.first?.isStoredFootage == false)
  }

  /// Names are masked, passwords are not kept.
  @Test func secretsAreNotKept() throws {
    let result = Self.upload(answer: "229 ok (|||50021|)", command: "EPSV")
    let control = try #require(result.flows.first { $0.flow == 0 })
    #expect(control.details.contains { $0.kind == .userName && $0.text.hasPrefix("s*") })
    #expect(
      !control.details.contains { $0.text.contains("hunter") || $0.text.contains("secretary") })
  }

  @Test(arguments: [
    "1,2,3,4,5", "1,2,3,4,5,999", "", "1,2,3,4,5,x", "a", ",,,,,", "1,2,3,4,5,6,7",
  ])
  func brokenNumbersAreNoEndpoint(text: String) {
    let bytes = ascii(text)
    let found = FTPRecognizer.numbers(bytes.span, from: 0)
    let extended = FTPRecognizer.extended(bytes.span, from: 0)
    #expect((found == nil) == (text != "1,2,3,4,5,6,7"))
    #expect(extended == nil)
  }
}
