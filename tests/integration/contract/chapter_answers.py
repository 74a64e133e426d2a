"""What every answer carries, and how connections are used."""

import re
import socket

from contract import NO_TOKEN, PRINCIPAL, SECOND, Contract, issue_path, only, raw, shut, stream_path, validate_path

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


class Answers(Contract):
    def some(self) -> list:
        """One answer of each kind."""
        token = self.one.calls.token()
        given = [
            ("POST", issue_path),
            ("GET", f"{validate_path}?token={token}"),
            ("GET", f"{validate_path}?token={NO_TOKEN}"),
            ("HEAD", f"{stream_path}?token={token}"),
            ("GET", f"{stream_path}?token={NO_TOKEN}"),
            ("GET", "/operator/internal/tokens"),
            ("GET", "/operator/internal/cache-stats"),
        ]
        return [self.ask(*words) for words in given]

    def test_correlation_id_is_echoed(self):
        for given in ("a", "A-z_0.9", "x" * 64):
            answer = self.ask("GET", "/health", headers=[f"X-Correlation-Id: {given}"])
            self.assertEqual(answer.headers["x-correlation-id"], given)

    def test_correlation_id_is_fresh(self):
        for given in ("", "x" * 65, "a b", "ü", "<script>"):
            answer = self.ask("GET", "/health", headers=[f"X-Correlation-Id: {given}"])
            self.assertRegex(answer.headers["x-correlation-id"], UUID)
        ids = {self.ask("GET", "/health").headers["x-correlation-id"] for _ in range(20)}
        self.assertEqual(len(ids), 20)

    def test_instance_on_every_answer(self):
        refused = [self.ask("GET", "/nothing"), self.ask("PUT", "/health"), raw(self.one.port, "rubbish\r\n\r\n")[0]]
        for answer in [*self.some(), *refused, self.ask("GET", "/metrics")]:
            self.assertEqual(answer.headers["x-vx11-instance"], "a")
            self.assertTrue(answer.headers["x-correlation-id"])

    def test_no_store(self):
        for answer in self.some():
            self.assertEqual(answer.headers["cache-control"], "no-store", answer)

    def test_no_referrer(self):
        answer = self.ask("HEAD", f"{stream_path}?token={self.one.calls.token()}")
        self.assertEqual(answer.headers["referrer-policy"], "no-referrer")

    def test_errors_hold_no_token(self):
        token = self.one.calls.token()
        for path in (f"{stream_path}?token={token}x", f"/{token}", f"{validate_path}?token={token}&token={token}"):
            answer = self.ask("GET", path)
            self.assertGreaterEqual(answer.status, 400)
            self.assertEqual(answer.json.keys(), {"detail", "correlation_id"})
            self.assertNotIn(token, str(answer.headers) + answer.body.decode())

    def test_keep_alive(self):
        self.ask("GET", "/health")
        port = self.one.calls.socket.getsockname()[1]
        self.assertNotIn("connection", self.ask("GET", "/livez").headers)
        self.assertEqual(self.one.calls.socket.getsockname()[1], port)

    def test_pipelining(self):
        two = "GET /health HTTP/1.1\r\nHost: a\r\nX-Correlation-Id: {}\r\n\r\n"
        answers = raw(self.one.port, "".join(two.format(f"n-{number}") for number in range(50)), 50)
        self.assertEqual([one.headers["x-correlation-id"] for one in answers], [f"n-{number}" for number in range(50)])

    def test_http_1_0(self):
        with socket.create_connection(("127.0.0.1", self.one.port), timeout=10) as old:
            old.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            self.assertTrue(shut(old).startswith(b"HTTP/1.1 200 OK\r\n"))


class Principals(Contract):
    def test_several_principals(self):
        for principal in (PRINCIPAL, SECOND):
            self.assertEqual(self.post(issue_path, "", principal).status, 200)

    def test_lists_of_principals(self):
        """Each of the variables may hold one."""
        names = ("VX11_OPERATOR_TOKEN", "VX11_GATEWAY_TOKEN", "VX11_TENTACULO_LINK_TOKEN")
        lists = {name: f"{name}-first-0123456789, {name}-second-0123456789" for name in names}
        with only(environment=lists) as one:
            for words in lists.values():
                for principal in words.split(", "):
                    line = f"X-VX11-Token: {principal}"
                    answer = one.calls.ask("POST", issue_path, principal=False, headers=[line])
                    self.assertEqual(answer.status, 200, principal)

    def test_header_only(self):
        for line in (f"Cookie: X-VX11-Token={PRINCIPAL}", f"Authorization: Bearer {PRINCIPAL}"):
            answer = self.ask("POST", issue_path, principal=False, headers=[line])
            self.refused(answer, 401, "auth_required")

    def test_not_in_the_query(self):
        self.refused(self.ask("GET", f"{stream_path}?token={PRINCIPAL}", principal=False), 403, "invalid_token")
        self.refused(self.ask("POST", f"{issue_path}?token={PRINCIPAL}", principal=False), 401, "auth_required")

    def test_weak_principal_warns(self):
        weak = {"VX11_OPERATOR_TOKEN": "short-one"}
        with only(listen="0.0.0.0:0", environment=weak) as one:
            configuration = one.calls.ready().json["components"]["configuration"]
            self.assertEqual(configuration["state"], "degraded")
            self.assertRegex(configuration["warnings"][0], "fewer than 16 characters")
            self.assertIn("fewer than 16", self.log_says("configuration", one)["message"])

    def test_test_principal_warns(self):
        with only(listen="0.0.0.0:0", environment={"VX11_OPERATOR_TOKEN": "vx11-test-token"}) as one:
            warnings = one.calls.ready().json["components"]["configuration"]["warnings"]
            self.assertTrue(any("test principal" in warning for warning in warnings), warnings)
