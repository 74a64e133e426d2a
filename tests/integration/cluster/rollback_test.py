#!/usr/bin/env python3
"""vx11ctl rollback over three instances under traffic: hybrid, memory, hybrid; and what an abort leaves behind.

Each token is checked to the end of its life on its issuer, and on the others. An instance could know a token that it
issued, and one that was issued in hybrid mode while it reads Redis: in hybrid mode, and after it until the drain window
is over. When each instance changed its mode is read from its own log.
"""

import collections
import contextlib
import random
import signal
import subprocess
import time
import unittest
from datetime import datetime

from cluster import Follower, command, ctl, environment, matrix

from harness import PRINCIPAL, Instance, Redis, TcpProxy, finish, fleet, proof, until
from load import Load, Request

LIFE_S = 4
MAX_LIFE_S = 6  # the drain window
ISSUES_PER_S = 20
CHECKS_S = (0.0, 0.4, 1.5, 3.2)  # after the issue: on the issuer, and on another
EDGE_S = 0.01  # log lines tell milliseconds
SLOW_S = 0.05  # of the way to an instance, so that an abort meets a change half done


class Traffic:
    """Issues tokens and has each checked; judges when all is over."""

    def __init__(self, instances):
        self.instances, self.load = instances, None
        self.random = random.Random(4)
        self.checks, self.failed = [], []
        self.to_wall = time.time() - time.monotonic()

    def next(self):
        one = self.random.choice(self.instances)
        return Request.issue(one, what=one, done=self.issued, ttl_sec=LIFE_S)

    def issued(self, request, answer):
        if answer.status != 200:
            return self.failed.append((request.what.name, answer))
        others = [one for one in self.instances if one is not request.what]
        for after in CHECKS_S:
            for target in (request.what, self.random.choice(others)):
                what = (request.what, answer, target)
                check = Request.check(target, answer.json["sse_token"], what, self.checked)
                self.load.later(after, check)

    def checked(self, request, answer):
        self.checks.append((*request.what, answer))

    def hybrid_spans(self, one) -> list:
        """[(from, to)] in wall time."""
        spans, begun = [], 0.0
        for line in one.log_lines():
            if line["event"] != "mode_changed":
                continue
            at = datetime.fromisoformat(line["time"]).timestamp()
            if line["from"] == "hybrid":
                spans.append((begun, at))
            elif line["to"] == "hybrid":
                begun = at
        return [*spans, (begun, float("inf"))]

    def judge(self):
        """(counts by kind, what was refused though the instance could know it)."""
        spans = {one: self.hybrid_spans(one) for one in self.instances}
        counts, refused = collections.Counter(), []
        for issuer, issue, target, check in self.checks:
            if check.received > issue.sent + LIFE_S - 0.05:
                continue  # its life may be over
            issued = [moment + self.to_wall for moment in (issue.sent, issue.received)]
            asked = [moment + self.to_wall for moment in (check.sent, check.received)]
            in_redis = any(begun + EDGE_S < issued[0] and issued[1] < ended - EDGE_S for begun, ended in spans[issuer])
            reads_it = any(
                begun + EDGE_S < asked[0] and asked[1] < ended + MAX_LIFE_S - EDGE_S for begun, ended in spans[target]
            )
            kind = "issuer" if target is issuer else "other" if in_redis and reads_it else "could not know"
            counts[kind] += 1
            if check.status != 200 and (kind != "could not know" or check.status != 403):
                refused.append((issuer.name, target.name, kind, check.sent - issue.received, check.status, check.body))
        return counts, refused


def modes(instances) -> list:
    return [one.calls.internal("mode")["mode"] for one in instances]


def steps(lines, step, state="done") -> list:
    return [line["instance"] for line in lines if line.get("step") == step and line["state"] == state]


class Rollback(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        lives = ("--ttl", str(LIFE_S), "--max-ttl", str(MAX_LIFE_S))
        self.three = self.enterContext(fleet(*(Instance(name, self.redis.url, "hybrid", *lives) for name in "abc")))
        self.a = self.three[0]

    def roll(self, to):
        run = ctl("rollback", "--to", to, "--yes", "--json", "--watch-seconds", 0, on=[self.a])
        self.assertEqual((run.code, run.lines[-1]["result"]), (0, "done"), run)
        self.assertEqual(modes(self.three), [to] * 3)
        for step in ("switch", "gate"):
            self.assertEqual(sorted(steps(run.lines, step)), ["a", "b", "c"], run.out)
        self.assertEqual(len(steps(run.lines, "matrix")), 1)
        self.assertEqual(sorted(one["instance"] for one in run.lines if one.get("step") == "restore"), [])
        return run.took

    def aborted(self, by):
        """Ended after the second instance is changed: (its exit code, its lines, the modes then)."""
        words = ("rollback", "--to", "memory", "--yes")
        with slow_ways(self.three) as ways, Follower(*words, on=ways) as run:
            run.until(lambda line: line.get("step") == "switch" and (line["instance"], line["state"]) == ("b", "done"))
            changed = modes(self.three)
            run.process.send_signal(by)
            run.until(lambda line: "result" in line)
            return run.process.wait(10), run.seen, changed

    def test_there_and_back_under_traffic(self):
        until(lambda: len(self.a.calls.internal("instances")["instances"]) == 3, 8, "the registry to know all three")
        traffic = Traffic(self.three)
        begun = time.monotonic()
        load = traffic.load = Load(ISSUES_PER_S, traffic.next)
        with load:
            time.sleep(2)
            took = [self.roll("memory")]
            time.sleep(3)
            took.append(self.roll("hybrid"))
            time.sleep(3)
            code, lines, changed = self.aborted(signal.SIGINT)
            time.sleep(2)
            lasted = time.monotonic() - begun
        self.assertEqual((code, lines[-1]["result"], lines[-1]["restored"]), (1, "aborted", True), lines)
        self.assertEqual(changed, ["memory", "memory", "hybrid"], "when it was aborted")
        self.assertIn("b", steps(lines, "restore"))
        self.assertIn("a", steps(lines, "restore"))
        self.assertEqual(modes(self.three), ["hybrid"] * 3)

        counts, refused = traffic.judge()
        self.assertEqual((load.lost, traffic.failed), ([], []), "requests without an answer, issues that failed")
        rate = len(load.history) / lasted
        self.assertGreater(rate, 100)
        self.assertGreater(min(counts["issuer"], counts["other"]), 300, counts)
        self.assertGreater(counts["could not know"], 50, "memory mode is another than hybrid")
        self.assertEqual(refused, [], f"{len(refused)} valid tokens refused of {counts}")
        proof(
            f"hybrid to memory in {took[0] * 1e3:.0f} ms and back in {took[1] * 1e3:.0f} ms, and an abort after two of three, under "
            f"{rate:.0f} requests/s: 0 valid tokens refused by an instance that could know them, of {counts['issuer']} "
            f"checks on issuers and {counts['other']} on others ({counts['could not know']} on others that could not); "
            "aborted: exit 1, all three back in hybrid"
        )

    def test_however_it_ends(self):
        """A terminal that is closed, a kill, a reader of the results that goes away."""
        for number in (signal.SIGHUP, signal.SIGTERM):
            code, lines, changed = self.aborted(number)
            self.assertEqual((code, lines[-1]["result"]), (1, "aborted"), lines)
            self.assertEqual(changed, ["memory", "memory", "hybrid"])
            self.assertEqual(modes(self.three), ["hybrid"] * 3)
        with slow_ways(self.three) as ways:
            words = command(("rollback", "--to", "memory", "--yes", "--json"), ways)
            quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
            with subprocess.Popen(words, env=environment(PRINCIPAL), **quiet) as run:
                for line in run.stdout:
                    if '"switch"' in line and '"done"' in line:
                        break
                run.stdout.close()
                self.assertEqual(run.wait(10), 1)
        self.assertEqual(modes(self.three), ["hybrid"] * 3)
        proof("SIGHUP, SIGTERM and a closed pipe put back too")

    def test_a_failed_check_puts_back(self):
        with slow_ways(self.three) as ways:
            ways[2].forbid(rb"POST /operator/api/events/sse-token")  # its gate can't be passed
            with Follower("rollback", "--to", "memory", on=ways) as run:
                run.until(
                    lambda line: line.get("step") == "gate" and (line["instance"], line["state"]) == ("c", "failed")
                )
                ways[2].restore()
                last = run.until(lambda line: "result" in line)
                self.assertEqual(run.process.wait(10), 1)
        self.assertEqual((last["result"], last["restored"]), ("aborted", True), last)
        self.assertEqual(steps(run.seen, "restore"), ["c", "b", "a"])
        self.assertEqual(modes(self.three), ["hybrid"] * 3)
        self.assertEqual(matrix(on=self.three)[1]["verdict"], "whole")
        proof("a gate that fails: aborted by itself, undone in reverse order, whole again")

    def test_nothing_is_begun(self):
        run = ctl("rollback", "--to", "memory", "--dry-run", "--json", on=self.three)
        self.assertEqual((run.code, run.lines[-1]["result"]), (0, "done"), run)
        self.assertEqual(steps(run.lines, "switch", "planned"), ["a", "b", "c"])
        self.assertEqual(modes(self.three), ["hybrid"] * 3)

        held = self.three[1].calls.mode("hybrid", operation_id="somebody-elses", owner="night shift")
        self.assertEqual(held.status, 200, held)
        run = ctl("rollback", "--to", "memory", "--yes", "--json", on=self.three)
        self.assertEqual((run.code, run.lines[-1]["result"]), (1, "refused"), run)
        self.assertIn("night shift", run.lines[-1]["reason"])
        self.assertEqual(modes(self.three), ["hybrid"] * 3)

        self.three[2].stop()
        run = ctl("rollback", "--to", "memory", "--yes", "--json", on=self.three)
        self.assertEqual((run.code, run.lines[-1]["result"]), (1, "refused"), run)
        self.assertEqual(modes(self.three[:2]), ["hybrid"] * 2)
        proof("a dry run, another's operation and a dead instance: nothing changed")


class Slow(TcpProxy):
    """A way to an instance that takes its time."""

    def __init__(self, instance):
        super().__init__(instance.port)
        self.delay_s = SLOW_S
        self.url = f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def slow_ways(instances):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Slow(one)) for one in instances]


if __name__ == "__main__":
    finish("rollback")
