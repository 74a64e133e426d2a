"""Each flag of the list by what it does. That of signed tokens comes with them."""

import re
import tempfile
import time
import urllib.request
from pathlib import Path

import chapter_redis_flags
import chapter_topology
from contract import NO_TOKEN, PRINCIPAL, Contract, issue_path, limit_s, only, raw, stream_path, until, validate_path
from harness import free_port
from program import configuration, run

LATER = {"signing-keys-file"}
OF_REDIS = ("redis-", "sentinel-")  # other chapters'


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


class Flags(Contract):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-flags-")))

    def test_listen(self):
        with only(listen="127.0.0.2:0", healthy=False) as one:
            self.assertIn(b'"status":"ok"', get(f"http://127.0.0.2:{one.port}/health"))
            with self.assertRaises(OSError):
                one.calls.ready()

    def test_advertise_url(self):
        with only("--advertise-url", "https://operator.example/a") as one:
            (self_told,) = one.calls.internal("instances")["instances"]
            self.assertEqual(self_told["url"], "https://operator.example/a")
        (self_told,) = self.one.calls.internal("instances")["instances"]
        self.assertEqual(self_told["url"], self.one.url, "by default host and port")

    def test_metrics_listen(self):
        port = free_port()
        with only("--metrics-listen", f"127.0.0.1:{port}") as one:
            self.assertEqual(one.calls.ask("GET", "/metrics").status, 404, "it is not here any more")
            there = raw(port, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n", 2)
            self.assertEqual([answer.status for answer in there], [200, 404], "and nothing else is there")

    def test_mode(self):
        self.assertEqual(configuration("--mode", "memory")["mode"], ("memory", "flag --mode"))
        self.assertEqual(configuration()["mode"][0], "memory")
        self.assertEqual(configuration("--redis-url", "redis://h:1/0")["mode"][0], "hybrid", "where there is a Redis")
        for mode in ("redis", "hybrid"):
            self.assertEqual(configuration("--mode", mode)["redis-url"][0], "redis://localhost:6379/0")

    def test_instance_id(self):
        with only("--instance-id", "b.2_c-d") as one:
            self.assertEqual(one.calls.internal("instance-id"), {"instance_id": "b.2_c-d"})

    def test_ttl(self):
        with only("--ttl", "7") as one:
            self.assertEqual(one.calls.issue().json["ttl_sec"], 7)
            self.assertLessEqual(one.calls.check(one.calls.token()).json["expires_in_ms"], 7000)

    def test_max_ttl(self):
        with only("--max-ttl", "400") as one:
            self.assertEqual([one.calls.issue(ttl_sec=ttl).status for ttl in (400, 401)], [200, 400])

    def test_heartbeat(self):
        with only("--heartbeat", "1") as one:
            self.assertTrue(self.stream(of=one).wait_named("heartbeat", 2, limit_s(6)))

    def test_max_tokens(self):
        with only("--max-tokens", "3") as one:
            self.assertEqual([one.calls.issue().status for _ in range(4)], [200, 200, 200, 503])

    def test_stream_max_age(self):
        with only("--stream-max-age", "1") as one:
            self.assertTrue(self.stream(of=one).wait_closed(limit_s(6)))

    def test_threads(self):
        with only(threads=3) as one:
            self.assertEqual(self.log_says("listening", one)["threads"], 3)

    def test_principal_file(self):
        file = self.folder / "principals"
        file.write_text("# a comment\nfirst-of-the-file-0123\nsecond-of-the-file-0123, third-of-the-file-0123\n")
        file.chmod(0o600)
        with only("--principal-file", str(file)) as one:
            for name in ("first", "second", "third"):
                line = f"X-VX11-Token: {name}-of-the-file-0123"
                self.assertEqual(one.calls.ask("POST", issue_path, principal=False, headers=[line]).status, 200)
            self.assertEqual(one.calls.issue().status, 200, "besides the variable's")

    def test_principal_out(self):
        """The one of this run, since none is configured and nobody sees standard error."""
        file = self.folder / "made"
        with only("--principal-out", str(file), environment={"VX11_OPERATOR_TOKEN": ""}) as one:
            made = file.read_text().strip()
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            self.assertGreaterEqual(len(made), 32)
            line = f"X-VX11-Token: {made}"
            self.assertEqual(one.calls.ask("POST", issue_path, principal=False, headers=[line]).status, 200)
            self.assertEqual(one.calls.issue().status, 403, "it never runs open")
        self.assertNotIn(made, one.said)

    def test_allow_principal_query(self):
        with only("--allow-principal-query") as one:
            stream = self.stream(PRINCIPAL, of=one)
            self.assertTrue(stream.wait_named("snapshot"))
            self.assertRegex(one.calls.ask("GET", "/metrics").body.decode(), r"(?m)^\w*principals?_in_query\w* 1$")
            self.assertIn("--allow-principal-query", self.log_says("configuration", one)["message"])

    def test_rate_limit(self):
        with only("--rate-limit", "2") as one:
            self.assertEqual([one.calls.issue().status for _ in range(3)], [200, 200, 429])

    def test_rate_window(self):
        with only("--rate-limit", "1", "--rate-window", "3600") as one:
            one.calls.token()
            self.assertGreater(int(one.calls.issue().headers["retry-after"]), 3000)

    def test_trusted_proxy(self):
        with only("--trusted-proxy", "127.0.0.1/32", "--access-log", healthy=False) as one:
            one.calls.ask("GET", "/health", headers=["X-Forwarded-For: 203.0.113.4"])
            self.assertEqual(self.log_says("request", one)["client"], "203.0.113.4")

    def test_cors_origin(self):
        with only("--cors-origin", "https://a.example,https://b.example") as one:
            for origin in ("https://a.example", "https://b.example"):
                answer = one.calls.ask("POST", issue_path, headers=[f"Origin: {origin}"])
                self.assertEqual(answer.headers["access-control-allow-origin"], origin)
        refused = run("--listen", "0.0.0.0:0", "--cors-origin", "*")
        self.assertEqual(refused.returncode, 2, "any origin, on a public address")
        self.assertIn("--cors-origin", refused.stderr)

    def test_allowed_host(self):
        with only("--allowed-host", "localhost", "--allowed-host", "operator.example") as one:
            for host, status in (("operator.example", 200), ("127.0.0.1", 421)):
                answer = raw(one.port, f"GET /livez HTTP/1.1\r\nHost: {host}\r\n\r\n")[0]
                self.assertEqual(answer.status, status)

    def test_audit_log(self):
        file = self.folder / "audit"
        with only("--audit-log", str(file)) as one:
            one.calls.token()
            until(lambda: file.exists() and "issue" in file.read_text(), 5, "the issue's entry")

    def test_access_log(self):
        with only("--access-log", healthy=False) as one:
            one.calls.ask("GET", f"{validate_path}?token={NO_TOKEN}")
            self.assertEqual(self.log_says("request", one)["url"], validate_path + "?token=***")

    def test_stop_timeout(self):
        """What doesn't end by itself, here half a request, holds the stop up no longer than that."""
        with only("--stop-timeout", "1") as one:
            connection = one.connect()
            connection.open()
            connection.socket.sendall(b"POST /half HTTP/1.1\r\n")
            time.sleep(0.2)
            begun = time.monotonic()
            one.terminate()
            self.assertEqual(one.process.wait(limit_s(20)), 0)
            self.assertLess(time.monotonic() - begun, limit_s(2.5))
            connection.close()

    def test_config(self):
        file = self.folder / "file"
        file.write_text("# of a test\nttl = 9\nheartbeat=3\n")
        with only("--config", str(file)) as one:
            self.assertEqual(one.calls.issue().json["ttl_sec"], 9)

    def test_port_file(self):
        """Port 0 takes a free one, and here is which."""
        written = self.one.port_file.read_text()
        self.assertEqual(raw(int(written), "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")[0].status, 200)

    def test_version(self):
        said = run("--version")
        self.assertEqual(said.returncode, 0)
        self.assertRegex(said.stdout, r"^vx11-tokend \d+\.\d+\.\d+\n$")

    def test_help(self):
        said = run("--help")
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertIn("--rate-window N ", said.stdout)

    def test_check_config(self):
        valid = run("--check-config")
        self.assertEqual((valid.returncode, valid.stderr), (0, ""))
        self.assertIn("no principal is configured", run("--check-config", principal=None).stderr)
        self.assertEqual(run("--check-config", "--max-tokens", "0").returncode, 2)
        later = run("--check-config", "--mode", "signed", "--signing-keys-file", "/dev/null")
        self.assertEqual(later.returncode, 2, "it could not start with it")

    def test_print_config(self):
        values = configuration("--ttl", "11", "--redis-url", "redis://u:a-secret-0123456789@h:1/3")
        self.assertEqual(values["ttl"], ("11", "flag --ttl"))
        self.assertEqual(values["redis-url"][0], "redis://u:***@h:1/3")
        self.assertEqual(values["heartbeat"], ("15", "default"))

    def test_no_flag_without_a_row(self):
        """Each flag of --help has its test here, or in a chapter of Redis, or is another version's."""
        flags = set(re.findall(r"(?m)^ +--([a-z-]+)", run("--help").stdout))
        here = {name.removeprefix("test_").replace("_", "-") for name in dir(self) if name.startswith("test_")}
        self.assertGreater(len(flags), 30)
        self.assertEqual({flag for flag in flags - here - LATER if not flag.startswith(OF_REDIS)}, {"local-fresh"})
        others = (chapter_redis_flags.Flags, chapter_topology.Sentinel)
        there = {name.removeprefix("test_").replace("_", "-") for chapter in others for name in dir(chapter)}
        self.assertEqual({flag for flag in flags - here - LATER} - there, set())
