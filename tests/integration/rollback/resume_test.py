#!/usr/bin/env python3
"""vx11ctl is killed at each step, in the middle of it or just after it: `rollback --resume` ends what was begun, and no
step has its effect twice."""

import concurrent.futures
import contextlib
import signal
import tempfile
import time
import unittest

from rollbacks import Follower, Redis, changes, ctl, finish, limit_s, modes, proof, result, three

from harness import patience

STEPS = """look lock route reload sticky switch:a gate:a switch:b gate:b matrix drain watch release"""
WORDS = ("--yes", "--watch-seconds", 1)
FLEETS = 3


def name(line) -> str:
    return ":".join(filter(None, (line.get("step"), line.get("instance"))))


class Place:
    """Two instances behind nginx, and a folder of its own for what is left of operations."""

    def __init__(self, redis, stack):
        lives = ("--ttl", "1", "--max-ttl", "1")
        self.instances, self.nginx = stack.enter_context(three(redis.url, "hybrid", *lives, names="ab"))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vx11-state-"))
        self.options = {"on": self.instances, "variables": {"XDG_STATE_HOME": folder}}
        self.words = ("--balancer", self.nginx.url, "rollback")

    def killed(self, step: str, state: str):
        """Whether it was, at that moment."""
        words = (*self.words, "--to", "memory", *WORDS, *self.nginx.words)
        with Follower(*words, **self.options) as run:
            reached = run.until(
                lambda line: "result" in line or (name(line), line["state"]) in {(step, state), (step, "done")}, 30
            )
            run.process.kill()
            run.process.wait()
        if "result" in reached:
            raise AssertionError(f"{step} {state}: it was over: {run.seen}")

    def again(self):
        self.nginx.put_back()
        for one in self.instances:
            answer = one.calls.mode("hybrid")
            if answer.status != 200:
                raise AssertionError(answer)

    def round(self, step: str, state: str) -> str:
        """The checksum of the nginx file at the end."""
        before = [len(changes(one)) for one in self.instances]
        self.killed(step, state)
        again = ("--resume", "--yes", "--json")
        if (step, state) == ("look", "running") and modes(self.instances) == ["hybrid"] * 2:
            again = ("--to", "memory", *WORDS, "--json", *self.nginx.words)  # nothing was begun yet
        run = ctl(*self.words, *again, **self.options)
        where = f"killed when {step} was {state}: {run}"
        if result(run) != (0, "done") or modes(self.instances) != ["memory"] * 2:
            raise AssertionError(where)
        made = [changes(one)[count:] for one, count in zip(self.instances, before)]
        if made != [[("hybrid", "memory")]] * 2:
            raise AssertionError(f"{made}: {where}")
        if not (self.nginx.sticky() and len(self.nginx.servers()) == 2):
            raise AssertionError(f"{self.nginx.ours()}: {where}")
        (copy,) = self.nginx.copies()
        if copy.read_bytes() != self.nginx.before:
            raise AssertionError(f"the copy is not what was: {where}")
        if any(one.calls.internal("mode")["held_by"] for one in self.instances):
            raise AssertionError(f"still held: {where}")
        left = ctl(*self.words, "--resume", "--yes", "--json", **self.options)
        if result(left) != (1, "refused"):
            raise AssertionError(f"what is over can be resumed: {left}; {where}")
        checksum = self.nginx.checksum()
        self.again()
        return checksum


class Resume(unittest.TestCase):
    def test_after_every_step(self):
        redis = self.enterContext(Redis())
        stack = self.enterContext(contextlib.ExitStack())
        places = [Place(redis, stack) for _ in range(FLEETS)]
        rounds = [(step, state) for step in STEPS.split() for state in ("running", "done")]
        rounds.remove(("release", "done"))  # then it is over
        if patience() > 1:  # a sanitizer's build looks at the code: once a step
            rounds = [(step, state) for step, state in rounds if state == "running"]
        begun = time.monotonic()
        shares = [rounds[number::FLEETS] for number in range(FLEETS)]
        with concurrent.futures.ThreadPoolExecutor(FLEETS) as pool:
            work = [pool.submit(self.rounds, place, share) for place, share in zip(places, shares)]
            sums = [future.result() for future in work]
        # The same routing each time.
        self.assertEqual([len(set(each)) for each in sums], [1] * FLEETS)
        proof(
            f"{len(rounds)} times kill -9, in each of {len(STEPS.split())} steps or after it: --resume ended in done; "
            "each instance's audit log has one change of its mode, the nginx file the same checksum each time "
            f"({time.monotonic() - begun:.0f} s)"
        )

    def rounds(self, place, share) -> list:
        return [place.round(*each) for each in share]

    def test_while_it_puts_back(self):
        """Killed in an abort: what is resumed is the abort."""
        redis = self.enterContext(Redis())
        place = Place(redis, self.enterContext(contextlib.ExitStack()))
        moments = [(step, state) for step in ("restore:b", "restore:a", "unroute") for state in ("running", "done")]
        for moment in moments[:-1]:
            with Follower(*place.words, "--to", "memory", *WORDS, *place.nginx.words, **place.options) as run:
                run.until(lambda line: (name(line), line.get("state")) == ("gate:b", "done"))
                run.process.send_signal(signal.SIGINT)
                run.until(lambda line, moment=moment: (name(line), line.get("state")) == moment)
                run.process.kill()
                run.process.wait()
            run = ctl(*place.words, "--resume", "--yes", "--json", **place.options)
            self.assertEqual((result(run), run.lines[-1]["restored"]), ((1, "aborted"), True), (moment, run))
            self.assertEqual(modes(place.instances), ["hybrid"] * 2, moment)
            self.assertEqual((place.nginx.file.read_bytes(), place.nginx.copies()), (place.nginx.before, []), moment)
            self.assertFalse(any(one.calls.internal("mode")["held_by"] for one in place.instances), moment)
        for one in place.instances:
            self.assertEqual(changes(one), [("hybrid", "memory"), ("memory", "hybrid")] * len(moments[:-1]))
        proof(f"{len(moments) - 1} times kill -9 in an abort: --resume ends it, all is as it was")

    def test_nothing_to_resume(self):
        with Redis() as redis, contextlib.ExitStack() as stack:
            place = Place(redis, stack)
            run = ctl(*place.words, "--resume", "--json", **place.options)
            self.assertEqual(result(run), (1, "refused"), run)
            self.assertIn("nothing to resume", run.lines[-1]["reason"])

    def test_while_it_works(self):
        """What is under way in another process isn't worked on twice."""
        with Redis() as redis, contextlib.ExitStack() as stack:
            place = Place(redis, stack)
            words = (*place.words, "--to", "memory", "--yes", "--watch-seconds", 30)
            with Follower(*words, **place.options) as first:
                first.until(lambda line: (name(line), line.get("state")) == ("watch", "running"), limit_s(20))
                run = ctl(*place.words, "--resume", "--json", **place.options)
                self.assertEqual(result(run), (1, "refused"), run)
                self.assertIn(f"process {first.process.pid}", run.lines[-1]["reason"])
                self.assertEqual(first.interrupted(), 1)
            self.assertEqual(modes(place.instances), ["hybrid"] * 2)


if __name__ == "__main__":
    finish("rollback resumed")
