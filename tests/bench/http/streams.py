"""Thousands of idle event streams on one service: what each of them costs its memory."""

import resource
import select
import socket
import time
from pathlib import Path

from service import PRINCIPAL

OPEN_AT_ONCE = 200
SETTLE_S = 12  # two heartbeats: what a stream gives back after its start has been given back
LIMIT_S = 60


def resident_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no Rss in smaps_rollup")


def open_streams(port: int, tokens):
    """Opens one stream a token and returns their sockets once each has had its snapshot."""
    sockets, waiting, poll, limit = [], {}, select.epoll(), time.monotonic() + LIMIT_S
    pending = iter(tokens)
    left = len(tokens)
    while left:
        if time.monotonic() > limit:
            raise SystemExit(f"{left} streams got no snapshot in {LIMIT_S} s")
        while len(waiting) < OPEN_AT_ONCE and (token := next(pending, None)):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(
                f"GET /operator/api/events/stream?token={token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            stream.setblocking(False)
            poll.register(stream, select.EPOLLIN)
            waiting[stream.fileno()] = (stream, b"")
            sockets.append(stream)
        for number, _ in poll.poll(1):
            stream, seen = waiting[number]
            piece = stream.recv(65536)
            seen += piece
            if not piece or not seen.startswith(b"HTTP/1.1 200"[: len(seen)]):
                raise SystemExit(f"a stream was refused: {seen[:200]}")
            waiting[number] = (stream, seen)
            if b"event: snapshot" in seen or b"event:snapshot" in seen:
                poll.unregister(stream)
                del waiting[number]
                left -= 1
    poll.close()
    return sockets


def idle_streams(service, count: int):
    """Prints the bytes of resident memory an idle stream costs."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < count + 200:
        count = hard - 200
        print(f"streams: only {count}, because of ulimit -n {hard}")
    tokens = issue_many(service, count)
    # What the first streams ever cost is not a stream's: they are opened and closed again before the measuring.
    for stream in open_streams(service.port, tokens[:OPEN_AT_ONCE]):
        stream.close()
    time.sleep(1)
    before = resident_bytes(service.pid)
    streams = open_streams(service.port, tokens)
    time.sleep(SETTLE_S)
    after = resident_bytes(service.pid)
    for stream in streams:
        stream.close()
    each = (after - before) / count
    print(f"streams: {count:,} idle: {each:,.0f} bytes each ({before / 2**20:.1f} to {after / 2**20:.1f} MiB resident)")


def issue_many(service, count: int):
    """Fresh tokens that outlive the measuring, over one connection."""
    body = b'{"ttl_sec":300}'
    head = f"POST /operator/api/events/sse-token HTTP/1.1\r\nHost: localhost\r\nX-VX11-Token: {PRINCIPAL}\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    tokens = []
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        answers = connection.makefile("rb")
        for _ in range(count):
            connection.sendall(request)
            status, length = answers.readline(), 0
            while (line := answers.readline()) not in {b"\r\n", b""}:
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            text = answers.read(length).decode()
            if b" 200 " not in status:
                raise SystemExit(f"issue: {status} {text}")
            tokens.append(text.partition('"sse_token":"')[2].partition('"')[0])
    return tokens
