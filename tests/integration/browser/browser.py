"""A real browser without a window, and the origin that its page comes from."""

import contextlib
import http.client
import http.server
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "redis"))
from harness import limit_s  # noqa: E402
from children import spawn, tool  # noqa: E402

__all__ = ["LIMIT_S", "Visit"]

LIMIT_S = limit_s(60)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0"
).split()


class Origin(http.server.ThreadingHTTPServer):
    """One origin on loopback: the page at /, the service's paths if it has one, and what the page says at /seen."""

    daemon_threads = True

    def __init__(self, page: str, service_port=None, forwarded_for=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.page = (FOLDER / page).read_bytes()
        self.service_port, self.forwarded_for = service_port, forwarded_for
        self.reports = queue.Queue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/operator/") and self.server.service_port:
            self.pass_on()
        elif self.path.split("?")[0] == "/":
            self.answer(200, "text/html", self.server.page)
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
        headers = {name: self.headers[name] for name in ("Accept", "Last-Event-ID") if self.headers[name]}
        if self.server.forwarded_for:
            headers["X-Forwarded-For"] = self.server.forwarded_for
        upstream.request("GET", self.path, headers=headers)
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


class Visit:
    """A page of this folder in a browser with an empty profile, from `with` to its end. `asked` comes after the page's
    address. What the page says comes as texts, in its order; `seen` keeps them."""

    def __init__(self, page: str, asked: str, **origin):
        self.origin = Origin(page, **origin)
        self.asked = asked
        self.seen = []

    def __enter__(self):
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        self.profile = tempfile.TemporaryDirectory(prefix="vx11-browser-", ignore_cleanup_errors=True)
        self.url = f"http://127.0.0.1:{self.origin.server_port}"
        self.log = Path(self.profile.name, "said")
        with self.log.open("wb") as said:
            data = f"--user-data-dir={self.profile.name}/data"
            words = [tool("chromium", "chromium"), *FLAGS, data, f"{self.url}/{self.asked}"]
            self.browser = spawn(words, said, dict(os.environ), own_session=True)
        return self

    def __exit__(self, *_):
        self.browser.terminate()
        try:
            self.browser.wait(20)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.browser.pid, signal.SIGKILL)  # its helpers take a moment by themselves
            self.origin.shutdown()
            self.origin.server_close()
            self.profile.cleanup()

    def said(self, limit_s=LIMIT_S) -> str:
        """The next text."""
        try:
            self.seen.append(self.origin.reports.get(timeout=max(0.01, limit_s)))
        except queue.Empty:
            raise AssertionError(f"the page said {self.seen}; the browser said:\n{self.log.read_text()}") from None
        return self.seen[-1]

    def until(self, beginning: str, limit_s=LIMIT_S) -> str:
        """The next text that begins so."""
        end = time.monotonic() + limit_s
        while not self.said(end - time.monotonic()).startswith(beginning):
            pass
        return self.seen[-1]
