"""The lines on which keys of a TOML text stand: tomllib does not tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\]\n#]+?)[ \t]*\]\]?")
_KEY = re.compile(r"[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*[=.]")


@dataclass(frozen=True, slots=True)
class TomlLines:
    """Where tables and keys begin, by table, its position in an array of tables (from 0), and key."""

    tables: dict[tuple[str, int], int]
    keys: dict[tuple[str, int, str], int]

    def line(self, table: str, key: str = "", index: int = 0) -> int:
        """The line (from 1) of a key; without one, that of its table; else 1."""
        found = self.keys.get((table, index, key)) if key else None
        return found or self.tables.get((table, index)) or self.keys.get(("", 0, table)) or 1


def toml_lines(text: str) -> TomlLines:
    """Scan a TOML text. What stands within texts of several lines, comments, and arrays is no key."""
    found = TomlLines({}, {})
    table, index = "", 0
    counts: dict[str, int] = {}
    for number, begin in _statements(text):
        header = _HEADER.match(text, begin)
        if header is not None:
            table = header[2].strip("\"'")
            index = counts.get(table, 0) if header[1] == "[[" else 0
            counts[table] = index + 1
            found.tables.setdefault((table, index), number)
            continue
        key = _KEY.match(text, begin)
        if key is not None:
            found.keys.setdefault((table, index, key[1].strip("\"'")), number)
    return found


def _statements(text: str) -> list[tuple[int, int]]:
    """Number and place of each line that begins a header, or a key with its value."""
    starts, line, depth = [(1, 0)], 1, 0
    for part in _PART.finditer(text):
        sign = part[0]
        if sign == "\n":
            line += 1
            if depth == 0:
                starts.append((line, part.end()))
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
        else:
            line += sign.count("\n")
    return starts
