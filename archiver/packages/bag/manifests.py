"""Manifests, tag manifests and fetch.txt read into facts (RFC 8493 §2.1.3, §2.2.1, §2.2.3). Nothing here judges."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping

from archiver.fixity.digests import is_available
from archiver.model.bag import BagProblem, FetchEntry, Manifest
from archiver.model.entries import Entries
from archiver.model.values import Algorithm
from archiver.packages.bag import encoding
from archiver.packages.bag.lines import Problems

_ENTRY = re.compile(r"([^ \t]+)[ \t]+([^ \t].*)", re.DOTALL)
_FETCH = re.compile(r"([^ \t]+)[ \t]+([0-9]{1,19}|-)[ \t]+([^ \t].*)", re.DOTALL)
# What makes a path worth a closer look; most paths have none of it.
_UNUSUAL = re.compile(r"[%\\\0]|^[~*/.]|//|/\.{1,2}(?:/|$)|/$|^[A-Za-z]:")
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

    def read(self, name: str, lines: Iterable[tuple[int, str]], *, tags: bool) -> Manifest:
        """A manifest (`tags` false) or tag manifest; its name tells the algorithm."""
        algorithm_name = name.removeprefix("tag").removeprefix("manifest-").removesuffix(".txt")
        algorithm = algorithm_named(algorithm_name)
        size = algorithm.hex_length // 2 if algorithm is not None else 0
        entries = Entries(size)
        names, hex_length = self.names, size * 2
        for number, line in lines:
            match = _ENTRY.fullmatch(line)
            if match is None:
                self.problems.add(BagProblem.MANIFEST_LINE, name, number, cut(line))
                continue
            stated, path = match.groups()
            if _UNUSUAL.search(path) or len(path) > _CAREFREE or stated[0] == "\\":
                stated, path, refused = self._unusual(name, number, stated, path)
                if refused:
                    continue
            if path.startswith("data/") is tags:
                self._misplaced(name, number, path, tags=tags)
                if not tags:
                    continue
            digest = _digest(stated) if len(stated) == hex_length else None
            if digest is None and algorithm is not None:
                detail = f"{cut(stated)} for {path}: {algorithm.label} has {hex_length} hexadecimal digits"
                self.problems.add(BagProblem.DIGEST_FORM, name, number, detail)
            path = names.setdefault(path, path)
            if path in entries:
                self._repeated(name, number, path, stated, entries)
            else:
                entries.add(path, digest, number)
        return Manifest(name, algorithm_name, algorithm, entries)

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
        if written in self.names:
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
