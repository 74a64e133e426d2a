#!/usr/bin/env python3
"""Two instances and a backend with the public calls only: a full member of the cross-instance test."""

import unittest
from collections import Counter

from cluster import PublicBackend, cells_of, ctl, matrix

from harness import Instance, Redis, finish, fleet, proof


class PublicCallsOnly(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.ours = self.enterContext(fleet(*(Instance(name, self.redis.url, "hybrid") for name in "ab")))

    def test_shares_the_store(self):
        with PublicBackend(self.redis) as backend:
            code, result, took = matrix(on=[*self.ours, backend])
            self.assertEqual((code, result["verdict"]), (0, "whole"), result)
            cells = cells_of(result)
            self.assertEqual(len(cells), 9)
            self.assertEqual({cell["status"] for cell in cells.values()}, {200})
            self.assertTrue(all(cell["latency_ms"] > 0 for cell in cells.values()))
            asked = Counter(backend.asked)
            self.assertEqual(asked["GET /operator/api/events/stream"], 3, asked)
            self.assertEqual(asked["POST /operator/api/events/sse-token"], 1, asked)
            self.assertEqual([what for what in asked if what.startswith("HEAD")], [])
            self.assertLess(took, 10)
        proof("9 of 9 cells filled with 200, 3 by GET on its stream, 0 by HEAD")

    def test_keeps_its_tokens_to_itself(self):
        with PublicBackend() as backend:
            code, result, _ = matrix(on=[*self.ours, backend])
            self.assertEqual((code, result["verdict"]), (1, "partial"), result)
            name = result["instances"][2]
            states = Counter(cell["state"] for cell in cells_of(result).values())
            self.assertEqual(states, {"accepted": 5, "refused": 4})
            self.assertIn(name, result["explanation"])
        proof(f'one without the store: 4 of 9 refused ("{result["explanation"].replace(name, "theirs")}")')

    def test_its_card_says_unknown(self):
        with PublicBackend(self.redis) as backend:
            theirs = ctl("status", "--json", on=[*self.ours, backend]).json["instances"][2]
            self.assertEqual((theirs["state"], theirs["internal_calls"]), ("live", False))
            for name in ("mode", "version", "live_tokens", "streams", "issued_total", "check_p95_ms"):
                self.assertIsNone(theirs[name], name)
            rollback = ctl("rollback", "--to", "memory", "--yes", "--json", on=[*self.ours, backend])
            self.assertEqual((rollback.code, rollback.lines[-1]["result"]), (1, "refused"))
            self.assertEqual([one.calls.internal("mode")["mode"] for one in self.ours], ["hybrid"] * 2)
        proof("its numbers unknown, never 0; a change of mode refused before anything is begun")


if __name__ == "__main__":
    finish("public calls only")
