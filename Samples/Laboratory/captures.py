# SPDX-License-Identifier: Apache-2.0
"""Cuts captures to their headers, so that nothing of a payload remains, and degrades copies.

usage: captures.py degrade FOLDER OUT [--jitter-ms N] [--loss SHARE] [--resolution-ms N]
"""

import argparse
import os
import random
import shutil
import struct


def records(path):
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24:
        return b"", []
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    scale = 1 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
    result, offset = [], 24
    while offset + 16 <= len(data):
        seconds, part, captured, original = struct.unpack_from(order + "IIII", data, offset)
        offset += 16
        if offset + captured > len(data):
            break
        result.append([seconds * 10**9 + part * scale, original, data[offset:offset + captured]])
        offset += captured
    return result


def header_length(frame):
    """Bytes up to the end of the transport header of an Ethernet frame with IPv4."""
    if len(frame) < 34 or frame[12:14] != b"\x08\x00":
        return min(len(frame), 14)
    transport = 14 + (frame[14] & 15) * 4
    if frame[23] == 17:
        return min(len(frame), transport + 8)
    if frame[23] == 6 and len(frame) > transport + 12:
        return min(len(frame), transport + (frame[transport + 12] >> 4) * 4)
    return min(len(frame), transport)


def write(path, packets):
    """Nanosecond pcap, link type Ethernet."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 128, 1))
        for time, original, frame in packets:
            file.write(struct.pack("<IIII", time // 10**9, time % 10**9, len(frame), original))
            file.write(frame)


def cut(source, target):
    """Writes the packets of a capture without payload; returns their number and wire bytes."""
    packets = [(time, original, frame[:header_length(frame)])
               for time, original, frame in records(source)]
    write(target, packets)
    return len(packets), sum(original for _, original, _ in packets)


def degrade(source, target, jitter_ms, loss, resolution_ms, seed):
    """First-in-first-out exponential jitter, loss at the capture point, coarse timestamps."""
    chance, latest, packets = random.Random(seed), 0, []
    for time, original, frame in records(source):
        if loss and chance.random() < loss:
            continue
        if jitter_ms:
            time = max(latest, time + int(chance.expovariate(1 / (jitter_ms * 1e6))))
            latest = time
        if resolution_ms:
            step = int(resolution_ms * 1e6)
            time -= time % step
        packets.append((time, original, frame))
    write(target, packets)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["degrade"])
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--jitter-ms", type=float, default=0)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--resolution-ms", type=float, default=0)
    options = parser.parse_args()
    names = sorted(n for n in os.listdir(options.folder) if n.endswith(".pcap"))
    os.makedirs(options.out, exist_ok=True)
    for number, name in enumerate(names):
        degrade(os.path.join(options.folder, name), os.path.join(options.out, name),
                options.jitter_ms, options.loss, options.resolution_ms, number)
    for name in ("labels.tsv", "labels-choosing.tsv", "labels-final.tsv"):
        path = os.path.join(options.folder, name)
        if os.path.exists(path):
            shutil.copy(path, options.out)


if __name__ == "__main__":
    main()
