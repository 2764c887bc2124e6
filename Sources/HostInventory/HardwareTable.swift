// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What was seen behind the hardware addresses of a capture, in order of first sight.
struct HardwareTable: Sendable {
  /// What was seen behind one hardware address.
  struct Entry: Sendable {
    let address: MACAddress
    var hasOutside = false
    /// Inside addresses behind it, as far as counted.
    private(set) var insideCount = 0
    private var insideIPv4Count = 0
    /// The first of them, and those after it, which few have.
    private var first = IPAddress.unspecified
    private var others: [IPAddress] = []

    init(_ address: MACAddress) { self.address = address }

    /// Whether packets of others come through it.
    var isRouter: Bool {
      hasOutside || insideIPv4Count > InventoryBuilder.maximumAddressesOfDevice
    }

    /// Notes an inside address behind it.
    mutating func add(_ address: IPAddress) {
      guard insideCount <= 4 * InventoryBuilder.maximumAddressesOfDevice else { return }
      if insideCount == 0 {
        first = address
      } else {
        guard address != first, !others.contains(address) else { return }
        others.append(address)
      }
      insideCount += 1
      if address.isIPv4 { insideIPv4Count += 1 }
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
    entries.append(Entry(address))
    return indices.number(of: Self.key(address))
  }

  /// The 48 bits where an index of 128-bit addresses takes them.
  private static func key(_ address: MACAddress) -> IPAddress {
    IPAddress(high: 0, low: address.bits)
  }
}
