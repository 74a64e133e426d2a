#!/usr/bin/env python3
"""What a cluster costs the service: CPU a request of issue and check over three masters, against a single Redis.

tests/bench/redis/cluster.py [--bin build/release/bin] [--rounds 5] [--seconds 3]

One run, interleaved: each round asks an instance in mode redis over a single server and one over a cluster of three
masters the same requests by wrk over 64 connections. The service has one core, wrk and the servers the other. Ratios
are medians of the rounds' ratios, so that a disturbance of the machine meets both sides. It ends by itself in about
a minute and a half.
"""

import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
for folder in ("tests/integration/redis", "tests/integration/topology", "tests/bench/http"):
    sys.path.insert(0, str(ROOT / folder))
from harness import PRINCIPAL, Instance, Redis, fleet  # noqa: E402
from measure import LOAD_CORE, SERVER_CORE, Phase, pin, read_options  # noqa: E402

CONNECTIONS = 64
TOKENS = 500
LIFE_S = 5  # of the tokens that the load issues: the servers and a table of the usual size hold that many seconds
AIM = 1.3


def compare(script, instances, options, environments) -> str:
    single, cluster = phases = [Phase(), Phase()]
    for number in range(options.rounds):
        pairs = list(zip(phases, instances))
        for phase, one in pairs if number % 2 == 0 else reversed(pairs):
            phase.measure(one, script, options.seconds, environments[one.name], CONNECTIONS)
    for phase, one in zip(phases, instances):
        print(f"{script}, {one.name}: {phase}", flush=True)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(cluster.micros, single.micros))
    return f"{script}: over a cluster of three it costs {ratio:.2f} of a single Redis (aim {AIM})"


def main():
    options = read_options(__doc__)
    from redis_cluster import RedisCluster  # looks at the program that VX11_BIN names

    masters = RedisCluster(replicas=False)
    with tempfile.TemporaryDirectory(prefix="vx11-bench-") as folder, Redis() as redis, masters:
        common = ("redis", "--ttl", str(LIFE_S))
        made = [Instance("single", redis.url, *common), Instance("cluster", masters.url, *common)]
        with fleet(*made) as instances:
            for one in instances:
                pin(one.pid, SERVER_CORE)
            for server in (redis, *masters.nodes):
                pin(server.process.pid, LOAD_CORE)
            environments = {}
            for one in instances:
                tokens = Path(folder, one.name)
                tokens.write_text("".join(one.calls.token(ttl_sec=300) + "\n" for _ in range(TOKENS)))
                environments[one.name] = {"TOKENS": str(tokens), "PRINCIPAL": PRINCIPAL}
            lines = [compare(script, instances, options, environments) for script in ("check", "issue")]
            print("\n".join(f"{line} (median of {options.rounds} rounds)" for line in lines))


if __name__ == "__main__":
    main()
