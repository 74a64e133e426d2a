#!/usr/bin/env python3
"""The cross-instance test over real instances: sound, in memory mode, with one killed or paused, through nginx."""

import os
import signal
import time
import unittest

from cluster import Balancer, Follower, cells_of, ctl, matrix

from harness import Instance, Redis, finish, fleet, limit_s, proof, until

NAMES = ("a", "b", "c")


def named(result, state) -> list:
    """The places of the direct cells in this state, such as "ab": issued on a, checked on b."""
    return sorted("".join(place) for place, cell in cells_of(result).items() if cell["state"] == state)


def slowest(result, name) -> float:
    """The longest check in this instance's row and column, in ms."""
    return max(cell["latency_ms"] or 0.0 for place, cell in cells_of(result).items() if name in place)


class Hybrid(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.three = self.enterContext(fleet(*(Instance(name, self.redis.url, "hybrid") for name in NAMES)))

    def test_whole(self):
        first = self.three[0]
        until(lambda: len(first.calls.internal("instances")["instances"]) == 3, 8, "the registry to know all three")
        for on in (self.three, [first]):  # given, and discovered from one
            code, result, _ = matrix(on=on)
            self.assertEqual((code, result["verdict"]), (0, "whole"), result)
            self.assertEqual(sorted(result["instances"]), list(NAMES))
            cells = cells_of(result)
            self.assertEqual(len(cells), 9)
            for (_, validator), cell in cells.items():
                self.assertEqual((cell["status"], cell["answered_by"]), (200, validator))
                self.assertTrue(0 < cell["latency_ms"] < 2000, cell)
            self.assertEqual(result["explanation"], "Every token is valid on every instance.")
        proof("three hybrid: whole, 9 cells of 200, given by URL and discovered from one")

    def test_one_killed(self):
        a, b, c = self.three
        b.process.kill()
        b.process.wait()
        run = ctl("matrix", "--json", on=self.three)
        b.process.returncode = 0  # it was us
        result = run.json
        self.assertEqual((run.code, result["verdict"]), (1, "partial"), result)
        name = f"127.0.0.1:{b.port}"  # it never told another
        self.assertEqual(result["instances"], ["a", name, "c"])
        cross = {state: named(result, state) for state in ("accepted", "no_answer", "not_issued")}
        self.assertEqual(cross["accepted"], ["aa", "ac", "ca", "cc"])
        self.assertEqual(cross["no_answer"], sorted(["a" + name, "c" + name]))
        self.assertEqual(cross["not_issued"], sorted(name + other for other in ("a", name, "c")))
        self.assertRegex(
            result["explanation"], rf"^{name} doesn't answer \(connection refused\); for the others: every"
        )
        self.assertLess(run.took, limit_s(3))
        proof(f'one killed: its row and column, 5 of 9 cells ("{result["explanation"].replace(name, "b")}")')

    def test_one_paused(self):
        b = self.three[1]
        with Follower("matrix", "--every", 1, on=self.three) as follower:
            first = follower.until(lambda result: result["verdict"] == "whole")
            self.assertEqual(len(cells_of(first)), 9)
            os.kill(b.pid, signal.SIGSTOP)
            try:
                late = follower.until(lambda result: result["verdict"] != "whole", 15)
            finally:
                os.kill(b.pid, signal.SIGCONT)
            accepted = named(late, "accepted")
            self.assertEqual(accepted, ["aa", "ac", "ca", "cc"], late)
            lost = [cell for place, cell in cells_of(late).items() if "b" in place]
            self.assertEqual({cell["error"] for cell in lost}, {"timed_out"}, lost)
            self.assertIn("b doesn't answer in time: paused, or overloaded", late["explanation"])
            follower.until(lambda result: result["verdict"] == "whole", 15)

            # A pause that is over in time, and longer than the time between two tests: the answers come, late.
            os.kill(b.pid, signal.SIGSTOP)
            time.sleep(1.3)
            os.kill(b.pid, signal.SIGCONT)
            slow = follower.until(lambda result: slowest(result, "b") > 200)
            self.assertEqual(slow["verdict"], "whole", slow)
            self.assertEqual(follower.interrupted(), 1)  # not every one was whole
        proof(
            f"one paused: time-outs in its row and column and nowhere else; a short pause: a latency of {slowest(slow, 'b'):.0f} ms"
        )

    def test_through_nginx(self):
        with Balancer(self.three) as nginx:
            code, result, _ = matrix("--balancer", nginx.url, on=self.three)
        self.assertEqual((code, result["verdict"]), (0, "whole"), result)
        self.assertEqual(len(cells_of(result)), 9)
        behind = result["behind_balancer"]
        through = [cell for cell in result["cells"] if cell["validator"] == "balancer"]
        self.assertEqual((sorted(behind), sum(behind.values())), (list(NAMES), len(through)))
        self.assertGreaterEqual(min(behind.values()), len(through) // 3 - 1)
        self.assertIn("through the balancer too", result["explanation"])
        proof("through nginx round robin: " + ", ".join(f"{count} checks on {name}" for name, count in behind.items()))


class Memory(unittest.TestCase):
    def test_diagonal(self):
        with fleet(Instance("a"), Instance("b")) as both:
            code, result, _ = matrix(on=both)
            self.assertEqual((code, result["verdict"]), (1, "diagonal"), result)
            self.assertEqual((named(result, "accepted"), named(result, "refused")), (["aa", "bb"], ["ab", "ba"]))
            self.assertEqual({cells_of(result)[place]["status"] for place in (("a", "b"), ("b", "a"))}, {403})
            sentence = "403 off the diagonal: memory mode without sticky routing"
            self.assertEqual(result["explanation"], sentence + ".")
            with Balancer(both) as nginx:
                code, result, _ = matrix("--balancer", nginx.url, on=both)
            self.assertEqual((code, result["verdict"]), (1, "diagonal"), result)
            self.assertRegex(
                result["explanation"], sentence + r"; through the balancer \d of \d+ checks are accepted\."
            )
        proof(f'two memory: diagonal, "{sentence}"')


class Databases(unittest.TestCase):
    def test_both_are_named(self):
        redis = self.enterContext(Redis())
        first = redis.url.replace("/0", "/1")
        both = self.enterContext(fleet(Instance("a", first, "hybrid"), Instance("b", redis.url, "hybrid")))
        code, result, _ = matrix(on=both)
        self.assertEqual((code, result["verdict"]), (1, "diagonal"), result)
        self.assertIn("a uses database 1, b database 0", result["explanation"])
        self.assertNotIn("without sticky routing", result["explanation"])
        run = ctl("redis", "--json", on=both)
        self.assertEqual(run.code, 0, run)
        self.assertIn("database 1", run.json["warnings"][0])
        self.assertEqual([view["database"] for view in run.json["instances"]], [1, 0])
        proof(f'two databases of one Redis: "{result["explanation"]}"')


if __name__ == "__main__":
    finish("cross-instance test")
