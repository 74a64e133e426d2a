#!/usr/bin/env python3
"""vx11ctl over saved profiles that guard a cluster: production asks for its name before it is changed, and a profile
that is read-only stays so. The instance's audit log tells what was done to it."""

import json
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "rollback"))
from rollbacks import Instance, audit, ctl, finish, modes, proof  # noqa: E402
from terminal import Terminal  # noqa: E402

NAME = "eu-prod"
DANGEROUS = {
    "revoke --all": "to revoke every token",
    "revoke --id 0123456789abcdef0123456789abcdef": "to revoke 1 token",
    "publish hello 1": "to publish",
    "rollback --to memory --watch-seconds 0": "to begin",
    "restart": "to begin",
}


class Production(unittest.TestCase):
    def setUp(self):
        self.one = Instance("a")
        self.one.audit = Path(self.one.folder.name, "audit")
        self.one.arguments += ["--audit-log", self.one.audit]
        self.enterContext(self.one)
        self.config = self.enterContext(tempfile.TemporaryDirectory())
        self.variables = {"XDG_CONFIG_HOME": self.config}

    def save(self, **more):
        profile = {"id": "p1", "name": NAME, "kind": "remote_cluster", "instances": [self.one.url], "discover": False}
        folder = Path(self.config, "vx11")
        folder.mkdir(exist_ok=True)
        Path(folder, "profiles.json").write_text(json.dumps({"version": 1, "profiles": [{**profile, **more}]}))

    def run_ctl(self, words: str):
        return ctl("--profile", NAME, *words.split(), variables=self.variables)

    def issued(self) -> int:
        return self.one.calls.internal("cache-stats")["tokens"]["issued"]

    def published(self) -> int:
        """The audit log tells of no event."""
        text = self.one.calls.ask("GET", "/metrics").body.decode()
        return int(float(re.search(r"^vx11_operator_events_published_total (\S+)", text, re.M)[1]))

    def test_a_wrong_name_changes_nothing(self):
        self.save(environment="production")
        for words, to_do in DANGEROUS.items():
            if "rollback" in words or "restart" in words:
                continue  # those look first, see questions_test.py
            for typed in ("\n", "y\n", "EU-PROD\n", "eu-pro\n"):
                with Terminal("--profile", NAME, *words.split(), on=[], variables=self.variables) as seen:
                    seen.until(f"This is production. Type its name, {NAME}, {to_do}:")
                    seen.type(typed)
                    self.assertEqual(seen.ended(), 1, seen.shown)
                    self.assertIn("nothing was changed", seen.shown)
        self.assertEqual((audit(self.one), self.published()), ([], 0))
        proof("without the name typed in full nothing is done to production")

    def test_the_name_lets_it_through(self):
        self.save(environment="production")
        self.one.calls.issue()
        for words, code in (("publish hello 1", 0), ("revoke --all", 0)):
            with Terminal("--profile", NAME, *words.split(), on=[], variables=self.variables) as seen:
                seen.until("Type its name")
                seen.type(f"{NAME}\n")
                self.assertEqual(seen.ended(), code, seen.shown)
        self.assertEqual([entry["action"] for entry in audit(self.one)], ["issue", "revoke"])
        self.assertEqual(self.published(), 1)
        proof("with it it is")

    def test_yes_needs_no_name_and_issuing_none_at_all(self):
        self.save(environment="production")
        for words in ("issue", "matrix", "check 7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab", "status", "tokens"):
            with Terminal("--profile", NAME, *words.split(), on=[], variables=self.variables) as seen:
                seen.ended()
                self.assertNotIn("Type its name", seen.shown)
                self.assertNotIn("read-only", seen.shown)
        self.assertGreaterEqual(self.issued(), 1)
        for words in ("publish hello 1 --yes", "revoke --all --yes"):
            with Terminal("--profile", NAME, *words.split(), on=[], variables=self.variables) as seen:
                self.assertEqual(seen.ended(), 0, seen.shown)
                self.assertNotIn("Type its name", seen.shown)
        proof("--yes needs no name, nor do commands that take nothing away")

    def test_read_only_stays_so(self):
        self.save(environment="staging", read_only=True)
        for words in ("issue", "matrix", *DANGEROUS, *(f"{words} --yes" for words in DANGEROUS)):
            run = self.run_ctl(words)
            self.assertNotEqual(run.code, 0, f"{words}: {run.out}{run.err}")
        self.assertEqual(self.run_ctl("status").code, 0)
        self.assertIn("read-only: change that in the console", self.run_ctl("issue").err)
        self.assertEqual((audit(self.one), self.issued(), self.published()), ([], 0, 0))
        self.assertEqual(modes([self.one]), ["memory"])
        proof("a read-only profile lets no command change anything, with --yes or not")


if __name__ == "__main__":
    finish("vx11ctl on guarded profiles")
