"""Many pages that each keep one event stream open, as a browser's EventSource does: one that ends is opened again after
the time that it was told to wait, from the last event on."""

import selectors
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from http_client import request_bytes, split_head  # noqa: E402

USUAL_RETRY_MS = 3000  # of a browser that was told nothing


@dataclass
class Return:
    """From the end of a stream to the first event of the next."""

    retry: float  # what it was told, in seconds
    ended: float  # of the steady clock, like all times here
    tried: float = None  # when it first knocked
    back: float = None
    attempts: int = 0

    @property
    def late(self) -> float:
        """Seconds over its `retry`; None: not back yet."""
        return None if self.back is None else self.back - self.ended - self.retry


@dataclass
class Source:
    token: str
    wire: socket.socket = None
    seen: bytes = b""
    text: bytes = b""
    head: tuple = None
    last_id: str = ""
    retry: float = USUAL_RETRY_MS / 1000
    due: float = 0.0  # when it is to be opened again
    open: bool = False
    instance: str = ""
    events: list = field(default_factory=list)  # (name, data)
    returns: list = field(default_factory=list)


class EventSources:
    """All on one thread, from `with` to its end. `faults`: what a page would have noticed."""

    def __init__(self, port: int, tokens):
        self.port = port
        self.sources = [Source(token) for token in tokens]
        self.selector = selectors.DefaultSelector()
        self.faults = []
        self.running, self.failure = True, None
        self.thread = threading.Thread(target=self.guarded, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join(10)
        for source in self.sources:
            if source.wire:
                source.wire.close()
        self.selector.close()
        if self.failure:
            raise self.failure

    def open_now(self) -> int:
        return sum(source.open for source in self.sources)

    @property
    def returns(self) -> list:
        return [back for source in self.sources for back in source.returns]

    def guarded(self):
        try:
            while self.running:
                self.turn()
        except BaseException as failure:  # shown by the test's own thread
            self.failure = failure

    def turn(self):
        now = time.monotonic()
        for source in self.sources:
            if source.wire is None and source.due <= now:
                self.visit(source)
        for key, _ in self.selector.select(0.005):
            self.read(key.data)

    def visit(self, source: Source):
        if source.returns and source.returns[-1].back is None:
            source.returns[-1].attempts += 1
            source.returns[-1].tried = source.returns[-1].tried or time.monotonic()
        source.seen, source.text, source.head = b"", b"", None
        source.wire = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        source.wire.setblocking(False)
        self.selector.register(source.wire, selectors.EVENT_READ, source)
        headers = [f"Last-Event-ID: {source.last_id}"] if source.last_id else []
        path = "/operator/api/events/stream?token=" + source.token
        source.wire.send(request_bytes("GET", path, headers=headers))

    def read(self, source: Source):
        try:
            piece = source.wire.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            return self.ended(source, "broke off")
        source.seen += piece
        if source.head is None:
            head, found, rest = source.seen.partition(b"\r\n\r\n")
            if not found:
                return
            source.head, source.seen = split_head(head), rest
            if source.head[0] != 200:
                return self.ended(source, f"answered {source.head[0]}")
            source.instance = source.head[1].get("x-vx11-instance", "")
        if not self.unpack(source):
            self.ended(source)

    def unpack(self, source: Source) -> bool:
        """False: the last chunk has come."""
        while b"\r\n" in source.seen:
            size, _, rest = source.seen.partition(b"\r\n")
            length = int(size, 16)
            if len(rest) < length + 2:
                break
            source.text, source.seen = source.text + rest[:length], rest[length + 2 :]
            if length == 0:
                return False
            while b"\n\n" in source.text:
                block, _, source.text = source.text.partition(b"\n\n")
                self.take(source, block.decode())
        return True

    def take(self, source: Source, block: str):
        fields = {"event": "message", "data": ""}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        source.last_id = fields.get("id", source.last_id)
        if "retry" in fields:
            source.retry = int(fields["retry"]) / 1000
        if "data" not in fields or not fields["data"]:
            return
        source.events.append((fields["event"], fields["data"]))
        if not source.open:
            source.open = True
            if source.returns:
                source.returns[-1].back = time.monotonic()

    def ended(self, source: Source, how=""):
        """`how`: other than by its last chunk."""
        now = time.monotonic()
        self.selector.unregister(source.wire)
        source.wire.close()
        source.wire = None
        if how or not source.open:
            self.faults.append((source.instance, how or "had no event", now))
        if source.open or not source.returns:
            source.returns.append(Return(source.retry, now))
        source.open = False
        source.due = now + source.retry
