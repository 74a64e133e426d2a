"""`vx11-console --screenshot`: every page in both themes, of a cluster that is healthy or in trouble, at all sizes and
scales, in under 40 s. Takes the folder that gets the pictures, one folder a run."""

import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import limit_s, patience  # noqa: E402  (which finds the folder of the two below)
from children import spawn  # noqa: E402
from service import kept_environment  # noqa: E402

LIMIT_S = 40
PAGES = ("first-start", "overview", "tokens", "charts", "redis", "matrix", "streams", "trials", "rollback", "log", "alerts",
         "thresholds", "palette", "preferences", "profile", "profiles", "shortcuts", "production", "production-confirm")
SMALLEST = 15_000  # bytes: a window of 1024 by 700 with nothing but frames has about half of it
RUNS = (  # name, scene, size, scale
    ("healthy-2x", "healthy", (1280, 800), 2),
    ("healthy-wide", "healthy", (1920, 1080), 1),
    ("redis-down", "redis-down", (1280, 800), 1),
    ("redis-down-small", "redis-down", (1024, 700), 1),
    ("sentinel-2x", "sentinel", (1280, 800), 2),
    ("failover-small", "failover", (1024, 640), 1),
    ("instance-down", "instance-down", (1280, 800), 1),
    ("instance-down-small", "instance-down", (1024, 700), 1),
)


class Run:
    def __init__(self, home: str, folder: Path, scene: str, size: tuple, scale: int):
        self.folder, self.size, self.scale = folder, size, scale
        environment = {**kept_environment(), "HOME": home, "XDG_RUNTIME_DIR": home, "TMPDIR": home,
                       "VX11_TOOLS": os.environ.get("VX11_TOOLS", "")}
        words = [Path(os.environ["VX11_BIN"], "vx11-console"), "--screenshot", folder, "--scene", scene, "--port", "0",
                 "--size", "%dx%d" % size, "--scale", scale]
        self.log = Path(home, folder.name + ".log")
        self.begun = time.monotonic()
        with self.log.open("wb") as log:
            self.process = spawn(words, log, environment)

    def finish(self) -> float:
        """How long it took."""
        limit = limit_s(LIMIT_S)
        try:
            code = self.process.wait(max(0.1, self.begun + limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"{self.folder.name}: not within {limit:.0f} s") from None
        assert code == 0, f"{self.folder.name}: ended with {code}:\n{self.log.read_text(errors='replace')}"
        return time.monotonic() - self.begun

    def check(self) -> int:
        """How many pictures there are."""
        wanted = {f"{page}-{theme}.png" for page in PAGES for theme in ("light", "dark")}
        found = {file.name for file in self.folder.iterdir()}
        assert found == wanted, f"{self.folder.name}: {sorted(found ^ wanted)}"
        for name in wanted:
            data = (self.folder / name).read_bytes()
            assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > SMALLEST, f"{self.folder.name}/{name}: {len(data)} bytes"
            size = struct.unpack(">2I", data[16:24])
            assert size == tuple(self.scale * side for side in self.size), f"{self.folder.name}/{name}: {size}"
        for page in PAGES:
            both = [(self.folder / f"{page}-{theme}.png").read_bytes() for theme in ("light", "dark")]
            assert both[0] != both[1], f"{self.folder.name}/{page}: one theme twice"
        return len(wanted)


def main():
    with tempfile.TemporaryDirectory(prefix="vx11-screenshots-") as home:
        pictures = Path(sys.argv[1] if len(sys.argv) > 1 else home)
        slowest, count = 0.0, 0
        # In a sanitizer's build it is the code that is looked at, and not the pictures.
        wanted = RUNS if patience() == 1 else RUNS[-1:]
        for pair in (wanted[i : i + 2] for i in range(0, len(wanted), 2)):
            runs = [Run(home, pictures / name, scene, size, scale) for name, scene, size, scale in pair]
            slowest = max([slowest, *(run.finish() for run in runs)])
            count += sum(run.check() for run in runs)
        print(f"screenshots: proved: {count} pictures in {len(wanted)} runs (healthy, Redis away, three servers with sentinels, "
              f"a failover, an instance dead; 1024x640 to 1920x1080; 1x and 2x; both themes), the slowest in {slowest:.1f} s, all in {pictures}")


if __name__ == "__main__":
    main()
