#!/usr/bin/env python3
"""What run.sh and test.sh say and do about packages, where apt is a script of ours; and run.sh's service."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from service import kept_environment  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PACKAGING = ROOT / "packaging"
# The programs of a bare Debian that the scripts may use before anything is installed; sudo isn't one of them.
BARE = "awk basename bash cat dirname env find grep mktemp nproc readlink rm sed sort comm tr".split()

PLAN = """\
The following additional packages will be installed:
  libcurl4
The following NEW packages will be installed:
  curl libcurl4
  wrk
0 upgraded, 3 newly installed, 0 to remove and 4 not upgraded.
Need to get 346 kB of archives.
After this operation, 939 kB of additional disk space will be used.
'http://deb.debian.org/wrk.deb' wrk.deb 43340 MD5Sum:0
"""
REMOVAL = """\
The following packages will be REMOVED:
  libboost1.81-dev
The following NEW packages will be installed:
  curl
0 upgraded, 1 newly installed, 1 to remove and 4 not upgraded.
"""


class Machine:
    """A PATH of its own: of our packages curl and wrk aren't installed, and apt-get writes down what it was told."""

    def __init__(self, folder, plan=PLAN, uid=0, sudo=False, unknown_until_update=False):
        self.folder = Path(folder)
        for name in BARE:
            (self.folder / name).symlink_to(shutil.which(name))
        (self.folder / "plan").write_text(plan)
        self.program("id", f"echo {uid}")
        self.program(
            "dpkg-query",
            'for name; do case $name in curl | wrk | -*) ;; *) echo "installed $name" ;; esac; done; exit 1',
        )
        unknown = f'[ -e {folder}/updated ] || {{ echo "E: Unable to locate package curl"; exit 100; }}'
        self.program(
            "apt-get",
            f"""echo "$*" >>{folder}/told
            case " $* " in
              *" update "*) : >{folder}/updated ;;
              *" --print-uris "*) {unknown if unknown_until_update else ""}
                cat {folder}/plan ;;
              *) exit 77 ;;
            esac""",
        )
        if sudo:
            self.program("sudo", 'exec "$@"')

    def program(self, name, text):
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{text}\n")
        path.chmod(0o755)

    def run(self, script, *arguments):
        return subprocess.run(
            ["bash", PACKAGING / script, *arguments],
            env={"PATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=30,
        )

    @property
    def told(self):
        """What apt-get was asked to do, without the questions."""
        lines = (self.folder / "told").read_text().splitlines() if (self.folder / "told").exists() else []
        return [line for line in lines if "--print-uris" not in line]


class Packages(unittest.TestCase):
    LINE = "apt-get install --yes --no-remove --no-install-recommends curl wrk"

    def machine(self, **how):
        folder = tempfile.TemporaryDirectory(prefix="vx11-packaging-")
        self.addCleanup(folder.cleanup)
        return Machine(folder.name, **how)

    def test_says_what_how_much_and_the_line_before_it_runs_it(self):
        machine = self.machine()
        said = machine.run("test.sh").stderr
        self.assertIn("Missing: curl wrk", said)
        self.assertIn("curl libcurl4 wrk", said)
        self.assertIn("Need to get 346 kB", said)
        self.assertIn("939 kB of additional disk space", said)
        self.assertIn(f"    {self.LINE}\n", said)
        self.assertEqual(machine.told, [self.LINE.removeprefix("apt-get ")])

    def test_sudo_where_not_root(self):
        machine = self.machine(uid=1000, sudo=True)
        self.assertIn(f"    sudo {self.LINE}\n", machine.run("test.sh").stderr)
        self.assertEqual(len(machine.told), 1)

    def test_neither_root_nor_sudo(self):
        machine = self.machine(uid=1000)
        answer = machine.run("test.sh")
        self.assertEqual((answer.returncode, machine.told), (1, []))
        self.assertTrue(answer.stderr.endswith(f"    {self.LINE}\n"), answer.stderr)

    def test_no_install_never_installs(self):
        machine = self.machine()
        answer = machine.run("test.sh", "--no-install")
        self.assertEqual((answer.returncode, machine.told), (1, []))
        self.assertIn("Missing: curl wrk", answer.stderr)
        self.assertIn(self.LINE, answer.stderr)

    def test_empty_lists_are_fetched_first(self):
        machine = self.machine(unknown_until_update=True)
        said = machine.run("test.sh").stderr
        self.assertIn("    apt-get update\n", said)
        self.assertEqual(machine.told, ["update", self.LINE.removeprefix("apt-get ")])

    def test_nothing_is_ever_removed(self):
        machine = self.machine(plan=REMOVAL)
        answer = machine.run("test.sh")
        self.assertEqual((answer.returncode, machine.told), (1, []))
        self.assertIn("would remove libboost1.81-dev", answer.stderr)

    def test_run_needs_no_package_of_the_tests(self):
        machine = self.machine()
        machine.run("run.sh")
        self.assertEqual(machine.told, [])

    def test_wrong_use(self):
        for script in ("run.sh", "test.sh"):
            machine = self.machine()
            self.assertEqual(machine.run(script, "--instal").returncode, 2)
            self.assertIn("--no-install", machine.run(script, "--help").stdout)
        self.assertEqual(self.machine().run("test.sh", "--preset", "fast").returncode, 2)

    def test_the_list(self):
        rows = [
            line.split(None, 2)
            for line in (PACKAGING / "packages.txt").read_text().splitlines()
            if line[:1] not in {"", "#"}
        ]
        self.assertTrue(all(len(row) == 3 for row in rows))
        self.assertEqual({row[0] for row in rows}, {"core", "console", "desktop", "tests", "tools"})
        names = [row[1] for row in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertNotIn("libboost-dev", names)


class Tries(unittest.TestCase):
    """What test.sh makes of tests that fail; ctest is a script of ours."""

    SCRIPT = 'root=$1; . "$root/packaging/lib.sh"; . "$root/packaging/tries.sh"; run_tests release'

    def run_tests(self, failing, integration, second):
        with tempfile.TemporaryDirectory(prefix="vx11-tries-") as folder:
            root = Path(folder)
            (root / "packaging").symlink_to(PACKAGING)
            log = root / "build/release/Testing/Temporary/LastTestsFailed.log"
            log.parent.mkdir(parents=True)
            (root / "failed").write_text("".join(f"{number}:{name}\n" for number, name in enumerate(failing, 7)))
            ctest = root / "ctest"
            ctest.write_text(
                f"""#!/bin/bash
                case " $* " in
                  *" -N "*) echo "Total Tests: {integration}" ;;
                  *" -L integration "*) echo "$*" >>{root}/again; exit {second} ;;
                  *) cp {root}/failed {log}; exit {8 if failing else 0} ;;
                esac"""
            )
            ctest.chmod(0o755)
            path = {"PATH": f"{folder}:{os.environ['PATH']}"}
            run = subprocess.run(
                ["bash", "-euc", self.SCRIPT, "test.sh", root], env=path, capture_output=True, text=True, timeout=30
            )
            again = (root / "again").read_text() if (root / "again").exists() else ""
            return run.returncode == 0, again, run.stderr

    def test_all_pass(self):
        self.assertEqual(self.run_tests([], 0, 0), (True, "", ""))

    def test_few_integration_tests_have_a_second_try_alone(self):
        passed, again, said = self.run_tests(["ctl", "readme"], 2, 0)
        self.assertTrue(passed)
        self.assertEqual(again, "--preset release -L integration -R ^(ctl|readme)$ -j 1\n")
        self.assertIn("failed beside others, passed alone: ctl readme", said)

    def test_who_fails_twice_fails(self):
        passed, again, _ = self.run_tests(["ctl"], 1, 8)
        self.assertEqual((passed, again != ""), (False, True))

    def test_a_unit_test_has_one_try(self):
        self.assertEqual(self.run_tests(["ctl", "test_session"], 1, 0)[:2], (False, ""))

    def test_five_are_no_coincidence(self):
        self.assertEqual(self.run_tests(["a", "b", "c", "d", "e"], 5, 0)[:2], (False, ""))


class Serving(unittest.TestCase):
    """run.sh's end on a machine without a display."""

    SCRIPT = 'root=$1 bin=$2; . "$root/packaging/lib.sh"; . "$root/packaging/serve.sh"; shift 2; serve "$@"'

    def start(self, *arguments, **environment):
        folder = tempfile.TemporaryDirectory(prefix="vx11-serve-")
        self.addCleanup(folder.cleanup)
        self.temporary = Path(folder.name)
        self.log = self.temporary.with_suffix(".log")
        self.addCleanup(self.log.unlink)
        with self.log.open("w") as log:
            process = subprocess.Popen(
                ["bash", "-euc", self.SCRIPT, "run.sh", ROOT, os.environ["VX11_BIN"], *arguments],
                env={**kept_environment(), "TMPDIR": folder.name, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return process

    def wait_for(self, pattern):
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            if found := re.search(pattern, self.log.read_text()):
                return found
            time.sleep(0.02)
        self.fail(f"never said {pattern}:\n{self.log.read_text()}")

    def test_says_where_it_listens_and_stops_by_a_signal(self):
        process = self.start(VX11_OPERATOR_LISTEN="127.0.0.1:0")
        self.wait_for(r"It listens on port \d+")
        principal = Path(self.wait_for(r"made for this run, is in (.+)")[1])
        self.assertEqual(stat.S_IMODE(principal.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(principal.parent.stat().st_mode), 0o700)
        self.assertNotIn(principal.read_text().strip(), self.log.read_text())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_a_start_that_fails_says_why_with_its_exit_code(self):
        process = self.start("--ttl", "never")
        self.assertNotIn(process.wait(30), (0, None))
        self.assertIn("ttl", self.log.read_text())

    def test_a_configured_principal_is_not_written(self):
        self.start(VX11_OPERATOR_LISTEN="127.0.0.1:0", VX11_OPERATOR_TOKEN="serving-principal-0123456789")
        self.wait_for(r"It listens on port \d+")
        self.assertNotIn("made for this run", self.log.read_text())


if __name__ == "__main__":
    unittest.main()
