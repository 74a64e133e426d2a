"""What a browser is told about other origins, and whose name a request may be for."""

from contract import NO_TOKEN, Contract, issue_path, only, publish_path, raw, stream_path, validate_path

PAGE = "https://app.example"
PATHS = {issue_path: "POST", stream_path: "GET, HEAD", validate_path: "GET, HEAD"}


def of(origin: str, *more) -> list:
    return [f"Origin: {origin}", *more]


class Browsers(Contract):
    flags = ("--cors-origin", PAGE, "--cors-origin", "http://other.example:8080")

    def preflight(self, path: str, origin=PAGE):
        return self.ask("OPTIONS", path, principal=False, headers=of(origin, "Access-Control-Request-Method: POST"))

    def test_preflight(self):
        for path, methods in PATHS.items():
            answer = self.preflight(path)
            self.assertEqual(answer.status, 204)
            self.assertEqual(answer.headers["access-control-allow-origin"], PAGE)
            self.assertEqual(answer.headers["access-control-allow-methods"], methods)
            allowed = answer.headers["access-control-allow-headers"]
            self.assertEqual(allowed, "X-VX11-Token, X-Correlation-Id, Content-Type, Last-Event-ID")
            self.assertEqual(answer.headers["vary"], "Origin")

    def test_preflight_nowhere_else(self):
        for path in (publish_path, "/health", "/operator/internal/mode", "/operator/internal/tokens/revoke"):
            answer = self.refused(self.preflight(path), 405, "method_not_allowed")
            self.assertFalse([name for name in answer.headers if name.startswith("access-control")])

    def test_no_cors_without_origins(self):
        with only() as one:
            for path in PATHS:
                answer = one.calls.ask("OPTIONS", path, headers=of(PAGE, "Access-Control-Request-Method: POST"))
                self.assertEqual(answer.status, 405)
            answer = one.calls.ask("POST", issue_path, headers=of(PAGE))
            self.assertEqual(answer.status, 200)
            self.assertFalse({"vary", "access-control-allow-origin"} & answer.headers.keys())

    def test_answers_name_the_origin(self):
        token = self.one.calls.token()
        for method, path, status in (
            ("POST", issue_path, 200),
            ("GET", f"{validate_path}?token={token}", 200),
            ("HEAD", f"{stream_path}?token={token}", 200),
            ("GET", f"{stream_path}?token={NO_TOKEN}", 403),
            ("PUT", issue_path, 405),
        ):
            answer = self.ask(method, path, headers=of(PAGE))
            self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (status, PAGE))
            self.assertIn("X-Correlation-Id", answer.headers["access-control-expose-headers"])

    def test_vary(self):
        for lines in ([], of(PAGE), of("https://evil.example")):
            answer = self.ask("POST", issue_path, headers=lines)
            self.assertEqual((answer.status, answer.headers["vary"]), (200, "Origin"))

    def test_other_origins(self):
        for origin in ("https://evil.example", "http://app.example", PAGE + ".evil.example", "null"):
            answer = self.ask("POST", issue_path, headers=of(origin))
            self.assertNotIn("access-control-allow-origin", answer.headers)
            self.assertNotIn("access-control-allow-origin", self.preflight(issue_path, origin).headers)

    def test_no_credentials(self):
        self.assertNotIn("access-control-allow-credentials", self.preflight(issue_path).headers)

    def test_any_origin_on_loopback(self):
        with only("--cors-origin", "*") as one:
            answer = one.calls.ask("POST", issue_path, headers=of("https://whoever.example"))
            self.assertEqual(answer.headers["access-control-allow-origin"], "*")

    def test_host_is_not_checked_by_default(self):
        for host in ("localhost", "evil.example", "10.0.0.1:80"):
            self.assertEqual(raw(self.one.port, f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n")[0].status, 200)
