// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// The map as SVG: three columns, ribbons as wide as what was sent.
struct TrafficMapSVG {
  /// Width of the drawing in its own units.
  static let width = 960.0
  private static let columnPlaces = [236.0, 470.0, 776.0]
  private static let nodeWidth = 10.0
  private static let heads = ["sent by", "operator", "country"]
  private static let headHeight = 26.0
  private static let gap = 8.0
  private static let leastPitch = 34.0

  private let map: TrafficMap
  private let unitsPerByte: Double
  private let tops: [[Double]]
  /// Height of the drawing in its own units; 0 where there is nothing to draw.
  let height: Double

  init(_ map: TrafficMap) {
    self.map = map
    guard !map.isEmpty else {
      unitsPerByte = 0
      tops = []
      height = 0
      return
    }
    let most = map.columns.map(\.count).max() ?? 0
    let total = map.columns.first.map { $0.reduce(0.0) { $0 + Double($1.bytes) } } ?? 0
    let plot = min(360, max(120, Double(most) * 34))
    let scale = total > 0 ? plot / total : 0
    unitsPerByte = scale
    var bottom = 0.0
    tops = map.columns.map { nodes in
      var y = Self.headHeight
      return nodes.map { node in
        let top = y
        y += max(Self.leastPitch, Double(node.bytes) * scale) + Self.gap
        bottom = max(bottom, y)
        return top
      }
    }
    height = bottom + 4
  }

  private func thickness(_ bytes: UInt64) -> Double { max(1, Double(bytes) * unitsPerByte) }

  /// Writes the `svg` element.
  func write(_ writer: MarkupWriter, at top: Double = 0, isWhole: Bool = true) {
    guard height > 0 else { return }
    let box = "0 0 \(MarkupText.coordinate(Self.width)) \(MarkupText.coordinate(height))"
    if isWhole {
      writer.open(
        "svg",
        [
          "class": "drawing chart", "viewBox": box, "role": "img",
          "aria-label": "Map of volumes from devices over operators to countries",
        ])
    } else {
      writer.open(
        "svg",
        [
          "x": "0", "y": MarkupText.coordinate(top), "width": MarkupText.coordinate(Self.width),
          "height": MarkupText.coordinate(height), "viewBox": box,
        ])
    }
    for (column, head) in Self.heads.enumerated() {
      writer.element(
        "text",
        [
          "class": column == 0 ? "dim end" : "dim", "y": "12",
          "x": MarkupText.coordinate(
            Self.columnPlaces[column] + (column == 0 ? Self.nodeWidth : 0)),
        ], head)
    }
    for column in map.links.indices { writeLinks(ofColumn: column, writer) }
    for column in map.columns.indices { writeNodes(ofColumn: column, writer) }
    writer.close("svg")
  }

  private func writeLinks(ofColumn column: Int, _ writer: MarkupWriter) {
    var leaving = tops[column]
    // Ribbons that arrive are stacked in the order of where they come from.
    var arriving = tops[column + 1]
    for link in map.links[column] {
      let thickness = thickness(link.bytes)
      let x0 = Self.columnPlaces[column] + Self.nodeWidth
      let x1 = Self.columnPlaces[column + 1]
      let middle = (x0 + x1) / 2
      let (y0, y1) = (leaving[link.from], arriving[link.to])
      leaving[link.from] += thickness
      arriving[link.to] += thickness
      func point(_ x: Double, _ y: Double) -> String {
        "\(MarkupText.coordinate(x)) \(MarkupText.coordinate(y))"
      }
      var path = "M\(point(x0, y0))C\(point(middle, y0)) \(point(middle, y1)) \(point(x1, y1))"
      path += "V\(MarkupText.coordinate(y1 + thickness))"
      path += "C\(point(middle, y1 + thickness)) \(point(middle, y0 + thickness)) "
      path += "\(point(x0, y0 + thickness))z"
      writer.element(
        "path", ["class": "link \(link.severity?.rawValue ?? "info")", "d": path]
      ) {
        let from = map.columns[column][link.from].title
        let to = map.columns[column + 1][link.to].title
        let about = link.severity.map { ", finding of severity \($0.rawValue)" } ?? ", no finding"
        writer.element("title", [:], "\(from) to \(to): \(Quantity.bytes(link.bytes))\(about)")
      }
    }
  }

  private func writeNodes(ofColumn column: Int, _ writer: MarkupWriter) {
    for (index, node) in map.columns[column].enumerated() {
      let x = Self.columnPlaces[column]
      let y = tops[column][index]
      writer.empty(
        "rect",
        [
          "class": "node", "x": MarkupText.coordinate(x), "y": MarkupText.coordinate(y),
          "width": MarkupText.coordinate(Self.nodeWidth),
          "height": MarkupText.coordinate(thickness(node.bytes)),
        ])
      let isLeft = column == 0
      let place = isLeft ? x - 8 : x + Self.nodeWidth + 8
      let volume = Quantity.bytes(node.bytes)
      for (line, text) in [
        (12.0, node.title), (27.0, node.note.isEmpty ? volume : "\(volume), \(node.note)"),
      ] {
        let style = line == 12 ? "strong" : "dim"
        writer.element(
          "text",
          [
            "class": isLeft ? "\(style) end" : "\(style) halo",
            "x": MarkupText.coordinate(place), "y": MarkupText.coordinate(y + line),
          ], text, limit: [34, 42, 24][column])
      }
    }
  }
}
