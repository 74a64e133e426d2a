#!/usr/bin/env python3
"""The flags, variables and metrics of service.md beside those that the program knows: no difference.

What it knows is what --help names and takes effect, and what /metrics tells, with and without a Redis."""

import re
import sys
import tempfile
import unittest
from pathlib import Path

from contract import Redis, only
from program import run

LIST = Path(__file__).resolve().parent / "names.txt"
WIDTH = 78


def listed() -> dict:
    """The rows of names.txt by the first word of their section: name -> what stands behind it."""
    sections = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rows = sections.setdefault(line.strip("[").partition("]")[0].partition(":")[0], {})
        elif line and not line.startswith("#"):
            name, _, rest = (part.strip() for part in line.partition("|"))
            if name in rows:
                raise SystemExit(f"names.txt: {name} stands there twice")
            rows[name] = rest
    return sections


def compare(title: str, spec: dict, program: dict) -> list:
    """Prints both side by side; the names that differ."""
    print(f"\n{title + ', the spec':{WIDTH}}   the program")
    different = []
    for name in [*spec, *sorted(program.keys() - spec.keys())]:
        left, right = (f"{name} {side[name]}".strip() if name in side else "-" for side in (spec, program))
        same = left == right
        print(f"{left:{WIDTH}} {'=' if same else '!'} {right}")
        if not same:
            different.append(name)
    return different


class Help:
    """What --help tells: flags with the values that they take, and variables without a flag."""

    def __init__(self):
        text = run("--help").stdout
        options, _, rest = text.partition("\nInstead of serving:\n")
        actions, _, variables = rest.partition("\nVariables without a flag:\n")
        self.flags, self.values = {}, {}
        for name, value, words in re.findall(r"(?m)^  --([a-z-]+) ?([A-Z:]*)((?:.|\n(?!  -|\n))*)", options):
            flag = "--" + name
            self.flags[flag] = self.variables_of(name, " ".join(words.split()))
            self.values[flag] = value, words
        for name in re.findall(r"(?m)^  --([a-z-]+)", actions):
            self.flags["--" + name] = ""
        self.plain = dict.fromkeys(re.findall(r"(?m)^  ([A-Z0-9_]+) ", variables), "")

    @staticmethod
    def variables_of(name: str, words: str) -> str:
        """Its own by its name unless one stands in brackets; others there are shared with other programs."""
        in_brackets = re.search(r"\[([A-Z0-9_, ]+)\]", words)
        named = in_brackets.group(1).split(", ") if in_brackets else []
        if not named or not named[0].startswith("VX11_OPERATOR_"):
            named.insert(0, "VX11_OPERATOR_" + name.upper().replace("-", "_"))
        return " ".join(named)


class Names(unittest.TestCase):
    different = []

    @classmethod
    def setUpClass(cls):
        cls.spec, cls.help = listed(), Help()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vx11-names-")))
        cls.config = cls.folder / "config"
        cls.config.write_text("")
        cls.secret = cls.folder / "secret"
        cls.secret.write_text("a-secret-0123456789\n")
        cls.secret.chmod(0o600)

    def besides(self, flag: str) -> list:
        """Flags that it doesn't do without."""
        pair = {"--redis-cert-file": "--redis-key-file", "--redis-key-file": "--redis-cert-file"}
        needed = [pair[flag], self.secret] if flag in pair else []
        return [*needed, "--redis-url", "redis://h.example"] if flag != "--redis-url" else []

    def same(self, title: str, spec: dict, program: dict):
        lost = compare(title, spec, program)
        Names.different += lost
        self.assertEqual(lost, [])

    def sample(self, flag: str) -> str:
        """A value that it takes."""
        kind, words = self.help.values[flag]
        special = {"--redis-url": "redis://h.example:1/0", "--config": str(self.config), "--max-ttl": "400"}
        by_kind = {
            "HOST:PORT": "127.0.0.1:7",
            "URL": "http://h.example:1",
            "NAME": "a-name",
            "ORIGIN": "https://a.example",
            "NETWORK": "10.0.0.0/8",
            "FILE": str(self.secret),
            "MODE": "memory",
            "TEXT": "a:",
            "": "true",
        }
        if kind == "N":
            return special.get(flag) or re.search(r"(\d+) to \d+", " ".join(words.split())).group(1)
        return special.get(flag) or by_kind[kind]

    def test_flags_and_their_variables(self):
        self.same("flags", self.spec["flags"], self.help.flags)

    def test_variables_without_a_flag(self):
        self.same("variables", self.spec["variables"], self.help.plain)

    def test_every_variable_of_a_flag_counts(self):
        for flag, variables in self.help.flags.items():
            for name in variables.split():
                said = run("--print-config", *self.besides(flag), **{name: self.sample(flag)})
                self.assertEqual(said.returncode, 0, said)
                self.assertRegex(said.stdout, rf"(?m)^#?{flag[2:]} .*# .*{name}\b", "as --print-config tells")

    def test_every_key_counts(self):
        for flag in self.help.values.keys() - {"--config"}:
            self.config.write_text(f"{flag[2:]} = {self.sample(flag)}\n")
            said = run("--print-config", "--config", self.config, *self.besides(flag))
            self.assertRegex(said.stdout, rf"(?m)^{flag[2:]} .*# .*file .*config:1", said)
        self.config.write_text("")

    def test_every_variable_without_a_flag_counts(self):
        values = {"REDIS_PORT": "7", "REDIS_HOST": "h.example"}
        for name in self.help.plain:
            said = run("--print-config", principal=None, **{"REDIS_HOST": "h", name: values.get(name, "x" * 20)})
            self.assertIn(name, said.stdout, said)

    def test_what_is_ignored(self):
        ignored = dict.fromkeys(self.spec["ignored"], "1")
        self.assertEqual(run("--check-config", **ignored).stderr, "")
        self.assertIn("is not known", run("--check-config", VX11_OPERATOR_NAMELESS="1").stderr)

    def test_metrics(self):
        told = {}
        redis = self.enterContext(Redis())
        for url, mode in ((redis.url, "hybrid"), (None, "memory")):
            with only(redis=url, mode=mode) as one:
                text = one.calls.ask("GET", "/metrics").body.decode()
                types = dict(re.findall(r"(?m)^# TYPE (\S+) (\S+)$", text))
                self.assertEqual(set(re.findall(r"(?m)^# HELP (\S+) .", text)), types.keys(), "each has its help")
                told |= types
        self.same("metrics", self.spec["metrics"], told)


def main():
    result = unittest.main(exit=False, argv=sys.argv).result
    sections = listed()
    counts = f"{len(sections['flags'])} flags, {len(sections['metrics'])} metrics"
    names = {name for row in sections["flags"].values() for name in row.split()} | sections["variables"].keys()
    if result.wasSuccessful():
        print(f"\n{counts} and {len(names)} variables of the spec and of the program: no difference", flush=True)
    else:
        print(f"\nspec and program: NOT the same: {', '.join(Names.different) or 'see above'}", flush=True)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
