#!/usr/bin/env python3
"""Runs the README's shell blocks, as blocks.py describes, and tests that a wrong page would fail.

readme_test.py README.md: unittest's own arguments may follow.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from blocks import PageError, blocks_of, missing_line  # noqa: E402
from service import PRINCIPAL, Service  # noqa: E402

LIMIT_S = 60
ROOT = Path(__file__).resolve().parents[3]


def free_ports(count: int) -> int:
    """The first of so many in a row."""
    while True:
        with contextlib.ExitStack() as stack:
            first = 0
            try:
                for offset in range(count):
                    probe = stack.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", first + offset if first else 0))
                    first = first or probe.getsockname()[1]
                return first
            except (OSError, OverflowError):
                continue


def run(script: str, port: int, environment) -> str:
    """What the script printed; raises AssertionError with it when the script fails or lasts too long."""
    for offset in range(3):
        script = re.sub(rf"(127\.0\.0\.1|localhost):801{offset + 1}\b", f"127.0.0.1:{port + offset}", script)
    script = re.sub(r"--port 8011\b", f"--port {port}", script)
    script = re.sub(r"\b6379\b", str(free_ports(1)), script)
    script = re.sub(r"(127\.0\.0\.1|localhost):8080\b", f"127.0.0.1:{free_ports(1)}", script)
    script = script.replace("build/release/", f"build/{Path(os.environ['VX11_BIN']).parent.name}/")
    tools = Path(os.environ["VX11_TOOLS"], "bin")  # redis-server, nginx
    # The blocks share a shell, and what they leave in the background shares its group. It may write as long as it lives:
    # into a file, so that nobody waits for it.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT,
            env={**os.environ, **environment, "PATH": f"{tools}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            shell.wait(timeout=LIMIT_S)
            late = False
        except subprocess.TimeoutExpired:
            late = True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
            shell.wait(timeout=20)
        output.seek(0)
        printed = output.read()
    if late or shell.returncode:
        raise AssertionError(f"{'too slow' if late else f'exit {shell.returncode}'}:\n{script}\nprinted:\n{printed}")
    return printed


def run_page(page: str):
    """Runs every group of the page."""
    blocks = blocks_of(page)
    for name in dict.fromkeys(block.name for block in blocks if block.kind != "notest"):
        group = [block for block in blocks if block.name == name and block.kind != "notest"]
        tests = [block for block in group if block.kind == "test"]
        if not tests:
            raise PageError(f"line {group[0].line}: an output of '{name}', which no block runs")
        # A line between the blocks tells which of them had printed what.
        script = "".join(f"{block.text}\nprintf '\\036%s\\n' {block.line}\n" for block in tests)
        with contextlib.ExitStack() as stack:
            if all(block.service for block in tests):
                port = stack.enter_context(Service()).port
            else:
                port = free_ports(3)
            state = stack.enter_context(tempfile.TemporaryDirectory(prefix="vx11-state-"))
            printed = run(script, port, {"VX11_OPERATOR_TOKEN": PRINCIPAL, "XDG_STATE_HOME": state})
        for block in (block for block in group if block.kind == "output"):
            before = [other.line for other in tests if other.line < block.line]
            shown = printed.partition(f"\x1e{before[-1]}\n")[0] if before else ""
            missing = missing_line(block.text, re.sub("\x1e\\d+\n", "", shown))
            if missing is not None:
                raise AssertionError(f"line {block.line}: '{name}' doesn't print: {missing}\nit printed:\n{shown}")


class Readme(unittest.TestCase):
    path = None

    def test_every_block(self):
        run_page(self.path.read_text(encoding="utf-8"))

    def test_every_link(self):
        page = self.path.read_text(encoding="utf-8")
        headings = re.findall(r"(?m)^#+ (.*)$", page)
        places = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        for link in re.findall(r"\]\(([^)]+)\)", page):
            if link.startswith("#"):
                self.assertIn(link[1:], places)
            elif "://" not in link:
                self.assertTrue((ROOT / link).exists(), link)

    def test_every_code(self):
        """What the contract's answers may say, an operator finds here, with the same status."""
        rows = [line for line in self.path.read_text(encoding="utf-8").splitlines() if re.match(r"\| [45]\d\d", line)]
        contract = (ROOT / "tests/integration/contract/contract.txt").read_text(encoding="utf-8")
        codes = re.findall(r"(?m)^([45]\d\d)_(\w+) \| [45]\d\d(.*)", contract)
        self.assertGreater(len(codes), 20)
        for status, code, words in codes:
            for each in re.findall(r"\w+_\w+", words) if code == "mode_request" else [code]:
                self.assertTrue([row for row in rows if f"`{each}`" in row and status in row.split("|")[1]], each)


class Pages(unittest.TestCase):
    """What makes a page fail."""

    def refuses(self, page, words, error=(AssertionError, PageError)):
        with self.assertRaisesRegex(error, words):
            run_page(page)

    def test_good_page(self):
        run_page(
            "<!-- test: a -->\n\n```sh\nname=x\ncurl -fsS http://127.0.0.1:8011/livez >/dev/null\n```\n"
            "<!-- test: a -->\n```sh\necho say $name and more\n```\nIt prints\n\n<!-- output: a -->\n```text\nsay … more\n```\n"
            "<!-- notest: needs a window -->\n```sh\nfalse\n```\n\n```cpp\nint x;\n```\n"
        )

    def test_unmarked_block(self):
        self.refuses("```sh\ntrue\n```\n", "without a mark", PageError)
        self.refuses("<!-- test: a -->\nWords between.\n```sh\ntrue\n```\n", "without a mark", PageError)

    def test_unclosed_block(self):
        self.refuses("<!-- test: a -->\n```sh\ntrue\n", "no end", PageError)

    def test_failing_command(self):
        self.refuses("<!-- test: a, no service -->\n```sh\nfalse\ntrue\n```\n", "exit 1")

    def test_other_output(self):
        page = "<!-- test: a, no service -->\n```sh\necho one\n```\n<!-- output: a -->\n```text\ntwo\n```\n"
        self.refuses(page, "doesn't print: two")

    def test_output_that_comes_later(self):
        page = "<!-- output: a -->\n```text\none\n```\n<!-- test: a, no service -->\n```sh\necho one\n```\n"
        self.refuses(page, "doesn't print: one")

    def test_marks_that_do_not_fit(self):
        self.refuses("<!-- test: a -->\n```text\nx\n```\n", "doesn't fit", PageError)
        self.refuses("<!-- notest: -->\n```sh\nx\n```\n", "lacks", PageError)
        self.refuses("<!-- test: a, often -->\n```sh\nx\n```\n", "unknown option", PageError)
        self.refuses("<!-- output: a -->\n```text\nx\n```\n", "no block runs", PageError)


if __name__ == "__main__":
    Readme.path = Path(sys.argv.pop(1))
    unittest.main()
