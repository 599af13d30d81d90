"""Where a reference of METS leads in the deposit. No reference is followed anywhere else."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Union
from urllib.parse import unquote

from archiver.foreign_mets.notes import shown
from archiver.model.foreign_mets import MetsTrouble

Files = Union[Collection[str], Callable[[str], str | None], "FileNames"]
LONGEST = 4096  # characters of a reference
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_RELATIVE_FILE = re.compile(r"file:(?://)?(?=\.{1,2}/)|file:(?=[^/\\])", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Place:
    """The path in the deposit that a reference leads to, or "" and what is in the way."""

    name: str
    trouble: MetsTrouble | None = None
    detail: str = ""


class FileNames:
    """The paths of all files of a deposit, with what is needed to find them: made once for all METS of a deposit."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._ordered: list[str] | None = None
        self._folded: dict[str, str] | None = None

    def exact(self, path: str) -> str:
        """The path itself where a file has it, else ""."""
        return path if path in self._names else ""

    def by_capitals(self, path: str) -> str:
        """The one path that differs by capitals or by the way accents are stored, else ""."""
        if self._folded is None:
            self._folded = {}
            for name in sorted(self._names):
                key = _fold(name)
                self._folded[key] = "" if key in self._folded else name
        return self._folded.get(_fold(path), "")

    def below(self, folder: str) -> list[str]:
        """The paths in a folder and below, in order of names; all for ""."""
        if self._ordered is None:
            self._ordered = sorted(self._names)
        if not folder:
            return self._ordered
        first = bisect_left(self._ordered, f"{folder}/")
        return self._ordered[first : bisect_left(self._ordered, f"{folder}0", first)]  # 0 comes after /


class Places:
    """Finds files of the deposit by the references of the METS called `name`.

    `files` are all paths of the deposit, or a function that gives the path in the deposit for a path, or None.
    """

    def __init__(self, name: str, files: Files) -> None:
        self.folder = posixpath.dirname(name)
        self._lookup = files if callable(files) else None
        self._files = files if isinstance(files, FileNames) else FileNames(() if callable(files) else files)

    def find(self, href: str) -> Place:
        """Where a reference leads: by the folder of the METS, else by the top of the deposit.

        Tried as written, with percent signs undone, and with `\\` for `/`; then without regard to capitals.
        `file://./x`, as docWorks writes it, is the relative path `./x`; any other file: address is absolute.
        """
        written = href.strip()
        if not written or "\0" in written or len(written) > LONGEST:
            return Place("", MetsTrouble.REFERENCE, f"{shown(href)!r} is no name of a file")
        path = _RELATIVE_FILE.sub("", written, count=1)
        scheme = _SCHEME.match(path)
        if scheme and scheme.group(1).lower() != "file":
            return Place("", MetsTrouble.ELSEWHERE, f"{shown(written)} is an address; archiver does not go there")
        if scheme or _ABSOLUTE.match(path):
            return Place("", MetsTrouble.OUTSIDE, f"{shown(written)} is an absolute path")
        wanted = self._candidates(path)
        if not wanted:
            return Place("", MetsTrouble.OUTSIDE, f"{shown(written)} leads out of the deposit")
        for candidate in wanted:
            found = self._exact(candidate)
            if found:
                return Place(found)
        for candidate in wanted:
            found = self._files.by_capitals(candidate)
            if found:
                return Place(found)
        return Place("", MetsTrouble.ABSENT, f"{shown(written)} is not in the deposit ({shown(wanted[0], 200)})")

    def unnamed(self, named: Collection[str], own: str) -> tuple[str, ...]:
        """Files in the folder of the METS and below that are neither named nor the METS itself."""
        known = {*named, own}
        return tuple(name for name in self._files.below(self.folder) if name not in known)

    def _candidates(self, path: str) -> list[str]:
        """The paths in the deposit that a relative reference may mean; none when every one of them leads out."""
        spellings = [path, unquote(path)]
        spellings += [each.replace("\\", "/") for each in spellings if "\\" in each]
        found = []
        for folder in dict.fromkeys((self.folder, "")):
            for spelling in dict.fromkeys(spellings):
                if "\0" in spelling or _ABSOLUTE.match(spelling):
                    continue
                joined = posixpath.normpath(posixpath.join(folder, spelling))
                if joined not in {".", "..", ""} and not joined.startswith(("../", "/")) and joined not in found:
                    found.append(joined)
        return found

    def _exact(self, path: str) -> str:
        if self._lookup is not None:
            return self._lookup(path) or ""
        return self._files.exact(path)


def _fold(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
