#!/usr/bin/env python3
"""memory, hybrid, redis, memory, hybrid on each of three instances under traffic: no valid token is refused.

Each token is checked again and again to the end of its life on the instance that issued it, and, when it was issued in
a mode with Redis, on any other that reads Redis at the time.
"""

import collections
import random
import time
import unittest

from harness import Instance, Redis, finish, fleet, proof, spread, until
from load import Load, Request

MODES = ("hybrid", "redis", "memory", "hybrid")  # from memory
ISSUES_PER_S = 20
LIFE_S = 4
MAX_LIFE_S = 6
STEP_S = 0.8
CHECKS_S = (0.0, 0.3, 1.1, 2.2, 3.4)  # after the issue
SHARED = ("redis", "hybrid")


class Traffic:
    """Issues, and follows each token's life; what an instance's mode is, it learns from the test."""

    def __init__(self, instances):
        self.instances, self.load = instances, None
        self.modes = {one: "memory" for one in instances}
        self.changing = set()
        self.since = dict.fromkeys(instances, 0.0)
        self.refused, self.issues_failed, self.kinds = [], [], collections.Counter()
        self.random = random.Random(8)

    def next(self):
        one = self.random.choice(self.instances)
        # What the mode was when the request left and when its answer came must be the same for a certain "shared".
        return Request.issue(one, what=(one, self.modes[one], self.since[one]), done=self.issued, ttl_sec=LIFE_S)

    def issued(self, request, answer):
        one, mode, since = request.what
        if answer.status != 200:
            self.issues_failed.append((one.name, mode, answer))
            return
        settled = one not in self.changing and (self.modes[one], self.since[one]) == (mode, since)
        shared = settled and mode in SHARED
        for after in CHECKS_S:
            self.check_later(after, one, answer, "issuer")
            if shared:
                self.check_later(after, None, answer, "others")

    def check_later(self, after, one, issue, kind):
        others = [each for each in self.instances if self.modes[each] in SHARED and each not in self.changing]
        target = one or (self.random.choice(others) if others else None)
        if target is None:
            return
        what = (target, kind, issue, self.modes[target])
        self.load.later(after, Request.check(target, issue.json["sse_token"], what, self.checked))

    def checked(self, request, answer):
        one, kind, issue, mode_planned = request.what
        if answer.received > issue.sent + LIFE_S - 0.05:
            return  # its life may be over
        if kind == "others" and (self.modes[one] not in SHARED or one in self.changing):
            self.kinds["not judged"] += 1  # it may have left Redis: its drain window is what the issuer's checks judge
            if answer.status == 200:
                return
        self.kinds[kind] += 1
        if answer.status != 200:
            self.refused.append(
                (one.name, kind, self.modes[one], answer.sent - issue.received, answer.status, answer.body)
            )


class Switching(unittest.TestCase):
    def test_no_valid_token_is_refused(self):
        redis = self.enterContext(Redis())
        made = [
            Instance(name, redis.url, "memory", "--ttl", str(LIFE_S), "--max-ttl", str(MAX_LIFE_S)) for name in "abc"
        ]
        instances = self.enterContext(fleet(*made))
        traffic = Traffic(instances)
        took = []
        load = traffic.load = Load(ISSUES_PER_S, traffic.next)
        with load:
            time.sleep(STEP_S)
            for word in MODES:
                for one in instances:
                    self.switch(traffic, one, word, took)
                    time.sleep(STEP_S / 2)
                time.sleep(STEP_S)
        for one in instances:
            until(one.adds_up, 1, f"issued = active + expired + revoked on {one.name}")
        self.assertEqual(load.lost, [], "requests without an answer")
        self.assertEqual(traffic.issues_failed, [], "issues that failed")
        self.assertGreater(traffic.kinds["others"], 300, traffic.kinds)
        self.assertEqual(traffic.refused, [], f"{len(traffic.refused)} valid tokens refused of {traffic.kinds}")
        rate = len(load.history) / (len(MODES) * STEP_S * 2.5 + STEP_S)
        proof(
            f"{len(MODES)} switches on each of 3 instances under {rate:.0f} requests/s, refused valid tokens: 0 of "
            f"{traffic.kinds['issuer']} checks on the issuer and {traffic.kinds['others']} on others; "
            f"a switch {spread(took)}"
        )

    def switch(self, traffic, one, word, took):
        before = traffic.modes[one]
        traffic.changing.add(one)
        answer = one.calls.mode(word)
        self.assertEqual(answer.status, 200, f"{before} to {word} on {one.name}: {answer.body!r}")
        traffic.modes[one], traffic.since[one] = word, answer.received
        traffic.changing.discard(one)
        took.append(answer.took)
        said = answer.json
        self.assertEqual((said["mode"], said["configured"]), (word, "memory"), answer.body)
        self.assertAlmostEqual(said["since"], time.time(), delta=5)
        if {before, word} != set(SHARED):  # between redis and hybrid nothing has to be read twice
            self.assertIsNotNone(said["draining"], f"{before} to {word}: {answer.body!r}")
            self.assertEqual(said["draining"]["from"], before)
            self.assertTrue(0 < said["draining"]["remaining_ms"] <= MAX_LIFE_S * 1000, answer.body)
        self.assertEqual(one.calls.internal("mode")["mode"], word)
        self.assertEqual(one.calls.internal("cache-stats")["mode"], word)
        again = one.calls.mode(word)
        self.assertEqual((again.status, again.json["since"]), (200, said["since"]), "the same again changes nothing")

    def test_what_can_not_be(self):
        redis = self.enterContext(Redis())
        with fleet(Instance("m", None, "memory"), Instance("h", redis.url, "hybrid")) as (bare, hybrid):
            for word in SHARED:
                answer = bare.calls.mode(word)
                self.assertEqual((answer.status, answer.json["detail"]), (409, "mode_unavailable"), answer)
                self.assertTrue(answer.json["reason"])
            self.assertEqual(bare.calls.internal("mode")["mode"], "memory")
            self.assertEqual(hybrid.calls.mode("signed").status, 409, "no keys")
            self.assertEqual(hybrid.calls.mode("no-such-mode").status, 400)
            self.held(hybrid)
        proof("impossible 409, unknown 400, another's hold 409 mode_held")

    def held(self, one):
        mine = {"operation_id": "rollback-1", "owner": "console-1"}
        answer = one.calls.mode("memory", **mine)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(one.calls.internal("mode")["held_by"]["owner"], "console-1")
        other = one.calls.mode("hybrid", operation_id="rollback-2", owner="console-2")
        self.assertEqual(
            (other.status, other.json["detail"], other.json["owner"]), (409, "mode_held", "console-1"), other
        )
        self.assertIn("since", other.json)
        self.assertEqual(one.calls.mode("hybrid", **mine).status, 200)

    def test_leaving_a_dead_redis(self):
        """A dead Redis doesn't prevent leaving it: until the window ends an unknown token is "can't tell"."""
        redis = self.enterContext(Redis())
        made = [Instance(name, redis.url, "hybrid", "--max-ttl", "2", "--ttl", "2") for name in "hg"]
        h, g = self.enterContext(fleet(*made))
        own, foreign = h.calls.token(), g.calls.token()
        redis.kill()
        answer = h.calls.mode("memory")
        self.assertEqual(answer.status, 200, answer)
        remaining = answer.json["draining"]["remaining_ms"] / 1000
        self.assertEqual(h.calls.check(own).status, 200, "its own token")
        self.assertEqual(h.calls.check(foreign).status, 503, "another's token in the drain window")
        issued = h.calls.issue()
        self.assertEqual((issued.status, issued.json.get("degraded")), (200, None), issued)
        time.sleep(max(0.0, answer.received + remaining + 0.1 - time.monotonic()))
        self.assertIsNone(h.calls.internal("mode")["draining"])
        self.assertEqual(h.calls.check(foreign).status, 403, "after the drain window")
        self.assertEqual(h.calls.ready().status, 200)
        proof(f'a dead Redis was left at once; unknown tokens "can\'t tell" for {remaining:.1f} s, then 403')


if __name__ == "__main__":
    finish("switching")
