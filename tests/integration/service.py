"""A real vx11-tokend on a free port of loopback, for tests that drive whole programs."""

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from children import spawn, tool

__all__ = ["PRINCIPAL", "Service", "tool"]

PRINCIPAL = "integration-principal-0123456789"
START_LIMIT_S = 15
STOP_LIMIT_S = 15


def kept_environment():
    """What the service takes from the test's environment: nothing that could configure it."""
    return {name: value for name, value in os.environ.items() if name == "PATH" or name.endswith("SAN_OPTIONS")}


class Service:
    """Runs from `with` to its end, and is gone after it. `url` has no slash at its end."""

    def __init__(self, *arguments: str, environment=None, listen="127.0.0.1:0", threads=1):
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-")
        self.log = Path(self.folder.name, "log")
        self.port_file = Path(self.folder.name, "port")
        self.arguments = ["--listen", listen, "--port-file", self.port_file, "--threads", threads, *arguments]
        self.environment = environment or {}

    def launch(self):
        """Starts the process and returns at once; `ready` waits for its port."""
        program = Path(os.environ["VX11_BIN"], "vx11-tokend")
        environment = {"VX11_OPERATOR_TOKEN": PRINCIPAL, **kept_environment(), **self.environment}
        with self.log.open("wb") as log:
            self.process = spawn([program, *self.arguments], log, environment)
        self.pid = self.process.pid

    def ready(self):
        limit = time.monotonic() + START_LIMIT_S
        while not (self.port_file.exists() and self.port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"vx11-tokend did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.02)
        self.port = int(self.port_file.read_text())
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.launch()
        try:
            self.ready()
        except BaseException as failure:
            self.__exit__(type(failure))
            raise
        return self

    def __exit__(self, kind=None, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.said = self.log.read_text(encoding="utf-8", errors="replace")
        self.folder.cleanup()
        # A sanitizer that found something says so by the exit code too.
        if kind is None and self.process.returncode != 0:
            raise AssertionError(f"vx11-tokend ended with {self.process.returncode}:\n{self.said}")

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read()

    def issue(self, **body) -> str:
        """A fresh token's text."""
        request = urllib.request.Request(
            self.url + "/operator/api/events/sse-token",
            data=json.dumps(body).encode() if body else b"",
            headers={"X-VX11-Token": PRINCIPAL, "Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["sse_token"]

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
