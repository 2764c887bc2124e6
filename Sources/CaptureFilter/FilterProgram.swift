// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

#if Libpcap
internal import Clibpcap
#endif

/// Why an expression does not compile.
struct FilterCompilationError: Error {
  var text: String
}

#if Libpcap
/// A filter expression compiled for one link type, through the system's libpcap.
@safe final class FilterProgram {
  private let program: UnsafeMutablePointer<bpf_program>

  /// Snap length given to the compiler: the greatest that libpcap knows.
  private static let snapLength: Int32 = 262_144

  private let loopbackFamily: LoopbackFamily?

  private init(_ program: UnsafeMutablePointer<bpf_program>, _ linkType: LinkType) {
    unsafe self.program = program
    loopbackFamily = LoopbackFamily(linkType)
  }

  deinit {
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }

  static func compile(
    _ expression: String, for linkType: LinkType
  ) -> Result<FilterProgram, FilterCompilationError> {
    guard !expression.utf8.contains(0) else {
      return .failure(FilterCompilationError(text: "a zero byte in the expression"))
    }
    guard let handle = unsafe pcap_open_dead(dataLinkType(of: linkType), snapLength) else {
      return .failure(FilterCompilationError(text: "libpcap gives no handle"))
    }
    defer { unsafe pcap_close(handle) }
    let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    unsafe program.initialize(to: bpf_program())
    // PCAP_NETMASK_UNKNOWN is a macro that is not imported.
    let unknownMask: UInt32 = 0xffff_ffff
    guard unsafe pcap_compile(handle, program, expression, 1, unknownMask) == 0 else {
      let text = unsafe pcap_geterr(handle).map { unsafe String(cString: $0) }
      unsafe program.deallocate()
      return .failure(FilterCompilationError(text: text ?? "libpcap refuses the expression"))
    }
    return unsafe .success(FilterProgram(program, linkType))
  }

  /// Whether a packet is selected.
  func matches(_ bytes: Span<UInt8>, originalLength: UInt32) -> Bool {
    guard let family = loopbackFamily, bytes.count >= 4 else {
      return run(bytes, originalLength: originalLength)
    }
    return run(family.normalised(bytes).span, originalLength: originalLength)
  }

  private func run(_ bytes: Span<UInt8>, originalLength: UInt32) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(truncatingIfNeeded: bytes.count)
    header.len = originalLength
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      // Length 0 gives no address; the program checks the length before it reads.
      guard let start = buffer.baseAddress else { return false }
      return unsafe pcap_offline_filter(program, &header, start) != 0
    }
  }

  /// The DLT_ value of a LINKTYPE_ value: the same but for a few that differ between systems.
  private static func dataLinkType(of linkType: LinkType) -> Int32 {
    let differing: [UInt32: Int32] = [
      100: DLT_ATM_RFC1483, 101: DLT_RAW, 102: DLT_SLIP_BSDOS, 103: DLT_PPP_BSDOS,
      106: DLT_ATM_CLIP,
      // Raw IP under the numbers that BSD programs wrote.
      12: DLT_RAW, 14: DLT_RAW,
    ]
    return differing[linkType.rawValue] ?? Int32(truncatingIfNeeded: linkType.rawValue)
  }
}
#else
/// Stands for libpcap where the build leaves it out.
final class FilterProgram {
  static func compile(
    _: String, for _: LinkType
  ) -> Result<FilterProgram, FilterCompilationError> {
    .failure(FilterCompilationError(text: "this build leaves out libpcap (trait Libpcap)"))
  }

  func matches(_: Span<UInt8>, originalLength _: UInt32) -> Bool { false }
}
#endif
