#!/usr/bin/env python3
"""What /metrics says passes `promtool check metrics`, before any call and after one of each kind."""

import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from children import free_port  # noqa: E402
from service import Service, tool  # noqa: E402

NAMES = [
    "vx11_ephemeral_token_cache_local_hits",
    "vx11_ephemeral_token_cache_local_hits_total",
    "vx11_ephemeral_token_cache_local_misses",
    "vx11_ephemeral_token_cache_local_misses_total",
    "vx11_operator_ephemeral_tokens_issued_total",
    "vx11_operator_ephemeral_tokens_active",
    "vx11_operator_ephemeral_tokens_expired_total",
    "vx11_operator_ephemeral_tokens_invalid_total",
    "vx11_operator_ephemeral_tokens_revoked_total",
    "vx11_operator_ephemeral_tokens_used_total",
    "vx11_operator_sse_connections_ephemeral_total",
    "vx11_operator_sse_connections_principal_total",
    "vx11_operator_sse_streams",
    "vx11_ephemeral_token_cache_size_entries",
    "vx11_ephemeral_token_cache_size_bytes",
]
OF_REDIS = {
    "vx11_operator_redis_up": 0,
    "vx11_operator_redis_reconnects_total": 0,
    "vx11_operator_redis_breaker_state": 2,
    "vx11_operator_unwritten_tokens": 1,
    "vx11_operator_untold_revocations": 0,
    "vx11_operator_denied_entries": 0,
    'vx11_operator_mode{mode="hybrid"}': 1,
    'vx11_operator_mode{mode="memory"}': 0,
    "vx11_operator_mode_draining_seconds": 0,
    "vx11_operator_revocation_propagation_seconds_count": 0,
}


def read(text: bytes):
    """The series by name and labels."""
    return dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line and line[0] != "#")


class Metrics(unittest.TestCase):
    def check(self, text: bytes):
        answer = subprocess.run(
            [tool("promtool", "prometheus"), "check", "metrics"], input=text, capture_output=True, timeout=30
        )
        self.assertEqual((answer.returncode, answer.stdout + answer.stderr), (0, b""))

    def test_promtool_finds_nothing(self):
        with Service() as service:
            self.check(service.get("/metrics"))
            token = service.issue()
            self.assertEqual(service.status(f"/operator/api/events/validate?token={token}"), 200)
            self.assertEqual(service.status("/operator/api/events/validate?token=nonsense"), 403)
            text = service.get("/metrics")
            self.check(text)
            values = read(text)
            for name in NAMES:
                self.assertIn(name, values)
            self.assertFalse([name for name in values if "redis_up" in name], "there is none")
            self.assertEqual(float(values["vx11_operator_ephemeral_tokens_issued_total"]), 1)
            self.assertEqual(float(values["vx11_ephemeral_token_cache_local_hits"]), 1)
            self.assertEqual(float(values["vx11_operator_ephemeral_tokens_invalid_total"]), 1)

    def test_nor_of_a_redis_that_is_down(self):
        with Service("--redis-url", f"redis://127.0.0.1:{free_port()}") as service:
            service.issue()
            text = service.get("/metrics")
            self.check(text)
            values = read(text)
            self.assertEqual({name: float(values[name]) for name in OF_REDIS}, OF_REDIS)
            self.assertIn("vx11_operator_feed_age_seconds", values)
            self.assertIn('vx11_operator_redis_errors_total{kind="timed_out"}', values)
            self.assertIn("vx11_operator_redis_round_trip_duration_seconds_sum", values)

    def test_a_fault_would_be_found(self):
        with self.assertRaises(AssertionError):
            self.check(b"# TYPE vx11_thing counter\nvx11_thing 1\n")


if __name__ == "__main__":
    unittest.main()
