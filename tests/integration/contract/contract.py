"""What the chapters of this folder share: an instance as each row needs it, and requests as they are typed."""

import contextlib
import json
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import NO_TOKEN, PRINCIPAL, Connection, Instance, Redis, Stream  # noqa: E402
from harness import fleet, limit_s, public_id, until  # noqa: E402

__all__ = """NO_TOKEN PRINCIPAL SECOND Contract Instance Reader Redis Stream fleet issue_path limit_s only public_id
    publish_path raw revoke_path shut stream_path until validate_path""".split()

SECOND = "second-principal-0123456789"
issue_path = "/operator/api/events/sse-token"
stream_path = "/operator/api/events/stream"
validate_path = "/operator/api/events/validate"
publish_path = "/operator/api/events/publish"
revoke_path = "/operator/internal/tokens/revoke"


@contextlib.contextmanager
def only(*flags, redis=None, mode="memory", healthy=True, **options):
    """One instance with these flags."""
    with fleet(Instance("a", redis, mode, *flags, **options), healthy=healthy) as (one,):
        yield one


def raw(port: int, data, count=1) -> list:
    """The answers to bytes as they are."""
    data = data.encode("latin-1") if isinstance(data, str) else data
    connection = Connection(port, PRINCIPAL)
    connection.open()
    connection.head_only, connection.sent = data.startswith(b"HEAD"), 0
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before the end
        connection.socket.sendall(data)
    answers = []
    try:
        for _ in range(count):
            answers.append(connection.receive())
    finally:
        connection.close()
    return answers


def shut(connection: socket.socket) -> bytes:
    """What comes up to the end."""
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


class Reader:
    """What a principal is told at an address without an end."""

    def __init__(self, port: int, path: str):
        self.seen = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=limit_s(10))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nX-VX11-Token: {PRINCIPAL}\r\n\r\n".encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def until(self, words: bytes):
        while words not in self.seen:
            piece = self.socket.recv(65536)
            if not piece:
                raise AssertionError(f"{words} didn't come: {self.seen}")
            self.seen += piece


class Contract(unittest.TestCase):
    """`one`: an instance in memory mode that all rows of a class share, unless they start their own."""

    flags = ()
    mode = "memory"
    with_redis = False

    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis()) if cls.with_redis else None
        url = cls.redis.url if cls.redis else None
        environment = {"VX11_GATEWAY_TOKEN": SECOND}
        cls.one = cls.enterClassContext(only(*cls.flags, redis=url, mode=cls.mode, environment=environment))

    def ask(self, *words, **named):
        return self.one.calls.ask(*words, **named)

    def post(self, path: str, text: str, principal=PRINCIPAL):
        """A body as it is typed."""
        given = f"X-VX11-Token: {principal}\r\n" if principal else ""
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{given}Content-Length: {len(text.encode())}\r\n\r\n"
        return raw(self.one.port, head.encode() + text.encode())[0]

    def refused(self, answer, status: int, detail: str):
        """The one form of an error."""
        self.assertEqual((answer.status, answer.json.get("detail")), (status, detail), answer)
        self.assertEqual(answer.json["correlation_id"], answer.headers["x-correlation-id"])
        self.assertEqual(answer.headers["content-type"], "application/json")
        return answer

    def passes(self, stream: Stream):
        """A refusal of a stream that doesn't look final: 200, a time to come back, and the end."""
        self.assertEqual((stream.status, stream.headers["content-type"]), (200, "text/event-stream"))
        self.assertTrue(stream.wait_closed())
        self.assertEqual(stream.events, [])
        self.assertIsNotNone(stream.retry)
        return stream.retry

    def stream(self, token=None, **named):
        stream = (named.pop("of", None) or self.one).stream(token, **named)
        self.addCleanup(stream.close)
        return stream

    def log_says(self, event: str, one=None) -> dict:
        """The first line of its log of that kind."""
        one = one or self.one

        def found():
            return next((line for line in one.log_lines() if line["event"] == event), None)

        until(lambda: found() is not None, 5, lambda: f"{event} in the log: {one.log.read_text()}")
        return found()

    def body(self, **members) -> str:
        return json.dumps(members)
