// SPDX-License-Identifier: Apache-2.0

/// Decides roles from marks; see ``RoleWeights``.
struct RoleDecision {
  /// Marks printed a role.
  static let maximumMarks = 8

  var roles: [DeviceRole] = []
  var contradictions: [String] = []

  init(_ group: [HostFacts], _ marks: [RoleMark], isGateway: Bool) {
    decideVideoDevice(group, marks)
    if isGateway {
      roles.append(
        DeviceRole(
          role: .gateway, confidence: .strong,
          marks: ["its hardware address carries packets of hosts outside"]))
    }
    if let mark = group.lazy.compactMap(\.isPhone).first {
      roles.append(DeviceRole(role: .phone, confidence: .indicative, marks: [mark]))
    }
    let isVideoDevice = roles.contains { $0.role == .camera || $0.role == .recorder }
    if !isVideoDevice, !group.contains(where: \.sendsVideo),
      let mark = group.lazy.compactMap(\.viewerMark).first
    {
      roles.append(DeviceRole(role: .viewer, confidence: .indicative, marks: [mark]))
    }
    decideServer(group, isVideoDevice: isVideoDevice)
    addUnknown(marks)
  }

  private mutating func decideVideoDevice(_ group: [HostFacts], _ marks: [RoleMark]) {
    // Most hosts have nothing that speaks for a camera.
    if marks.isEmpty, group.allSatisfy({ $0.videoSources.isEmpty && $0.pulledFrom.isEmpty }) {
      return
    }
    var marks = marks
    let sources = group.flatMap(\.videoSources) + group.flatMap(\.pulledFrom)
    let collected = Set(sources).count
    if collected >= RoleWeights.collectedSenders {
      marks.append(
        RoleMark(
          category: .collectsVideo, subject: .recorder, weight: RoleWeights.collectsVideo,
          vendor: "", text: "takes video from \(collected) hosts"))
    }
    let sum = Self.sum(marks)
    guard sum >= RoleWeights.threshold else { return }
    // Collecting alone shows a viewer with several windows; something must name a video device.
    guard marks.contains(where: { $0.category != .collectsVideo }) else { return }
    let recorder = Self.heaviest(marks.filter { $0.subject == .recorder })
    let camera = Self.heaviest(marks.filter { $0.subject == .camera })
    let confidence = Self.confidence(marks, sum)
    let isRecorder = recorder > camera
    roles.append(
      DeviceRole(
        role: isRecorder ? .recorder : .camera, confidence: confidence,
        marks: Self.texts(marks.filter { $0.subject != (isRecorder ? .camera : .recorder) })))
    if recorder > 0, camera > 0 {
      let other = Self.texts(marks.filter { $0.subject == (isRecorder ? .camera : .recorder) })
      contradictions.append(
        "also marked as a \(isRecorder ? "camera" : "recorder"): " + other.joined(separator: "; "))
    }
    noteVendors(marks)
  }

  private mutating func decideServer(_ group: [HostFacts], isVideoDevice: Bool) {
    let services = group.flatMap(\.services)
    if let mark = group.lazy.compactMap(\.serverMark).first {
      roles.append(DeviceRole(role: .server, confidence: .strong, marks: [mark]))
    } else if !isVideoDevice, !services.isEmpty {
      var unique: [String] = []
      for service in services where !unique.contains(service) { unique.append(service) }
      roles.append(
        DeviceRole(
          role: .server, confidence: .indicative,
          marks: ["answers " + unique.joined(separator: ", ")]))
    }
  }

  /// Marks that do not suffice are shown with the role `unknown`, so that no lead is lost.
  private mutating func addUnknown(_ marks: [RoleMark]) {
    guard !roles.contains(where: { $0.role == .camera || $0.role == .recorder }) else { return }
    guard roles.isEmpty || !marks.isEmpty else { return }
    if marks.isEmpty {
      roles.append(DeviceRole(role: .unknown, confidence: .weak, marks: []))
      return
    }
    let sum = Self.sum(marks)
    var texts = Self.texts(marks)
    if !texts.isEmpty {
      texts.insert(
        "too few signs to call it a camera: \(sum) of \(RoleWeights.threshold) points", at: 0)
    }
    roles.append(DeviceRole(role: .unknown, confidence: .weak, marks: texts))
  }

  private mutating func noteVendors(_ marks: [RoleMark]) {
    var named: [String] = []
    for mark in marks
    where mark.weight >= RoleWeights.cameraHardware && !mark.vendor.isEmpty
      && !named.contains(mark.vendor)
    {
      named.append(mark.vendor)
    }
    if named.count > 1 {
      contradictions.append("marks of several makers: " + named.joined(separator: ", "))
    }
  }

  /// The heaviest mark of each category, added.
  static func sum(_ marks: [RoleMark]) -> Int {
    RoleMark.Category.allCases.reduce(0) { sum, category in
      sum + heaviest(marks.filter { $0.category == category })
    }
  }

  private static func heaviest(_ marks: [RoleMark]) -> Int { marks.map(\.weight).max() ?? 0 }

  private static func confidence(_ marks: [RoleMark], _ sum: Int) -> DeviceRole.Confidence {
    if marks.contains(where: { $0.weight >= RoleWeights.definite }) {
      return .definite
    }
    return sum >= RoleWeights.strongThreshold ? .strong : .indicative
  }

  private static func texts(_ marks: [RoleMark]) -> [String] {
    // Equal weights keep the order in which they were seen.
    let order = marks.indices.sorted { (-marks[$0].weight, $0) < (-marks[$1].weight, $1) }
    return order.prefix(maximumMarks).map { marks[$0].text }
  }
}
