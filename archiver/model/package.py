"""Files and packages by stage: found, measured, planned, sealed, held. Functions take the stage they need."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.imaging import ImageFacts
    from archiver.model.values import Algorithm, Checksum, Format, PackagePath


class FileUse(enum.Enum):
    """What a payload file is for (METS fileGrp @USE, by E-ARK representation or folder)."""

    ORIGINAL = "original"  # as deposited, byte for byte
    TRANSCRIPT = "transcript"  # derived from layout documents, a PDF or an office document
    LAYOUT = "layout"  # layout documents made from a PDF
    READING = "reading"  # derived reading text
    DOCUMENTATION = "documentation"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What stat says of a file, to tell whether it changed: device, inode, size in bytes, mtime and ctime in ns."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file found in a deposit. `content` is held when reading the description already took the one read."""

    path: Path
    name: str  # relative to the deposit, as the depositor wrote it
    stamp: FileStamp
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What one read found: size in bytes, a digest per algorithm, and the first bytes."""

    size: int
    checksums: tuple[Checksum, ...]
    head: bytes = b""

    def digest(self, algorithm: Algorithm) -> str:
        """The hex digest of `algorithm`; KeyError when it was not computed."""
        for checksum in self.checksums:
            if checksum.algorithm_name == algorithm.value:
                return checksum.hexdigest
        raise KeyError(algorithm.value)


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """A measured and identified file, with its place in the package (below data/)."""

    place: PackagePath
    use: FileUse
    original_name: str
    measured: Measured
    format: Format


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files of the package that show one page: images (the master first), its layout document, others."""

    number: int
    images: tuple[PayloadFile, ...] = ()
    layout: PayloadFile | None = None
    others: tuple[PayloadFile, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueFiles:
    """The files of an issue by representation, in their order, and how they tie to pages and lines.

    Places in the issue are bytes of `transcript`, which was deposited or derived; None where an issue has no words.
    """

    representations: tuple[tuple[str, tuple[PayloadFile, ...]], ...]
    transcript: PayloadFile | None
    reading: PayloadFile | None
    pages: tuple[PageFiles, ...] = ()
    blocks: tuple[tuple[int, PayloadFile, str], ...] = ()  # line of the transcript, layout document, block in it
    images: tuple[tuple[PayloadFile, ImageFacts], ...] = ()

    @property
    def originals(self) -> tuple[PayloadFile, ...]:
        """The deposited files."""
        return dict(self.representations)["original"]


@dataclass(frozen=True, slots=True)
class Seal:
    """The digest of a bag's tag manifest: one value that stands for every byte of the package."""

    checksum: Checksum

    def __str__(self) -> str:
        return str(self.checksum)


@dataclass(frozen=True, slots=True)
class SealedBag:
    """A published bag whose bytes are accounted for by its seal."""

    path: Path
    identifier: str
    seal: Seal
    files: int  # payload files
    size: int  # payload bytes


class Evidence(enum.Enum):
    """How a copy was verified at the far end, strongest first."""

    READ_BACK = "read back"
    SERVER_CHECKED = "server-checked digest"
    SERVER_REPORTED = "server-reported digest"
    SIZE_ONLY = "size only"


class Holding(enum.Enum):
    """What a transfer came to."""

    STORED = "stored"
    NEW_VERSION = "new version"
    ALREADY_HELD = "already held"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the same package is held elsewhere: the seal was compared there."""

    identifier: str
    target: str  # the name or address the user gave
    place: str  # where it is held, in the target's own words
    seal: Seal
    holding: Holding
    evidence: Evidence
    files: int
    size: int
    version: str = ""  # OCFL: v1, v2, …
    detail: str = ""
