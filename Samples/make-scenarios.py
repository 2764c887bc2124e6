#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Makes the scenario captures: stories of hours, told packet by packet with a clock of their own,
# around video that ffmpeg really encoded. Same ffmpeg, same bytes.
#
#   Samples/make-scenarios.py [airport] [recorder-emptied] [local-only] [p2p-relay] [cloud-clips]
#                             [outside-nat] [one-direction] [cut-96]
#
# Needs ffmpeg with libx264 and zstd; no network, no root. Addresses are private
# (192.168.64.0/24) or set aside for documentation (RFC 5737); names end in .example.

import gzip
import os
import random
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SECOND = 1_000_000_000
# 2026-03-14 00:30:00 UTC, night in Rome.
START = 1_773_448_200 * SECOND
ROUTER = bytes.fromhex("525400640001")

HOME_CARRIER = "192.0.2.44"      # AS64500 IT
HOME_SERVICE = "198.51.100.80"   # AS64501 IT
FIRMWARE = "192.0.2.80"          # AS64500 IT
STAGES = ["203.0.113.77", "198.51.100.23", "203.0.113.90"]  # AS64496, AS64502, AS64496: RU
CLOUD = "203.0.113.141"          # AS64497 US


class Host:
    def __init__(self, address, mac=None):
        self.address = address
        self.mac = bytes.fromhex(mac.replace(":", "")) if mac else ROUTER
        self.packed = bytes(int(part) for part in address.split("."))
        self.identification = sum(self.packed) * 131 & 0xFFFF


def camera(number, prefix="44:19:b6"):
    return Host(f"192.168.64.{number}", f"{prefix}:64:00:{number:02x}")


NAMES = Host("192.168.64.1")
RECORDER = Host("192.168.64.10", "44:19:b6:64:00:10")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """Packets with times, in any order; written in order of time."""

    def __init__(self, snap=0):
        self.records = []
        self.snap = snap
        self.keeps = lambda source, destination: True

    def packet(self, time, source, destination, protocol, segment):
        if not self.keeps(source, destination):
            return
        source.identification = source.identification + 1 & 0xFFFF
        head = struct.pack(
            ">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), source.identification, 0x4000, 64,
            protocol, 0, source.packed, destination.packed)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        data = destination.mac + source.mac + b"\x08\x00" + head + segment
        self.records.append((time, len(self.records), data))

    def udp(self, time, source, port, destination, to, payload):
        length = 8 + len(payload)
        pseudo = source.packed + destination.packed + struct.pack(">BBH", 0, 17, length)
        head = struct.pack(">HHHH", port, to, length, 0)
        total = checksum(pseudo + head + payload) or 0xFFFF
        self.packet(time, source, destination, 17, head[:6] + struct.pack(">H", total) + payload)

    def write(self, name):
        self.records.sort()
        out = bytearray()

        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            length = 12 + len(body)
            out.extend(struct.pack("<II", kind, length) + body + struct.pack("<I", length))

        block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        options = struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HH", 0, 0)
        block(1, struct.pack("<HHI", 1, 0, self.snap) + options)
        for time, _, data in self.records:
            kept = data[:self.snap] if self.snap else data
            block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(kept), len(data))
                  + kept)
        path = os.path.join(HERE, name)
        if name.endswith(".zst"):
            subprocess.run(["zstd", "-q", "-f", "-19", "-o", path], input=bytes(out), check=True)
        else:
            with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as stream:
                stream.write(out)
        print(f"{name}: {len(self.records)} packets, {len(out)} bytes, "
              f"{os.path.getsize(path)} compressed")


class Connection:
    """A TCP connection with handshake, acknowledgments and end."""

    SIZE = 1448

    def __init__(self, capture, time, client, port, server, to, delay=20_000_000):
        self.capture, self.delay = capture, delay
        self.ends = [(client, port), (server, to)]
        self.next = [port * 65_537 & 0xFFFFFFFF, to * 99_991 + port & 0xFFFFFFFF]
        self.segment(time, 0, 0x02)
        self.segment(time + delay, 1, 0x12)
        self.segment(time + delay + 100_000, 0, 0x10)
        self.time = time + delay + 200_000

    def segment(self, time, side, flags, payload=b""):
        source, port = self.ends[side]
        destination, to = self.ends[1 - side]
        acknowledged = self.next[1 - side] if flags & 0x10 else 0
        head = struct.pack(">HHIIBBHHH", port, to, self.next[side], acknowledged, 0x50, flags,
                           64_240, 0, 0)
        pseudo = source.packed + destination.packed + struct.pack(
            ">BBH", 0, 6, len(head) + len(payload))
        total = checksum(pseudo + head + payload)
        self.capture.packet(time, source, destination, 6,
                            head[:16] + struct.pack(">H", total) + head[18:] + payload)
        moved = len(payload) + (1 if flags & 0x03 else 0)
        self.next[side] = self.next[side] + moved & 0xFFFFFFFF

    def send(self, side, payload, time=None, pace=0):
        """Sends at `time` or at once; returns when the last byte was sent."""
        time = max(time or 0, self.time)
        for offset in range(0, len(payload), self.SIZE):
            part = payload[offset:offset + self.SIZE]
            last = offset + self.SIZE >= len(payload)
            self.segment(time, side, 0x18 if last else 0x10, part)
            time += pace or 40_000
            if last or offset // self.SIZE % 2:
                self.segment(time, 1 - side, 0x10)
                time += 10_000
        self.time = time
        return time

    def close(self, side=0):
        time = self.time + self.delay
        self.segment(time, side, 0x11)
        self.segment(time + self.delay, 1 - side, 0x11)
        self.segment(time + self.delay + 100_000, side, 0x10)


FILMS = {}


def film(bits, rate=12, seconds=2, size="640x360"):
    """Access units of a moving scene with sensor noise: one key frame, then P frames."""
    key = (bits, rate, seconds, size)
    if key not in FILMS:
        with tempfile.NamedTemporaryFile(suffix=".h264") as file:
            subprocess.run(
                ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
                 f"testsrc2=size={size}:rate={rate},noise=alls=4:allf=t,format=yuv420p",
                 "-t", str(seconds), "-c:v", "libx264", "-threads", "1", "-preset", "veryfast",
                 "-profile:v", "main", "-b:v", str(bits), "-maxrate", str(bits),
                 "-bufsize", str(bits), "-g", str(rate * seconds), "-bf", "0", "-x264-params",
                 "slices=1:scenecut=0:aud=1", "-f", "h264", file.name], check=True)
            data = file.read()
        units = []
        for unit in data.split(b"\0\0\1"):
            unit = unit.rstrip(b"\0")
            if not unit:
                continue
            if unit[0] & 0x1F == 9:
                units.append([])
            elif units and unit[0] & 0x1F != 6:
                units[-1].append(unit)
        FILMS[key] = units
    return FILMS[key]


class RTP:
    """RFC 6184 packets of a film that is shown again and again."""

    def __init__(self, units, source, rate=12, payload_type=96):
        self.units, self.source, self.rate, self.type = units, source, rate, payload_type
        self.sequence = source & 0x7FFF
        self.clock = source * 7 & 0xFFFFFFFF
        self.shown = 0

    def header(self, marker):
        head = struct.pack(">BBHII", 0x80, self.type | (0x80 if marker else 0), self.sequence,
                           self.clock, self.source)
        self.sequence = self.sequence + 1 & 0xFFFF
        return head

    def picture(self):
        packets = []
        units = self.units[self.shown % len(self.units)]
        for index, unit in enumerate(units):
            last = index == len(units) - 1
            if len(unit) <= 1_400:
                packets.append(self.header(last) + unit)
                continue
            indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 0x1F
            parts = [unit[offset:offset + 1_398] for offset in range(1, len(unit), 1_398)]
            for number, part in enumerate(parts):
                end = number == len(parts) - 1
                edge = (0x80 if number == 0 else 0) | (0x40 if end else 0)
                packets.append(self.header(last and end) + bytes([indicator, edge | kind]) + part)
        self.shown += 1
        self.clock = self.clock + 90_000 // self.rate & 0xFFFFFFFF
        return packets


def stream(capture, time, source, port, destination, to, rtp, seconds, speed=1):
    """Sends RTP in datagrams at the pace of its pictures; returns when it ends."""
    jitter = random.Random(f"{source.address}{port}{time}")
    pictures = int(seconds * rtp.rate)
    for picture in range(pictures):
        at = time + picture * SECOND // (rtp.rate * speed) + jitter.randrange(1_500_000)
        for payload in rtp.picture():
            capture.udp(at, source, port, destination, to, payload)
            at += 120_000
    return time + pictures * SECOND // (rtp.rate * speed)


def interleaved(connection, time, rtp, seconds, speed=1):
    """Sends RTP inside an RTSP connection from the server."""
    for picture in range(int(seconds * rtp.rate)):
        data = b"".join(struct.pack(">cBH", b"$", 0, len(p)) + p for p in rtp.picture())
        connection.send(1, data, time + picture * SECOND // (rtp.rate * speed))


def look_up(capture, time, host, name, address):
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    question += struct.pack(">HH", 1, 1)
    number = sum(question) * 31 + host.packed[3] & 0xFFFF
    port = 40_000 + number % 20_000
    ask = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    answer = struct.pack(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + question
    answer += struct.pack(">HHHIH", 0xC00C, 1, 1, 300, 4) + Host(address).packed
    capture.udp(time, host, port, NAMES, 53, ask)
    capture.udp(time + 2_000_000, NAMES, 53, host, port, answer)


def request(method, path, host, extra="", body=b""):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return (f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{length}{extra}\r\n").encode() + body


def response(body, kind, extra=""):
    return (f"HTTP/1.1 200 OK\r\nServer: webserver\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n{extra}\r\n").encode() + body


def time_service(capture, time, host):
    packet = b"\x23\0\x06\xec" + bytes(36) + struct.pack(">II", 3_982_437_000, host.packed[3])
    capture.udp(time, host, 123, Host("192.0.2.123"), 123, packet)
    capture.udp(time + 20_000_000, Host("192.0.2.123"), 123, host, 123, b"\x24\2" + packet[2:])


def session(units, control):
    def base64(data):
        import base64 as module
        return module.b64encode(data).decode()
    sets = ",".join(base64(unit) for unit in units[0] if unit[0] & 0x1F in (7, 8))
    return ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Media Presentation\r\nt=0 0\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1; sprop-parameter-sets={sets}\r\n"
            f"a=control:{control}\r\n").encode()


def rtsp(capture, time, client, port, server, path, units, play=""):
    """Opens an RTSP connection and asks for its first track in the connection."""
    connection = Connection(capture, time, client, port, server, 554)
    base = f"rtsp://{server.address}:554{path}"
    steps = [
        (f"DESCRIBE {base} RTSP/1.0", "Accept: application/sdp\r\n", session(units, "trackID=1")),
        (f"SETUP {base}/trackID=1 RTSP/1.0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
         b""),
        (f"PLAY {base} RTSP/1.0", play, b""),
    ]
    for number, (line, extra, body) in enumerate(steps, 2):
        connection.send(0, f"{line}\r\nCSeq: {number}\r\nUser-Agent: Lavf59\r\n{extra}\r\n".encode())
        head = f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nSession: 1234\r\n"
        if body:
            head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif number == 3:
            head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000001\r\n"
        connection.send(1, head.encode() + b"\r\n" + body, connection.time + 15_000_000)
    return connection


def hello(name):
    """A TLS 1.2 client hello with a server name."""
    server = name.encode()
    extension = struct.pack(">HHHBH", 0, len(server) + 5, len(server) + 3, 0, len(server)) + server
    extension += struct.pack(">HHHHH", 10, 4, 2, 23, 11) + struct.pack(">HBB", 2, 1, 0)
    body = b"\x03\x03" + bytes(range(32)) + b"\0" + struct.pack(">HHH", 4, 0xC02F, 0xC030)
    body += b"\x01\0" + struct.pack(">H", len(extension)) + extension
    message = b"\x01" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


def server_hello():
    body = b"\x03\x03" + bytes(range(32, 64)) + b"\0\xc0\x2f\0\0\0"
    message = b"\x02" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x03" + struct.pack(">H", len(message)) + message


# The same 16 kB of noise stands for any ciphered record, so that the file compresses.
NOISE = random.Random(9).randbytes(16_384)


def ciphered(count):
    records = b""
    while count > 0:
        part = NOISE[:min(count, 16_384)]
        records += b"\x17\x03\x03" + struct.pack(">H", len(part)) + part
        count -= len(part)
    return records


def tls(capture, time, client, port, name, server):
    connection = Connection(capture, time, client, port, server, 443)
    connection.send(0, hello(name))
    connection.send(1, server_hello() + ciphered(2_900), connection.time + 20_000_000)
    connection.send(0, ciphered(80))
    return connection


# Scenarios

def airport():
    """Twelve cameras fetch firmware, and an hour later send video to three places in turn."""
    capture = Capture()
    cameras = [camera(number) for number in range(101, 113)]
    units = film(100_000)
    fetched = START + 600 * SECOND
    # Not a real image: a header and a pattern.
    image = b"SWKH" + b"IPC firmware image for a test, no code. " * 1_400
    for index, host in enumerate(cameras):
        time_service(capture, START + index * 150_000_000, host)
        at = fetched + index * 400_000_000
        look_up(capture, at, host, "firmware.camera-maker.example", FIRMWARE)
        connection = Connection(capture, at + 5_000_000, host, 50_100 + index, Host(FIRMWARE), 80)
        connection.send(0, request("GET", "/firmware/IPC_V5.7.23_build260312.dav",
                                   "firmware.camera-maker.example", "User-Agent: IPC\r\n"))
        connection.send(1, response(image, "application/octet-stream"),
                        connection.time + 25_000_000)
        connection.close()
    for stage, address in enumerate(STAGES):
        begin = fetched + 3_600 * SECOND + stage * 300 * SECOND
        for index, host in enumerate(cameras):
            at = begin + index * 40_000_000
            if stage == 0:
                look_up(capture, at - 300_000_000, host, "stage.abroad.example", address)
            rtp = RTP(units, 0x51A00000 + stage * 4_096 + index * 257)
            stream(capture, at, host, 41_000 + index * 2 + stage * 100, Host(address), 5_004, rtp,
                   21)
    for index, host in enumerate(cameras):
        time_service(capture, START + 5_400 * SECOND + index * 150_000_000, host)
    capture.write("airport.pcapng.zst")


def recorder_emptied():
    """Somebody outside logs in to the recorder, changes it, and pulls stored footage."""
    capture = Capture()
    outsider = Host("198.51.100.23")
    units, live = film(120_000), film(64_000)
    for index, host in enumerate([camera(31), camera(32)]):
        watched = rtsp(capture, START - (60 - index) * SECOND, RECORDER, 52_010 + index, host,
                       "/Streaming/Channels/101", live)
        interleaved(watched, watched.time + 10_000_000, RTP(live, 0x10CA2000 + index * 4_099), 12)
        watched.close()
    web = Connection(capture, START, outsider, 51_000, RECORDER, 80)
    web.send(0, request("GET", "/ISAPI/System/deviceInfo", RECORDER.address))
    about = b"<DeviceInfo><deviceName>Recorder</deviceName><model>NVR-64</model></DeviceInfo>"
    web.send(1, response(about, "application/xml"), web.time + 20_000_000)
    users = b"<User><id>2</id><userName>support</userName></User>"
    web.send(0, request("PUT", "/ISAPI/Security/users/2", RECORDER.address, body=users),
             START + 4 * SECOND)
    web.send(1, response(b"<ResponseStatus/>", "application/xml"), web.time + 20_000_000)
    web.close()
    playback = rtsp(
        capture, START + 30 * SECOND, outsider, 51_002, RECORDER,
        "/Streaming/tracks/101?starttime=20260313T080000Z&endtime=20260313T090000Z", units,
        "Range: clock=20260313T080000Z-20260313T090000Z\r\nScale: 4.0\r\n")
    interleaved(playback, playback.time + 10_000_000, RTP(units, 0x0BADCAFE), 36, speed=4)
    playback.close()
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.h264"), os.path.join(folder, "a.mpg")
        with open(source, "wb") as file:
            for unit in units * 6:
                file.write(b"".join(b"\0\0\0\1" + part for part in unit))
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-r", "12", "-i", source, "-c",
                        "copy", "-f", "vob", target], check=True)
        with open(target, "rb") as file:
            stored = file.read()
    load = Connection(capture, START + 60 * SECOND, outsider, 51_004, RECORDER, 80)
    query = b"<downloadRequest><playbackURI>rtsp://192.168.64.10/Streaming/tracks/201/</playbackURI></downloadRequest>"
    load.send(0, request("POST", "/ISAPI/ContentMgmt/download", RECORDER.address, body=query))
    load.send(1, response(stored * 2, "video/mpeg"), load.time + 30_000_000)
    load.close()
    capture.write("recorder-emptied.pcapng.zst")


def local_only():
    """Three cameras send to the recorder inside and nothing leaves."""
    capture = Capture()
    units = film(64_000)
    for index, host in enumerate([camera(31), camera(32, "08:ed:ed"), camera(33, "48:ea:63")]):
        time_service(capture, START + index * SECOND, host)
        connection = rtsp(capture, START + (2 + index) * SECOND, RECORDER, 52_000 + index, host,
                          "/Streaming/Channels/101", units)
        interleaved(connection, connection.time + 10_000_000,
                    RTP(units, 0x10CA1000 + index * 4_099), 34)
        connection.close()
    capture.write("local-only.pcapng.zst")


def stun(kind, transaction, attributes):
    body = b""
    for number, value in attributes:
        body += struct.pack(">HH", number, len(value)) + value + b"\0" * (-len(value) % 4)
    return struct.pack(">HHI", kind, len(body), 0x2112A442) + transaction + body


def xored(address, port):
    packed = bytes(a ^ b for a, b in zip(Host(address).packed, b"\x21\x12\xa4\x42"))
    return struct.pack(">BBH", 0, 1, port ^ 0x2112) + packed


def p2p_relay():
    """A camera registers with P2P servers and sends video by a TURN relay to a viewer behind it."""
    capture = Capture()
    host, units = camera(41), film(100_000)
    relay, viewer = Host("203.0.113.90"), "198.51.100.23"
    servers = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.90"]
    look_up(capture, START, host, "p2p.camera-cloud.example", servers[0])
    for turn in range(4):
        for index, address in enumerate(servers):
            at = START + SECOND + turn * 15 * SECOND + index * 100_000_000
            mark = struct.pack(">III", 0x77, turn, index)
            capture.udp(at, host, 43_210, Host(address), 3_478, stun(0x0001, mark, []))
            capture.udp(at + 30_000_000, Host(address), 3_478, host, 43_210,
                        stun(0x0101, mark, [(0x0020, xored("192.0.2.44", 43_210))]))
    at = START + 20 * SECOND
    for number, (kind, attributes, answer) in enumerate([
        (0x0003, [(0x0019, b"\x11\0\0\0")],
         [(0x0016, xored("203.0.113.90", 50_100)), (0x0020, xored("192.0.2.44", 43_210)),
          (0x000D, struct.pack(">I", 600))]),
        (0x0008, [(0x0012, xored(viewer, 61_000))], []),
        (0x0009, [(0x000C, struct.pack(">HH", 0x4000, 0)), (0x0012, xored(viewer, 61_000))], []),
    ]):
        mark = struct.pack(">III", 0x99, number, 0)
        capture.udp(at, host, 43_210, relay, 3_478, stun(kind, mark, attributes))
        capture.udp(at + 30_000_000, relay, 3_478, host, 43_210,
                    stun(kind | 0x0100, mark, answer))
        at += 60_000_000
    rtp = RTP(units, 0x00C0FFEE)
    for picture in range(12 * 24):
        time = at + picture * SECOND // 12
        for payload in rtp.picture():
            data = struct.pack(">HH", 0x4000, len(payload)) + payload
            capture.udp(time, host, 43_210, relay, 3_478, data)
            time += 120_000
    capture.write("p2p-relay.pcapng.zst")


def cloud_clips():
    """A cloud camera uploads a clip in TLS whenever something moves."""
    capture = Capture()
    host, cloud = camera(51, "58:8f:cf"), Host(CLOUD)
    look_up(capture, START, host, "upload.camera-cloud.example", CLOUD)
    for index, (minute, size) in enumerate([(1, 1_300_000), (9, 1_900_000), (16, 1_150_000),
                                            (31, 1_650_000), (44, 1_450_000)]):
        connection = tls(capture, START + minute * 60 * SECOND, host, 53_000 + index,
                         "upload.camera-cloud.example", cloud)
        connection.send(0, ciphered(size), pace=5_000_000)
        connection.send(1, ciphered(300), connection.time + 30_000_000)
        connection.close()
    capture.write("cloud-clips.pcapng.zst")


def outside_nat():
    """Seen at the carrier's side of the router: every sender has the one public address."""
    capture = Capture()
    site, units = Host(HOME_CARRIER, "52:54:00:64:00:02"), film(100_000)
    for index, address in enumerate(STAGES[:2]):
        stream(capture, START + index * 3 * SECOND, site, 61_000 + index * 2, Host(address), 5_004,
               RTP(units, 0x0A70 + index * 4_099), 24)
    connection = tls(capture, START + SECOND, site, 61_100, "www.shop.example", Host(HOME_SERVICE))
    connection.send(1, ciphered(60_000))
    connection.close()
    capture.write("outside-nat.pcapng.zst")


def one_direction():
    """The mirror port shows only what goes out, and of one camera only what comes in."""
    capture = Capture()
    puller, pulled, uploader = Host("198.51.100.23"), camera(61), camera(62)
    capture.keeps = lambda source, destination: (
        source is pulled or destination is uploader)
    units = film(100_000)
    connection = rtsp(capture, START, puller, 54_000, pulled, "/Streaming/Channels/101", units)
    interleaved(connection, connection.time, RTP(units, 0x0D1EC7), 24)
    connection.close()
    hidden = tls(capture, START + 2 * SECOND, uploader, 54_100, "upload.camera-cloud.example",
                 Host(CLOUD))
    hidden.send(0, ciphered(900_000), pace=3_000_000)
    hidden.close()
    capture.write("one-direction.pcapng.zst")


def cut_96():
    """Captured with a snapshot length of 96 bytes: heads, and no content."""
    capture = Capture(snap=96)
    units = film(100_000)
    stream(capture, START, camera(71), 45_000, Host(STAGES[0]), 5_004, RTP(units, 0x0960), 24)
    hidden = tls(capture, START + SECOND, camera(72), 54_200, "upload.camera-cloud.example",
                 Host(CLOUD))
    hidden.send(0, ciphered(900_000), pace=30_000_000)
    hidden.close()
    time_service(capture, START + 2 * SECOND, camera(73))
    capture.write("cut-96.pcapng.zst")


SCENARIOS = {
    "airport": airport, "recorder-emptied": recorder_emptied, "local-only": local_only,
    "p2p-relay": p2p_relay, "cloud-clips": cloud_clips, "outside-nat": outside_nat,
    "one-direction": one_direction, "cut-96": cut_96,
}

if __name__ == "__main__":
    for scenario in sys.argv[1:] or SCENARIOS:
        if scenario not in SCENARIOS:
            sys.exit(f"unknown scenario: {scenario}")
        SCENARIOS[scenario]()
