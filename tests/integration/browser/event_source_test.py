#!/usr/bin/env python3
"""A page in a real browser opens a stream by EventSource with a fresh token, and receives a snapshot and a heartbeat.

The page and the service share an origin, as behind a balancer: a small proxy serves the one and passes on the other.
"""

import contextlib
import http.client
import http.server
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from service import Service, tool  # noqa: E402

LIMIT_S = 60
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0"
).split()


class Origin(http.server.ThreadingHTTPServer):
    """One origin on loopback: the page at /, the service below /operator, and what the page saw is posted to /seen."""

    daemon_threads = True

    def __init__(self, service_port: int):
        super().__init__(("127.0.0.1", 0), Handler)
        self.service_port = service_port
        self.reports = queue.Queue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/operator/"):
            self.pass_on()
        elif self.path.split("?")[0] == "/":
            self.answer(200, "text/html", Path(__file__).with_name("page.html").read_bytes())
        else:
            self.answer(404, "text/plain", b"")

    def do_POST(self):
        self.server.reports.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(204, "text/plain", b"")

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self):
        """Each piece goes on as it comes, so that an event isn't held back."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.service_port, timeout=LIMIT_S)
        upstream.request("GET", self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
        answer = upstream.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        self.end_headers()
        try:
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the page has closed its stream
        finally:
            upstream.close()

    def log_message(self, *_):
        pass


def visit(path: str, service_port: int) -> str:
    """What the page wrote down after it was opened in a browser with an empty profile."""
    origin = Origin(service_port)
    threading.Thread(target=origin.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="vx11-browser-", ignore_cleanup_errors=True) as profile:
        url = f"http://127.0.0.1:{origin.server_port}{path}"
        log = Path(profile, "said")
        with log.open("wb") as said:
            browser = subprocess.Popen(
                [tool("chromium", "chromium"), *FLAGS, f"--user-data-dir={profile}/data", url],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            return origin.reports.get(timeout=LIMIT_S)
        except queue.Empty:
            raise AssertionError(f"the page reported nothing; the browser said:\n{log.read_text()}") from None
        finally:
            browser.terminate()
            browser.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)  # its helpers take a moment by themselves
            origin.shutdown()
            origin.server_close()


class EventSource(unittest.TestCase):
    def test_a_fresh_token_brings_snapshot_and_heartbeat(self):
        with Service(environment={"VX11_OPERATOR_SSE_HEARTBEAT": "1"}) as service:
            lines = visit(f"/?token={service.issue()}", service.port).splitlines()
            self.assertEqual([line.split(" ")[0] for line in lines], ["open", "snapshot", "heartbeat"])
            instance = json.loads(service.get("/health"))["instance_id"]
            self.assertIn(instance, lines[1])

    def test_an_unknown_token_is_refused_for_good(self):
        with Service() as service:
            lines = visit("/?token=7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab", service.port).splitlines()
            self.assertEqual(lines, ["refused"])


if __name__ == "__main__":
    unittest.main()
