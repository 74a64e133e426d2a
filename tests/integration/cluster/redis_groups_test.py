#!/usr/bin/env python3
"""What vx11ctl says of a Sentinel group and of a Redis Cluster that are guarded as packaging/redis proposes: told by an
instance, and asked of Redis itself by the console's own user; well, and when a master dies."""

import sys
import tempfile
import unittest
from pathlib import Path

from cluster import ctl

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "topology"))
from highly_available import PASSWORD, SENTINEL_PASSWORD, USER, instances_over  # noqa: E402
from node import Security  # noqa: E402
from redis_cluster import RedisCluster, slot_of  # noqa: E402
from sentinel_group import SentinelGroup  # noqa: E402
from harness import finish, fleet, proof, until  # noqa: E402

CONSOLE = "vx11-console"
SECURITY = Security(PASSWORD, SENTINEL_PASSWORD, acl=True)


class Group:
    """What holds of both."""

    def setUp(self):
        self.group = self.enterContext(self.kind(security=SECURITY))
        (self.instance,) = self.enterContext(
            fleet(*instances_over(self.group.url, SECURITY, modes=("hybrid",)))
        )
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-redis-"))
        file = Path(folder, "sentinels")
        file.touch(0o600)
        file.write_text(SENTINEL_PASSWORD + "\n")
        self.variables = {"REDIS_PASSWORD": PASSWORD, "VX11_OPERATOR_SENTINEL_USERNAME": USER,
                          "VX11_OPERATOR_SENTINEL_PASSWORD_FILE": str(file)}

    def told(self) -> dict:
        """By the instance."""
        return ctl("redis", "--json", on=[self.instance]).json

    def asked(self) -> dict:
        """Of Redis itself, without a password in the arguments."""
        url = self.group.url.replace("://", f"://{CONSOLE}@")
        run = ctl("redis", "--json", "--redis", url, on=[self.instance], variables=self.variables)
        self.assertNotIn(PASSWORD, run.out + run.err)
        return run.json

    def both(self):
        return (("told", self.told), ("asked", self.asked))

    def become(self, what: str, wanted):
        for name, ask in self.both():
            until(lambda ask=ask: wanted(ask()), 20, lambda name=name, ask=ask: f"{what}, {name}: {ask()}")


class Sentinel(Group, unittest.TestCase):
    kind = SentinelGroup

    def test_a_group_and_its_failover(self):
        def well(said):
            states = [node["state"] for node in said["nodes"]]
            views = {(one["up"], one["master"], one["master_state"]) for one in said["sentinels"]}
            return (said["up"], states, len(said["sentinels"])) == (True, ["online"] * 3, 3) and views == {
                (True, said["address"], "ok")
            }

        self.become("a whole group", well)
        said = self.asked()
        self.assertEqual((said["topology"], said["told_by"]), ("sentinel", "redis"))
        self.assertEqual([node["role"] for node in said["nodes"]], ["master", "replica", "replica"])
        self.assertEqual({one["quorum"] for one in said["sentinels"]}, {2})
        self.assertEqual(said["master_name"], self.told()["master_name"])
        text = ctl("redis", on=[self.instance]).out
        for words in ("SENTINEL", "CAN FAIL OVER", "  127.0.0.1:", "replica", "failovers"):
            self.assertIn(words, text)

        old = self.group.master()
        old.kill()
        self.group.replaced(old)
        self.become("the new master", lambda said: said["up"] and said["address"] != old.address)
        said = self.told()
        self.assertEqual((said["failovers"], said["last_failover"]), (1, f"{old.address} to {said['address']}"))
        old.start()
        self.become("a whole group again", well)

        self.group.sentinels[2].kill()
        silent = self.group.sentinels[2].address
        self.become(
            "a sentinel that is silent",
            lambda said: [one["address"] for one in said["sentinels"] if not one["up"]] == [silent],
        )
        warning = [line for line in self.told()["warnings"] if silent in line]
        self.assertEqual(len(warning), 1)
        proof(f"Sentinel: 3 servers, 3 sentinels, told and asked; failover {self.told()['last_failover']}; {warning[0]}")


class Cluster(Group, unittest.TestCase):
    kind = RedisCluster

    def test_a_cluster_and_its_failover(self):
        def well(said):
            state = said["cluster"] or {}
            online = [node for node in said["nodes"] if node["state"] == "online"]
            return said["up"] and len(online) == 6 and (state.get("state"), state.get("slots_ok")) == ("ok", 16384)

        self.become("a whole cluster", well)
        said = self.asked()
        self.assertEqual((said["topology"], said["sentinels"]), ("cluster", []))
        masters = [node for node in said["nodes"] if node["role"] == "master"]
        self.assertEqual((len(masters), len({node["slots"] for node in masters})), (3, 3))
        self.assertTrue(all(node["keys"] is not None and node["used_memory"] > 0 for node in masters), masters)
        text = ctl("redis", on=[self.instance]).out
        for words in ("SLOTS", "0-", "16384 of 16384 slots served"):
            self.assertIn(words, text)

        old = self.group.owner(slot_of("{vx11:operator}"))
        old.kill()
        self.group.replaced(old, slot_of("{vx11:operator}"))
        until(lambda: self.told()["failovers"] == 1, 20, lambda: str(self.told()))
        self.become(
            "a replaced master",
            lambda said: said["up"] and any(one["address"] == old.address and one["state"] == "failed" for one in said["nodes"]),
        )
        warning = [line for line in self.told()["warnings"] if old.address in line]
        self.assertEqual(len(warning), 1)
        old.start()
        self.become("a whole cluster again", well)
        proof(f"Cluster: 3 masters, 3 replicas, told and asked; failover {self.told()['last_failover']}; {warning[0]}")


if __name__ == "__main__":
    finish("vx11ctl over Redis groups")
