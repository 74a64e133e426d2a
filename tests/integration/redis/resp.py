"""Redis' protocol for the tests' own use: words out, Python values back, many commands in one write."""

import socket


class RedisError(Exception):
    """An error reply: its text, such as "WRONGTYPE Operation against a key …"."""


class Resp:
    """One connection. An error reply is raised by `ask` and returned by `pipeline`."""

    def __init__(self, port: int, database=0, password=None, timeout=5, username=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.replies = self.socket.makefile("rb")
        if password:
            self.ask("AUTH", *([username] if username else []), password)
        if database:
            self.ask("SELECT", database)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.replies.close()
        self.socket.close()

    def ask(self, *words):
        (reply,) = self.pipeline([words])
        if isinstance(reply, RedisError):
            raise reply
        return reply

    def pipeline(self, commands) -> list:
        self.socket.sendall(b"".join(encoded(words) for words in commands))
        return [self.read() for _ in commands]

    def read(self):
        line = self.replies.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis has closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"+":
            return text.decode()
        if kind == b"-":
            return RedisError(text.decode())
        if kind == b":":
            return int(text)
        size = int(text)
        if size < 0:
            return None
        if kind == b"*":
            return [self.read() for _ in range(size)]
        return self.replies.read(size + 2)[:-2].decode(errors="replace")


def encoded(words) -> bytes:
    parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
