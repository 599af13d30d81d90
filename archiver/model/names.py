"""Names and words from the material, made safe to show: nothing a terminal or a page would obey gets through."""

from __future__ import annotations

import unicodedata

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = frozenset("\u0085\u2028\u2029")


def escape(words: str) -> str:
    """Words with control characters, direction marks, line ends and undecodable bytes written as escapes."""
    if words.isascii() and words.isprintable():
        return words
    return "".join(_shown(sign) for sign in words)


def _shown(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTION or sign in _LINE_ENDS or sign == "\ufeff":
        return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
    return sign


def width(words: str) -> int:
    """Columns that words take on a terminal: two for wide East Asian characters, none for combining marks."""
    columns = 0
    for sign in words:
        if not unicodedata.combining(sign):
            columns += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
    return columns


def cut(words: str, columns: int) -> str:
    """Words shortened to at most `columns`, with an ellipsis when something is left out."""
    if width(words) <= columns:
        return words
    kept, taken = 0, 0
    for sign in words:
        taken += width(sign)
        if taken > columns - 1:
            break
        kept += 1
    return words[:kept] + "…"
