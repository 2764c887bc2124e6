// SPDX-License-Identifier: Apache-2.0

/// Writes small MaxMind DB files, format 2.0.
struct MaxMindFile {
  enum Value {
    case text(String)
    case number(UInt64)
    case boolean(Bool)
    case map([(String, Value)])
    /// A pointer to a record by its index, which must be smaller than that of the record.
    case pointer(Int)
  }

  /// Children of each node: a node, nothing, or a data record.
  enum Record: Equatable {
    case node(Int)
    case empty
    case data(Int)
  }

  var nodes: [(Record, Record)] = [(.empty, .empty)]
  var values: [Value] = []
  var recordSize = 24
  var ipVersion = 6
  var buildEpoch: UInt64 = 1_667_001_600  // 2022-10-29

  /// Puts a value under a prefix given by its bits, most significant first.
  mutating func insert(_ bits: UInt128, length: Int, _ record: Record) {
    let width = ipVersion == 6 ? 128 : 32
    var node = 0
    for depth in 0..<length {
      let isOne = bits >> UInt128(width - 1 - depth) & 1 == 1
      if depth == length - 1 {
        set(node, isOne, record)
        return
      }
      if case .node(let next) = isOne ? nodes[node].1 : nodes[node].0 {
        node = next
      } else {
        nodes.append((.empty, .empty))
        set(node, isOne, .node(nodes.count - 1))
        node = nodes.count - 1
      }
    }
  }

  private mutating func set(_ node: Int, _ isOne: Bool, _ record: Record) {
    if isOne { nodes[node].1 = record } else { nodes[node].0 = record }
  }

  func bytes() -> [UInt8] {
    var section: [UInt8] = []
    var offsets: [Int] = []
    for value in values {
      offsets.append(section.count)
      section += encoded(value, offsets)
    }
    var file: [UInt8] = []
    func number(_ record: Record) -> UInt64 {
      switch record {
      case .node(let index): UInt64(index)
      case .empty: UInt64(nodes.count)
      case .data(let index): UInt64(nodes.count + 16 + offsets[index])
      }
    }
    for (left, right) in nodes {
      let zero = number(left)
      let one = number(right)
      switch recordSize {
      case 24: file += big(zero, 3) + big(one, 3)
      case 28:
        file += big(zero & 0xFF_FFFF, 3) + [UInt8((zero >> 24) << 4 | one >> 24)]
        file += big(one & 0xFF_FFFF, 3)
      default: file += big(zero, 4) + big(one, 4)
      }
    }
    file += [UInt8](repeating: 0, count: 16) + section
    file += [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
    file += encoded(
      .map([
        ("binary_format_major_version", .number(2)), ("build_epoch", .number(buildEpoch)),
        ("database_type", .text("Test")), ("ip_version", .number(UInt64(ipVersion))),
        ("node_count", .number(UInt64(nodes.count))), ("record_size", .number(UInt64(recordSize))),
      ]), [])
    return file
  }

  private func encoded(_ value: Value, _ offsets: [Int]) -> [UInt8] {
    switch value {
    case .text(let text):
      let bytes = Array(text.utf8)
      return bytes.count < 29
        ? [2 << 5 | UInt8(bytes.count)] + bytes
        : [2 << 5 | 29, UInt8(bytes.count - 29)] + bytes  // up to 284 bytes
    case .number(let number):
      // uint64 is an extended type.
      let length = (64 - number.leadingZeroBitCount + 7) / 8
      return [UInt8(length), 2] + big(number, length)
    case .boolean(let flag): return [flag ? 1 : 0, 7]
    case .map(let members):
      return [7 << 5 | UInt8(members.count)]
        + members.flatMap { encoded(.text($0.0), offsets) + encoded($0.1, offsets) }
    case .pointer(let index):
      let offset = offsets[index]
      return [1 << 5 | UInt8(offset >> 8), UInt8(offset & 0xFF)]
    }
  }

  private func big(_ number: UInt64, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (length - 1 - $0))) }
  }
}
