"""The ACL files of packaging/redis, as a test's servers take them, and the rows that say why each command is there."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "packaging" / "redis"
DATA, SENTINELS = "users.acl", "sentinel-users.acl"


@dataclass(frozen=True)
class Row:
    user: str
    command: str
    sent: frozenset  # when: always, database, wait, sentinel, cluster, slow, script, page
    purpose: str
    without: str


def rows(file=DATA, user="vx11") -> list:
    """What commands.txt says of one user of one file."""
    found, here = [], None
    for line in (FOLDER / "commands.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif line and not line.startswith("#"):
            name, command, sent, purpose, without = line.split(" | ")
            if (here, name) == (file, user):
                found.append(Row(name, command, frozenset(sent.split()), purpose, without))
    return found


def users(file=DATA) -> dict:
    """The words of each user's line, by name."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return {line.split()[1]: line.split()[2:] for line in lines}


def commands(words) -> list:
    return [word[1:] for word in words if word.startswith("+") and word != "+@all"]


def acl_text(file=DATA, passwords=None, without=(), prefix="vx11:") -> str:
    """The file with `passwords` by user, without some commands of vx11 (all of them: {"vx11": […]}), or for another
    --redis-prefix."""
    lines = []
    taken = without if isinstance(without, dict) else {"vx11": [without] if isinstance(without, str) else list(without)}
    for name, words in users(file).items():
        left = [word for word in words if word[1:] not in taken.get(name, ()) or not word.startswith("+")]
        secret = [">" + passwords[name]] if passwords and name in passwords else []
        lines.append(" ".join(["user", name, left[0], *secret, *left[1:]]))
    return "\n".join(lines).replace("vx11:", prefix) + "\n"


def named_by(command: str) -> str:
    """A pattern of a message that names the command: XREAD, 'xread', 'cluster|slots' or CLUSTER SLOTS."""
    return "(?i)" + re.escape(command).replace(r"\|", r"[| ]") + r"\b"
