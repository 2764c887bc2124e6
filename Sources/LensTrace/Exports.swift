// SPDX-License-Identifier: Apache-2.0

// The doors of the library: everything that is public in a stage is reached by `import LensTrace`.
@_exported public import Attribution
@_exported public import CaptureFile
@_exported public import CaptureFilter
@_exported public import Exfiltration
@_exported public import FlowTracking
@_exported public import HostInventory
@_exported public import MediaInspection
@_exported public import PacketDecoding
@_exported public import ProtocolRecognition
@_exported public import Reporting
@_exported public import VideoDetection
