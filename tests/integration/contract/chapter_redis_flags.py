"""The flags for Redis, each by what it does."""

import tempfile
from pathlib import Path

from contract import Contract, Redis, limit_s, only, until
from harness import Certificates, key_of

PASSWORD = "a-password-of-redis-0123456789"


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
        """A Redis that wants a certificate, and none is shown."""
        self.assertEqual(self.with_certificate(healthy=False), 503)

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
