#!/usr/bin/env python3
"""A bad network between instance and Redis: late, lost and cut answers never become another token's answer."""

import itertools
import random
import time
import unittest
import uuid

from harness import NO_TOKEN, Instance, Redis, TcpProxy, finish, fleet, limit_s, proof, spread, until
from load import Load, Request

DEADLINE_S = 0.25
SECONDS = 2.5


class Network(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        cls.proxy = cls.enterClassContext(TcpProxy(cls.redis.port))
        url = f"redis://127.0.0.1:{cls.proxy.port}/0"
        made = [Instance("h", url, "hybrid", "--local-fresh", "0"), Instance("r", url, "redis")]
        cls.instances = cls.enterClassContext(fleet(*made))

    def setUp(self):
        self.random = random.Random(3)
        for one in self.instances:
            until(one.healthy, 3, lambda one=one: f"{one.name} to be well: {one.calls.ready().body!r}")
            # After each return of Redis unknown tokens are "can't tell" for a while.
            until(lambda one=one: one.calls.check(NO_TOKEN).status == 403, 3, f"{one.name} to be sure again")

    def disturbed(self, word, disturb, accepted, doubted=1.0):
        """Checks of valid and of unknown tokens while `disturb()` is called again and again; then all is as before.

        At least the share `accepted` of all answers is 200, at most the share `doubted` is 503.
        """
        valid = [one.calls.token() for one in self.instances for _ in range(30)]
        unknown = [str(uuid.UUID(int=self.random.getrandbits(128), version=4)) for _ in range(60)]
        turns = itertools.cycle(itertools.product(self.instances, zip(valid, unknown)))
        plan = itertools.chain.from_iterable(
            (Request.check(one, good, what=True), Request.check(one, bad, what=False)) for one, (good, bad) in turns
        )
        with Load(300, lambda: next(plan)) as load:
            begun = time.monotonic()
            while time.monotonic() < begun + SECONDS:
                disturb()
            self.proxy.restore()
            for one in self.instances:
                until(lambda one=one: one.calls.check(valid[0]).status == 200, 2, f"{word}: {one.name} to be as before")
        self.assertEqual(load.lost, [], f"{word}: requests without an answer")
        counts = {}
        for request, answer in load.history:
            where = f"{word}: a token that is {'valid' if request.what else 'unknown'}: {answer}"
            self.assertIn(answer.status, (200, 503) if request.what else (403, 503), where)
            self.assertLessEqual(answer.took, limit_s(DEADLINE_S), where)
            counts[answer.status] = counts.get(answer.status, 0) + 1
        self.assertGreaterEqual(counts.get(200, 0), len(load.history) * accepted, f"{word}: {counts}")
        self.assertLessEqual(counts.get(503, 0), len(load.history) * doubted, f"{word}: {counts}")
        proof(f"{word}: {counts}, no wrong verdict, {spread(answer.took for _, answer in load.history)}")

    def test_slow_but_in_time(self):
        def disturb():
            self.proxy.delay_s = 0.03  # each way
            time.sleep(0.1)

        self.disturbed("60 ms", disturb, 0.49, doubted=0.02)  # Redis answers within its deadline of 150 ms

    def test_jitter_around_the_deadline(self):
        def disturb():
            self.proxy.delay_s = self.random.choice((0.0, 0.02, 0.08, 0.11))
            time.sleep(self.random.uniform(0.02, 0.2))

        self.disturbed("jitter to 220 ms", disturb, 0.05)

    def test_cut_again_and_again(self):
        def disturb():
            self.proxy.cut()
            time.sleep(self.random.uniform(0.05, 0.4))

        self.disturbed("cut every 50 to 400 ms", disturb, 0.2)

    def test_a_black_hole_that_opens_and_closes(self):
        def disturb():
            self.proxy.black_hole = not self.proxy.black_hole
            time.sleep(0.4)

        self.disturbed("black hole every 400 ms", disturb, 0.1)


if __name__ == "__main__":
    finish("network")
