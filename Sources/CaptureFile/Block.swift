// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Owns one buffer of capture bytes; every batch made from them refers to it.
///
/// The buffer returns to its pool when the last batch that names the block is released.
/// Written by the one thread that filled it, read-only from then on, hence `Sendable`.
@safe package final class Block: @unchecked Sendable {
  /// Size of the buffers that capture files are read into.
  ///
  /// Blocks of up to 1 MiB stay in the L2 cache; of smaller ones with large packets each shard has
  /// too few for what it touches besides them (measured: 256 KiB cost 3 % more to the flow table).
  package static let standardByteCount = 512 << 10

  private let storage: UnsafeMutableRawBufferPointer
  private let pool: BlockPool?

  /// Number of bytes of the buffer that hold data.
  package private(set) var count = 0

  /// Number of bytes that the buffer can hold.
  package var capacity: Int { unsafe storage.count }

  /// Makes a block outside any pool, for one oversized record or a test.
  package init(byteCount: Int) {
    unsafe storage = .allocate(byteCount: max(byteCount, 1), alignment: 64)
    pool = nil
  }

  fileprivate init(storage: UnsafeMutableRawBufferPointer, pool: BlockPool) {
    unsafe self.storage = unsafe storage
    self.pool = pool
  }

  deinit {
    if let pool {
      unsafe pool.takeBack(storage)
    } else {
      unsafe storage.deallocate()
    }
  }

  /// The bytes that hold data.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let buffer = unsafe UnsafeBufferPointer(
        start: storage.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
      return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
    }
  }

  /// Lets `body` fill the whole buffer; it returns how many bytes now hold data.
  package func fill<E>(_ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) {
    let filled = unsafe try body(storage)
    count = min(max(filled, 0), capacity)
  }

  /// Forgets the data.
  func clear() {
    count = 0
  }

  /// Adds bytes of `source` behind the data, until there are `limit` bytes or the source ends.
  func append(from source: any ByteSource, to limit: Int) {
    let end = min(limit, capacity)
    guard end > count else { return }
    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count..<end])
    let added = unsafe source.read(into: rest)
    count += min(max(added, 0), rest.count)
  }

  /// Copies `source` into the start of the buffer, as far as it fits.
  package func copy(from source: Span<UInt8>) {
    let length = min(source.count, capacity)
    unsafe source.withUnsafeBytes { bytes in
      unsafe storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }
    count = length
  }
}

/// Buffers of one size that are used again; the engine bounds how many are in
/// use by bounding the segments under way.
@safe package final class BlockPool: Sendable {
  /// Addresses of the buffers that no block holds.
  private let free = Mutex<[UInt]>([])
  /// Number of bytes of each buffer.
  package let blockByteCount: Int

  /// Makes a pool that keeps released buffers of `blockByteCount` bytes.
  package init(blockByteCount: Int = Block.standardByteCount) {
    self.blockByteCount = blockByteCount
  }

  deinit {
    free.withLock { addresses in
      for address in addresses { unsafe Self.buffer(address, blockByteCount).deallocate() }
    }
  }

  /// Takes a buffer of the pool, or a new one.
  package func take() -> Block {
    let address = free.withLock { $0.popLast() }
    let storage =
      unsafe address.map { unsafe Self.buffer($0, blockByteCount) }
      ?? .allocate(byteCount: blockByteCount, alignment: 64)
    return unsafe Block(storage: storage, pool: self)
  }

  fileprivate func takeBack(_ storage: UnsafeMutableRawBufferPointer) {
    let address = UInt(bitPattern: storage.baseAddress)
    free.withLock { $0.append(address) }
  }

  private static func buffer(_ address: UInt, _ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: address), count: byteCount)
  }
}
