"""Checksum lists that a depositor sends along: what their lines state, and what comparing with the deposit found."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.values import Algorithm, Checksum


class ListForm(enum.Enum):
    """How a checksum list is written; the value names it in sentences."""

    LINES = "md5sum form"
    NUL = "md5sum form, ended by NUL"
    BSD = "BSD form"
    TRAILING = "names before digests"
    HASHDEEP = "hashdeep"
    TABLE = "table"
    FILE_HASH = "Get-FileHash"
    CERTUTIL = "certutil"
    SIDECAR = "sidecar"
    SFV = "SFV"
    BAG_MANIFEST = "bag manifest"
    METS = "METS"


class ListTrouble(enum.Enum):
    """What is wrong with a line, or with a whole list."""

    NOT_UNDERSTOOD = "the line states no digest of a file"
    DIGEST_FORM = "the digest is not one of its algorithm"
    UNKNOWN_ALGORITHM = "the digest is of an algorithm that cannot be computed here"
    CRC_ONLY = "a CRC is no evidence"
    ESCAPE = "a backslash that escapes nothing"
    PATH_UNUSABLE = "a path no file can have"
    CUT_OFF = "the line was cut off when it was written"
    NAMELESS = "a digest without a name"
    ENCODING = "bytes that are not text"
    TOO_LARGE = "beyond a limit"


@dataclass(frozen=True, slots=True)
class ListProblem:
    """One problem of a list; `line` counts from 1, None for the list as a whole. `detail` names the values."""

    kind: ListTrouble
    line: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as one line states it. Without `checksums`, the line is no evidence, for the reason in `weakness`."""

    path: str  # as stated, escapes undone; separators as they were written
    line: int
    checksums: tuple[Checksum, ...] = ()
    size: int | None = None  # bytes
    weakness: str = ""
    trouble: ListTrouble | None = None  # the kind of that reason
    assumed: bool = False  # the length alone told the algorithm, and other algorithms have digests of that length
    stem: bool = False  # the path lacks its extension: a sidecar that holds a digest alone


@dataclass(frozen=True, slots=True)
class ChecksumList:
    """A checksum list as read. `name` is its path in the deposit, or where the archivist has it when `given`."""

    name: str
    form: ListForm
    entries: tuple[Listed, ...]
    problems: tuple[ListProblem, ...] = ()
    unnamed_problems: int = 0  # problems beyond the limit of those that are kept
    encoding: str = "utf-8"
    given: bool = False  # named by the archivist, not found in the deposit

    @property
    def folder(self) -> str:
        """The folder of the deposit that its paths are relative to; "" for the deposit itself."""
        return "" if self.given or "/" not in self.name else self.name.rsplit("/", 1)[0]

    @property
    def usable(self) -> int:
        """How many of its lines state a digest that is evidence."""
        return sum(bool(entry.checksums) for entry in self.entries)

    @property
    def is_crc_only(self) -> bool:
        """Whether every file it lists has a CRC and no digest: understood, and no evidence."""
        return bool(self.entries) and all(entry.trouble is ListTrouble.CRC_ONLY for entry in self.entries)

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms of its digests, in order of their names."""
        found = {checksum.algorithm for entry in self.entries for checksum in entry.checksums}
        return tuple(sorted(found, key=lambda algorithm: algorithm.label))


class Manner(enum.Enum):
    """How a listed path was found among the files."""

    EXACT = "by the path"
    SPACES = "without the spaces around the name"
    NORMALISED = "by another Unicode normalisation"
    CASE = "by another use of capitals"
    TAIL = "by the end of the path"
    STEM = "by the name without extension"


@dataclass(frozen=True, slots=True)
class Stated:
    """A line of a list: the list's name and what the line says."""

    list_name: str
    entry: Listed


@dataclass(frozen=True, slots=True)
class Verified:
    """A file whose every stated digest agrees."""

    stated: Stated
    path: str
    manner: Manner


@dataclass(frozen=True, slots=True)
class Mismatched:
    """A file one of whose stated digests is not what was found. Sizes in bytes."""

    stated: Stated
    path: str
    manner: Manner
    wanted: Checksum
    found: str  # hexadecimal, lower case
    size: int


@dataclass(frozen=True, slots=True)
class Absent:
    """A listed file that is not in the deposit; `near` are files of that name with other bytes."""

    stated: Stated
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A listed file that may be any of several files, none of which has the stated digest."""

    stated: Stated
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unverifiable:
    """A listed file that is there, of which nothing can be said, for a reason."""

    stated: Stated
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that state different digests of one file by one algorithm; `found` is "" when it is not there."""

    path: str
    algorithm: Algorithm
    statements: tuple[Stated, ...]
    found: str = ""


@dataclass(frozen=True)
class Comparison:
    """What checksum lists say of a deposit, and what is so. Every line is in exactly one of the first six."""

    lists: tuple[ChecksumList, ...]
    files: int  # files of the deposit that are no checksum lists
    verified: tuple[Verified, ...] = ()
    mismatched: tuple[Mismatched, ...] = ()
    absent: tuple[Absent, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    unverifiable: tuple[Unverifiable, ...] = ()
    conflicting: tuple[Stated, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    of_themselves: tuple[Stated, ...] = ()  # lines by which a list states its own digest, which none can
    repeated: int = 0  # lines that state again what another line states
    unlisted: tuple[str, ...] = field(default=())

    @cached_property
    def verified_files(self) -> frozenset[str]:
        """Files that a list verifies, and no list contradicts."""
        contradicted = {one.path for one in self.mismatched} | {one.path for one in self.conflicts}
        return frozenset(one.path for one in self.verified) - contradicted

    @property
    def placed(self) -> tuple[Verified | Mismatched, ...]:
        """Lines whose file was found and compared."""
        return (*self.verified, *self.mismatched)

    @property
    def ambiguous(self) -> tuple[Verified | Mismatched | Undecided, ...]:
        """Lines whose path alone did not tell the file: found by the end of the path, or not decided at all."""
        loose = {Manner.TAIL, Manner.STEM}
        return (*(one for one in self.placed if one.manner in loose), *self.undecided)

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms of all lists, in order of their names."""
        found = {algorithm for one in self.lists for algorithm in one.algorithms}
        return tuple(sorted(found, key=lambda algorithm: algorithm.label))
