"""Behind a real nginx: as a balancer, and as one that asks before it lets somebody in."""

import tempfile
from pathlib import Path

from contract import NO_TOKEN, PRINCIPAL, Contract, Stream, until
from harness import free_port
from children import spawn, tool
from http_client import Connection

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location /operator/ {{ proxy_pass http://127.0.0.1:{service}; proxy_buffering off; }}
    location /asked/ {{ set $asked $arg_token; auth_request /ask; alias {folder}/; }}
    location = /ask {{
      internal;
      proxy_pass http://127.0.0.1:{service}/operator/api/events/validate?token=$asked;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }}
  }}
}}
"""


class Proxies(Contract):
    flags = ("--heartbeat", "1")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vx11-nginx-"))
        Path(folder, "page").write_text("the page")
        Path(folder).chmod(0o755)
        cls.port = free_port()
        file = Path(folder, "nginx.conf")
        file.write_text(CONFIGURATION.format(folder=folder, port=cls.port, service=cls.one.port))
        log = cls.enterClassContext(Path(folder, "log").open("wb"))
        nginx = spawn([tool("nginx", "nginx-light"), "-p", folder, "-e", "stderr", "-c", file], log)
        cls.addClassCleanup(nginx.wait)
        cls.addClassCleanup(nginx.terminate)
        cls.through = Connection(cls.port, PRINCIPAL)
        cls.addClassCleanup(cls.through.close)
        until(cls.answers, 10, lambda: Path(folder, "log").read_text())

    @classmethod
    def answers(cls) -> bool:
        try:
            return cls.through.ask("GET", "/operator/api/health").status == 200
        except OSError:
            return False

    def test_through_nginx(self):
        """With proxy_buffering off each event comes as it happens."""
        token = self.through.token()
        self.assertEqual(self.through.check(token).status, 200)
        stream = Stream(self.port, token)
        self.addCleanup(stream.close)
        self.assertTrue(stream.wait_named("snapshot"))
        self.assertEqual(self.one.calls.publish("note", 1).status, 202)
        self.assertTrue(stream.wait_named("note") and stream.wait_named("heartbeat", 2))
        self.one.calls.revoke(token=token)
        self.assertTrue(stream.wait_named("revoked") and stream.wait_closed())

    def test_auth_request(self):
        """validate as nginx' auth_request: it opens nothing and consumes nothing."""
        token = self.one.calls.token(single_use=True)

        def asked(words: str):
            return self.through.ask("GET", "/asked/page" + words, principal=False)

        self.assertEqual([asked("?token=" + token).status for _ in range(3)], [200] * 3)
        self.assertEqual(asked("?token=" + token).body, b"the page")
        self.assertEqual((asked("?token=" + NO_TOKEN).status, asked("").status), (403, 401))
