# SPDX-License-Identifier: Apache-2.0
"""A link between two devices with delay, jitter (first in, first out) and loss.

The kernel's netem is not everywhere; this needs packet sockets only.
usage: link.py DEVICE DEVICE DELAY_MS JITTER_MS LOSS
"""

import heapq
import random
import select
import socket
import sys
import time

first, second = sys.argv[1:3]
delay, jitter, loss = (float(x) for x in sys.argv[3:6])
chance = random.Random(1)
sockets = []
for name in (first, second):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((name, 0))
    s.setblocking(False)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sockets.append(s)
waiting, number = [], 0
latest = [0.0, 0.0]
while True:
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        _, _, out, frame = heapq.heappop(waiting)
        try:
            sockets[out].send(frame)
        except OSError:
            pass
    pause = max(0.0, min(0.2, waiting[0][0] - time.monotonic())) if waiting else 0.2
    for s in select.select(sockets, [], [], pause)[0]:
        side = sockets.index(s)
        for _ in range(64):
            try:
                frame, origin = s.recvfrom(65535)
            except OSError:
                break
            if origin[2] == socket.PACKET_OUTGOING:
                continue
            if loss and chance.random() < loss:
                continue
            due = time.monotonic() + delay / 1e3
            if jitter:
                due += chance.expovariate(1e3 / jitter)
            due = max(due, latest[side])
            latest[side] = due
            number += 1
            heapq.heappush(waiting, (due, number, 1 - side, frame))
