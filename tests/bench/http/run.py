#!/usr/bin/env python3
"""CPU a request of check and issue against nginx answering a constant, and the memory of an idle stream.

tests/bench/http/run.py [--bin build/release/bin] [--rounds 5] [--seconds 3] [--streams 10000]

One run, interleaved: each round asks nginx and the service the same requests by wrk, one after the other, the server on
one core, wrk on another. CPU a request is utime + stime of the server over the requests answered; the ratio is the
median of the rounds' ratios, so that a disturbance of the machine meets both. It ends by itself in about two minutes.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parents[1] / "integration"))
from nginx import Nginx  # noqa: E402
from service import PRINCIPAL, Service, tool  # noqa: E402
from streams import idle_streams  # noqa: E402

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 32
TOKENS = 500
TICKS = os.sysconf("SC_CLK_TCK")


def pin(pid: int):
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {SERVER_CORE})


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(port: int, script: str, seconds: int, environment) -> int:
    """The requests that wrk had answered with 200; any other answer ends the run."""
    command = ["taskset", "-c", str(LOAD_CORE), tool("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command += ["-s", HERE / f"{script}.lua", f"http://127.0.0.1:{port}"]
    said = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=seconds + 30
    )
    found = re.search(r"(\d+) requests in", said.stdout)
    if not found or "Non-2xx" in said.stdout or "Socket errors" in said.stdout:
        raise SystemExit(f"{script}: {said.stdout}{said.stderr}")
    return int(found[1])


class Phase:
    """What one server spent on one kind of request, round by round."""

    def __init__(self):
        self.micros = []
        self.rates = []

    def measure(self, server, script, seconds, environment):
        before = cpu_seconds(server.pid)
        count = load(server.port, script, seconds, environment)
        self.micros.append((cpu_seconds(server.pid) - before) / count * 1e6)
        self.rates.append(count / seconds)


def compare(service, nginx, rounds, seconds, environment):
    for script in ("check", "issue"):
        ours, theirs = Phase(), Phase()
        for number in range(rounds):
            pair = [(theirs, nginx), (ours, service)]
            for phase, server in pair if number % 2 == 0 else reversed(pair):
                phase.measure(server, script, seconds, environment)
        ratio = statistics.median(our / their for our, their in zip(ours.micros, theirs.micros))
        print(
            f"{script}: {statistics.median(ours.micros):.2f} µs CPU a request, {statistics.median(ours.rates):,.0f}/s; "
            f"nginx return 200: {statistics.median(theirs.micros):.2f} µs, {statistics.median(theirs.rates):,.0f}/s; "
            f"ratio {ratio:.2f} (median of {rounds}, {min(ours.micros):.2f}-{max(ours.micros):.2f} "
            f"against {min(theirs.micros):.2f}-{max(theirs.micros):.2f})",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=ROOT / "build/release/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--streams", type=int, default=10_000)
    options = parser.parse_args()
    os.environ["VX11_BIN"] = str(Path(options.bin).resolve())
    os.environ.setdefault("VX11_TOOLS", str(ROOT / "build/tools"))
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("one core for the server and one for wrk are needed")

    with tempfile.TemporaryDirectory(prefix="vx11-bench-") as folder:
        with Service("--max-tokens", "100000000") as service, Nginx(folder) as nginx:
            pin(service.pid)
            pin(nginx.pid)
            tokens = Path(folder, "tokens")
            tokens.write_text("".join(service.issue(ttl_sec=300) + "\n" for _ in range(TOKENS)))
            compare(service, nginx, options.rounds, options.seconds, {"TOKENS": str(tokens), "PRINCIPAL": PRINCIPAL})
    with Service("--heartbeat", "5") as service:
        idle_streams(service, options.streams)


if __name__ == "__main__":
    main()
