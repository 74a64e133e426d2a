#!/usr/bin/env python3
"""Every row of contract.txt on a live instance, by a test of its name: contract_test.py [CHAPTER…]

A row without a test is a failure, and so is a test without a row."""

import importlib
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_rows() -> dict:
    """The rows of each chapter: names, and the words of service.md that they stand for."""
    chapters = {}
    for line in (FOLDER / "contract.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rows = chapters[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            name, _, words = line.partition("|")
            if name.strip() in rows:
                raise SystemExit(f"contract.txt: {name.strip()} stands there twice")
            rows[name.strip()] = words.strip()
    return chapters


def tests_of(suite):
    for test in suite:
        yield from tests_of(test) if isinstance(test, unittest.TestSuite) else [test]


class Told(unittest.TextTestResult):
    """Remembers what became of each row."""

    def __init__(self, *words, **named):
        super().__init__(*words, **named)
        self.proved = set()

    def addSuccess(self, test):  # noqa: N802
        super().addSuccess(test)
        self.proved.add(test._testMethodName)


def run(chapter: str, rows: dict):
    """(how many rows it has, the names of those that were not proved)."""
    module = importlib.import_module("chapter_" + chapter)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    tests = {test._testMethodName.removeprefix("test_") for test in tests_of(suite)}
    strange = [f"{name} (a row without a test)" for name in rows.keys() - tests]
    strange += [f"{name} (a test without a row)" for name in tests - rows.keys()]
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=Told, verbosity=0).run(suite)
    left = {test._testMethodName.removeprefix("test_"): why for test, why in result.skipped}
    missing = [name for name in rows if "test_" + name not in result.proved and name in tests and name not in left]
    for name, words in rows.items():
        became = "NOT proved" if name in missing else f"left out ({left[name]})" if name in left else "proved"
        print(f"{became}  {chapter}  {name}: {words}", flush=True)
    broken = [f"{what}" for what, _ in [*result.errors, *result.failures] if not hasattr(what, "_testMethodName")]
    return len(rows) - len(left), strange + missing + broken


def main():
    chapters = read_rows()
    chosen = sys.argv[1:] or list(chapters)
    if not sys.argv[1:]:
        written = {path.stem.removeprefix("chapter_") for path in FOLDER.glob("chapter_*.py")}
        if written != chapters.keys():
            raise SystemExit(f"contract.txt and the chapters differ in {written ^ chapters.keys()}")
    counts, missing = {}, []
    for chapter in chosen:
        counts[chapter], lost = run(chapter, chapters[chapter])
        missing += [f"{chapter}: {name}" for name in lost]
    told = ", ".join(f"{count} of {chapter}" for chapter, count in counts.items())
    if missing:
        print("contract: NOT proved: " + "; ".join(missing), flush=True)
    else:
        print(f"contract: proved: {sum(counts.values())} rows by name on live instances ({told})", flush=True)
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
