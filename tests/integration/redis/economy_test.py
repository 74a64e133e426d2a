#!/usr/bin/env python3
"""What Redis is asked, counted by Redis itself: no more than needed, and nothing that a late execution could spoil."""

import time
import unittest

from harness import NO_TOKEN, Instance, Redis, finish, fleet, key_of, limit_s, proof, until

LOOPS = 2
CONCURRENT = 200


def look_ups(calls: dict) -> int:
    """Of tokens: each is a GET and a PTTL. By GET alone the registry is read, whenever its time comes."""
    return calls.get("pttl", 0)


class Economy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        url = cls.redis.url
        made = [Instance(name, url, "hybrid", threads=LOOPS) for name in "ab"]
        made.append(Instance("c", url, "redis", threads=LOOPS))
        cls.instances = cls.enterClassContext(fleet(*made))

    def test_concurrent_checks_of_one_unseen_token(self):
        issuer, other, _ = self.instances
        connections = [other.connect() for _ in range(CONCURRENT)]
        for connection in connections:
            connection.open()
            self.addCleanup(connection.close)
        worst = 0
        for _ in range(5):
            token = issuer.calls.token()
            self.redis.reset_calls()
            for connection in connections:
                connection.send_check(token)
            self.assertEqual({connection.receive().status for connection in connections}, {200})
            calls = self.redis.calls()
            self.assertIn("pttl", calls, "somebody must have asked")
            self.assertNotIn("set", calls)
            worst = max(worst, look_ups(calls))
            self.assertLessEqual(look_ups(calls), LOOPS, f"GETs for {CONCURRENT} checks on {LOOPS} loops: {calls}")
        proof(f"{CONCURRENT} concurrent checks of one unseen token on {LOOPS} loops: at most {worst} GET, 5 times over")

    def test_a_fresh_token_costs_nothing(self):
        token = self.instances[0].calls.token()
        self.instances[1].calls.check(token)
        self.redis.reset_calls()
        for instance in self.instances[:2]:
            for _ in range(100):
                self.assertEqual(instance.calls.check(token).status, 200)
        self.assertEqual(look_ups(self.redis.calls()), 0)
        proof("200 checks of a fresh token: 0 GET")

    def test_a_bad_token_costs_nothing(self):
        self.redis.reset_calls()
        bad = ["nonsense", NO_TOKEN.upper(), NO_TOKEN[:-1], NO_TOKEN + "0", "7d9f2f6e-1c9b-1c7a-9f7e-0123456789ab"]
        bad += ["v1.k." + "A" * 46 + "." + "B" * 22, "%00" * 36, "*", "vx11:" + NO_TOKEN]
        for instance in self.instances:
            for token in bad:
                answer = instance.calls.check(token)
                self.assertEqual(answer.status, 403, f"{token} on {instance.name}: {answer.body!r}")
        calls = self.redis.calls()
        self.assertEqual(look_ups(calls), 0, calls)
        proof(f"{len(bad) * 3} malformed tokens: 0 GET")

    def test_a_late_set_revives_nothing(self):
        """A SET that a paused Redis executes after its time-out leaves no token that outlives its expiry."""
        redis = self.enterContext(Redis())
        made = [Instance(name, redis.url, name, "--ttl", "2") for name in ("redis", "hybrid")]
        with fleet(*made) as (strict, lenient):
            redis.pause()
            statuses = [one.calls.issue() for one in (strict, lenient)]
            self.assertEqual([answer.status for answer in statuses], [503, 200], statuses)
            self.assertIs(statuses[1].json.get("degraded"), True)
            for _ in range(20):
                strict.calls.issue()
            time.sleep(3)
            redis.resume()
            for _ in range(10):
                keys = redis.ask("KEYS", "vx11:ephemeral_token:*")
                self.assertEqual(keys, [], "tokens that outlive their expiry")
                time.sleep(0.1)
            dead = statuses[1].json["sse_token"]
            # An unknown token is "can't tell" while issuers may still be writing down what they issued meanwhile.
            until(lambda: lenient.calls.check(dead).status == 403, 2, "a token that has expired to be refused")
            # Within its life it may become valid late, with the end it always had.
            until(lambda: strict.calls.issue().status == 200, 2, "mode redis to issue again")
            redis.pause()
            issued = time.monotonic()
            strict.calls.issue()
            time.sleep(0.7)
            redis.resume()
            until(lambda: redis.ask("PING") == "PONG", 1, "Redis to answer")
            left = [redis.ask("PTTL", key) for key in redis.ask("KEYS", "vx11:ephemeral_token:*")]
            rest = 2000 - (time.monotonic() - issued) * 1000
            for pttl in left:
                self.assertLess(
                    pttl, rest + limit_s(0.4) * 1000, f"a life lengthened: {left}, {rest:.0f} ms should be left"
                )
            until(lambda: redis.ask("KEYS", "vx11:ephemeral_token:*") == [], 2.5, "the end of all tokens")
        proof("SETs that a stopped Redis executed late: no key outlived its token")

    def test_a_key_in_the_way(self):
        """NX: never over somebody's key; and a life is never lengthened by a check."""
        token = self.instances[0].calls.token(ttl_sec=5)
        left = self.redis.ask("PTTL", key_of(token))
        for instance in self.instances:
            instance.calls.check(token)
        self.assertLessEqual(self.redis.ask("PTTL", key_of(token)), left)


class Listing(unittest.TestCase):
    TOKENS = 2500

    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        made = [Instance(name, cls.redis.url, mode) for name, mode in zip("abc", ("hybrid", "redis", "hybrid"))]
        cls.instances = cls.enterClassContext(fleet(*made))

    def walk(self, instance, match=""):
        records, cursor, pages = [], None, 0
        while True:
            path = "tokens?limit=200" + (f"&match={match}" if match else "") + (f"&cursor={cursor}" if cursor else "")
            page = instance.calls.internal(path)
            records += page["tokens"]
            cursor, pages = page["cursor"], pages + 1
            if cursor is None:
                return records
            self.assertLess(pages, 1000, "the walk doesn't end")

    def test_the_cluster_by_scan(self):
        issued = {}
        for number in range(self.TOKENS):
            instance = self.instances[number % 3]
            issued[instance.calls.token(ttl_sec=120)] = instance.name
        self.redis.reset_calls()
        for instance in self.instances:
            records = {record["masked"] + record["id"]: record for record in self.walk(instance)}
            self.assertEqual(len(records), self.TOKENS, f"the list of {instance.name}")
            self.assertEqual(sum(record["issued_by"] == "b" for record in records.values()), self.TOKENS // 3)
            for token in list(issued)[:50]:
                masked = token[:4] + "…" + token[-4:]
                self.assertTrue(any(record["masked"] == masked for record in records.values()), masked)
            self.assertFalse(any(token in str(records) for token in list(issued)[:50]), "a whole token is in the list")
        calls = self.redis.calls()
        self.assertGreater(calls.get("scan", 0), 0, calls)
        self.assertNotIn("keys", calls)
        for instance in self.instances:
            only = self.walk(instance, "c")  # an issuer's name, and a digit of ids
            self.assertTrue(all("c" in record["id"] or record["issued_by"] == "c" for record in only))
            self.assertGreaterEqual(len(only), self.TOKENS // 3)
        proof(f"{self.TOKENS} tokens listed whole on each of 3 instances, {calls['scan']} SCAN, 0 KEYS")


if __name__ == "__main__":
    finish("economy")
