#!/usr/bin/env python3
"""A Redis Cluster under traffic: tokens over all slots, slots that move, masters that die."""

import collections
import time
import unittest

from highly_available import (
    all_well,
    crosses_at_once,
    done,
    instances_over,
    own_security,
    redis_of,
    refused_everywhere,
    short,
    valid_everywhere,
)
from redis_cluster import NODE_TIMEOUT_MS, SLOTS, RedisCluster, Security, slot_of
from traffic import Traffic
from harness import Redis, check_everywhere, fleet, key_of, limit_s, proof, public_id, until

TOKENS = 1000
TAG = "{vx11:operator}"
FAILOVER_S = 12
MOVED = 60  # slots


class Cluster(unittest.TestCase):
    def setUp(self):
        security = own_security()
        self.cluster = self.enterContext(RedisCluster(security=security))
        self.instances = self.enterContext(fleet(*instances_over(self.cluster.url, security)))

    def test_slots_move_and_masters_die(self):
        self.shown()
        tokens = self.spread_over_slots()
        with Traffic(self.instances) as self.traffic:
            time.sleep(1)
            self.reshard(tokens)
            self.master_killed("the feed's", slot_of(TAG))
            self.full_coverage("no")
            self.master_killed("another", self.foreign_slot(), others_serve=True)
            self.master_killed("the feed's", slot_of(TAG), others_serve=True, silent=True)
        self.judge()
        valid_everywhere(self, self.instances, list(self.traffic.degraded), what="a token issued in an outage")
        crosses_at_once(self, self.instances)
        proof(self.traffic.summary())

    def spread_over_slots(self):
        """Issued on all three in turn, valid on all three at once, and listed by each."""
        tokens = []
        for number in range(TOKENS):
            answer = self.instances[number % 3].calls.issue()
            self.assertEqual((answer.status, answer.json.get("degraded")), (200, None), answer)
            token = answer.json["sse_token"]
            for one, check in zip(self.instances, check_everywhere(self.instances, token)):
                self.assertEqual(check.status, 200, f"token {number} on {one.name}: {check}")
            tokens.append(token)
        shares = collections.Counter(self.cluster.owner_of(key_of(token)).address for token in tokens[:90])
        self.assertEqual(len(shares), 3, f"not every master has tokens: {shares}")
        for one in self.instances:
            self.assertLessEqual({public_id(token) for token in tokens}, self.listed(one), f"the list of {one.name}")
        slots = len({slot_of(key_of(token)) for token in tokens})
        proof(f"{TOKENS} tokens in {slots} slots, each valid on all 3 at once and listed by all 3")
        return tokens

    def listed(self, one):
        seen, cursor = set(), ""
        for _ in range(TOKENS):
            page = one.calls.internal("tokens?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            seen |= {token["id"] for token in page["tokens"]}
            cursor = page["cursor"]
            if cursor is None:
                return seen
        raise AssertionError(f"the list of {one.name} has no end: {cursor}")

    def reshard(self, tokens):
        """Slots that hold tokens, and the one of feed, events and key, move to other masters while all goes on."""
        begun, moved = time.monotonic(), 0
        self.traffic.feed_cut()  # its slot is the first to move
        slots = [slot_of(TAG), *sorted({slot_of(key_of(token)) for token in tokens})[:: TOKENS // MOVED]]
        for number, slot in enumerate(slots):
            source = self.cluster.owner(slot)
            masters = [node for node in self.cluster.masters() if node is not source]
            moved += self.cluster.migrate(slot, masters[number % 2], 0.2 if number < 6 else 0.0)
        took = time.monotonic() - begun
        during = self.traffic.of("issue", begun, begun + took)
        failed = [one for one in during if one[1].status != 200 or one[1].json.get("degraded")]
        self.traffic.feed_repaired()
        self.assertEqual(self.traffic.refusals(), [])
        valid_everywhere(self, self.instances, tokens, 1)
        all_well(self.instances, 3)
        crosses_at_once(self, self.instances)
        for one in self.instances:
            self.assertEqual(redis_of(one)["failovers"], 0, f"a slot that moves is no failover: {short(one)}")
        proof(
            f"{len(slots)} slots with {moved} keys moved in {took:.1f} s, {TAG} among them: {len(failed)} of "
            f"{len(during)} issues degraded or refused, slowest answer {self.traffic.slowest() * 1e3:.0f} ms"
        )

    def full_coverage(self, word):
        for node in self.cluster.nodes:
            node.ask("CONFIG", "SET", "cluster-require-full-coverage", word)

    def foreign_slot(self):
        """One that the master of the instances' own keys doesn't serve."""
        feeds = self.cluster.owner_of(TAG)
        return next(slot for slot in range(0, SLOTS, 64) if self.cluster.owner(slot) is not feeds)

    def master_killed(self, which, slot, others_serve=False, silent=False):
        """Or stopped without a word, and later it wakes."""
        old = self.cluster.owner(slot)
        before = {one.name: redis_of(one)["failovers"] for one in self.instances}
        self.traffic.feed_cut()
        killed = time.monotonic()
        old.pause() if silent else old.kill()
        if others_serve and not silent:
            self.said_to_be_away(old)
        self.cluster.replaced(old, slot)
        promoted = time.monotonic()
        times = {}
        for one in self.instances:
            until(lambda one=one: self.whole(one, slot), FAILOVER_S, lambda one=one: f"all shards: {short(one)}")
            times[one.name] = time.monotonic() - killed
        all_well(self.instances)
        self.traffic.feed_repaired()
        for one in self.instances:
            until(lambda one=one: redis_of(one)["failovers"] == before[one.name] + 1, 5, lambda one=one: short(one))
        if others_serve:
            during = self.traffic.of("issue", killed + 0.3, promoted)
            stored = [one for one in during if one[1].status == 200 and not one[1].json.get("degraded")]
            self.assertTrue(stored, f"with one shard away the others take tokens: {len(during)} issues")
        old.resume() if silent else old.start()
        until(lambda: old.role() == "replica", 15, "the old master to be a replica")
        until(self.cluster.complete, 15, lambda: f"the cluster to be whole: {self.cluster.state()}")
        self.shown()
        proof(
            f"{which} master {'stopped' if silent else 'killed'} (node-timeout {NODE_TIMEOUT_MS} ms): replaced after "
            f"{promoted - killed:.2f} s, tokens go there again after {min(times.values()):.2f} s, from all 3 "
            f"after {max(times.values()):.2f} s"
        )

    def said_to_be_away(self, node):
        """Ready, but not well: what is missing is named."""
        for one in self.instances:

            def reason(one=one):
                return one.calls.ready().json["components"]["topology"].get("reason", "")

            until(lambda: node.address in reason(), 2, lambda one=one: f"readyz to name {node.address}: {short(one)}")
            self.assertEqual(one.calls.ready().status, 200, "a cluster that has lost a part is degraded")

    def whole(self, one, slot):
        """Does it issue into this slot's shard?"""
        owner = self.cluster.owner(slot)
        for _ in range(12):
            answer = one.calls.issue()
            if answer.status != 200 or answer.json.get("degraded"):
                return False
            if self.cluster.owner_of(key_of(answer.json["sse_token"])) is owner:
                return True
        return False

    def shown(self):
        """Every instance shows the nodes, who is whose replica, and every slot."""

        def right(said):
            nodes = {node["address"]: node for node in said["nodes"]}
            served = sum(slots_in(node["slots"] or "") for node in nodes.values())
            masters = [node for node in nodes.values() if node["role"] == "master" and node["state"] == "online"]
            replicas = [node for node in nodes.values() if node["role"] == "replica" and node["state"] == "online"]
            return (
                said["topology"] == "cluster"
                and (said["cluster"] or {}).get("state") == "ok"
                and said["cluster"]["slots_ok"] == served == SLOTS
                and (len(masters), len(replicas)) == (3, 3)
                and {node["master"] for node in replicas} == {node["address"] for node in masters}
            )

        for one in self.instances:
            until(lambda one=one: right(redis_of(one)), 12, lambda one=one: f"the cluster to be shown: {short(one)}")

    def judge(self):
        self.assertEqual(self.traffic.refusals(), [], "final refusals of valid tokens")
        self.assertEqual(self.traffic.accepted(), [], "revoked tokens accepted")
        self.assertEqual(self.traffic.load.lost, [], "requests without an answer")
        refused_everywhere(self, self.instances, list(self.traffic.gone)[:20], 0.25)


def slots_in(text: str) -> int:
    """How many slots "0-5460 5462" names."""
    ranges = (part.split("-") for part in text.split())
    return sum(int(bounds[-1]) - int(bounds[0]) + 1 for bounds in ranges)


class Unknown(unittest.TestCase):
    def test_no_cluster(self):
        """A single server at the cluster's address says so itself."""
        with Redis() as redis:
            url = f"redis+cluster://127.0.0.1:{redis.port}"
            with fleet(*instances_over(url, Security(), modes=("hybrid",)), healthy=False) as (one,):
                until(lambda: "cluster support disabled" in redis_of(one)["last_error"], 3, lambda: short(one))
                said = redis_of(one)["last_error"]
                self.assertLessEqual(one.calls.issue().took, limit_s(0.25))
        proof(f'no cluster: "{said}"')


if __name__ == "__main__":
    done("cluster")
