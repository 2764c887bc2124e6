// SPDX-License-Identifier: Apache-2.0

/// Who is who in the generated network: every function maps a number to the same host always.
enum AddressPlan {
  /// Inside hosts that open ordinary connections; with 60,000 ports each, no five-tuple repeats
  /// below 240 million flows.
  static let hostCount = 4_000
  static let firstEphemeralPort = 2_048
  static let portCount = 60_000
  /// Names, and servers behind them.
  static let siteCount = 20_000

  private static let gatewayMAC: UInt64 = 0x0000_5E00_0101
  private static let insideNetwork: UInt64 = 0xFD4C_656E_7300_0000

  /// Hikvision, Dahua, Uniview, Reolink and Axis prefixes of the IEEE registry.
  private static let cameraPrefixes: [UInt64] = [0x4419B6, 0x08EDED, 0x48EA63, 0xEC71DB, 0x00408C]

  private static func mixed(_ number: Int) -> UInt64 {
    var random = SplitMix64(seed: UInt64(number))
    return random.next()
  }

  /// The originator of ordinary flow `index`: host and port are unique to it.
  static func client(_ index: Int, isIPv6: Bool) -> Endpoint {
    let host = index % hostCount
    return Endpoint(
      mac: 0x3C22_FB00_0000 | UInt64(host),
      address: isIPv6
        ? .ipv6(insideNetwork | 1, UInt64(host + 16))
        : .ipv4(0x0A0A_0000 + UInt32(host + 16)),
      port: UInt16(firstEphemeralPort + index / hostCount % portCount))
  }

  static func resolver(isIPv6: Bool) -> Endpoint {
    Endpoint(
      mac: 0x0200_0A0A_0035,
      address: isIPv6 ? .ipv6(insideNetwork | 1, 0x53) : .ipv4(0x0A0A_0A35), port: 53)
  }

  static func camera(_ number: Int, isIPv6: Bool, port: UInt16) -> Endpoint {
    Endpoint(
      mac: cameraPrefixes[number % cameraPrefixes.count] << 24 | UInt64(number + 1),
      address: isIPv6
        ? .ipv6(insideNetwork | 0x64, UInt64(number + 16))
        : .ipv4(0xC0A8_4000 + UInt32(number / 200 * 256 + 10 + number % 200)), port: port)
  }

  /// Every third camera sends to the recorder inside, the others to viewers outside.
  static func viewer(_ number: Int, isIPv6: Bool, port: UInt16) -> Endpoint {
    guard number % 3 == 2 else {
      return outside(1_000_000 + number % 20, isIPv6: isIPv6, port: port)
    }
    return Endpoint(
      mac: 0x000C_2900_0002,
      address: isIPv6 ? .ipv6(insideNetwork | 0x64, 2) : .ipv4(0xC0A8_4002), port: port)
  }

  static func telephone(_ number: Int, isIPv6: Bool, port: UInt16) -> Endpoint {
    Endpoint(
      mac: 0x0004_F200_0000 | UInt64(number),
      address: isIPv6
        ? .ipv6(insideNetwork | 0x70, UInt64(number + 16))
        : .ipv4(0xC0A8_7800 + UInt32(number / 200 * 256 + 10 + number % 200)), port: port)
  }

  /// A host outside, beyond the gateway, in ranges that are ordinary global unicast.
  static func outside(_ number: Int, isIPv6: Bool, port: UInt16) -> Endpoint {
    let word = mixed(number)
    let networks: [UInt32] = [5, 23, 31, 46, 77, 95, 104, 142, 151, 185]
    let networks6: [UInt64] = [0x2A00_1450, 0x2606_4700, 0x2A02_06B8, 0x2001_41D0, 0x2400_CB00]
    let address: Address =
      isIPv6
      ? .ipv6(networks6[Int(word % 5)] << 32 | (word >> 8) & 0xFFFF, (word >> 24) & 0xFFFF_FFFF)
      : .ipv4(networks[Int(word % 10)] << 24 | UInt32(truncatingIfNeeded: word >> 16) & 0xFF_FFFF)
    return Endpoint(mac: gatewayMAC, address: address, port: port)
  }

  static func siteIsIPv6(_ site: Int) -> Bool { site % 6 == 5 }

  static func server(ofSite site: Int, port: UInt16) -> Endpoint {
    outside(site, isIPv6: siteIsIPv6(site), port: port)
  }

  static func name(ofSite site: Int) -> String {
    let services = ["www", "api", "cdn", "static", "upload", "mail", "push", "img"]
    return "\(services[site % 8]).site-\(site / 8).example"
  }
}
