#!/usr/bin/env python3
"""Redis as it shouldn't be: empty, full, with wrong types under our keys, not there yet."""

import socket
import time
import unittest

from harness import Instance, Redis, check_everywhere, finish, fleet, key_of, limit_s, proof, until
from resp import RedisError

FEED, EVENTS, INSTANCES = "{vx11:operator}:feed", "{vx11:operator}:events", "vx11:operator:instances"


class EmptyRestart(unittest.TestCase):
    def test_who_issued_a_token_vouches_for_it(self):
        """Never a 403 on the issuer, and within 2 s valid everywhere again; revoked ones don't come back."""
        redis = self.enterContext(Redis())
        made = [Instance(name, redis.url, "hybrid", "--local-fresh", "1") for name in "ab"]
        made.append(Instance("c", redis.url, "redis"))
        instances = self.enterContext(fleet(*made))
        tokens = {one.calls.token(): one for one in instances for _ in range(20)}
        revoked = [one.calls.token() for one in instances]
        for token in revoked:
            self.assertEqual(instances[0].calls.revoke(token=token).status, 200)
        redis.kill()
        redis.start()
        begun, missing = time.monotonic(), set(tokens)
        while missing and time.monotonic() < begun + limit_s(2):
            for token in list(missing):
                answers = check_everywhere(instances, token)
                for one, answer in zip(instances, answers):
                    if one is tokens[token]:
                        where = f"{answer.sent - begun:.2f} s after the restart, on its issuer {one.name}"
                        self.assertNotEqual(answer.status, 403, where)
                if all(answer.status == 200 for answer in answers):
                    missing.discard(token)
        took = time.monotonic() - begun
        self.assertEqual(missing, set(), "not valid everywhere 2 s after the restart")
        for token in revoked:
            self.assertEqual([one.status for one in check_everywhere(instances, token)], [403] * 3)
            self.assertEqual(redis.ask("EXISTS", key_of(token)), 0)
        for one in instances:
            until(one.adds_up, 1, f"issued = active + expired + revoked on {one.name}")
        proof(f"empty restart: {len(tokens)} tokens valid on all 3 after {took:.2f} s, {len(revoked)} revoked stay so")


class WithRedis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        made = [Instance("h", cls.redis.url, "hybrid"), Instance("r", cls.redis.url, "redis")]
        cls.instances = cls.enterClassContext(fleet(*made))
        cls.h, cls.r = cls.instances

    def test_out_of_memory(self):
        """Writes are refused, reads are not: what is there is valid, what can't be stored is said to be so."""
        token = self.h.calls.token()
        self.redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
        self.redis.ask("CONFIG", "SET", "maxmemory", "1mb")
        self.addCleanup(self.redis.ask, "CONFIG", "SET", "maxmemory", "0")
        self.assertRegex(str(self.redis.client().pipeline([("SET", "filler", "x")])[0]), "^OOM")
        strict, degraded = self.r.calls.issue(), self.h.calls.issue()
        self.assertEqual(strict.status, 503, strict)
        self.assertEqual((degraded.status, degraded.json.get("degraded")), (200, True), degraded)
        self.assertEqual([one.status for one in check_everywhere(self.instances, token)], [200, 200])
        born = degraded.json["sse_token"]
        self.assertEqual(self.h.calls.check(born).status, 200)
        revoked = self.h.calls.revoke(token=token)
        self.assertIn(revoked.status, (200, 202), revoked)
        self.assertEqual(self.h.calls.check(token).status, 403)
        self.assertEqual(self.h.calls.publish("news", 1).status, 503)
        self.redis.ask("CONFIG", "SET", "maxmemory", "0")
        until(lambda: self.r.calls.check(born).status == 200, 2, "the token issued meanwhile to be valid everywhere")
        until(
            lambda: self.r.calls.check(token).status == 403, 2, "the token revoked meanwhile to be refused everywhere"
        )
        proof("-OOM: issue 503 (redis) and degraded (hybrid), checks go on, whole again with memory")

    def test_read_only(self):
        """What a replica answers, as after a failover: it reads and doesn't write."""
        token = self.h.calls.token()
        self.redis.ask("REPLICAOF", "127.0.0.1", "1")
        self.addCleanup(self.redis.ask, "REPLICAOF", "NO", "ONE")
        strict, degraded = self.r.calls.issue(), self.h.calls.issue()
        self.assertEqual(strict.status, 503, strict)
        self.assertEqual((degraded.status, degraded.json.get("degraded")), (200, True), degraded)
        self.assertEqual(self.h.calls.check(token).status, 200)
        self.assertIn(self.r.calls.check(token).status, (200, 503))
        self.assertEqual(self.h.calls.publish("news", 1).status, 503)
        self.redis.ask("REPLICAOF", "NO", "ONE")
        born = degraded.json["sse_token"]
        until(lambda: self.r.calls.issue().status == 200, 1, "mode redis to issue again")
        until(lambda: self.r.calls.check(born).status == 200, 2, "the token issued meanwhile to be valid everywhere")
        proof("-READONLY: issue 503 and degraded, whole again with a master")

    def test_loading(self):
        """A server that reads its dump answers -LOADING to everything: 1 s long here."""
        redis = self.enterContext(Redis())
        with redis.client() as client:
            client.pipeline([("SET", f"filler:{number}", "x" * 2000) for number in range(2000)])
            token = "7d9f2f6e-1c9b-4c7a-9f7e-0000000000aa"
            client.ask("SET", key_of(token), '{"created_at":1,"ttl_sec":60,"issued_by":"x"}', "PX", 60000)
            client.ask("SAVE")
        redis.kill()
        redis.arguments += ["--key-load-delay", "1000", "--loading-process-events-interval-bytes", "4096"]
        redis.launch()
        said = ""
        until(lambda: (said := loading(redis)) != "", 3, "the server to load")
        with fleet(Instance("h", redis.url, "hybrid"), Instance("r", redis.url, "redis"), healthy=False) as (h, r):
            self.assertNotEqual(loading(redis), "over", "the test was too slow to meet the loading server")
            self.assertEqual([one.calls.check(token).status for one in (h, r)], [503, 503])
            self.assertEqual(r.calls.issue().status, 503)
            self.assertIs(h.calls.issue().json.get("degraded"), True)
            until(lambda: loading(redis) == "over", 15, "the end of loading")
            for one in (h, r):
                until(lambda one=one: one.calls.check(token).status == 200, 1, f"{one.name} to use it again")
        proof("-LOADING: can't tell, used again within 1 s of its end")

    def test_a_wrong_type_under_a_token(self):
        token = "7d9f2f6e-1c9b-4c7a-9f7e-00000000000"
        for number, (instance, name) in enumerate(zip(self.instances, ("hybrid", "redis"))):
            key = key_of(f"{token}{number}")
            self.redis.ask("RPUSH", key, "a")
            self.redis.ask("EXPIRE", key, 30)
            before = invalid(instance)
            answer = instance.calls.check(f"{token}{number}")
            self.assertEqual(answer.status, 403, f"{name}: {answer.body!r}")
            self.assertEqual(invalid(instance), before + 1, f"{name}: it isn't counted")
            self.redis.ask("SET", key_of(f"{token}{number + 5}"), '{"created_at":1,"ttl_sec":60,"issued_by":"x"}')
            answer = instance.calls.check(f"{token}{number + 5}")
            self.assertEqual(answer.status, 403, f"{name}, a key without TTL: {answer.body!r}")
            self.assertEqual(invalid(instance), before + 2, f"{name}: a key without TTL isn't counted")
            self.assertEqual(instance.calls.check(instance.calls.token()).status, 200, "and the service goes on")
        proof("wrong type, and no TTL, under a token's key: a counted 403")

    def test_a_wrong_type_under_our_own_keys(self):
        for key in (FEED, EVENTS, INSTANCES):
            self.redis.ask("DEL", key)
            self.redis.ask("SET", key, "not what it should be")
        time.sleep(1.5)
        for one in self.instances:
            token = one.calls.token()
            self.assertEqual([answer.status for answer in check_everywhere(self.instances, token)], [200, 200])
            self.assertEqual(one.calls.ask("GET", "/livez", principal=False).status, 200)
            one.calls.internal("instances")
        token = self.h.calls.token()
        answer = self.h.calls.revoke(token=token)
        self.assertIn(answer.status, (200, 202), answer)
        self.assertEqual(self.h.calls.check(token).status, 403)
        ready = self.h.calls.ready()
        self.assertNotEqual(ready.json["components"]["feed"]["state"], "ok", f"a stale feed is shown: {ready.body!r}")
        for key in (FEED, EVENTS, INSTANCES):
            self.redis.ask("DEL", key)
        for one in self.instances:
            until(one.healthy, 3, lambda one=one: f"{one.name} to be well again: {one.calls.ready().body!r}")
        token = self.h.calls.token()
        self.assertEqual(self.r.calls.check(token).status, 200)
        self.assertEqual(self.h.calls.revoke(token=token).status, 200)
        until(lambda: self.r.calls.check(token).status == 403, 0.5, "a revocation to cross again")
        self.assertEqual(self.h.calls.publish("news", 1).status, 202)
        proof("wrong types under feed, events and instances: service goes on, the feed is shown as stale, heals")

    def test_an_eviction_policy_is_shown(self):
        for policy in ("volatile-ttl", "allkeys-lru"):
            self.redis.ask("CONFIG", "SET", "maxmemory-policy", policy)
            self.addCleanup(self.redis.ask, "CONFIG", "SET", "maxmemory-policy", "noeviction")
            for one in self.instances:
                until(
                    lambda one=one: one.calls.ready().json["components"]["eviction"]["state"] == "degraded",
                    4,
                    f"{policy} in readyz of {one.name}",
                )
                self.assertEqual(one.calls.ready().status, 200)
        self.redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
        until(lambda: self.h.calls.ready().json["components"]["eviction"]["state"] == "ok", 4, "eviction to be ok")
        proof("each eviction policy is degraded in readyz")

    def test_an_instance_id_used_twice(self):
        with fleet(Instance("h", self.redis.url, "hybrid"), healthy=False) as (second,):

            def taken(one):
                return one.calls.ready().json["components"]["instance_id"]["state"] == "degraded"

            for one in (self.h, second):
                took = until(
                    lambda one=one: taken(one), 10, lambda one=one: f"instance_id in {one.calls.ready().body!r}"
                )
                self.assertEqual(one.calls.ready().status, 200)
        proof(f"an instance id used twice: degraded on both ({took:.1f} s)")


class NotThereYet(unittest.TestCase):
    def test_it_starts_without_and_heals(self):
        redis = self.enterContext(Redis(start=False))
        begun = time.monotonic()
        modes = {"h": "hybrid", "r": "redis"}
        made = [Instance(name, redis.url, mode) for name, mode in modes.items()]
        with fleet(*made, healthy=False) as (h, r):
            opened = time.monotonic() - begun
            self.assertLess(opened, limit_s(1.5), "the port opens when the first attempt is over")
            self.assertEqual((h.calls.ready().status, r.calls.ready().status), (200, 503))
            self.assertEqual(h.calls.ready().json["components"]["redis"]["state"], "degraded")
            born = h.calls.issue()
            self.assertEqual((born.status, born.json.get("degraded")), (200, True), born)
            self.assertEqual(r.calls.issue().status, 503)
            redis.start()
            started = time.monotonic()
            for one in (h, r):
                until(one.healthy, 2, lambda one=one: f"{one.name} to heal: {one.calls.ready().body!r}")
            healed = time.monotonic() - started
            self.assertEqual(r.calls.ready().status, 200)
            until(
                lambda: r.calls.check(born.json["sse_token"]).status == 200, 2, "the first token to be valid everywhere"
            )
            proof(f"started without Redis: both ports open after {opened:.2f} s, healed {healed:.2f} s after its start")

    def test_a_black_hole(self):
        """Nothing answers, nothing refuses: a listener that never accepts."""
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(8)
            begun = time.monotonic()
            url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
            with fleet(Instance("h", url, "hybrid"), healthy=False) as (h,):
                self.assertLess(time.monotonic() - begun, limit_s(2), "1 s at most for the first attempt")
                answer = h.calls.issue()
                self.assertEqual((answer.status, answer.json.get("degraded")), (200, True), answer)
                self.assertLessEqual(answer.took, limit_s(0.25))


def loading(redis) -> str:
    """The refusal of a server that loads, "over" when it serves, nothing before it listens."""
    try:
        redis.ask("GET", "filler:1")
    except RedisError as error:
        return str(error)
    except OSError:
        return ""
    return "over"


def invalid(instance) -> int:
    for line in instance.get("/metrics").decode().splitlines():
        if line.startswith("vx11_operator_ephemeral_tokens_invalid_total "):
            return int(float(line.split()[1]))
    raise AssertionError("no vx11_operator_ephemeral_tokens_invalid_total in /metrics")


if __name__ == "__main__":
    finish("faults")
