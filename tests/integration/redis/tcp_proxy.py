"""A TCP proxy between an instance and Redis that can fail in the ways a network does."""

import collections
import contextlib
import heapq
import itertools
import re
import selectors
import socket
import struct
import threading
import time

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class TcpProxy:
    """Runs from `with` to its end on a thread of its own. All changes count at once, for open connections too."""

    def __init__(self, target_port: int):
        self.target_port = target_port
        self.delay_s = 0.0
        self.black_hole = False  # nothing moves, and nobody is told; what was sent arrives when it ends
        self.refusing = False  # connections are reset as soon as they come
        self.forbidden = None  # connections that ever asked this are reset, or with `silent` go deaf and dumb for good
        self.silent = False
        self.pairs = {}  # socket -> its pair
        self.queue = []
        self.order = itertools.count()
        self.counts = collections.Counter()
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.lock = threading.RLock()
        self.running = True
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join(5)
        self.cut()
        self.listener.close()

    def cut(self):
        """Resets every connection; new ones are let through."""
        with self.lock:
            for end in list(self.pairs):
                self.close(end)

    def refuse(self):
        self.refusing = True
        self.cut()

    def restore(self):
        self.delay_s, self.black_hole, self.refusing, self.forbidden = 0.0, False, False, None

    def forbid(self, *patterns: bytes, silent=False):
        """From now on no connection that has ever asked, or asks, one of these works; others aren't touched."""
        with self.lock:
            self.silent = silent
            self.forbidden = re.compile(b"|".join(patterns), re.IGNORECASE)
            for pair in {id(pair): pair for pair in self.pairs.values()}.values():
                if self.forbidden.search(pair.asked):
                    self.end(pair)

    def run(self):
        while self.running:
            if self.black_hole:
                time.sleep(0.002)
                continue
            pause = min(0.05, max(0.0, self.queue[0][0] - time.monotonic())) if self.queue else 0.05
            for key, _ in self.selector.select(pause):
                with self.lock:
                    if key.fileobj is self.listener:
                        self.accept()
                    elif key.fileobj in self.pairs:
                        self.move(key.fileobj)
            with self.lock:
                self.flush()

    def accept(self):
        client, _ = self.listener.accept()
        if self.refusing:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port), timeout=1)
        except OSError:
            client.close()
            return
        pair = Pair(client, server)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pairs[end] = pair
            self.selector.register(end, selectors.EVENT_READ)

    def move(self, end):
        pair = self.pairs[end]
        try:
            piece = end.recv(65536)
        except OSError:
            piece = b""
        if not piece:
            return self.close(end)
        if end is pair.client:
            pair.asked = (pair.asked + piece)[-100_000:]
            if self.forbidden and self.forbidden.search(piece):
                self.counts["forbidden"] += 1
                self.end(pair)
        if not pair.mute and end in self.pairs:
            other = pair.other(end)
            # Whatever the delay becomes, the bytes of a connection keep their order.
            due = pair.due[other] = max(pair.due.get(other, 0.0), time.monotonic() + self.delay_s)
            heapq.heappush(self.queue, (due, next(self.order), other, piece))

    def flush(self):
        while self.queue and self.queue[0][0] <= time.monotonic():
            _, _, end, piece = heapq.heappop(self.queue)
            if end in self.pairs:
                try:
                    end.settimeout(1)
                    end.sendall(piece)
                except OSError:
                    self.close(end)

    def end(self, pair):
        if self.silent:
            pair.mute = True
        else:
            self.close(pair.client)

    def close(self, end):
        pair = self.pairs.get(end)
        for one in (pair.client, pair.server) if pair else ():
            self.pairs.pop(one, None)
            with contextlib.suppress(KeyError, OSError):
                self.selector.unregister(one)
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            one.close()


class Pair:
    def __init__(self, client, server):
        self.client, self.server, self.asked, self.mute = client, server, b"", False
        self.due = {}  # end -> when the last piece leaves for it

    def other(self, end):
        return self.server if end is self.client else self.client
