// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// A host of the inside with everything the capture tells about it.
public struct Device: Sendable {
  /// `D` and the number of the device by its first packet, from 1.
  public var id: String
  /// Addresses in order of their first packets; none where only DHCP messages of a client whose
  /// lease was not captured tell of the device.
  public var addresses: [IPAddress]
  /// Hardware addresses, where they are the device's own and not a router's.
  public var macs: [MACAddress]
  /// Maker in lower case, by what the device says of itself, else by its hardware address.
  public var vendor: String?
  /// Model, where a protocol tells it.
  public var model: String?
  /// Serial number, where a protocol tells it.
  public var serial: String?
  /// Firmware version, where a protocol tells it.
  public var firmware: String?
  /// Names in order of source, then of first packet.
  ///
  /// Text from packets: hostile.
  public var names: [DeviceName]
  /// Roles, the surest first; at least one (`unknown`).
  public var roles: [DeviceRole]
  /// First packet to or from the device.
  public var firstPacket: PacketReference
  /// What contradicts what: marks of two makers, a camera mark on a server.
  public var contradictions: [String]

  /// Makes a device.
  package init(
    id: String, addresses: [IPAddress], macs: [MACAddress] = [], vendor: String? = nil,
    model: String? = nil, serial: String? = nil, firmware: String? = nil,
    names: [DeviceName] = [], roles: [DeviceRole] = [], firstPacket: PacketReference,
    contradictions: [String] = []
  ) {
    self.id = id
    self.addresses = addresses
    self.macs = macs
    self.vendor = vendor
    self.model = model
    self.serial = serial
    self.firmware = firmware
    self.names = names
    self.roles = roles
    self.firstPacket = firstPacket
    self.contradictions = contradictions
  }

  /// Whether the device counts as a camera or recorder.
  public var isCameraOrRecorder: Bool {
    roles.contains { $0.role == .camera || $0.role == .recorder }
  }
}

/// A name of a device.
public struct DeviceName: Sendable, Hashable {
  /// The name as sent.
  public var name: String
  /// Where it was learnt: `dhcp`, `dns`, `mdns`, `llmnr`, `netbios`, `policy`.
  public var source: String

  /// Makes a name.
  public init(name: String, source: String) {
    self.name = name
    self.source = source
  }
}

/// What a device is for, with the marks that say so.
public struct DeviceRole: Sendable, Hashable {
  /// What a device can be.
  public enum Role: String, Sendable, CaseIterable {
    /// Records pictures and sends them.
    case camera
    /// Stores or relays the pictures of cameras.
    case recorder
    /// Shows pictures.
    case viewer
    /// Serves something else.
    case server
    /// Forwards for other hosts.
    case gateway
    /// A handset or tablet.
    case phone
    /// Nothing is known.
    case unknown
  }

  /// How sure the role is.
  public enum Confidence: String, Sendable, CaseIterable, Comparable {
    /// Indicated by too little to rely on.
    case weak
    /// Indicated.
    case indicative
    /// Well supported.
    case strong
    /// Said by the device itself in its maker's protocol, or declared by the user.
    case definite

    /// Orders by strength.
    public static func < (lhs: Confidence, rhs: Confidence) -> Bool {
      lhs.strength < rhs.strength
    }

    private var strength: Int {
      switch self {
      case .weak: 0
      case .indicative: 1
      case .strong: 2
      case .definite: 3
      }
    }
  }

  /// The role.
  public var role: Role
  /// How sure it is.
  public var confidence: Confidence
  /// The marks, the weightiest first, as sentences.
  ///
  /// Parts from packets are hostile.
  public var marks: [String]

  /// Makes a role.
  public init(role: Role, confidence: Confidence, marks: [String]) {
    self.role = role
    self.confidence = confidence
    self.marks = marks
  }
}
