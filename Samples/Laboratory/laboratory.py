#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records labelled traffic of real programs in private networks, cut to headers.

usage: laboratory.py OUT [--parallel N] [--only TEXT] [--part PART] [--seed N] [--list]
                     [--missing] [--sources FOLDER]

Ends with status 1 and the names of the scenarios that sent next to nothing, if there are any:
a table of error rates must not leave scenarios out without a word.

Needs root (network namespaces, packet sockets) and ffmpeg, tcpdump, iproute2, ethtool, openssl,
socat, curl, openvpn, wireguard-go, wireguard-tools, rclone, restic, rsync, iperf3, mosquitto.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import captures
import network
import scenarios
import sources
from network import Network

LABELS = "capture\tflow\tlabel\tconfidence\thow\tfamily\tpart\n"


class Stage(Network):
    """A network with the files that scenarios need."""

    keys = sources = junk = junk_folder = mosquitto = scratch = ""

    def settle(self, seconds=None):
        """Waits some seconds, or until the server side listens."""
        if seconds is not None:
            time.sleep(seconds)
            return
        for _ in range(100):
            time.sleep(0.2)
            answer = subprocess.run(("ip", "netns", "exec", self.server, "ss", "-Hltn"),
                                    capture_output=True, check=False).stdout
            if answer.strip():
                time.sleep(0.3)
                return

    def wait_for_link(self):
        """Waits until packets pass and the capture has begun."""
        time.sleep(1)
        for _ in range(10):
            # Port 9 is closed; that the refusal arrives is all that is asked.
            answer = subprocess.run(
                ("ip", "netns", "exec", self.camera, "timeout", "1", "socat", "-u", "/dev/null",
                 f"TCP:{network.SERVER}:9"), capture_output=True, check=False)
            if b"refused" in answer.stderr:
                return

    def call(self, space, *command):
        subprocess.run(("ip", "netns", "exec", space) + command, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def public_key(self, side):
        with open(f"{self.keys}/{side}.pub", encoding="ascii") as file:
            return file.read().strip()


def prepare(work):
    """Keys, certificates and files to be sent."""
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    keys = os.path.join(work, "keys")
    os.makedirs(keys)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                    f"{keys}/key.pem", "-out", f"{keys}/certificate.pem", "-days", "30", "-subj",
                    "/CN=cloud.example"], **quiet)
    with open(f"{keys}/both.pem", "wb") as both:
        for name in ("key", "certificate"):
            with open(f"{keys}/{name}.pem", "rb") as part:
                both.write(part.read())
    subprocess.run(["openvpn", "--genkey", "secret", f"{keys}/static.key"], **quiet)
    for side in ("camera", "server"):
        key = subprocess.run(["wg", "genkey"], capture_output=True, check=True).stdout
        with open(f"{keys}/{side}.wg", "wb") as file:
            file.write(key)
        with open(f"{keys}/{side}.pub", "wb") as file:
            file.write(subprocess.run(["wg", "pubkey"], input=key, capture_output=True,
                                      check=True).stdout)
    with open(os.path.join(work, "mosquitto.conf"), "w", encoding="ascii") as file:
        file.write("listener 1883\nallow_anonymous true\n")
    Stage.keys, Stage.mosquitto = keys, os.path.join(work, "mosquitto.conf")
    Stage.junk = os.path.join(work, "junk")
    with open(Stage.junk, "wb") as file:
        file.write(os.urandom(200 << 20))
    Stage.junk_folder = os.path.join(work, "files")
    os.makedirs(Stage.junk_folder)
    for index in range(60):
        with open(os.path.join(Stage.junk_folder, f"{index:03}.bin"), "wb") as file:
            file.write(os.urandom(30_000 + index * index * 900))


def record(number, scenario, out, work):
    """Plays one scenario; says whether it sent more than next to nothing."""
    raw = os.path.join(work, scenario.name + ".raw")
    with Stage(number, **scenario.network) as net:
        net.scratch = os.path.join(work, "scratch-" + scenario.name)
        os.makedirs(net.scratch)
        net.capture(raw)
        net.wait_for_link()
        scenario.play(net)
        time.sleep(scenario.seconds)
    shutil.rmtree(net.scratch, ignore_errors=True)
    target = os.path.join(out, scenario.name + ".pcap")
    packets, wire_bytes = captures.cut(raw, target)
    os.remove(raw)
    if wire_bytes < 50_000:
        os.remove(target)
    print(f"{scenario.name}: {packets} packets, {wire_bytes} bytes", flush=True)
    return wire_bytes >= 50_000


def write_labels(everything, out):
    """Labels of the captures there are, whichever run made them."""
    present = [s for s in everything if os.path.exists(os.path.join(out, s.name + ".pcap"))]
    for name, part in (("labels.tsv", None), ("labels-choosing.tsv", "choosing"),
                       ("labels-final.tsv", "final")):
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write(LABELS)
            for scenario in sorted(present, key=lambda s: s.name):
                if part in (None, scenario.part):
                    how = " ".join(f"{k}={v}" for k, v in scenario.network.items() if v)
                    file.write(f"{scenario.name}.pcap\t*\t{scenario.label}\tsure\tlaboratory: {how}"
                               f"\t{scenario.family}\t{scenario.part}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--parallel", type=int, default=16)
    parser.add_argument("--only", default="")
    parser.add_argument("--part", choices=["choosing", "final"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--missing", action="store_true", help="record only what OUT lacks")
    parser.add_argument("--sources", help="folder that keeps coded video between runs")
    options = parser.parse_args()
    scenarios.SEED = options.seed
    everything = scenarios.everything()
    chosen = [s for s in everything
              if options.only in s.name and options.part in (None, s.part)]
    if options.missing:
        chosen = [s for s in chosen
                  if not os.path.exists(os.path.join(options.out, s.name + ".pcap"))]
    if options.list:
        for scenario in chosen:
            print(scenario.name, scenario.label, scenario.family, scenario.part)
        return
    if os.geteuid() != 0:
        sys.exit("network namespaces need root")
    os.makedirs(options.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        Stage.sources = os.path.abspath(options.sources or os.path.join(work, "sources"))
        sources.encode(Stage.sources, ["nice"])
        prepare(work)
        with ThreadPoolExecutor(options.parallel) as pool:
            done = list(pool.map(
                lambda job: record(job[0], job[1], options.out, work), enumerate(chosen)))
    write_labels(everything, options.out)
    failed = [scenario.name for scenario, good in zip(chosen, done) if not good]
    print(f"{len(chosen) - len(failed)} captures of {len(chosen)} scenarios in {options.out}")
    if failed:
        sys.exit("sent next to nothing: " + ", ".join(failed))


if __name__ == "__main__":
    main()
