"""`vx11-console --demo`: three instances and Redis on the Overview within three seconds, and nothing left of them when
it is closed or killed. Takes the folder where its screenshot goes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from display import Display

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from children import spawn  # noqa: E402
from harness import limit_s  # noqa: E402
from service import kept_environment  # noqa: E402

START_S = 3.0
END_S = 3.0
GREEN = (0x08, 0x73, 0x4B)  # the light theme's mark of what is live
DISC = 50  # of a mark's about 150 pixels, those that are neither edge nor tick
CARDS_TOP = 220  # below the header and the sums


def children_of(pid: int) -> dict:
    """Their names by their numbers; those that have ended and wait to be reaped are none."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        name, rest = text[text.index("(") + 1 :].rsplit(") ", 1)
        state, parent = rest.split()[:2]
        if int(parent) == pid and state != "Z":
            found[int(stat.parent.name)] = name
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def wait_for(what: str, condition, seconds: float) -> float:
    """How long it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"{what}: not within {seconds:.1f} s")
        time.sleep(0.02)
    return time.monotonic() - begun


class Console:
    """--demo in the light theme, filling the display, with a home and a folder for temporary files of its own."""

    def __init__(self, display: Display, home: str):
        self.temporary = Path(home, "tmp")
        self.temporary.mkdir(exist_ok=True)
        # The X keyboard library copies strings of a stated length out of buffers without an end: right, but not strict.
        lenient = os.environ.get("ASAN_OPTIONS", "") + ":strict_string_checks=0"
        environment = {**kept_environment(), "ASAN_OPTIONS": lenient, "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb",
                       "HOME": home, "TMPDIR": str(self.temporary), "XDG_RUNTIME_DIR": home,
                       "VX11_TOOLS": os.environ.get("VX11_TOOLS", "")}
        program = Path(os.environ["VX11_BIN"], "vx11-console")
        words = [program, "--demo", "--port", "0", "--theme", "light", "--size", "1280x800", "--settings-dir", home]
        self.display = display
        self.log = Path(home, "log")
        self.begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = spawn(words, log, environment)

    def live_cards(self) -> int:
        """How many cards of the fullest row of the Overview have the mark of what is live."""
        marks = [place for place in self.display.picture().places_of(GREEN, DISC) if place[1] > CARDS_TOP]
        return max(Counter(y for _, y in marks).values(), default=0)

    def until_live(self) -> float:
        def live():
            if self.process.poll() is not None:
                raise AssertionError(f"the console ended:\n{self.log.read_text(errors='replace')}")
            return self.live_cards() == 4

        wait_for("three instances and Redis live on the Overview", live, limit_s(START_S) - (time.monotonic() - self.begun))
        return time.monotonic() - self.begun

    def processes(self) -> list:
        children = children_of(self.process.pid)
        assert Counter(children.values()) == {"vx11-tokend": 3, "redis-server": 1}, children
        return list(children)

    def folders(self) -> list:
        return list(self.temporary.glob("vx11-cluster-*"))


def gone(pids: list, how: str) -> float:
    return wait_for(f"{how}: its processes {pids} gone", lambda: not any(map(runs, pids)), limit_s(END_S))


def run(display: Display, home: str, pictures: Path) -> str:
    killed = Console(display, home)
    first = killed.until_live()
    pids = killed.processes()
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    after_kill = gone(pids, "killed with SIGKILL")
    left = [file.suffix for folder in killed.folders() for file in folder.iterdir()]
    assert set(left) <= {".port"}, left

    closed = Console(display, home)
    second = closed.until_live()
    pids = closed.processes()
    time.sleep(2)  # a little traffic for the picture
    picture = pictures / "demo.png"
    display.picture().save(picture)
    display.press(closed.process.pid, "ctrl+q")
    code = closed.process.wait(limit_s(END_S))
    assert code == 0, f"closed, it ended with {code}:\n{closed.log.read_text(errors='replace')}"
    after_close = gone(pids, "closed")
    assert not closed.folders(), closed.folders()  # that of the killed one went with the next start
    return (f"demo: proved: 3 live instances and Redis on the Overview after {first:.2f} and {second:.2f} s, picture in {picture}; "
            f"killed with SIGKILL: 4 processes gone after {after_kill * 1000:.0f} ms; closed: gone after {after_close * 1000:.0f} ms, no folder left")


def main():
    with tempfile.TemporaryDirectory(prefix="vx11-demo-") as home, Display(1280, 800) as display:
        pictures = Path(sys.argv[1] if len(sys.argv) > 1 else home)
        print(run(display, home, pictures))


if __name__ == "__main__":
    main()
