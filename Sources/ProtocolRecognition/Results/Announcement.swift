// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// When and where something was announced.
package struct AnnouncementPlace: Sendable, BitwiseCopyable {
  /// Running number of the packet over all inputs.
  package var number: UInt64
  /// The packet.
  package var packet: PacketReference
  /// The end that said it.
  package var speaker: IPAddress
  /// The end it was said to.
  package var listener: IPAddress

  package init(
    number: UInt64, packet: PacketReference, speaker: IPAddress, listener: IPAddress
  ) {
    self.number = number
    self.packet = packet
    self.speaker = speaker
    self.listener = listener
  }
}

/// How a name was learnt.
package enum NameSource: UInt8, Sendable, BitwiseCopyable {
  case dns
  case multicastDNS
  case llmnr
  case netBIOS
  case dhcp
}

/// A name for an address.
package struct NameAnnouncement: Sendable {
  package var place: AnnouncementPlace
  package var source: NameSource
  /// Seconds of validity as sent.
  package var timeToLive: UInt32
  /// The address named.
  package var address: IPAddress
  /// Index in `RecognitionResult.texts` of the name asked for.
  package var name: UInt32
  /// Index of the canonical name at the end of a CNAME chain; equal to `name` without one.
  package var canonicalName: UInt32

  package init(
    place: AnnouncementPlace, source: NameSource, timeToLive: UInt32, address: IPAddress,
    name: UInt32, canonicalName: UInt32
  ) {
    self.place = place
    self.source = source
    self.timeToLive = timeToLive
    self.address = address
    self.name = name
    self.canonicalName = canonicalName
  }
}

/// A lease given by DHCP.
package struct LeaseAnnouncement: Sendable {
  package var place: AnnouncementPlace
  package var address: IPAddress
  package var hardwareAddress: MACAddress?
  /// Option 12, empty when absent.
  package var hostName: String
  /// Option 60.
  package var vendorClass: String
  /// Option 55, the parameter request list.
  package var parameters: [UInt8]
}

/// A place where media will come from or go to.
package struct MediaEndpointAnnouncement: Sendable {
  package var place: AnnouncementPlace
  /// Address media is received at or sent from; `.unspecified` for any.
  package var address: IPAddress
  /// UDP port, or 0.
  package var port: UInt16
  /// Whether media leaves from this endpoint (`server_port`) rather than arrives there.
  package var isSource: Bool
  /// SSRC, where the signalling names one.
  package var synchronizationSource: UInt32?
  /// What the payload types mean.
  package var formats: [MediaFormat]
  /// `video`, `audio`, ...
  package var media: String
  /// Whether stored footage was asked for.
  package var isStoredFootage: Bool
}

/// One payload type of an SDP media description.
package struct MediaFormat: Sendable, Hashable {
  package var payloadType: UInt8
  /// Upper-case encoding name, empty when the SDP gives none.
  package var name: String
  package var clockRate: Int
  /// Decoded `sprop` parameter sets.
  package var parameterSets: [[UInt8]]
}

/// What STUN and TURN tell of addresses: the public address of a client (`mappedAddress`), the one
/// a relay gave it (`relayedAddress`), or the peer it reaches through the relay (`peerAddress`).
package struct RelayAnnouncement: Sendable {
  package var place: AnnouncementPlace
  /// The peer that data goes to, through the relay; `.unspecified` when none was named.
  package var peerAddress: IPAddress
  package var peerPort: UInt16
  /// The client's address as the relay sees it or gives it; `nil` when only the peer is named.
  package var mappedAddress: IPAddress?
  package var mappedPort: UInt16
  /// The address the relay gave to the client, `nil` unless it answered an allocation.
  package var relayedAddress: IPAddress?
  package var relayedPort: UInt16
}

/// How strongly a mark speaks for a device's identity (camera-protocols.md C7).
package enum MarkConfidence: UInt8, Sendable, Comparable, BitwiseCopyable {
  case weak = 0
  case indicative = 1
  case strong = 2
  case definite = 3

  package static func < (lhs: MarkConfidence, rhs: MarkConfidence) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}

/// Something a device said about itself.
package struct DeviceMark: Sendable {
  package var place: AnnouncementPlace
  /// The device.
  package var address: IPAddress
  /// Where it was read: `onvif_discovery`, `rtsp_server`, `http_server`, `sadp`, ...
  package var source: String
  /// Maker's name in lower case, empty when unknown.
  package var vendor: String
  package var model: String
  package var serial: String
  package var firmware: String
  package var macAddress: MACAddress?
  /// `camera`, `recorder`, `server`, `viewer` or empty.
  package var role: String
  /// The text that was read, at most 255 bytes.
  package var text: String
  package var confidence: MarkConfidence
}
