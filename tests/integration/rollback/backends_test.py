#!/usr/bin/env python3
"""Python backends in the fleet, which speak the public calls only and can't switch: they are changed by the operator's
restart command or by hand, waited for, and tried."""

import time
import unittest

from rollbacks import Redis, ctl, finish, modes, proof, result, steps, three
from terminal import Terminal

from cluster import PublicBackend, PublicHandler

AWAY_S = 0.7


class RestartingHandler(PublicHandler):
    def do_POST(self):
        if self.path != "/restart":
            return super().do_POST()
        self.answer(200, {})
        self.backend.restart()

    def handle_one_request(self):
        """While it starts again nobody answers."""
        if time.monotonic() < self.backend.away_until:
            self.close_connection = True
            return None
        return super().handle_one_request()


class Backend(PublicBackend):
    """With Redis until it is started again, without it afterwards: as an older image would be."""

    def __init__(self, redis):
        super().__init__(redis)
        self.server.RequestHandlerClass = type("Handler", (RestartingHandler,), {"backend": self})
        self.away_until, self.restarts = 0.0, 0
        self.port = self.server.server_address[1]

    def restart(self):
        self.away_until = time.monotonic() + AWAY_S
        self.redis, self.own = None, {}
        self.restarts += 1


class Backends(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.instances, _ = self.enterContext(three(self.redis.url, names="a"))
        self.stubs = [self.enterContext(Backend(self.redis)) for _ in range(2)]
        self.all = [*self.instances, *self.stubs]

    def test_nobody_can_change_them(self):
        run = ctl("rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 0, on=self.all)
        self.assertEqual((result(run), modes(self.instances)), ((1, "refused"), ["hybrid"]), run)
        self.assertIn("Give the command that restarts it", run.lines[-1]["reason"])

    def test_restart_command(self):
        words = ("rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 0)
        begun = time.monotonic()
        run = ctl(*words, "--restart-command", "curl -fsS -X POST {url}/restart", on=self.all)
        self.assertEqual((result(run), modes(self.instances)), ((0, "done"), ["memory"]), run)
        self.assertEqual([stub.restarts for stub in self.stubs], [1, 1], "each once")
        self.assertEqual(len(steps(run.lines, "change")), 2, run)
        self.assertEqual(len(steps(run.lines, "gate")), 3, run)
        self.assertGreater(time.monotonic() - begun, 2 * AWAY_S, "it waits until each answers again")
        proof(f"two backends restarted once each by the command, waited for ({run.took:.1f} s) and tried")

    def test_command_fails(self):
        words = ("rollback", "--to", "memory", "--yes", "--json", "--watch-seconds", 0)
        run = ctl(*words, "--restart-command", "false", on=self.all)
        self.assertEqual((result(run), modes(self.instances)), ((1, "aborted"), ["hybrid"]), run)

    def test_operators_word(self):
        with Terminal("rollback", "--to", "memory", "--watch-seconds", 0, on=self.all) as seen:
            seen.until("Begin? [y/N]")
            self.assertEqual(modes(self.instances), ["hybrid"], "nothing before the word")
            seen.type("y\n")
            for stub in self.stubs:
                seen.until("docker compose -f docker-compose.full-test.yml up -d --no-deps operator-backend")
                seen.until("Press Enter when it is done")
                self.assertEqual(stub.restarts, 0, "the plan waits")
                stub.restart()
                time.sleep(0.2)
                seen.type("\n")
            self.assertEqual(seen.ended(), 0, seen.shown)
        self.assertEqual(modes(self.instances), ["memory"])
        self.assertIn("every instance is in mode memory", seen.shown)
        proof("by hand: told what to do, waited for the word at a terminal, tried")

    def test_operator_gives_up(self):
        with Terminal("rollback", "--to", "memory", "--watch-seconds", 0, on=self.all) as seen:
            seen.until("Begin? [y/N]")
            seen.type("y\n")
            seen.until("Press Enter when it is done")
            seen.type("abort\n")
            self.assertEqual(seen.ended(), 1, seen.shown)
        self.assertEqual(modes(self.instances), ["hybrid"])


if __name__ == "__main__":
    finish("rollback with Python backends")
