"""Tokens in Redis: what is written there, what is read, and what the instances know of each other."""

import json
import time
import uuid

from contract import NO_TOKEN, Contract, Instance, Reader, fleet, limit_s, only, public_id, until
from harness import key_of


class Shared(Contract):
    """Two instances over one Redis; `one` is hybrid, `two` in mode redis."""

    with_redis = True
    mode = "hybrid"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.two,) = cls.enterClassContext(fleet(Instance("b", cls.redis.url, "redis")))

    def foreign(self, ttl=60, **more) -> str:
        """A Python backend's token."""
        token = str(uuid.uuid4())
        value = {"created_at": time.time(), "ttl_sec": ttl, "issued_by": "python", **more}
        self.redis.ask("SETEX", key_of(token), ttl, json.dumps(value))
        return token

    def test_key_and_value(self):
        token = self.two.calls.token(ttl_sec=40)
        value = json.loads(self.redis.ask("GET", key_of(token)))
        self.assertEqual((value["ttl_sec"], value["issued_by"]), (40, "b"))
        self.assertAlmostEqual(value["created_at"], time.time(), delta=limit_s(30))
        self.assertNotIn("single_use", value)
        self.assertTrue(30_000 < self.redis.ask("PTTL", key_of(token)) <= 40_000)
        single = self.two.calls.token(single_use=True)
        self.assertIs(json.loads(self.redis.ask("GET", key_of(single)))["single_use"], True)

    def test_one_write_and_one_look(self):
        """A token is written by one SET, whole with its expiry, and looked up by GET and PTTL."""
        self.redis.reset_calls()
        token = self.two.calls.token()
        calls = self.redis.calls()
        self.assertEqual(calls["set"], 1)
        self.assertFalse({"setex", "psetex", "expire", "pexpire", "pexpireat"} & calls.keys())
        self.redis.reset_calls()
        self.two.calls.check(token)
        calls = self.redis.calls()
        self.assertEqual((calls["get"], calls["pttl"]), (1, 1))

    def test_keys_in_redis(self):
        self.one.calls.token()
        self.one.calls.publish("note", 1)
        self.one.calls.revoke(token=NO_TOKEN)
        keys = {"feed": "stream", "events": "stream", "key": "hash"}
        for name, kind in keys.items():
            self.assertEqual(self.redis.ask("TYPE", "{vx11:operator}:" + name), kind, name)
        known = ("vx11:ephemeral_token:", "vx11:operator:", "{vx11:operator}:")
        self.assertFalse([key for key in self.redis.ask("KEYS", "*") if not key.startswith(known)])

    def test_tokens_of_python_backends(self):
        token = self.foreign()
        for one in (self.one, self.two):
            self.assertEqual(one.calls.check(token).json["source"], "redis")
        (listed,) = self.two.calls.internal(f"tokens?match={public_id(token)}")["tokens"]
        self.assertEqual(listed["masked"], f"{token[:4]}…{token[-4:]}")

    def test_foreign_issuer_is_null(self):
        """One that names nobody, or nobody of ours."""
        token = str(uuid.uuid4())
        self.redis.ask("SETEX", key_of(token), 60, json.dumps({"created_at": time.time(), "ttl_sec": 60}))
        (listed,) = self.two.calls.internal(f"tokens?match={public_id(token)}")["tokens"]
        self.assertIsNone(listed["issued_by"])

    def test_sources(self):
        token = self.one.calls.token()
        self.assertEqual(self.one.calls.check(token).json["source"], "local")
        self.assertEqual(self.two.calls.check(token).json["source"], "redis")

    def test_deleted_by_hand(self):
        token = self.one.calls.token()
        self.redis.ask("DEL", key_of(token))
        self.assertEqual(self.two.calls.check(token).status, 403)
        took = until(lambda: self.one.calls.check(token).status == 403, 7, "its end in a cache")
        self.assertLess(took, limit_s(6))

    def test_key_without_a_life(self):
        token = str(uuid.uuid4())
        self.redis.ask("SET", key_of(token), json.dumps({"created_at": time.time(), "ttl_sec": 60}))
        for one in (self.one, self.two):
            self.assertEqual(one.calls.check(token).status, 403)

    def test_key_of_a_wrong_type(self):
        token = str(uuid.uuid4())
        self.redis.ask("LPUSH", key_of(token), "x")
        for one in (self.one, self.two):
            self.assertEqual(one.calls.check(token).status, 403)

    def test_malformed_costs_no_call(self):
        self.redis.reset_calls()
        for token in ("x", NO_TOKEN.upper(), NO_TOKEN + "0", "v1.a.b.c"):
            self.assertEqual(self.two.calls.check(token).status, 403)
        self.assertEqual(self.redis.calls().get("get", 0), 0)

    def test_single_use(self):
        """Once over all instances; the mark says where."""
        token = self.one.calls.token(single_use=True)
        streams = [self.stream(token, of=one) for one in (self.two, self.one, self.two)]
        self.assertEqual(sorted(stream.status for stream in streams), [200, 403, 403])
        keys = [key for key in self.redis.ask("KEYS", "vx11:operator:used:*") if public_id(token)[:8] in key]
        self.assertEqual(len(keys), 1, self.redis.ask("KEYS", "vx11:operator:used:*"))
        self.assertTrue(self.redis.ask("GET", keys[0]).startswith("b:"))
        self.assertGreater(self.redis.ask("PTTL", keys[0]), 0)

    def test_revoked_everywhere(self):
        token = self.one.calls.token()
        stream = self.stream(token, of=self.two)
        self.assertTrue(stream.wait_named("snapshot"))
        self.assertEqual(self.two.calls.check(token).status, 200)
        answer = self.one.calls.revoke(token=token)
        self.assertEqual((answer.status, answer.json["revoked"]), (200, 1))
        until(lambda: self.two.calls.check(token).status == 403, 1, "the other's refusal, which takes 0.25 s at most")
        self.assertTrue(stream.wait_named("revoked") and stream.wait_closed())
        self.assertIsNone(self.redis.ask("GET", key_of(token)), "Python backends refuse it too")

    def test_revocation_is_an_entry(self):
        token = self.one.calls.token()
        self.one.calls.revoke(token=token)
        entries = self.redis.ask("XREVRANGE", "{vx11:operator}:feed", "+", "-", "COUNT", "5")
        fields = [dict(zip(words[::2], words[1::2])) for _, words in entries]
        (entry,) = [fields_of for fields_of in fields if fields_of.get("id") == public_id(token)]
        self.assertEqual((entry["kind"], entry["by"]), ("token", "a"))
        self.assertGreater(int(entry["exp"]), int(entry["at"]))

    def test_all_is_before_its_own_time(self):
        before = [one.calls.token() for one in (self.one, self.two)]
        self.assertEqual(self.two.calls.revoke(all=True).status, 200)
        for token in before:
            for one in (self.one, self.two):
                until(lambda t=token, on=one: on.calls.check(t).status == 403, 2, "the end of all")
        self.assertEqual(self.one.calls.check(self.one.calls.token()).status, 200)
        ((_, words),) = self.redis.ask("XREVRANGE", "{vx11:operator}:feed", "+", "-", "COUNT", "1")
        self.assertEqual(dict(zip(words[::2], words[1::2]))["kind"], "before")

    def test_cache_stats_of_redis(self):
        until(lambda: self.one.calls.internal("cache-stats")["redis"].get("memory_bytes"), 15, "Redis' memory")
        redis = self.one.calls.internal("cache-stats")["redis"]
        told = redis["address"], redis["db"], redis["prefix"]
        self.assertEqual(told, (f"127.0.0.1:{self.redis.port}", 0, "vx11:"))
        self.assertIn("ops_per_sec", redis)

    def test_tokens_lists_the_cluster(self):
        mine, theirs = self.one.calls.token(), self.two.calls.token()
        listed = {token["id"]: token for token in self.walk(self.two)}
        self.assertEqual(listed[public_id(mine)]["issued_by"], "a")
        self.assertEqual(listed[public_id(theirs)]["issued_by"], "b")
        self.assertEqual(self.redis.calls().get("keys", 0), 0, "by SCAN, never KEYS")

    def walk(self, one) -> list:
        self.redis.reset_calls()
        found, cursor = [], ""
        while cursor is not None:
            page = one.calls.internal(f"tokens?cursor={cursor}")
            found, cursor = found + page["tokens"], page["cursor"]
        return found

    def test_published_everywhere(self):
        streams = [self.stream(of=one) for one in (self.one, self.two)]
        for stream in streams:
            self.assertTrue(stream.wait_named("snapshot"))
        answer = self.one.calls.publish("note", 1)
        for stream in streams:
            self.assertTrue(stream.wait_named("note"))
            self.assertTrue(stream.named("note")[0].id.startswith(answer.json["id"]))
        entry = answer.json["id"].partition(".")[2]
        self.assertEqual(self.redis.ask("XRANGE", "{vx11:operator}:events", entry, entry)[0][0], entry)

    def test_registry(self):
        record = json.loads(self.redis.ask("GET", "vx11:operator:instance:a"))
        wanted = {"id", "boot", "url", "mode", "version", "started_at", "max_ttl_sec", "redis_db"}
        self.assertEqual(record.keys(), wanted)
        self.assertTrue(0 < self.redis.ask("PTTL", "vx11:operator:instance:a") <= 10_000)
        self.assertLessEqual({"a", "b"}, set(self.redis.ask("ZRANGE", "vx11:operator:instances", "0", "-1")))

    def test_instances(self):
        def known(one):
            return {instance["id"] for instance in one.calls.internal("instances")["instances"]}

        until(lambda: known(self.one) >= {"a", "b"} and known(self.two) >= {"a", "b"}, 10, "both to know both")

    def test_redis(self):
        until(lambda: self.one.calls.internal("redis").get("health"), 15, "Redis' health")
        seen = self.one.calls.internal("redis")
        self.assertEqual((seen["up"], seen["breaker"], seen["topology"]), (True, "closed", "single"))
        wanted = {"role", "used_memory", "maxmemory_policy", "connected_clients", "ops_per_sec", "slow_log"}
        self.assertLessEqual(wanted, seen["health"].keys())
        self.assertLessEqual({"p50", "p95", "p99"}, seen["round_trip_ms"].keys())

    def test_watch_tells_of_redis_and_mode(self):
        one = self.enterContext(only("--instance-id", "watched", redis=self.redis.url, mode="hybrid"))
        with Reader(one.port, "/operator/internal/tokens/watch") as watch:
            watch.until(b"event: snapshot")
            one.calls.mode("memory")
            watch.until(b"event: mode")
            watch.until(b"event: redis")

    def test_mode_switch(self):
        """New tokens go to the new store at once; the old one is read until its last token has expired."""
        with only("--instance-id", "switched", redis=self.redis.url, mode="hybrid") as one:
            before = self.two.calls.token(ttl_sec=30)
            answer = one.calls.mode("memory")
            self.assertEqual((answer.json["mode"], answer.json["configured"]), ("memory", "hybrid"))
            self.assertEqual(answer.json["draining"]["from"], "hybrid")
            self.assertTrue(0 < answer.json["draining"]["remaining_ms"] <= 300_000)
            since = answer.json["since"]
            self.assertEqual(one.calls.mode("memory").json["since"], since, "the same again changes nothing")
            after = one.calls.token()
            self.assertIsNone(self.redis.ask("GET", key_of(after)))
            self.assertEqual([one.calls.check(token).status for token in (before, after)], [200, 200])
            self.assertEqual(one.calls.mode("hybrid").json["mode"], "hybrid")
            self.assertEqual(one.calls.check(after).status, 200)

    def test_full_table_still_answers(self):
        """It refuses new tokens of its own; others' are accepted, and open streams."""
        with only("--instance-id", "full", "--max-tokens", "1", redis=self.redis.url, mode="hybrid") as one:
            mine, others = one.calls.token(), [self.two.calls.token() for _ in range(3)]
            self.refused(one.calls.issue(), 503, "token_table_full")
            for token in (*others, mine):
                self.assertEqual(one.calls.check(token).status, 200)
                self.assertTrue(self.stream(token, of=one).wait_named("snapshot"))

    def test_eviction_is_degraded(self):
        self.redis.ask("CONFIG", "SET", "maxmemory-policy", "volatile-ttl")
        try:
            with only("--instance-id", "c", redis=self.redis.url, mode="hybrid") as one:
                until(lambda: one.calls.ready().json["components"]["eviction"]["state"] == "degraded", 15, "it")
                self.assertEqual(one.calls.ready().status, 200)
        finally:
            self.redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
