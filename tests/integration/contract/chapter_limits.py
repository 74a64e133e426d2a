"""Who is put off, who never is, and whose address counts."""

import time

from contract import (
    NO_TOKEN,
    PRINCIPAL,
    SECOND,
    Contract,
    issue_path,
    only,
    stream_path,
    until,
    validate_path,
)


def since(address: str) -> list:
    return [f"X-Forwarded-For: {address}"]


class Limits(Contract):
    """Behind a proxy on loopback, since loopback itself is exempt."""

    flags = ("--trusted-proxy", "127.0.0.0/8,10.0.0.0/8")

    def fail(self, address: str, count=200) -> list:
        """The answers to so many checks in vain."""
        path = f"{validate_path}?token={NO_TOKEN}"
        return [self.ask("GET", path, principal=False, headers=since(address)) for _ in range(count)]

    def statuses(self, address: str, count=200) -> set:
        return {answer.status for answer in self.fail(address, count)}

    def test_failed_checks(self):
        answers = self.fail("198.51.100.1")
        self.assertEqual({answer.status for answer in answers[:40]}, {403})
        limited = [answer for answer in answers if answer.status == 429]
        self.assertTrue(limited)
        self.refused(limited[0], 429, "rate_limited")
        self.assertGreaterEqual(int(limited[0].headers["retry-after"]), 1)

    def test_failed_principals(self):
        lines = [*since("198.51.100.2"), "X-VX11-Token: nobody-knows-this-one"]
        statuses = {self.ask("POST", issue_path, principal=False, headers=lines).status for _ in range(200)}
        self.assertEqual(statuses, {403, 429})

    def test_a_valid_token_is_never_refused(self):
        token = self.one.calls.token()
        self.assertIn(429, self.statuses("198.51.100.3"))
        path = f"{validate_path}?token={token}"
        answer = self.ask("GET", path, principal=False, headers=since("198.51.100.3"))
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.ask("POST", issue_path, headers=since("198.51.100.3")).status, 200, "nor a principal")

    def test_loopback_is_exempt(self):
        with only() as one:
            answers = {one.calls.check(NO_TOKEN).status for _ in range(120)}
            self.assertEqual(answers, {403})

    def test_trusted_proxies_are_exempt(self):
        self.assertEqual(self.statuses("10.1.2.3", 120), {403})

    def test_from_the_right(self):
        """The first that is no proxy of ours, whatever its client wrote before it."""
        self.assertEqual(self.statuses("203.0.113.9, 198.51.100.4, 10.9.9.9", 45), {403})
        self.assertIn(429, self.statuses("198.51.100.4", 45), "both are the same address")
        self.assertEqual(self.statuses("203.0.113.9", 45), {403})

    def test_from_trusted_proxies_only(self):
        with only("--rate-limit", "2") as one:
            statuses = [
                one.calls.ask("POST", issue_path, headers=since(f"198.51.100.{number}")).status for number in range(3)
            ]
            self.assertEqual(statuses, [200, 200, 429], "a header that anybody may send")

    def test_per_principal_and_address(self):
        second = {"VX11_GATEWAY_TOKEN": SECOND}
        with only("--rate-limit", "1", "--trusted-proxy", "127.0.0.1", environment=second) as one:

            def issue(principal, address):
                lines = [*since(address), f"X-VX11-Token: {principal}"]
                return one.calls.ask("POST", issue_path, principal=False, headers=lines).status

            first, other = "198.51.100.5", "198.51.100.6"
            self.assertEqual([issue(PRINCIPAL, first), issue(PRINCIPAL, first)], [200, 429])
            self.assertEqual([issue(SECOND, first), issue(PRINCIPAL, other)], [200, 200])

    def test_off_by_default(self):
        self.assertEqual({self.one.calls.issue().status for _ in range(300)}, {200})

    def test_window(self):
        with only("--rate-limit", "1", "--rate-window", "1") as one:
            begun = time.monotonic()
            self.assertEqual([one.calls.issue().status for _ in range(2)], [200, 429])
            until(lambda: one.calls.issue().status == 200, 5, "the window's end")
            self.assertGreater(time.monotonic() - begun, 0.95)

    def test_a_stream_is_put_off_not_refused(self):
        address = "198.51.100.8"

        def put_off() -> bool:
            """False: its address has just been given a place again."""
            self.fail(address, 60)
            answer = self.ask("GET", f"{stream_path}?token={NO_TOKEN}", principal=False, headers=since(address))
            if answer.status == 200:
                self.assertEqual(answer.headers["content-type"], "text/event-stream")
                self.assertEqual(answer.headers["connection"], "close")
            return answer.status == 200

        until(put_off, 10, "a refusal that passes")
