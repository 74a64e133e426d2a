#!/usr/bin/env python3
"""SIGHUP: principals and rate limits are read again while the service answers; a configuration that isn't fit for that
changes nothing, and what has to wait for a restart is named."""

import json
import os
import pty
import signal
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import Connection, Instance, Stream, finish, limit_s, proof, until  # noqa: E402
from children import spawn  # noqa: E402
from service import kept_environment  # noqa: E402

OLD, NEW, THIRD = "old-principal-0123456789", "new-principal-0123456789", "third-principal-0123456789"
WATCH = "/operator/internal/tokens/watch"


class Reload(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-reload-")))
        self.principals = self.folder / "principals"
        self.config = self.folder / "vx11.conf"
        self.audit = self.folder / "audit"
        self.principals.write_text(OLD + "\n")
        self.principals.chmod(0o600)
        self.config.write_text("rate-limit = 0\n")

    def instance(self, *arguments, environment=None) -> Instance:
        files = ("--config", self.config, "--audit-log", self.audit, "--principal-file", self.principals)
        environment = {"VX11_OPERATOR_TOKEN": "", **(environment or {})}
        made = Instance("one", None, None, *files, *arguments, environment=environment, principal=OLD)
        return self.enterContext(made)

    def caller(self, one, principal) -> Connection:
        connection = Connection(one.port, principal)
        self.addCleanup(connection.close)
        return connection

    def reload(self, one, outcome="reloaded") -> dict:
        """Its line in the log."""
        before = len(self.lines(one, outcome))
        one.process.send_signal(signal.SIGHUP)
        until(lambda: len(self.lines(one, outcome)) > before, 10, lambda: f"{outcome}: {one.log_lines()[-3:]}")
        return self.lines(one, outcome)[-1]

    @staticmethod
    def lines(one, event) -> list:
        return [line for line in one.log_lines() if line["event"] == event]

    def reloads(self) -> list:
        """What the audit log tells of them."""
        entries = [json.loads(line) for line in self.audit.read_text().splitlines()]
        return [entry["detail"] for entry in entries if entry["action"] == "reload"]

    def issue(self, one, principal) -> int:
        return self.caller(one, principal).issue().status

    def test_principals_are_rotated(self):
        one = self.instance()
        token = one.calls.token()
        streams = {"old": Stream(one.port, principal=OLD), "token": Stream(one.port, token)}
        watch = self.caller(one, OLD)
        watch.send("GET", WATCH)
        self.assertEqual(self.issue(one, NEW), 403)

        self.principals.write_text(f"{OLD},{NEW}\n")
        self.assertIn("2 principals (1 new, 0 removed)", self.reload(one)["message"])
        self.assertEqual([self.issue(one, each) for each in (OLD, NEW)], [200, 200])
        streams["new"] = Stream(one.port, principal=NEW)

        self.principals.write_text(f"{NEW}\n")
        self.assertIn("1 principal (0 new, 1 removed)", self.reload(one)["message"])
        self.assertEqual([self.issue(one, each) for each in (OLD, NEW)], [403, 200])
        self.assertTrue(streams["old"].wait_closed(), "its principal is gone")
        self.assertTrue(streams["old"].named("revoked"))
        self.assertEqual(Stream(one.port, principal=OLD).status, 403, "and it stays out")
        ended = b""
        watch.socket.settimeout(10)
        while piece := watch.socket.recv(65536):
            ended += piece
        self.assertIn(b"event: revoked", ended)
        newcomer = self.caller(one, NEW)
        self.assertEqual(newcomer.check(token).status, 200, "what it issued lives on")
        newcomer.publish("still", 1)
        for name in ("token", "new"):
            self.assertTrue(streams[name].wait_named("still"), name)
            streams[name].close()
        self.assertEqual(len(self.reloads()), 2)
        self.assertFalse([text for text in (OLD, NEW) if text in one.log.read_text() + self.audit.read_text()])
        proof("a principal is added and one removed, whose stream and watch end and stay out; others go on")

    def test_an_audit_log_that_broke_keeps_no_principal_out(self):
        self.audit = self.folder / "logs" / "audit"
        self.audit.parent.mkdir()
        one = self.instance()
        self.audit.parent.rename(self.folder / "elsewhere")
        self.principals.write_text(f"{OLD},{NEW}\n")
        self.assertIn("(1 new, 0 removed)", self.reload(one)["message"])
        self.assertEqual(self.issue(one, NEW), 200)
        proof("principals change also while the audit log's folder is gone")

    def test_rate_limits(self):
        one = self.instance()
        self.assertEqual([one.calls.issue().status for _ in range(5)], [200] * 5)
        self.config.write_text("rate-limit = 2\nrate-window = 3600\n")
        self.assertIn("rate limit 2 in 3600 s", self.reload(one)["message"])
        self.assertEqual([one.calls.issue().status for _ in range(3)], [200, 200, 429])
        self.config.write_text("")
        self.assertIn("no rate limit", self.reload(one)["message"])
        self.assertEqual([one.calls.issue().status for _ in range(5)], [200] * 5)
        proof("a rate limit counts at once and is lifted at once")

    def test_what_is_not_fit_changes_nothing(self):
        one = self.instance()
        unfit = {
            "an unknown key": (lambda: self.config.write_text("rate-limt = 5\n"), "rate-limit?"),
            "a value out of range": (lambda: self.config.write_text("rate-limit = -1\n"), "vx11.conf:1"),
            "a file that is gone": (self.config.unlink, "can't read"),
            "no principal": (lambda: self.principals.write_text("# none\n"), "holds no principal"),
        }
        for name, (spoil, reason) in unfit.items():
            with self.subTest(name):
                self.config.write_text("rate-limit = 0\n")
                self.principals.write_text(f"{NEW}\n")  # it isn't half taken over
                spoil()
                self.assertIn(reason, self.reload(one, "reload_refused")["reason"])
                self.assertIn(reason, self.reloads()[-1])
                self.assertTrue(self.reloads()[-1].startswith("refused: "))
                self.assertEqual([self.issue(one, each) for each in (OLD, NEW)], [200, 403])
        self.config.write_text("")
        self.principals.write_text(f"{NEW}\n")
        self.reload(one)
        self.assertEqual([self.issue(one, each) for each in (OLD, NEW)], [403, 200])
        proof(f"{len(unfit)} kinds of unfit configuration change nothing and are named in both logs")

    def test_what_needs_a_restart_is_named(self):
        one = self.instance()
        self.config.write_text("ttl = 30\nallowed-host = other.example\nrate-limit = 0\n")
        for _ in range(2):  # it differs as long as it isn't taken over
            before = len(self.lines(one, "restart_needed"))
            self.reload(one)
            until(lambda count=before: len(self.lines(one, "restart_needed")) > count, 10, "restart_needed")
            self.assertEqual(self.lines(one, "restart_needed")[-1]["settings"], "--allowed-host, --ttl")
        self.assertIn("not before a restart: --allowed-host, --ttl", self.reloads()[-1])
        self.assertEqual(one.calls.issue().json["ttl_sec"], 60)
        proof("settings that need a restart are named")

    def test_warnings_follow(self):
        one = self.instance()
        warnings = lambda: one.calls.ready().json["components"]["configuration"]["warnings"]  # noqa: E731
        self.assertEqual(warnings(), [])
        self.principals.chmod(0o644)
        self.reload(one)
        self.assertEqual(len(warnings()), 1)
        self.assertIn("can be read by every user", warnings()[0])
        self.principals.chmod(0o600)
        self.reload(one)
        self.assertEqual(warnings(), [])
        proof("/readyz shows the warnings that count now")

    def test_the_principal_of_one_run(self):
        made = self.folder / "made"
        arguments = ("--config", self.config, "--principal-out", made)
        one = Instance("one", None, None, *arguments, environment={"VX11_OPERATOR_TOKEN": ""})
        with one:
            until(lambda: made.exists() and made.read_text().strip(), 10, "the principal's file")
            principal = made.read_text().strip()
            self.assertIn("1 principal (0 new, 0 removed)", self.reload(one)["message"])
            self.assertEqual(self.issue(one, principal), 200, "it is still the only one")
            self.config.write_text(f"principal-file = {self.principals}\n")
            self.assertIn("1 principal (1 new, 1 removed)", self.reload(one)["message"])
            self.assertEqual([self.issue(one, each) for each in (principal, OLD)], [403, 200])
            self.config.write_text("")
            self.assertIn("1 principal (1 new, 1 removed)", self.reload(one)["message"])
            self.assertEqual([self.issue(one, each) for each in (principal, OLD)], [200, 403])
        proof("the principal of one run gives way to configured ones, and comes back without")

    def test_under_traffic(self):
        one = self.instance("--threads", "2")
        self.principals.write_text(f"{OLD}\n{NEW}\n")
        self.reload(one)
        stop, statuses = threading.Event(), []

        def caller():
            connection = Connection(one.port, OLD)
            while not stop.is_set():
                statuses.append(connection.issue().status)
            connection.close()

        callers = [threading.Thread(target=caller) for _ in range(3)]
        for each in callers:
            each.start()
        for number in range(20):
            self.principals.write_text(f"{OLD}\n{NEW if number % 2 else THIRD}\n")
            self.reload(one)
        stop.set()
        for each in callers:
            each.join()
        self.assertGreater(len(statuses), 100)
        self.assertEqual(set(statuses), {200})
        self.assertEqual(len(self.reloads()), 21)
        proof(f"20 reloads under traffic, 0 of {len(statuses)} calls refused")

    def test_a_terminal_that_goes_away(self):
        """Nobody wants a service that stays behind when its window is closed."""
        ours, theirs = pty.openpty()
        port = self.folder / "port"
        flags = ["--listen", "127.0.0.1:0", "--port-file", port, "--audit-log", self.audit]
        environment = {"VX11_OPERATOR_TOKEN": OLD, **kept_environment()}
        process = spawn([Path(os.environ["VX11_BIN"], "vx11-tokend"), *flags], theirs, environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(theirs)
        until(lambda: port.exists() and port.read_text(), 15, "the port")
        process.send_signal(signal.SIGHUP)
        until(lambda: "reload" in self.audit.read_text(), 10, "a reload")
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(limit_s(15)), 0)
        (drain,) = [line for line in self.audit.read_text().splitlines() if '"drain"' in line]
        self.assertEqual(json.loads(drain)["detail"], "SIGHUP, its terminal is gone")
        proof("SIGHUP because the terminal is gone stops it")

    def test_none_while_it_stops(self):
        one = self.instance()
        stream = Stream(one.port, principal=OLD)
        one.terminate()
        until(lambda: self.lines(one, "drain_begun"), 5, "the drain")
        one.process.send_signal(signal.SIGHUP)
        self.assertEqual(one.process.wait(20), 0)
        self.assertTrue(stream.wait_named("drain"))
        self.assertEqual(self.lines(one, "reloaded"), [])
        proof("SIGHUP while it stops changes nothing")


if __name__ == "__main__":
    finish("reload")
