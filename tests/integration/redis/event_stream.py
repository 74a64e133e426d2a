"""A client of an event stream that writes down what came, and when."""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass

from http_client import request_bytes, split_head

LIMIT_S = 10


@dataclass
class Event:
    at: float  # of the steady clock
    name: str
    data: str
    id: str


class Stream:
    """Opens at once; a thread of its own reads until the stream ends. `status` is there from the start."""

    def __init__(self, port: int, token=None, principal=None, last_id=None):
        self.events, self.retry, self.closed_at = [], None, None
        self.changed = threading.Condition()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S)
        headers = [f"Last-Event-ID: {last_id}"] if last_id else []
        path = "/operator/api/events/stream" + (f"?token={token}" if token else "")
        self.sent = time.monotonic()
        self.socket.sendall(request_bytes("GET", path, principal, headers=headers))
        self.reader = self.socket.makefile("rb")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.reader.readline()
            if not line:
                raise ConnectionError(f"port {port} closed a stream's connection without an answer")
            head += line
        self.status, self.headers = split_head(head)
        self.opened = time.monotonic()
        self.socket.settimeout(None)
        threading.Thread(target=self.run, daemon=True).start()

    def close(self):
        """Its thread, which sees the end then, frees the rest."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def pieces(self):
        if self.headers.get("transfer-encoding") == "chunked":
            while (size := int(self.reader.readline() or b"0", 16)) > 0:
                yield self.reader.read(size + 2)[:-2]
        elif length := self.headers.get("content-length"):
            yield self.reader.read(int(length))
        else:
            while piece := self.reader.read1(65536):
                yield piece

    def run(self):
        waiting = b""
        try:
            for piece in self.pieces():
                waiting += piece
                while b"\n\n" in waiting:
                    block, _, waiting = waiting.partition(b"\n\n")
                    self.take(block.decode())
        except (OSError, ValueError):
            pass
        with self.changed:
            self.closed_at = time.monotonic()
            self.changed.notify_all()
        self.reader.close()
        self.socket.close()

    def take(self, block: str):
        fields = {"event": "message", "data": "", "id": ""}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        with self.changed:
            if "retry" in fields:
                self.retry = int(fields["retry"])
            if fields["event"] != "message":
                self.events.append(Event(time.monotonic(), fields["event"], fields["data"], fields["id"]))
            self.changed.notify_all()

    def named(self, name: str) -> list:
        with self.changed:
            return [event for event in self.events if event.name == name]

    def wait(self, condition, limit_s=LIMIT_S) -> bool:
        """Until `condition(self)`; False when it hasn't come in time."""
        with self.changed:
            return self.changed.wait_for(lambda: condition(self), limit_s)

    def wait_closed(self, limit_s=LIMIT_S) -> bool:
        return self.wait(lambda stream: stream.closed_at is not None, limit_s)

    def wait_named(self, name: str, count=1, limit_s=LIMIT_S) -> bool:
        return self.wait(lambda stream: sum(event.name == name for event in stream.events) >= count, limit_s)
