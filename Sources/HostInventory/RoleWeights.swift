// SPDX-License-Identifier: Apache-2.0

/// How much each kind of mark counts toward the role of a camera or recorder.
///
/// From camera-protocols.md C7, put into numbers so that no single mark but the device's own
/// protocol reaches the threshold, and no two of the weak ones do. Of each category only the
/// heaviest mark counts.
package enum RoleWeights {
  /// Declared by the user.
  package static let declared = 100
  /// The device answered in its maker's protocol (SADP, DHDiscover, ONVIF, media header).
  package static let definite = 60
  /// Certificate subject, HTTP or RTSP server text of a camera maker.
  package static let strong = 40
  /// Hardware address of a maker of mainly cameras.
  package static let cameraHardware = 30
  /// The device sends video.
  package static let sendsVideo = 30
  /// The device answers RTSP.
  package static let answersRTSP = 30
  /// The device takes video from several others.
  package static let collectsVideo = 30
  /// The device looks up no other names than those of one camera cloud: an application on a phone
  /// or computer would not be alone.
  package static let dedicatedCloud = 40
  /// Camera-specific cloud, generic camera text, peer-to-peer protocol of cameras, uploads of the
  /// shape of clips.
  package static let indicative = 20
  /// Hardware address, cloud or protocol of a maker of many things, port alone.
  package static let weak = 10
  /// Sum that makes a camera or recorder.
  package static let threshold = 60
  /// Sum from which the role counts as strong.
  package static let strongThreshold = 80
  /// Senders that make the one who takes their video a recorder.
  package static let collectedSenders = 2
}

/// One sign of what a device is.
struct RoleMark: Sendable {
  /// Independent sources of marks; of each only the heaviest counts.
  enum Category: Int, Sendable, CaseIterable {
    case declared
    case makersProtocol
    case banner
    case hardware
    case sendsVideo
    case answersRTSP
    case collectsVideo
    case cloud
    case peerProtocol
    case port
  }

  /// What the mark speaks for.
  enum Subject: Sendable {
    /// A camera or recorder, not said which.
    case videoDevice
    case camera
    case recorder
  }

  var category: Category
  var subject: Subject
  var weight: Int
  var vendor: String
  var text: String
}
