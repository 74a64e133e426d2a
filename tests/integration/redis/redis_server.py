"""A real redis-server on a port of its own: paused, killed, started empty, and asked what it was asked."""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from children import free_port, spawn, tool  # noqa: E402
from resp import RedisError, Resp  # noqa: E402

START_LIMIT_S = 10


class Redis:
    """Runs from `with` to its end, without persistence: whatever starts again is empty. The port stays the same."""

    def __init__(self, *arguments, password=None, tls=None, start=True, username=None):
        """With `username` the tests ask as that user of an ACL file, whose password it then is."""
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-redis-")
        self.log = Path(self.folder.name, "log")
        self.port = free_port()  # of plain connections; with TLS the tests' own
        self.tls_port = free_port() if tls else None
        self.username, self.password = username, password
        self.arguments = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", *arguments]
        if password and not username:
            self.arguments += ["--requirepass", password]
        if tls:
            self.arguments += ["--tls-port", self.tls_port, "--tls-cert-file", tls.cert, "--tls-key-file", tls.key]
            self.arguments += ["--tls-ca-cert-file", tls.ca, "--tls-auth-clients", "no"]
        self.process = None
        self.started = start

    def __enter__(self):
        if self.started:
            self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self.folder.cleanup()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def launch(self):
        command = [tool("redis-server", "redis-server"), "--port", self.port, "--dir", self.folder.name]
        with self.log.open("ab") as log:
            self.process = spawn([*command, *self.arguments], log)

    def start(self):
        self.launch()
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit and self.process.poll() is None:
            with contextlib.suppress(OSError, RedisError):
                with self.client() as client:
                    client.ask("PING")
                return
            time.sleep(0.01)
        raise AssertionError(f"redis-server did not start:\n{self.log.read_text()}")

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def client(self, database=0, timeout=5) -> Resp:
        return Resp(self.port, database, self.password, timeout, self.username)

    def ask(self, *words, database=0):
        with self.client(database) as client:
            return client.ask(*words)

    def calls(self) -> dict:
        """How often each command was executed since CONFIG RESETSTAT, by its name in lower case."""
        lines = self.ask("INFO", "commandstats").splitlines()
        pairs = (line.removeprefix("cmdstat_").split(":calls=") for line in lines if line.startswith("cmdstat_"))
        return {name: int(rest.partition(",")[0]) for name, rest in pairs}

    def reset_calls(self):
        self.ask("CONFIG", "RESETSTAT")


class Certificates:
    """A certificate authority of the test's own and what it signed for `name`, made by the openssl program."""

    def __init__(self, folder: str, name: str):
        self.ca, self.cert, self.key = (str(Path(folder, file)) for file in ("ca.pem", "cert.pem", "key.pem"))
        ca_key, request, extension = (str(Path(folder, file)) for file in ("ca.key", "request.pem", "extension"))
        kind = "IP" if name[0].isdigit() else "DNS"
        Path(extension).write_text(f"subjectAltName={kind}:{name}\n")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *curve, "-keyout", ca_key, "-out", self.ca, "-days", "2", "-subj", "/CN=tests")
        openssl("req", *curve, "-keyout", self.key, "-out", request, "-subj", f"/CN={name}")
        signing = ["-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2", "-extfile", extension]
        openssl("x509", "-req", "-in", request, "-out", self.cert, *signing)


def openssl(*arguments):
    answer = subprocess.run([tool("openssl", "openssl"), *arguments], capture_output=True, text=True, timeout=30)
    if answer.returncode != 0:
        raise AssertionError(f"openssl {arguments[0]}: {answer.stderr}")
