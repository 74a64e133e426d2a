"""A Redis server that is one of several: a data node, a sentinel, or a node of a cluster."""

import contextlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import TcpProxy, limit_s  # noqa: E402
from redis_server import Redis  # noqa: E402
from resp import RedisError, Resp  # noqa: E402
from children import spawn, steady_port, tool  # noqa: E402

START_LIMIT_S = 10
HOST = "127.0.0.1"


@dataclass
class Security:
    """How a group is guarded. What is None isn't: no password, no TLS, no users but the one that may do all.

    `users` are lines of an ACL file; `password` stays the default user's, which is the tests' own and the nodes' own.
    """

    password: str = None
    tls: object = None  # Certificates
    users: list = None
    sentinel_password: str = None
    sentinel_users: list = None

    def tls_arguments(self, port: int) -> list:
        files = ["--tls-cert-file", self.tls.cert, "--tls-key-file", self.tls.key, "--tls-ca-cert-file", self.tls.ca]
        return ["--tls-port", port, *files, "--tls-auth-clients", "no", "--tls-replication", "yes"]


class Node(Redis):
    """A server on ports that stay its own while it is dead. `client` and `ask` speak plainly to it, as the default user;
    `own_port` is what others are told: the one of TLS, or of the proxy that stands before it."""

    def __init__(self, *arguments, security=None, password=None, users=None, proxied=False):
        security = security or Security()
        super().__init__(*arguments, start=False)
        self.port, self.password = steady_port(), password
        self.arguments += ["--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"]
        if security.tls:
            self.tls_port = steady_port()
            self.arguments += security.tls_arguments(self.tls_port)
        if password or users:
            file = Path(self.folder.name, "users.acl")
            guard = f">{password}" if password else "nopass"
            file.write_text("\n".join([f"user default on {guard} ~* &* +@all", *(users or [])]) + "\n")
            self.arguments += ["--aclfile", file]
        if password:
            self.arguments += ["--masterauth", password]
        self.proxy = TcpProxy(self.tls_port or self.port) if proxied else None

    @property
    def own_port(self) -> int:
        return self.proxy.port if self.proxy else self.tls_port or self.port

    @property
    def address(self) -> str:
        return f"{HOST}:{self.own_port}"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self):
        self.launch()
        self.answers()

    def answers(self):
        """Waits until it serves."""
        limit = time.monotonic() + limit_s(START_LIMIT_S)
        while time.monotonic() < limit and self.alive:
            with contextlib.suppress(OSError, RedisError):
                self.ask("PING")
                return
            time.sleep(0.01)
        raise AssertionError(f"a server of the group did not start:\n{self.log.read_text()}")

    def client(self, database=0, timeout=5) -> Resp:
        return Resp(self.port, database, self.password, timeout)

    def info(self, section: str) -> dict:
        lines = self.ask("INFO", section).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def role(self) -> str:
        """"master", "replica", or "dead"."""
        try:
            return {"master": "master", "slave": "replica"}[self.ask("ROLE")[0]]
        except (OSError, RedisError):
            return "dead"


class Sentinel(Node):
    """The same program as a sentinel; its configuration is a file that it rewrites."""

    def __init__(self, lines, security=None):
        security = security or Security()
        super().__init__(security=security, password=security.sentinel_password, users=security.sentinel_users)
        self.arguments = []
        self.file = Path(self.folder.name, "sentinel.conf")
        own = [f"port {self.port}", f"bind {HOST}", f"dir {self.folder.name}"]
        if security.tls:
            arguments = iter(security.tls_arguments(self.tls_port))
            own += [f"{str(name)[2:]} {value}" for name, value in zip(arguments, arguments)]
        if security.sentinel_password:
            own.append(f"sentinel sentinel-pass {security.sentinel_password}")
        if security.sentinel_password or security.sentinel_users:
            own.append(f"aclfile {Path(self.folder.name, 'users.acl')}")
        self.file.write_text("\n".join([*own, *lines]) + "\n")

    def launch(self):
        with self.log.open("ab") as log:
            self.process = spawn([tool("redis-server", "redis-server"), self.file, "--sentinel"], log)
