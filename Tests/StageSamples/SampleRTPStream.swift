// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
internal import PacketDecoding
package import ProtocolRecognition

/// A stream of RTP packets with a clock, one timestamp a frame and a marker at its end.
package func rtpStream(
  flow: UInt32 = 0, packets: Int = 500, clock: Double = 90_000, framesPerSecond: Double = 25,
  packetsPerFrame: Int = 4, payloadType: UInt8 = 96, payloadBytes: Int = 1_000,
  direction: FlowDirection = .fromOriginator
) throws -> MediaStreamRecord {
  var stream = RTPStreamValidator(synchronizationSource: 0x693D_C6CC)
  for number in 0..<packets {
    let frame = number / packetsPerFrame
    let timestamp = UInt32(Double(frame) * clock / framesPerSecond)
    let isLast = number % packetsPerFrame == packetsPerFrame - 1
    let sequence = UInt16(truncatingIfNeeded: number + 65_000)
    var bytes: [UInt8] = [0x80, (isLast ? 0x80 : 0) | payloadType]
    bytes += [UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: timestamp >> UInt32(24 - 8 * $0)) }
    bytes += [0x69, 0x3D, 0xC6, 0xCC] + [UInt8](repeating: 0, count: payloadBytes)
    guard let header = RTPHeader(parsing: bytes.span, originalLength: bytes.count) else {
      throw SampleError.noRTPHeader(number)
    }
    stream.add(
      header, time: time(Double(frame) / framesPerSecond) + Int64(number % packetsPerFrame))
  }
  var record = MediaStreamRecord(
    stream: 0, flow: flow, direction: direction, isOverTCP: false, kind: .rtp)
  record.rtp = RTPRecord(stream: stream)
  record.units = UInt64(packets)
  record.evidence = [PacketReference(file: 0, frame: 3, time: time(0))]
  return record
}
