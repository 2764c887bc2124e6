// SPDX-License-Identifier: Apache-2.0

package import CaptureFile

/// Why a filter expression cannot be used.
public struct FilterError: Error, Hashable, Sendable {
  /// The expression.
  public var expression: String
  /// What is wrong, in libpcap's words where they are its own.
  public var reason: String
  /// Offset and length, in UTF-8 bytes, of the word where the expression goes wrong.
  public var place: Range<Int>?

  /// Makes an error.
  public init(expression: String, reason: String, place: Range<Int>? = nil) {
    self.expression = expression
    self.reason = reason
    self.place = place
  }
}

extension FilterError: CustomStringConvertible {
  /// The reason, and below it the expression with the place marked.
  public var description: String {
    let message = "filter expression: \(reason)"
    guard let place, place.upperBound <= expression.utf8.count else { return message }
    let before = String(decoding: expression.utf8.prefix(place.lowerBound), as: UTF8.self)
    let marked = expression.utf8.dropFirst(place.lowerBound).prefix(place.count)
    let width = max(1, String(decoding: marked, as: UTF8.self).count)
    let marks = String(repeating: " ", count: before.count) + String(repeating: "^", count: width)
    return message + "\n  \(expression)\n  \(marks)"
  }
}

/// Selects packets by an expression in libpcap's language, one program for each link type.
///
/// Works on captures of several link types, which libpcap itself refuses. Not shared between
/// threads: each makes its own from the same expression.
package final class PacketFilter {
  /// The expression.
  package let expression: String
  /// Link types whose packets the expression cannot select, in the order met.
  package private(set) var unsupportedLinkTypes: [LinkType] = []

  private var programs: [(linkType: LinkType, program: FilterProgram?)] = []

  /// Link types tried until the expression holds for one.
  private static let commonLinkTypes: [LinkType] = [
    .ethernet, .raw, .linuxCooked, .linuxCookedV2, .wireless, .radiotap, .null, .ppp,
  ]

  /// Compiles the expression.
  ///
  /// - Throws: when libpcap takes it for no link type, or it holds a name that would have to be
  ///   looked up in the network.
  package init(_ expression: String) throws(FilterError) {
    self.expression = expression
    if let name = FilterWords(expression).nameToLookUp {
      throw FilterError(
        expression: expression,
        reason: "names of hosts are not looked up: an analysis asks nobody; write the address",
        place: name)
    }
    var reason: String?
    for linkType in Self.commonLinkTypes {
      switch FilterProgram.compile(expression, for: linkType) {
      case .success(let program):
        programs.append((linkType, program))
        return
      case .failure(let failure): reason = reason ?? failure.text
      }
    }
    throw FilterError(
      expression: expression, reason: reason ?? "cannot be used",
      place: FilterWords(expression).firstWrongWord)
  }

  /// Whether each record of the batch is selected.
  ///
  /// - Complexity: O(*n*) in the number of records, times the length of the program.
  package func selection(in batch: RecordBatch) -> [Bool] {
    let bytes = batch.block.bytes
    var selected: [Bool] = []
    selected.reserveCapacity(batch.records.count)
    var linkType: LinkType?
    var program: FilterProgram?
    for record in batch.records {
      let interface = Int(record.interface)
      guard interface < batch.linkTypes.count else {
        selected.append(false)
        continue
      }
      if batch.linkTypes[interface] != linkType {
        linkType = batch.linkTypes[interface]
        program = self.program(for: batch.linkTypes[interface])
      }
      let start = Int(record.offset)
      let end = start + Int(record.capturedLength)
      guard let program, end <= bytes.count else {
        selected.append(false)
        continue
      }
      selected.append(
        program.matches(bytes.extracting(start..<end), originalLength: record.originalLength))
    }
    return selected
  }

  private func program(for linkType: LinkType) -> FilterProgram? {
    if let known = programs.first(where: { $0.linkType == linkType }) { return known.program }
    var program: FilterProgram?
    if case .success(let compiled) = FilterProgram.compile(expression, for: linkType) {
      program = compiled
    } else {
      unsupportedLinkTypes.append(linkType)
    }
    programs.append((linkType, program))
    return program
  }
}
