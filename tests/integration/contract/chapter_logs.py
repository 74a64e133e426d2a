"""What is written, where, and that no token is in it."""

import json
import tempfile
from pathlib import Path

from contract import NO_TOKEN, PRINCIPAL, Contract, only, public_id, raw, revoke_path, stream_path, until, validate_path


class Logs(Contract):
    def test_one_object_a_line(self):
        with only("--access-log") as one:
            one.calls.token()
        lines = [json.loads(line) for line in one.said.splitlines()]
        self.assertGreater(len(lines), 3)
        for line in lines:
            self.assertLessEqual({"time", "level", "instance", "event", "message"}, line.keys())

    def test_no_requests_by_default(self):
        self.one.calls.token()
        self.assertFalse([line for line in self.one.log_lines() if line["event"] == "request"])

    def test_access_log(self):
        with only("--access-log", healthy=False) as one:
            one.calls.ask("GET", "/health?x=1", headers=["X-Correlation-Id: c-1"])
            line = self.log_says("request", one)
            told = line["method"], line["url"], line["status"], line["client"], line["correlation_id"]
            self.assertEqual(told, ("GET", "/health?x=1", 200, "127.0.0.1", "c-1"))

    def test_no_token_in_a_log(self):
        with only("--access-log", healthy=False) as one:
            token = one.calls.token()
            one.calls.check(token)
            one.calls.ask("GET", f"{stream_path}?x=1&token={token}y")
            one.calls.ask("GET", f"{validate_path}?to%6ben={token}")
            one.calls.revoke(token=token)
            raw(one.port, f"GET {validate_path}?token={token} HTTP/1.1\r\n\r\n")
            until(lambda: one.log.read_text().count('"event":"request"') == 6, 5, lambda: one.log.read_text())
        self.assertNotIn(token, one.said)
        self.assertNotIn(PRINCIPAL, one.said)
        self.assertGreaterEqual(one.said.count("token=***"), 2)

    def test_audit_log(self):
        """Who did what: each kind of deed with its time, instance, correlation, principal, client and token."""
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-audit-"))
        file = Path(folder, "audit.jsonl")
        with only("--audit-log", str(file)) as one:
            token = one.calls.token()
            one.calls.revoke(token=token)
            one.calls.mode("memory")
            one.calls.ask("POST", "/operator/internal/mode", {"mode": "hybrid"})
            lines = ["X-VX11-Token: nobody-knows-this-one"]
            for _ in range(5):
                one.calls.ask("GET", "/operator/internal/mode", principal=False, headers=lines)
            until(lambda: "failed_principal" in file.read_text(), 10, "the failed principal's line")
            one.calls.ask("POST", "/operator/internal/drain")
        entries = [json.loads(line) for line in file.read_text().splitlines()]
        by_action = {entry["action"]: entry for entry in entries}
        self.assertLessEqual({"issue", "revoke", "failed_principal", "drain"}, by_action.keys())
        for entry in entries:
            self.assertLessEqual({"time", "instance", "client"}, entry.keys(), entry)
        for action in ("issue", "revoke"):
            self.assertEqual(by_action[action]["token_id"], public_id(token))
            self.assertEqual(len(by_action[action]["principal"]), 8)
            self.assertTrue(by_action[action]["correlation_id"])
        failed = [entry for entry in entries if entry["action"] == "failed_principal"]
        self.assertEqual(sum(entry.get("count", 1) for entry in failed), 5)
        self.assertLess(len(failed), 4, "one line per address and second")
        text = file.read_text()
        self.assertFalse([secret for secret in (token, PRINCIPAL, "nobody-knows") if secret in text])

    def test_audit_of_a_mode_change(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-audit-"))
        file = Path(folder, "audit.jsonl")
        with only("--audit-log", str(file), redis="redis://127.0.0.1:1/0", mode="hybrid", healthy=False) as one:
            self.assertEqual(one.calls.mode("memory").status, 200)
        (entry,) = [json.loads(line) for line in file.read_text().splitlines() if "mode_change" in line]
        self.assertEqual(entry["detail"], "hybrid to memory")

    def test_without_an_audit_log(self):
        """Revocation and drain, and no issue, go to the log."""
        with only() as one:
            token = one.calls.token()
            one.calls.revoke(token=token)
            one.calls.ask("POST", revoke_path, {"token": NO_TOKEN})
            one.calls.ask("POST", "/operator/internal/drain")
        self.assertIn('"revoke"', one.said)
        self.assertIn("drain", one.said)
        self.assertNotIn('"issue"', one.said)
        self.assertIn(public_id(token), one.said)
