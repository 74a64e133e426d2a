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
PACKAGING = Path(__file__).resolve().parents[3] / "packaging" / "redis"


@dataclass
class Security:
    """How a group is guarded. What is None isn't: no password, no TLS.

    With `acl` the users are those of packaging/redis, each with its group's password: the tests speak as `admin`,
    replicas as `replica`, sentinels as `sentinel`. Without, everybody is the default user.
    """

    password: str = None
    sentinel_password: str = None
    tls: object = None  # Certificates
    acl: bool = False

    def user(self, name: str) -> str:
        return name if self.acl else "default"

    def tls_arguments(self, port: int) -> list:
        files = ["--tls-cert-file", self.tls.cert, "--tls-key-file", self.tls.key, "--tls-ca-cert-file", self.tls.ca]
        return ["--tls-port", port, *files, "--tls-auth-clients", "no", "--tls-replication", "yes"]

    def users(self, file: str, password: str) -> str:
        """The text of an ACL file."""
        guard = f">{password}" if password else "nopass"
        if not self.acl:
            return f"user default on {guard} ~* &* +@all\n"
        shipped = (PACKAGING / file).read_text()
        return shipped.replace(" on ", f" on {guard} ")


class Node(Redis):
    """A server on ports that stay its own while it is dead. `client` and `ask` speak plainly to it, and may do all;
    `own_port` is what others are told: the one of TLS, or of the proxy that stands before it."""

    acl_file = "users.acl"

    def __init__(self, *arguments, security=None, proxied=False):
        super().__init__(*arguments, start=False)
        self.security = security or Security()
        self.port, self.password = steady_port(), self.own_password()
        self.arguments += ["--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"]
        if self.security.tls:
            self.tls_port = steady_port()
            self.arguments += self.security.tls_arguments(self.tls_port)
        file = Path(self.folder.name, "users.acl")
        file.write_text(self.security.users(self.acl_file, self.password))
        self.arguments += ["--aclfile", file]
        if self.password:
            self.arguments += ["--masteruser", self.security.user("replica"), "--masterauth", self.password]
        self.silent = False  # stopped, and not dead
        self.proxy = TcpProxy(self.tls_port or self.port) if proxied else None

    def own_password(self):
        return self.security.password

    @property
    def own_port(self) -> int:
        return self.proxy.port if self.proxy else self.tls_port or self.port

    @property
    def address(self) -> str:
        return f"{HOST}:{self.own_port}"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None and not self.silent

    def pause(self):
        super().pause()
        self.silent = True

    def resume(self):
        self.silent = False
        super().resume()

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
        client = Resp(self.port, timeout=timeout)
        if self.password:
            client.ask("AUTH", self.security.user("admin"), self.password)
        if database:
            client.ask("SELECT", database)
        return client

    def info(self, section: str) -> dict:
        lines = self.ask("INFO", section).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def role(self) -> str:
        """ "master", "replica", or "dead"."""
        try:
            return {"master": "master", "slave": "replica"}[self.ask("ROLE")[0]]
        except (OSError, RedisError):
            return "dead"


class Sentinel(Node):
    """The same program as a sentinel; its configuration is a file that it rewrites."""

    acl_file = "sentinel-users.acl"

    def __init__(self, security=None):
        super().__init__(security=security)
        self.file = Path(self.folder.name, "sentinel.conf")
        lines = [f"port {self.port}", f"bind {HOST}", f"dir {self.folder.name}"]
        lines.append(f"aclfile {Path(self.folder.name, 'users.acl')}")
        if self.security.tls:
            words = iter(self.security.tls_arguments(self.tls_port))
            lines += [f"{name[2:]} {value}" for name, value in zip(words, words)]
        if self.password:
            lines.append(f"sentinel sentinel-user {self.security.user('sentinel')}")
            lines.append(f"sentinel sentinel-pass {self.password}")
        self.file.write_text("\n".join(lines) + "\n")

    def own_password(self):
        return self.security.sentinel_password

    def configure(self, lines):
        with self.file.open("a") as file:
            file.write("\n".join(lines) + "\n")

    def launch(self):
        with self.log.open("ab") as log:
            self.process = spawn([tool("redis-server", "redis-server"), self.file, "--sentinel"], log)
