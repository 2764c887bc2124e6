# SPDX-License-Identifier: Apache-2.0
"""Senders and sinks whose traffic is no video, and the sinks that video is sent to.

usage: traffic.py KIND KEY=VALUE...
"""

import http.server
import math
import os
import random
import socket
import socketserver
import ssl
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
options = dict(x.split("=", 1) for x in sys.argv[2:])
chance = random.Random(int(options.get("seed", 1)))
number = lambda name, default: float(options.get(name, default))
noise = os.urandom(1 << 20)


def some(count):
    start = chance.randrange(0, max(1, len(noise) - count)) if count < len(noise) else 0
    return noise[start:start + count] if count < len(noise) else noise * (count // len(noise) + 1)


def connect():
    """A connection to the server: over TLS unless `plain` is set."""
    raw = socket.create_connection((options["host"], int(options["port"])), 5)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if "plain" in options:
        return raw
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(raw, server_hostname="cloud.example")


class Datagrams:
    """Messages as datagrams of at most 1,200 bytes."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((options["host"], int(options["port"])))

    def sendall(self, data):
        for start in range(0, len(data), 1200):
            try:
                self.socket.send(data[start:start + 1200])
            except OSError:
                pass


def channel():
    return Datagrams() if "udp" in options else connect()


def ticks(rate, jitter=0.0):
    """Moments `rate` times a second for ever, each late by up to `jitter` of a period."""
    start, index = time.monotonic(), 0
    while True:
        moment = start + (index + (chance.random() * jitter if jitter else 0)) / rate
        pause = moment - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        yield index
        index += 1


def periodic():
    """Records at a fixed rate; `variation` is the standard deviation of their sizes."""
    out, size, variation = channel(), number("size", 8000), number("variation", 0)
    for _ in ticks(number("rate", 20), number("jitter", 0)):
        out.sendall(some(max(1, int(chance.gauss(size, size * variation)))))


def walk():
    """Records at a fixed rate whose sizes drift."""
    out, size, value = channel(), number("size", 5000), 1.0
    for _ in ticks(number("rate", 20)):
        value = min(3, max(0.2, value * math.exp(chance.gauss(0, number("step", 0.05)))))
        out.sendall(some(int(size * value)))


def mimic():
    """Records at a fixed rate, every n-th much larger: telemetry with regular full states."""
    out, size = channel(), number("size", 3000)
    for index in ticks(number("rate", 10)):
        full = index % int(number("every", 10)) == 0
        out.sendall(some(int(chance.gauss(size, size * 0.15) * (number("factor", 8) if full else 1))))


def requests():
    """Calls at random times, with answers: `rate` a second, sizes spread over two decades."""
    out = connect()
    while True:
        time.sleep(chance.expovariate(number("rate", 10)))
        out.sendall(some(int(chance.lognormvariate(math.log(number("median", 3000)),
                                                   number("spread", 1)))))


def batches():
    """Lines that arrive at random and are shipped `rate` times a second."""
    out = channel()
    for _ in ticks(number("rate", 1)):
        lines = int(chance.gauss(number("lines", 200), number("lines", 200) * number("variation", 0.2)))
        out.sendall(some(max(1, lines) * int(number("line", 180))))


def sessions():
    """Work and pauses: screens that change, files that are saved, pages that are opened."""
    out = channel()
    while True:
        end = time.monotonic() + chance.expovariate(1 / number("busy", 3))
        while time.monotonic() < end:
            out.sendall(some(int(chance.lognormvariate(math.log(number("median", 2000)), 1.2))))
            time.sleep(chance.expovariate(number("rate", 30)))
        time.sleep(chance.expovariate(1 / number("idle", 2)))


def screen():
    """Changed rectangles of a desktop, polled at a fixed rate: nothing, little or much changes."""
    out = connect()
    for _ in ticks(number("rate", 15)):
        mood = chance.random()
        if mood < number("still", 0.5):
            continue
        out.sendall(some(int(chance.lognormvariate(math.log(800 if mood < 0.85 else 15000), 1))))


def game():
    """Player states at a tick rate, and the answers of the server come from `answers`."""
    out = Datagrams()
    for _ in ticks(number("rate", 30), number("jitter", 0.1)):
        out.sendall(some(int(number("size", 300)) + chance.randrange(0, int(number("spread", 120)))))


def voice():
    """Packets every 20 ms while someone speaks, of nearly one size."""
    out, talking = channel(), True
    until = 0.0
    for index in ticks(number("rate", 50)):
        now = index / number("rate", 50)
        if "vad" in options and now > until:
            talking = not talking
            until = now + chance.expovariate(1 / 1.5)
        if talking:
            out.sendall(some(int(chance.gauss(number("size", 160), number("deviation", 10)))))


def pcm():
    """Samples as they come from a sound card: constant blocks."""
    out = channel()
    for _ in ticks(1000 / number("block", 20)):
        out.sendall(some(int(number("bytes", 1764) * number("block", 20) / 10)))


def uploads():
    """Files over HTTPS: sizes around `size`, a new one every `interval` seconds or so."""
    out = None
    for _ in range(10_000):
        body = int(min(number("most", 2e7), max(2e4, chance.lognormvariate(
            math.log(number("size", 2e6)), number("spread", 0.3)))))
        if out is None or "keep" not in options:
            out = connect()
        out.sendall(b"PUT /%d HTTP/1.1\r\nHost: cloud.example\r\nContent-Length: %d\r\n\r\n"
                    % (chance.randrange(10**9), body))
        pace = number("pace", 0)
        if pace:
            for start in range(0, body, 16384):
                out.sendall(some(min(16384, body - start)))
                time.sleep(16384 / pace)
        else:
            out.sendall(some(body)[:body])
        out.recv(200)
        if "keep" not in options:
            out.close()
        time.sleep(max(0, chance.gauss(number("interval", 8), number("interval", 8)
                                       * number("irregular", 0.3))))


def clips():
    """Recorded clips from files, one connection each, as a motion camera sends them."""
    files = options["files"].split(",")
    while True:
        with open(chance.choice(files), "rb") as file:
            data = file.read()
        seconds = chance.uniform(number("least", 5), number("longest", 12))
        count = int(len(data) * seconds / number("length", 130))
        start = chance.randrange(0, len(data) - count)
        out = connect()
        out.sendall(b"POST /clip HTTP/1.1\r\nHost: clips.example\r\nContent-Length: %d\r\n\r\n" % count)
        if "paced" in options:
            for part in range(0, count, 4096):
                out.sendall(data[start + part:start + min(count, part + 4096)])
                time.sleep(4096 / (count / seconds))
        else:
            out.sendall(data[start:start + count])
        out.recv(200)
        out.close()
        time.sleep(chance.uniform(number("pause", 6) * 0.5, number("pause", 6) * 1.5))


def bulk():
    """Datagrams as fast as a delay-based sender goes: `rate` bytes a second, in small trains."""
    out = Datagrams()
    rate = number("rate", 250_000)
    while True:
        train = chance.randrange(2, 12)
        out.sendall(some(train * 1200))
        time.sleep(train * 1200 / rate * chance.uniform(0.8, 1.2))


def cipher():
    """Sends what arrives on a local UDP port to the server, ciphered: random bytes, 40 more."""
    into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    into.bind(("127.0.0.1", int(options["listen"])))
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect((options["host"], int(options["port"])))
    pad = int(options.get("pad", 1))
    while True:
        count = len(into.recv(65535)) + 40
        count += -count % pad
        try:
            out.send(some(count))
        except OSError:
            pass


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def take(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while True:
                count = int(self.rfile.readline().split(b";")[0] or b"0", 16)
                left = count + 2
                while left > 0:
                    left -= len(self.rfile.read(min(left, 65536))) or left
                if count == 0:
                    break
        else:
            left = int(self.headers.get("Content-Length", 0))
            while left > 0:
                got = len(self.rfile.read(min(left, 65536)))
                if not got:
                    return
                left -= got
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_POST = take

    def do_DELETE(self):
        self.take()

    def log_message(self, *_):
        pass


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options["certificate"], options["key"])
    return made


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = daemon_threads = True


def https():
    """Takes PUT and POST."""
    server = http.server.ThreadingHTTPServer(("", int(options["port"])), Sink)
    if "plain" not in options:
        server.socket = context().wrap_socket(server.socket, server_side=True,
                                              do_handshake_on_connect=False)
    server.serve_forever()


def sink():
    """Takes bytes over TCP or TLS; answers a little where `answer` is set, every n-th read."""
    class Taker(socketserver.BaseRequestHandler):
        def handle(self):
            connection, count = self.request, 0
            try:
                if "plain" not in options:
                    connection = context().wrap_socket(connection, server_side=True)
                while connection.recv(65536):
                    count += 1
                    if "answer" in options and count % int(options["answer"]) == 0:
                        connection.sendall(some(chance.randrange(40, 900)))
            except OSError:
                pass
    Server(("", int(options["port"])), Taker).serve_forever()


def datagrams():
    """Takes datagrams; with `rate` it answers at a tick rate, as a game server does."""
    taker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    taker.bind(("", int(options["port"])))
    peer = []

    def answer():
        while not peer:
            time.sleep(0.05)
        for _ in ticks(number("rate", 20)):
            taker.sendto(some(int(number("size", 400)) + chance.randrange(0, 300)), peer[0])
    if "rate" in options:
        threading.Thread(target=answer, daemon=True).start()
    while True:
        _, address = taker.recvfrom(65535)
        if not peer:
            peer.append(address)


if __name__ == "__main__":
    try:
        {f.__name__: f for f in (
            periodic, walk, mimic, requests, batches, sessions, screen, game, voice, pcm, uploads,
            clips, bulk, cipher, https, sink, datagrams)}[sys.argv[1]]()
    except (KeyboardInterrupt, BrokenPipeError, ConnectionError):
        pass
