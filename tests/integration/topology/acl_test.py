#!/usr/bin/env python3
"""The users of packaging/redis: with any one command taken away, the instances say which one they miss, and live."""

import re
import sys
import time
import unittest
from pathlib import Path

from highly_available import USER, all_well, done, instances_over, own_security, redis_of, short
from redis_cluster import RedisCluster, slot_of
from node import Node
from sentinel_group import SentinelGroup
from harness import fleet, key_of, limit_s, proof, until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packaging"))
from redis_users import DATA, SENTINELS, rows  # noqa: E402


def words_for(command: str) -> str:
    """What a message says that names it, in Redis' words or in the service's own."""
    own = command.replace("|", " ").upper()
    return f"'{re.escape(command)}'|forbids {re.escape(own)}\\b"


class OneCommandLess(unittest.TestCase):
    def test_at_the_data_nodes_of_a_sentinel_group(self):
        security = own_security()
        with SentinelGroup(nodes=2, security=security) as group:
            url, arguments = group.url.removesuffix("/0") + "/2", ("--redis-wait", "1")
            with fleet(*instances_over(url, security, *arguments, modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(DATA) if row.sent != {"cluster"}]
                named.remove("zrem")  # at an instance's end
                self.each(group.nodes, pair, named, lambda command: everything(pair, group.master(), command))
                self.at_the_end(group.nodes, instances_over(url, security, *arguments, names="e")[0])
        proof(f"Sentinel, {len(named) + 1} commands of the data nodes: each is named when it is missing")

    def at_the_end(self, nodes, leaving):
        with fleet(leaving):
            listed = ("ZSCORE", "vx11:operator:instances", leaving.name)
            until(lambda: nodes[0].ask(*listed, database=2), 5, "an instance to be on the list")
            self.allow(nodes, "-zrem")
            leaving.stop()  # the end of `fleet` is a hasty one
        self.assertRegex(leaving.said, words_for("zrem"))
        self.allow(nodes, "+zrem")

    def test_at_the_sentinels(self):
        security = own_security()
        with SentinelGroup(nodes=2, security=security) as group:
            with fleet(*instances_over(group.url, security, modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(SENTINELS) if "slow" not in row.sent]
                self.each(group.sentinels, pair, named, lambda _: find_anew(group.master()))
        proof(f"Sentinel, {len(named)} commands of the sentinels: each is named when it is missing")

    def test_at_a_cluster(self):
        security = own_security()
        with RedisCluster(security=security) as cluster:
            with fleet(*instances_over(cluster.url, security, modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(DATA) if "cluster" in row.sent and row.command != "asking"]
                self.each(cluster.nodes, pair, named, lambda command: everything(pair, None, command))
                self.without_asking(cluster, pair)
        proof(f"Cluster, {len(named) + 1} commands: each is named when it is missing")

    def without_asking(self, cluster, instances):
        """A token in a slot that is being moved, and whose key has gone over."""
        token = instances[0].calls.token()
        slot = slot_of(key_of(token))
        target = next(node for node in cluster.masters() if node is not cluster.owner(slot))
        with cluster.moving(slot, target) as source:
            cluster.move_keys(slot, source, target)
            self.each(cluster.nodes, instances, ["asking"], lambda _: instances[1].calls.check(token))

    def each(self, nodes, instances, commands, exercise):
        unnamed = []
        for command in commands:
            self.allow(nodes, "-" + command)
            try:
                message = self.message(nodes, instances, command, exercise)
            finally:
                self.allow(nodes, "+" + command)
            print(f"  without {command}: {message}", flush=True)
            if not message:
                unnamed.append(command)
        all_well(instances, 10)
        self.assertEqual(unnamed, [], f"not named; {short(instances[0])}")

    def allow(self, nodes, word):
        for node in nodes:
            node.ask("ACL", "SETUSER", USER, word)

    def message(self, nodes, instances, command, exercise) -> str:
        """What somebody says of a command that is missing: at once, or when he has to connect anew."""
        pattern, begun, is_cut = re.compile(words_for(command)), time.monotonic(), False
        while time.monotonic() < begun + limit_s(6):
            exercise(command)
            for one in instances:
                said = redis_of(one)
                texts = [said["last_error"], said["refused"], said["unavailable"], *(view["error"] for view in said["sentinels"])]
                for text in texts:
                    if text and pattern.search(text):
                        return text
                self.assertEqual(one.calls.ask("GET", "/livez", principal=False).status, 200)
            if not is_cut and time.monotonic() > begun + 0.8:
                cut(nodes)
                is_cut = True
        return None


class OnlyShown(unittest.TestCase):
    """A Redis as a service that one rents: it doesn't have every command, or forbids it. All is well without."""

    def test_a_redis_without_its_slow_log(self):
        for arguments, taken in ((["--rename-command", "SLOWLOG", ""], None), ([], "-slowlog|get")):
            security = own_security()
            with Node(*arguments, security=security) as node:
                node.start()
                if taken:
                    node.ask("ACL", "SETUSER", USER, taken)
                (made,) = instances_over(f"redis://{node.address}/0", security, names="a")
                with fleet(made):
                    until(lambda: redis_of(made)["health"] is not None, 5, "Redis' health")
                    said, ready = redis_of(made), made.calls.ready().json
                    print("  " + said["unavailable"])
                    self.assertIn("slowlog", said["unavailable"].lower())
                    self.assertIn("slowlog", said["health"]["slow_log_unavailable"].lower())
                    self.assertEqual((said["health"]["slow_log"], said["refused"], said["last_error"]), (None,) * 3)
                    self.assertEqual(ready["status"], "ready", ready)
                    self.assertIn("slowlog", ready["components"]["redis"]["unavailable"].lower())
        proof("without SLOWLOG, or the right to it: shown as not available, and all is well")


def cut(nodes):
    for node in nodes:
        node.ask("CLIENT", "KILL", "USER", USER)


def find_anew(master):
    """Every instance has to ask the sentinels."""
    cut([master])
    time.sleep(0.3)


def everything(instances, master, command):
    """What makes the service send each of its commands, whatever comes of it."""
    first, second = instances
    answers = [one.calls.issue(single_use=single) for one in instances for single in (False, True)]
    tokens = [answer.json["sse_token"] for answer in answers if answer.status == 200]
    for token in tokens:
        for one in instances:
            one.calls.check(token)
    for token, one in zip(tokens[::-1], instances):
        one.stream(token).close()
    first.calls.publish("note", 1)
    for token, one in zip(tokens, instances):
        one.calls.revoke(token=token)
    for one in instances:
        for call in ("tokens", "instances", "redis"):
            one.calls.ask("GET", "/operator/internal/" + call)
    if command == "ping":  # a Redis that leaves a request without an answer is asked whether it is there
        master.pause()
        second.calls.issue()
        time.sleep(0.2)
        master.resume()
    if command == "hset":  # only the first to come sets what is under the key
        master.ask("DEL", "{vx11:operator}:key", database=2)
    time.sleep(0.05)


if __name__ == "__main__":
    done("ACL")
