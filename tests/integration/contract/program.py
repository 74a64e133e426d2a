"""The program run to its end, for what it says about its configuration."""

import os
import subprocess
from pathlib import Path

from contract import PRINCIPAL
from service import kept_environment

__all__ = ["configuration", "run"]


def run(*flags, **environment) -> subprocess.CompletedProcess:
    """`principal=None`: none is configured."""
    principal = environment.pop("principal", PRINCIPAL)
    named = {"VX11_OPERATOR_TOKEN": principal} if principal else {}
    return subprocess.run(
        [str(Path(os.environ["VX11_BIN"], "vx11-tokend")), *map(str, flags)],
        env={**kept_environment(), **named, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def configuration(*flags, **environment) -> dict:
    """What --print-config says: (value, where it came from) by key."""
    said = run("--print-config", *flags, **environment)
    if said.returncode != 0:
        raise AssertionError(said)
    lines = {}
    for line in said.stdout.splitlines():
        name, equals, rest = line.partition(" = ")
        if equals:
            value, _, source = rest.rpartition(" # ")
            lines[name.strip("# ")] = (value.strip(), source.strip())
    return lines
