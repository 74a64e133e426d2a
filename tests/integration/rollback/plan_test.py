#!/usr/bin/env python3
"""A dry run says each step, on which instance and with what effect, and changes nothing."""

import unittest

from rollbacks import Redis, ctl, finish, modes, proof, result, three, visited

DOWN = """look lock route reload sticky switch:a gate:a switch:b gate:b switch:c gate:c matrix drain watch release"""


def named(lines) -> list:
    return [":".join(filter(None, (line["step"], line["instance"]))) for line in lines if "step" in line]


class Plan(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.instances, self.nginx = self.enterContext(three(self.redis.url))
        self.before = (modes(self.instances), self.nginx.checksum(), self.nginx.copies())

    def dry(self, *words):
        on = {"on": self.instances}
        every = ("--balancer", self.nginx.url, "rollback", *words, *self.nginx.words, "--dry-run")
        run, text = ctl(*every, "--json", **on), ctl(*every, **on)
        self.assertEqual((result(run), text.code), ((0, "done"), 0), (run, text))
        return run.lines, text

    def unchanged(self):
        self.assertEqual((modes(self.instances), self.nginx.checksum(), self.nginx.copies()), self.before)
        self.assertEqual([visited(one) for one in self.instances], [[], [], []])
        self.assertFalse(any(one.calls.internal("mode")["held_by"] for one in self.instances))

    def test_down(self):
        lines, text = self.dry("--to", "memory")
        self.assertEqual(named(lines), DOWN.split())
        self.assertEqual({line["state"] for line in lines[1:-1]}, {"planned"}, lines)
        self.assertTrue(all(line["effect"] for line in lines[:-1]), lines)
        route = lines[2]
        self.assertEqual(route["servers"], [f"127.0.0.1:{one.port}" for one in self.instances])
        self.assertTrue(route["sticky"])
        shown = " ".join(text.out.split())
        for words in (
            "Switch a to memory a Now hybrid",
            "Write sticky routing nginx ip_hash over 127.0.0.1:",
            f"Reload nginx nginx {self.nginx.program} -p ",
            "Test across instances all Each instance must accept its own tokens",
            "it can be begun",
        ):
            self.assertIn(words, shown)
        self.unchanged()
        proof(f"{len(lines) - 1} steps, each with instance and effect; modes, nginx file and audit logs unchanged")

    def test_single(self):
        lines, text = self.dry("--to", "single", "--keep", "b")
        route = next(line for line in lines if line["step"] == "route")
        self.assertEqual(route["servers"], [f"127.0.0.1:{self.instances[1].port}"])
        self.assertEqual([line["instance"] for line in lines if line.get("step") == "stop"], ["a", "c"])
        self.assertEqual([line["instance"] for line in lines if line.get("step") == "switch"], ["b"])
        self.unchanged()

    def test_what_is_refused(self):
        def refused(*words, on=self.instances):
            run = ctl("rollback", *words, "--dry-run", "--json", on=on)
            self.assertEqual(result(run), (1, "refused"), run)
            return run.lines[-1]["reason"]

        self.assertIn("nobody", refused("--to", "single", "--keep", "nobody"))
        self.assertIn("# vx11 begin", refused("--to", "memory", "--nginx-out", __file__))
        self.assertIn("/no/such/file", refused("--to", "memory", "--nginx-out", "/no/such/file"))
        self.unchanged()
        proof("a keep that isn't there, a file without marks or none: refused in words")


if __name__ == "__main__":
    finish("rollback plan")
