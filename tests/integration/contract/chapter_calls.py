"""Every row of the table of requests: who may ask, and what the answer is."""

import json
import re
import time

from contract import (
    NO_TOKEN,
    PRINCIPAL,
    Contract,
    Reader,
    issue_path,
    limit_s,
    only,
    public_id,
    raw,
    stream_path,
    validate_path,
)

TOKEN = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
HEALTH = ["ephemeral_token_cache_size", "instance_id", "mode", "service", "status", "timestamp", "version"]


class Calls(Contract):
    def test_issue(self):
        answer = self.ask("POST", issue_path)
        self.assertEqual(answer.status, 200)
        self.assertRegex(answer.json["sse_token"], TOKEN)
        rest = {name: value for name, value in answer.json.items() if name != "sse_token"}
        correlation = answer.headers["x-correlation-id"]
        self.assertEqual(rest, {"expires_in_sec": 60, "ttl_sec": 60, "correlation_id": correlation})

    def test_issue_ttl_sec(self):
        for ttl in (1, 60, 300):
            answer = self.one.calls.issue(ttl_sec=ttl)
            self.assertEqual((answer.json["ttl_sec"], answer.json["expires_in_sec"]), (ttl, ttl))
        left = self.one.calls.check(self.one.calls.token(ttl_sec=2)).json["expires_in_ms"]
        self.assertTrue(0 < left <= 2000, left)

    def test_issue_single_use(self):
        token = self.one.calls.token(single_use=True)
        self.assertTrue(self.stream(token).wait_named("snapshot"))
        self.assertEqual(self.stream(token).status, 403)

    def test_issue_unknown_fields(self):
        self.assertEqual(self.one.calls.issue(ttl_sec=5, colour="blue", more={"a": []}).json["ttl_sec"], 5)

    def test_stream_by_token(self):
        stream = self.stream(self.one.calls.token())
        self.assertEqual((stream.status, stream.headers["content-type"]), (200, "text/event-stream"))
        self.assertTrue(stream.wait_named("snapshot"))

    def test_stream_by_principal(self):
        self.assertTrue(self.stream().wait_named("snapshot"))

    def test_stream_refused(self):
        self.refused(self.ask("GET", f"{stream_path}?token={NO_TOKEN}"), 403, "invalid_token")

    def test_stream_head(self):
        token = self.one.calls.token(single_use=True)
        before = self.ask("HEAD", f"{stream_path}?token={token}", principal=False)
        stream = self.stream(token)  # it was not consumed
        self.assertTrue(stream.wait_named("snapshot"))
        changing = {"date", "x-correlation-id"}
        for name in before.headers.keys() - changing:
            self.assertEqual(before.headers[name], stream.headers[name])
        self.assertEqual(before.headers.keys() ^ stream.headers.keys(), set())
        self.assertEqual((before.status, before.body), (200, b""))
        self.assertEqual(self.ask("HEAD", f"{stream_path}?token={NO_TOKEN}", principal=False).status, 403)

    def test_stream_other_parameters(self):
        path = f"{stream_path}?follow=true&token={self.one.calls.token()}&x="
        self.assertEqual(self.ask("HEAD", path, principal=False).status, 200)

    def test_stream_the_query_decides(self):
        self.refused(self.ask("GET", f"{stream_path}?token={NO_TOKEN}", principal=True), 403, "invalid_token")
        self.refused(self.ask("GET", f"{stream_path}?token=", principal=True), 403, "invalid_token")

    def test_validate(self):
        answer = self.one.calls.check(self.one.calls.token())
        self.assertEqual(answer.json.keys(), {"valid", "expires_in_ms", "source"})
        self.assertEqual((answer.json["valid"], answer.json["source"]), (True, "memory"))
        self.assertTrue(59_000 < answer.json["expires_in_ms"] <= 60_000)

    def test_validate_refused(self):
        self.refused(self.one.calls.check(NO_TOKEN), 403, "invalid_token")

    def test_validate_consumes_nothing(self):
        token = self.one.calls.token(single_use=True)
        self.assertEqual([self.one.calls.check(token).status for _ in range(3)], [200] * 3)
        self.assertTrue(self.stream(token).wait_named("snapshot"))
        self.refused(self.one.calls.check(token), 403, "invalid_token")

    def test_publish(self):
        streams = [self.stream(), self.stream(self.one.calls.token())]
        for stream in streams:
            self.assertTrue(stream.wait_named("snapshot"))
        answer = self.one.calls.publish("note.of-1_x", {"a": [1, None, "ü"]})
        self.assertEqual(answer.status, 202)
        for stream in streams:
            self.assertTrue(stream.wait_named("note.of-1_x"))
            (event,) = stream.named("note.of-1_x")
            self.assertEqual(json.loads(event.data), {"a": [1, None, "ü"]})
            self.assertEqual(event.id.split(".")[:2], answer.json["id"].split("."))

    def test_publish_names(self):
        self.assertEqual(self.one.calls.publish("x" * 64, 0).status, 202)
        for name in ("", "x" * 65, "a b", "ü", "a\nb"):
            self.assertEqual(self.one.calls.publish(name, 0).status, 400, name)
        for name in ("snapshot", "heartbeat", "reset", "revoked", "drain"):
            self.assertEqual(self.one.calls.publish(name, 0).status, 400, name)

    def health(self, path):
        answer = self.ask("GET", path, principal=False)
        self.assertEqual((answer.status, sorted(answer.json)), (200, HEALTH))
        self.assertEqual((answer.json["instance_id"], answer.json["mode"]), ("a", "memory"))

    def test_health(self):
        self.health("/health")

    def test_operator_api_health(self):
        self.health("/operator/api/health")

    def test_operator_api_healthz(self):
        self.health("/operator/api/healthz")

    def test_livez(self):
        self.assertEqual(self.ask("GET", "/livez", principal=False).status, 200)

    def test_readyz(self):
        answer = self.ask("GET", "/readyz", principal=False)
        self.assertEqual(answer.status, 200)
        states = {part["state"] for part in answer.json["components"].values()}
        self.assertEqual(states, {"ok"})

    def test_metrics(self):
        answer = self.ask("GET", "/metrics", principal=False)
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["content-type"].startswith("text/plain; version=0.0.4"))
        self.assertIn(b"# TYPE vx11_operator_ephemeral_tokens_issued_total counter\n", answer.body)

    def test_instance_id(self):
        self.assertEqual(self.one.calls.internal("instance-id"), {"instance_id": "a"})

    def test_cache_stats(self):
        token = self.one.calls.token()
        stats = self.one.calls.internal("cache-stats")
        self.assertGreaterEqual(stats["tokens"]["issued"], 1)
        self.assertLessEqual({"tokens", "cache", "checks", "latency_ms", "mode", "redis", "streams"}, stats.keys())
        self.assertNotIn(token, json.dumps(stats))

    def test_tokens(self):
        token = self.one.calls.token(ttl_sec=7, single_use=True)
        (found,) = self.one.calls.internal(f"tokens?match={public_id(token)}")["tokens"]
        self.assertEqual((found["masked"], found["id"]), (f"{token[:4]}…{token[-4:]}", public_id(token)))
        self.assertEqual((found["issued_by"], found["cached_here"], found["single_use"]), ("a", True, True))
        self.assertTrue(0 < found["expires_in_ms"] <= 7000)
        self.assertAlmostEqual(found["created_at"], time.time(), delta=limit_s(30))

    def test_tokens_walk(self):
        wanted = {public_id(self.one.calls.token()) for _ in range(250)}
        seen, cursor, pages = [], "", 0
        while cursor is not None:
            page = self.one.calls.internal(f"tokens?limit=20&cursor={cursor}")
            seen += [token["id"] for token in page["tokens"]]
            cursor, pages = page["cursor"], pages + 1
        self.assertLessEqual(wanted, set(seen))
        self.assertGreater(pages, 5)

    def test_tokens_watch(self):
        with Reader(self.one.port, "/operator/internal/tokens/watch") as watch:
            watch.until(b"event: snapshot")
            token = self.one.calls.token()
            self.one.calls.check(token)
            self.one.calls.check(NO_TOKEN)
            self.one.calls.revoke(token=token)
            for word in (b"issued", b"validated", b"refused", b"revoked"):
                watch.until(b"event: " + word)
            self.assertIn(public_id(token).encode(), watch.seen)
            self.assertNotIn(token.encode(), watch.seen)

    def test_tokens_watch_expired(self):
        with Reader(self.one.port, "/operator/internal/tokens/watch") as watch:
            watch.until(b"event: snapshot")
            token = self.one.calls.token(ttl_sec=1)
            watch.until(b"event: expired")
            watch.until(public_id(token).encode())

    def test_tokens_watch_under_load(self):
        """Coalesced: many deeds are told in a few events, which count what they don't name."""
        with only() as one, Reader(one.port, "/operator/internal/tokens/watch") as watch:
            watch.until(b"event: snapshot")
            request = f"POST {issue_path} HTTP/1.1\r\nHost: a\r\nX-VX11-Token: {PRINCIPAL}\r\nContent-Length: 0\r\n\r\n"
            for _ in range(10):
                raw(one.port, request * 100, 100)
            watch.until(b"event: heartbeat")
            self.assertLess(watch.seen.count(b"event: issued"), 200)
            told = [json.loads(line[6:]) for line in watch.seen.split(b"\n") if line.startswith(b'data: {"tokens"')]
            self.assertEqual(sum(len(event["tokens"]) + event["more"] for event in told), 1000)

    def test_tokens_revoke_by_token(self):
        token = self.one.calls.token()
        stream = self.stream(token)
        self.assertTrue(stream.wait_named("snapshot"))
        self.assertEqual(self.one.calls.revoke(token=token).json["revoked"], 1)
        self.assertEqual(self.one.calls.check(token).status, 403)
        self.assertTrue(stream.wait_named("revoked") and stream.wait_closed(), "its stream is closed")

    def test_tokens_revoke_by_id(self):
        token = self.one.calls.token()
        self.assertEqual(self.one.calls.revoke(id=public_id(token)).json["revoked"], 1)
        self.assertEqual(self.one.calls.check(token).status, 403)

    def test_tokens_revoke_all(self):
        with only() as one:
            tokens = [one.calls.token() for _ in range(3)]
            answer = one.calls.revoke(all=True)
            self.assertEqual((answer.status, answer.json["revoked"]), (200, 3))
            self.assertEqual([one.calls.check(token).status for token in tokens], [403] * 3)
            self.assertEqual(one.calls.check(one.calls.token()).status, 200, "what comes after it is not meant")

    def test_tokens_revoke_unknown(self):
        answer = self.one.calls.revoke(token=NO_TOKEN)
        self.assertEqual((answer.status, answer.json["revoked"]), (200, 0))

    def test_mode(self):
        self.assertEqual(self.one.calls.internal("mode")["mode"], "memory")
        answer = self.one.calls.mode("memory")
        self.assertEqual((answer.status, answer.json["mode"], answer.json["draining"]), (200, "memory", None))
        self.assertEqual(answer.json["configured"], "memory")

    def test_redis_without_one(self):
        self.assertEqual(self.one.calls.internal("redis"), {"configured": False})

    def test_instances_without_redis(self):
        answer = self.one.calls.internal("instances")
        self.assertEqual([one["id"] for one in answer["instances"]], ["a"])

    def test_drain(self):
        with only("--stop-timeout", "5") as one:
            stream = self.stream(of=one)
            self.assertTrue(stream.wait_named("snapshot"))
            self.assertEqual(one.calls.ask("POST", "/operator/internal/drain").status, 202)
            ready = one.connect().ask("GET", "/readyz", principal=False)
            self.assertEqual((ready.status, ready.json["status"]), (503, "draining"))
            self.assertTrue(stream.wait_named("drain") and stream.wait_closed())
            self.assertEqual(one.process.wait(limit_s(10)), 0)

    def test_head(self):
        """Allowed wherever GET is: the same head, no body."""
        token = self.one.calls.token()
        open_to_all = ["/health", "/operator/api/health", "/operator/api/healthz", "/livez", "/readyz"]
        names = ["instance-id", "cache-stats", "tokens", "mode", "redis", "instances"]
        internal = ["/operator/internal/" + name for name in names]
        for path in [*open_to_all, *internal, f"{validate_path}?token={token}"]:
            got, head = self.ask("GET", path), self.ask("HEAD", path)
            self.assertEqual((head.status, head.body, got.status), (200, b"", 200), path)
            self.assertEqual(head.headers.keys(), got.headers.keys(), path)
        self.assertEqual(self.ask("HEAD", "/metrics").status, 200)
        self.assertEqual(self.ask("HEAD", "/operator/internal/tokens/watch").status, 200)

    def test_internal_needs_a_principal(self):
        gets = ["instance-id", "cache-stats", "tokens", "tokens/watch", "mode", "redis", "instances"]
        asked = [("GET", name) for name in gets] + [("POST", name) for name in ("tokens/revoke", "mode", "drain")]
        for method, name in asked:
            answer = self.ask(method, "/operator/internal/" + name, principal=False)
            self.refused(answer, 401, "auth_required")
