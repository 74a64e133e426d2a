"""A steady rate of requests over many keep-alive connections, whatever the answers do: the history of a test."""

import heapq
import itertools
import selectors
import socket
import threading
import time
from dataclasses import dataclass

from http_client import Answer, request_bytes, split_head

ANSWER_LIMIT_S = 5


@dataclass
class Request:
    port: int
    method: str
    path: str
    principal: str = None
    body: dict = None
    what: object = None  # the test's own word for it
    done: object = None  # called with (request, answer); None: no answer came
    source: str = None  # the client's address, of loopback

    @classmethod
    def check(cls, instance, token, what=None, done=None, source=None):
        path = "/operator/api/events/validate?token=" + token
        return cls(instance.port, "GET", path, what=what, done=done, source=source)

    @classmethod
    def issue(cls, instance, what=None, done=None, source=None, **body):
        path = "/operator/api/events/sse-token"
        return cls(instance.port, "POST", path, instance.principal, body or None, what, done, source)

    @property
    def way(self) -> tuple:
        return self.port, self.source


class Wire:
    def __init__(self, port: int, source=None):
        own = (source, 0) if source else None
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_LIMIT_S, source_address=own)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.seen, self.request, self.sent = b"", None, 0.0


class Load:
    """Runs from `with` to its end on a thread of its own. `make()` gives the next request, or None to let a turn pass.

    Each request leaves at its time: one that waits for its answer delays no other. `history` holds (request, answer) in
    the order of the answers; handlers may send more by `later`.
    """

    def __init__(self, rate: float, make):
        self.rate, self.make = rate, make
        self.history, self.lost = [], []
        self.idle, self.busy = {}, set()
        self.planned, self.order = [], itertools.count()
        self.selector = selectors.DefaultSelector()
        self.running, self.failure = True, None
        self.thread = threading.Thread(target=self.guarded, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join(ANSWER_LIMIT_S * 2)
        for wire in [*self.busy, *itertools.chain(*self.idle.values())]:
            wire.socket.close()
        if self.failure:
            raise self.failure

    def later(self, seconds: float, request: Request):
        """To be called by a request's handler."""
        heapq.heappush(self.planned, (time.monotonic() + seconds, next(self.order), request))

    def guarded(self):
        try:
            self.run()
        except BaseException as failure:  # shown by the test's own thread
            self.failure = failure

    def run(self):
        turn = time.monotonic()
        while self.running or ((self.busy or self.planned) and time.monotonic() < turn + ANSWER_LIMIT_S):
            now = time.monotonic()
            while self.planned and self.planned[0][0] <= now:
                self.send(heapq.heappop(self.planned)[2])
            while self.running and turn <= now:
                turn += 1 / self.rate
                if request := self.make():
                    self.send(request)
            due = min([turn] if self.running else [now + 0.02], default=now)
            for key, _ in self.selector.select(max(0.0, min(due, now + 0.02) - time.monotonic())):
                self.read(key.data)
        self.lost += [wire.request for wire in self.busy]

    def send(self, request: Request):
        spare = self.idle.setdefault(request.way, [])
        if spare:
            wire = spare.pop()
        else:
            wire = Wire(*request.way)
            self.selector.register(wire.socket, selectors.EVENT_READ, wire)
        wire.request, wire.sent = request, time.monotonic()
        self.busy.add(wire)
        wire.socket.send(request_bytes(request.method, request.path, request.principal, request.body))

    def read(self, wire: Wire):
        try:
            piece = wire.socket.recv(65536)
        except OSError:
            piece = b""
        wire.seen += piece
        head, found, rest = wire.seen.partition(b"\r\n\r\n")
        if not found:
            if not piece:
                self.drop(wire)
            return
        status, headers = split_head(head)
        length = int(headers.get("content-length", 0))
        if len(rest) >= length:
            self.finish(wire, Answer(status, headers, rest[:length], wire.sent, time.monotonic()))
        elif not piece:
            self.drop(wire)

    def finish(self, wire: Wire, answer: Answer):
        request, wire.request, wire.seen = wire.request, None, b""
        self.busy.discard(wire)
        if answer.headers.get("connection") == "close":
            self.forget(wire)
        else:
            self.idle[request.way].append(wire)
        self.history.append((request, answer))
        if request.done:
            request.done(request, answer)

    def drop(self, wire: Wire):
        if wire.request:
            self.lost.append(wire.request)
        self.busy.discard(wire)
        for spare in self.idle.values():
            if wire in spare:
                spare.remove(wire)
        self.forget(wire)

    def forget(self, wire: Wire):
        self.selector.unregister(wire.socket)
        wire.socket.close()
