"""Lines of a tag file, decoded as they are read, so that no file is held whole (RFC 8493 §2.3)."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from archiver.model.bag import BagProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_LINE = 1024 * 1024  # characters
MOST_PROBLEMS = 1000  # of one kind in one file; the rest are counted
_LINE_END = re.compile(r"\r\n|\n|\r")
_REGISTERED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+()-]{0,39}")
# Codecs of Python that are no character set registered with IANA, or that do more than decode.
_NO_CHARSET = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-8-sig", "mbcs", "oem", "palmos"}
)


class Problems:
    """Problems in the order they were met; beyond a thousand of a kind in a file, only their number is kept."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._counts: dict[tuple[BagProblem, str], int] = {}

    def add(self, kind: BagProblem, path: str, line: int | None, detail: str) -> None:
        """Note one problem."""
        count = self._counts[kind, path] = self._counts.get((kind, path), 0) + 1
        if count <= MOST_PROBLEMS:
            self._found.append(Problem(kind, path, line, detail))

    def all(self) -> tuple[Problem, ...]:
        """Every problem, and for each kind that was cut off, how many more there are."""
        more = [
            Problem(kind, path, None, f"and {count - MOST_PROBLEMS} more")
            for (kind, path), count in self._counts.items()
            if count > MOST_PROBLEMS
        ]
        return (*self._found, *more)


def text_codec(name: str) -> str | None:
    """The codec of a declared encoding, or None when it is unknown or no encoding of text (rot13, zlib, …)."""
    if not _REGISTERED.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name)
        codecs.getincrementaldecoder(found.name)
    except (LookupError, ValueError, UnicodeError):
        return None
    is_text = getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in _NO_CHARSET
    return found.name if is_text and found.name not in _NO_CHARSET else None


class TagText:
    """The lines of one tag file, numbered from 1: ended by LF, CR or CRLF, and by no other character.

    What cannot be decoded is noted once, and read on with its bytes kept as the file system keeps them, so that names
    of files still match. A line beyond the limit is noted and left out.
    """

    def __init__(self, pieces: Iterable[bytes], codec: str, name: str, problems: Problems) -> None:
        self.name, self.problems = name, problems
        self._pieces, self._codec = pieces, codec
        self._number = 0
        self._skipping = False
        self._held = ""  # a CR whose LF may come next

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for number, lines in self.blocks():
            yield from enumerate(lines, number)

    def blocks(self) -> Iterator[tuple[int, list[str]]]:
        """The lines, as many at a time as were read at once, with the number of the first of them."""
        rest = ""
        for text in self._texts():
            rest += text
            self._held = held = rest[-1:] if rest.endswith("\r") else ""
            whole = rest[:-1] if held else rest
            found = _LINE_END.split(whole) if "\r" in whole else whole.split("\n")
            rest = found.pop() + held
            yield from self._numbered(found)
            if len(rest) > LONGEST_LINE:
                self._too_long()
                rest = held
        if rest.endswith("\r"):
            yield from self._numbered([rest[:-1]])
        elif rest or self._skipping:
            self.problems.add(BagProblem.LAST_LINE, self.name, self._number + 1, "it ends without a line end")
            yield from self._numbered([rest])

    def _numbered(self, found: list[str]) -> Iterator[tuple[int, list[str]]]:
        if found and not self._skipping and max(map(len, found)) <= LONGEST_LINE:
            yield self._number + 1, found
            self._number += len(found)
            return
        for line in found:
            self._number += 1
            if self._skipping:
                self._skipping = False
            elif len(line) > LONGEST_LINE:
                self._too_long(self._number)
                self._skipping = False
            else:
                yield self._number, [line]

    def _too_long(self, number: int | None = None) -> None:
        if not self._skipping:
            detail = f"the line has more than {LONGEST_LINE:,} characters, the most that is read"
            self.problems.add(BagProblem.TOO_LARGE, self.name, number or self._number + 1, detail)
        self._skipping = True

    def _texts(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._codec)("strict")
        first = True
        for piece, last in _with_last(self._pieces):
            try:
                text = decoder.decode(piece, last)
            except UnicodeError as error:
                begun = b"" if isinstance(error, UnicodeDecodeError) else bytes(decoder.getstate()[0])
                decoder, text = self._in_spite_of(error, begun + piece, last)
            if first and text:
                first = False
                if text.startswith("\ufeff"):
                    self.problems.add(BagProblem.BYTE_ORDER_MARK, self.name, 1, "it begins with a byte order mark")
                    text = text[1:]
            yield text

    def _in_spite_of(self, error: UnicodeError, piece: bytes, last: bool) -> tuple[codecs.IncrementalDecoder, str]:
        """A decoder that goes on, and what it makes of the bytes that the one before refused."""
        refused = error.object if isinstance(error, UnicodeDecodeError) else piece
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        # The file system's own reading of bytes, so that names still match; Latin-1 knows every byte.
        lenient = (
            ("utf-8", "surrogateescape") if self._codec in {"utf-8", "ascii"} else (self._codec, "backslashreplace")
        )
        attempts = [lenient, ("latin-1", "strict")]
        if not isinstance(error, UnicodeDecodeError) and self._codec in {"utf-16", "utf-32"}:
            attempts.insert(0, (f"{self._codec}-be", "strict"))  # no byte order mark means big-endian
        for codec, errors in attempts:
            decoder = codecs.getincrementaldecoder(codec)(errors)
            try:
                text = decoder.decode(refused, last)
            except UnicodeError:
                continue
            if errors != "strict" or codec == "latin-1":
                before = self._held + refused[:start].decode(self._codec, "replace")
                line = self._number + 1 + len(_LINE_END.findall(before))
                self.problems.add(BagProblem.ENCODING, self.name, line, f"bytes that are not {self._codec}")
            return decoder, text
        raise AssertionError("Latin-1 knows every byte")


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, then an empty one with the word that it is the last."""
    for piece in pieces:
        yield piece, False
    yield b"", True
