#!/usr/bin/env python3
"""CPU a request and throughput of issue and check over one Redis, against nginx, bare hiredis and memory mode.

tests/bench/redis/run.py [--bin build/release/bin] [--rounds 5] [--seconds 3]

One run, interleaved: each round asks nginx, then the service in mode redis, hybrid and memory the same requests by wrk
over 64 connections, and then lets bare hiredis ask the same Redis the same commands, 64 of them on their way. The
service and hiredis have one core, wrk and Redis the other. Ratios are medians of the rounds' ratios, so that a
disturbance of the machine meets both sides. It ends by itself in about two minutes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/integration/redis"))
sys.path.insert(0, str(ROOT / "tests/bench/http"))
from harness import PRINCIPAL, Instance, Redis, fleet  # noqa: E402
from measure import LOAD_CORE, SERVER_CORE, Phase, pin, read_options  # noqa: E402
from nginx import Nginx  # noqa: E402

OUTSTANDING = 64
TOKENS = 500
LIFE_S = 5  # of the tokens that the load issues: Redis and a table of the usual size hold that many seconds of them
MODES = ("redis", "hybrid", "memory")
AIMS = {"check": 1.3, "issue": 1.4}


class Bare:
    """Throughput and CPU of hiredis alone, round by round."""

    def __init__(self, program, port):
        self.program, self.port = program, port
        self.rates, self.micros = {"check": [], "issue": []}, {"check": [], "issue": []}

    def measure(self, script, seconds):
        command = ["taskset", "-c", SERVER_CORE, self.program, script, self.port, OUTSTANDING, seconds]
        words = [str(word) for word in command]
        said = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 30)
        if said.returncode != 0:
            raise SystemExit(f"{self.program}: {said.stderr}")
        rate, micros = (float(word) for word in said.stdout.split())
        self.rates[script].append(rate)
        self.micros[script].append(micros)


def ratio(ours, theirs) -> float:
    return statistics.median(our / their for our, their in zip(ours, theirs))


def compare(script, servers, nginx, bare, options, environments):
    phases = {name: Phase() for name in ("nginx", *MODES)}
    plan = [("nginx", nginx), *((mode, servers[mode]) for mode in MODES)]
    for number in range(options.rounds):
        for name, server in plan if number % 2 == 0 else reversed(plan):
            phases[name].measure(server, script, options.seconds, environments[name], OUTSTANDING)
        bare.measure(script, options.seconds)
    theirs = phases["nginx"]
    for name in ("nginx", *MODES):
        phase = phases[name]
        print(
            f"{script}, {name}: {phase}; {ratio(phase.micros, theirs.micros):.2f} of nginx return 200",
            flush=True,
        )
    print(
        f"{script}, hiredis alone with {OUTSTANDING} on their way: {statistics.median(bare.rates[script]):,.0f}/s, "
        f"{statistics.median(bare.micros[script]):.2f} µs CPU each"
    )
    redis, hybrid, memory = (phases[mode] for mode in MODES)
    line = (
        f"{script}: mode redis costs {ratio(redis.micros, theirs.micros):.2f} of nginx (aim {AIMS[script]}), "
        f"its throughput is {ratio(redis.rates, bare.rates[script]):.2f} of bare hiredis"
    )
    if script == "check":
        line += f"; a hybrid hit costs {ratio(hybrid.micros, memory.micros):.2f} of memory mode"
    return line + f" (medians of {options.rounds} rounds)"


def main():
    options = read_options(__doc__)
    with tempfile.TemporaryDirectory(prefix="vx11-bench-") as folder, Redis() as redis, Nginx(folder) as nginx:
        common = ("--ttl", str(LIFE_S))
        made = [Instance(mode, None if mode == "memory" else redis.url, mode, *common) for mode in MODES]
        with fleet(*made) as instances:
            for pid in [nginx.pid, *(one.pid for one in instances)]:
                pin(pid, SERVER_CORE)
            pin(redis.process.pid, LOAD_CORE)
            environments = {}
            for one in instances:
                tokens = Path(folder, one.name)
                tokens.write_text("".join(one.calls.token(ttl_sec=300) + "\n" for _ in range(TOKENS)))
                environments[one.name] = {"TOKENS": str(tokens), "PRINCIPAL": PRINCIPAL}
            environments["nginx"] = environments["redis"]
            bare = Bare(Path(os.environ["VX11_BIN"], "vx11-bench-bare-redis"), redis.port)
            servers = {one.name: one for one in instances}
            lines = [compare(script, servers, nginx, bare, options, environments) for script in ("check", "issue")]
            print("\n".join(lines))


if __name__ == "__main__":
    main()
