"""Manifests, tag manifests and fetch.txt read into facts (RFC 8493 §2.1.3, §2.2.1, §2.2.3). Nothing here judges."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

from archiver.fixity.digests import is_available
from archiver.model.bag import BagProblem, FetchEntry, Manifest
from archiver.model.entries import Entries
from archiver.model.values import Algorithm
from archiver.packages.bag import encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from archiver.packages.bag.lines import Problems, TagText

_ENTRY = re.compile(r"([^ \t]+)[ \t]+([^ \t].*)", re.DOTALL)
_FETCH = re.compile(r"([^ \t]+)[ \t]+([0-9]{1,19}|-)[ \t]+([^ \t].*)", re.DOTALL)
# What makes a path worth a closer look; most paths have none of it.
_UNUSUAL = re.compile(r"[%\\\0]|^[~*/.]|//|/\.{1,2}(?:/|$)|/$|^[A-Za-z]:")
_MARKS = ("%", "\\", "\0", "//", "/.", "/\n")  # the same, of a path below data/
_CAREFREE = 63  # characters: a path this short is within every limit, whatever its characters
_ALIASES = {"blake2b": Algorithm.BLAKE2B, "blake2s": Algorithm.BLAKE2S}  # as bagit-python calls them


def algorithm_named(name: str) -> Algorithm | None:
    """The algorithm of a manifest's file name, in whatever spelling; None when it cannot be computed here."""
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    found = _ALIASES.get(folded) or next((known for known in Algorithm if known.value == folded), None)
    return found if found is not None and is_available(found) else None


class ManifestReader:
    """Reads manifests of one bag. `names` are the paths on the disk; what manifests list is added to it, so that a path
    that stands in several places is held once.
    """

    def __init__(self, names: MutableMapping[str, str], problems: Problems) -> None:
        self.names, self.problems = names, problems

    def read(self, name: str, lines: TagText, *, tags: bool) -> Manifest:
        """A manifest (`tags` false) or tag manifest; its name tells the algorithm."""
        algorithm_name = name.removeprefix("tag").removeprefix("manifest-").removesuffix(".txt")
        algorithm = algorithm_named(algorithm_name)
        entries = Entries(algorithm.hex_length // 2 if algorithm is not None else 0)
        for first, block in lines.blocks():
            if tags or algorithm is None or not self._take_plain(entries, algorithm, first, block):
                for number, line in enumerate(block, first):
                    self._take(entries, algorithm, name, number, line, tags=tags)
        return Manifest(name, algorithm_name, algorithm, entries)

    def _take_plain(self, entries: Entries, algorithm: Algorithm, first: int, block: list[str]) -> bool:
        """Take many lines at once, if nothing about any of them deserves a closer look; else take none.

        Most manifests are so, and a line costs a fifth of the time.
        """
        width = algorithm.hex_length
        if len(block) < 2 or any(line[width : width + 7] != "  data/" for line in block):
            return False
        paths = [line[width + 2 :] for line in block]
        text = "\n".join(paths) + "\n"
        if max(map(len, paths)) > _CAREFREE or any(mark in text for mark in _MARKS) or not entries.are_new(paths):
            return False
        stated = "".join([line[:width] for line in block])
        if stated != stated.lower():
            return False
        try:
            digests = binascii.unhexlify(stated)
        except ValueError:
            return False
        held = list(map(self.names.setdefault, paths, paths))
        entries.add_all(held, digests, first)
        return True

    def _take(
        self, entries: Entries, algorithm: Algorithm | None, name: str, number: int, line: str, *, tags: bool
    ) -> None:
        """Take one line, and note what is wrong with it."""
        match = _ENTRY.fullmatch(line)
        if match is None:
            self.problems.add(BagProblem.MANIFEST_LINE, name, number, cut(line))
            return
        stated, path = match.groups()
        if _UNUSUAL.search(path) or len(path) > _CAREFREE or stated[0] == "\\":
            stated, path, refused = self._unusual(name, number, stated, path)
            if refused:
                return
        if path.startswith("data/") is tags:
            self._misplaced(name, number, path, tags=tags)
            if not tags:
                return
        digest = _digest(stated) if algorithm is not None and len(stated) == algorithm.hex_length else None
        if digest is None and algorithm is not None:
            detail = f"{cut(stated)} for {path}: {algorithm.label} has {algorithm.hex_length} hexadecimal digits"
            self.problems.add(BagProblem.DIGEST_FORM, name, number, detail)
        elif stated != stated.lower():
            self.problems.add(BagProblem.CAPITALS, name, number, cut(stated))
        path = self.names.setdefault(path, path)
        if path in entries:
            self._repeated(name, number, path, stated, entries)
        else:
            entries.add(path, digest, number)

    def _unusual(self, name: str, number: int, stated: str, written: str) -> tuple[str, str, bool]:
        """Digest and path of a line that deserves a closer look, and whether its path is refused."""
        digest, path, mark = self._without_marks(stated, written)
        if mark:
            self.problems.add(BagProblem.LEGACY_MARK, name, number, f"{mark}: {cut(written)}")
        path = self._meant(name, number, path)
        if reason := encoding.outside(path):
            self.problems.add(BagProblem.PATH_OUTSIDE, name, number, f"{cut(path)}: {reason}")
        elif reason := encoding.unusable(path):
            self.problems.add(BagProblem.PATH_UNUSABLE, name, number, f"{cut(path)}: {reason}")
        return digest, path, bool(reason)

    def _without_marks(self, stated: str, written: str) -> tuple[str, str, str]:
        """Digest and path without what md5sum and its kin add, and what that was; a file really so called comes first.

        RFC 8493 §6.1.3.
        """
        if written in self.names or encoding.decode(written) in self.names:
            return stated, written, ""
        if stated.startswith("\\"):
            return stated[1:], encoding.unescape(written.removeprefix("*")), "a backslash before the digest"
        if written.startswith("*"):
            return stated, written[1:], "an asterisk before the path"
        if written.startswith("./") and written != "./":
            return stated, written[2:], "./ before the path"
        return stated, written, ""

    def _meant(self, name: str, number: int, written: str) -> str:
        """The path that a written one means: the first reading that is on the disk, else that of RFC 8493."""
        readings = encoding.readings(written)
        path = next((reading for reading in readings if reading in self.names), readings[0])
        if path != readings[0] or encoding.has_literal_percent(written):
            self.problems.add(BagProblem.LITERAL_PERCENT, name, number, cut(written))
        return path

    def _misplaced(self, name: str, number: int, path: str, *, tags: bool) -> None:
        if tags:
            self.problems.add(BagProblem.LISTED_PAYLOAD, name, number, cut(path))
        else:
            self.problems.add(BagProblem.PATH_OUTSIDE, name, number, f"{cut(path)}: it is not below data/")

    def _repeated(self, name: str, number: int, path: str, stated: str, entries: Entries) -> None:
        before, line = entries[path]
        same = "the same digest" if before == stated.lower() else f"another digest ({before}, then {stated.lower()})"
        detail = f"{cut(path)} stands in line {line} already, with {same}"
        self.problems.add(BagProblem.DUPLICATE, name, number, detail)

    def fetch(self, lines: Iterable[tuple[int, str]]) -> tuple[FetchEntry, ...]:
        """The lines of fetch.txt: URL, length or `-`, path. Nothing is fetched."""
        entries: list[FetchEntry] = []
        for number, line in lines:
            match = _FETCH.fullmatch(line)
            if match is None:
                self.problems.add(BagProblem.FETCH_LINE, "fetch.txt", number, cut(line))
                continue
            url, length, written = match.groups()
            path = self._meant("fetch.txt", number, written.removeprefix("./"))
            reason = encoding.outside(path) or encoding.unusable(path)
            if not reason and not path.startswith("data/"):
                reason = "it is not below data/"
            if reason:
                self.problems.add(BagProblem.PATH_OUTSIDE, "fetch.txt", number, f"{cut(path)}: {reason}")
                continue
            entries.append(FetchEntry(url, None if length == "-" else int(length), path, number))
        return tuple(entries)


def _digest(stated: str) -> bytes | None:
    try:
        return bytes.fromhex(stated)
    except ValueError:
        return None


def cut(words: str) -> str:
    """Words in quotes, short enough for a sentence."""
    return repr(words if len(words) <= 120 else words[:117] + "…")
