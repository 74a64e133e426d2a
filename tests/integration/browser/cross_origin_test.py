#!/usr/bin/env python3
"""A page of another origin in a real browser: let in by --cors-origin and by nothing else; and its stream, which comes
back by itself, on another instance and after a refusal that passes."""

import json
import sys
import time
import unittest
import uuid
from pathlib import Path
from urllib.parse import urlencode

from browser import FOLDER, LIMIT_S, Visit
from harness import PRINCIPAL, Connection, Instance, Redis, finish, fleet, key_of, proof, until

sys.path.insert(0, str(Path(FOLDER.parent, "rollback")))
from nginx import Nginx  # noqa: E402

TRIES = 8
ANY = ("--cors-origin", "*")  # a page's origin has a port that isn't known before


def page(**asked) -> Visit:
    return Visit("elsewhere.html", "#" + urlencode(asked))


class CrossOrigin(unittest.TestCase):
    def test_let_in(self):
        """The instance is started by the port of the page's origin, which must be known first."""
        visit = Visit("elsewhere.html", "")
        named = f"http://127.0.0.1:{visit.origin.server_port}"
        with fleet(Instance("a", None, "memory", "--cors-origin", named)) as (one,):
            visit.asked = "#" + urlencode({"at": one.url, "principal": PRINCIPAL})
            with visit:
                visit.until("snapshot a")
                self.assertEqual([text.split(" ")[0] for text in visit.seen], ["issued", "valid", "token", "snapshot"])
                self.assertEqual(visit.seen[:2], ["issued of-a-page", "valid true"])
                self.assertEqual(one.calls.publish("number", 7).status, 202)
                visit.until("number 7")
        proof("a page of another origin that --cors-origin names issues, validates and streams")

    def test_kept_out(self):
        for more, told in ((), "without --cors-origin"), (("--cors-origin", "https://app.example"), "named another"):
            with self.subTest(told), fleet(Instance("a", None, "memory", *more)) as (one,):
                with page(at=one.url, principal=PRINCIPAL) as visit:
                    self.assertEqual(visit.said(), "failed")
                self.assertEqual(one.calls.internal("cache-stats")["tokens"]["issued"], 0, "the browser asks first")
                with page(at=one.url, token=one.calls.token()) as visit:
                    self.assertEqual(visit.said(), "refused")
        proof("without it, or by another's, it can do neither")


class ComesBack(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())

    def test_cut_after_its_tokens_expiry(self):
        made = [Instance(name, self.redis.url, "hybrid", *ANY) for name in "ab"]
        instances = self.enterContext(fleet(*made))
        nginx = self.enterContext(Nginx(instances))
        visit = self.enterContext(page(at=nginx.url, principal=PRINCIPAL, body=json.dumps({"ttl_sec": 2})))
        token = visit.until("token ").split(" ")[1]
        name = visit.until("snapshot ").split(" ")[1]
        gone, other = sorted(instances, key=lambda one: one.name != name)

        def publish(first, last):
            for number in range(first, last):
                self.assertEqual(other.calls.publish("number", number).status, 202)

        publish(0, 5)
        visit.until("number 4")
        until(lambda: other.calls.check(token).status == 403, 5, "the token's end")
        gone.process.kill()
        gone.process.wait()
        gone.process.returncode = 0  # it was our deed
        cut = time.monotonic()
        visit.until("lost")
        publish(5, 15)
        self.assertEqual(visit.until("snapshot "), f"snapshot {other.name}")
        away = time.monotonic() - cut
        publish(15, 20)
        visit.until("number 19")
        numbers = [text for text in visit.seen if text.startswith(("number", "reset", "refused"))]
        self.assertEqual(numbers, [f"number {number}" for number in range(20)])
        proof(
            f"cut after its token's expiry, an EventSource was back on another instance {away:.1f} s later by itself "
            "(behind nginx), with 20 of 20 events, each once"
        )

    def test_refused_for_a_rate_limit(self):
        """Its address has failed too often when it asks; meanwhile its token, a Python backend's, becomes known."""
        address = "198.51.100.7"
        (one,) = self.enterContext(fleet(Instance("a", self.redis.url, "hybrid", "--trusted-proxy", "127.0.0.0/8")))
        token = str(uuid.uuid4())

        calls = Connection(one.port, PRINCIPAL)
        from_there = f"X-Forwarded-For: {address}"

        def heard_while_over_the_limit(visit):
            """Kept over its limit until the page has been heard: how long a browser takes to start isn't known."""
            end = time.monotonic() + LIMIT_S
            while visit.origin.reports.empty():
                calls.ask("GET", "/operator/api/events/validate?token=" + token, principal=False, headers=[from_there])
                self.assertLess(time.monotonic(), end, f"the page said nothing: {visit.log.read_text()}")
            return visit.said()

        for _ in range(TRIES):
            visit = Visit(
                "elsewhere.html", "#" + urlencode({"token": token}), service_port=one.port, forwarded_for=address
            )
            with visit:
                said = heard_while_over_the_limit(visit)
                if said == "refused":
                    continue  # it asked in the moment when its address may fail again, which is once in 20 ms
                self.assertEqual(said, "lost", "a refusal that passes isn't final")
                value = {"created_at": time.time(), "ttl_sec": 60, "issued_by": "python"}
                self.redis.ask("SETEX", key_of(token), 60, json.dumps(value))
                visit.until("snapshot a")
                self.assertNotIn("refused", visit.seen)
                break
        else:
            self.fail(f"{TRIES} times the page was let through to a final refusal")
        calls.close()
        proof("one that was refused for a rate limit came back by itself and was let in")


if __name__ == "__main__":
    finish("browser")
