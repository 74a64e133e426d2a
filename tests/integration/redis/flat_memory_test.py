#!/usr/bin/env python3
"""Memory stays flat while Redis is paused and 1,000 requests a second ask for it: 8 s, with --long 30 s."""

import itertools
import os
import sys
import time
import unittest

from harness import NO_TOKEN, Instance, Redis, finish, fleet, limit_s, proof, until
from load import Load, Request

RATE = 1000
SETTLE_S = 2  # what the first tokens and the queues ever take is taken by then
GROWTH_KIB = 2048
SECONDS = 30 if "--long" in sys.argv else 8


class FlatMemory(unittest.TestCase):
    def test_an_outage_at_a_thousand_requests_a_second(self):
        redis = self.enterContext(Redis())
        modes = {"h": "hybrid", "r": "redis"}
        made = [Instance(name, redis.url, mode, "--local-fresh", "1") for name, mode in modes.items()]
        instances = self.enterContext(fleet(*made))
        hybrid, other = instances
        seen = hybrid.calls.token()
        kinds = itertools.cycle(
            [lambda one: Request.check(one, seen), lambda one: Request.check(one, NO_TOKEN)] * 2
            + [lambda one: Request.issue(one, ttl_sec=1)]
        )
        turn = itertools.cycle(instances)
        with Load(RATE, lambda: next(kinds)(next(turn))) as load:
            time.sleep(SETTLE_S)  # with Redis there
            redis.pause()
            begun = time.monotonic()
            time.sleep(SETTLE_S)
            before = [one.resident_kib() for one in instances]
            time.sleep(SECONDS - SETTLE_S)
            after = [one.resident_kib() for one in instances]
            redis.resume()
            until(lambda: other.calls.issue().status == 200, 2, "mode redis to issue again")
        during = [answer for _, answer in load.history if answer.sent > begun]
        self.assertEqual(load.lost, [], "requests without an answer")
        self.assertGreater(len(during), RATE * SECONDS * 0.9, "the load was not what it should be")
        self.assertLessEqual(max(answer.took for answer in during), limit_s(0.25))
        for one, first, last in zip(instances, before, after):
            self.assertLess(last - first, GROWTH_KIB, f"{one.name} grew from {first} to {last} KiB")
        grown = ", ".join(f"{one.name} {first} to {last} KiB" for one, first, last in zip(instances, before, after))
        proof(f"{SECONDS} s outage at {len(during) / SECONDS:.0f} requests/s: resident {grown}")


if __name__ == "__main__":
    # The address sanitizer keeps freed memory for a while, which would look like growth.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=16"
    sys.argv = [word for word in sys.argv if word != "--long"]
    finish("flat memory")
