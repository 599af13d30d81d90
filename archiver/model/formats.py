"""Formats of files as they were identified, what is doubtful about them, and what an archive thinks of each format."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.model.values import Format, Identification

UNKNOWN = "UNKNOWN"  # in place of a PUID: a format that PRONOM does not tell


class Agreement(enum.Enum):
    """What the PRONOM identification and the media type by libmagic say of one another."""

    SAME = "the same"
    COMPATIBLE = "one is a kind of the other"
    UNTOLD = "one of them says nothing"
    DIFFERENT = "they exclude one another"


class Doubt(enum.Enum):
    """What is doubtful about a PRONOM identification."""

    UNKNOWN = "no signature and no extension is known"
    EXTENSION_MISMATCH = "the extension belongs to other formats"
    EXTENSION_ONLY = "told by the extension alone"
    TEXT_ONLY = "told by being text alone"
    SEVERAL = "several formats fit"


class LockScope(enum.Enum):
    """How much of a file is encrypted."""

    WHOLE = "the whole content"
    PARTS = "some of its parts"


@dataclass(frozen=True, slots=True)
class Lock:
    """Encryption or a password found in the content of a file; `detail` is a clause for people."""

    scope: LockScope
    detail: str


@dataclass(frozen=True, slots=True)
class Nest:
    """A file that is an archive: its kind, entries (None when they were not counted), and archives among them."""

    kind: str  # "ZIP", "TAR", …
    entries: int | None = None
    archives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormatMatch:
    """One format that PRONOM takes a file for."""

    puid: str
    name: str = ""
    version: str = ""
    mimes: tuple[str, ...] = ()
    family: str = ""  # PRONOM's classification: "Image (Raster)", "Aggregate", …
    basis: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class FileToIdentify:
    """A file whose format is wanted. `name` is the depositor's.

    `head` is what a measuring read kept of its first bytes, `content` all of it where that is in memory; what else is
    looked at is read from `path`.
    """

    path: Path
    name: str
    head: bytes | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class IdentifiedFile:
    """A file with its format, what both identifiers said, and what its content shows without being unpacked."""

    name: str
    path: Path
    size: int  # bytes
    format: Format
    matches: tuple[FormatMatch, ...] = ()
    agreement: Agreement = Agreement.UNTOLD
    doubts: frozenset[Doubt] = frozenset()
    lock: Lock | None = None
    nest: Nest | None = None
    damage: str = ""  # what shows that the file does not end as its format ends
    third: Identification | None = None  # what opf-fido said, where it was asked

    @property
    def puid(self) -> str:
        """The PRONOM identifier, or UNKNOWN."""
        return self.format.pronom.value

    @property
    def is_empty(self) -> bool:
        """Whether it has no bytes."""
        return self.size == 0

    @property
    def called(self) -> str:
        """The format in words: PUID, name and version."""
        said = self.format.pronom
        return " ".join(part for part in (said.value, said.name, said.version) if part)


class Standing(enum.Enum):
    """What an archive decided about a format."""

    ACCEPTED = "accepted"
    TOLERATED = "tolerated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an archive decided about one format, and why. `puid` is empty for formats that its policy does not name."""

    standing: Standing
    reason: str = ""
    puid: str = ""


@dataclass(frozen=True, slots=True)
class FormatPolicy:
    """Which formats an archive accepts, tolerates and refuses."""

    decisions: Mapping[str, Decision] = field(default_factory=dict)  # by PUID
    others: Standing = Standing.ACCEPTED

    def decide(self, puid: str) -> Decision:
        """What was decided about a format."""
        return self.decisions.get(puid) or Decision(self.others)


@dataclass(frozen=True, slots=True)
class FoundFormats:
    """Identified files with the policy they are judged by, if there is one: what the rules for formats look at.

    `is_recorded` says that the formats are those that the PREMIS of a package states: nobody looked into the files.
    """

    files: tuple[IdentifiedFile, ...]
    policy: FormatPolicy | None = None
    policy_name: str = ""  # identifier of the package profile the policy stands in
    is_recorded: bool = False
