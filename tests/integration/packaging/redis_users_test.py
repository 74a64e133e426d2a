#!/usr/bin/env python3
"""packaging/redis: real servers take its files, the service needs each command of its user's list, and no other."""

import re
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import Instance, Redis, finish, fleet, proof, until  # noqa: E402
from redis_users import DATA, FOLDER, SENTINELS, acl_text, commands, rows, users  # noqa: E402
from resp import RedisError  # noqa: E402

SECRETS = {name: f"the-{name}s-password-0123456789" for name in users()}
OF_THE_TEST = {"auth", "acl|log", "config|resetstat", "keys"}


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-users-")))

    def test_every_command_has_its_row(self):
        """So that none is there without a reason."""
        for file in (DATA, SENTINELS):
            for name, words in users(file).items():
                if name in ("default", "admin"):
                    continue
                self.assertEqual(sorted(row.command for row in rows(file, name)), sorted(commands(words)), (file, name))
                for row in rows(file, name):
                    self.assertTrue(row.sent and row.purpose and row.without, row)

    def test_nobody_can_log_in_as_shipped(self):
        """The files hold no password; only admin has one here."""
        for file in (DATA, SENTINELS):
            for name, words in users(file).items():
                self.assertFalse([word for word in words if word.startswith((">", "#"))], name)
                self.assertEqual("nopass" in words, "off" in words, name)
        with self.redis(acl_text(passwords={"admin": SECRETS["admin"]})) as redis, redis.client() as client:
            self.assertEqual(client.ask("ACL", "WHOAMI"), "admin")
            for name in users().keys() - {"admin"}:
                for password in ("", name, SECRETS[name]):
                    with self.assertRaisesRegex(RedisError, "WRONGPASS", msg=name):
                        client.ask("AUTH", name, password)

    def redis(self, acl: str):
        file = self.folder / DATA
        file.write_text(acl)
        return Redis("--aclfile", str(file), username="admin", password=SECRETS["admin"])

    def filled_in(self, name: str, acl: str, port: int) -> Path:
        """One of the two .conf files, for a server of this test."""
        text = (FOLDER / name).read_text(encoding="utf-8")
        (self.folder / acl).write_text(acl_text(acl, SECRETS))
        text = text.replace("/etc/redis/", f"{self.folder}/")
        text = re.sub(r"(?m)^port \d+$", f"port {port}\ndir {self.folder}", text)
        secrets = "masterauth|sentinel sentinel-pass|sentinel auth-pass mymaster"
        text = re.sub(rf"(?m)^# ({secrets}) …$", r"\1 a-password", text)
        (self.folder / name).write_text(text)
        return self.folder / name

    def test_a_server_takes_redis_conf(self):
        config = self.filled_in("redis.conf", DATA, 6379)
        redis = Redis(username="admin", password=SECRETS["admin"])
        redis.arguments = [str(config), "--port", str(redis.port), "--dir", str(self.folder)]
        redis.launch = lambda: launch_file(redis)
        with redis:
            told = dict(zip(*[iter(redis.ask("CONFIG", "GET", "*"))] * 2))
            wanted = {
                "maxmemory-policy": "noeviction",
                "appendonly": "yes",
                "min-replicas-to-write": "1",
                "min-replicas-max-lag": "10",
            }
            self.assertEqual({name: told[name] for name in wanted}, wanted)
            self.assertEqual(told["masteruser"], "replica")

    def test_a_sentinel_takes_sentinel_conf(self):
        sentinel = Redis(username="admin", password=SECRETS["admin"])
        config = self.filled_in("sentinel.conf", SENTINELS, sentinel.port)
        sentinel.arguments = [str(config), "--sentinel"]
        sentinel.launch = lambda: launch_file(sentinel)
        with sentinel:
            (master,) = sentinel.ask("SENTINEL", "MASTERS")
            told = dict(zip(*[iter(master)] * 2))
            self.assertEqual((told["name"], told["quorum"]), ("mymaster", "2"))
            with sentinel.client() as client:
                client.ask("AUTH", "vx11", SECRETS["vx11"])
                self.assertEqual(client.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"), ["10.0.0.1", "6379"])
                with self.assertRaisesRegex(RedisError, r"NOPERM.*sentinel\|set"):
                    client.ask("SENTINEL", "SET", "mymaster", "quorum", "1")
        proof("redis-server takes redis.conf, sentinel.conf, users.acl and sentinel-users.acl")


class Needs(unittest.TestCase):
    """Everything the service does on one Redis, as the user of the file."""

    def test_no_command_too_many_and_none_missing(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-users-")))
        file = folder / DATA
        file.write_text(acl_text(passwords=SECRETS))
        admin = {"username": "admin", "password": SECRETS["admin"]}
        redis = self.enterContext(Redis("--aclfile", str(file), **admin))
        redis.reset_calls()
        self.everything(redis)
        denied = redis.ask("ACL", "LOG")
        self.assertEqual(denied, [], "commands or keys that the file forbids")
        sent = {name for name, calls in redis.calls().items() if calls} - OF_THE_TEST
        wanted = {row.command for row in rows() if row.sent & {"always", "database", "slow", "script", "page"}}
        self.assertEqual(wanted - sent, set(), "in users.acl and never sent")
        self.assertEqual(sent - wanted, set(), "sent, and not in users.acl")
        proof(f"on one Redis the service sent all of its {len(wanted)} commands and no other")

    def everything(self, redis):
        url = f"redis://vx11:{SECRETS['vx11']}@127.0.0.1:{redis.port}/2"
        with fleet(Instance("a", url, "hybrid"), Instance("b", url, "redis")) as (a, b):
            token, single, other = a.calls.token(), a.calls.token(single_use=True), b.calls.token()
            for one in (a, b):
                for each in (token, single, other):
                    self.assertEqual(one.calls.check(each).status, 200)
            streams = [b.stream(single), a.stream(token)]
            for stream in streams:
                self.addCleanup(stream.close)
                self.assertTrue(stream.wait_named("snapshot"))
            self.assertEqual(a.calls.publish("note", 1).status, 202)
            self.assertTrue(all(stream.wait_named("note") for stream in streams))
            self.assertEqual(b.calls.revoke(token=token).json["revoked"], 1)
            self.assertTrue(streams[1].wait_closed())
            self.assertEqual([one.calls.check(token).status for one in (a, b)], [403, 403])
            self.assertEqual([one.calls.check(single).status for one in (a, b)], [403, 403])
            self.assertGreaterEqual(len(a.calls.internal("tokens")["tokens"]), 1)
            until(lambda: len(a.calls.internal("instances")["instances"]) == 2, 5, "both instances on the list")
            until(lambda: (a.calls.internal("redis")["health"] or {}).get("slow_log") is not None, 5, "the slow log")
            self.slow(redis, a)
            a.stop()  # gracefully: it takes itself off the list

    def slow(self, redis, one):
        """A Redis that leaves a request without an answer, but not for long, is asked by PING whether it is there."""

        def asked() -> bool:
            redis.pause()
            one.calls.issue()
            time.sleep(0.3)
            redis.resume()
            until(one.healthy, 5, "Redis to be back")
            return redis.calls().get("ping", 0) > 0

        until(asked, 10, "a PING")


def launch_file(redis):
    """A server whose settings are a file's."""
    from children import spawn, tool

    with redis.log.open("ab") as log:
        redis.process = spawn([tool("redis-server", "redis-server"), *redis.arguments], log)


if __name__ == "__main__":
    finish("redis users")
