#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A camera's RTSP server: rtsp-camera.py PORT PATH PIPELINE, the pipeline in gst-launch notation."""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

port, path, pipeline = sys.argv[1:4]
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {pipeline} )")
factory.set_shared(True)
server.get_mount_points().add_factory(path, factory)
server.attach(None)
GLib.MainLoop().run()
