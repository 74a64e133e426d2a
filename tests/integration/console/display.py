"""An X display of its own: its picture, read from Xvfb's frame buffer, and its keys."""

import os
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from children import spawn, tool  # noqa: E402

XWD_HEADER = struct.Struct(">25I")


class Picture:
    """Rows of 32-bit pixels, blue first, as the frame buffer holds them."""

    def __init__(self, dump: bytes):
        header = XWD_HEADER.unpack_from(dump)
        self.width, self.height, stride, colours = header[4], header[5], header[12], header[19]
        start = header[0] + colours * 12
        self.rows = [dump[start + y * stride :][: self.width * 4] for y in range(self.height)]

    def places_of(self, colour: tuple, smallest: int) -> list:
        """The middles of the connected areas of exactly this colour that have so many pixels: (x, y) each."""
        pixel = bytes((colour[2], colour[1], colour[0]))
        left = set()
        for y, row in enumerate(self.rows):
            at = row.find(pixel)
            while at >= 0:
                if at % 4 == 0:
                    left.add((at // 4, y))
                at = row.find(pixel, at + 1)
        places = []
        while left:
            area, open_ends = [], [left.pop()]
            while open_ends:
                x, y = open_ends.pop()
                area.append((x, y))
                for near in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                    if near in left:
                        left.remove(near)
                        open_ends.append(near)
            if len(area) >= smallest:
                places.append((sum(x for x, _ in area) // len(area), sum(y for _, y in area) // len(area)))
        return places

    def save(self, path: Path):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        lines = bytearray()
        for row in self.rows:
            rgb = bytearray(self.width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            lines += b"\0" + rgb
        header = struct.pack(">2I5B", self.width, self.height, 8, 2, 0, 0, 0)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(lines))) + chunk(b"IEND", b""))


class Display:
    """Runs from `with` to its end."""

    def __init__(self, width: int, height: int):
        self.size = f"{width}x{height}x24"

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vx11-display-")
        read, write = os.pipe()
        command = [tool("Xvfb", "xvfb"), "-displayfd", write, "-screen", "0", self.size, "-fbdir", self.folder.name, "-nolisten", "tcp"]
        self.process = spawn(command, subprocess.DEVNULL, inherited=(write,))
        os.close(write)
        with os.fdopen(read) as said:
            self.name = ":" + said.readline().strip()
        if self.name == ":":
            raise AssertionError("Xvfb did not start")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def picture(self) -> Picture:
        return Picture(Path(self.folder.name, "Xvfb_screen0").read_bytes())

    def xdotool(self, *words) -> str:
        command = [tool("xdotool", "xdotool"), *map(str, words)]
        done = subprocess.run(command, env={**os.environ, "DISPLAY": self.name}, capture_output=True, text=True, timeout=10)
        return done.stdout.strip()

    def press(self, pid: int, keys: str):
        """In the program's window; there is no window manager to give it the focus."""
        window = self.xdotool("search", "--onlyvisible", "--pid", pid).splitlines()[-1]
        self.xdotool("windowfocus", "--sync", window, "key", keys)
