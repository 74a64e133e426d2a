#!/usr/bin/env python3
"""A page in a real browser opens a stream by EventSource with a fresh token, and receives a snapshot and a heartbeat.

The page and the service share an origin, as behind a balancer: a small proxy serves the one and passes on the other.
"""

import json
import unittest

from browser import Visit
from service import Service


def visit(asked: str, service_port: int) -> str:
    """What the page wrote down."""
    with Visit("page.html", asked, service_port=service_port) as page:
        return page.said()


class EventSource(unittest.TestCase):
    def test_a_fresh_token_brings_snapshot_and_heartbeat(self):
        with Service(environment={"VX11_OPERATOR_SSE_HEARTBEAT": "1"}) as service:
            lines = visit(f"?token={service.issue()}", service.port).splitlines()
            self.assertEqual([line.split(" ")[0] for line in lines], ["open", "snapshot", "heartbeat"])
            instance = json.loads(service.get("/health"))["instance_id"]
            self.assertIn(instance, lines[1])

    def test_an_unknown_token_is_refused_for_good(self):
        with Service() as service:
            lines = visit("?token=7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab", service.port).splitlines()
            self.assertEqual(lines, ["refused"])


if __name__ == "__main__":
    unittest.main()
