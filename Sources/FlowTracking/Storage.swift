// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

// The module's only unsafe code: memory that grows without moving what it holds, and loads of eight
// bytes at once.

/// Elements in slabs that never move, numbered densely from 0.
///
/// A growing array would copy every flow when it doubles and hold both copies for a moment
/// (measured: +20 % time, twice the memory on captures of many small flows).
@safe struct Slabs<Element>: ~Copyable {
  /// 1,024 elements a slab: small enough that 64 shards of a small capture cost little.
  private static var shift: Int { 10 }
  private static var mask: Int { (1 << shift) - 1 }

  /// Addresses of the slabs; apart from an array, whose own checks every access would repeat.
  private var slabs: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
  private var slabCapacity = 16
  private(set) var count = 0

  init() {
    unsafe slabs = .allocate(capacity: slabCapacity)
  }

  deinit {
    for index in stride(from: 0, to: count, by: 1 << Self.shift) {
      let slab = unsafe slabs[index >> Self.shift]
      unsafe slab.deinitialize(count: min(count - index, 1 << Self.shift))
      unsafe slab.deallocate()
    }
    unsafe slabs.deallocate()
  }

  /// Appends an element and returns its index.
  mutating func append(_ element: consuming Element) -> Int {
    let index = count
    if index & Self.mask == 0 { addSlab() }
    unsafe (slabs[index >> Self.shift] + (index & Self.mask)).initialize(to: element)
    count = index + 1
    return index
  }

  private mutating func addSlab() {
    let slabCount = count >> Self.shift
    if slabCount == slabCapacity {
      let larger = UnsafeMutablePointer<UnsafeMutablePointer<Element>>.allocate(
        capacity: slabCapacity * 2)
      unsafe larger.moveInitialize(from: slabs, count: slabCount)
      unsafe slabs.deallocate()
      unsafe slabs = larger
      slabCapacity *= 2
    }
    // Aligned to cache lines, so that an element of 128 bytes touches two.
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<Element>.stride << Self.shift, alignment: 64)
    unsafe (slabs + slabCount).initialize(
      to: bytes.bindMemory(to: Element.self, capacity: 1 << Self.shift))
  }

  subscript(index: Int) -> Element {
    @inline(__always) _read {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      yield unsafe slabs[index >> Self.shift][index & Self.mask]
    }
    @inline(__always) _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      yield unsafe &slabs[index >> Self.shift][index & Self.mask]
    }
  }
}

/// An array of zero bits, of fixed size, whose indices are masked, so that no index can leave it.
@safe struct MaskedArray<Element: BitwiseCopyable>: ~Copyable {
  private let storage: UnsafeMutablePointer<Element>
  let mask: Int

  /// Makes `count` (a power of two) elements of zero bits; pages that nobody touches cost nothing.
  init(zeroed count: Int) {
    precondition(count > 0 && count & (count - 1) == 0)
    // As Swift's own allocation ends a program that has no memory; how large tables become is
    // bounded by the number of flows (DESIGN.md §9).
    guard let bytes = unsafe calloc(count, MemoryLayout<Element>.stride) else {
      fatalError("out of memory")
    }
    unsafe storage = bytes.bindMemory(to: Element.self, capacity: count)
    mask = count - 1
  }

  deinit {
    unsafe free(storage)
  }

  subscript(index: Int) -> Element {
    @inline(__always) _read { yield unsafe storage[index & mask] }
    @inline(__always) nonmutating _modify { yield unsafe &storage[index & mask] }
  }
}

extension Span<UInt8> {
  /// Eight bytes in network order as a number; 0 where they are not there.
  @inline(__always)
  func bigEndian64(at offset: Int) -> UInt64 {
    guard offset >= 0, count &- offset >= 8 else { return 0 }
    return unsafe UInt64(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }
}
