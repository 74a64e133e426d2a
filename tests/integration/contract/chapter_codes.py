"""Every status and word that an answer may have. What the program knows besides is found in its source."""

import re
import socket
import time
from pathlib import Path

from contract import (
    NO_TOKEN,
    PRINCIPAL,
    Contract,
    issue_path,
    limit_s,
    only,
    publish_path,
    raw,
    revoke_path,
    shut,
    stream_path,
    until,
    validate_path,
)

CORE = Path(__file__).resolve().parents[3] / "core"
OF_A_BUG = {"500 internal_error"}  # proved by test_session: no request brings it about


class Codes(Contract):
    mode_path = "/operator/internal/mode"

    def get(self, path: str):
        return self.ask("GET", path)

    def issue(self, text: str):
        return self.post(issue_path, text)

    def malformed(self, data: str):
        self.refused(raw(self.one.port, data)[0], 400, "malformed_request")

    def test_400_malformed_request(self):
        self.malformed("this is no HTTP\r\n\r\n")
        self.malformed("GET /health HTTP/1.1\r\n\r\n")
        self.malformed("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        self.malformed("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")

    def test_400_malformed_json(self):
        for text in ("{", "[]", "1", '{"ttl_sec":}', "\x00"):
            self.refused(self.issue(text), 400, "malformed_json")
        self.refused(self.post(publish_path, "event"), 400, "malformed_json")
        self.refused(self.post(revoke_path, "all"), 400, "malformed_json")

    def test_400_ttl_out_of_range(self):
        for ttl in ("0", "301", "-1", "1.5", "1e99", "99999999999999999999"):
            self.refused(self.issue('{"ttl_sec":%s}' % ttl), 400, "ttl_out_of_range")

    def test_400_invalid_ttl_sec(self):
        self.refused(self.issue('{"ttl_sec":"60"}'), 400, "invalid_ttl_sec")

    def test_400_invalid_single_use(self):
        self.refused(self.issue('{"single_use":1}'), 400, "invalid_single_use")

    def test_400_repeated_parameter(self):
        for path in (stream_path, validate_path):
            self.refused(self.get(f"{path}?token={NO_TOKEN}&x=1&token={NO_TOKEN}"), 400, "repeated_parameter")
        self.refused(self.get("/operator/internal/tokens?limit=1&limit=2"), 400, "repeated_parameter")

    def test_400_repeated_header(self):
        twice = f"X-VX11-Token: {PRINCIPAL}\r\n" * 2
        token = self.one.calls.token()
        for line in (
            f"POST {issue_path}",
            f"GET {stream_path}",
            f"GET {stream_path}?token={token}",
            "GET /operator/internal/mode",
        ):
            answer = raw(self.one.port, f"{line} HTTP/1.1\r\nHost: a\r\n{twice}Content-Length: 0\r\n\r\n")[0]
            self.refused(answer, 400, "repeated_header")
        lines = "Last-Event-ID: a.1\r\n" * 2
        answer = raw(self.one.port, f"GET {stream_path}?token={token} HTTP/1.1\r\nHost: a\r\n{lines}\r\n")[0]
        self.refused(answer, 400, "repeated_header")

    def test_400_invalid_event(self):
        for text in ("", '{"data":1}', '{"event":1}', '{"event":""}', '{"event":"a b"}', '{"event":"%s"}' % ("x" * 65)):
            self.refused(self.post(publish_path, text), 400, "invalid_event")

    def test_400_reserved_event(self):
        for name in ("snapshot", "heartbeat", "reset", "revoked", "drain"):
            self.refused(self.post(publish_path, self.body(event=name)), 400, "reserved_event")

    def test_400_limit_out_of_range(self):
        for limit in ("0", "1001", "-1", "ten", "1x"):
            self.refused(self.get("/operator/internal/tokens?limit=" + limit), 400, "limit_out_of_range")

    def test_400_invalid_cursor(self):
        self.refused(self.get("/operator/internal/tokens?cursor=of-nobody"), 400, "invalid_cursor")

    def test_400_match_too_long(self):
        self.refused(self.get("/operator/internal/tokens?match=" + "a" * 129), 400, "match_too_long")

    def test_400_invalid_revocation(self):
        for text in ("{}", '{"all":false}', '{"id":"x"}', '{"token":1}', '{"all":true,"id":"%s"}' % ("0" * 32)):
            self.refused(self.post(revoke_path, text), 400, "invalid_revocation")

    def test_400_mode_request(self):
        """Every word with which a wrong mode request is refused, each with its reason."""
        named = {
            "unknown_mode": {"mode": "sticky"},
            "invalid_mode": {"mode": 1},
            "invalid_operation": {"mode": "memory", "operation_id": "o-1"},
            "invalid_release": {"release": True, "mode": "memory"},
            "invalid_step": {"mode": "memory", "step": "begin"},
        }
        for word, members in named.items():
            answer = self.refused(self.ask("POST", self.mode_path, members), 400, word)
            self.assertTrue(answer.json["reason"])

    def test_401_auth_required(self):
        for method, path in (("POST", issue_path), ("POST", publish_path), ("GET", stream_path)):
            self.refused(self.ask(method, path, principal=False), 401, "auth_required")

    def test_403_invalid_token(self):
        self.refused(self.post(issue_path, "", "wrong-" + PRINCIPAL), 403, "invalid_token")
        malformed = ("x", "%00", NO_TOKEN.upper(), NO_TOKEN + "0", "6f9619ff-8b86-1011-b42d-00c04fc964ff", "v1.a.b.c")
        for token in (NO_TOKEN, *malformed):
            self.refused(self.get(f"{validate_path}?token={token}"), 403, "invalid_token")

    def test_404_not_found(self):
        for path in ("/", "/operator", "/healthz", issue_path + "/", "/operator/internal/nothing", "//health"):
            self.refused(self.get(path), 404, "not_found")

    def test_405_method_not_allowed(self):
        for method, path, allow in (
            ("GET", issue_path, "POST"),
            ("DELETE", "/operator/internal/mode", "GET, HEAD, POST"),
            ("POST", "/health", "GET, HEAD"),
            ("OPTIONS", stream_path, "GET, HEAD"),
        ):
            answer = self.refused(self.ask(method, path), 405, "method_not_allowed")
            self.assertEqual(answer.headers["allow"], allow)

    def test_408_request_timeout(self):
        with socket.create_connection(("127.0.0.1", self.one.port), timeout=limit_s(30)) as slow:
            begun = time.monotonic()
            slow.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
            answer = shut(slow)
        self.assertTrue(answer.startswith(b"HTTP/1.1 408 "), answer)
        self.assertIn(b'"detail":"request_timeout"', answer)
        self.assertGreater(time.monotonic() - begun, 5)

    def test_409_mode_unavailable(self):
        for mode in ("redis", "hybrid", "signed"):
            answer = self.refused(self.one.calls.mode(mode), 409, "mode_unavailable")
            self.assertTrue(answer.json["reason"])
        self.assertEqual(self.one.calls.internal("mode")["mode"], "memory")

    def test_409_mode_held(self):
        mine = {"operation_id": "o-1", "owner": "me"}
        self.assertEqual(self.one.calls.mode("memory", **mine).status, 200)
        answer = self.refused(self.one.calls.mode("memory", operation_id="o-2", owner="you"), 409, "mode_held")
        self.assertEqual((answer.json["operation_id"], answer.json["owner"]), ("o-1", "me"))
        self.assertAlmostEqual(answer.json["since"], time.time(), delta=limit_s(30))
        self.assertEqual(self.ask("POST", self.mode_path, {**mine, "release": True}).status, 200)

    def test_413_body_too_large(self):
        self.refused(self.issue('{"x":"%s"}' % ("x" * 65_530)), 413, "body_too_large")
        self.assertEqual(self.issue('{"x":"%s"}' % ("x" * 65_000)).status, 200)

    def test_414_uri_too_long(self):
        self.refused(raw(self.one.port, f"GET /{'x' * 8200} HTTP/1.1\r\nHost: a\r\n\r\n")[0], 414, "uri_too_long")

    def test_421_host_not_allowed(self):
        with only("--allowed-host", "Console.Example:8011,[::1]", healthy=False) as one:
            hosts = {"console.example": 200, "CONSOLE.example:1": 200, "[::1]:80": 200, "evil": 421}
            for host, status in hosts.items():
                answer = raw(one.port, f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n")[0]
                self.assertEqual(answer.status, status, host)
            self.refused(answer, 421, "host_not_allowed")

    def test_429_rate_limited(self):
        with only("--rate-limit", "3") as one:
            answers = [one.calls.issue() for _ in range(3)] + [one.calls.publish("x", 1)]
            self.assertEqual([answer.status for answer in answers], [200, 200, 200, 429])
            self.refused(answers[-1], 429, "rate_limited")
            self.assertTrue(1 <= int(answers[-1].headers["retry-after"]) <= 60)

    def test_431_headers_too_large(self):
        for lines in ("X: " + "x" * 8200 + "\r\n", "X: y\r\n" * 101):
            answer = raw(self.one.port, f"GET /health HTTP/1.1\r\nHost: a\r\n{lines}\r\n")[0]
            self.refused(answer, 431, "headers_too_large")

    def test_503_token_table_full(self):
        with only("--max-tokens", "2") as one:
            tokens = [one.calls.token() for _ in range(2)]
            answer = self.refused(one.calls.issue(), 503, "token_table_full")
            self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
            self.assertEqual([one.calls.check(token).status for token in tokens], [200] * 2, "no live one is dropped")
            one.calls.revoke(token=tokens[0])
            until(lambda: one.calls.issue().status == 200, 5, "room after a revocation")

    def test_no_other_codes(self):
        """Each pair of status and word in the source stands in a row's name, or is told apart here."""
        pair = re.compile(r'error\((\d{3}), "(\w+)"|refuse_principal\([^;]*?(\d{3}), "(\w+)"')
        known = set()
        for file in [*CORE.glob("api/*.cpp"), *CORE.glob("http/*.cpp")]:
            for found in pair.finditer(file.read_text()):
                known.add(" ".join(part for part in found.groups() if part))
        named = {name[5:].replace("_", " ", 1) for name in dir(self) if re.match(r"test_\d{3}_", name)}
        told_elsewhere = {"503 store_unavailable"}  # the chapter of failures
        self.assertGreater(len(known), 20)
        self.assertEqual(known - named - OF_A_BUG - told_elsewhere, set())
