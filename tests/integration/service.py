"""A real vx11-tokend on a free port of loopback, for tests that drive whole programs."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PRINCIPAL = "integration-principal-0123456789"
START_LIMIT_S = 15
STOP_LIMIT_S = 15


def tool(name: str, package: str) -> str:
    """The path of a program that only tests need, or an end of the test that names its package."""
    unpacked = Path(os.environ.get("VX11_TOOLS", ""), "bin", name)
    found = str(unpacked) if os.access(unpacked, os.X_OK) else shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is missing: it is in Debian's package {package}; packaging/test.sh unpacks it")
    return found


def kept_environment():
    """What the service takes from the test's environment: nothing that could configure it."""
    return {name: value for name, value in os.environ.items() if name == "PATH" or name.endswith("SAN_OPTIONS")}


class Service:
    """Runs from `with` to its end, and is gone after it. `url` has no slash at its end."""

    def __init__(self, *arguments: str, environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-")
        self.log = Path(self.folder.name, "log")
        self.arguments = arguments
        self.environment = environment or {}

    def __enter__(self):
        port_file = Path(self.folder.name, "port")
        program = Path(os.environ["VX11_BIN"], "vx11-tokend")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [program, "--listen", "127.0.0.1:0", "--port-file", port_file, "--threads", "1", *self.arguments],
                env={"VX11_OPERATOR_TOKEN": PRINCIPAL, **kept_environment(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        limit = time.monotonic() + START_LIMIT_S
        while not (port_file.exists() and port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > limit:
                self.__exit__(SystemExit)
                raise SystemExit(f"vx11-tokend did not start:\n{self.said}")
            time.sleep(0.02)
        self.port = int(port_file.read_text())
        self.pid = self.process.pid
        self.url = f"http://127.0.0.1:{self.port}"
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
