#!/usr/bin/env python3
"""vx11-tokend as systemd sees it: what it says to the notify socket from its start over a reload to its end."""

import ctypes
import os
import signal
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import Instance, finish, limit_s, proof, until  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
WATCHDOG_S = 1.0
LOOPS_STAND_STILL_S = 5  # then /livez says so


class Systemd:
    """Listens where a service manager would. `heard`: (moment, message), a message as a dict."""

    def __init__(self, address: str):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.heard = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def hear(self, seconds: float):
        """Everything that comes within so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                text = self.socket.recv(4096).decode()
            except TimeoutError:
                return
            self.heard.append((time.monotonic(), dict(line.split("=", 1) for line in text.splitlines())))

    def wait_for(self, name: str, seconds: float = 10) -> dict:
        """The first message with that name that hasn't been waited for."""
        end = time.monotonic() + limit_s(seconds)
        while time.monotonic() < end:
            for place, (_, message) in enumerate(self.heard):
                if name in message:
                    del self.heard[: place + 1]
                    return message
            self.hear(0.1)
        raise AssertionError(f"no {name} within {limit_s(seconds)} s; heard {self.heard}")

    def count(self, name: str) -> int:
        return sum(name in message for _, message in self.heard)


class Stopped:
    """Stops every thread of a child but its first, the one that tells systemd: as a deadlock of its loops would."""

    SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17

    def __init__(self, pid: int):
        self.threads = [int(name) for name in os.listdir(f"/proc/{pid}/task") if int(name) != pid]

    def ptrace(self, request: int, thread: int):
        ctypes.set_errno(0)
        if LIBC.ptrace(ctypes.c_long(request), ctypes.c_long(thread), None, None) != 0:
            raise OSError(ctypes.get_errno(), f"ptrace {request:#x}")

    def __enter__(self):
        for thread in self.threads:
            try:
                self.ptrace(self.SEIZE, thread)
            except PermissionError:
                # A sandbox may forbid it, even of a child; there is no other way to stop a thread of somebody else's.
                raise unittest.SkipTest("ptrace is forbidden here: a loop can't be made to stand still") from None
            self.ptrace(self.INTERRUPT, thread)
        # One that waits for a processor stops when it has got it.
        for thread in self.threads:
            until(lambda one=thread: self.is_stopped(one), 20, "a thread to stop")
        return self

    def __exit__(self, *_):
        for thread in self.threads:
            self.ptrace(self.DETACH, thread)

    @staticmethod
    def is_stopped(thread: int) -> bool:
        return Path(f"/proc/{thread}/stat").read_text().rpartition(")")[2].split()[0] == "t"


class Notify(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-notify-")))

    def instance(self, address: str, *arguments, **variables):
        environment = {"NOTIFY_SOCKET": address.replace("\0", "@"), **variables}
        return Instance("one", None, None, *arguments, environment=environment)

    def whole_life(self, address: str):
        watchdog = {"WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6))}
        with Systemd(address) as systemd, self.instance(address, **watchdog) as one:
            ready = systemd.wait_for("READY")
            self.assertEqual(ready["READY"], "1")
            self.assertEqual(ready["STATUS"], f"Answering at {one.url}")
            self.assertEqual(one.calls.ready().status, 200, "ready means that it answers")
            begun = time.monotonic()
            for _ in range(4):
                self.assertEqual(systemd.wait_for("WATCHDOG")["WATCHDOG"], "1")
            beats = time.monotonic() - begun
            self.assertGreater(beats, 2 * WATCHDOG_S / 2, "not more often than asked for")

            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            one.process.send_signal(signal.SIGHUP)
            reloading = systemd.wait_for("RELOADING")
            now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            self.assertTrue(before <= int(reloading["MONOTONIC_USEC"]) <= now, (before, reloading, now))
            self.assertIn("READY", systemd.wait_for("READY"))

            stream = one.stream()
            self.assertTrue(stream.wait_named("snapshot"))
            one.process.send_signal(signal.SIGTERM)
            stopping = systemd.wait_for("STOPPING")
            self.assertGreater(int(stopping["EXTEND_TIMEOUT_USEC"]), 10_000_000, "longer than --stop-timeout")
            self.assertEqual(one.process.wait(limit_s(15)), 0)
            stream.close()
            systemd.hear(0.1)
            self.assertEqual(systemd.count("READY"), 0)

    def test_on_a_path(self):
        self.whole_life(str(self.folder / "notify"))
        proof("READY, WATCHDOG, RELOADING, READY and STOPPING on a path")

    def test_on_an_abstract_name(self):
        self.whole_life(f"\0vx11-notify-{os.getpid()}")
        proof("and on an abstract name")

    def test_stopping_by_a_call(self):
        address = str(self.folder / "notify")
        with Systemd(address) as systemd, self.instance(address) as one:
            systemd.wait_for("READY")
            self.assertEqual(one.calls.ask("POST", "/operator/internal/drain").status, 202)
            systemd.wait_for("STOPPING")
            self.assertEqual(one.process.wait(limit_s(15)), 0)
            self.assertEqual(systemd.count("WATCHDOG"), 0, "nobody asked for it")
        proof("STOPPING after a drain by HTTP too")

    def test_watchdog_of_another_process(self):
        address = str(self.folder / "notify")
        other = {"WATCHDOG_USEC": "200000", "WATCHDOG_PID": str(os.getpid())}
        with Systemd(address) as systemd, self.instance(address, **other) as one:
            systemd.wait_for("READY")
            systemd.hear(1)
            self.assertEqual(systemd.count("WATCHDOG"), 0)
            del one
        proof("no WATCHDOG where WATCHDOG_PID is another's")

    def test_no_sign_of_life_from_a_loop_that_stands_still(self):
        address = str(self.folder / "notify")
        with Systemd(address) as systemd, self.instance(address, WATCHDOG_USEC="400000") as one:
            systemd.wait_for("WATCHDOG")
            with Stopped(one.pid):
                systemd.hear(LOOPS_STAND_STILL_S + 1)
                systemd.heard.clear()
                systemd.hear(2)
                self.assertEqual(systemd.count("WATCHDOG"), 0)
            systemd.wait_for("WATCHDOG")
        proof("no WATCHDOG while a loop stands still, and again when it turns")

    def test_an_address_of_no_use(self):
        for address in ("notify", "vsock:2:1234", "/" + "x" * 200, str(self.folder / "nobody")):
            with self.subTest(address), self.instance(address) as one:
                self.assertEqual(one.calls.ready().status, 200)
            self.assertEqual(one.said.count("systemd can't be told"), 1, one.said)
        proof("a socket of no use is said once and stops nothing")


if __name__ == "__main__":
    finish("notify")
