"""The console without a mouse, on a display of its own: from its start to an issued token, a matrix and a rollback's dry
run. Takes the test program."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from display import Display

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from children import tool  # noqa: E402
from harness import limit_s  # noqa: E402

LIMIT_S = 150


def main():
    with tempfile.TemporaryDirectory(prefix="vx11-keyboard-") as home, Display(1400, 900) as display:
        # The X keyboard library copies strings of a stated length out of buffers without an end: right, but not strict.
        lenient = os.environ.get("ASAN_OPTIONS", "") + ":strict_string_checks=0"
        environment = {**os.environ, "ASAN_OPTIONS": lenient, "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb", "HOME": home,
                       "TMPDIR": home, "XDG_RUNTIME_DIR": home, "LC_ALL": "C.UTF-8",
                       "VX11_XDOTOOL": str(tool("xdotool", "xdotool"))}
        done = subprocess.run([sys.argv[1]], env=environment, capture_output=True, text=True, timeout=limit_s(LIMIT_S))
        failures = [line for line in done.stdout.splitlines() if line.startswith(("FAIL", "   Loc", "XPASS", "QFATAL"))]
        assert done.returncode == 0, "\n".join(failures) + done.stderr[-2000:] + done.stdout[-3000:]
        print(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
