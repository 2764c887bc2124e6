# SPDX-License-Identifier: Apache-2.0
"""What is recorded: live video, clips, look-alikes. Each scenario is a pure function of its seed."""

import os
import random
import sys

from network import CAMERA, HERE, SERVER

# Another seed gives other rates, sizes and conditions in the same families.
SEED = 0

TRAFFIC = (sys.executable, os.path.join(HERE, "traffic.py"))


class Scenario:
    def __init__(self, name, label, family, play, seconds=50, **network):
        self.name, self.label, self.family, self.play = name, label, family, play
        self.seconds, self.network = seconds, network


def traffic(net, kind, **options):
    return net.on_camera(*TRAFFIC, kind, f"host={SERVER}",
                         *(f"{k}={v}" for k, v in options.items()))


def take(net, kind, port, **options):
    return net.on_server(*TRAFFIC, kind, f"port={port}", f"certificate={net.keys}/certificate.pem",
                         f"key={net.keys}/key.pem", *(f"{k}={v}" for k, v in options.items()))


def play(source, *output):
    """ffmpeg reads a coded file in real time and sends it on, not coded anew."""
    return lambda net: net.on_camera(
        "ffmpeg", "-v", "error", "-re", "-i", os.path.join(net.sources, source + ".mkv"), "-map",
        "0:v", "-c", "copy", *(x.replace("SERVER", SERVER) for x in output))


# Carriers of live video: how it is sent, and what takes it.
def tls_ts(net, s):
    take(net, "sink", 8443)
    net.settle()
    play(s, "-flush_packets", "1", "-f", "mpegts", "tls://SERVER:8443?verify=0")(net)


def tls_flv(net, s):
    take(net, "sink", 8443)
    net.settle()
    codec = "matroska" if s.startswith(("h265", "mjpeg")) else "flv"
    play(s, "-flush_packets", "1", "-f", codec, "tls://SERVER:8443?verify=0")(net)


def tls_frames(net, s):
    """One write a frame: fragmented MP4 with a fragment for every frame."""
    take(net, "sink", 8443)
    net.settle()
    play(s, "-flush_packets", "1", "-movflags", "frag_every_frame+empty_moov+default_base_moof",
         "-f", "mp4", "tls://SERVER:8443?verify=0")(net)


def tls_gops(net, s):
    """Fragmented MP4 with a fragment for every key frame."""
    take(net, "sink", 8443)
    net.settle()
    play(s, "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4",
         "tls://SERVER:8443?verify=0")(net)


def https_post(net, s):
    take(net, "https", 8443)
    net.settle()
    play(s, "-flush_packets", "1", "-f", "mpegts", "-method", "POST", "-tls_verify", "0",
         "https://SERVER:8443/live")(net)


def http_ts(net, s):
    take(net, "https", 8080, plain=1)
    net.settle()
    play(s, "-flush_packets", "1", "-f", "mpegts", "-method", "POST", "http://SERVER:8080/live")(net)


def hls_put(net, s):
    take(net, "https", 8443)
    net.settle()
    play(s, "-f", "hls", "-hls_time", "2", "-method", "PUT", "-http_persistent", "1",
         "-tls_verify", "0", "https://SERVER:8443/live.m3u8")(net)


def rtmp(net, s):
    net.on_server("ffmpeg", "-v", "error", "-listen", "1", "-i", "rtmp://0.0.0.0:1935/live/x", "-c",
                  "copy", "-f", "null", "-")
    net.settle()
    play(s, "-f", "flv", "rtmp://SERVER:1935/live/x")(net)


def rtmps(net, s):
    net.on_server("ffmpeg", "-v", "error", "-listen", "1", "-i", "rtmp://127.0.0.1:1935/live/x",
                  "-c", "copy", "-f", "null", "-")
    net.on_server("socat", f"OPENSSL-LISTEN:8443,cert={net.keys}/both.pem,verify=0,fork,reuseaddr",
                  "TCP:127.0.0.1:1935")
    net.on_camera("socat", "TCP-LISTEN:1935,bind=127.0.0.1,fork,reuseaddr",
                  f"OPENSSL:{SERVER}:8443,verify=0,nodelay")
    net.settle()
    net.settle(2)
    play(s, "-f", "flv", "rtmp://127.0.0.1:1935/live/x")(net)


def srt(net, s):
    net.on_server("ffmpeg", "-v", "error", "-i",
                  "srt://0.0.0.0:9000?mode=listener&passphrase=laboratory1&pbkeylen=16", "-c",
                  "copy", "-f", "null", "-")
    net.settle(5)
    play(s, "-f", "mpegts",
         "srt://SERVER:9000?mode=caller&passphrase=laboratory1&pbkeylen=16&pkt_size=1316")(net)


def srtp(net, s):
    take(net, "datagrams", 5004)
    play(s, "-f", "rtp", "-srtp_out_suite", "AES_CM_128_HMAC_SHA1_80", "-srtp_out_params",
         "WnD7c1ksDGs+dIefCEo8omPg4uO8DYIinNGL5yxQ", "srtp://SERVER:5004?pkt_size=1200")(net)


def rtp(net, s):
    take(net, "datagrams", 5004)
    play(s, "-f", "rtp", "rtp://SERVER:5004?pkt_size=1400")(net)


def ts_udp(net, s):
    take(net, "datagrams", 1234)
    play(s, "-f", "mpegts", "udp://SERVER:1234?pkt_size=1316")(net)


def rtsp(net, s):
    net.on_server("ffmpeg", "-v", "error", "-rtsp_flags", "listen", "-i",
                  "rtsp://0.0.0.0:8554/live", "-c", "copy", "-f", "null", "-")
    net.settle()
    play(s, "-f", "rtsp", "-rtsp_transport", "tcp", "rtsp://SERVER:8554/live")(net)


def ciphered(net, s, pad=16):
    """RTP inside a ciphered datagram protocol, as proprietary cameras use."""
    take(net, "datagrams", 32100)
    traffic(net, "cipher", port=32100, listen=5004, pad=pad)
    net.settle()
    play(s, "-f", "rtp", "rtp://127.0.0.1:5004?pkt_size=1200")(net)


def tunnel(net):
    """An OpenVPN tunnel between the two sides; its inner addresses are 10.9.0.1 and 10.9.0.2."""
    common = ("openvpn", "--dev", "tun", "--proto", "udp", "--port", "1194", "--secret",
              f"{net.keys}/static.key", "--cipher", "AES-256-CBC",
              "--verb", "0")
    net.on_server(*common, "--ifconfig", "10.9.0.2", "10.9.0.1")
    net.on_camera(*common, "--remote", SERVER, "--ifconfig", "10.9.0.1", "10.9.0.2")
    net.settle(4)


def openvpn(net, s):
    tunnel(net)
    take(net, "datagrams", 5004)
    play(s, "-f", "rtp", "rtp://10.9.0.2:5004?pkt_size=1200")(net)


def wireguard(net, s):
    wireguard_up(net)
    take(net, "datagrams", 5004)
    play(s, "-f", "rtp", "rtp://10.9.0.2:5004?pkt_size=1200")(net)


def wireguard_up(net):
    for where, other, address, peer in (("camera", "server", "10.9.0.1", SERVER),
                                        ("server", "camera", "10.9.0.2", CAMERA)):
        space = getattr(net, where)
        device = f"wg{abs(hash(space)) % 100000}"
        net.start(space, "wireguard-go", "-f", device)
        net.settle(1)
        net.call(space, "wg", "set", device, "private-key", f"{net.keys}/{where}.wg",
                 "listen-port", "51820", "peer", net.public_key(other), "endpoint",
                 f"{peer}:51820", "allowed-ips", "10.9.0.0/24")
        net.call(space, "ip", "address", "add", address + "/24", "dev", device)
        net.call(space, "ip", "link", "set", device, "up", "mtu", "1380")


CARRIERS = [tls_ts, tls_flv, tls_frames, https_post, rtmp, rtmps, srt, srtp, rtp, rtsp, ciphered,
            openvpn, wireguard, ts_udp, http_ts]
STREAMS = ["cbr2m-25-gop25", "cbr1m-25-gop50", "cbr4m-30-gop30", "crf-25-gop50", "crf-20-gop40",
           "vbr-15-gop30", "vbr-12-gop24", "low-10-gop40", "b-30-gop60", "h265-25-gop50",
           "h265-20-gop80", "cbr8m-25-gop25"]


def conditions(chance, floor_kbit=0):
    """An uplink, and for some scenarios delay, jitter and loss on the way."""
    result = {}
    rates = [r for r in (4_000, 6_000, 10_000, 20_000, 50_000) if r >= floor_kbit * 1.3]
    result["uplink_kbit"] = chance.choice(rates or [20_000])
    if chance.random() < 0.3:
        result.update(delay_ms=chance.choice([5, 15, 40]), jitter_ms=chance.choice([0, 0.5, 1, 2]),
                      loss=chance.choice([0, 0, 0.002, 0.01]))
    result["offload"] = chance.random() < 0.15
    return result


def live():
    chance, result = random.Random(11 + 1000 * SEED), []
    floors = {"cbr8m-25-gop25": 8_500, "cbr4m-30-gop30": 4_500, "cbr2m-25-gop25": 2_200}
    mjpeg = lambda s: s.startswith("mjpeg")

    def add(carrier, source, seconds=50):
        if carrier is rtmp and source.startswith("h265") or carrier is rtmps and source.startswith(
                "h265"):
            carrier = tls_ts
        name = f"live-{carrier.__name__}-{source}"
        while any(s.name == name for s in result):
            name += "+"
        result.append(Scenario(
            name, "live_video", carrier.__name__, lambda net, c=carrier, s=source: c(net, s),
            seconds=seconds, **conditions(chance, floors.get(source, 1_500))))
    for index, carrier in enumerate(CARRIERS):
        for step in range(4):
            add(carrier, STREAMS[(index * 5 + step * 3) % len(STREAMS)])
    for carrier, source in ((tls_ts, "smart-20-gop250"), (srtp, "smart-20-gop250"),
                            (ciphered, "smart-25-gop200"), (https_post, "smart-25-gop200")):
        add(carrier, source, seconds=115)
    for carrier, source in ((tls_flv, "mjpeg-10"), (tls_flv, "mjpeg-5"), (ciphered, "intra-30"),
                            (tls_ts, "intra-30"), (tls_gops, "cbr2m-25-gop25"),
                            (tls_gops, "crf-25-gop50"), (hls_put, "cbr1m-25-gop50"),
                            (hls_put, "h265-25-gop50")):
        add(carrier, source)
    return result


def clip_uploads():
    chance, result = random.Random(12 + 1000 * SEED), []
    for index in range(24):
        sources = chance.sample(["cbr2m-25-gop25", "cbr1m-25-gop50", "crf-25-gop50",
                                 "h265-25-gop50", "vbr-15-gop30"], 1)
        options = dict(least=chance.choice([3, 5, 8]), pause=chance.choice([4, 7, 10]),
                       seed=index + 1000 * SEED)
        options["longest"] = options["least"] * chance.choice([1.2, 1.6, 2])
        if index % 6 == 5:
            options["paced"] = 1

        def act(net, sources=sources, options=options):
            take(net, "https", 8443)
            net.settle()
            files = ",".join(os.path.join(net.sources, s + ".mkv") for s in sources)
            traffic(net, "clips", port=8443, files=files, **options)
        result.append(Scenario(f"clip-{index:02}-{sources[0]}", "clip", "clip_uploads", act,
                               seconds=100, **conditions(chance, 4_000)))
    return result


def look_alikes():
    result = []

    def family(name, count, act, seconds=50):
        chance = random.Random(f"{name}/{SEED}" if SEED else name)
        for index in range(count):
            network = conditions(chance, 4_000)
            values = random.Random(f"{name}{index}/{SEED}" if SEED else f"{name}{index}")
            result.append(Scenario(
                f"other-{name}-{index:02}", "look_alike", name,
                lambda net, v=values: act(net, v), seconds=seconds, **network))

    def simple(kind, udp_share, choose):
        def act(net, v):
            options = choose(v)
            options["seed"] = v.randrange(10**6)
            if v.random() < udp_share:
                take(net, "datagrams", 7000)
                options["udp"] = 1
                traffic(net, kind, port=7000, **options)
            else:
                take(net, "sink", 8443, answer=v.choice([1, 2, 5]))
                net.settle()
                traffic(net, kind, port=8443, **options)
        return act

    u, c = (lambda v, a, b: round(v.uniform(a, b), 3)), (lambda v, *x: v.choice(x))
    family("constant_sensor", 8, simple("periodic", 0.5, lambda v: dict(
        rate=c(v, 4, 5, 10, 20, 25, 50), size=v.randrange(600, 20_000))))
    family("noisy_sensor", 6, simple("periodic", 0.5, lambda v: dict(
        rate=c(v, 4, 8, 10, 15, 20, 25), size=v.randrange(900, 12_000), variation=u(v, 0.02, 0.35))))
    family("drifting_sensor", 6, simple("walk", 0.3, lambda v: dict(
        rate=c(v, 5, 10, 20, 25), size=v.randrange(1_000, 9_000), step=u(v, 0.02, 0.15))))
    family("regular_full_state", 4, simple("mimic", 0.3, lambda v: dict(
        rate=c(v, 5, 10, 15), size=v.randrange(1_500, 4_000), every=c(v, 10, 15, 30),
        factor=u(v, 2, 8))))
    family("web_calls", 8, simple("requests", 0, lambda v: dict(
        rate=u(v, 3, 60), median=v.randrange(300, 9_000), spread=u(v, 0.6, 1.4))))
    family("work_and_pauses", 7, simple("sessions", 0, lambda v: dict(
        rate=u(v, 10, 80), median=v.randrange(500, 5_000), busy=u(v, 1, 6), idle=u(v, 0.5, 5))))
    family("screen_sharing", 7, simple("screen", 0, lambda v: dict(
        rate=c(v, 5, 10, 15, 20, 30), still=u(v, 0.2, 0.7))))
    family("log_shipping", 8, simple("batches", 0.2, lambda v: dict(
        rate=c(v, 0.5, 1, 2, 5, 10), lines=v.randrange(60, 700), variation=u(v, 0.02, 0.6))))
    family("sound_card", 6, simple("pcm", 0.5, lambda v: dict(
        bytes=c(v, 320, 960, 1764, 1920), block=c(v, 10, 20, 23.2, 40))))
    family("voice", 7, simple("voice", 0.7, lambda v: dict(
        size=c(v, 80, 160, 320), deviation=u(v, 0, 30), rate=c(v, 33.3, 50), **(
            {"vad": 1} if v.random() < 0.5 else {}))))

    def game(net, v):
        take(net, "datagrams", 7777, rate=c(v, 20, 30, 60), size=v.randrange(100, 900))
        traffic(net, "game", port=7777, rate=c(v, 20, 30, 60), size=v.randrange(120, 900),
                spread=v.randrange(10, 500), jitter=u(v, 0, 0.3), seed=v.randrange(10**6))
    family("game", 7, game)

    def opus(net, v):
        take(net, "datagrams", 5006)
        net.on_camera("ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i",
                      c(v, "anoisesrc=a=0.1", "sine=frequency=300:beep_factor=4"), "-c:a",
                      c(v, "libopus", "pcm_mulaw", "pcm_alaw", "g722"), "-ar",
                      c(v, "16000", "48000") if v.random() < 0.1 else "16000", "-ac", "1", "-f",
                      "rtp", f"rtp://{SERVER}:5006")
    family("telephony", 6, opus)

    def limited(net, v):
        take(net, "https", 8443)
        net.settle()
        net.on_camera("curl", "-sk", "--limit-rate", c(v, "40k", "100k", "250k", "500k", "1M"),
                      "-T", net.junk, f"https://{SERVER}:8443/file")
    family("limited_upload", 8, limited)

    def photos(net, v):
        take(net, "https", 8443)
        net.settle()
        traffic(net, "uploads", port=8443, size=v.randrange(300_000, 4_000_000),
                spread=u(v, 0.1, 0.7), interval=u(v, 3, 12), irregular=u(v, 0.1, 0.6),
                seed=v.randrange(10**6), **({"keep": 1} if v.random() < 0.6 else {}))
    family("photo_backup", 8, photos)

    def paced_files(net, v):
        take(net, "https", 8443)
        net.settle()
        traffic(net, "uploads", port=8443, size=v.randrange(500_000, 6_000_000), spread=0.4,
                interval=u(v, 1, 5), pace=v.randrange(80_000, 900_000), keep=1,
                seed=v.randrange(10**6))
    family("cloud_sync", 7, paced_files)

    def rclone(net, v):
        net.on_server("rclone", "serve", "webdav", "--addr", ":8080", net.scratch)
        net.settle()
        net.on_camera("rclone", c(v, "copy", "copyto"), net.junk_folder, ":webdav:up", "--webdav-url",
                      f"http://{SERVER}:8080", "--bwlimit", c(v, "100k", "300k", "1M", "off"),
                      "--transfers", c(v, "1", "4"), "--no-check-dest", "--retries", "20")
    family("file_sync", 6, rclone)

    def restic(net, v):
        net.on_server("rclone", "serve", "restic", "--addr", ":8080", net.scratch)
        net.settle()
        script = (f"export RESTIC_PASSWORD=x RESTIC_REPOSITORY=rest:http://{SERVER}:8080/r; "
                  f"restic init; for n in 1 2 3 4 5 6 7 8 9; do restic backup --limit-upload "
                  f"{c(v, '100', '300', '800', '2000')} {net.junk_folder}; sleep 1; done")
        net.on_camera("sh", "-c", script)
    family("backup", 6, restic)

    def rsync(net, v):
        with open(os.path.join(net.scratch, "rsyncd.conf"), "w") as file:
            file.write(f"use chroot = no\nuid = root\ngid = root\n[up]\npath = {net.scratch}\n"
                       "read only = no\n")
        net.on_server("rsync", "--daemon", "--no-detach", "--port", "8730", "--config",
                      os.path.join(net.scratch, "rsyncd.conf"))
        net.settle()
        limit = c(v, "60", "150", "400", "0")
        net.on_camera("sh", "-c", f"for n in 1 2 3 4 5 6 7 8; do rsync -a -W --bwlimit={limit} "
                      f"{net.junk_folder}/ rsync://{SERVER}:8730/up/$n/; sleep 2; done")
    family("rsync", 6, rsync)

    def stream(net, v):
        udp = v.random() < 0.5
        net.on_server("iperf3", "-s", "-p", "5201")
        net.settle()
        net.on_camera("iperf3", "-c", SERVER, "-p", "5201", "-t", "200", "-b",
                      c(v, "200K", "1M", "2M", "3M"), *(["-u", "-l", c(v, "400", "1200")] if udp
                                                       else ["-l", c(v, "8K", "32K", "128K")]))
    family("paced_stream", 6, stream)

    def torrent(net, v):
        take(net, "datagrams", 6881)
        traffic(net, "bulk", port=6881, rate=v.randrange(40_000, 450_000),
                seed=v.randrange(10**6))
    family("datagram_bulk", 6, torrent)

    def tunnel_mix(net, v):
        (tunnel if v.random() < 0.5 else wireguard_up)(net)
        take(net, "datagrams", 7000)
        take(net, "sink", 8443)
        net.settle()
        options = [f"host=10.9.0.2", "port=7000"]
        net.on_camera(*TRAFFIC, "voice", *options, "udp=1", f"size={c(v, 120, 160, 200)}",
                      *(["vad=1"] if v.random() < 0.3 else []))
        kind = c(v, "uploads", "requests", "sessions", "batches")
        net.on_camera(*TRAFFIC, kind, "host=10.9.0.2", "port=8443", f"seed={v.randrange(10**6)}",
                      *(["interval=4", "keep=1", f"pace={v.randrange(60_000, 400_000)}"]
                        if kind == "uploads" else []))
    family("tunnel_voice_and_bulk", 7, tunnel_mix)

    def mqtt(net, v):
        net.on_server("mosquitto", "-p", "1883", "-c", net.mosquitto)
        net.settle()
        rate, size = c(v, 2, 5, 10), v.randrange(2_000, 12_000)
        net.on_camera("sh", "-c", f"while sleep {1 / rate}; do head -c {size} /dev/urandom | base64 "
                      f"-w0; echo; done | mosquitto_pub -h {SERVER} -t t -l")
    family("message_queue", 6, mqtt)
    return result


def everything():
    """All scenarios, each with its part: every second one of a family is used for choosing."""
    scenarios, seen = live() + clip_uploads() + look_alikes(), {}
    for scenario in scenarios:
        count = seen[scenario.family] = seen.get(scenario.family, -1) + 1
        scenario.part = "choosing" if count % 2 == 0 else "final"
    return scenarios
