"""A Redis Cluster of masters with a replica each: real programs, joined by hand as redis-cli takes seconds for it."""

import contextlib
import sys
import time

from node import HOST, Node, RedisError, Security
from harness import limit_s, steady_port, until

SLOTS = 16_384
NODE_TIMEOUT_MS = int(limit_s(1000))


def slot_of(key: str) -> int:
    """CRC-16 (XMODEM) of the key, or of its hash tag."""
    begin = key.find("{")
    end = key.find("}", begin + 1)
    if begin >= 0 and end > begin + 1:
        key = key[begin + 1 : end]
    crc = 0
    for byte in key.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
    return (crc & 0xFFFF) % SLOTS


class RedisCluster:
    """Runs from `with` to its end. The first `size` nodes begin as masters. A node that was killed and starts again
    knows its cluster and has lost what it held. `proxied`: see SentinelGroup."""

    def __init__(self, masters=3, security=None, proxied=False, arguments=(), replicas=True):
        self.security = security or Security()
        self.size = masters
        options = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]
        options += ["--cluster-node-timeout", NODE_TIMEOUT_MS, "--cluster-announce-ip", HOST, *arguments]
        if self.security.tls:
            options += ["--tls-cluster", "yes"]
        self.nodes = []
        for _ in range(2 * masters if replicas else masters):
            self.nodes.append(Node(*options, security=self.security, proxied=proxied))
            self.nodes[-1].bus_port = steady_port()
            self.nodes[-1].arguments += ["--cluster-port", self.nodes[-1].bus_port]
            if proxied:
                kind = "tls-port" if self.security.tls else "port"
                self.nodes[-1].arguments += [f"--cluster-announce-{kind}", self.nodes[-1].own_port]
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        for node in self.nodes:
            self.stack.enter_context(node)
            if node.proxy:
                self.stack.enter_context(node.proxy)
            node.launch()
        for node in self.nodes:
            node.answers()
            node.id = node.ask("CLUSTER", "MYID")
        share = -(-SLOTS // self.size)
        for number, node in enumerate(self.nodes):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            if number < self.size:
                node.ask("CLUSTER", "ADDSLOTSRANGE", number * share, min(SLOTS, (number + 1) * share) - 1)
        for node in self.nodes:
            for other in self.nodes:
                if other is not node:
                    node.ask("CLUSTER", "MEET", HOST, other.own_port, other.bus_port)
        until(lambda: all(len(self.map(node)) == len(self.nodes) for node in self.nodes), 10, "all to know each other")
        for number, node in enumerate(self.nodes[self.size :]):
            master = self.nodes[number]
            until(lambda one=node, its=master: replicate(one, its), 10, "a replica to know its master")
        until(self.complete, 20, lambda: f"the cluster to be well: {self.state()}")
        return self

    def __exit__(self, *_):
        self.stack.close()

    @property
    def url(self) -> str:
        """Without credentials; a master and two replicas are named, which is enough to find all."""
        seeds = ",".join(node.address for node in self.nodes[: self.size])
        return f"redis{'s' * bool(self.security.tls)}+cluster://{seeds}"

    def map(self, node) -> dict:
        """The lines of CLUSTER NODES, as words, by their ids."""
        return {line.split()[0]: line.split() for line in node.ask("CLUSTER", "NODES").splitlines()}

    def state(self) -> list:
        return [node.ask("CLUSTER", "NODES") for node in self.nodes if node.alive][:1]

    def complete(self) -> bool:
        """Does every living node see all slots served, all nodes well, and each master with a replica that follows?"""
        for node in self.nodes:
            if not node.alive:
                continue
            try:
                if "cluster_state:ok" not in node.ask("CLUSTER", "INFO"):
                    return False
                lines = self.map(node).values()
                if any("fail" in line[2] or "handshake" in line[2] for line in lines):
                    return False
                if sum("slave" in line[2] for line in lines) != len(self.nodes) - self.size:
                    return False
                if node.role() == "replica" and node.info("replication")["master_link_status"] != "up":
                    return False
            except (OSError, RedisError):
                return False
        return True

    def masters(self) -> list:
        return [node for node in self.nodes if node.alive and node.role() == "master"]

    def owner(self, slot: int) -> Node:
        """The master of a slot, as a living node says."""
        asked = next(node for node in self.nodes if node.alive)
        for first, last, (_, _, own_id, *_), *_ in asked.ask("CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return next(node for node in self.nodes if node.id == own_id)
        raise AssertionError(f"nobody serves slot {slot}")

    def owner_of(self, key: str) -> Node:
        return self.owner(slot_of(key))

    def replaced(self, old, slot: int, seconds=15) -> float:
        """Waits until every living node names another, living master of this slot; the seconds it took."""

        def told(node):
            for first, last, (_, _, own_id, *_), *_ in node.ask("CLUSTER", "SLOTS"):
                if first <= slot <= last:
                    return own_id != old.id and "cluster_state:ok" in node.ask("CLUSTER", "INFO")
            return False

        return until(lambda: all(told(node) for node in self.nodes if node.alive), seconds, f"a new master of {slot}")

    @contextlib.contextmanager
    def moving(self, slot: int, target):
        """Gives whose the slot is until the end; meanwhile its keys may be at either."""
        source = self.owner(slot)
        target.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
        source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
        yield source
        for node in (target, source, *(one for one in self.masters() if one not in (source, target))):
            node.ask("CLUSTER", "SETSLOT", slot, "NODE", target.id)

    def move_keys(self, slot: int, source, target, most=1000) -> int:
        password = self.security.password
        guard = ("AUTH2", self.security.user("admin"), password) if password else ()
        keys = source.ask("CLUSTER", "GETKEYSINSLOT", slot, most)
        if keys:
            source.ask("MIGRATE", HOST, target.own_port, "", 0, 2000, *guard, "KEYS", *keys)
        return len(keys)

    def migrate(self, slot: int, target, pause_s=0.0) -> int:
        """Moves a slot as redis-cli does, but for `pause_s` half of its keys are at either. How many keys moved."""
        with self.moving(slot, target) as source:
            half = source.ask("CLUSTER", "COUNTKEYSINSLOT", slot) // 2
            moved = self.move_keys(slot, source, target, half)
            time.sleep(pause_s)
            while more := self.move_keys(slot, source, target):
                moved += more
        return moved


def replicate(node, master) -> bool:
    try:
        return node.ask("CLUSTER", "REPLICATE", master.id) == "OK"
    except RedisError:
        return False


if __name__ == "__main__":
    begun = time.monotonic()
    guarded = Security("data-nodes-password", acl=True)
    with RedisCluster(security=guarded if "--acl" in sys.argv else None) as cluster:
        print(f"{cluster.url}: well after {time.monotonic() - begun:.2f} s", flush=True)
        begun, key = time.monotonic(), "{vx11:operator}:feed"
        old = cluster.owner_of(key)
        old.ask("XADD", key, "*", "kind", "token")
        target = next(node for node in cluster.masters() if node is not old)
        print(f"{cluster.migrate(slot_of(key), target, 0.1)} key moved; {target.ask('XLEN', key)} there", flush=True)
        lost = next(slot for slot in range(SLOTS) if cluster.owner(slot) is old)
        old.kill()
        print(f"replaced after {cluster.replaced(old, lost):.2f} s", flush=True)
        old.start()
        until(cluster.complete, 15, lambda: f"whole again: {cluster.state()}")
        print(f"whole again after {time.monotonic() - begun:.2f} s")
