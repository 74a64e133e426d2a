"""What the scripts of this folder share: instances over one Redis, and words for what was measured."""

import contextlib
import functools
import hashlib
import json
import os
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from children import free_port, steady_port  # noqa: E402
from event_stream import Stream  # noqa: E402
from http_client import Connection  # noqa: E402
from redis_server import Certificates, Redis  # noqa: E402
from service import PRINCIPAL, STOP_LIMIT_S, Service  # noqa: E402
from tcp_proxy import TcpProxy  # noqa: E402

__all__ = """NO_TOKEN PRINCIPAL Certificates Connection Instance Redis Stream TcpProxy check_everywhere finish fleet
    free_port steady_port key_of limit_s proof public_id spread until waits""".split()

NO_TOKEN = "7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab"  # of the right form, issued by nobody
proofs = []


@functools.cache
def patience() -> int:
    program = Path(os.environ["VX11_BIN"], "vx11-tokend").read_bytes()
    return 4 if b"__sanitizer_" in program else 1


def limit_s(seconds: float) -> float:
    """A promise's bound; a sanitizer's build, which is several times slower, gets more."""
    return seconds * patience()


class Instance(Service):
    """One vx11-tokend with a name of its own. `calls` is the main thread's connection; others take `connect()`."""

    def __init__(self, name: str, redis_url=None, mode=None, *arguments, principal=PRINCIPAL, **options):
        if redis_url:
            arguments = ("--redis-url", redis_url, *arguments)
        if mode:
            arguments = ("--mode", mode, *arguments)
        super().__init__("--instance-id", name, *arguments, **options)
        self.name, self.principal = name, principal

    def ready(self):
        super().ready()
        self.calls = self.connect()

    def __exit__(self, *failure):
        if hasattr(self, "calls"):
            self.calls.close()
        super().__exit__(*failure)

    def connect(self) -> Connection:
        return Connection(self.port, self.principal)

    def stream(self, token=None, last_id=None) -> Stream:
        return Stream(self.port, token, None if token else self.principal, last_id)

    def healthy(self) -> bool:
        """Is every component that Redis can spoil well?"""
        components = self.calls.ready().json["components"]
        return all(components[name]["state"] == "ok" for name in ("redis", "feed") if name in components)

    def adds_up(self) -> bool:
        """Promise I14, at rest."""
        tokens = self.calls.internal("cache-stats")["tokens"]
        return tokens["issued"] == tokens["active"] + tokens["expired"] + tokens["revoked"]

    def log_lines(self) -> list:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def resident_kib(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def stop(self):
        """Gracefully, before the end of its `with`."""
        self.terminate()
        self.process.wait(STOP_LIMIT_S)

    def terminate(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def fleet(*instances, healthy=True):
    """All of them at once: started together, ended together."""
    with contextlib.ExitStack() as stack:
        for instance in instances:
            instance.launch()
            stack.push(instance)
        for instance in instances:
            instance.ready()
        if healthy:
            for instance in instances:
                until(instance.healthy, 5, lambda one=instance: f"{one.name} to be well: {one.calls.ready().body!r}")
        stack.callback(lambda: [instance.terminate() for instance in instances])
        yield instances


def until(condition, seconds: float, what):
    """Waits for `condition()`, else fails with `what`: a text, or what makes one then. Returns the seconds it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > limit_s(seconds):
            raise AssertionError(f"waited {limit_s(seconds)} s in vain for {what() if callable(what) else what}")
        time.sleep(0.01)
    return time.monotonic() - begun


def waits(until_moment: float):
    """Sleeps to a moment of the steady clock, if it isn't over."""
    time.sleep(max(0.0, until_moment - time.monotonic()))


def check_everywhere(instances, token: str) -> list:
    """The answers of all, asked at the same moment."""
    for instance in instances:
        instance.calls.send_check(token)
    return [instance.calls.receive() for instance in instances]


def key_of(token: str) -> str:
    return "vx11:ephemeral_token:" + token


def public_id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def spread(seconds) -> str:
    """p50, p99 and maximum, in milliseconds."""
    values = sorted(seconds)
    if not values:
        return "no values"
    p50, p99 = (values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99))
    return f"p50 {p50 * 1e3:.2f} p99 {p99 * 1e3:.2f} max {values[-1] * 1e3:.2f} ms (n={len(values)})"


def proof(text: str):
    """A part of the one line with which the script ends."""
    proofs.append(text)


def finish(title: str):
    """Runs the script's tests and says what they proved."""
    result = unittest.main(exit=False, argv=sys.argv).result
    word = "proved" if result.wasSuccessful() else "NOT proved"
    print(f"{title}: {word}: " + "; ".join(proofs), flush=True)
    sys.exit(not result.wasSuccessful())
