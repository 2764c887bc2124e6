// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// A file that a control connection said would be sent, and where its data connection goes.
struct FileTransfer: Sendable {
  /// The flow of the control connection.
  var flow: UInt32 = 0
  /// Where the data connection is answered; `nil` for the server, as said for either kind of
  /// address.
  var address: IPAddress?
  var port: UInt16
  var path: String
  /// Whether the client sends the file.
  var isUpload: Bool
  /// The client, as the control connection has it.
  var direction: FlowDirection
  /// The packet that named the file.
  var packet: PacketReference
}

extension RecognitionContext {
  /// Notes a file of the current flow.
  mutating func note(_ transfer: FileTransfer) {
    guard bounded(fileTransfers.count, limits.fileTransfers, .fileTransfers) else { return }
    var transfer = transfer
    transfer.flow = flow
    fileTransfers.append(transfer)
  }
}

/// Gives data connections the names of their files.
enum FileTransferJoin {
  /// Longest time between the command and the first media of its data connection, in nanoseconds:
  /// twice the time that clients wait for a connection to open (60 s in common ones).
  static let maximumDistance: Int64 = 120_000_000_000

  /// Joins the media streams of one shard with what was said of files; both connections have the
  /// same two addresses and so the same shard.
  static func join(
    _ result: inout RecognitionResult, _ flows: inout [UInt32: Int],
    endpoints: (UInt32) -> FlowEndpoints
  ) {
    guard !result.fileTransfers.isEmpty else { return }
    for index in result.streams.indices where result.streams[index].isOverTCP {
      let stream = result.streams[index]
      let ends = endpoints(stream.flow)
      let transfer = result.fileTransfers.last { transfer in
        let control = endpoints(transfer.flow)
        let hosts = [control.originatorAddress, control.responderAddress]
        // Behind an address translator the address said is another than the one used.
        return ends.responderPort == transfer.port && hosts.contains(ends.responderAddress)
          && hosts.contains(ends.originatorAddress)
          && (stream.firstTime &- transfer.packet.time).magnitude < UInt64(maximumDistance)
      }
      guard let transfer else { continue }
      let target = flows[stream.flow] ?? result.flows.count
      if flows[stream.flow] == nil {
        flows[stream.flow] = target
        result.flows.append(FlowRecognition(flow: stream.flow))
      }
      if result.flows[target].service == nil {
        result.flows[target].service = .ftp
        result.flows[target].evidence = stream.evidence.first
      }
      result.streams[index].isStoredFootage = true
      var details = result.flows[target].details
      guard details.count < RecognitionContext.maximumDetails else { continue }
      details.append(
        FlowFact(
          kind: transfer.isUpload ? .upload : .download, text: transfer.path,
          direction: stream.direction, packet: transfer.packet))
      result.flows[target].details = details
      if result.flows[target].storedFootage == nil {
        result.flows[target].storedFootage = transfer.packet
      }
    }
  }
}
