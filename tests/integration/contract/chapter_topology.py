"""Redis as a Sentinel group and as a cluster. What failovers and reshards do under traffic, tests/integration/topology
measures; here are the rows that calm servers can prove."""

import sys
import tempfile
from pathlib import Path

from contract import Contract, limit_s, only, until
from program import run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "topology"))
from node import Security  # noqa: E402
from redis_cluster import RedisCluster, slot_of  # noqa: E402
from sentinel_group import SentinelGroup  # noqa: E402
from harness import key_of  # noqa: E402

PASSWORD, OF_SENTINELS = "a-password-of-redis-0123456789", "a-password-of-sentinels-0123"


def metric(one, name: str) -> float:
    lines = one.calls.ask("GET", "/metrics").body.decode().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(name + " ")))


def all_up(sentinels, count: int) -> bool:
    return len(sentinels) == count and all(view["up"] and view["can_fail_over"] is not None for view in sentinels)


class Sentinel(Contract):
    """A master, a replica and two sentinels, whose users are those of packaging/redis."""

    @classmethod
    def setUpClass(cls):
        security = Security(PASSWORD, OF_SENTINELS, acl=True)
        cls.group = cls.enterClassContext(SentinelGroup(nodes=2, sentinels=2, security=security))
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vx11-password-"))
        cls.file = Path(folder, "password")
        cls.file.write_text(OF_SENTINELS + "\n")
        cls.file.chmod(0o600)
        cls.plain = cls.group.url.replace("://", f"://vx11:{PASSWORD}@")
        cls.own = ("--sentinel-username", "vx11", "--sentinel-password-file", str(cls.file))

    def fails(self, url: str, *flags) -> str:
        """What it says while it finds no master; it starts all the same."""
        with only(*flags, redis=url, mode="redis", healthy=False) as one:
            self.assertEqual(one.calls.issue().status, 503)
            until(lambda: one.calls.internal("redis")["last_error"], 5, "its reason")
            return one.calls.internal("redis")["last_error"]

    def test_sentinel_url(self):
        with only(*self.own, redis=self.plain, mode="redis") as one:
            token = one.calls.token()
            self.assertEqual(self.group.master().ask("EXISTS", key_of(token)), 1)
            self.assertEqual(one.calls.internal("redis")["address"], self.group.master().address)

    def test_sentinel_username(self):
        said = self.fails(self.plain, "--sentinel-password-file", str(self.file), "--sentinel-username", "nobody")
        self.assertRegex(said, f"{self.group.sentinels[0].address}.*refuses the password of user nobody")

    def test_sentinel_password_file(self):
        """Those of the URL are the data nodes', and no sentinel is told them."""
        said = self.fails(self.plain)
        self.assertRegex(said, f"{self.group.sentinels[0].address}.*wants a password")
        self.assertNotIn(PASSWORD, said)

    def test_unknown_master(self):
        said = self.fails(self.plain.replace("/mymaster/", "/another/"), *self.own)
        self.assertRegex(said, f'no sentinel knows the master "another".*{self.group.sentinels[0].address}')

    def test_redis_of_a_sentinel_group(self):
        with only(*self.own, redis=self.plain, mode="hybrid") as one:
            until(lambda: len(one.calls.internal("redis")["nodes"]) == 2, 5, "both nodes")
            until(lambda: all_up(one.calls.internal("redis")["sentinels"], 2), 5, "the sentinels' views")
            told = one.calls.internal("redis")
            self.assertEqual((told["topology"], told["master_name"]), ("sentinel", "mymaster"))
            roles = {node["address"]: node["role"] for node in told["nodes"]}
            self.assertEqual(roles, {node.address: node.role() for node in self.group.nodes})
            addresses = {view["address"] for view in told["sentinels"]}
            self.assertEqual(addresses, {one.address for one in self.group.sentinels})
            for view in told["sentinels"]:
                seen = [view[name] for name in ("master", "quorum", "replicas", "other_sentinels", "can_fail_over")]
                self.assertEqual(seen, [self.group.master().address, 2, 1, 1, True])
            self.assertIsNone(told["cluster"])

    def test_failover(self):
        """Found anew when its server isn't the master any more; counted."""
        with only(*self.own, redis=self.plain, mode="redis") as one:
            token, old = one.calls.token(), self.group.master()
            until(self.group.complete, 15, "the replica to have it")
            self.group.sentinels[0].ask("SENTINEL", "FAILOVER", "mymaster")
            self.group.replaced(old)
            until(lambda: one.calls.issue().status == 200, 10, "an issue into the new master")
            self.assertEqual(one.calls.check(token).status, 200)
            until(lambda: one.calls.internal("redis")["failovers"] == 1, 5, "the failover to be counted")
            self.assertEqual(metric(one, "vx11_operator_redis_failovers_total"), 1)
            told = one.calls.internal("redis")["last_failover"]
            self.assertEqual(told, f"{old.address} to {self.group.master().address}")
        until(self.group.complete, 15, "the old master to be a replica")

    def test_redis_wait(self):
        """With a replica that acknowledges, and with one that is gone."""
        with only("--redis-wait", "1", *self.own, redis=self.plain, mode="redis") as one:
            until(lambda: "degraded" not in one.calls.issue().json, 10, "an issue that a replica has")
            short = metric(one, "vx11_operator_redis_wait_shortfalls_total")
            (replica,) = self.group.replicas()
            replica.pause()
            try:
                answer = one.calls.issue()
            finally:
                replica.resume()
            self.assertEqual((answer.status, answer.json.get("degraded")), (200, True))
            self.assertLess(answer.took, limit_s(0.5), "the wait is bounded")
            self.assertEqual(metric(one, "vx11_operator_redis_wait_shortfalls_total"), short + 1)
        until(self.group.complete, 15, "the replica to be back")


class Cluster(Contract):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(RedisCluster())
        cls.one = cls.enterClassContext(only(redis=cls.cluster.url, mode="redis"))
        cls.tokens = [cls.one.calls.token() for _ in range(60)]

    def test_cluster_url(self):
        """Tokens are spread over the slots, and each is found."""
        owners = {self.cluster.owner_of(key_of(token)).address for token in self.tokens}
        self.assertEqual(len(owners), 3)
        self.assertEqual({self.one.calls.check(token).status for token in self.tokens}, {200})

    def test_cluster_lists_every_master(self):
        listed, cursor = set(), ""
        while cursor is not None:
            page = self.one.calls.internal(f"tokens?limit=20{cursor and '&cursor=' + cursor}")
            listed |= {token["masked"] for token in page["tokens"]}
            cursor = page["cursor"]
        self.assertEqual({f"{token[:4]}…{token[-4:]}" for token in self.tokens} - listed, set())
        for cursor in ("r17", "r5-6", "of-nobody"):  # one server's, and nobody's
            self.refused(self.ask("GET", f"/operator/internal/tokens?cursor={cursor}"), 400, "invalid_cursor")

    def test_one_hash_tag(self):
        """Feed, events and key are one server's, so that one blocking read and one script can have them."""
        names = ["{vx11:operator}:" + name for name in ("feed", "events", "key")]
        self.assertEqual({slot_of(name) for name in names}, {slot_of("vx11:operator")})
        self.one.calls.publish("note", 1)
        self.one.calls.revoke(token=self.one.calls.token())
        owner = self.cluster.owner_of(names[0])
        self.assertEqual(owner.ask("EXISTS", *names), 3)

    def test_database_0_only(self):
        for flags in (["--redis-url", "redis+cluster://h/3"], ["--redis-url", "redis+cluster://h", "--redis-db", "3"]):
            said = run("--check-config", *flags)
            self.assertEqual((said.returncode, "database 0 only" in said.stderr), (2, True), said)

    def test_redis_of_a_cluster(self):
        until(lambda: len(self.one.calls.internal("redis")["nodes"]) == 6, 5, "all nodes")
        until(lambda: self.one.calls.internal("redis")["cluster"], 5, "the cluster's state")
        told = self.one.calls.internal("redis")
        self.assertEqual((told["topology"], told["sentinels"], told["cluster"]["state"]), ("cluster", [], "ok"))
        self.assertEqual(told["cluster"]["slots_ok"], 16384)
        roles = {node["address"]: node["role"] for node in told["nodes"]}
        self.assertEqual(roles, {node.address: node.role() for node in self.cluster.nodes})
        for node in told["nodes"]:
            self.assertEqual(bool(node["slots"]), node["role"] == "master", node)
            self.assertEqual(bool(node["master"]), node["role"] == "replica", node)
