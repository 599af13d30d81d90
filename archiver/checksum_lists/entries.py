"""What is kept of a list while it is read: entries and problems, within limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archiver.checksum_lists.algorithms import Taken
from archiver.model.checksum_list import Listed, ListProblem, ListTrouble
from archiver.model.values import Checksum

LARGEST_LIST = 128 * 1024 * 1024  # bytes
MOST_ENTRIES = 1_000_000
MOST_PROBLEMS = 1_000  # kept one by one; those beyond are counted
LONGEST_PATH = 16_384  # characters
_SHOWN = 160  # characters of a line that a problem quotes
_HEX = re.compile(r"[0-9a-fA-F]+")


@dataclass(slots=True)
class Kept:
    """Entries and problems of one list in the order of its lines."""

    entries: list[Listed] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    unnamed: int = 0
    full: bool = False

    def problem(self, kind: ListTrouble, line: int | None, detail: str) -> None:
        """Note a problem; beyond the limit it is only counted."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.unnamed += 1
            return
        shown = detail if len(detail) <= _SHOWN else detail[: _SHOWN - 1] + "…"
        self.problems.append(ListProblem(kind, line, shown))

    def weak(self, path: str, line: int, weakness: str, kind: ListTrouble) -> None:
        """Note a file that is listed without evidence, and why."""
        if self._usable(path, line):
            self.entries.append(Listed(path, line, weakness=weakness, trouble=kind))

    def state(
        self,
        path: str,
        line: int,
        digests: Sequence[tuple[str, Taken | None]],
        size: int | None = None,
        *,
        stem: bool = False,
    ) -> None:
        """Note the digests of a file, each with the algorithm it is taken to be of; `size` in bytes."""
        if not self._usable(path, line):
            return
        judged = [(_judged(digest, taken), taken) for digest, taken in digests]
        checksums = tuple(one for one, _taken in judged if isinstance(one, Checksum))
        doubts = [one for one, _taken in judged if not isinstance(one, Checksum)]
        # Beside a digest that is evidence, one that cannot be computed adds nothing; one of a wrong form is a fault.
        for kind, words in doubts:
            if kind is ListTrouble.DIGEST_FORM:
                self.problem(kind, line, f"{path}: {words}")
        trouble, weakness = doubts[0] if doubts and not checksums else (None, "")
        assumed = any(taken.assumed for one, taken in judged if taken is not None and isinstance(one, Checksum))
        self.entries.append(Listed(path, line, checksums, size, weakness, trouble, assumed, stem))

    def _usable(self, path: str, line: int) -> bool:
        """Whether a path can be one; notes the problem when it cannot."""
        if len(self.entries) >= MOST_ENTRIES:
            if not self.full:
                self.full = True
                self.problems.append(
                    ListProblem(ListTrouble.TOO_LARGE, line, f"more than {MOST_ENTRIES} files are listed")
                )
            return False
        if not path or "\0" in path or len(path) > LONGEST_PATH:
            self.problem(ListTrouble.PATH_UNUSABLE, line, path)
            return False
        return True


def _judged(digest: str, taken: Taken | None) -> Checksum | tuple[ListTrouble, str]:
    """A digest as a checksum, or why it is none."""
    if taken is None or not _HEX.fullmatch(digest):
        return ListTrouble.DIGEST_FORM, f"{digest!r} is no digest of a known algorithm"
    if taken.named.is_crc:
        return ListTrouble.CRC_ONLY, f"{taken.named.label} is no evidence"
    algorithm = taken.named.algorithm
    if algorithm is None:
        return ListTrouble.UNKNOWN_ALGORITHM, f"{taken.named.label} cannot be computed here"
    if len(digest) != algorithm.hex_length:
        return ListTrouble.DIGEST_FORM, f"{len(digest)} digits, where {algorithm.label} has {algorithm.hex_length}"
    return Checksum(algorithm.value, digest.lower())
