#!/usr/bin/env python3
"""The alert rules twice: as shipped for Prometheus, checked and tested by promtool, and as the console judges them, over
what real instances told while everything that has a rule went wrong (see record.py)."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "redis")]
from children import tool  # noqa: E402
from harness import finish, proof  # noqa: E402

RULES = HERE.parents[2] / "packaging" / "prometheus" / "vx11-alerts.yml"
RUNBOOKS = HERE.parents[2] / "resources" / "runbooks"


def promtool(*words) -> str:
    answer = subprocess.run([tool("promtool", "prometheus"), *words], capture_output=True, text=True, timeout=60)
    if answer.returncode != 0:
        raise AssertionError(f"promtool {' '.join(map(str, words))}:\n{answer.stdout}{answer.stderr}")
    return answer.stdout


class Alerts(unittest.TestCase):
    def test_1_the_shipped_rules_are_rules(self):
        said = promtool("check", "rules", RULES)
        count = int(re.search(r"(\d+) rules found", said)[1])
        self.assertEqual(count, RULES.read_text().count("- alert:"))
        proof(f"promtool finds {count} rules")

    def test_2_each_is_quiet_fires_and_clears(self):
        promtool("test", "rules", HERE / "vx11-alerts.test.yml")
        tests = (HERE / "vx11-alerts.test.yml").read_text()
        for name in re.findall(r"- alert: (\w+)", RULES.read_text()):
            times = re.findall(rf"alertname: {name}\b[^\n]*?(exp_alerts: \[\])?\}}?\n", tests)
            self.assertTrue(any(times) and not all(times), f"{name} isn't tested both quiet and firing")
        proof("each is quiet, fires and clears; memory without a limit fires nothing")

    def test_3_each_has_a_runbook(self):
        named = set(re.findall(r"runbook: (\S+)", RULES.read_text()))
        self.assertEqual(named, {file.name for file in RUNBOOKS.glob("*.md")})

    def test_4_the_console_judges_a_recording(self):
        program = Path(os.environ["VX11_BIN"]).parent / "tests" / "cluster_alert_recording_test"
        answer = subprocess.run([program], capture_output=True, text=True, timeout=120)
        said = answer.stdout + answer.stderr
        self.assertEqual(answer.returncode, 0, said)
        fired = re.findall(r"(\w+): fired 1, at \d+ s, cleared 1", said)
        self.assertEqual({f"{name}.md" for name in fired}, {file.name for file in RUNBOOKS.glob("*.md")})
        proof(f"of eleven recorded minutes the console fires and clears once each: {', '.join(fired)}")


if __name__ == "__main__":
    finish("alerts")
