"""The Rollback page in a real window on a display of its own: every state of an operation by clicks. Takes the test
program, and the folder that gets the pictures, if any are wanted, and their scale."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from display import Display

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import limit_s  # noqa: E402

LIMIT_S = 200


def main():
    program, *pictures = sys.argv[1:]
    scale = int(pictures[1]) if len(pictures) > 1 else 1
    with tempfile.TemporaryDirectory(prefix="vx11-rollback-") as home, Display(1400 * scale, 900 * scale) as display:
        # The X keyboard library copies strings of a stated length out of buffers without an end: right, but not strict.
        lenient = os.environ.get("ASAN_OPTIONS", "") + ":strict_string_checks=0"
        environment = {**os.environ, "ASAN_OPTIONS": lenient, "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb", "HOME": home,
                       "TMPDIR": home, "XDG_RUNTIME_DIR": home, "QT_SCALE_FACTOR": str(scale), "LC_ALL": "C.UTF-8"}
        if pictures:
            environment["VX11_SHOTS"] = pictures[0]
        done = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=limit_s(LIMIT_S))
        failures = [line for line in done.stdout.splitlines() if line.startswith(("FAIL", "   Loc", "XPASS", "QFATAL"))]
        assert done.returncode == 0, "\n".join(failures) + done.stderr[-2000:] + done.stdout[-3000:]
        print(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
