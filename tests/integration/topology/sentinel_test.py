#!/usr/bin/env python3
"""A Sentinel group under traffic: the master killed, the old one back, one sentinel down, all sentinels down."""

import time
import unittest

from highly_available import (
    all_well,
    crosses_at_once,
    done,
    instances_over,
    own_security,
    redis_of,
    short,
    valid_everywhere,
)
from sentinel_group import DOWN_AFTER_MS, MASTER_NAME, SentinelGroup
from traffic import Traffic
from harness import check_everywhere, fleet, limit_s, proof, until

FAILOVER_S = 10
USED_S = 2  # from the moment when a new master is there


class Sentinels(unittest.TestCase):
    def setUp(self):
        security = own_security()
        self.group = self.enterContext(SentinelGroup(security=security))
        self.instances = self.enterContext(fleet(*instances_over(self.group.url, security)))

    def test_masters_and_sentinels_come_and_go(self):
        self.shown(self.group.master(), replicas=2, sentinels=3)
        streams = [one.stream(one.calls.token()) for one in self.instances]
        with Traffic(self.instances) as self.traffic:
            time.sleep(1.5)
            old = self.master_killed()
            self.old_master_returns(old)
            self.master_silent()
            self.one_sentinel_down()
            self.all_sentinels_down()
        self.judge()
        self.streams_lived(streams)
        valid_everywhere(self, self.instances, list(self.traffic.degraded), what="a token issued in an outage")
        proof(self.traffic.summary())

    def master_killed(self):
        old = self.group.master()
        self.traffic.feed_cut()
        killed = time.monotonic()
        old.kill()
        self.group.replaced(old)
        promoted = time.monotonic()
        for one in self.instances:
            until(
                lambda one=one: self.shared_since(killed, one),
                FAILOVER_S,
                lambda one=one: f"{one.name} to issue into the new master: {short(one)}",
            )
        shared = self.traffic.first_shared_issue(killed)
        everywhere = max(self.traffic.first_shared_issue(killed, one.name) for one in self.instances)
        self.assertLess(everywhere - promoted, limit_s(USED_S), "the new master is there and not used")
        self.feed_repaired()
        self.shown(self.group.master(), replicas=1, sentinels=3, failovers=1)
        for one in self.instances:
            self.assertEqual(redis_of(one)["last_failover"], f"{old.address} to {self.group.master().address}")
        proof(
            f"master killed (down-after {DOWN_AFTER_MS} ms): a new one after {promoted - killed:.2f} s, first shared "
            f"issue after {shared - killed:.2f} s, on all 3 after {everywhere - killed:.2f} s"
        )
        return old

    def old_master_returns(self, old):
        """It says that it is master until a sentinel tells it otherwise: nobody may believe it."""
        old.start()
        begun = time.monotonic()
        until(lambda: old.role() == "replica", 15, "the old master to be told that it is a replica")
        until(self.group.complete, 15, lambda: f"the group to be whole: {self.group.views()}")
        took = time.monotonic() - begun
        self.shown(self.group.master(), replicas=2, sentinels=3, failovers=1)
        crosses_at_once(self, self.instances)
        proof(f"the old master is a replica after {took:.1f} s")

    def master_silent(self):
        """It stops for longer than a failover takes, and wakes as a master that doesn't know of it."""
        old = self.group.master()
        self.traffic.feed_cut()
        paused = time.monotonic()
        old.pause()
        self.group.replaced(old)
        promoted = time.monotonic()
        for one in self.instances:
            until(lambda one=one: self.shared_since(promoted, one), FAILOVER_S, lambda one=one: short(one))
        used = max(self.traffic.first_shared_issue(promoted, one.name) for one in self.instances) - paused
        old.resume()
        time.sleep(0.3)  # as long as it takes clients
        until(lambda: old.role() == "replica", 15, "the old master to be told that it is a replica")
        until(self.group.complete, 15, lambda: f"the group to be whole: {self.group.views()}")
        self.feed_repaired()
        self.shown(self.group.master(), replicas=2, sentinels=3, failovers=2)
        proof(f"master stopped without a word: another one in use by all 3 after {used:.2f} s, and still when it wakes")

    def shared_since(self, moment, one) -> bool:
        return self.traffic.first_shared_issue(moment, one.name) is not None

    def one_sentinel_down(self):
        first, master = self.group.sentinels[0], self.group.master()  # who is asked first
        first.pause()
        self.cut_clients(master)
        silent = self.used_again()
        first.resume()
        first.kill()
        self.cut_clients()
        used = self.used_again()
        old = self.group.master()
        self.traffic.feed_cut()
        begun = time.monotonic()
        answer = self.group.sentinels[1].ask("SENTINEL", "FAILOVER", MASTER_NAME)
        self.assertEqual(answer, "OK")
        self.group.replaced(old)
        checked = self.out_of_step(old)
        for one in self.instances:
            until(lambda one=one: redis_of(one)["failovers"] == 3, FAILOVER_S, lambda one=one: short(one))
        self.feed_repaired()
        took = time.monotonic() - begun
        self.down_sentinels(1)
        until(lambda: old.role() == "replica", 15, "the former master to be a replica")
        until(self.group.complete, 15, lambda: f"the group to be whole: {self.group.views()}")
        proof(
            f"the first sentinel silent: reconnected after {silent:.2f} s; it is down: {used:.2f} s, and a failover by "
            f"order is over after {took:.2f} s, {checked} tokens of who moved first refused by none of the others"
        )

    def out_of_step(self, old) -> int:
        """One moves at once, and the others ask the old master, which still says that it is one, for what is issued on
        the new one: nobody believes it that there is no such token. How many were checked."""
        mover = self.instances[0]
        for line in old.ask("CLIENT", "LIST").splitlines():
            fields = dict(word.partition("=")[::2] for word in line.split())
            if fields["name"].startswith(f"vx11:{mover.name}:"):
                old.ask("CLIENT", "KILL", "ID", fields["id"])
        checked, ends = 0, time.monotonic() + 1.5
        while time.monotonic() < ends:
            answer = mover.calls.issue()
            if answer.status != 200 or answer.json.get("degraded"):
                continue
            statuses = [each.status for each in check_everywhere(self.instances, answer.json["sse_token"])]
            self.assertNotIn(403, statuses, f"a token of {mover.name} refused for good")
            checked += 1
        self.assertGreater(checked, 0)
        return checked

    def all_sentinels_down(self):
        for sentinel in self.group.sentinels[1:]:
            sentinel.kill()
        master = next(node for node in self.group.nodes if node.role() == "master")
        self.cut_clients(master)
        used = self.used_again()
        crosses_at_once(self, self.instances)
        self.down_sentinels(3)
        for one in self.instances:
            ready = one.calls.ready()
            self.assertEqual(ready.status, 200, ready.body)
            self.assertEqual(ready.json["components"]["topology"]["state"], "degraded", ready.body)
            self.assertIn("no sentinel answers", ready.json["components"]["topology"]["reason"])
            self.assertEqual(redis_of(one)["address"], master.address)
        for sentinel in self.group.sentinels:
            self.group.revive(sentinel)
        until(self.group.complete, 15, lambda: f"the group to be whole: {self.group.views()}")
        all_well(self.instances, 15)
        self.down_sentinels(0)
        self.shown(master, replicas=2, sentinels=3, failovers=3)
        proof(f"all sentinels down: the known master is used again {used:.2f} s after a cut, degraded in readyz")

    # What is looked at

    def feed_repaired(self):
        all_well(self.instances)
        self.traffic.feed_repaired()

    def cut_clients(self, master=None):
        """Every connection of the instances ends; their next attempts have to find the master anew."""
        self.traffic.feed_cut()
        (master or self.group.master()).ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.cut = time.monotonic()

    def used_again(self) -> float:
        for one in self.instances:
            until(
                lambda one=one: self.shared_since(self.cut + 0.02, one),
                USED_S,
                lambda one=one: f"{one.name} to issue again: {short(one)}",
            )
        self.feed_repaired()
        return max(self.traffic.first_shared_issue(self.cut + 0.02, one.name) for one in self.instances) - self.cut

    def shown(self, master, replicas, sentinels, failovers=0):
        """Every instance shows the group as it is."""

        def right(said):
            nodes = {node["address"]: node for node in said["nodes"]}
            up = [one for one in said["sentinels"] if one["up"] and one["master"] == master.address]
            following = [node for node in nodes.values() if node["role"] == "replica" and node["state"] == "online"]
            return (
                (said["topology"], said["address"], said["failovers"]) == ("sentinel", master.address, failovers)
                and nodes.get(master.address, {}).get("role") == "master"
                and (len(following), len(up)) == (replicas, sentinels)
                and said["master_name"] == MASTER_NAME
            )

        for one in self.instances:
            until(lambda one=one: right(redis_of(one)), 12, lambda one=one: f"the group to be shown: {short(one)}")

    def down_sentinels(self, count):
        for one in self.instances:
            until(
                lambda one=one: sum(not view["up"] for view in redis_of(one)["sentinels"]) == count,
                12,
                lambda one=one: f"{count} sentinels to be shown as down: {short(one)}",
            )

    def judge(self):
        self.assertEqual(self.traffic.refusals(), [], "final refusals of valid tokens")
        self.assertEqual(self.traffic.accepted(), [], "revoked tokens accepted")
        self.assertEqual(self.traffic.load.lost, [], "requests without an answer")

    def streams_lived(self, streams):
        """No failover ended one, and what is published now arrives at all."""
        self.assertEqual(self.instances[0].calls.publish("news", 1).status, 202)
        for stream, one in zip(streams, self.instances):
            self.assertTrue(stream.wait_named("news", 1, limit_s(2)), f"the stream on {one.name}")
            self.assertIsNone(stream.closed_at, f"the stream on {one.name} ended")
            stream.close()


class NotThereYet(unittest.TestCase):
    def test_sentinels_that_come_later(self):
        """Without any, the port opens all the same; with them it heals by itself."""
        security = own_security()
        with SentinelGroup(nodes=2, security=security) as group:
            for sentinel in group.sentinels:
                sentinel.kill()
            begun = time.monotonic()
            made = instances_over(group.url, security, modes=("hybrid", "redis"))
            with fleet(*made, healthy=False) as (hybrid, strict):
                opened = time.monotonic() - begun
                self.assertLess(opened, limit_s(1.5), "the port opens when the first attempt is over")
                self.assertEqual((hybrid.calls.ready().status, strict.calls.ready().status), (200, 503))
                born = hybrid.calls.issue()
                self.assertEqual((born.status, born.json.get("degraded")), (200, True), born)
                begun = time.monotonic()
                for sentinel in group.sentinels:
                    group.revive(sentinel)
                all_well([hybrid, strict], 3)
                valid_everywhere(self, [hybrid, strict], [born.json["sse_token"]], what="a token issued without Redis")
                healed = time.monotonic() - begun
        proof(
            f"started without sentinels: the ports open after {opened:.2f} s, healed {healed:.2f} s after their start"
        )


class Unknown(unittest.TestCase):
    def test_a_master_that_nobody_knows(self):
        """The error says what each sentinel answered."""
        security = own_security()
        with SentinelGroup(nodes=2, sentinels=2, security=security) as group:
            group.sentinels[0].kill()
            url = group.url.replace(MASTER_NAME, "elsewhere")
            with fleet(*instances_over(url, security, modes=("hybrid",)), healthy=False) as (one,):
                until(lambda: "elsewhere" in redis_of(one)["last_error"], 3, lambda: short(one))
                said = redis_of(one)["last_error"]
                for sentinel in group.sentinels:
                    self.assertIn(sentinel.address, said)
                self.assertIn("refused", said)
                answer = one.calls.issue()
                self.assertEqual((answer.status, answer.json.get("degraded")), (200, True), answer)
        proof(f'unknown to all: "{said}"')


if __name__ == "__main__":
    done("sentinel")
