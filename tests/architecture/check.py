#!/usr/bin/env python3
"""The rules of the architecture, each with a line for every place that breaks it.

check.py ROOT [PROGRAM]: ROOT is the project's folder, PROGRAM the service, which must link no Qt.
"""

import re
import subprocess
import sys

import arrows
import habits
import sizes
from tree import Tree

RULES = arrows.RULES + habits.RULES + sizes.RULES


def broken(tree):
    return [complaint for rule in RULES for complaint in rule(tree)]


def qt_among(dynamic_section):
    """The libraries of Qt that a program asks the loader for, from what readelf says."""
    return re.findall(r"\(NEEDED\).*\[(libQt[^]]*)\]", dynamic_section)


def dynamic_section(program):
    command = ["readelf", "--dynamic", "--wide", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main():
    root, *programs = sys.argv[1:]
    complaints = broken(Tree.read(root))
    for program in programs:
        libraries = qt_among(dynamic_section(program))
        complaints += [f"{program}: links {library}; the service has no Qt" for library in libraries]
    print("\n".join(complaints) or f"{len(RULES)} rules hold")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
