#!/usr/bin/env python3
"""A reload command that fails aborts by itself: modes and nginx file are byte for byte as before."""

import os
import unittest

from rollbacks import Redis, changes, ctl, finish, modes, proof, result, steps, three


class ReloadFails(unittest.TestCase):
    def aborted(self, command):
        run = ctl(
            *("--balancer", self.nginx.url, "rollback", "--to", "memory", "--json", "--watch-seconds", 0),
            *("--nginx-out", self.nginx.file, "--reload-command", command),
            on=self.instances,
        )
        self.assertEqual(result(run), (1, "aborted"), run)
        self.assertTrue(run.lines[-1]["restored"], run)
        self.assertEqual(modes(self.instances), ["hybrid"] * 3)
        self.assertEqual((self.nginx.file.read_bytes(), self.nginx.copies()), (self.nginx.before, []))
        self.assertEqual(self.stat(), self.before)
        self.assertEqual([changes(one) for one in self.instances], [[], [], []])
        self.assertFalse(any(one.calls.internal("mode")["held_by"] for one in self.instances))
        return run

    def stat(self) -> tuple:
        stat = os.stat(self.nginx.file)
        return stat.st_ino, stat.st_mode, stat.st_uid

    def test_aborts(self):
        redis = self.enterContext(Redis())
        self.instances, self.nginx = self.enterContext(three(redis.url))
        self.before = self.stat()
        run = self.aborted("false")
        self.assertEqual(steps(run.lines, "reload", "failed"), [None], run)
        self.assertIn("1", run.lines[-1]["reason"])
        reason = run.lines[-1]["reason"]
        self.assertIn("no-such-program", self.aborted("no-such-program --now").lines[-1]["reason"])
        # What it said last is told.
        run = self.aborted("sh -c 'echo emerg: this is why >&2; exit 3'")
        self.assertIn("this is why", run.lines[-1]["reason"])
        # Well again, and it goes through.
        words = ("rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 0, *self.nginx.words)
        self.assertEqual(result(ctl("--balancer", self.nginx.url, *words, on=self.instances)), (0, "done"))
        proof(f'--reload-command false: exit 1, aborted ("{reason}"); modes and nginx file byte for byte as before')


if __name__ == "__main__":
    finish("rollback with a failing reload")
