#!/usr/bin/env python3
"""The users of packaging/redis: with any one command taken away, the instances say which one they miss, and live."""

import re
import sys
import time
import unittest
from pathlib import Path

from highly_available import USER, all_well, done, instances_over, own_security, redis_of, short
from redis_cluster import RedisCluster
from sentinel_group import SentinelGroup
from harness import fleet, proof, until

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
            url = group.url.removesuffix("/0") + "/2"
            with fleet(*instances_over(url, security, "--redis-wait", "1", modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(DATA) if row.sent != {"cluster"}]
                self.each(group.nodes, pair, named, lambda: everything(pair, group.master()))
        proof(f"Sentinel, {len(named)} commands of the data nodes: each is named when it is missing")

    def test_at_the_sentinels(self):
        security = own_security()
        with SentinelGroup(nodes=2, security=security) as group:
            with fleet(*instances_over(group.url, security, modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(SENTINELS) if "slow" not in row.sent]

                def exercise():
                    group.master().ask("CLIENT", "KILL", "USER", USER)
                    everything(pair, None)

                self.each(group.sentinels, pair, named, exercise)
        proof(f"Sentinel, {len(named)} commands of the sentinels: each is named when it is missing")

    def test_at_a_cluster(self):
        security = own_security()
        with RedisCluster(security=security) as cluster:
            with fleet(*instances_over(cluster.url, security, modes=("hybrid", "redis"))) as pair:
                named = [row.command for row in rows(DATA) if "cluster" in row.sent and row.command != "asking"]
                self.each(cluster.nodes, pair, named, lambda: everything(pair, None))
        proof(f"Cluster, {len(named)} commands: each is named when it is missing")

    def each(self, nodes, instances, commands, exercise):
        unnamed, said = [], []
        for command in commands:
            self.allow(nodes, "-" + command)
            try:
                message = self.message(instances, command, exercise)
            finally:
                self.allow(nodes, "+" + command)
            all_well(instances, 8)
            print(f"  without {command}: {message}", flush=True)
            (said if message else unnamed).append(command)
        self.assertEqual(unnamed, [], f"not named; {short(instances[0])}")

    def allow(self, nodes, word):
        for node in nodes:
            node.ask("ACL", "SETUSER", USER, word)
            node.ask("CLIENT", "KILL", "USER", USER)

    def message(self, instances, command, exercise) -> str:
        pattern, limit = re.compile(words_for(command)), time.monotonic() + 6
        while time.monotonic() < limit:
            exercise()
            for one in instances:
                said = redis_of(one)
                texts = [said["last_error"], said["refused"], *(view["error"] for view in said["sentinels"])]
                for text in texts:
                    if text and pattern.search(text):
                        return text
                self.assertEqual(one.calls.ask("GET", "/livez", principal=False).status, 200)
        return None


def everything(instances, slowed):
    """What makes the service send each of its commands, whatever comes of it. `slowed`: a node that pauses a moment."""
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
    if slowed:
        slowed.pause()
        second.calls.issue()
        time.sleep(0.2)
        slowed.resume()
    time.sleep(0.1)


if __name__ == "__main__":
    done("ACL")
