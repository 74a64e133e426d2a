#!/usr/bin/env python3
"""Down to memory mode and up again behind a real nginx under traffic: no valid token is refused for good."""

import collections
import time
import unittest

from rollbacks import Pages, Redis, changes, ctl, finish, modes, proof, result, states, switched_at, three, visited

RATE = 200


class Balanced(unittest.TestCase):
    def roll(self, to, sticky):
        run = ctl(
            *("--balancer", self.nginx.url, "rollback", "--to", to, "--yes", "--json", "--watch-seconds", 2),
            *self.nginx.words,
            on=self.instances,
        )
        self.assertEqual(result(run), (0, "done"), run)
        self.assertEqual(modes(self.instances), [to] * 3)
        self.assertEqual(self.nginx.sticky(), sticky, self.nginx.ours())
        self.assertEqual(self.nginx.servers(), [f"127.0.0.1:{one.port}" for one in self.instances])
        self.assertEqual(self.nginx.ours().count("max_fails=3"), 3, "the servers' own parameters")
        return run

    def test_down_and_up(self):
        redis = self.enterContext(Redis())
        self.instances, self.nginx = self.enterContext(three(redis.url))
        rest = self.nginx.rest()
        pages = Pages(self.nginx)
        begun = time.monotonic()
        with pages.running(RATE) as load:
            time.sleep(1)
            down = self.roll("memory", True)
            time.sleep(3)
            up = self.roll("hybrid", False)
            time.sleep(2)
            lasted = time.monotonic() - begun
        self.assertEqual(self.nginx.rest(), rest, "what stands outside the marks")
        order = [step for step, _ in states(down.lines)]
        self.assertLess(order.index("sticky"), order.index("switch"), order)
        order = [step for step, _ in states(up.lines)]
        self.assertLess(max(i for i, step in enumerate(order) if step == "switch"), order.index("route"), order)

        counts = pages.judge()
        self.assertEqual((load.lost, pages.failed_issues()), ([], []), "requests without an answer, issues that failed")
        told = (pages.refusals(), [switched_at(one) for one in self.instances])
        self.assertEqual(counts["refused"], 0, (counts, *told))
        self.assertEqual(set(counts) - {"accepted", "can't tell"}, set(), counts)
        rate = len(load.history) / lasted
        self.assertGreater(rate, 0.9 * RATE)
        who = collections.Counter(check.headers["x-vx11-instance"] for _, check in pages.checks)
        self.assertTrue(all(who[name] > 100 for name in "abc"), who)
        for one in self.instances:
            self.assertEqual(changes(one), [("hybrid", "memory"), ("memory", "hybrid")])
            self.assertTrue(visited(one), "each step is in the audit log")
        untold = counts["can't tell"]
        proof(
            f"down in {down.took:.1f} s and up in {up.took:.1f} s behind nginx under {rate:.0f} requests/s: 0 final "
            f"refusals in {counts.total()} checks of valid tokens ({untold} can't tell), 0 of "
            f"{len(pages.issues)} issues failed; checks by instance {dict(sorted(who.items()))}"
        )


if __name__ == "__main__":
    finish("rollback behind nginx")
