"""The shell blocks of a Markdown page and the marks above them, which say how each is tested.

A block fenced as ```sh (or bash, shell, console) has a comment on a line of its own above it:

    <!-- test: NAME -->             run; blocks of one NAME share a shell, in the order of the page, and must exit 0
    <!-- test: NAME, no service --> the same, where the blocks start what they need themselves
    <!-- notest: REASON -->         not run, for a reason that a reader would accept
    <!-- output: NAME -->           above a block of any other language: each of its lines stands in what NAME's blocks
                                    printed so far, in this order; … in it stands for any text

A shell block without a mark is an error. A service runs while NAME's blocks do; $VX11_OPERATOR_TOKEN is its principal.
In every block 127.0.0.1:8011 and localhost:8011 become the address of that service (or, without one, a free port with
two free ones behind it, for 8012 and 8013), 6379 and 127.0.0.1:8080 free ports, and build/release/ the folder of the
build under test. A block that never ends by itself, such as a stream, limits
itself on the page too: timeout 5 curl -N … || true
"""

import re
from dataclasses import dataclass

SHELLS = {"sh", "bash", "shell", "console"}
MARK = re.compile(r"<!--\s*(test|notest|output):\s*(.*?)\s*-->")
FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([\w-]*)")


class PageError(Exception):
    pass


@dataclass(frozen=True)
class Block:
    kind: str  # test, notest or output
    name: str  # of the group; the reason of a notest
    service: bool
    line: int
    text: str


def blocks_of(page: str):
    """Every marked block in the page's order; raises PageError for a shell block that has no mark."""
    found, mark, fence, body, start = [], None, None, [], 0
    for number, line in enumerate(page.splitlines(), 1):
        if fence:
            if line.strip() == fence[2]:
                found += close(fence, mark, body, start)
                mark, fence, body = None, None, []
            else:
                body.append(line[len(fence[1]) :] if line.startswith(fence[1]) else line)
        elif match := FENCE.match(line):
            fence, start = match, number
        elif match := MARK.search(line):
            mark = match
        elif line.strip():
            mark = None
    if fence:
        raise PageError(f"line {start}: this block has no end")
    return found


def close(fence, mark, body, start):
    shell = fence[3] in SHELLS
    if not mark:
        if shell:
            raise PageError(f"line {start}: a shell block without a mark; see tests/integration/readme/blocks.py")
        return []
    kind, rest = mark[1], mark[2]
    if (kind == "output") == shell:
        raise PageError(f"line {start}: the mark '{kind}' doesn't fit a block of '{fence[3]}'")
    if not rest:
        raise PageError(f"line {start}: the mark '{kind}' lacks its name or reason")
    name, _, option = (rest, "", "") if kind == "notest" else rest.partition(",")
    if option.strip() not in {"", "no service"}:
        raise PageError(f"line {start}: unknown option '{option.strip()}'")
    return [Block(kind, name.strip(), not option, start, "\n".join(body) + "\n")]


def missing_line(expected: str, printed: str):
    """The first line of `expected` that doesn't stand in `printed` after the ones before it; None when all do."""
    rest = iter(printed.splitlines())
    for line in filter(str.strip, expected.splitlines()):
        pattern = re.compile(".*".join(map(re.escape, line.strip().split("…"))))
        if not any(pattern.search(candidate) for candidate in rest):
            return line
    return None
