"""The console comes back with what was open last: the local server at first; a local cluster of as many instances as the
preferences say, where that was open. What the command line names is for one run only."""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from configparser import ConfigParser
from pathlib import Path

from demo_test import children_of, wait_for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from children import spawn  # noqa: E402
from harness import limit_s  # noqa: E402
from service import kept_environment  # noqa: E402

LIMIT_S = 20
INSTANCES = 2


class Console:
    """Without a display, its settings in `home`."""

    def __init__(self, home: str, *words):
        environment = {**kept_environment(), "QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_RUNTIME_DIR": home, "TMPDIR": home,
                       "VX11_TOOLS": os.environ.get("VX11_TOOLS", "")}
        self.ini = Path(home, "console.ini")
        self.log = Path(home, "log")
        with self.log.open("ab") as log:
            self.process = spawn([Path(os.environ["VX11_BIN"], "vx11-console"), "--port", "0", "--settings-dir", home, *words], log,
                                 environment)

    def has(self, children: dict) -> bool:
        assert self.process.poll() is None, f"the console ended:\n{self.log.read_text(errors='replace')}"
        return Counter(children_of(self.process.pid).values()) == children

    def close(self) -> str:
        """What it remembers as open last."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(limit_s(LIMIT_S)) == 0, self.log.read_text(errors="replace")
        settings = ConfigParser()
        settings.read(self.ini)
        return settings.get("session", "profile", fallback="")


def write(home: str, **sections):
    settings = ConfigParser()
    settings.optionxform = str
    settings.read_dict(sections)
    with Path(home, "console.ini").open("w") as file:
        settings.write(file, space_around_delimiters=False)


def main():
    cluster = {"vx11-tokend": INSTANCES, "redis-server": 1}
    with tempfile.TemporaryDirectory(prefix="vx11-restore-") as home:
        first = Console(home)
        time.sleep(1)  # long enough for a cluster to be begun, if it were
        assert first.has({}), children_of(first.process.pid)
        assert first.close() == "server", first.ini.read_text()

        write(home, session={"profile": "cluster"}, local={"instances": str(INSTANCES)})
        again = Console(home)
        wait_for("the local cluster of the last time", lambda: again.has(cluster), limit_s(LIMIT_S))
        assert again.close() == "cluster", again.ini.read_text()

        write(home, session={"profile": "cluster", "restore": "false"})
        unwanted = Console(home)
        time.sleep(1)
        assert unwanted.has({}), children_of(unwanted.process.pid)
        assert unwanted.close() == "server", unwanted.ini.read_text()

        demo = Console(home, "--demo", "--instances", INSTANCES)
        wait_for("the demonstration", lambda: demo.has(cluster), limit_s(LIMIT_S))
        assert demo.close() == "server", demo.ini.read_text()
    print(f"restored session: proved: the local server at first, a local cluster of {INSTANCES} where it was open last, neither "
          "against the preferences nor after a demonstration")


if __name__ == "__main__":
    main()
