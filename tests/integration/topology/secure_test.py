#!/usr/bin/env python3
"""Sentinels and cluster behind TLS and passwords: they work, fail over, and say what is wrong with a credential."""

import re
import tempfile
import time
import unittest
from pathlib import Path

from highly_available import (
    PASSWORD,
    SENTINEL_PASSWORD,
    USER,
    all_well,
    credentials,
    crosses_at_once,
    done,
    instances_over,
    redis_of,
    short,
)
from node import Security
from redis_cluster import RedisCluster, slot_of
from sentinel_group import SentinelGroup
from harness import Certificates, Instance, fleet, limit_s, proof, until

FAILOVER_S = 15


class Secure:
    """What holds of both. `group` has servers that take TLS from others, and passwords from all."""

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vx11-tls-"))
        for name in ("own", "strange"):
            Path(folder, name).mkdir()
        cls.strangers = Certificates(str(Path(folder, "strange")), "127.0.0.1")
        own = Certificates(str(Path(folder, "own")), "127.0.0.1")
        cls.security = Security(PASSWORD, SENTINEL_PASSWORD, own, acl=True)
        cls.group = cls.enterClassContext(cls.kind(security=cls.security))

    def test_a_right_one_works_through_a_failover(self):
        with fleet(*instances_over(self.group.url, self.security)) as instances:
            crosses_at_once(self, instances)
            for one in instances:
                self.assertIs(redis_of(one)["tls"], True)
                self.keeps_secrets(one)
            killed = time.monotonic()
            old = self.lose_a_master()
            until(
                lambda: all(redis_of(one)["failovers"] == 1 for one in instances),
                FAILOVER_S,
                lambda: "\n".join(map(short, instances)),
            )
            all_well(instances)
            took = time.monotonic() - killed
            crosses_at_once(self, instances)
            old.start()
            until(self.group.complete, 20, "the group to be whole")
        proof(f"{self.word} with TLS and passwords: works, and through a failover of {took:.1f} s")

    def fails(self, what, pattern, url=None, replaced=()):
        """Mode hybrid starts, says why it can't use Redis, and issues nevertheless."""
        own_url, arguments = credentials(self.security, self.group.url)
        arguments = [str(word) for word in arguments]
        for name, value in replaced:
            if name in arguments:
                arguments[arguments.index(name) + 1] = value
            else:
                arguments += [name, value]
        with fleet(Instance("x", url or own_url, "hybrid", *arguments), healthy=False) as (one,):
            until(
                lambda: re.search(pattern, redis_of(one)["last_error"] or ""),
                5,
                lambda: f"{what}: an error like {pattern}: {short(one)}",
            )
            said = redis_of(one)["last_error"]
            ready = one.calls.ready()
            self.assertEqual((ready.status, ready.json["components"]["redis"]["state"]), (200, "degraded"), what)
            logged = [line["message"] for line in one.log_lines() if line["level"] in ("warning", "error")]
            self.assertTrue(any(re.search(pattern, line) for line in logged), f"{what}: the log lacks it: {logged}")
            answer = one.calls.issue()
            self.assertEqual((answer.status, answer.json.get("degraded")), (200, True), what)
            self.assertLessEqual(answer.took, limit_s(0.25), what)
            self.keeps_secrets(one)
        print(f"  {self.word}, {what}: {said}", flush=True)
        proof(f'{self.word}, {what}: "{said}"')

    def keeps_secrets(self, one):
        said = one.log.read_text() + one.calls.ready().body.decode() + str(redis_of(one))
        for secret in (PASSWORD, SENTINEL_PASSWORD):
            self.assertNotIn(secret, said)

    def test_another_ca(self):
        self.fails("wrong CA", "certificate", replaced=[("--redis-ca-file", self.strangers.ca)])

    def test_another_name(self):
        self.fails("wrong name", "certificate|name", replaced=[("--redis-server-name", "elsewhere.example")])

    def test_a_wrong_password(self):
        url = self.group.url.replace("://", f"://{USER}:not-the-password@")
        self.fails("wrong password", "WRONGPASS|password", url=url)

    def test_no_password(self):
        self.fails("no password", "NOAUTH|password", url=self.group.url)

    def test_without_tls(self):
        url = credentials(self.security, self.group.url)[0].replace("rediss+", "redis+")
        self.fails("plain to a TLS port", "closed|ended|reset|protocol|RESP|answer", url=url)


class Sentinels(Secure, unittest.TestCase):
    kind, word = SentinelGroup, "Sentinel"

    def lose_a_master(self):
        old = self.group.master()
        old.kill()
        return old

    def test_a_wrong_password_of_the_sentinels(self):
        file = Path(self.strangers.ca).parent / "password"
        file.touch(0o600)
        file.write_text("not-the-password\n")
        self.fails("wrong sentinel password", "WRONGPASS|password", replaced=[("--sentinel-password-file", str(file))])


class Cluster(Secure, unittest.TestCase):
    kind, word = RedisCluster, "Cluster"

    def lose_a_master(self):
        old = self.group.owner(slot_of("{vx11:operator}"))
        old.kill()
        return old


if __name__ == "__main__":
    done("secure")
