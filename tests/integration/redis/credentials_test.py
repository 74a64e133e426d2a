#!/usr/bin/env python3
"""The wrong password, the wrong address, the wrong certificate: the answer of each, and what the right ones do."""

import re
import tempfile
import unittest
from pathlib import Path

from harness import Certificates, Instance, Redis, finish, fleet, free_port, limit_s, proof, until

PASSWORD = "a-password-of-redis-0123456789"


class Credentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vx11-tls-"))
        cls.right, cls.other = (Path(cls.folder, name) for name in ("right", "other"))
        for folder in (cls.right, cls.other):
            folder.mkdir()
        cls.certificates = Certificates(cls.right, "127.0.0.1")
        cls.strangers = Certificates(cls.other, "127.0.0.1")
        cls.redis = cls.enterClassContext(Redis(password=PASSWORD, tls=cls.certificates))

    def url(self, password=PASSWORD, port=None):
        return f"redis://:{password}@127.0.0.1:{port or self.redis.port}/0"

    def tls(self):
        return f"rediss://:{PASSWORD}@127.0.0.1:{self.redis.tls_port}/0"

    def works(self, what, url, *arguments):
        with fleet(Instance("x", url, "redis", *arguments)) as (one,):
            token = one.calls.token()
            self.assertEqual(one.calls.check(token).status, 200, what)
            self.no_secret(one)
        proof(f"{what}: works")

    def fails(self, what, url, pattern, *arguments):
        """Both modes start, say why, and keep to the outage table."""
        with fleet(
            Instance("h", url, "hybrid", *arguments), Instance("r", url, "redis", *arguments), healthy=False
        ) as pair:
            hybrid, strict = pair
            self.assertEqual((hybrid.calls.ready().status, strict.calls.ready().status), (200, 503), what)
            self.assertEqual(hybrid.calls.ask("GET", "/health", principal=False).status, 200)
            ready = hybrid.calls.ready().json["components"]["redis"]
            self.assertEqual(ready["state"], "degraded", what)
            said = until_said(hybrid, pattern)
            self.assertEqual(strict.calls.issue().status, 503, what)
            answer = hybrid.calls.issue()
            self.assertEqual((answer.status, answer.json.get("degraded")), (200, True), what)
            self.assertLessEqual(answer.took, limit_s(0.25))
            for one in pair:
                self.no_secret(one)
        print(f"  {what}: health 200, readyz 200 hybrid and 503 redis, {ready}; log: {said}", flush=True)
        proof(f"{what}: \"{said['message']}\"")

    def no_secret(self, one):
        said = one.log.read_text() + one.calls.ready().body.decode() + str(one.calls.internal("redis"))
        self.assertNotIn(PASSWORD, said, "the password is in a log, readyz or redis")

    def test_the_right_password(self):
        self.works("password in the URL", self.url())
        secret = Path(self.folder, "password")
        secret.write_text(PASSWORD + "\n")
        bare = f"redis://127.0.0.1:{self.redis.port}/0"
        self.works("password in a file", bare, "--redis-password-file", str(secret))

    def test_an_acl_user(self):
        self.redis.ask("ACL", "SETUSER", "vx11", "on", ">" + PASSWORD, "~vx11:*", "~{vx11:*", "+@all")
        self.works("an ACL user", f"redis://vx11:{PASSWORD}@127.0.0.1:{self.redis.port}/0")

    def test_a_wrong_password(self):
        self.fails("wrong password", self.url("wrong-" + PASSWORD[::-1]), r"WRONGPASS|password")

    def test_no_password(self):
        self.fails("no password", f"redis://127.0.0.1:{self.redis.port}/0", r"password")

    def test_a_wrong_address(self):
        self.fails("nothing listens", self.url(port=free_port()), r"refused")

    def test_tls(self):
        self.works("TLS with its CA", self.tls(), "--redis-ca-file", self.certificates.ca)

    def test_tls_with_another_ca(self):
        self.fails("TLS with another CA", self.tls(), r"certificate|verify", "--redis-ca-file", self.strangers.ca)

    def test_tls_with_the_systems_cas(self):
        self.fails("TLS with the system's CAs", self.tls(), r"certificate|verify")

    def test_tls_with_another_name(self):
        arguments = ("--redis-ca-file", self.certificates.ca, "--redis-server-name", "elsewhere.example")
        self.fails("TLS with another name", self.tls(), r"certificate|verify|name", *arguments)

    def test_tls_to_a_plain_port(self):
        url = f"rediss://:{PASSWORD}@127.0.0.1:{self.redis.port}/0"
        self.fails("TLS to a plain port", url, r"TLS|in time", "--redis-ca-file", self.certificates.ca)

    def test_plain_to_a_tls_port(self):
        self.fails("plain to a TLS port", self.url(port=self.redis.tls_port), r"closed|ended|reset|protocol|RESP")


def until_said(instance, pattern) -> dict:
    """The first warning of its log with these words."""

    def found():
        lines = [line for line in instance.log_lines() if line["level"] in ("warning", "error")]
        return next((line for line in lines if re.search(pattern, line["message"])), None)

    until(lambda: found() is not None, 2, lambda: f"a warning like {pattern}: {instance.log.read_text()}")
    return found()


if __name__ == "__main__":
    finish("credentials")
