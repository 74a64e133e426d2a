#!/usr/bin/env python3
"""A failover that loses what was acknowledged: the replication link is cut first, and then the master dies."""

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
from redis_cluster import RedisCluster
from sentinel_group import SentinelGroup
from harness import check_everywhere, fleet, key_of, limit_s, proof, public_id, until

TOKENS = 50
FEED = "{vx11:operator}:feed"
REPLICATION = (b"PSYNC", b"REPLCONF")
WHOLE_S = 3  # from the new master's being there to the last write-back


class LostWrites:
    """Everybody reaches a node through its proxy, which can end the replicas' connections and no others."""

    def setUp(self):
        self.group_security = own_security()
        self.group = self.enterContext(self.kind(security=self.group_security, proxied=True))

    def fleet(self, *arguments, **options):
        return self.enterContext(fleet(*instances_over(self.group.url, self.group_security, *arguments, **options)))

    def cut_replication(self):
        master = self.master()
        master.proxy.forbid(*REPLICATION)
        until(
            lambda: all(node.info("replication")["master_link_status"] == "down" for node in self.replicas()),
            5,
            "the replicas to lose their master",
        )
        return master

    def there(self, node, tokens) -> int:
        """How many of the tokens this node has."""
        with node.client() as client:
            return sum(client.pipeline([("READONLY",), *(("EXISTS", key_of(token)) for token in tokens)])[1:])

    def test_what_the_replica_never_had(self):
        a, b, c = instances = self.fleet()
        streams = [one.stream(one.calls.token()) for one in instances]
        known = [token for one in instances for token in self.issued(one, 10)]
        revoked, single = known.pop(), self.single_use(b)
        valid_everywhere(self, instances, [*known, revoked])
        older = [*known, revoked]
        until(lambda: self.on_replicas(older) == {len(older)}, 5, "the replicas to have what is older than the cut")
        # A failover may have been a moment ago, for all that an instance knows which has just started.
        until(lambda: a.calls.check(single).status == 200, 6, "marks that aren't there to count")

        self.old = master = self.cut_replication()
        lost = self.issued(a, TOKENS)
        lost_of_c = self.issued(c, 5)
        self.assertEqual(a.calls.revoke(token=revoked).status, 200)
        refused_everywhere(self, instances, [revoked], 0.25)
        self.assertEqual(a.calls.publish("news", {"lost": True}).status, 202)
        stream = a.stream(single)
        self.assertTrue(stream.wait_named("snapshot"), "a single-use token is accepted once")
        stream.close()
        self.assertEqual((self.there(master, lost), self.there(master, [revoked])), (TOKENS, 0))
        self.assertEqual((self.on_replicas(lost), self.on_replicas([revoked])), ({0}, {1}))
        last_id = master.ask("XREVRANGE", FEED, "+", "-", "COUNT", 1)[0][0]

        killed = time.monotonic()
        master.kill()
        others = self.meanwhile(a, (b, c), lost, revoked, single)
        promoted, new = self.promoted - killed, self.master()
        restored = valid_everywhere(self, instances, [*lost, *lost_of_c, *known], WHOLE_S, "a lost token")
        restored += time.monotonic() - killed - promoted - restored
        refused_everywhere(self, instances, [revoked], 0.25)
        until(lambda: self.stays_used(instances, single), 8, "a used token to be refused for good")
        self.assertEqual(self.there(new, lost), TOKENS, "not all is in Redis again")
        until(lambda: self.there(new, [revoked]) == 0, WHOLE_S, "the revoked token's key to be deleted again")
        proof(
            f"{self.word}: link cut, {TOKENS} tokens, a revocation and a single-use token's mark lost: the issuer "
            f"accepts all, the others {restored:.2f} s after the promotion ({promoted:.2f} s after the kill; "
            f"until then {others}) and refuse none; revocation and use hold"
        )
        self.told_later(instances, revoked, last_id, streams)
        for one in instances:
            self.assertEqual(redis_of(one)["failovers"], 1, short(one))
            until(one.adds_up, 2, f"issued = active + expired + revoked on {one.name}")

    def issued(self, one, count):
        """So many tokens that are on the node which is going to die."""
        tokens, master = [], self.master()
        while len(tokens) < count:
            answer = one.calls.issue()
            self.assertEqual((answer.status, answer.json.get("degraded")), (200, None), f"{answer} {short(one)}")
            if self.holds(master, key_of(answer.json["sse_token"])):
                tokens.append(answer.json["sse_token"])
        return tokens

    def single_use(self, one):
        """Its mark will be on the node which is going to die."""
        while True:
            token = one.calls.token(single_use=True)
            if all(self.holds(self.master(), key) for key in (key_of(token), used_mark(token))):
                return token

    def stays_used(self, instances, token):
        """Its mark is lost: nobody may take it for unused."""
        statuses = [answer.status for answer in check_everywhere(instances, token)]
        self.assertNotIn(200, statuses, "a token that was used up is accepted")
        return statuses == [403] * len(instances)

    def on_replicas(self, tokens) -> set:
        return {self.there(node, tokens) for node in self.replicas()}

    def meanwhile(self, issuer, others, lost, revoked, single):
        """Until somebody else is master: what the issuer and the others say of each. The issuer never refuses."""
        seen, old = {200: 0, 503: 0}, self.old
        turn = 0
        while True:
            token = lost[turn % len(lost)]
            turn += 1
            answer = issuer.calls.check(token)
            self.assertEqual(answer.status, 200, f"its issuer refuses a token: {answer}")
            for answer in check_everywhere(others, token):
                seen[answer.status] += 1
                self.assertNotEqual(answer.status, 403, "a lost token is refused for good")
            for one, answer in zip((issuer, *others), check_everywhere((issuer, *others), revoked)):
                self.assertEqual(answer.status, 403, f"a revoked token on {one.name}")
            self.stays_used((issuer, *others), single)
            now = self.master()
            if now is not old and now.role() == "master":
                self.promoted = time.monotonic()
                return f"{seen[200]} valid, {seen[503]} can't tell"
            time.sleep(0.005)

    def told_later(self, instances, revoked, last_id, streams):
        """The new master's stream may hand out ids below those that were heard; what is told from now on is heard."""
        all_well(instances)
        new = self.master()
        entries = new.ask("XRANGE", FEED, "-", "+")
        self.assertTrue(entries, "the revocations weren't written back")
        crosses_at_once(self, instances)
        (fresh,) = self.fleet(modes=("hybrid",), names=["late"])
        refused_everywhere(self, [fresh], [revoked], 0.5)
        begun = time.monotonic()
        until(lambda: instances[0].calls.publish("news", {"after": "failover"}).status == 202, 3, "events to be taken")
        for stream, one in zip(streams, instances):
            self.assertTrue(
                stream.wait(lambda each: any("failover" in event.data for event in each.named("news")), limit_s(3)),
                f"an event after the failover doesn't reach the stream on {one.name}",
            )
            stream.close()
        ids = ("below" if before(entries[-1][0], last_id) else "above") + " the last one heard"
        proof(
            f"{self.word}: then revocations cross in 250 ms, an instance that starts later refuses the revoked one, "
            f"events arrive {time.monotonic() - begun:.2f} s later at all streams (the feed's newest id is {ids})"
        )

    def test_waiting_for_replicas(self):
        """--redis-wait 1: who asks hears that no replica has the token."""
        a, _, c = self.fleet("--redis-wait", "1")
        for one in (a, c):
            self.issued(one, 10)
            self.assertEqual(redis_of(one)["wait_shortfalls"], 0, short(one))
        begun = time.monotonic()
        self.issued(a, 20)
        each = (time.monotonic() - begun) / 20
        self.cut_replication()
        for one in (a, c):
            until(lambda one=one: self.is_degraded(one), 2, lambda one=one: f"a degraded issue: {short(one)}")
            until(lambda one=one: redis_of(one)["wait_shortfalls"] >= 1, 2, lambda one=one: short(one))
            until(
                lambda one=one: one.calls.ready().json["components"]["topology"]["state"] == "degraded",
                12,
                lambda one=one: f"readyz to say that replicas are missing: {short(one)}",
            )
        said = a.calls.ready().json["components"]["topology"]["reason"]
        self.master().proxy.restore()
        for one in (a, c):
            until(
                lambda one=one: not any("degraded" in one.calls.issue().json for _ in range(9)),
                10,
                lambda one=one: f"no degraded issue any more: {short(one)}",
            )
        proof(
            f'{self.word}, --redis-wait 1: {each * 1e3:.1f} ms an issue; without replicas "degraded":true and "{said}"'
        )

    def is_degraded(self, one) -> bool:
        """Of a cluster only what belongs to the node without replicas."""
        answer = one.calls.issue()
        self.assertEqual(answer.status, 200, answer)
        self.assertLessEqual(answer.took, limit_s(0.25))
        token, degraded = answer.json["sse_token"], answer.json.get("degraded", False)
        self.assertEqual(degraded, self.holds(self.master(), key_of(token)), answer)
        return degraded


class AtSentinels(LostWrites, unittest.TestCase):
    kind, word = SentinelGroup, "Sentinel"

    def master(self):
        return self.group.master()

    def replicas(self):
        return self.group.replicas()

    def holds(self, master, key):
        return True


class AtACluster(LostWrites, unittest.TestCase):
    """What dies is the master of feed and events."""

    kind, word = RedisCluster, "Cluster"

    def master(self):
        return self.group.owner_of(FEED)

    def replicas(self):
        own_id = self.master().id
        lines = self.group.map(self.master()).values()
        ids = [line[0] for line in lines if line[3] == own_id and "fail" not in line[2]]
        return [node for node in self.group.nodes if node.id in ids]

    def holds(self, master, key):
        return self.group.owner_of(key) is master


def used_mark(token: str) -> str:
    return "vx11:operator:used:" + public_id(token)


def before(one: str, other: str) -> bool:
    return [int(part) for part in one.split("-")] < [int(part) for part in other.split("-")]


if __name__ == "__main__":
    done("lost writes")
