#!/usr/bin/env python3
"""The unit for systemd: systemd finds nothing wrong with it, its command starts an instance that speaks to systemd as
the unit says, and nothing of it can gain privileges."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "redis"), str(HERE.parent / "tokend")]
from harness import PRINCIPAL, finish, limit_s, proof  # noqa: E402
from notify_test import Systemd  # noqa: E402
from children import spawn  # noqa: E402
from service import kept_environment  # noqa: E402

UNIT = HERE.parents[2] / "packaging/systemd/vx11-tokend.service"
PROGRAM = Path(os.environ["VX11_BIN"], "vx11-tokend")
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze counts


def settings() -> dict:
    """The unit's lines by key; a key that stands twice has its last value."""
    lines = UNIT.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


class Unit(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-unit-")))
        self.unit = self.folder / UNIT.name
        self.unit.write_text(UNIT.read_text().replace("/usr/bin/vx11-tokend", str(PROGRAM)))

    def analyze(self, *words) -> subprocess.CompletedProcess:
        program = shutil.which("systemd-analyze")
        if program is None:
            self.skipTest("systemd-analyze is not on this machine")
        return subprocess.run([program, *words, str(self.unit)], capture_output=True, text=True, timeout=60)

    def test_systemd_finds_nothing(self):
        found = self.analyze("verify")
        self.assertEqual((found.returncode, found.stdout + found.stderr), (0, ""))
        proof("systemd-analyze verify finds nothing")

    def test_it_is_hardened(self):
        told = self.analyze("security", "--offline=true").stdout
        level = float(re.search(r"exposure level for \S+: ([0-9.]+)", told).group(1))
        self.assertLess(level, MOST_EXPOSED, told)
        proof(f"exposure {level} of 10")

    def test_what_systemd_has_to_know(self):
        unit = settings()
        self.assertEqual(unit["Type"], "notify")
        self.assertEqual(unit["ExecReload"], "/bin/kill -HUP $MAINPID")
        self.assertGreaterEqual(int(unit["WatchdogSec"]), 10, "twice what a loop may stand still")
        self.assertGreater(int(unit["TimeoutStopSec"]), 10, "longer than --stop-timeout")
        self.assertEqual(unit["LoadCredential"], "principals:/etc/vx11/principals")
        self.assertIn("%d/principals", unit["ExecStart"])
        self.assertNotRegex(UNIT.read_text(), r"(?m)^Environment=.*TOKEN", "no secret in the environment")

    def test_its_command(self):
        """With systemd's words for folders replaced, and a port that is free."""
        credentials, logs = self.folder / "credentials", self.folder / "logs"
        for folder in (credentials, logs / "vx11-tokend"):
            folder.mkdir(parents=True)
        (credentials / "principals").write_text(PRINCIPAL + "\n")
        (credentials / "principals").chmod(0o400)
        config = self.folder / "tokend.conf"
        config.write_text("listen = 127.0.0.1:0\n")
        words = settings()["ExecStart"].split()
        self.assertEqual(words[0], "/usr/bin/vx11-tokend")
        places = {"%d": str(credentials), "%L": str(logs), "/etc/vx11/tokend.conf": str(config)}
        for word, place in places.items():
            words = [given.replace(word, place) for given in words]
        self.assertNotIn("%", " ".join(words))
        socket = self.folder / "notify"
        watchdog = int(settings()["WatchdogSec"]) * 1_000_000
        environment = {**kept_environment(), "NOTIFY_SOCKET": str(socket), "WATCHDOG_USEC": str(watchdog)}
        with Systemd(str(socket)) as systemd, (self.folder / "log").open("wb") as log:
            process = spawn([PROGRAM, *words[1:]], log, environment)
            try:
                self.assertIn("Answering at http://127.0.0.1:", systemd.wait_for("READY", 15)["STATUS"])
                systemd.wait_for("WATCHDOG")
                process.send_signal(signal.SIGHUP)
                systemd.wait_for("RELOADING")
                systemd.wait_for("READY")
                process.send_signal(signal.SIGTERM)
                systemd.wait_for("STOPPING")
                self.assertEqual(process.wait(limit_s(15)), 0)
            finally:
                process.kill()
                process.wait()
        self.assertIn('"drain"', (logs / "vx11-tokend/audit.jsonl").read_text())
        proof("its command: READY, WATCHDOG, RELOADING, READY, STOPPING, exit 0")


if __name__ == "__main__":
    finish("unit")
