// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// XML in HTTP messages, kept to read what an ONVIF device says of itself
/// (`GetDeviceInformation`, camera-protocols.md A17) and whether recordings are asked for.
///
/// Nothing else of these messages is read: requests hold user names and password digests.
struct DeviceDocument {
  /// Bytes kept of one message; answers of devices have about a thousand.
  static let maximumBytes = 16_384

  private var bytes: [UInt8] = []

  init() {}

  /// Keeps the next bytes, within the shard's bound for waiting bytes.
  mutating func read(_ span: Span<UInt8>, _ context: inout RecognitionContext) {
    let count = min(span.count, Self.maximumBytes - bytes.count)
    guard count > 0, context.mayHold(count) else { return }
    bytes.append(contentsOf: span, in: 0..<count)
    context.waitingBytes += count
  }

  /// Reads the message and forgets it.
  mutating func end(_ chunk: Chunk, _ context: inout RecognitionContext) {
    guard !bytes.isEmpty else { return }
    var message: [UInt8] = []
    swap(&message, &bytes)
    context.waitingBytes -= message.count
    let span = message.span
    if span.firstIndex(of: "GetDeviceInformationResponse", in: 0..<span.count) != nil {
      Self.noteDevice(span, chunk, &context)
    } else if span.firstIndex(of: "GetReplayUri", in: 0..<span.count) != nil
      || span.firstIndex(of: "FindRecordings", in: 0..<span.count) != nil
    {
      context.noteStoredFootage(chunk)
    }
  }

  /// Forgets what was kept.
  mutating func release(_ context: inout RecognitionContext) {
    context.waitingBytes -= bytes.count
    bytes = []
  }

  /// ONVIF Core Specification 8.3.1, GetDeviceInformationResponse.
  private static func noteDevice(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let manufacturer = XMLText.value("Manufacturer", in: bytes) ?? ""
    let model = XMLText.value("Model", in: bytes) ?? ""
    let serial = XMLText.value("SerialNumber", in: bytes) ?? ""
    let firmware = XMLText.value("FirmwareVersion", in: bytes) ?? ""
    guard !manufacturer.isEmpty || !model.isEmpty || !serial.isEmpty else { return }
    context.addMark(
      "onvif_device", vendor: manufacturer.lowercased(), model: model, serial: serial,
      firmware: firmware, text: manufacturer, confidence: .definite, chunk)
    context.addDetail(.serial, serial, chunk)
  }
}
