#!/usr/bin/env python3
"""CPU a request of check and issue against nginx answering a constant, and the memory of an idle stream.

tests/bench/http/run.py [--bin build/release/bin] [--rounds 5] [--seconds 3] [--streams 10000]

One run, interleaved: each round asks nginx and the service the same requests by wrk, one after the other, the server on
one core, wrk on another. CPU a request is utime + stime of the server over the requests answered; the ratio is the
median of the rounds' ratios, so that a disturbance of the machine meets both. It ends by itself in about two minutes.
"""

import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "integration"))
from measure import Phase, pin, read_options  # noqa: E402
from nginx import Nginx  # noqa: E402
from service import PRINCIPAL, Service  # noqa: E402
from streams import idle_streams  # noqa: E402

TOKENS = 500


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
    options = read_options(__doc__, streams=10_000)
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
