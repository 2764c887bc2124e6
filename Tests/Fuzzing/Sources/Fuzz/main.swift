// SPDX-License-Identifier: Apache-2.0

// One executable for all targets: LENSTRACE_FUZZ_TARGET names the one to run, since libFuzzer
// takes the arguments.

internal import CLibFuzzer
internal import FuzzTargets

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

let name = getenv("LENSTRACE_FUZZ_TARGET").map { String(cString: $0) } ?? ""
guard let found = FuzzTargets.named(name) else {
  print("LENSTRACE_FUZZ_TARGET must be one of:")
  for target in FuzzTargets.all { print(target.name) }
  exit(64)
}
let run = found.run

var argumentCount = CommandLine.argc
var arguments = Optional(CommandLine.unsafeArgv)
exit(
  LLVMFuzzerRunDriver(&argumentCount, &arguments) { start, count in
    run([UInt8](UnsafeBufferPointer(start: start, count: count)))
    return 0
  })
