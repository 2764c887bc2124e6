// SPDX-License-Identifier: Apache-2.0

/// The fixed hash of flow keys: folded 64 x 64 -> 128 bit multiplications, the mixing step of
/// [wyhash](https://github.com/wangyi-fudan/wyhash).
///
/// No seed: shards must not depend on the run. Tables inside a shard add their own.
enum KeyHash {
  /// Odd words with balanced bits: the fractions of the square roots of 2, 3, 5 and 7, the
  /// initial words of SHA-384's relatives
  /// ([FIPS 180-4 §5.3.5](https://doi.org/10.6028/NIST.FIPS.180-4)), last bit set.
  static let seeds: (UInt64, UInt64, UInt64, UInt64) = (
    0x6A09_E667_F3BC_C909, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1
  )

  /// Both halves of the 128-bit product, folded.
  @inline(__always)
  static func fold(_ lhs: UInt64, _ rhs: UInt64) -> UInt64 {
    let product = lhs.multipliedFullWidth(by: rhs)
    return product.high ^ product.low
  }

  /// The hash of a key, its top six bits those of the address pair alone.
  @inline(__always)
  static func of(addresses: UInt64, portsAndProtocol: UInt64) -> UInt64 {
    let mixed = fold(addresses ^ seeds.2, portsAndProtocol ^ seeds.3)
    return addresses & shardBits | mixed & ~shardBits
  }

  /// The bits of a hash that choose one of the 64 logical shards.
  private static let shardBits: UInt64 = 0xFC00_0000_0000_0000
}

extension DecodedPacket {
  /// Hash of the address pair, the same in both directions because the key is in order.
  @inline(__always)
  var addressHash: UInt64 {
    let first = firstLow ^ (firstHigh &<< 29 | firstHigh &>> 35)
    let second = secondLow ^ (secondHigh &<< 43 | secondHigh &>> 21)
    return KeyHash.fold(first ^ KeyHash.seeds.0, second ^ KeyHash.seeds.1)
  }

  /// Puts the endpoints, of which the source still comes first, and the ports into the key's
  /// order and hashes it.
  @inline(__always)
  mutating func orderKey(sourcePort: UInt16, destinationPort: UInt16) {
    let (sourceHigh, sourceLow) = (firstHigh, firstLow)
    let (destinationHigh, destinationLow) = (secondHigh, secondLow)
    var ports = UInt64(sourcePort) &<< 48 | UInt64(destinationPort) &<< 32
    let isReversed: Bool
    if sourceHigh != destinationHigh {
      isReversed = destinationHigh < sourceHigh
    } else if sourceLow != destinationLow {
      isReversed = destinationLow < sourceLow
    } else {
      isReversed = destinationPort < sourcePort
    }
    if isReversed {
      firstHigh = destinationHigh
      firstLow = destinationLow
      secondHigh = sourceHigh
      secondLow = sourceLow
      ports = UInt64(destinationPort) &<< 48 | UInt64(sourcePort) &<< 32
      flags.insert(.isReversed)
    }
    portsAndProtocol = ports | UInt64(protocolNumber)
    hashKey()
  }

  /// The same for IPv4: `ports` are the source's (16) and the destination's (16).
  ///
  /// Address and port in one word are in order where the pair is, so nothing branches.
  @inline(__always)
  mutating func orderKey(source: UInt32, destination: UInt32, ports: UInt32) {
    let sender = UInt64(source) &<< 16 | UInt64(ports &>> 16)
    let receiver = UInt64(destination) &<< 16 | UInt64(ports & 0xFFFF)
    let first = min(sender, receiver)
    let second = max(sender, receiver)
    firstHigh = 0
    firstLow = IPAddress(v4: UInt32(truncatingIfNeeded: first &>> 16)).low
    secondHigh = 0
    secondLow = IPAddress(v4: UInt32(truncatingIfNeeded: second &>> 16)).low
    portsAndProtocol = first &<< 48 | (second & 0xFFFF) &<< 32 | UInt64(protocolNumber)
    if receiver < sender {
      flags = PacketFlags(rawValue: flags.rawValue | PacketFlags.isReversed.rawValue)
    }
    hashKey()
  }

  /// Hashes the key, which is in order.
  @inline(__always)
  mutating func hashKey() {
    keyHash = KeyHash.of(addresses: addressHash, portsAndProtocol: portsAndProtocol)
  }

  /// Puts the source first again.
  mutating func restoreDirection() {
    guard flags.contains(.isReversed) else { return }
    flags.remove(.isReversed)
    swap(&firstHigh, &secondHigh)
    swap(&firstLow, &secondLow)
  }

  /// Makes the VLAN, if the packet has one, part of the key; plus one, so that 0 says "none".
  mutating func addVLANToKey() {
    guard vlan != DecodedPacket.noVLAN else { return }
    portsAndProtocol |= (UInt64(vlan) &+ 1) &<< 16
    hashKey()
  }

  /// The ports by direction.
  var ports: (source: UInt16, destination: UInt16) {
    let first = UInt16(truncatingIfNeeded: portsAndProtocol >> 48)
    let second = UInt16(truncatingIfNeeded: portsAndProtocol >> 32)
    return flags.contains(.isReversed) ? (second, first) : (first, second)
  }
}
