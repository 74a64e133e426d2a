"""What a server spends on a request while wrk asks it: the server on one core, wrk on another."""

import argparse
import os
import re
import statistics
import subprocess
from pathlib import Path

from service import tool

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 32
TICKS = os.sysconf("SC_CLK_TCK")


def read_options(text: str, **more: int) -> argparse.Namespace:
    """--bin, --rounds, --seconds and whole numbers of one's own with their defaults; `text` says what is compared. Then
    the programs are where `tool` looks for them, and there is a core for each side."""
    parser = argparse.ArgumentParser(description=text.splitlines()[0])
    parser.add_argument("--bin", default=ROOT / "build/release/bin")
    for name, default in {"rounds": 5, "seconds": 3, **more}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    os.environ["VX11_BIN"] = str(Path(options.bin).resolve())
    os.environ.setdefault("VX11_TOOLS", str(ROOT / "build/tools"))
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("one core for the servers that are compared and one for all else are needed")
    return options


def pin(pid: int, core: int = SERVER_CORE):
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(port: int, script: str, seconds: int, environment, connections: int) -> int:
    """The requests that wrk had answered with 200; any other answer ends the run."""
    command = ["taskset", "-c", str(LOAD_CORE), tool("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["-s", HERE / f"{script}.lua", f"http://127.0.0.1:{port}"]
    said = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=seconds + 30
    )
    found = re.search(r"(\d+) requests in", said.stdout)
    if not found or "Non-2xx" in said.stdout or "Socket errors" in said.stdout:
        raise SystemExit(f"{script}: {said.stdout}{said.stderr}")
    return int(found[1])


class Phase:
    """What one server spent on one kind of request, round by round."""

    def __init__(self):
        self.micros = []
        self.rates = []

    def measure(self, server, script, seconds, environment, connections=CONNECTIONS):
        before = cpu_seconds(server.pid)
        count = load(server.port, script, seconds, environment, connections)
        self.micros.append((cpu_seconds(server.pid) - before) / count * 1e6)
        self.rates.append(count / seconds)

    def __str__(self):
        return (
            f"{statistics.median(self.micros):.2f} µs CPU a request "
            f"({min(self.micros):.2f}-{max(self.micros):.2f}), {statistics.median(self.rates):,.0f}/s"
        )
