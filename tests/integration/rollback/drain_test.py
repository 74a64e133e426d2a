#!/usr/bin/env python3
"""An instance with 300 streams behind a real nginx is asked to stop, under traffic: no request is aborted, and the
streams come back one after the other, however short the time to stop is (promise I12)."""

import contextlib
import signal
import time
import unittest
from pathlib import Path

from rollbacks import Instance, Load, Nginx, Redis, audit, finish, fleet, limit_s, proof, until

from event_sources import EventSources
from harness import free_port, spread
from rolling_restart_test import Traffic, numbers

STREAMS = 300
RATE = 150
WINDOW_S = 0.1
TIMES = 3  # the most that a window may hold, of what it holds on the average
STALL_S = 0.06  # a machine that stands still for longer makes a storm of its own
ATTEMPTS = 4


def most_in_a_window(moments) -> int:
    moments = sorted(moments)
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= WINDOW_S:
            first += 1
        most = max(most, last - first + 1)
    return most


def mean_of_windows(moments) -> float:
    return len(moments) * WINDOW_S / (max(moments) - min(moments))


class Drain(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())

    @contextlib.contextmanager
    def scene(self, stop_timeout: int):
        """Two instances behind nginx, all streams on the first; it is the one that stops."""
        common = (self.redis.url, "hybrid", "--ttl", "120", "--stop-timeout", str(stop_timeout))
        first = Instance("first", *common, threads=2)
        first.audit = Path(first.folder.name, "audit")
        first.arguments += ["--audit-log", first.audit]
        second = Instance("second", *common, threads=2, listen=f"127.0.0.1:{free_port()}")
        second.port = int(second.arguments[1].rpartition(":")[2])
        with fleet(first), Nginx([first, second], "max_fails=0", kept=16) as nginx:
            tokens = [first.calls.token() for _ in range(STREAMS)]
            with EventSources(nginx.port, tokens) as pages:
                until(lambda: pages.open_now() == STREAMS, 20, lambda: f"{pages.open_now()}: {pages.faults[:3]}")
                first.calls.close()
                with fleet(second):
                    yield first, second, nginx, pages

    def stopped(self, stop_timeout: int) -> dict:
        with self.scene(stop_timeout) as (first, second, nginx, pages):
            traffic = Traffic(nginx)
            with Load(RATE, traffic.next) as load:
                time.sleep(0.5)
                begun = time.monotonic()
                first.process.send_signal(signal.SIGTERM)
                code = first.process.wait(limit_s(stop_timeout + 5))
                took = time.monotonic() - begun
                until(lambda: pages.open_now() == STREAMS, 20, lambda: f"{pages.open_now()}: {pages.faults[:3]}")
            until(lambda: all(numbers(one) >= set(traffic.published) for one in pages.sources), 5, "the last events")
            self.assertEqual(code, 0)
            self.assertLess(took, limit_s(stop_timeout), first.log_lines())
            self.judge_requests(load, nginx)
            self.judge_streams(pages, nginx)
            drains = [entry["detail"] for entry in audit(first) if entry["action"] == "drain"]
            self.assertEqual(drains, ["SIGTERM"])
            return {"returns": [*pages.returns], "load": load, "took": took}

    def judge_requests(self, load, nginx):
        self.assertEqual([(request.method, request.path) for request in load.lost], [], "no answer")
        failed = [(request.method, answer) for request, answer in load.history if answer.status not in (200, 202)]
        self.assertEqual(failed, [], nginx.errors())

    def judge_streams(self, pages, nginx):
        self.assertEqual(pages.faults, [], nginx.errors())
        self.assertEqual(len(pages.returns), STREAMS, "each comes back once")
        self.assertTrue(all(back.attempts == 1 for back in pages.returns))
        self.assertEqual({one.instance for one in pages.sources}, {"second"})
        for one in pages.sources:
            names = [name for name, _ in one.events]
            self.assertEqual(names.count("drain"), 1, names)
        self.assertGreater(len({back.retry for back in pages.returns}), STREAMS / 3, "each its own time")
        self.assertLess(max(back.retry for back in pages.returns), 2.5, "a short wait")

    def judged(self, stop_timeout: int):
        """Nothing but the machine may make a storm: a run in which the test itself stood still tells nothing of it."""
        for _ in range(ATTEMPTS):
            run = self.stopped(stop_timeout)
            returns = run["returns"]
            tried = [back.tried for back in returns]
            most, mean = most_in_a_window(tried), mean_of_windows(tried)
            late = max(back.tried - back.ended - back.retry for back in returns)
            if most <= TIMES * mean or late < STALL_S:
                break
        self.assertLessEqual(most, TIMES * mean, f"the test was {late:.3f} s late at the most")
        proof(
            f"--stop-timeout {stop_timeout}: ended with 0 after {run['took']:.1f} s, 0 of {len(run['load'].history)} "
            f"requests aborted; {STREAMS} streams came back over {max(tried) - min(tried):.1f} s, at most {most} in "
            f"any 100 ms, {most / mean:.1f} times the mean; waits {spread(back.retry for back in returns)}"
        )

    def test_by_default(self):
        self.judged(10)

    def test_in_a_hurry(self):
        self.judged(2)


if __name__ == "__main__":
    finish("drain")
