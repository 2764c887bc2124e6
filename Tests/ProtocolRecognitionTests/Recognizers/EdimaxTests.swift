// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import ProtocolRecognition

struct EdimaxTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .edimax, datagrams: true, port: 50_474,
      [
        (
          .fromOriginator,
          ascii("<param><code value=\"1300\" /><port value=\"50474\" /></param>")
        ),
        (.fromResponder, ascii("<param><code value=\"1400\" /><port value=\"50474\" /></param>")),
      ])
  ]

  /// The maker is named, and nothing is said of what the device is: plugs speak it too.
  @Test func namesTheMaker() {
    let marks = recognise(.edimax).marks
    #expect(marks.map(\.vendor) == ["edimax", "edimax"])
    #expect(marks.allSatisfy { $0.role.isEmpty && $0.confidence == .weak })
    #expect(marks.map(\.text) == ["message with code 1300", "message with code 1400"])
  }

  @Test(arguments: [
    "<param><code value=\"13\" /></param>", "<param><code value=\"13000\" />", "<param><port ",
    "<param><code value=\"13x0\" />", "<param><code value=\"1300",
  ]) func otherParametersAreNotTheirs(text: String) {
    #expect(EdimaxRecognizer.code(ascii(text).span) == nil)
  }
}
