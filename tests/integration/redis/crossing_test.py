#!/usr/bin/env python3
"""Three instances, one Redis: a token of any is valid on every other at once."""

import json
import subprocess
import unittest

from harness import PRINCIPAL, Instance, Redis, check_everywhere, finish, fleet, proof, spread, until
from service import tool

TOKENS = 1000


def curl(*arguments) -> str:
    answer = subprocess.run(
        [tool("curl", "curl"), "--silent", "--max-time", "3", *arguments], capture_output=True, text=True, timeout=10
    )
    return answer.stdout


class Crossing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        redis = cls.enterClassContext(Redis())
        names = ("a", "b", "c")
        cls.modes = {}
        for mode in ("redis", "hybrid"):
            made = [Instance(f"{mode}-{name}", redis.url, mode) for name in names]
            cls.modes[mode] = cls.enterClassContext(fleet(*made))

    def test_each_token_is_valid_on_all_at_once(self):
        for mode, instances in self.modes.items():
            took = []
            for number in range(TOKENS):
                token = instances[number % 3].calls.token()
                for instance, answer in zip(instances, check_everywhere(instances, token)):
                    took.append(answer.took)
                    if answer.status != 200:
                        issuer = instances[number % 3].name
                        self.fail(f"token {number} of {issuer} on {instance.name}: expected 200, got {answer}")
            proof(f"{mode}: {TOKENS} tokens, {TOKENS * 3} of {TOKENS * 3} checks valid, {spread(took)}")

    def test_modes_read_each_other(self):
        everybody = [*self.modes["redis"], *self.modes["hybrid"]]
        for issuer in everybody:
            token = issuer.calls.token()
            statuses = [answer.status for answer in check_everywhere(everybody, token)]
            self.assertEqual(statuses, [200] * 6, f"a token of {issuer.name}, on {[one.name for one in everybody]}")

    def test_curl_issues_on_one_and_streams_on_another(self):
        for mode, (first, second, _) in self.modes.items():
            said = curl("-X", "POST", "-H", f"X-VX11-Token: {PRINCIPAL}", first.url + "/operator/api/events/sse-token")
            token = json.loads(said)["sse_token"]
            url = f"{second.url}/operator/api/events/stream?token={token}"
            said = curl("--no-buffer", "--include", "--max-time", "1", url)
            self.assertIn("HTTP/1.1 200", said, f"{mode}: a stream on {second.name} with a token of {first.name}")
            self.assertIn("event: snapshot", said)
            self.assertIn(second.name, said)
        proof("curl: issued on one, stream on another: 200 and a snapshot, in both modes")

    def test_metrics_are_clean(self):
        for instances in self.modes.values():
            text = instances[0].get("/metrics")
            said = subprocess.run(
                [tool("promtool", "prometheus"), "check", "metrics"], input=text, capture_output=True, timeout=30
            )
            self.assertEqual((said.returncode, said.stdout + said.stderr), (0, b""))
            self.assertRegex(text.decode(), r"(?m)^vx11_[a-z_]*redis_up(\{.*\})? 1$")

    def test_the_registry_shows_all(self):
        everybody = [*self.modes["redis"], *self.modes["hybrid"]]
        names = sorted(one.name for one in everybody)

        def shown(instance):
            return instance.calls.internal("instances")["instances"]

        for instance in everybody:
            until(
                lambda one=instance: sorted(record["id"] for record in shown(one)) == names,
                5,
                lambda one=instance: f"{names} among the instances of {one.name}: {shown(one)}",
            )
        for record in shown(everybody[0]):
            one = next(one for one in everybody if one.name == record["id"])
            self.assertEqual((record["url"], record["mode"]), (one.url, one.name.partition("-")[0]))
            self.assertEqual(record["redis_db"], 0)
        proof(f"instances shows {len(names)}")


class Keys(unittest.TestCase):
    def test_a_prefix_of_its_own(self):
        redis = self.enterContext(Redis())
        made = [Instance("p", redis.url, "hybrid", "--redis-prefix", "other:"), Instance("q", redis.url, "hybrid")]
        with fleet(*made) as (one, other):
            token = one.calls.token()
            one.calls.publish("news", 1)
            one.calls.revoke(token=one.calls.token())
            until(lambda: redis.ask("EXISTS", "other:operator:instance:p"), 3, "its entry in the registry")
            other.stop()
            keys = [key for key in redis.ask("KEYS", "*") if not key.lstrip("{").startswith("vx11:")]
            self.assertTrue(all(key.startswith(("other:", "{other:operator}:")) for key in keys), keys)
            self.assertIn("other:ephemeral_token:" + token, keys)
            self.assertIn("{other:operator}:feed", keys)

    def test_who_leaves_is_gone(self):
        redis = self.enterContext(Redis())
        with fleet(Instance("a", redis.url, "hybrid"), Instance("b", redis.url, "hybrid")) as (stays, leaves):

            def names():
                return sorted(record["id"] for record in stays.calls.internal("instances")["instances"])

            until(lambda: names() == ["a", "b"], 5, lambda: f"a and b: {names()}")
            leaves.stop()
            took = until(lambda: names() == ["a"], 5, lambda: f"a alone: {names()}")
        proof(f"who stops is gone from the registry after {took:.1f} s")


if __name__ == "__main__":
    finish("crossing")
