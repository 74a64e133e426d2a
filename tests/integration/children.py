"""Programs that a test starts: found by name, on ports of their own, and gone with the test whatever ends it."""

import contextlib
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
from pathlib import Path

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def tool(name: str, package: str) -> str:
    """The path of a program that only tests need, or an end of the test that names its package."""
    unpacked = Path(os.environ.get("VX11_TOOLS", ""), "bin", name)
    found = str(unpacked) if os.access(unpacked, os.X_OK) else shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is missing: it is in Debian's package {package}; packaging/test.sh unpacks it")
    return found


def free_port() -> int:
    """A port of loopback that is free at the moment, for programs that can't be asked which one they took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def steady_port() -> int:
    """Like `free_port`, below those that the kernel gives to outgoing connections: for servers that die and come back.
    Nobody takes the port meanwhile, and a client that tries it again and again can't reach itself."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def spawn(command, output, environment=None, inherited=(), own_session=False) -> subprocess.Popen:
    """Starts a program that the kernel ends with the test. To be called on the main thread: it counts as the parent.
    `inherited`: file descriptors that stay open in it. `own_session`: with its helpers it can be ended as one group."""
    return subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=inherited,
        start_new_session=own_session,
        preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
    )
