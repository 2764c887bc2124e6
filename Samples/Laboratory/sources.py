# SPDX-License-Identifier: Apache-2.0
"""Coded video, made once: scenes with sensor noise and objects that come and go."""

import os
import subprocess

SECONDS = 130

STILL = ("smptehdbars=size={size}:rate={rate},noise=alls={noise}:allf=t,"
         "drawbox=x='mod(t*90,w)':y=ih/3:w=iw/7:h=ih/3:c=red:t=fill:enable='between(mod(t,23),6,15)',"
         "drawbox=x='w-mod(t*140,w)':y=ih/2:w=iw/9:h=ih/4:c=white:t=fill"
         ":enable='between(mod(t,17),9,13)'")
PAN = ("smptehdbars=size=1600x900:rate={rate},noise=alls=40:allf=p,crop={wide}:{high}"
       ":'(in_w-out_w)/2*(1+sin(t/4))':'(in_h-out_h)/2*(1+cos(t/7))',noise=alls={noise}:allf=t")
BUSY = "testsrc2=size={size}:rate={rate},noise=alls={noise}:allf=t"

X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
X265 = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


def cbr(kbit):
    return ["-b:v", f"{kbit}k", "-maxrate", f"{kbit}k", "-bufsize", f"{kbit}k"]


def x265(rate, gop, extra=""):
    return X265 + ["-b:v", f"{rate}k", "-x265-params",
                   f"keyint={gop}:min-keyint={gop}:scenecut=0:log-level=none{extra}"]


def x264(*more, gop, scenecut=False):
    return X264 + list(more) + ["-g", str(gop)] + (
        [] if scenecut else ["-keyint_min", str(gop), "-sc_threshold", "0"])


# name: scene, size, frames a second, noise, encoder
SOURCES = {
    "cbr2m-25-gop25": (STILL, "640x360", 25, 10, x264(*cbr(2000), gop=25)),
    "cbr1m-25-gop50": (STILL, "640x360", 25, 8, x264(*cbr(1000), gop=50)),
    "cbr4m-30-gop30": (PAN, "960x540", 30, 10, x264(*cbr(4000), gop=30)),
    "cbr8m-25-gop25": (BUSY, "1280x720", 25, 14, x264(*cbr(8000), gop=25)),
    "crf-25-gop50": (STILL, "640x360", 25, 7, x264("-crf", "25", gop=50)),
    "crf-20-gop40": (PAN, "640x360", 20, 6, x264("-crf", "28", gop=40)),
    "vbr-15-gop30": (STILL, "640x360", 15, 6, x264("-b:v", "700k", gop=30)),
    "vbr-12-gop24": (BUSY, "480x270", 12, 6, x264("-b:v", "500k", gop=24)),
    "low-10-gop40": (STILL, "352x288", 10, 4, x264("-b:v", "128k", gop=40)),
    "b-30-gop60": (PAN, "640x360", 30, 6, X264 + ["-preset", "veryfast", "-bf", "2", "-b:v",
                   "1500k", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0"]),
    "h265-25-gop50": (STILL, "640x360", 25, 6, x265(900, 50)),
    "h265-20-gop80": (PAN, "640x360", 20, 6, x265(600, 80)),
    "smart-20-gop250": (STILL, "640x360", 20, 7, x264("-crf", "25", gop=250)),
    "smart-25-gop200": (STILL, "640x360", 25, 5, x265(500, 200)),
    "intra-30": (STILL, "640x360", 30, 8, X264 + ["-preset", "superfast", "-intra-refresh", "1", "-b:v", "1500k", "-g",
                 "60", "-bf", "0"]),
    "mjpeg-10": (STILL, "640x360", 10, 6, ["-c:v", "mjpeg", "-q:v", "8", "-pix_fmt", "yuvj420p"]),
    "mjpeg-5": (BUSY, "640x360", 5, 6, ["-c:v", "mjpeg", "-q:v", "10", "-pix_fmt", "yuvj420p"]),
}


def encode(folder, nice):
    """Makes the sources that are missing."""
    os.makedirs(folder, exist_ok=True)
    for name, (scene, size, rate, noise, encoder) in SOURCES.items():
        path = os.path.join(folder, name + ".mkv")
        if os.path.exists(path):
            continue
        wide, high = size.split("x")
        graph = scene.format(size=size, wide=wide, high=high, rate=rate, noise=noise)
        subprocess.run(
            nice + ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", graph, "-t", str(SECONDS)]
            + encoder + [path + ".part.mkv"], check=True)
        os.rename(path + ".part.mkv", path)
