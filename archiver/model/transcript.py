"""What a deposit holds before it is described: entries found, transcripts decoded, and what was in the way."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.checksum_list import Comparison
    from archiver.model.container import Container, DepositedBag
    from archiver.model.corrections import AppliedCorrection, Corrections
    from archiver.model.gathered import GatheredPage
    from archiver.model.given import Given
    from archiver.model.imaging import ExaminedImage
    from archiver.model.layout import PageLayout
    from archiver.model.package import Measured, SourceFile
    from archiver.model.page_files import FoundIssue
    from archiver.model.profile import SerialProfile
    from archiver.model.serial import Issue, Statement
    from archiver.model.taken import LinePlace, PageStart
    from archiver.model.values import Format
    from archiver.model.viruses import VirusScan


class EntryKind(enum.Enum):
    """What lstat says an entry of a deposit is."""

    FILE = "file"
    FOLDER = "folder"
    EMPTY_FOLDER = "empty folder"
    LINK = "symbolic link"
    FIFO = "named pipe"
    SOCKET = "socket"
    DEVICE = "device"
    JUNK = "system file"  # .DS_Store and its like: left out, and reported


@dataclass(frozen=True, slots=True)
class Entry:
    """Something found in a deposit; `name` is relative to it, as the file system has it."""

    name: str
    kind: EntryKind
    size: int = 0
    links: int = 1
    inode: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript: number from 1, text without its line end, bytes of the file it covers (end exclusive)."""

    number: int
    text: str
    begin: int
    end: int


class TextTrouble(enum.Enum):
    """Why a transcript cannot be read, or what to know about how it was read."""

    EMPTY = "empty"
    BINARY = "binary"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too large"
    LINE_TOO_LONG = "line too long"
    CONTROL_CHARACTER = "control character"


@dataclass(frozen=True, slots=True)
class TextFault:
    """One trouble with its place and words."""

    trouble: TextTrouble
    detail: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text file of a deposit, decoded. `lines` is empty when `faults` say why it could not be."""

    file: SourceFile
    lines: tuple[Line, ...]
    encoding: str  # Python's name of the codec
    encoding_basis: str  # "valid UTF-8", "byte order mark", "detected by content (charset-normalizer)"
    faults: tuple[TextFault, ...] = ()
    folded_punctuation: int = 0  # ASCII commas, parentheses … directly after a Chinese character
    taken_from: str = ""  # what it was derived from ("ALTO, 8 pages"); empty for a text that was deposited
    page_starts: tuple[PageStart, ...] = ()  # where pages begin, besides page markers in the text
    places: tuple[LinePlace, ...] = ()  # the blocks that lines were taken from
    has_headings: bool = True  # whether its headlines are marked; recognised text often has none


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """A file made from the deposit on the way to the description, kept in the package beside what was deposited.

    `name` is a file name; `sources` are the names in the deposit of what it was made from.
    """

    name: str
    content: bytes
    media_type: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceIssue:
    """What a reader took for one issue: its transcript, the other files that belong to it, and how they make pages.

    The transcript was deposited, or derived from other files (`transcript.taken_from`); then its file is not among
    those deposited, and its bytes are kept in a representation of their own.
    """

    transcript: Transcript
    companions: tuple[SourceFile, ...] = ()
    name: str = ""  # what to call it in reports: the path of its folder or of its transcript
    pages: tuple[GatheredPage, ...] = ()
    images: tuple[ExaminedImage, ...] = ()
    layouts: tuple[PageLayout, ...] = ()
    arranged: FoundIssue | None = None  # how the names of its files arrange them, where they are page images
    derived: tuple[DerivedFile, ...] = ()  # layout documents made from a PDF
    given: tuple[Given, ...] = ()
    formats: tuple[tuple[str, Format], ...] = ()  # of the deposited files, by name, where they were identified
    losses: tuple[str, ...] = ()  # what the derived transcript does not show
    documentation: tuple[str, ...] = ()  # names of the files that are kept as documentation: METS of others
    materials: tuple[tuple[str, object], ...] = ()  # (what a rule needs, the facts it judges): documents, PDF, METS

    @property
    def deposited(self) -> tuple[SourceFile, ...]:
        """The deposited files of the issue, the transcript first where it is one of them."""
        return self.companions if self.transcript.taken_from else (self.transcript.file, *self.companions)

    @property
    def originals(self) -> tuple[SourceFile, ...]:
        """The deposited files of the representation `original`."""
        return tuple(file for file in self.deposited if file.name not in self.documentation)

    @property
    def documents(self) -> tuple[SourceFile, ...]:
        """The deposited files that are kept as documentation."""
        return tuple(file for file in self.deposited if file.name in self.documentation)

    @property
    def shown(self) -> str:
        """What to call it in reports."""
        return self.name or str(self.transcript.file.path)


class MastheadTrouble(enum.Enum):
    """What is wrong with a masthead."""

    NONE_KNOWN = "no masthead of a known serial"
    AMBIGUOUS = "several serials"
    SECOND = "a second masthead"
    NO_DATE = "no issue date"
    IMPOSSIBLE_DATE = "not a date"
    MISSING_FIELD = "a required field is missing"
    LINE_NOT_UNDERSTOOD = "a line that no form of the profile matches"
    CONFLICT = "two values for one field"
    GIVEN_DIFFERS = "what is given differs"
    HINT_DIFFERS = "names of folders or files differ"
    UNNUMBERED = "no number is known"


@dataclass(frozen=True, slots=True)
class MastheadFault:
    """One trouble with its place and words."""

    trouble: MastheadTrouble
    detail: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one issue: `issue` is None when `faults` say why it could not be described."""

    source: SourceIssue
    serial: str
    statements: tuple[Statement, ...] = ()
    faults: tuple[MastheadFault, ...] = ()
    issue: Issue | None = None
    profile: SerialProfile | None = None
    corrected: tuple[AppliedCorrection, ...] = ()  # what the archivist's corrections changed


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as found: every entry, the issues a reader saw in it, and the files that belong to none."""

    root: Path
    shown: str  # as the user named it
    entries: tuple[Entry, ...]
    issues: tuple[SourceIssue, ...] = ()
    undescribed: tuple[SourceFile, ...] = ()
    is_bag: bool = False
    is_folder: bool = True  # or one file, or whatever else was named
    form: str = ""  # the reader that recognised it
    notes: tuple[str, ...] = field(default=())
    comparison: Comparison | None = None  # of the depositor's checksums with the files; None without any
    measured: tuple[tuple[str, Measured], ...] = ()  # what was measured to compare them, by name
    files: tuple[SourceFile, ...] = ()  # every regular file, checksum lists among them
    container: Container | None = None  # the archive it came in
    bag: DepositedBag | None = None  # the bag whose payload it was
    corrections: Corrections | None = None  # the archivist's, that lie beside it
    viruses: VirusScan | None = None  # None where no scanner is configured
