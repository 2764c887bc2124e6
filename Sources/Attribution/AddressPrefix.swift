// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// A block of addresses with a common prefix, of one family.
public struct AddressPrefix: Hashable, Sendable {
  /// The first address.
  public let address: IPAddress
  /// Bits in the prefix: 0...32 for IPv4, 0...128 for IPv6.
  public let length: Int

  /// Makes a prefix, or `nil` if the length does not fit the family or host bits are set.
  public init?(address: IPAddress, length: Int) {
    let bits = address.isIPv4 ? 32 : 128
    guard (0...bits).contains(length) else { return nil }
    self.address = address
    self.length = length
    guard UInt128(address) & hostMask == 0 else { return nil }
  }

  /// Reads `address/length`, or an address alone as a prefix of full length.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let address = IPAddress(first) else {
      return nil
    }
    guard parts.count == 2 else {
      self.init(address: address, length: address.isIPv4 ? 32 : 128)
      return
    }
    guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(parts[1])
    else { return nil }
    // ::ffff:192.0.2.0/120 is 192.0.2.0/24.
    let isMapped = address.isIPv4 && first.utf8.contains(UInt8(ascii: ":"))
    self.init(address: address, length: isMapped ? length - 96 : length)
  }

  private var hostMask: UInt128 {
    let hostBits = (address.isIPv4 ? 32 : 128) - length
    return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
  }

  /// Whether an address of the same family lies in the block.
  public func contains(_ other: IPAddress) -> Bool {
    other.isIPv4 == address.isIPv4 && UInt128(other) & ~hostMask == UInt128(address)
  }

  /// Whether the whole of another block lies in this one.
  public func contains(_ other: AddressPrefix) -> Bool {
    other.length >= length && contains(other.address)
  }

  /// The last address.
  public var last: IPAddress { IPAddress(UInt128(address) | hostMask) }
}

extension AddressPrefix: CustomStringConvertible {
  /// `address/length`.
  public var description: String { "\(address)/\(length)" }
}
