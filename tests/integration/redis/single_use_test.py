#!/usr/bin/env python3
"""Single use: accepted exactly once over all instances, whatever happens to Redis in between, and never not at all."""

import collections
import threading
import unittest

from harness import Instance, Redis, Stream, check_everywhere, finish, fleet, proof, until

RACES = 10
CALLERS = 30


class SingleUse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        made = [Instance(name, cls.redis.url, mode) for name, mode in zip("abc", ("hybrid", "redis", "hybrid"))]
        cls.instances = cls.enterClassContext(fleet(*made))

    def setUp(self):
        self.settled()

    def settled(self):
        """After a server was replaced nobody can tell for a few seconds which tokens were used."""
        token = self.instances[0].calls.token(single_use=True)
        until(
            lambda: [answer.status for answer in check_everywhere(self.instances, token)] == [200] * 3,
            6,
            "a token that can be used once to be valid on all",
        )

    def opened(self, one, token):
        """200 when accepted, 403 when refused, and "can't tell", which is 200 without a snapshot and a close."""
        stream = Stream(one.port, token)
        stream.wait(lambda self: self.events or self.closed_at or self.status != 200)
        accepted = stream.named("snapshot") != []
        stream.close()
        return stream.status if accepted == (stream.status == 200) else "can't tell"

    def race(self, token):
        statuses, barrier = [], threading.Barrier(CALLERS)

        def open_at_once(one):
            barrier.wait()
            statuses.append(self.opened(one, token))

        callers = [threading.Thread(target=open_at_once, args=(one,)) for one in self.instances * (CALLERS // 3)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(20)
        return collections.Counter(statuses)

    def test_races(self):
        for issuer in self.instances[:2]:  # hybrid, redis
            for _ in range(RACES):
                token = issuer.calls.token(single_use=True)
                for answer in check_everywhere(self.instances, token):
                    self.assertEqual(answer.status, 200, "a look consumes nothing")
                for one in self.instances:
                    path = "/operator/api/events/stream?token=" + token
                    self.assertEqual(one.calls.ask("HEAD", path, principal=False).status, 200, "nor does HEAD")
                self.assertEqual(self.race(token), {200: 1, 403: CALLERS - 1}, f"issued by {issuer.name}")
                for answer in check_everywhere(self.instances, token):
                    self.assertEqual(answer.status, 403, "a used token")
        proof(
            f"{RACES * 2} races of {CALLERS} opens over 3 instances, issued in hybrid and in redis: 1 accepted in each"
        )

    def test_while_redis_is_paused(self):
        """A mark that a paused Redis sets late is taken back: who was told to come back is let in then, once."""
        tokens = [self.instances[number % 3].calls.token(single_use=True) for number in range(6)]
        self.redis.pause()
        try:
            for number, token in enumerate(tokens):
                one = self.instances[(number + 1) % 3]
                self.assertEqual(self.opened(one, token), "can't tell", f"on {one.name}")
        finally:
            self.redis.resume()
        for one in self.instances:
            until(one.healthy, 3, f"{one.name} to be well")
        for number, token in enumerate(tokens):
            one = self.instances[number % 3]
            until(
                lambda one=one, token=token: one.calls.check(token).status == 200,
                2,
                f"a token on {one.name} to be free",
            )
            self.assertEqual(self.race(token)[200], 1)
        proof(f"opened while Redis was paused: {len(tokens)} marks taken back, each accepted once afterwards")

    def test_after_an_empty_restart(self):
        """Who accepted it remembers, though the mark is gone and the issuer writes its token down again."""
        tokens = [self.instances[0].calls.token(single_use=True) for _ in range(2)]
        self.assertEqual(self.opened(self.instances[0], tokens[0]), 200, "on its issuer")
        self.assertEqual(self.opened(self.instances[1], tokens[1]), 200, "on another")
        self.redis.kill()
        self.redis.start()
        for one in self.instances:
            until(one.healthy, 3, f"{one.name} to be well")
        for token, where in zip(tokens, ("on its issuer", "on another")):
            self.assertEqual(self.race(token)[200], 0, f"used {where}, and accepted again after an empty restart")
        self.settled()
        for token, where in zip(tokens, ("on its issuer", "on another")):
            self.assertEqual(self.race(token)[200], 0, f"used {where}, and accepted again after an empty restart")
        proof("used ones stay used after an empty restart")

    def test_counted_once(self):
        issuer = self.instances[0]
        before = sum(one.calls.internal("cache-stats")["tokens"]["used"] for one in self.instances)
        token = issuer.calls.token(single_use=True)
        self.race(token)
        after = sum(one.calls.internal("cache-stats")["tokens"]["used"] for one in self.instances)
        self.assertEqual(after - before, 1)


if __name__ == "__main__":
    finish("single use")
