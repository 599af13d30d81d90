"""Lists of one file a line: md5sum and its kin, BSD form, names before digests (RHash, SFV), digests alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archiver.checksum_lists.algorithms import Named, Taken, named, names_in, of_digest
from archiver.checksum_lists.entries import Kept
from archiver.model.checksum_list import ListForm, ListTrouble

_HEX = "[0-9A-Fa-f]"
# MD5 (name) = digest; openssl leaves out the spaces, coreutils begins with a backslash when the name is escaped.
BSD = re.compile(rf"(\\?)([A-Za-z][A-Za-z0-9/_-]*)[ \t]*\((.*)\)[ \t]*=[ \t]*({_HEX}+)[ \t]*", re.DOTALL)
# digest, then two spaces, a space and an asterisk, one space, or tabs; md5deep -z puts the size first, -t a time after.
FIRST = re.compile(
    rf"(\\?)(?:[ \t]*(\d+)[ \t]+(?={_HEX}{{32}}))?({_HEX}{{8,128}})"
    r"(?: \d{4}(?::\d\d){5}(?=  | \*))?(?:\t+[ \t]*\*?|  | \*| )(.+)",
    re.DOTALL,
)
POSIX_CRC = re.compile(r"\d{1,10} \d+ (.+)", re.DOTALL)
ALONE = re.compile(rf"[ \t]*({_HEX}{{32,128}})[ \t]*(?:-|\*-)?[ \t]*")  # md5sum writes "-" for standard input
COMMENTS = ("#", ";", "//")  # the last one by fciv of Windows
_DIGITS = re.compile(f"{_HEX}+")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
_ENCODED = {"%0a": "\n", "%0d": "\r", "%25": "%"}  # RFC 8493 §2.1.3


def digests_last(line: str, shortest: int = 32) -> tuple[str, list[str]] | None:
    """The name and the digests of a line that ends in digests of `shortest` digits or more; None for other lines.

    In time that grows with the line and no faster, whatever runs of spaces a hostile line has.
    """
    name, found = line.rstrip(" \t"), list[str]()
    while True:
        at = max(name.rfind(" "), name.rfind("\t"))
        word = name[at + 1 :]
        if at <= 0 or not shortest <= len(word) <= 128 or not _DIGITS.fullmatch(word):
            break
        found.insert(0, word)
        name = name[:at].rstrip(" \t")
    return (name, found) if found and name else None


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one list into what is `kept`. `hints` are the algorithms that its name or comments name."""

    kept: Kept
    form: ListForm
    hints: tuple[Named, ...]
    alone: list[tuple[str, int]] = field(default_factory=list)  # digest, line: digests without a name
    seen: set[ListForm] = field(default_factory=set)

    def read(self, lines: Iterator[tuple[int, str]]) -> None:
        """Read every line; an empty one and a comment state nothing."""
        for number, line in lines:
            if self.form is not ListForm.NUL:
                line = line.rstrip("\r")
            if not line.strip():
                continue
            if line.lstrip().startswith(COMMENTS) and not self._states(line):
                self.hints += tuple(hint for hint in names_in(line) if hint not in self.hints)
                continue
            self.line(line, number)

    def line(self, line: str, number: int) -> None:
        """Read one line, by the forms in order of how much they ask for."""
        if match := BSD.fullmatch(line):
            self._bsd(match, number)
        elif match := ALONE.fullmatch(line):
            self.alone.append((match[1], number))
        elif match := POSIX_CRC.fullmatch(line):
            self.kept.weak(match[1], number, "a CRC is no evidence", ListTrouble.CRC_ONLY)
        elif (match := FIRST.fullmatch(line)) and self.form is not ListForm.SFV:
            self.seen.add(ListForm.LINES)
            size = int(match[2]) if match[2] else None
            self._state(self._path(match[4], bool(match[1]), number), (match[3],), number, size)
        elif last := digests_last(line, 8 if self.form is ListForm.SFV else 32):
            self.seen.add(ListForm.TRAILING)
            self._state(last[0], last[1], number)
        else:
            self.kept.problem(ListTrouble.NOT_UNDERSTOOD, number, line)

    def _states(self, line: str) -> bool:
        """Whether a line that begins like a comment states a digest of a file whose name begins so (#1.tif, RHash)."""
        return line[0] == "#" and self.form is not ListForm.SFV and digests_last(line) is not None

    def _bsd(self, match: re.Match[str], number: int) -> None:
        self.seen.add(ListForm.BSD)
        path = self._path(match[3], bool(match[1]), number)
        if path is None:
            return
        # An algorithm we never heard of is none we can compute.
        self.kept.state(path, number, [(match[4], Taken(named(match[2]) or Named(match[2])))])

    def _state(self, path: str | None, digests: Sequence[str], number: int, size: int | None = None) -> None:
        if path is not None:
            self.kept.state(path, number, [(digest, of_digest(digest, self.hints)) for digest in digests], size)

    def _path(self, words: str, escaped: bool, number: int) -> str | None:
        """The path of a line: escapes of coreutils undone, or those of a bag's manifest; None when they are wrong."""
        if self.form is ListForm.BAG_MANIFEST:
            return re.sub("%(?:0[aA]|0[dD]|25)", lambda match: _ENCODED[match[0].lower()], words.lstrip(" *"))
        if not escaped or self.form is ListForm.NUL:
            return words
        wrong = re.search(r"\\(?:[^\\nr]|$)", re.sub(r"\\\\", "", words))
        if wrong:
            self.kept.problem(ListTrouble.ESCAPE, number, words)
            return None
        return re.sub(r"\\[\\nr]", lambda match: _ESCAPES[match[0]], words)

    def take_alone(self, target: str) -> bool:
        """Take a digest without a name for that of the file the list is named after; whether that is what it is.

        `target` is the list's name without its last extension, "" when that extension names no algorithm. Several
        digests, or a name that does not say which file it goes with, are problems.
        """
        if len(self.alone) == 1 and target and not self.kept.entries:
            digest, number = self.alone[0]
            self.kept.state(target, number, [(digest, of_digest(digest, self.hints))], stem=True)
            return True
        for digest, number in self.alone:
            self.kept.problem(ListTrouble.NAMELESS, number, digest)
        return False
