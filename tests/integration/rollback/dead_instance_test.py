#!/usr/bin/env python3
"""One of three instances is dead: nothing is begun without the operator's word, and with it the others are done."""

import unittest

from rollbacks import Pages, Redis, ctl, finish, modes, proof, result, three, until


class DeadInstance(unittest.TestCase):
    def test_needs_a_word(self):
        redis = self.enterContext(Redis())
        instances, nginx = self.enterContext(three(redis.url))
        a, b, c = instances
        until(lambda: len(a.calls.internal("instances")["instances"]) == 3, 8, "the registry to know all three")
        c.process.kill()
        c.process.wait()
        c.process.returncode = 0  # it was our deed
        before = nginx.checksum()

        def roll(*words):
            every = ("--balancer", nginx.url, "rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 1)
            return ctl(*every, *nginx.words, *words, on=instances)

        pages = Pages(nginx)
        with pages.running(50) as load:
            run = roll()
            self.assertEqual(result(run), (1, "refused"), run)
            refusal = run.lines[-1]["reason"]
            self.assertRegex(refusal, rf"^(c|\S*{c.port}\S*) doesn't answer, so nothing is begun. Skip ")
            self.assertEqual((modes([a, b]), nginx.checksum()), (["hybrid"] * 2, before))

            run = roll("--skip", c.url)
            self.assertEqual(result(run), (0, "done"), run)
        self.assertEqual((modes([a, b]), nginx.sticky()), (["memory"] * 2, True))
        self.assertEqual(nginx.servers(), [f"127.0.0.1:{one.port}" for one in (a, b)])
        self.assertTrue(any("is left out" in warning for warning in run.lines[-1]["warnings"]), run.lines[-1])
        counts = pages.judge()
        self.assertEqual((counts["refused"], load.lost, pages.failed_issues()), (0, [], []), counts)
        proof(
            f'refused without a word ("{refusal}"), done with --skip: a and b in memory mode, c out of the upstream, '
            f"0 final refusals in {counts.total()} checks"
        )

    def test_skip_that_names_nobody(self):
        with Redis() as redis, three(redis.url) as (instances, _):
            words = ("rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 0, "--skip", "d")
            run = ctl(*words, on=instances)
            self.assertEqual((result(run), modes(instances)), ((1, "refused"), ["hybrid"] * 3), run)
            self.assertIn("no instance d", run.lines[-1]["reason"])


if __name__ == "__main__":
    finish("rollback with a dead instance")
