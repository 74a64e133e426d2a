"""nginx with one worker that answers every request with a constant of a check's size: the yardstick."""

import socket
import subprocess
import time
from pathlib import Path

from service import tool

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  default_type application/json;
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 200 '{{"valid":true,"expires_in_ms":59000,"source":"memory"}}'; }}
  }}
}}
"""


class Nginx:
    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        configuration = Path(self.folder, "nginx.conf")
        configuration.write_text(CONFIGURATION.format(folder=self.folder, port=self.port))
        self.process = subprocess.Popen(
            [tool("nginx", "nginx-light"), "-p", self.folder, "-e", "stderr", "-c", configuration],
            stdin=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        limit = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > limit:
                    self.__exit__()
                    raise SystemExit("nginx did not start") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
