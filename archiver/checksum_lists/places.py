"""Where a listed path lies among the files of a deposit: by its path, or one that people or programs made of it."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archiver.model.checksum_list import ChecksumList, Listed, Manner

_ABSOLUTE = re.compile(r"(?:[A-Za-z]:|\\\\|//|/)")
_DRIVE = re.compile(r"(?:\\\\\?\\|//\?/)?(?:[A-Za-z]:)?[/\\]*")


@dataclass(frozen=True, slots=True)
class Place:
    """The files a listed path may be, and by what they were found. `whole`: one path is the end of the other."""

    candidates: tuple[str, ...]
    manner: Manner
    whole: bool = True


class Places:
    """Finds files by listed paths. Indexes beyond the paths themselves are made when something needs them."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._normalised: dict[str, list[str]] | None = None
        self._folded: dict[str, list[str]] | None = None
        self._tails: dict[str, list[str]] | None = None
        self._stems: dict[str, list[str]] | None = None

    def find(self, listing: ChecksumList, entry: Listed) -> Place | None:
        """The files that a line may mean, by the first manner that finds one; None when nothing bears its name.

        A path is taken relative to the list's own folder first, then to the deposit.
        """
        near = f"{listing.folder}/{entry.path}" if listing.folder else entry.path
        if near in self._files:  # nearly always; the spellings are dear
            return Place((near,), Manner.EXACT)
        wanted = spellings(listing, entry.path)
        for path in wanted:
            if path in self._files:
                return Place((path,), Manner.EXACT)
        for path in spellings(listing, entry.path.strip()) if entry.path != entry.path.strip() else ():
            if path in self._files:
                return Place((path,), Manner.SPACES)
        for fold, manner in ((normalised, Manner.NORMALISED), (folded, Manner.CASE)):
            index = self._index(manner)
            for path in wanted:
                if fold(path) in index:
                    return Place(tuple(index[fold(path)]), manner)
        if entry.stem:
            for path in wanted:
                if normalised(path) in self._by_stem():
                    return Place(tuple(self._by_stem()[normalised(path)]), Manner.STEM)
        return self._by_tail(entry.path)

    def _index(self, manner: Manner) -> dict[str, list[str]]:
        if manner is Manner.NORMALISED:
            if self._normalised is None:
                self._normalised = _grouped(self._files, normalised)
            return self._normalised
        if self._folded is None:
            self._folded = _grouped(self._files, folded)
        return self._folded

    def _by_stem(self) -> dict[str, list[str]]:
        if self._stems is None:
            self._stems = _grouped(self._files, lambda path: normalised(posixpath.splitext(path)[0]))
        return self._stems

    def _by_tail(self, stated: str) -> Place | None:
        """The files with the longest end in common with a path, of which the name at least is the same."""
        if self._tails is None:
            self._tails = {}
            for path in sorted(self._files):
                for tail in _ends(folded(path)):
                    self._tails.setdefault(tail, []).append(path)
        parts = tuple(part for part in _relative(stated).split("/") if part not in {"", ".", ".."})
        if not parts:
            return None
        whole = folded("/".join(parts))
        for tail in _ends(whole):
            if tail in self._tails:
                found = self._tails[tail]
                ends = [path for path in found if folded(path) == tail]
                if ends or tail == whole:
                    return Place(tuple(ends or found), Manner.TAIL)
                return Place(tuple(found), Manner.TAIL, whole=False)
        return None


def spellings(listing: ChecksumList, stated: str) -> tuple[str, ...]:
    """The paths of the deposit that a stated path may be: as it stands and with `\\` for `/`, none that leave it."""
    found: dict[str, None] = {}
    for words in dict.fromkeys((stated, stated.replace("\\", "/"))):
        if _ABSOLUTE.match(words):
            continue
        for folder in dict.fromkeys((listing.folder, "")):
            path = posixpath.normpath(posixpath.join(folder, words))
            if path != "." and not path.startswith("../") and path != "..":
                found[path] = None
    return tuple(found)


def is_own(listing: ChecksumList, stated: str) -> bool:
    """Whether a line names the list that it stands in."""
    if listing.given or listing.name.rsplit("/", 1)[-1] not in stated:
        return False
    return listing.name in spellings(listing, stated)


def identity(listing: ChecksumList, stated: str) -> str:
    """What two lines for one file that is not there have in common."""
    found = spellings(listing, stated)
    return folded(found[-1] if found else stated.replace("\\", "/"))


def normalised(path: str) -> str:
    """A path in the composed form of Unicode."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def folded(path: str) -> str:
    """A path without regard to capitals."""
    return path.lower() if path.isascii() else normalised(normalised(path).casefold())


def _relative(stated: str) -> str:
    """A stated path without drive, server or root, `/` between its parts."""
    return stated[_DRIVE.match(stated).end() :].replace("\\", "/")  # type: ignore[union-attr]  # it matches nothing too


def _ends(path: str) -> Iterable[str]:
    """A path, and every end of it that begins after a `/`, from the longest to the name alone."""
    while True:
        yield path
        at = path.find("/")
        if at < 0:
            return
        path = path[at + 1 :]


def _grouped(files: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(files):
        found.setdefault(key(path), []).append(path)
    return found
