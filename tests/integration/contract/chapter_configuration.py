"""Where a setting comes from, what is refused, and what is only warned about."""

import re
import socket
import tempfile
from pathlib import Path

from contract import NO_TOKEN, Contract, only
from program import configuration, run

SECRET = "a-secret-of-redis-0123456789"


class Configuration(Contract):
    def file(self, text: str) -> str:
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-file-"))
        path = Path(folder, "settings")
        path.write_text(text)
        return str(path)

    def fails(self, words: str, *flags, **environment):
        said = run(*flags, **environment)
        self.assertEqual((said.returncode, said.stdout), (2, ""), said)
        self.assertIn(words, said.stderr)

    def warns(self, words: str, *flags, **environment):
        said = run("--check-config", *flags, **environment)
        self.assertEqual(said.returncode, 0, said)
        self.assertRegex(said.stderr, words)

    def silent(self, *flags, **environment):
        said = run("--check-config", *flags, **environment)
        self.assertEqual((said.returncode, said.stderr), (0, ""), said)

    def test_order_of_sources(self):
        """Flags over variables over the file over defaults, and each is told."""
        file = self.file("ttl = 21\nheartbeat = 22\nmax-ttl = 23\n")
        variables = {"VX11_OPERATOR_TTL": "11", "VX11_OPERATOR_SSE_HEARTBEAT": "12"}
        values = configuration("--config", file, "--ttl", "1", **variables)
        self.assertEqual(values["ttl"], ("1", "flag --ttl"))
        self.assertEqual(values["heartbeat"], ("12", "variable VX11_OPERATOR_SSE_HEARTBEAT"))
        self.assertEqual(values["max-ttl"][0], "23")
        self.assertIn(file, values["max-ttl"][1])
        self.assertEqual(values["rate-limit"], ("0", "default"))

    def test_defaults(self):
        wanted = {
            "listen": "127.0.0.1:8011",
            "advertise-url": "http://<host>:<port>",
            "ttl": "60",
            "max-ttl": "300",
            "local-fresh": "5",
            "heartbeat": "15",
            "max-tokens": "1000000",
            "redis-timeout-ms": "150",
            "redis-wait": "0",
            "redis-prefix": "vx11:",
            "rate-limit": "0",
            "stop-timeout": "10",
        }
        values = configuration()
        self.assertEqual({name: values[name] for name in wanted}, {name: (v, "default") for name, v in wanted.items()})

    def test_serve(self):
        """The word may stand before the flags."""
        self.assertEqual(run("serve", "--check-config").returncode, 0)
        self.assertEqual(run("sreve", "--check-config").returncode, 2)

    def test_every_flag_has_a_variable_and_a_key(self):
        """As --help names them; each key is one of --print-config."""
        keys = configuration().keys()
        rows = re.findall(r"(?m)^ +--([a-z-]+) [A-Z]+\b", run("--help").stdout)
        self.assertGreater(len(rows), 25)
        self.assertEqual([flag for flag in rows if flag not in keys], [])

    def test_secrets_are_masked(self):
        said = run("--print-config", "--redis-url", f"redis://u:{SECRET}@h:1/0")
        self.assertNotIn(SECRET, said.stdout + said.stderr)
        self.assertIn("***", said.stdout)

    def test_unknown_flag(self):
        self.fails("--nonsense", "--nonsense", "1")

    def test_unknown_key(self):
        self.fails("nonsense", "--config", self.file("nonsense = 1\n"))

    def test_out_of_range(self):
        for flag, value in (("ttl", "86401"), ("max-tokens", "0"), ("max-tokens", "100000001"), ("heartbeat", "x")):
            self.fails(f"--{flag}", f"--{flag}", value)
        self.fails("ttl", "--config", self.file("ttl = 0\n"))
        self.fails("VX11_OPERATOR_TTL", VX11_OPERATOR_TTL="-1")

    def test_ttl_over_max_ttl(self):
        self.fails("--max-ttl", "--ttl", "60", "--max-ttl", "59")

    def test_unknown_variable(self):
        self.warns("VX11_OPERATOR_HEARTBEET .*VX11_OPERATOR_SSE_HEARTBEAT", VX11_OPERATOR_HEARTBEET="1")

    def test_variables_of_python_backends(self):
        names = ("VX11_OPERATOR_SSE_POLL", "VX11_OPERATOR_PROXY_ENABLED", "VX11_OPERATOR_CONTROL_ENABLED")
        self.silent(**dict.fromkeys(names, "1"))

    def test_other_variables(self):
        self.silent(VX11_ANYTHING="1", VX11_OPERATORX="1")

    def test_empty_variable(self):
        self.assertEqual(configuration(VX11_OPERATOR_TTL="")["ttl"], ("60", "default"))

    def test_two_ttls(self):
        self.fails("EPHEMERAL_TOKEN_TTL_SEC", EPHEMERAL_TOKEN_TTL_SEC="10", VX11_OPERATOR_TTL="11")
        self.assertEqual(configuration(EPHEMERAL_TOKEN_TTL_SEC="10", VX11_OPERATOR_TTL="10")["ttl"][0], "10")
        self.assertEqual(configuration(EPHEMERAL_TOKEN_TTL_SEC="10")["ttl"], ("10", "variable EPHEMERAL_TOKEN_TTL_SEC"))

    def test_redis_by_url(self):
        self.assertEqual(configuration(REDIS_URL="redis://h:1/2")["redis-url"][0], "redis://h:1/2")

    def test_redis_by_parts(self):
        values = configuration(REDIS_HOST="h", REDIS_PORT="7", REDIS_PASSWORD=SECRET)
        self.assertRegex(values["redis-url"][0], r"^redis://(:\*\*\*@)?h:7")

    def test_redis_database(self):
        """The flag, else our variable, else the common one, else the URL's, else 0."""
        url = {"REDIS_URL": "redis://h:1/4"}
        common = {**url, "REDIS_DB": "3"}
        ours = {**common, "VX11_OPERATOR_REDIS_DB": "2"}
        for wanted, flags, variables in (
            ("1", ("--redis-db", "1"), ours),
            ("2", (), ours),
            ("3", (), common),
            ("4", (), url),
            ("0", (), {"REDIS_URL": "redis://h:1"}),
        ):
            self.assertEqual(configuration(*flags, **variables)["redis-db"][0], wanted)
        self.warns("REDIS_DB", **ours)
        with only("--redis-db", "5", redis="redis://127.0.0.1:1/4", mode="hybrid", healthy=False) as one:
            warnings = one.calls.ready().json["components"]["configuration"]["warnings"]
            self.assertTrue(any("database" in warning or "redis-db" in warning for warning in warnings), warnings)
            self.assertIn("5", self.log_says("configuration", one)["message"])

    def test_instance_id_from_its_variable(self):
        self.assertEqual(configuration(INSTANCE_ID="from-there")["instance-id"], ("from-there", "variable INSTANCE_ID"))
        with only() as one:
            one.calls.ready()
        without = configuration()["instance-id"]
        self.assertEqual(without, ("host name and port", "default"))

    def test_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = run("--listen", f"127.0.0.1:{port}", "--threads", "2")
        self.assertEqual(said.returncode, 1)
        self.assertIn(f"127.0.0.1:{port} is in use", said.stderr)

    def test_port_taken_by_one_of_us(self):
        """With shared ports a second process would take half of its requests in silence."""
        said = run("--listen", f"127.0.0.1:{self.one.port}", "--threads", "2")
        self.assertEqual(said.returncode, 1)
        self.assertEqual(self.one.calls.check(NO_TOKEN).status, 403)

    def test_public_address_needs_a_principal(self):
        self.fails("no principal is configured", "--listen", "0.0.0.0:0", principal=None)
        self.fails("no principal is configured", "--listen", ":0", principal=None)

    def test_descriptor_limit_is_raised(self):
        limits = Path(f"/proc/{self.one.pid}/limits").read_text()
        soft, hard = re.search(r"Max open files +(\d+) +(\d+)", limits).groups()
        self.assertEqual(soft, hard)
