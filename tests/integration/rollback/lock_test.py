#!/usr/bin/env python3
"""The instances hold the lock: a second console is told whose it is and since when, and takes it only from the dead."""

import time
import unittest

from rollbacks import Follower, Redis, changes, ctl, finish, modes, proof, result, three

PATIENCE_S = 60
TO_MEMORY = ("rollback", "--to", "memory", "--yes")


class Lock(unittest.TestCase):
    def test_is_held_by_the_instances(self):
        redis = self.enterContext(Redis())
        instances, _ = self.enterContext(three(redis.url))

        def second(*words):
            run = ctl(*TO_MEMORY, "--json", "--watch-seconds", 0, *words, on=instances, variables={"USER": "second"})
            return run, run.lines[-1].get("reason")

        began = time.strftime("%H:%M")
        with Follower(*TO_MEMORY, "--watch-seconds", 300, on=instances, variables={"USER": "night"}) as first:
            first.until(lambda line: (line.get("step"), line.get("state")) == ("switch", "done"))
            redis.kill()  # the lock is not in Redis
            first.until(lambda line: (line.get("step"), line.get("state")) == ("watch", "running"), 30)
            run, told = second()
            self.assertEqual(result(run), (1, "refused"), run)
            self.assertRegex(told, rf"night@\S+ since ({began}|{time.strftime('%H:%M')})")
            run, live = second("--break-lock")
            self.assertEqual(result(run), (1, "refused"), run)
            self.assertRegex(live, r"\d+ s")
            first.process.kill()
            first.process.wait()
        killed = time.monotonic()

        # A sign was given at most 20 s before: between 40 and 60 s from now the hold lapses.
        run, early = second("--break-lock")
        self.assertEqual(result(run), (1, "refused"), run)
        held = instances[0].calls.internal("mode")["held_by"]
        self.assertFalse(held["lapsed"], held)
        wait = held["last_sign"] + PATIENCE_S + 1.5 - time.time()
        self.assertLess(wait, PATIENCE_S + 2)
        time.sleep(max(0.0, wait))
        run, lapsed = second()
        self.assertEqual(result(run), (1, "refused"), run)
        self.assertIn("--break-lock", lapsed)
        run, _ = second("--break-lock")
        self.assertEqual(result(run), (0, "done"), run)
        waited = time.monotonic() - killed
        self.assertEqual(modes(instances), ["memory"] * 3)
        self.assertEqual([changes(one) for one in instances], [[("hybrid", "memory")]] * 3)
        self.assertFalse(any(one.calls.internal("mode")["held_by"] for one in instances))
        proof(
            f'a second console is told "{told}"; with --break-lock while it lives "{live}"; {waited:.0f} s after its '
            f'end "{lapsed}", and --break-lock does it'
        )


if __name__ == "__main__":
    finish("rollback lock")
