# SPDX-License-Identifier: Apache-2.0
"""Private networks: a camera side and a server side, joined by veth pairs, shaped, captured."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CAMERA = "192.168.64.20"
SERVER = "203.0.113.9"


def run(*command, check=True):
    return subprocess.run(command, check=check, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)


class Network:
    """Two namespaces, or three with a link that delays, jitters and loses packets."""

    log = os.environ.get("LABORATORY_LOG", "")

    def __init__(self, number, uplink_kbit=0, delay_ms=0.0, jitter_ms=0.0, loss=0.0,
                 offload=False):
        self.camera = f"lt{os.getpid()}c{number}"
        self.server = f"lt{os.getpid()}s{number}"
        self.link = f"lt{os.getpid()}l{number}"
        self.uplink_kbit = uplink_kbit
        self.impairment = (delay_ms, jitter_ms, loss)
        # The relay between two devices sends frames as they were read: whole and at most an MTU.
        self.offload = offload and not self.is_impaired
        self.processes = []

    @property
    def is_impaired(self):
        return any(self.impairment)

    def __enter__(self):
        names = [self.camera, self.server] + ([self.link] if self.is_impaired else [])
        for name in names:
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        if self.is_impaired:
            self._pair(self.camera, "up0", self.link, "in0")
            self._pair(self.link, "out0", self.server, "up0")
        else:
            self._pair(self.camera, "up0", self.server, "up0")
        self._address(self.camera, CAMERA, "203.0.113.0/24")
        self._address(self.server, SERVER, "192.168.64.0/24")
        if self.uplink_kbit:
            run("tc", "-n", self.camera, "qdisc", "replace", "dev", "up0", "root", "tbf", "rate",
                f"{self.uplink_kbit}kbit", "burst", "16k", "latency", "300ms")
        if self.is_impaired:
            delay, jitter, loss = self.impairment
            self.start(self.link, sys.executable, os.path.join(HERE, "link.py"), "in0", "out0",
                       str(delay), str(jitter), str(loss))
        return self

    def _pair(self, first, first_name, second, second_name):
        run("ip", "-n", first, "link", "add", first_name, "type", "veth", "peer", "name",
            second_name, "netns", second)
        for name, device in ((first, first_name), (second, second_name)):
            if not self.offload:
                run("ip", "netns", "exec", name, "ethtool", "-K", device, "tso", "off", "gso",
                    "off", "gro", "off")
            if self.is_impaired:
                # Else frames reach the relay before their checksums are written, and are refused
                # by the other side.
                run("ip", "netns", "exec", name, "ethtool", "-K", device, "tx", "off")
            run("ip", "-n", name, "link", "set", device, "up")

    @staticmethod
    def _address(name, address, route):
        run("ip", "-n", name, "address", "add", address + "/24", "dev", "up0")
        run("ip", "-n", name, "route", "add", route, "dev", "up0")

    def start(self, where, *command, stdin=None, stdout=subprocess.DEVNULL, cwd=None):
        log = open(self.log, "ab") if self.log else subprocess.DEVNULL
        if self.log:
            log.write((" ".join(command) + "\n").encode())
            log.flush()
        process = subprocess.Popen(
            ("ip", "netns", "exec", where) + command, stdin=stdin or subprocess.DEVNULL,
            stdout=log if self.log and stdout == subprocess.DEVNULL else stdout, stderr=log,
            cwd=cwd, start_new_session=True)
        self.processes.append(process)
        return process

    def on_camera(self, *command, **options):
        return self.start(self.camera, *command, **options)

    def on_server(self, *command, **options):
        return self.start(self.server, *command, **options)

    def capture(self, path):
        return self.on_server("tcpdump", "-i", "up0", "-n", "-U", "-B", "4096", "-s", "128", "-w",
                              path, "ip and (tcp or udp)")

    def __exit__(self, *_):
        for process in reversed(self.processes):
            try:
                os.killpg(process.pid, 15)
            except ProcessLookupError:
                pass
        for process in self.processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
        for name in (self.camera, self.server, self.link):
            run("ip", "netns", "del", name, check=False)
