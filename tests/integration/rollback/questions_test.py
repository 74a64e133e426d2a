#!/usr/bin/env python3
"""Where somebody sits at a terminal: what is asked before it begins, what a failed step asks, and how one gets out."""

import json
import time
import unittest
from pathlib import Path

from rollbacks import Redis, audit, changes, ctl, finish, modes, proof, three, until
from terminal import Terminal

FIRST_TIME = """#!/bin/sh
[ -e "$0.tried" ] && exec {reload}
touch "$0.tried"
{first}
"""


class Questions(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.instances, self.nginx = self.enterContext(three(self.redis.url, names="ab"))

    def terminal(self, reload, **more):
        words = ("--balancer", self.nginx.url, "rollback", "--to", "memory", "--watch-seconds", 0)
        file = ("--nginx-out", self.nginx.file, "--reload-command", reload)
        return Terminal(*words, *file, on=self.instances, **more)

    def reload_after(self, first: str) -> str:
        """A command that does something else at its first time."""
        script = Path(self.nginx.folder.name, "reload.sh")
        script.write_text(FIRST_TIME.format(reload=self.nginx.reload, first=first))
        return f"sh {script}"

    def begun(self, seen):
        seen.until("Begin? [y/N]")
        self.assertIn("Routing becomes sticky, then 2 instances (a and b) are switched to memory mode", seen.shown)
        seen.type("y\n")

    def untouched(self):
        self.assertEqual(modes(self.instances), ["hybrid"] * 2)
        self.assertEqual((self.nginx.file.read_bytes(), self.nginx.copies()), (self.nginx.before, []))
        self.assertFalse(any(one.calls.internal("mode")["held_by"] for one in self.instances))

    def test_failed_step_is_tried_again(self):
        with self.terminal(self.reload_after("echo not yet >&2; exit 7")) as seen:
            self.begun(seen)
            seen.until("not yet")
            seen.until("Retry, skip or abort? [r/s/a]")
            self.assertEqual(modes(self.instances), ["hybrid"] * 2, "it waits")
            seen.type("what?\n")
            seen.until("Retry, skip or abort? [r/s/a]")
            seen.type("r\n")
            self.assertEqual(seen.ended(), 0, seen.shown)
        self.assertEqual((modes(self.instances), self.nginx.sticky()), (["memory"] * 2, True))
        proof("a failed step asks, and is tried again")

    def test_failed_step_is_skipped(self):
        with self.terminal("false") as seen:
            self.begun(seen)
            seen.until("Retry, skip or abort? [r/s/a]")
            seen.type("s\n")
            seen.until("Why can it be skipped?")
            self.nginx.process.send_signal(1)  # the operator's own way
            seen.type("I reloaded it myself\n")
            self.assertEqual(seen.ended(), 0, seen.shown)
        self.assertIn("I reloaded it myself", seen.shown)
        self.assertEqual(modes(self.instances), ["memory"] * 2)
        told = [entry["detail"] for entry in audit(self.instances[0]) if entry["action"] == "operation_step"]
        self.assertTrue(any("I reloaded it myself" in detail for detail in told), told)
        proof("or is skipped, with the reason in the audit log")

    def test_failed_step_ends_it(self):
        for answer in ("a\n", "\x03", "\x04"):  # abort, Ctrl+C, Ctrl+D
            with self.terminal("false") as seen:
                self.begun(seen)
                seen.until("Retry, skip or abort? [r/s/a]")
                seen.type(answer)
                self.assertEqual(seen.ended(), 1, seen.shown)
            self.untouched()
        proof("or ends it: abort, Ctrl+C, Ctrl+D")

    def test_interrupted(self):
        with self.terminal(self.reload_after("exec sleep 30")) as seen:
            self.begun(seen)
            until(Path(self.nginx.folder.name, "reload.sh.tried").exists, 5, "the command to run")
            begun = time.monotonic()
            seen.type("\x03")
            self.assertEqual(seen.ended(), 1, seen.shown)
            self.assertLess(time.monotonic() - begun, 10, "a command that hangs holds nobody up")
        self.untouched()
        proof("Ctrl+C ends a command that hangs, and undoes")

    def test_reload_by_hand(self):
        words = ("--balancer", self.nginx.url, "rollback", "--to", "memory", "--watch-seconds", 0)
        with Terminal(*words, "--nginx-out", self.nginx.file, on=self.instances) as seen:
            self.begun(seen)
            seen.until("Press Enter when it is done, or type abort:")
            self.assertTrue(self.nginx.sticky(), "it is written")
            self.nginx.process.send_signal(1)
            seen.type("\n")
            self.assertEqual(seen.ended(), 0, seen.shown)
        self.assertEqual([changes(one) for one in self.instances], [[("hybrid", "memory")]] * 2)
        proof("without a command the reload is asked for")

    def test_production_asks_for_its_name(self):
        folder = Path(self.nginx.folder.name, "vx11")
        folder.mkdir()
        profile = {
            **{"id": "p1", "name": "Berlin", "kind": "remote_cluster", "environment": "production"},
            **{"instances": [one.url for one in self.instances], "discover": False, "balancer": self.nginx.url},
            **{"nginx_file": str(self.nginx.file), "reload_command": self.nginx.reload.split()},
        }
        Path(folder, "profiles.json").write_text(json.dumps({"version": 1, "profiles": [profile]}))
        words = ("--profile", "Berlin", "rollback", "--to", "memory", "--watch-seconds", 0)
        home = {"XDG_CONFIG_HOME": self.nginx.folder.name}
        refused = ctl(*words, "--yes", "--json", variables=home)
        self.assertEqual(refused.code, 1, refused.err)
        self.assertIn("nobody confirmed on this machine", refused.lines[-1]["reason"])
        self.untouched()
        proof(f'--yes runs no command that nobody confirmed here: "{refused.lines[-1]["reason"]}"')
        for n, (name, code) in enumerate((("berlin\n", 1), ("y\n", 1), ("Berlin\n", 0))):
            with Terminal(*words, on=[], variables=home) as seen:
                if n == 0:
                    seen.until(f"it would run: {self.nginx.reload}")
                    seen.until("May it be run? [y/N]")
                    seen.type("y\n")
                seen.until("Type its name, Berlin, to begin:")
                self.untouched()
                seen.type(name)
                self.assertEqual(seen.ended(), code, seen.shown)
        self.assertEqual((modes(self.instances), self.nginx.sticky()), (["memory"] * 2, True))
        proof("production asks for its name; the profile's nginx file and command are used")


if __name__ == "__main__":
    finish("rollback at a terminal")
