"""What the figures count: by what they were before and after a deed."""

from contract import NO_TOKEN, Contract, limit_s, only, public_id, until

CACHE = "vx11_ephemeral_token_cache_"
TOKENS = "vx11_operator_ephemeral_tokens_"
SSE = "vx11_operator_sse_"


def read(one) -> dict:
    """The series by name and labels."""
    lines = one.calls.ask("GET", "/metrics", principal=False).body.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


class Metrics(Contract):
    with_redis = True
    mode = "hybrid"

    def counts(self, deed, names, one=None) -> list:
        """How much each of the names grew by the deed."""
        one = one or self.one
        before = read(one)
        deed()
        after = read(one)
        return [after[name] - before[name] for name in names]

    looks = (CACHE + "local_hits_total", CACHE + "local_misses_total", TOKENS + "invalid_total")

    def checked(self, token, one=None) -> list:
        """Hits, misses and invalid ones of one check."""
        return self.counts(lambda: (one or self.one).calls.check(token), self.looks, one)

    def test_untyped_twins(self):
        text = self.one.calls.ask("GET", "/metrics").body.decode()
        values = read(self.one)
        for name in ("local_hits", "local_misses"):
            self.assertIn(f"# TYPE {CACHE}{name} untyped\n", text)
            self.assertIn(f"# TYPE {CACHE}{name}_total counter\n", text)
            self.assertEqual(values[CACHE + name], values[CACHE + name + "_total"])

    def test_help_and_type(self):
        text = self.one.calls.ask("GET", "/metrics").body.decode()
        families = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
        helped = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP ")}
        self.assertEqual(families, helped)
        self.assertGreater(len(families), 40)

    def test_hit_hybrid(self):
        self.assertEqual(self.checked(self.one.calls.token()), [1, 0, 0])

    def test_miss_hybrid(self):
        self.assertEqual(self.checked(NO_TOKEN), [0, 1, 1])

    def test_hit_and_miss_memory(self):
        with only() as one:
            self.assertEqual(self.checked(one.calls.token(), one), [1, 0, 0])
            self.assertEqual(self.checked(NO_TOKEN, one), [0, 1, 1])

    def test_miss_redis(self):
        with only("--instance-id", "strict", redis=self.redis.url, mode="redis") as one:
            self.assertEqual(self.checked(self.one.calls.token(), one), [0, 1, 0])

    def test_neither_hit_nor_miss(self):
        """Malformed and revoked are only invalid."""
        self.assertEqual(self.checked("nonsense"), [0, 0, 1])
        token = self.one.calls.token()
        self.one.calls.revoke(token=token)
        self.assertEqual(self.checked(token), [0, 0, 1])

    def test_issued_active_revoked(self):
        names = [TOKENS + word for word in ("issued_total", "active", "revoked_total")]
        self.assertEqual(self.counts(self.one.calls.token, names), [1, 1, 0])
        token = self.one.calls.token()
        self.assertEqual(self.counts(lambda: self.one.calls.revoke(token=token), names), [0, -1, 1])

    def test_expired(self):
        with only() as one:
            one.calls.token(ttl_sec=1)
            until(lambda: read(one)[TOKENS + "expired_total"] == 1, limit_s(5), "its end")
            self.assertEqual(read(one)[TOKENS + "active"], 0)

    def test_used(self):
        token = self.one.calls.token(single_use=True)
        deed = lambda: self.assertTrue(self.stream(token).wait_named("snapshot"))  # noqa: E731
        self.assertEqual(self.counts(deed, [TOKENS + "used_total"]), [1])

    def test_sse_connections(self):
        names = [SSE + word for word in ("connections_ephemeral_total", "connections_principal_total", "streams")]

        def opened(token=None):
            self.assertTrue(self.stream(token).wait_named("snapshot"))

        token = self.one.calls.token()
        self.assertEqual(self.counts(lambda: opened(token), names), [1, 0, 1])
        self.assertEqual(self.counts(opened, names), [0, 1, 1])

    def test_cache_size(self):
        entries, size = self.counts(self.one.calls.token, [CACHE + "size_entries", CACHE + "size_bytes"])
        self.assertEqual(entries, 1)
        self.assertGreater(size, 36)

    def test_latencies(self):
        """A histogram of each deed counts it."""

        def deed():
            token = self.one.calls.token()
            self.one.calls.check(token)
            self.one.calls.check(public_id(token)[:8])
            self.one.calls.check(NO_TOKEN)
            self.assertTrue(self.stream(token).wait_named("snapshot"))

        kinds = ("token_issue", "token_check_local", "token_check_redis", "stream_open")
        grown = self.counts(deed, [f"vx11_operator_{kind}_duration_seconds_count" for kind in kinds])
        self.assertTrue(all(count >= 1 for count in grown), grown)

    def test_mode_and_build(self):
        values = read(self.one)
        modes = {word: values[f'vx11_operator_mode{{mode="{word}"}}'] for word in ("memory", "redis", "hybrid")}
        self.assertEqual(modes, {"memory": 0, "redis": 0, "hybrid": 1})
        self.assertEqual([value for name, value in values.items() if name.startswith("vx11_operator_build_info")], [1])

    def test_of_redis(self):
        values = read(self.one)
        self.assertEqual((values["vx11_operator_redis_up"], values["vx11_operator_redis_breaker_state"]), (1, 0))
        for name in ("redis_reconnects_total", "feed_age_seconds", "revocation_propagation_seconds_count"):
            self.assertIn("vx11_operator_" + name, values)

    def test_of_the_process(self):
        self.assertLessEqual({"process_resident_memory_bytes", "process_open_fds"}, read(self.one).keys())
