"""A real nginx as an operator runs one: a master that reads its file again when told, and our marks in that file."""

import hashlib
import os
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cluster"))
from cluster import tool  # noqa: E402
from children import free_port, spawn  # noqa: E402
from harness import PRINCIPAL, until  # noqa: E402
from http_client import Connection  # noqa: E402

FILE = """# Of the operator's own; only what stands between the marks is ours.
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    keepalive_timeout 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;

    # vx11 begin (vx11ctl and the console write here)
    upstream operator_backend {{
{servers}
    }}
    # vx11 end

    server {{
        listen 127.0.0.1:{port};
\tset $odd "tabs,  { }  and # marks stay";

        # vx11 begin
        # vx11 end

        location / {{ proxy_pass http://operator_backend; proxy_buffering off; {kept} }}
    }}
}}
"""


class Nginx:
    """Runs from `with` to its end. `reload`: the command that makes it read its file again. `kept`: so many connections
    to the instances stay open between requests."""

    def __init__(self, instances, parameters="max_fails=3", kept=0):
        self.instances, self.parameters, self.kept = instances, parameters, kept
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-nginx-")
        self.file = Path(self.folder.name, "nginx.conf")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.principal = PRINCIPAL
        self.program = tool("nginx", "nginx-light")
        self.reload = f"{self.program} -p {self.folder.name} -e {self.folder.name}/error.log -c {self.file} -s reload"

    def __enter__(self):
        servers = "\n".join(f"        server 127.0.0.1:{one.port} {self.parameters};" for one in self.instances)
        kept = ""
        if self.kept:
            servers += f"\n        keepalive {self.kept};"
            kept = 'proxy_http_version 1.1; proxy_set_header Connection "";'
        user = "root" if os.geteuid() == 0 else "nobody"
        text = FILE.replace("{ }", "{{ }}").format(
            folder=self.folder.name, user=user, port=self.port, servers=servers, kept=kept
        )
        self.file.write_text(text)
        self.before = self.file.read_bytes()
        self.log = Path(self.folder.name, "log")
        with self.log.open("wb") as log:
            self.process = spawn([self.program, "-p", self.folder.name, "-e", "stderr", "-c", self.file], log)
        try:
            until(self.answers, 10, lambda: f"nginx: {self.log.read_text()}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()

    @property
    def words(self) -> tuple:
        """The options of a rollback that goes with it."""
        return "--nginx-out", self.file, "--reload-command", self.reload

    def put_back(self):
        """The file as it was at first, and nginx by it."""
        self.file.write_bytes(self.before)
        self.process.send_signal(signal.SIGHUP)
        for copy in self.copies():
            copy.unlink()

    def copies(self) -> list:
        return [path for path in self.file.parent.iterdir() if path.name.startswith("nginx.conf.")]

    def checksum(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def ours(self) -> str:
        """The upstream between the marks."""
        return self.file.read_text().partition("upstream operator_backend {")[2].partition("}")[0]

    def rest(self) -> list:
        """The lines outside the marks."""
        kept, inside = [], False
        for line in self.file.read_text().splitlines():
            inside = inside and "# vx11 end" not in line
            if not inside:
                kept.append(line)
            inside = inside or "# vx11 begin" in line
        return kept

    def servers(self) -> list:
        return [line.split()[1].rstrip(";") for line in self.ours().splitlines() if line.split()[:1] == ["server"]]

    def sticky(self) -> bool:
        return "ip_hash;" in self.ours()

    def errors(self) -> str:
        """The end of what it had to complain of."""
        return Path(self.folder.name, "error.log").read_text()[-3000:]

    def answers(self) -> bool:
        connection = Connection(self.port, PRINCIPAL)
        try:
            return connection.ask("GET", "/readyz", principal=False).status == 200
        except (OSError, ConnectionError):
            return False
        finally:
            connection.close()
