#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""one-pair.py OUTPUT [PACKETS]: a capture in which one address pair carries everything.

A camera and its recorder: one RTP stream of H.264 (payload type 96, 90 kHz, 25 frames/s, 10 packets a frame,
200 bytes a packet). Merged with a small mixture it is the worst case for work that is divided by address pairs:

    one-pair.py pair.pcap 1600000 && mergecap -F pcap -w one-pair.pcap pair.pcap small3.pcap
"""
import struct
import sys

START = 1_772_438_400  # 2026-03-02, when the mixtures begin
PACKETS_PER_FRAME = 10
PAYLOAD = 146


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main():
    output = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_600_000
    ethernet = bytes.fromhex("0200000000020200000000010800")
    length = 20 + 8 + 12 + PAYLOAD
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 0, 0x4000, 64, 17, 0, bytes([10, 0, 0, 10]), bytes([10, 0, 0, 20]))
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    udp = struct.pack("!HHHH", 50_000, 50_002, length - 20, 0)
    body = bytes((7 * index + 3) & 0xFF for index in range(PAYLOAD - 2))
    size = len(ethernet) + length
    with open(output, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
        for number in range(count):
            frame, part = divmod(number, PACKETS_PER_FRAME)
            microseconds = frame * 40_000 + part * 300
            is_last = part == PACKETS_PER_FRAME - 1
            rtp = struct.pack(
                "!BBHII", 0x80, 0x60 | (0x80 if is_last else 0), number & 0xFFFF, frame * 3_600 & 0xFFFFFFFF, 0x1234_5678)
            # Fragmentation units of coded slices; every 50th frame is a key frame.
            kind = 5 if frame % 50 == 0 else 1
            unit = bytes([0x7C, kind | (0x80 if part == 0 else 0) | (0x40 if is_last else 0)])
            file.write(struct.pack("<IIII", START + microseconds // 1_000_000, microseconds % 1_000_000, size, size))
            file.write(ethernet + ip + udp + rtp + unit + body)


main()
