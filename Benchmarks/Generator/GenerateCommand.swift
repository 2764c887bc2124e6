// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@main
enum GenerateCommand {
  private static let usage = """
    usage: lenstrace-generate big|small|pair [--scale 1.0] [--format pcap|pcapng] [--seed N]
                              [--flows N] --output FILE

    Writes a capture that depends on its arguments alone and prints the truth about it as JSON.
      big    2.4 M packets, 1.9 GB: cameras, TLS, HTTP, DNS
      small  5.9 M packets, 160 bytes each in the mean: telephone calls, DNS, short connections
      pair   1.2 M packets, 1.5 GB: one camera and its recorder carry nine of ten packets
      --flows changes the count of flows and leaves that of packets about the same
    """

  struct UsageError: Error {
    var text: String
  }

  struct Options {
    var mixture = Mixture.Name.big
    var scale = 1.0
    var format = CaptureWriter.Format.pcap
    var seed: UInt64 = 1
    var flows: Int?
    var output = ""

    init(_ arguments: [String]) throws(UsageError) {
      guard let name = arguments.first.flatMap(Mixture.Name.init) else {
        throw UsageError(text: "the first argument is big, small or pair")
      }
      mixture = name
      var index = 1
      while index < arguments.count {
        guard index + 1 < arguments.count else {
          throw UsageError(text: "\(arguments[index]) needs a value")
        }
        try set(arguments[index], arguments[index + 1])
        index += 2
      }
      if output.isEmpty { throw UsageError(text: "--output is missing") }
    }

    private mutating func set(_ option: String, _ value: String) throws(UsageError) {
      let error = UsageError(text: "\(option) cannot be \(value)")
      switch option {
      case "--scale":
        guard let number = Double(value), number > 0, number <= 1000 else { throw error }
        scale = number
      case "--format":
        guard let chosen = CaptureWriter.Format(rawValue: value) else { throw error }
        format = chosen
      case "--seed":
        guard let number = UInt64(value) else { throw error }
        seed = number
      case "--flows":
        guard let number = Int(value), number > 0, number <= 200_000_000 else { throw error }
        flows = number
      case "--output": output = value
      default: throw UsageError(text: "unknown option \(option)")
      }
    }
  }

  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      print(try generate(options))
    } catch let error as UsageError {
      fail("\(error.text)\n\(usage)", status: 64)
    } catch {
      fail("\(error)", status: 73)
    }
  }

  private static func fail(_ text: String, status: Int32) -> Never {
    let message = Array("lenstrace-generate: \(text)\n".utf8)
    _ = write(STDERR_FILENO, message, message.count)
    exit(status)
  }

  private static func generate(_ options: Options) throws(FileError) -> String {
    let mixture = Mixture(options.mixture, scale: options.scale, flows: options.flows)
    let writer = try CaptureWriter(path: options.output, format: options.format)
    let network = Network(writer: writer, seed: options.seed)
    MediaPopulation.add(mixture, to: network)
    network.scheduler.add(Population(mixture: mixture), at: Mixture.start)
    while let (time, conversation) = network.scheduler.removeFirst() {
      if let next = try conversation.step(at: time, network) {
        network.scheduler.add(conversation, at: next)
      }
    }
    try writer.flush()
    return network.truth.json(
      mixture: options.mixture.rawValue, seed: options.seed, fileBytes: writer.fileBytes)
  }
}
