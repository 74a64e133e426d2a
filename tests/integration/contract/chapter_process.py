"""What the service does as a process among others: its principal, its descriptors, its name, its files."""

import json
import os
import pty
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from contract import Contract, Redis, fleet, issue_path, limit_s, only, raw, until
from harness import Instance
from program import run
from service import kept_environment

MIB = 1024 * 1024
SHOWN = re.compile(r"principal for this run[^:]*: (\w+)\r?\n")


def cpu_s(pid: int) -> float:
    """What it has used of the processors so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Terminal:
    """vx11-tokend with its standard error on a terminal of its own. `seen`: what that shows."""

    def __init__(self, folder: Path, *flags):
        self.port_file = folder / "port"
        self.terminal, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [str(Path(os.environ["VX11_BIN"], "vx11-tokend")), "--listen", "127.0.0.1:0"]
            + ["--port-file", str(self.port_file), *flags],
            env=kept_environment(),
            stdin=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        os.set_blocking(self.terminal, False)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)

    def read(self) -> str:
        try:
            self.seen += os.read(self.terminal, 65536).decode()
        except (BlockingIOError, OSError):  # nothing yet, or it has gone
            pass
        return self.seen


class Process(Contract):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vx11-process-")))

    def test_one_run_principal_on_a_terminal(self):
        with Terminal(self.folder) as one:
            until(lambda: SHOWN.search(one.read()), 15, lambda: f"the principal in {one.seen!r}")
            made = SHOWN.search(one.seen).group(1)
            self.assertEqual(len(made), 32)
            port = int(self.folder.joinpath("port").read_text())
            head = f"POST {issue_path} HTTP/1.1\r\nHost: a\r\nX-VX11-Token: "
            statuses = [raw(port, f"{head}{principal}\r\n\r\n")[0].status for principal in (made, made[:-1] + "x")]
            self.assertEqual(statuses, [200, 403], "and it is the only one")
            one.process.send_signal(signal.SIGTERM)
            self.assertEqual(one.process.wait(limit_s(15)), 0)
            self.assertEqual(one.read().count(made), 1, "shown once")

    def test_one_run_principal_without_a_terminal(self):
        refused = run("--listen", "127.0.0.1:0", principal=None)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--principal-out", refused.stderr)

    def test_one_run_principal_differs(self):
        made = set()
        for number in range(2):
            file = self.folder / str(number)
            with only("--principal-out", str(file), environment={"VX11_OPERATOR_TOKEN": ""}, healthy=False):
                until(lambda one=file: one.exists() and one.read_text().endswith("\n"), 10, "the principal's file")
                made.add(file.read_text())
        self.assertEqual(len(made), 2)

    def test_emfile(self):
        if b"__ubsan_handle" in Path(os.environ["VX11_BIN"], "vx11-tokend").read_bytes():
            self.skipTest("UBSan looks at memory through a pipe, and takes having no descriptor for it for a fault")
        with only() as one:
            in_use = len(os.listdir(f"/proc/{one.pid}/fd"))
            resource.prlimit(one.pid, resource.RLIMIT_NOFILE, (in_use + 20, in_use + 20))
            crowd = [socket.create_connection(("127.0.0.1", one.port), timeout=10) for _ in range(100)]
            self.assertIn("pauses", self.log_says("accept_paused", one)["message"])
            before, begun = cpu_s(one.pid), time.monotonic()
            time.sleep(1)
            self.assertLess(cpu_s(one.pid) - before, 0.3 * (time.monotonic() - begun), "it doesn't spin")
            self.assertEqual(one.calls.issue().status, 200, "who is connected is served")
            for each in crowd:
                each.close()
            newcomer = one.connect()
            self.assertEqual(newcomer.issue().status, 200, "and so are others once there is room")
            newcomer.close()

    def test_instance_id_taken(self):
        redis = self.enterContext(Redis())
        twins = [Instance("twin", redis.url, "hybrid") for _ in range(2)]
        with fleet(*twins, healthy=False):
            for one in twins:
                until(lambda one=one: "instance_id_taken" in one.log.read_text(), 20, "each to see the other's record")
                self.assertIn("--instance-id", self.log_says("instance_id_taken", one)["message"])
                answer = one.calls.ready()
                component = answer.json["components"]["instance_id"]
                self.assertEqual((answer.status, component), (200, {"state": "degraded", "taken": True}))
                self.assertTrue(one.calls.internal("redis")["id_taken"])
            twins[1].stop()
            until(lambda: not twins[0].calls.internal("redis")["id_taken"], 20, "the id to be free")
            self.log_says("instance_id_free", twins[0])

    def test_audit_log_is_rotated(self):
        """Past 16 MiB, and four old ones are kept."""
        file = self.folder / "audit"
        file.write_bytes(b"\n" * (16 * MIB - 40))
        old = [file.with_name(f"audit.{number}") for number in range(1, 5)]
        for each in old:
            each.write_text(each.name)
        with only("--audit-log", str(file)) as one:
            one.calls.token()
            until(lambda: file.stat().st_size < MIB, 5, "a new file")
        self.assertEqual(json.loads(file.read_text().splitlines()[0])["action"], "issue")
        self.assertEqual(old[0].stat().st_size, 16 * MIB - 40)
        self.assertEqual([each.read_text() for each in old[1:]], ["audit.1", "audit.2", "audit.3"])
        self.assertEqual(len(list(self.folder.glob("audit*"))), 5)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def test_audit_of_a_stop_by_signal(self):
        file = self.folder / "audit"
        for name in (signal.SIGTERM, signal.SIGINT):
            with only("--audit-log", str(file)) as one:
                one.process.send_signal(name)
                self.assertEqual(one.process.wait(limit_s(15)), 0)
            entry = json.loads(file.read_text().splitlines()[-1])
            self.assertEqual((entry["action"], entry["detail"]), ("drain", name.name))

    def test_a_second_signal_ends_it_now(self):
        with only("--stop-timeout", "600") as one:
            half = one.connect()
            half.open()
            half.socket.sendall(b"POST /half HTTP/1.1\r\n")
            time.sleep(0.2)
            one.terminate()
            self.log_says("drain_begun", one)
            one.terminate()
            self.assertEqual(one.process.wait(limit_s(15)), 0)
            half.close()
