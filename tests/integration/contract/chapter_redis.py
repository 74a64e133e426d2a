"""Tokens in Redis: what is written there, what is read, what the instances know of each other, and the flags for it."""

import json
import tempfile
import time
import uuid
from pathlib import Path

from contract import NO_TOKEN, Contract, Instance, Reader, Redis, fleet, limit_s, only, public_id, until
from harness import Certificates, key_of

PASSWORD = "a-password-of-redis-0123456789"


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
        with only(redis=self.redis.url, mode="hybrid") as one, Reader(one.port, "/operator/internal/tokens/watch") as watch:
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

    def test_eviction_is_degraded(self):
        self.redis.ask("CONFIG", "SET", "maxmemory-policy", "volatile-ttl")
        try:
            with only("--instance-id", "c", redis=self.redis.url, mode="hybrid") as one:
                until(lambda: one.calls.ready().json["components"]["eviction"]["state"] == "degraded", 15, "it")
                self.assertEqual(one.calls.ready().status, 200)
        finally:
            self.redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")


class Flags(Contract):
    def writes(self, redis, *flags, database=0) -> list:
        """The keys of tokens that an instance with these flags writes."""
        with only(*flags, mode="redis") as one:
            token = one.calls.token()
            self.assertEqual(one.calls.check(token).status, 200)
            return redis.ask("KEYS", "*" + token, database=database)

    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.url = ("--redis-url", self.redis.url)

    def test_redis_url(self):
        self.assertEqual(len(self.writes(self.redis, *self.url)), 1)

    def test_redis_db(self):
        self.assertEqual(len(self.writes(self.redis, *self.url, "--redis-db", "3", database=3)), 1)

    def test_redis_prefix(self):
        (key,) = self.writes(self.redis, *self.url, "--redis-prefix", "other:")
        self.assertTrue(key.startswith("other:ephemeral_token:"), key)

    def test_redis_username(self):
        self.redis.ask("ACL", "SETUSER", "someone", "on", ">" + PASSWORD, "~*", "+@all")
        url = f"redis://:{PASSWORD}@127.0.0.1:{self.redis.port}/0"
        with only("--redis-url", url, "--redis-username", "someone", mode="redis") as one:
            one.calls.token()
            self.assertIn(" user=someone ", self.redis.ask("CLIENT", "LIST"))

    def test_redis_password_file(self):
        redis = self.enterContext(Redis(password=PASSWORD))
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-password-"))
        file = Path(folder, "password")
        file.write_text(PASSWORD + "\n")
        url = f"redis://127.0.0.1:{redis.port}/0"
        self.assertEqual(len(self.writes(redis, "--redis-url", url, "--redis-password-file", str(file))), 1)

    def secured(self, name: str):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-tls-"))
        made = Certificates(folder, name)
        return made, self.enterContext(Redis(tls=made))

    def test_redis_ca_file(self):
        made, redis = self.secured("127.0.0.1")
        url = f"rediss://127.0.0.1:{redis.tls_port}/0"
        self.assertEqual(len(self.writes(redis, "--redis-url", url, "--redis-ca-file", made.ca)), 1)
        with only("--redis-url", url, mode="redis", healthy=False) as one:
            self.assertEqual(one.calls.issue().status, 503, "nothing switches the check off")

    def with_certificate(self, *flags, healthy=True):
        made, redis = self.secured("127.0.0.1")
        redis.ask("CONFIG", "SET", "tls-auth-clients", "yes")
        url = f"rediss://127.0.0.1:{redis.tls_port}/0"
        given = [getattr(made, word) if word in ("cert", "key") else word for word in flags]
        with only("--redis-url", url, "--redis-ca-file", made.ca, *given, mode="redis", healthy=healthy) as one:
            return one.calls.issue().status

    def test_redis_cert_file(self):
        self.assertEqual(self.with_certificate("--redis-cert-file", "cert", "--redis-key-file", "key"), 200)

    def test_redis_key_file(self):
        self.assertEqual(self.with_certificate(healthy=False), 503, "a Redis that wants a certificate, and none is shown")

    def test_redis_server_name(self):
        made, redis = self.secured("redis.example")
        url = ("--redis-url", f"rediss://127.0.0.1:{redis.tls_port}/0", "--redis-ca-file", made.ca)
        self.assertEqual(len(self.writes(redis, *url, "--redis-server-name", "redis.example")), 1)
        with only(*url, mode="redis", healthy=False) as one:
            self.assertEqual(one.calls.issue().status, 503)

    def test_redis_timeout_ms(self):
        with only(*self.url, "--redis-timeout-ms", "700", mode="redis") as one:
            one.calls.token()
            self.redis.pause()
            try:
                answer = one.calls.issue()
            finally:
                self.redis.resume()
            self.assertEqual(answer.status, 503)
            self.assertTrue(0.5 < answer.took < limit_s(4), answer.took)

    def test_local_fresh(self):
        with only(*self.url, "--local-fresh", "1", mode="hybrid") as one:
            token = one.calls.token()
            self.redis.ask("DEL", key_of(token))
            took = until(lambda: one.calls.check(token).status == 403, 4, "the end of freshness")
            self.assertLess(took, limit_s(3), "not the five seconds of the default")
