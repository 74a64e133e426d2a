#!/usr/bin/env python3
"""The night it is made for: Redis is paused, or dead, before the rollback begins, under traffic."""

import time
import unittest

from rollbacks import (
    MAX_LIFE_S,
    Load,
    Pages,
    Redis,
    Request,
    ctl,
    finish,
    limit_s,
    modes,
    proof,
    result,
    switched_at,
    three,
    until,
    wall,
)

RATE = 200
OLD_TOKENS = 20
ISSUE_LIMIT_S = 2


class Issuing:
    """Asks each instance itself for a token, again and again: since when does it give one?"""

    def __init__(self, instances):
        self.instances, self.turn, self.answers = instances, 0, []

    def next(self):
        self.turn += 1
        one = self.instances[self.turn % 3]
        return Request.issue(one, what=one, done=lambda request, answer: self.answers.append((request.what, answer)))

    def after(self, one, switched: float) -> float:
        """Seconds from the switch to the end of what it refused."""
        after = [answer for who, answer in self.answers if who is one and wall(answer.received) > switched]
        given = [wall(answer.received) for answer in after if answer.status == 200]
        failed = [wall(answer.received) for answer in after if answer.status != 200]
        first = min((moment for moment in given if moment > max(failed, default=0)), default=float("inf"))
        return first - switched


class OldTokens:
    """Issued on `a` while Redis was well, and seen nowhere else: asked of b and c to the end of their lives."""

    def __init__(self, instances):
        self.others = instances[1:]
        self.tokens = [instances[0].calls.issue(ttl_sec=MAX_LIFE_S) for _ in range(OLD_TOKENS)]
        self.turn, self.answers = 0, []

    def next(self):
        self.turn += 1
        issue = self.tokens[self.turn % OLD_TOKENS]
        if time.monotonic() > issue.sent + MAX_LIFE_S - 0.1:
            return None  # a true refusal is no business of ours, but would alarm who watches them
        return Request.check(self.others[self.turn % 2], issue.json["sse_token"], issue, self.checked)

    def checked(self, request, answer):
        if answer.received < request.what.sent + MAX_LIFE_S - 0.1:
            self.answers.append(answer.status)


class RedisAway(unittest.TestCase):
    def away(self, how, mode):
        redis = self.enterContext(Redis())
        instances, nginx = self.enterContext(three(redis.url, mode))
        pages, issuing = Pages(nginx), Issuing(instances)
        begun = time.monotonic()
        with pages.running(RATE) as load, Load(60, issuing.next):
            time.sleep(1)
            old = OldTokens(instances)
            getattr(redis, how)()
            with Load(60, old.next):
                until(lambda: not instances[0].healthy(), 3, "a to see that Redis is away")
                run = ctl(
                    *("--balancer", nginx.url, "rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 1),
                    *nginx.words,
                    on=instances,
                )
            time.sleep(2)
            lasted = time.monotonic() - begun
            if how == "pause":
                redis.resume()
        self.assertEqual(result(run), (0, "done"), run)
        self.assertEqual((modes(instances), nginx.sticky()), (["memory"] * 3, True))
        warned = " ".join(run.lines[-1]["warnings"])
        self.assertIn("Redis", warned)
        slowest = max(issuing.after(one, switched_at(one)[-1][0]) for one in instances)
        self.assertLess(slowest, limit_s(ISSUE_LIMIT_S), f"issuing in mode {mode}, {how}")
        self.assertEqual(load.lost, [])
        return run, pages, old.answers, slowest, len(load.history) / lasted

    def test_paused_and_killed(self):
        for how, words in (("pause", "SIGSTOP"), ("kill", "SIGKILL")):
            with self.subTest(words):
                run, pages, old, slowest, rate = self.away(how, "hybrid")
                counts = pages.judge()
                self.assertEqual(counts["refused"], 0, counts)
                self.assertEqual(pages.refused_on_their_own(), [], "tokens that their instance has seen")
                self.assertEqual(pages.failed_issues(), [])
                self.assertEqual(set(old), {503}, "tokens that the others can't know of")
                unseen = counts["can't tell"]
                own = counts.total() - unseen
                proof(
                    f"{words}: done in {run.took:.1f} s under {rate:.0f} requests/s, 0 final refusals in {own} checks "
                    f"of tokens seen on their instance; unseen: {unseen} through "
                    f"nginx and {len(old)} asked directly, all can't tell, none 403; issuing {slowest * 1e3:.0f} ms "
                    "after the slowest switch"
                )

    def test_issuing_comes_back(self):
        """In mode redis nothing is issued while Redis is dead."""
        run, pages, old, slowest, _ = self.away("kill", "redis")
        self.assertGreater(len(pages.failed_issues()), 2, "it was refused before")
        self.assertEqual((pages.judge()["refused"], set(old)), (0, {503}))
        proof(f"from mode redis: issuing is back {slowest * 1e3:.0f} ms after the slowest switch")


if __name__ == "__main__":
    finish("rollback without Redis")
