// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct RequestTargetTests {
  @Test(
    arguments: [
      ("/a/b?c=d", "", nil, "/a/b"), ("/", "", nil, "/"), ("", "", nil, ""), ("*", "", nil, "*"),
      ("http://h.example/p?q", "h.example", nil, "/p"), ("rtsp://u:p@h:554/x", "h", 554, "/x"),
      ("rtsp://u:p@h/x:1?y", "h", nil, "/x:1"), ("rtsp://h:port", "h", nil, ""),
      ("http://[2001:db8::1]:80/x", "[2001:db8::1]:80", nil, "/x"), ("x://a@b@c:7/", "c", 7, "/"),
      ("/see?u=http://z/p", "", nil, "/see"), ("a?u=http://z/p", "", nil, "a"),
      ("http://", "", nil, ""),
      ("h://é:99999/?", "é", nil, "/"),
    ] as [(String, String, UInt16?, String)])
  func partsAreTold(text: String, host: String, port: UInt16?, path: String) {
    let target = RequestTarget(text)
    #expect(target.host == host)
    #expect(target.port == port)
    #expect(target.path == path)
  }

  @Test(arguments: [
    ("/user=admin_password=x_channel=1_stream=0.sdp", "/user=***"),
    ("/p;jsessionid=7", "/p;jsessionid=***"),
    ("rtsp://h/live/Token=abc/x?y", "/live/Token=***"), ("/a=1/b=2", "/a=1/b=2"),
    ("/key=", "/key=***"),
    ("/x?password=1", "/x"), ("/password", "/password"),
  ])
  func valuesInPathsThatAreSecretAreLeftOut(text: String, path: String) {
    #expect(RequestTarget(text).path == path)
  }

  @Test func aHostHeaderEndsAfterWhatIsKeptOfAText() {
    for (text, host) in [
      ("cam.example", "cam.example"), ("cam.example:8080", "cam.example"), ("a@b/c", "b"),
      ("", ""), (":80", ""),
      (String(repeating: "h", count: 300), String(repeating: "h", count: 255)),
    ] {
      let line = "Host: " + text + "\r\n"
      let range = 6..<6 + text.utf8.count
      let found = RequestTarget.host(line.utf8.span, range)
      let name = line.utf8.span.text(found)
      #expect(name == host)
    }
  }

  @Test(arguments: [
    ("/Streaming/Tracks/101", true), ("/streaming/channels/101", false), ("/?StartTime=1", true),
    ("/CAM/playback?channel=1", true), ("/cam/realmonitor", false), ("", false), ("/replay", true),
    ("/mediaFileFind.cgi?x", true), ("mediafilefind", false),
  ])
  func storedFootageIsToldByItsPath(text: String, isStored: Bool) {
    #expect(StoredFootage.isAskedFor(by: text) == isStored)
  }

  @Test func letterSetsNeverHideAMatch() {
    let all = String((32..<127).compactMap { Unicode.Scalar($0).map(Character.init) })
    let letters = LetterSet(all.utf8.span)
    for banner in VendorBanners.servers {
      let mayHold = letters.mayHold(banner.text)
      #expect(mayHold)
    }
    let isFound = LetterSet("APP-WEBS".utf8.span).mayHold("app-webs")
    #expect(isFound)
    let isElsewhere = LetterSet("nginx".utf8.span).mayHold("app-webs")
    #expect(!isElsewhere)
  }
}
