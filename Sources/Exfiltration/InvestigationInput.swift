// SPDX-License-Identifier: Apache-2.0

package import Attribution
package import FlowTracking
package import HostInventory
package import MediaInspection
package import PacketDecoding
package import ProtocolRecognition
internal import Synchronization
package import VideoDetection

/// What the capture as a whole covers.
package struct CaptureScope: Sendable {
  /// Packets left out because the filter has no meaning for their link type.
  package var unfilteredPackets: UInt64 = 0
  /// Names of those link types.
  package var unfilteredLinkTypes: [String] = []
  /// Packets of link types that are not decoded, in the whole files.
  package var undecodedPackets: UInt64 = 0
  /// Names of those link types.
  package var undecodedLinkTypes: [String] = []
  /// Packets that belong to no flow: no IP that is read, those of link types not decoded included.
  package var packetsWithoutFlow: UInt64 = 0
  /// Ciphered 802.11 frames.
  package var cipheredFrames: UInt64 = 0
  /// Records that the capture file gives no time.
  package var untimedPackets: UInt64 = 0
  /// Time of the first packet, nanoseconds since 1970.
  package var firstTime: Int64?
  /// Time of the last packet.
  package var lastTime: Int64?
  /// Times that no input covers.
  package var gaps: [ClosedRange<Int64>] = []
  /// Packets read.
  package var packets: UInt64 = 0
  /// Packets that the capturing machines report as lost; `nil` where none reports.
  package var droppedPackets: UInt64?
  /// Places of the capture files that are damaged.
  package var damagedPlaces: UInt64 = 0
  /// Bytes passed over there.
  package var skippedBytes: UInt64 = 0
  /// Records of which fewer bytes were captured than sent.
  package var truncatedPackets: UInt64 = 0
  /// Copies of packets by where both were captured, the most first.
  package var duplicates: [DuplicateRoute] = []
  /// Fragments whose datagram was not complete.
  package var incompleteFragments: UInt64 = 0
  /// Datagrams that were not complete.
  package var incompleteDatagrams: UInt64 = 0
  /// What met a bound while packets ran.
  package struct Bounds: Sendable {
    /// Flows that were not looked for on the other side of an address translator.
    package var firstPayloads = BoundCount()
    /// Packets of flows beyond the bound of the flow table.
    package var flows = BoundCount()
    /// Streams whose holes were given up by the bound of reassembly.
    package var reassembly = BoundCount()
    /// Copies that are not told of their flows.
    package var copies = BoundCount()
    /// Segments out of order that are not told of their flows.
    package var disorders = BoundCount()
    /// Flows whose traffic over time is not kept.
    package var traffics = BoundCount()
    /// Flows whose seconds were joined.
    package var timeBins = BoundCount()
    /// Directions whose rhythm was not measured, or not to its end.
    package var rhythms = BoundCount()
    /// Datagrams that were given up because too many were under way.
    package var fragments = BoundCount()

    /// No bound was met.
    package init() {}
  }

  /// What met a bound while packets ran.
  package var bounds = Bounds()
  /// Whether all of the input was read.
  package var isComplete = true

  /// An empty scope.
  package init() {}

  /// Seconds from the first to the last packet that are not gaps.
  package var secondsCovered: Double {
    guard let firstTime, let lastTime, lastTime > firstTime else { return 0 }
    let missing = gaps.reduce(0.0) { $0 + Double($1.upperBound) - Double($1.lowerBound) }
    return max(0, Double(lastTime) - Double(firstTime) - missing) / 1e9
  }
}

/// Everything that findings are made of, collected by the analyzer.
package struct InvestigationInput {
  /// What recognition learnt, one result a shard in order of shards, after `SignallingJoin`.
  package var recognition: [RecognitionResult]
  /// What the bitstream of a stream of a shard shows.
  package var proof: @Sendable (Int, UInt32) -> MediaProof?
  /// What the rhythm of a direction says; `nil` where it was not measured.
  package var timing: (FlowPlace, FlowDirection) -> TimingAssessment? = { _, _ in nil }
  /// Where addresses are.
  package var attributor: Attributor
  /// What the capture covers.
  package var scope: CaptureScope
  /// Makers of hardware addresses.
  package var hardwareVendors = HardwareVendors.shared
  /// Addresses declared to be cameras.
  package var declaredCameras: [IPAddress] = []
  /// What may be kept of what the flows add up to.
  package var limits = MemoryLimits.standard
  /// Devices of the policy file.
  package var knownDevices: [PolicyFile.KnownDevice] = []
  /// Traffic that the policy file expects, with the reason.
  package var exceptions: [PolicyFile.PolicyException] = []
  /// The clock by which night is told; `nil` where none was given.
  package var timeZone: LocalTimeZone?
  /// Hardware addresses declared to be cameras.
  package var declaredCameraHardware: [MACAddress] = []
  /// Threads among which independent work is shared out; the result is the same for any number.
  package var threadCount = 1
  /// Runs the body for all of `0..<count`, on any of those threads, and returns when all have run.
  package var share: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void = {
    count, body in
    for index in 0..<count { body(index) }
  }

  /// Collects an input.
  package init(
    recognition: [RecognitionResult], proof: @escaping @Sendable (Int, UInt32) -> MediaProof?,
    attributor: Attributor, scope: CaptureScope
  ) {
    self.recognition = recognition
    self.proof = proof
    self.attributor = attributor
    self.scope = scope
  }

  /// The values of `body` for `0..<count`, in order, made by the threads.
  func values<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    guard count > 1 else { return (0..<count).map(body) }
    let values = SharedValues<Value>(count)
    share(count) { index in
      let value = body(index)
      values.values.withLock { $0[index] = value }
    }
    return values.values.withLock { $0.compactMap { $0 } }
  }
}

/// Values that several threads make.
private final class SharedValues<Value: Sendable>: Sendable {
  let values: Mutex<[Value?]>

  init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
}
