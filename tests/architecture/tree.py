"""The sources as the rules see them: files with their text, and the text without its comments."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CODE = {".h", ".cpp"}
SCRIPTS = {".py", ".sh", ".cmake"}
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


@dataclass(frozen=True)
class Source:
    path: str  # from the project's folder, with slashes
    text: str

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_code(self) -> bool:
        return Path(self.path).suffix in CODE

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def bare(self) -> str:
        """Without comments; line numbers stay, string literals too."""
        return COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), self.text)

    def under(self, *tops: str) -> bool:
        return any(self.path.startswith(top + "/") for top in tops)

    def includes(self):
        """(line, file) of every include; angle brackets or quotes alike."""
        for match in INCLUDE.finditer(self.bare):
            yield self.line_of(match.start(2)), match[2]

    def matches(self, pattern):
        """(line, match) of a pattern in the text without comments."""
        for match in re.finditer(pattern, self.bare, re.MULTILINE):
            yield self.line_of(match.start()), match

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1


class Tree:
    """All of our files."""

    def __init__(self, sources):
        self.sources = list(sources)

    @classmethod
    def read(cls, root):
        root = Path(root)
        return cls(
            Source(str(path.relative_to(root)), path.read_text(encoding="utf-8"))
            for top in ("core", "ui", "app", "tests", "packaging")
            for path in sorted((root / top).rglob("*"))
            if path.is_file() and (path.suffix in CODE | SCRIPTS or path.name == "CMakeLists.txt")
        )

    def code(self, *tops):
        return [source for source in self.sources if source.is_code and source.under(*tops)]

    def cmake(self, folder):
        path = f"{folder}/CMakeLists.txt"
        return next((source for source in self.sources if source.path == path), None)

    def folders(self, *tops):
        """Those below these tops that hold a .cpp file."""
        return sorted({source.folder for source in self.code(*tops) if source.path.endswith(".cpp")})
