// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What was seen behind the hardware addresses of a capture, in order of first sight.
struct HardwareTable: Sendable {
  /// What was seen behind one hardware address.
  struct Entry: Sendable {
    let address: MACAddress
    private(set) var inside: [IPAddress] = []
    var hasOutside = false

    init(_ address: MACAddress) { self.address = address }

    /// Whether packets of others come through it.
    var isRouter: Bool {
      hasOutside || inside.count { $0.isIPv4 } > InventoryBuilder.maximumAddressesOfDevice
    }

    /// Notes an inside address behind it.
    mutating func add(_ address: IPAddress) {
      guard inside.count <= 4 * InventoryBuilder.maximumAddressesOfDevice,
        !inside.contains(address)
      else { return }
      inside.append(address)
    }
  }

  var entries: [Entry] = []
  private var indices = AddressIndex()

  var count: Int { entries.count }

  /// The place of a hardware address in `entries`.
  func index(of address: MACAddress) -> Int? { indices[Self.key(address)] }

  subscript(address: MACAddress) -> Entry? { index(of: address).map { entries[$0] } }

  /// Adds an address that is not there yet; returns its place.
  mutating func append(_ address: MACAddress) -> Int {
    indices.set(entries.count, for: Self.key(address))
    entries.append(Entry(address))
    return entries.count - 1
  }

  /// The 48 bits where an index of 128-bit addresses takes them.
  private static func key(_ address: MACAddress) -> IPAddress {
    IPAddress(high: 0, low: address.bits)
  }
}
