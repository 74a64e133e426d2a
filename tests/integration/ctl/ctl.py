"""What the scripts of this folder share: vx11ctl as a shell would call it."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import PRINCIPAL, limit_s  # noqa: E402
from service import kept_environment  # noqa: E402

__all__ = ["Follower", "PRINCIPAL", "ctl", "limit_s"]

LIMIT_S = 60
STATE = tempfile.TemporaryDirectory(prefix="vx11-state-")  # what is left of operations that were interrupted


def command(words, instances):
    given = [word for instance in instances for word in ("--instance", getattr(instance, "url", instance))]
    return [str(Path(os.environ["VX11_BIN"], "vx11ctl")), *given, *map(str, words)]


def environment(principal, more=()):
    named = {"VX11_OPERATOR_TOKEN": principal} if principal else {}
    return {**kept_environment(), "XDG_STATE_HOME": STATE.name, **named, **dict(more)}


@dataclass
class Run:
    code: int
    out: str
    err: str
    took: float

    @property
    def json(self) -> dict:
        """The one document that it printed."""
        lines = self.out.splitlines()
        if len(lines) != 1:
            raise AssertionError(f"one JSON document on one line was expected:\n{self.out}{self.err}")
        return json.loads(lines[0])

    @property
    def lines(self) -> list:
        return [json.loads(line) for line in self.out.splitlines()]


def ctl(*words, on=(), principal=PRINCIPAL, stdin=None, variables=()) -> Run:
    """Runs it to its end. `on`: instances, or addresses. `variables`: of its environment, besides the principal."""
    begun = time.monotonic()
    answer = subprocess.run(
        command(words, on),
        env=environment(principal, variables),
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    return Run(answer.returncode, answer.stdout, answer.stderr, time.monotonic() - begun)


class Follower:
    """A command that follows something, with --json; a line at a time."""

    def __init__(self, *words, on=(), principal=PRINCIPAL, variables=()):
        self.process = subprocess.Popen(
            command((*words, "--json"), on),
            env=environment(principal, variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.events = queue.Queue()
        self.seen = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def until(self, wanted, seconds=10.0) -> dict:
        """The next event that `wanted` accepts."""
        end = time.monotonic() + limit_s(seconds)
        while True:
            try:
                event = self.events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"waited in vain; seen: {self.seen}") from None
            self.seen.append(event)
            if wanted(event):
                return event

    def interrupted(self) -> int:
        """Its exit code after Ctrl+C."""
        self.process.send_signal(2)
        return self.process.wait(limit_s(10))
