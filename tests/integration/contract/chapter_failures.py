"""When Redis fails: each cell of the table, for the modes that there are, and what comes after."""

from contract import (
    NO_TOKEN,
    Contract,
    Instance,
    Redis,
    fleet,
    limit_s,
    only,
    public_id,
    until,
)

NOBODY = "redis://127.0.0.1:1/0"


class Failures(Contract):
    """One instance of each mode; Redis dies when all have issued a token."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        redis = cls.enterClassContext(Redis())
        made = [Instance("h", redis.url, "hybrid"), Instance("r", redis.url, "redis")]
        cls.hybrid, cls.strict = cls.enterClassContext(fleet(*made))
        cls.memory = cls.one
        cls.seen = {one.name: one.calls.token() for one in (cls.hybrid, cls.strict, cls.memory)}
        cls.others = cls.strict.calls.token()
        redis.kill()

    def cannot_tell(self, answer):
        self.refused(answer, 503, "store_unavailable")
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)

    def told_of(self, one, revoked):
        """The status of a check that may fail but must not pass."""
        status = one.calls.check(revoked).status
        self.assertIn(status, (403, 503))
        return status

    def test_seen_hybrid(self):
        answer = self.hybrid.calls.check(self.seen["h"])
        self.assertEqual((answer.status, answer.json["source"]), (200, "local"))

    def test_seen_redis(self):
        self.cannot_tell(self.strict.calls.check(self.seen["r"]))

    def test_seen_memory(self):
        self.assertEqual(self.memory.calls.check(self.seen["a"]).status, 200)

    def test_unseen_hybrid(self):
        self.cannot_tell(self.hybrid.calls.check(self.others))

    def test_unseen_redis(self):
        self.cannot_tell(self.strict.calls.check(NO_TOKEN))

    def test_unseen_memory(self):
        self.refused(self.memory.calls.check(NO_TOKEN), 403, "invalid_token")

    def test_unseen_memory_in_a_drain_window(self):
        with only("--instance-id", "left", redis=NOBODY, mode="hybrid", healthy=False) as one:
            self.assertEqual(one.calls.mode("memory").status, 200, "a dead Redis doesn't prevent leaving it")
            self.cannot_tell(one.calls.check(self.others))
            self.assertEqual(one.calls.check(one.calls.token()).status, 200)

    def test_malformed(self):
        for one in (self.hybrid, self.strict):
            self.refused(one.calls.check("nonsense"), 403, "invalid_token")

    def test_issue_hybrid(self):
        answer = self.hybrid.calls.issue()
        self.assertEqual((answer.status, answer.json["degraded"]), (200, True))
        self.assertEqual(self.hybrid.calls.check(answer.json["sse_token"]).status, 200)

    def test_issue_redis(self):
        self.cannot_tell(self.strict.calls.issue())

    def test_issue_memory(self):
        self.assertNotIn("degraded", self.memory.calls.issue().json)

    def test_revoke_hybrid(self):
        token = self.hybrid.calls.issue().json["sse_token"]
        answer = self.hybrid.calls.revoke(token=token)
        self.assertEqual((answer.status, answer.json["revoked"]), (202, 1))
        self.assertEqual(self.hybrid.calls.check(token).status, 403)

    def test_revoke_redis(self):
        self.cannot_tell(self.strict.calls.revoke(token=self.others))

    def test_revoke_memory(self):
        token = self.memory.calls.token()
        self.assertEqual(self.memory.calls.revoke(id=public_id(token)).status, 200)

    def test_publish_hybrid(self):
        self.cannot_tell(self.hybrid.calls.publish("note", 1))

    def test_publish_redis(self):
        self.cannot_tell(self.strict.calls.publish("note", 1))

    def test_publish_memory(self):
        stream = self.stream()
        self.assertTrue(stream.wait_named("snapshot"))
        self.assertEqual(self.memory.calls.publish("note", 1).status, 202)
        self.assertTrue(stream.wait_named("note"))

    def test_stream_hybrid(self):
        self.passes(self.stream(self.others, of=self.hybrid))
        self.assertTrue(self.stream(self.seen["h"], of=self.hybrid).wait_named("snapshot"))

    def test_stream_redis(self):
        self.passes(self.stream(self.seen["r"], of=self.strict))

    def test_503_store_unavailable(self):
        self.cannot_tell(self.strict.calls.ask("GET", "/operator/internal/tokens"))

    def test_readyz_hybrid(self):
        until(lambda: self.hybrid.calls.ready().json["status"] == "degraded", 5, "it to be told")
        self.assertEqual(self.hybrid.calls.ready().status, 200)

    def test_readyz_redis(self):
        until(lambda: self.strict.calls.ready().status == 503, 5, "it to be told")
        self.assertEqual(self.strict.calls.ready().json["status"], "store_unavailable")

    def test_health(self):
        for one in (self.hybrid, self.strict):
            for path in ("/health", "/livez"):
                self.assertEqual(one.calls.ask("GET", path, principal=False).status, 200)

    def test_a_check_costs_no_time_out(self):
        """The breaker is open: an answer doesn't wait for a dead Redis."""
        for one in (self.hybrid, self.strict):
            self.assertLess(min(one.calls.check(NO_TOKEN).took for _ in range(5)), limit_s(0.05))

    def test_comes_back(self):
        """What was issued meanwhile is written when Redis is back, and revocations are told."""
        redis = self.enterContext(Redis(start=False))
        made = [Instance("x", redis.url, "hybrid"), Instance("y", redis.url, "redis")]
        with fleet(*made, healthy=False) as (x, y):
            kept, revoked = (x.calls.issue().json["sse_token"] for _ in range(2))
            self.assertEqual(x.calls.revoke(token=revoked).status, 202)
            redis.start()
            until(lambda: y.calls.check(kept).status == 200, limit_s(3), "the token on the other instance")
            # The connection that answers may be another than above, and not yet be back; valid it is never.
            until(lambda: self.told_of(y, revoked) == 403, limit_s(3), "the revocation on the other instance")
            self.assertNotIn("degraded", x.calls.issue().json)
