#!/usr/bin/env python3
"""Redis paused, and killed: what each mode answers meanwhile, how fast, and what is true when Redis is back."""

import itertools
import time
import unittest

from harness import (
    NO_TOKEN,
    Instance,
    Redis,
    check_everywhere,
    finish,
    fleet,
    key_of,
    limit_s,
    proof,
    spread,
    until,
    waits,
)
from load import Load, Request

DEADLINE_S = 0.25
HEARTBEAT_S = 1
OUTAGE_S = 4
USED_AGAIN_S = 1
BACK_S = 2


class Outage(unittest.TestCase):
    """Instances: h and g hybrid, r redis, m memory with a Redis configured. Cached answers are stale after 1 s."""

    def setUp(self):
        self.redis = self.enterContext(Redis())
        options = ("--local-fresh", "1", "--heartbeat", str(HEARTBEAT_S))
        modes = {"h": "hybrid", "g": "hybrid", "r": "redis", "m": "memory"}
        made = [Instance(name, self.redis.url, mode, *options) for name, mode in modes.items()]
        self.h, self.g, self.r, self.m = self.enterContext(fleet(*made))
        self.slowest = 0.0

    def test_paused(self):
        self.outage("paused", self.redis.pause, self.redis.resume)

    def test_killed(self):
        self.outage("killed", self.redis.kill, self.redis.start)

    def outage(self, word, begin, end):
        h, g, r, m = self.h, self.g, self.r, self.m
        cached = [g.calls.token() for _ in range(40)]
        for token in cached:
            self.assertEqual([one.status for one in check_everywhere([h, r], token)], [200, 200])
        self.unseen = [g.calls.token() for _ in range(8)]
        self.own = {one.name: one.calls.token() for one in (h, r, m)}
        self.ending = h.calls.token(ttl_sec=3)
        self.to_revoke = cached.pop()
        streams = {one.name: one.stream(self.own[one.name]) for one in (h, r, m)}
        self.assertEqual([stream.status for stream in streams.values()], [200] * 3)
        ends_at = time.monotonic() + 3
        time.sleep(1.1)

        turn = itertools.cycle(cached)
        with Load(100, lambda: Request.check(h, next(turn))) as load:
            begin()
            begun = time.monotonic()
            try:
                self.cells(cached, f"{word}, first second")
                first_cells = time.monotonic() - begun
                waits(begun + 1.5)
                self.cells(cached, f"{word}, later")
                self.readiness()
                waits(ends_at + 0.05)
                expired = h.calls.check(self.ending)  # refused, or forgotten already, and then nobody can tell
                self.assertIn(expired.status, (403, 503), f"{word}: a token that has expired: {expired.body!r}")
                born, dead = self.born_in_outage()
                waits(begun + OUTAGE_S)
            finally:
                ended = time.monotonic()
                end()
            used, back = self.came_back(cached, born, dead)
        self.latencies(load, word, begun, ended)
        self.heartbeats(streams, word, begun, ended)
        proof(
            f"{word}: cells within {self.slowest * 1e3:.0f} ms (first round took {first_cells:.2f} s), "
            f"used again {used:.2f} s and whole {back:.2f} s after the return"
        )

    def assert_cell(self, what, answer, status):
        self.assertEqual(answer.status, status, f"{what}: expected {status}, got {answer.status} {answer.body!r}")
        self.assertLessEqual(answer.took, limit_s(DEADLINE_S), f"{what}: answered too late")
        self.slowest = max(self.slowest, answer.took)
        if status == 503:
            self.assertIn("retry-after", answer.headers, what)
            self.assertEqual(answer.json["detail"], "store_unavailable", what)

    def cells(self, cached, when):
        """The table "When Redis fails", but for what depends on time."""
        h, r, m = self.h, self.r, self.m
        unseen = self.unseen.pop()
        self.assert_cell(f"{when}: hybrid, check of a token seen here", h.calls.check(cached[0]), 200)
        self.assert_cell(f"{when}: hybrid, check of its own token", h.calls.check(self.own["h"]), 200)
        self.assert_cell(f"{when}: hybrid, check of a token not seen here", h.calls.check(unseen), 503)
        self.assert_cell(f"{when}: hybrid, malformed token", h.calls.check("nonsense"), 403)
        self.can_not_tell(f"{when}: hybrid, stream of a token not seen here", h, unseen)
        self.assert_cell(f"{when}: redis, check of a token seen here", r.calls.check(cached[0]), 503)
        self.assert_cell(f"{when}: redis, check of its own token", r.calls.check(self.own["r"]), 503)
        self.assert_cell(f"{when}: redis, check of a token not seen here", r.calls.check(unseen), 503)
        self.can_not_tell(f"{when}: redis, stream of a token seen here", r, cached[0])
        self.assert_cell(f"{when}: memory, check of its own token", m.calls.check(self.own["m"]), 200)
        self.assert_cell(f"{when}: memory, check of a token not seen here", m.calls.check(NO_TOKEN), 403)

        issued = h.calls.issue()
        self.assert_cell(f"{when}: hybrid, issue", issued, 200)
        self.assertIs(issued.json.get("degraded"), True, f"{when}: hybrid, issue: {issued.body!r}")
        self.assert_cell(f"{when}: hybrid, check of what it just issued", h.calls.check(issued.json["sse_token"]), 200)
        self.assert_cell(f"{when}: redis, issue", r.calls.issue(), 503)
        issued = m.calls.issue()
        self.assert_cell(f"{when}: memory, issue", issued, 200)
        self.assertNotIn("degraded", issued.json)

        self.assert_cell(f"{when}: redis, revoke", r.calls.revoke(token=cached[1]), 503)
        revoked = m.calls.revoke(token=issued.json["sse_token"])
        self.assert_cell(f"{when}: memory, revoke", revoked, 200)
        self.assertEqual(revoked.json["revoked"], 1)
        self.assert_cell(f"{when}: memory, a revoked token", m.calls.check(issued.json["sse_token"]), 403)
        for one in (h, r):
            answer = one.calls.publish("news", {"when": when})
            self.assert_cell(f"{when}: {one.name}, publish", answer, 503)
        stream = m.stream(self.own["m"])
        self.assert_cell(f"{when}: memory, publish", m.calls.publish("news", 1), 202)
        self.assertTrue(stream.wait_named("news", 1, 1), f"{when}: memory, publish reaches its own streams")
        stream.close()

    def can_not_tell(self, what, instance, token):
        """I11: never a status but 200, an end, and when to come back."""
        stream = instance.stream(token)
        self.assertEqual(stream.status, 200, what)
        self.assertIn("text/event-stream", stream.headers["content-type"], what)
        self.assertTrue(stream.wait_closed(limit_s(1)), f"{what}: it wasn't closed")
        self.assertLessEqual(stream.closed_at - stream.sent, limit_s(DEADLINE_S), what)
        self.assertEqual((stream.events, stream.retry is not None), ([], True), what)

    def readiness(self):
        expected = {"h": (200, "degraded"), "r": (503, "failed"), "m": (200, "degraded")}
        for one in (self.h, self.r, self.m):
            answer = one.calls.ready()
            status, state = expected[one.name]
            self.assertEqual(answer.status, status, f"readyz of {one.name}: {answer.body!r}")
            self.assertEqual(answer.json["components"]["redis"]["state"], state, f"{one.name}: {answer.body!r}")

    def born_in_outage(self):
        """(a token issued meanwhile, tokens revoked meanwhile: one issued in the outage, one before it)"""
        born, dead = (self.h.calls.token() for _ in range(2))
        for token in (dead, self.to_revoke):
            answer = self.h.calls.revoke(token=token)
            self.assert_cell("hybrid, revoke", answer, 202)
            self.assertEqual(answer.json["revoked"], 1)
            self.assert_cell("hybrid, a revoked token", self.h.calls.check(token), 403)
        return born, [dead, self.to_revoke]

    def came_back(self, cached, born, dead):
        """What must be true again within 2 s of the return; the seconds to its first use, and to all of it."""
        returned = time.monotonic()
        everybody = [self.h, self.g, self.r]

        def statuses(token):
            return [answer.status for answer in check_everywhere(everybody, token)]

        def left():
            return BACK_S - (time.monotonic() - returned)

        until(lambda: self.r.calls.issue().status == 200, USED_AGAIN_S, "mode redis to issue again")
        used = time.monotonic() - returned
        until(lambda: statuses(born) == [200] * 3, left(), "a token issued in the outage on h, g, r to be valid")
        for token in dead:
            until(
                lambda one=token: statuses(one) == [403] * 3,
                left(),
                "a token revoked in the outage to be refused on h, g, r",
            )
        for one in (self.h, self.r, self.m):
            until(one.healthy, left(), lambda one=one: f"{one.name} to be well: {one.calls.ready().body!r}")
        for one in (self.h, self.g, self.r, self.m):
            until(one.adds_up, 1, f"issued = active + expired + revoked on {one.name}")
        for token in dead:
            until(lambda one=token: self.redis.ask("EXISTS", key_of(one)) == 0, left(), "Redis without a revoked token")
        # Killed, it came back empty: the issuer vouches for what it issued.
        until(lambda: statuses(cached[0]) == [200] * 3, left(), "a token from before the outage to be valid on h, g, r")
        return used, time.monotonic() - returned

    def latencies(self, load, word, begun, ended):
        self.assertEqual(load.lost, [], "checks without an answer")
        during = [answer for _, answer in load.history if begun <= answer.sent < ended]
        wrong = [answer for answer in during if answer.status != 200]
        self.assertEqual(wrong, [], "a cached token in mode hybrid is valid through the outage")
        first = [answer.took for answer in during if answer.sent < begun + 1]
        later = [answer.took for answer in during if answer.sent >= begun + 1]
        for took in first + later:
            self.assertLessEqual(took, limit_s(DEADLINE_S))
        proof(f"{word}: cached checks, first second {spread(first)}, later {spread(later)}")

    def heartbeats(self, streams, word, begun, ended):
        worst = 0.0
        for name, stream in streams.items():
            self.assertIsNone(stream.closed_at, f"a stream on {name} ended")
            times = [event.at for event in stream.named("heartbeat") if event.at > begun - HEARTBEAT_S * 1.5]
            gaps = [after - before for before, after in itertools.pairwise(times) if before < ended]
            self.assertGreaterEqual(len(gaps), OUTAGE_S - 1, f"heartbeats on {name}")
            worst = max(worst, *(abs(gap - HEARTBEAT_S) for gap in gaps))
            self.assertLess(max(gaps), HEARTBEAT_S + limit_s(0.3), f"heartbeats on {name}: gaps {gaps}")
            stream.close()
        proof(f"{word}: heartbeats of 3 streams at most {worst * 1e3:.0f} ms off their rhythm")


if __name__ == "__main__":
    finish("outage")
