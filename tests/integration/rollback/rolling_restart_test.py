#!/usr/bin/env python3
"""Three instances are restarted one after the other behind a real nginx, with traffic and 300 streams open: no request
fails, no event is missed, and every stream is back when it was told to come."""

import collections
import itertools
import random
import tempfile
import time
import unittest
from pathlib import Path

from rollbacks import Follower, Instance, Load, Nginx, Redis, Request, finish, fleet, limit_s, proof, steps, until

from event_sources import EventSources
from harness import patience, spread

STREAMS = 300
RATE = 150
LATE_S = 0.3  # the way through nginx and back, on a busy machine
OPERATION_S = 90
# A sanitizer's build is there for the code, and that is the same in all three ways.
once_a_sanitizer = unittest.skipIf(patience() > 1, "the way before is enough for a sanitizer")


class Restartable(Instance):
    """One that something outside starts again once it has ended, on its own port: as systemd would."""

    starts = 1

    def again(self):
        if self.process.wait(limit_s(5)) != 0:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}: {self.log.read_text()}")
        self.calls.close()
        self.port_file.unlink()
        self.arguments[1] = f"127.0.0.1:{self.port}"
        self.launch()
        self.ready()
        self.starts += 1


class Traffic:
    """Issues tokens, checks them, and publishes numbers, all through nginx."""

    def __init__(self, nginx):
        self.nginx, self.random = nginx, random.Random(10)
        self.tokens, self.numbers, self.published = [], itertools.count(), []

    def next(self):
        kind = self.random.random()
        if kind < 0.1:
            number = next(self.numbers)
            body = {"event": "number", "data": number}
            path = "/operator/api/events/publish"
            return Request(self.nginx.port, "POST", path, self.nginx.principal, body, number, self.accepted)
        if kind < 0.4 or not self.tokens:
            return Request.issue(self.nginx, done=self.issued)
        return Request.check(self.nginx, self.random.choice(self.tokens))

    def issued(self, _, answer):
        if answer.status == 200:
            self.tokens.append(answer.json["sse_token"])

    def accepted(self, request, answer):
        if answer.status == 202:
            self.published.append(request.what)


class RollingRestart(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        lives = ("--ttl", "120", "--max-ttl", "300")
        made = [Restartable(name, self.redis.url, "hybrid", *lives, threads=2) for name in "abc"]
        self.instances = self.enterContext(fleet(*made))
        self.wanted = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-restart-")))

    def restart(self, *words):
        """By vx11ctl, whose restart command leaves a note that is acted on here."""
        nginx = ("--balancer", self.nginx.url)
        again = ("--restart-command", f"touch {self.wanted}/{{id}}")
        with Follower(*nginx, "restart", "--yes", *again, *words, on=self.instances) as run:
            end = time.monotonic() + limit_s(OPERATION_S)
            while run.process.poll() is None:
                self.assertLess(time.monotonic(), end, "vx11ctl restart has no end")
                for one in self.instances:
                    note = self.wanted / one.name
                    if note.exists():
                        note.unlink()
                        one.again()
                time.sleep(0.02)
            run.reader.join()
            lines = [*run.events.queue]
        self.assertEqual((run.process.returncode, lines[-1]["result"]), (0, "done"), lines)
        for step in ("stop", "start"):
            self.assertEqual(steps(lines, step), ["a", "b", "c"], lines)

    def judged(self, way: str, *words):
        tokens = [self.instances[number % 3].calls.token(ttl_sec=300) for number in range(STREAMS)]
        traffic = Traffic(self.nginx)
        with EventSources(self.nginx.port, tokens) as pages:
            until(lambda: pages.open_now() == STREAMS, 10, lambda: f"{pages.open_now()} streams: {pages.faults[:3]}")
            with Load(RATE, traffic.next) as load:
                time.sleep(1)
                begun = time.monotonic()
                self.restart(*words)
                took = time.monotonic() - begun
                until(lambda: pages.open_now() == STREAMS, 5, lambda: f"{pages.open_now()} streams: {pages.faults[:3]}")
            until(lambda: all(numbers(page) >= set(traffic.published) for page in pages.sources), 3, "the last events")

        self.assertEqual([one.starts for one in self.instances], [2, 2, 2])
        self.judge_requests(load)
        late = self.judge_streams(pages)
        for page in pages.sources:
            seen = [data for name, data in page.events if name == "number"]
            self.assertEqual(len(seen), len(set(seen)), "an event came twice")
        kinds = collections.Counter(request.method for request, _ in load.history)
        latencies = spread(answer.took for _, answer in load.history)
        waited = [back.retry for back in pages.returns]
        proof(
            f"{way}: three instances restarted in {took:.1f} s, 0 of {len(load.history)} requests failed "
            f"({kinds['POST']} of them POST; {latencies}), {len(pages.returns)} returns of {STREAMS} streams, each at "
            f"its first attempt after the {min(waited):.1f} to {max(waited):.1f} s that it was told to wait, at most "
            f"{max(late) * 1e3:.0f} ms late; each had all {len(traffic.published)} events"
        )

    def judge_requests(self, load):
        self.assertEqual([(request.method, request.path) for request in load.lost], [], "no answer")
        failed = [(request.method, answer) for request, answer in load.history if answer.status not in (200, 202)]
        self.assertEqual(failed, [], self.nginx.errors())

    def judge_streams(self, pages) -> list:
        self.assertEqual(pages.faults, [], self.nginx.errors())
        self.assertGreaterEqual(len(pages.returns), STREAMS)
        self.assertTrue(all(back.attempts == 1 for back in pages.returns))
        late = [back.late for back in pages.returns]
        self.assertLess(max(late), limit_s(LATE_S))
        self.assertLess(max(back.retry for back in pages.returns), 2.5, "a short wait")
        return late

    def test_out_of_the_upstream(self):
        self.nginx = self.enterContext(Nginx(self.instances))
        before = self.nginx.servers()
        self.judged("taken out of the upstream meanwhile", *self.nginx.words)
        self.assertEqual((self.nginx.servers(), self.nginx.sticky()), (before, False))

    @once_a_sanitizer
    def test_nginx_finds_out_by_itself(self):
        self.nginx = self.enterContext(Nginx(self.instances, "max_fails=0", kept=16))
        self.judged("left in the upstream, its connections kept")
        self.assertEqual(self.nginx.file.read_bytes(), self.nginx.before)

    @once_a_sanitizer
    def test_nginx_leaves_out_whom_it_could_not_reach(self):
        """By its defaults, for ten seconds: the next instance isn't stopped before."""
        self.nginx = self.enterContext(Nginx(self.instances, "max_fails=1 fail_timeout=10s"))
        self.judged("left in the upstream, by nginx' defaults")


def numbers(page) -> set:
    return {int(data) for name, data in [*page.events] if name == "number"}


if __name__ == "__main__":
    finish("rolling restart")
