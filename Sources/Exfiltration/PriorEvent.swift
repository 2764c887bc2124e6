// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// Something that happened on a device before it first sent video out.
///
/// Events are listed in order of time; none is called a cause.
public struct PriorEvent: Sendable, Hashable {
  /// What happened.
  public enum Kind: String, Sendable, CaseIterable {
    /// Somebody outside opened a connection to the device and was answered.
    case inboundConnection = "inbound_connection"
    /// The device loaded a file, or much data, from outside.
    case download
    /// The device loaded a file whose name says that it is firmware.
    case firmwareDownload = "firmware_download"
    /// The device asked for a name for the first time in the capture.
    case newName = "new_name"
    /// Somebody changed the device's configuration.
    case configurationWrite = "configuration_write"
  }

  /// What happened.
  public var kind: Kind
  /// When, nanoseconds since 1970.
  public var time: Int64
  /// One sentence part with who, what and how much; parts of it come from packets.
  public var text: String
  /// The other end.
  public var peer: IPAddress?
  /// Name asked for, host and path loaded, or operation; hostile text.
  public var name: String?
  /// Bytes received, for downloads.
  public var bytes: UInt64?
  /// Where to look.
  public var packets: [PacketReference]

  /// Makes an event.
  public init(
    kind: Kind, time: Int64, text: String, peer: IPAddress? = nil, name: String? = nil,
    bytes: UInt64? = nil, packets: [PacketReference] = []
  ) {
    self.kind = kind
    self.time = time
    self.text = text
    self.peer = peer
    self.name = name
    self.bytes = bytes
    self.packets = packets
  }
}
