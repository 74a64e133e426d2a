#!/usr/bin/env python3
"""A Python backend on the same Redis: its SETEX and GET, our tokens and its own, under the environment of its users."""

import json
import time
import unittest
import uuid

from harness import Instance, Redis, finish, fleet, key_of, limit_s, proof, public_id, until

PRINCIPAL = "vx11-test-token"
OURS = "a"


def environment(redis, url_database: int):
    return {
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/{url_database}",
        "REDIS_DB": "1",
        "VX11_OPERATOR_REDIS_DB": "0",
        "VX11_OPERATOR_SSE_POLL": "60",
        "VX11_OPERATOR_PROXY_ENABLED": "0",
        "VX11_OPERATOR_TOKEN": PRINCIPAL,
    }


class Backend:
    """What the existing backends do, and nothing more."""

    def __init__(self, redis, database: int):
        self.redis = redis.client(database)

    def issue(self, ttl=60) -> str:
        token = str(uuid.uuid4())
        value = {"created_at": time.time(), "ttl_sec": ttl, "issued_by": "python"}
        self.redis.ask("SETEX", key_of(token), ttl, json.dumps(value))
        return token

    def accepts(self, token: str) -> bool:
        return self.redis.ask("GET", key_of(token)) is not None

    def revoke(self, token: str):
        self.redis.ask("DEL", key_of(token))


class PythonBackend(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        made = [
            Instance(name, principal=PRINCIPAL, listen="0.0.0.0:0", environment=environment(cls.redis, database))
            for name, database in ((OURS, 0), ("overridden", 1))
        ]
        cls.one, cls.overridden = cls.enterClassContext(fleet(*made))
        cls.backend = Backend(cls.redis, 0)

    def warnings(self, instance) -> str:
        return "\n".join(line["message"] for line in instance.log_lines() if line["level"] == "warning")

    def test_it_starts_with_warnings(self):
        said = self.warnings(self.one)
        for word in ("VX11_OPERATOR_REDIS_DB and REDIS_DB differ", "test principal", "0.0.0.0"):
            self.assertIn(word, said)
        answer = self.one.calls.ready()
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(self.one.calls.internal("cache-stats")["mode"], "hybrid", "a Redis is configured")
        for word in ("SSE_POLL", "PROXY_ENABLED"):
            self.assertNotIn(word, said, "the Python backend's own variables are ignored")
        proof(f"starts on 0.0.0.0 with {len(said.splitlines())} warnings, mode hybrid")

    def test_tokens_cross_both_ways(self):
        for _ in range(100):
            ours, theirs = self.one.calls.token(), self.backend.issue()
            self.assertTrue(self.backend.accepts(ours), "ours, on the Python side")
            answer = self.one.calls.check(theirs)
            self.assertEqual((answer.status, answer.json["source"]), (200, "redis"), "theirs, on our side")
            self.assertLessEqual(answer.json["expires_in_ms"], 60_000)
        stream = self.one.stream(self.backend.issue())
        self.assertTrue(stream.status == 200 and stream.wait_named("snapshot"), "a stream with a token of theirs")
        stream.close()
        proof("100 tokens crossed each way, a stream opened with one of theirs")

    def test_their_tokens_end_on_time(self):
        token = self.backend.issue(ttl=1)
        issued = time.monotonic()
        self.assertEqual(self.one.calls.check(token).status, 200)
        until(lambda: self.one.calls.check(token).status == 403, 2, "a token of theirs to expire")
        self.assertLessEqual(time.monotonic() - issued, 1 + limit_s(0.1))

    def test_theirs_in_the_list(self):
        token = self.backend.issue()
        records = self.one.calls.internal("tokens?limit=1000&match=" + public_id(token))["tokens"]
        self.assertEqual(len(records), 1, records)
        self.assertEqual((records[0]["issued_by"], records[0]["id"]), ("python", public_id(token)))
        self.redis.ask("SET", key_of(str(uuid.uuid4())), "no JSON at all", "EX", 30)
        self.redis.ask("SET", key_of(str(uuid.uuid4())), '{"created_at":1,"ttl_sec":60}', "EX", 30)
        self.assertEqual(self.one.calls.ready().status, 200)
        self.one.calls.internal("tokens?limit=1000")

    def test_a_revoked_one_is_gone_for_it_too(self):
        for target in ("token", "id"):
            for token in (self.one.calls.token(), self.backend.issue()):
                self.assertEqual(self.one.calls.check(token).status, 200)
                answer = self.one.calls.revoke(**{target: token if target == "token" else public_id(token)})
                self.assertEqual((answer.status, answer.json["revoked"]), (200, 1), f"by {target}: {answer.body!r}")
                self.assertFalse(self.backend.accepts(token), f"revoked by {target}, accepted by the Python side")
                self.assertEqual(self.one.calls.check(token).status, 403)
        for who, token in (("ours", self.one.calls.token()), ("theirs", self.backend.issue())):
            self.backend.revoke(token)
            until(lambda one=token: self.one.calls.check(one).status == 403, 5.2, f"{who}, deleted by the Python side")
        proof("revoked here, by token and by id, ours and theirs: gone for it; deleted there: refused here")

    def test_an_unseen_one_revoked_by_its_id(self):
        """Only Redis has it: its name can't be computed from the id, and yet nobody may accept it."""
        token = self.backend.issue()
        answer = self.one.calls.revoke(id=public_id(token))
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.one.calls.check(token).status, 403)
        until(lambda: not self.backend.accepts(token), 2, "the Python side to refuse it too")

    def test_key_and_value_are_as_agreed(self):
        before = time.time()
        answers = [self.one.calls.issue(ttl_sec=30), self.one.calls.issue(single_use=True)]
        for answer, ttl, single in zip(answers, (30, 60), (False, True)):
            token = answer.json["sse_token"]
            self.assertEqual(uuid.UUID(token).version, 4)
            with self.redis.client() as client:
                text, left = client.pipeline([("GET", key_of(token)), ("PTTL", key_of(token))])
            value = json.loads(text)
            expected = {"created_at", "ttl_sec", "issued_by"} | ({"single_use"} if single else set())
            self.assertEqual(set(value), expected, text)
            self.assertEqual((value["ttl_sec"], value["issued_by"]), (ttl, OURS))
            self.assertIs(value.get("single_use"), True if single else None)
            self.assertIsInstance(value["created_at"], float)
            self.assertAlmostEqual(value["created_at"], before, delta=limit_s(0.5))
            self.assertTrue(ttl * 1000 - limit_s(0.5) * 1000 < left <= ttl * 1000 + 50, f"PTTL {left} of {ttl} s")
        kinds = {key.partition("_token:")[0] for key in self.redis.ask("KEYS", "vx11:ephemeral*")}
        self.assertEqual(kinds, {"vx11:ephemeral"})
        proof("key, value, PTTL, issued_by and single_use as the contract says")

    def test_an_overridden_database_is_said(self):
        """The URL says 1 and a variable 0: this instance's tokens are where a backend that reads the URL isn't."""
        said = "\n".join(line["message"] for line in self.overridden.log_lines())
        self.assertIn("VX11_OPERATOR_REDIS_DB", said)
        self.assertRegex(said, r"database", "the log says that the URL's database is overridden")
        ready = self.overridden.calls.ready().body.decode()
        self.assertRegex(
            ready, r"VX11_OPERATOR_REDIS_DB[^\"]*(URL|database)|(URL|database)[^\"]*VX11_OPERATOR_REDIS_DB"
        )
        self.assertEqual(self.overridden.calls.internal("cache-stats")["redis"]["db"], 0)
        token = self.overridden.calls.token()
        self.assertTrue(Backend(self.redis, 0).accepts(token))
        self.assertFalse(Backend(self.redis, 1).accepts(token))
        self.assertEqual(self.one.calls.check(token).status, 200)
        proof("an overridden database is in the log and in readyz")


if __name__ == "__main__":
    finish("python backend")
