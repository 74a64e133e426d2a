"""vx11ctl as somebody sees it who sits at a terminal: what it shows, and answers typed when they are asked for."""

import os
import pty
import select
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cluster"))
from cluster import PRINCIPAL, command, environment  # noqa: E402
from harness import limit_s  # noqa: E402


class Terminal:
    """Runs from `with` to its end."""

    def __init__(self, *words, on, variables=()):
        self.command, self.variables = command(words, on), {"TERM": "dumb", **dict(variables)}
        self.shown, self.read_to = "", 0

    def __enter__(self):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(self.command[0], self.command, environment(PRINCIPAL, self.variables))
        self.code = None
        return self

    def __exit__(self, *_):
        if self.code is None:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.file)

    def more(self, seconds: float) -> bool:
        """False at its end."""
        if not select.select([self.file], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.file, 65536)
        except OSError:  # EIO: nobody holds the other side any more
            piece = b""
        self.shown += piece.decode(errors="replace")
        return bool(piece)

    def until(self, words: str, seconds=30.0):
        """Waits for these words, behind those that were waited for before."""
        end = time.monotonic() + limit_s(seconds)
        while (found := self.shown.find(words, self.read_to)) < 0:
            if time.monotonic() > end or not self.more(0.1):
                raise AssertionError(f'"{words}" never came; shown:\n{self.shown}')
        self.read_to = found + len(words)

    def type(self, text: str):
        os.write(self.file, text.encode())

    def ended(self, seconds=30.0) -> int:
        """Its exit code."""
        end = time.monotonic() + limit_s(seconds)
        while self.more(0.1):
            if time.monotonic() > end:
                raise AssertionError(f"it does not end; shown:\n{self.shown}")
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code
