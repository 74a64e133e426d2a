"""HTTP over raw keep-alive sockets, because the moments of sending and of the answer are what is judged."""

import json
import socket
import time
from dataclasses import dataclass, field

PATIENCE_S = 10


@dataclass
class Answer:
    """`sent` and `received` are of the steady clock, in seconds."""

    status: int
    headers: dict = field(repr=False)  # names in lower case
    body: bytes = b""
    sent: float = 0.0
    received: float = 0.0

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def took(self) -> float:
        return self.received - self.sent


def request_bytes(method: str, path: str, principal=None, body=None, headers=()) -> bytes:
    payload = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if principal:
        lines.append(f"X-VX11-Token: {principal}")
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    return "\r\n".join([*lines, "", ""]).encode() + payload


def split_head(head: bytes):
    """(status, headers) of an answer's head."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}


class Connection:
    """One caller's; not for two threads. `send` and `receive` apart let several instances be asked at once."""

    def __init__(self, port: int, principal: str):
        self.port, self.principal, self.socket = port, principal, None

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.seen = b""

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def send(self, method: str, path: str, body=None, principal=True, headers=()):
        if self.socket is None:
            self.open()
        data = request_bytes(method, path, self.principal if principal else None, body, headers)
        self.head_only = method == "HEAD"
        self.sent = time.monotonic()
        self.socket.sendall(data)

    def receive(self) -> Answer:
        while b"\r\n\r\n" not in self.seen:
            self.more()
        received = time.monotonic()
        head, _, self.seen = self.seen.partition(b"\r\n\r\n")
        status, headers = split_head(head)
        length = 0 if self.head_only else int(headers.get("content-length", 0))
        while len(self.seen) < length:
            self.more()
        body, self.seen = self.seen[:length], self.seen[length:]
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, body, self.sent, received)

    def more(self):
        piece = self.socket.recv(65536)
        if not piece:
            self.close()
            raise ConnectionError(f"port {self.port} closed the connection without an answer")
        self.seen += piece

    def ask(self, method: str, path: str, body=None, principal=True, headers=()) -> Answer:
        self.send(method, path, body, principal, headers)
        return self.receive()

    # The calls

    def issue(self, **body) -> Answer:
        return self.ask("POST", "/operator/api/events/sse-token", body or None)

    def token(self, **body) -> str:
        answer = self.issue(**body)
        if answer.status != 200:
            raise AssertionError(f"issue on {self.port}: expected 200, got {answer.status} {answer.body!r}")
        return answer.json["sse_token"]

    def send_check(self, token: str):
        self.send("GET", "/operator/api/events/validate?token=" + token, principal=False)

    def check(self, token: str) -> Answer:
        self.send_check(token)
        return self.receive()

    def revoke(self, **target) -> Answer:
        return self.ask("POST", "/operator/internal/tokens/revoke", target)

    def publish(self, event: str, data) -> Answer:
        return self.ask("POST", "/operator/api/events/publish", {"event": event, "data": data})

    def internal(self, name: str) -> dict:
        answer = self.ask("GET", "/operator/internal/" + name)
        if answer.status != 200:
            raise AssertionError(f"{name} on {self.port}: expected 200, got {answer.status} {answer.body!r}")
        return answer.json

    def mode(self, word: str, **more) -> Answer:
        return self.ask("POST", "/operator/internal/mode", {"mode": word, **more})

    def ready(self) -> Answer:
        return self.ask("GET", "/readyz", principal=False)
