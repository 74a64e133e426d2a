"""A master, its replicas and their sentinels: real programs that notice a death within half a second."""

import contextlib
import secrets
import sys
import time

from node import HOST, Node, RedisError, Security, Sentinel
from harness import limit_s, until

MASTER_NAME = "mymaster"
DOWN_AFTER_MS = int(limit_s(500))
# The sentinels' own rhythm, quicker than its 10 and 2 s: an old master that returns is told so within seconds. And a
# machine that stood still for 2 s isn't suspicious for half a minute.
RHYTHM = "INFO-PERIOD 500 PUBLISH-PERIOD 250 ASK-PERIOD 200 PING-PERIOD 200 TILT-PERIOD 1000".split()


class SentinelGroup:
    """Runs from `with` to its end. Each of `nodes` may be killed and started again; it forgets what it held.

    `proxied`: everybody reaches each node through a proxy of its own, so that the replicas alone can be cut off.
    """

    def __init__(self, nodes=3, sentinels=3, security=None, proxied=False, arguments=()):
        self.security = security or Security()
        self.nodes = [Node(*arguments, security=self.security, proxied=proxied) for _ in range(nodes)]
        for node in self.nodes:
            node.arguments += ["--replica-announce-ip", HOST, "--replica-announce-port", node.own_port]
        self.ids = [secrets.token_hex(20) for _ in range(sentinels)]
        self.size = sentinels
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        for node in self.nodes:
            self.stack.enter_context(node)
            if node.proxy:
                self.stack.enter_context(node.proxy)
            node.launch()
        for node in self.nodes:
            node.answers()
        for node in self.nodes[1:]:
            node.ask("REPLICAOF", HOST, self.nodes[0].own_port)
        self.sentinels = [Sentinel(self.security) for _ in range(self.size)]
        for number, sentinel in enumerate(self.sentinels):
            self.stack.enter_context(sentinel)
            self.configure(sentinel, number)
            sentinel.launch()
        for sentinel in self.sentinels:
            self.wakes(sentinel)
        until(self.complete, 10, lambda: f"the sentinels to know all: {self.views()}")
        return self

    def __exit__(self, *_):
        self.stack.close()

    def configure(self, sentinel, number):
        """Everybody is known from the start: meeting by messages would take seconds."""
        master, *replicas = self.nodes
        name = MASTER_NAME
        lines = [f"sentinel myid {self.ids[number]}", f"sentinel monitor {name} {HOST} {master.own_port} 2"]
        lines.append(f"sentinel down-after-milliseconds {name} {DOWN_AFTER_MS}")
        lines.append(f"sentinel failover-timeout {name} 2000")
        if self.security.password:
            lines.append(f"sentinel auth-user {name} {self.security.user('sentinel')}")
            lines.append(f"sentinel auth-pass {name} {self.security.password}")
        lines += [f"sentinel known-replica {name} {HOST} {one.own_port}" for one in replicas]
        others = [(one, self.ids[place]) for place, one in enumerate(self.sentinels) if one is not sentinel]
        lines += [f"sentinel known-sentinel {name} {HOST} {one.own_port} {own_id}" for one, own_id in others]
        sentinel.configure(lines)

    def wakes(self, sentinel):
        sentinel.answers()
        sentinel.ask("SENTINEL", "DEBUG", *RHYTHM)

    def revive(self, sentinel):
        sentinel.launch()
        self.wakes(sentinel)

    @property
    def url(self) -> str:
        """Without credentials."""
        seeds = ",".join(one.address for one in self.sentinels)
        return f"redis{'s' * bool(self.security.tls)}+sentinel://{seeds}/{MASTER_NAME}/0"

    def view(self, sentinel) -> dict:
        words = sentinel.ask("SENTINEL", "MASTER", MASTER_NAME)
        return dict(zip(words[::2], words[1::2]))

    def views(self) -> list:
        return [self.view(one) for one in self.sentinels if one.alive]

    def complete(self) -> bool:
        """Does every living sentinel see all there is, and see it well?"""
        for sentinel in self.sentinels:
            if not sentinel.alive:
                continue
            try:
                seen = self.view(sentinel)
                usable = sentinel.ask("SENTINEL", "CKQUORUM", MASTER_NAME).startswith("OK")
                words = [dict(zip(one[::2], one[1::2])) for one in sentinel.ask("SENTINEL", "REPLICAS", MASTER_NAME)]
            except (OSError, RedisError):
                return False
            linked = sum(one["master-link-status"] == "ok" and one["flags"] == "slave" for one in words)
            counts = (int(seen["num-slaves"]), int(seen["num-other-sentinels"]), linked)
            if seen["flags"] != "master" or not usable or counts != (len(self.nodes) - 1, self.size - 1, linked):
                return False
            if linked < len(self.nodes) - 1:
                return False
        return True

    def master(self) -> Node:
        """Who the sentinels say it is."""
        for sentinel in self.sentinels:
            if sentinel.alive:
                _, port = sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME)
                return next(node for node in self.nodes if node.own_port == int(port))
        raise AssertionError("no sentinel lives")

    def replicas(self) -> list:
        return [node for node in self.nodes if node.alive and node.role() == "replica"]

    def replaced(self, old, seconds=15) -> float:
        """Waits until a living node other than `old` is the master that the sentinels name; the seconds it took."""
        return until(
            lambda: (now := self.master()) is not old and now.role() == "master", seconds, "another node to be master"
        )


if __name__ == "__main__":
    guarded = Security("data-nodes-password", "sentinels-password", acl=True)
    with SentinelGroup(security=guarded if "--acl" in sys.argv else None) as group:
        begun = time.monotonic()
        old = group.master()
        old.kill()
        print(f"{group.url}: replaced after {group.replaced(old):.2f} s", flush=True)
        old.start()
        until(lambda: old.role() == "replica", 15, "the old master to be a replica")
        until(group.complete, 15, lambda: f"whole again: {group.views()}")
        print(f"whole again after {time.monotonic() - begun:.2f} s")
