"""What the scripts of this folder share: vx11ctl's cross-instance test, and what stands around instances."""

import contextlib
import http.server
import json
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ctl"))
from ctl import Follower, command, ctl, environment  # noqa: E402
from harness import PRINCIPAL, free_port, key_of, until  # noqa: E402
from service import tool  # noqa: E402
from children import spawn  # noqa: E402
from http_client import Connection  # noqa: E402

__all__ = ["Balancer", "Follower", "PublicBackend", "cells_of", "command", "ctl", "environment", "matrix"]


def matrix(*words, on) -> tuple:
    """(exit code, the document, seconds)."""
    run = ctl(*words, "matrix", "--json", on=on)
    if run.code not in (0, 1):
        raise AssertionError(run)
    return run.code, run.json, run.took


def cells_of(result) -> dict:
    """The direct cells, by (issuer, validator)."""
    direct = [cell for cell in result["cells"] if "balancer" not in (cell["issuer"], cell["validator"])]
    return {(cell["issuer"], cell["validator"]): cell for cell in direct}


NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  upstream instances {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://instances; proxy_buffering off; }}
  }}
}}
"""


class Balancer:
    """A real nginx that gives each request to the next instance. Runs from `with` to its end."""

    def __init__(self, instances):
        self.instances = instances
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-nginx-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        servers = " ".join(f"server 127.0.0.1:{one.port};" for one in self.instances)
        configuration = Path(self.folder.name, "nginx.conf")
        configuration.write_text(NGINX.format(folder=self.folder.name, port=self.port, servers=servers))
        self.log = Path(self.folder.name, "log")
        with self.log.open("wb") as log:
            command = [tool("nginx", "nginx-light"), "-p", self.folder.name, "-e", "stderr", "-c", configuration]
            self.process = spawn(command, log)
        try:
            until(self.answers, 10, lambda: f"nginx: {self.log.read_text()}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()

    def answers(self) -> bool:
        connection = Connection(self.port, PRINCIPAL)
        try:
            return connection.ask("GET", "/readyz", principal=False).status == 200
        except OSError:
            return False
        finally:
            connection.close()


class PublicBackend:
    """A backend with the public calls only: issue, GET on the stream, health; no HEAD, no validate, nothing internal.

    With a Redis it keeps its tokens where instances keep theirs, as the Python backends do; else to itself.
    """

    def __init__(self, redis=None):
        self.redis, self.own = redis, {}
        self.asked = []
        handler = type("Handler", (PublicHandler,), {"backend": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.closing = False

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing = True
        self.server.shutdown()
        self.server.server_close()

    def issue(self, ttl: int) -> str:
        token = str(uuid.uuid4())
        value = json.dumps({"created_at": time.time(), "ttl_sec": ttl, "issued_by": "python"})
        if self.redis:
            self.redis.ask("SETEX", key_of(token), ttl, value)
        else:
            self.own[token] = value
        return token

    def accepts(self, token: str) -> bool:
        return (self.redis.ask("GET", key_of(token)) if self.redis else self.own.get(token)) is not None


class PublicHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend: PublicBackend

    def answer(self, status, body):
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def do_GET(self):
        path = urlsplit(self.path)
        self.backend.asked.append("GET " + path.path)
        if path.path == "/operator/api/health":
            return self.answer(200, {"status": "ok"})
        if path.path != "/operator/api/events/stream":
            return self.answer(404, {"detail": "Not Found"})
        if not self.backend.accepts(parse_qs(path.query).get("token", [""])[0]):
            return self.answer(403, {"detail": "invalid_token"})
        self.stream()

    def stream(self):
        """An endless one: who opens it must close it."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(b"event: snapshot\ndata: {}\n\n")
            while not self.backend.closing:
                time.sleep(0.05)
                self.wfile.write(b": still here\n\n")

    def do_POST(self):
        path = urlsplit(self.path).path
        self.backend.asked.append("POST " + path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if path != "/operator/api/events/sse-token":
            return self.answer(404, {"detail": "Not Found"})
        if self.headers.get("X-VX11-Token") != PRINCIPAL:
            return self.answer(403, {"detail": "forbidden"})
        ttl = json.loads(body or b"{}").get("ttl_sec", 60)
        self.answer(200, {"sse_token": self.backend.issue(ttl), "expires_in_sec": ttl})

    def do_HEAD(self):
        self.backend.asked.append("HEAD " + urlsplit(self.path).path)
        self.send_response(405)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
