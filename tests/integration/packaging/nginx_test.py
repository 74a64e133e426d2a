#!/usr/bin/env python3
"""packaging/nginx: a real nginx takes the file, streams and refusals pass as they should, no token is in its log, and
a rollback finds its places in it and changes nothing else."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), *(str(HERE.parent / name) for name in ("redis", "cluster", "ctl"))]
from children import free_port, spawn  # noqa: E402
from cluster import tool  # noqa: E402
from ctl import ctl  # noqa: E402
from event_stream import Stream  # noqa: E402
from harness import PRINCIPAL, Instance, Redis, finish, fleet, limit_s, proof, until  # noqa: E402
from http_client import Connection  # noqa: E402

FILE = HERE.parents[2] / "packaging/nginx/vx11.conf"
MAIN = """daemon off;
user {user};
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/vx11.conf;
}}
"""


class Nginx(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-nginx-")))
        redis = self.enterContext(Redis())
        make = [Instance(name, redis.url, None, "--trusted-proxy", "127.0.0.1") for name in "abc"]
        self.instances = self.enterContext(fleet(*make))
        text, self.port = FILE.read_text(encoding="utf-8"), free_port()
        for number, one in enumerate(self.instances, 1):
            text = text.replace(f"server 10.0.0.{number}:8011;", f"server 127.0.0.1:{one.port};")
        self.file = self.folder / FILE.name
        self.file.write_text(text.replace("    listen 80;", f"    listen 127.0.0.1:{self.port};"))
        user = "root" if os.geteuid() == 0 else "nobody"
        (self.folder / "nginx.conf").write_text(MAIN.format(user=user, folder=self.folder))
        self.command = [tool("nginx", "nginx-light"), "-p", self.folder, "-e", self.folder / "error.log"]
        self.command += ["-c", self.folder / "nginx.conf"]
        with (self.folder / "out").open("wb") as out:
            self.process = spawn(self.command, out)
        self.addCleanup(lambda: (self.process.terminate(), self.process.wait(10)))
        until(self.answers, 10, lambda: (self.folder / "error.log").read_text() + (self.folder / "out").read_text())

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/readyz", principal=False).status == 200
        except OSError:
            return False

    def ask(self, *words, **options):
        connection = Connection(self.port, PRINCIPAL)
        try:
            return connection.ask(*words, **options)
        finally:
            connection.close()

    def test_as_it_is_shipped(self):
        token = self.ask("POST", "/operator/api/events/sse-token").json["sse_token"]
        check = "/operator/api/events/validate?token="
        for _ in self.instances:  # one after the other
            self.assertEqual(self.ask("GET", check + token, principal=False).status, 200)
        self.assertEqual(self.ask("GET", check + "no-token", principal=False).status, 403)
        stream = Stream(self.port, token)
        self.addCleanup(stream.close)
        self.assertEqual(self.ask("POST", "/operator/api/events/publish", {"event": "job.done", "data": 1}).status, 202)
        until(lambda: any(event.name == "job.done" for event in stream.events), limit_s(5), "the event, unbuffered")
        for path in ("/operator/internal/cache-stats", "/metrics", "/livez", "/"):
            self.assertEqual(self.ask("GET", path).status, 404, path)

        before = self.file.read_text()
        reload = " ".join(map(str, [*self.command, "-s", "reload"]))
        through = ["--balancer", f"http://127.0.0.1:{self.port}", "rollback", "--to", "memory", "--nginx-out", self.file]
        run = ctl(*through, "--reload-command", reload, "--watch-seconds", 0, "--yes", on=self.instances)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.file.read_text().replace("    ip_hash;\n", ""), before)
        self.assertNotEqual(self.file.read_text(), before)

        log = (self.folder / "access.log").read_text()
        self.assertIn("POST /operator/api/events/sse-token", log)
        self.assertNotIn(token, log)
        proof("a stream and a rollback over the shipped file, which is changed by ip_hash alone; no token in nginx's log")


if __name__ == "__main__":
    finish("nginx")
