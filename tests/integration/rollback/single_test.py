#!/usr/bin/env python3
"""Back to one instance: it alone stays in the upstream, the others are drained, and its tokens lose nothing."""

import time
import unittest

from rollbacks import LIFE_S, Load, Pages, Redis, Request, changes, ctl, finish, limit_s, modes, proof, result, three


class OwnTokens:
    """Issued on the kept one itself and checked there, and through nginx."""

    def __init__(self, kept, nginx):
        self.kept, self.nginx, self.checks = kept, nginx, []

    def next(self):
        return Request.issue(self.kept, done=self.issued)

    def issued(self, request, answer):
        if answer.status != 200:
            return self.checks.append(answer)
        for after in (0.0, 0.7, 1.4, 2.1):
            for target in (self.kept, self.nginx):
                self.load.later(after, Request.check(target, answer.json["sse_token"], target, self.checked))

    def checked(self, request, answer):
        # Before the routing is written, others answer for nginx; in hybrid mode they know it too.
        self.checks.append(answer)


class Single(unittest.TestCase):
    def test_one_is_kept(self):
        redis = self.enterContext(Redis())
        instances, nginx = self.enterContext(three(redis.url))
        a, b, c = instances
        pages, own = Pages(nginx), OwnTokens(a, nginx)
        begun = time.monotonic()
        own.load = Load(10, own.next)
        with pages.running(150) as load, own.load:
            time.sleep(1)
            run = ctl(
                *("--balancer", nginx.url, "rollback", "--to", "single", "--keep", "a", "--yes", "--json"),
                *("--watch-seconds", 1, *nginx.words),
                on=instances,
            )
            ended = [one.process.wait(limit_s(15)) for one in (b, c)]
            time.sleep(LIFE_S)
            lasted = time.monotonic() - begun
        self.assertEqual(result(run), (0, "done"), run)
        self.assertEqual((modes([a]), ended), (["memory"], [0, 0]))
        self.assertEqual(nginx.servers(), [f"127.0.0.1:{a.port}"])
        self.assertEqual(changes(a), [("hybrid", "memory")])
        refused = [answer for answer in own.checks if answer.status != 200]
        self.assertEqual((refused, own.load.lost), ([], []))
        counts = pages.judge()
        self.assertEqual((counts["refused"], load.lost, pages.failed_issues()), (0, [], []), counts)
        proof(
            f"the upstream has one server, b and c are drained and gone with exit 0; 0 refusals in {len(own.checks)} "
            f"checks of a's tokens and 0 final ones in {counts.total()} of all behind nginx, under "
            f"{(len(load.history) + len(own.load.history)) / lasted:.0f} requests/s"
        )


if __name__ == "__main__":
    finish("rollback to a single instance")
