"""Files of a deposit sorted by what they are, and the pages of an issue with the files that show them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.checksum_list import ChecksumList
    from archiver.model.given import Given
    from archiver.model.package import SourceFile
    from archiver.model.page_files import FoundIssue


class FileKind(enum.Enum):
    """What a file of a deposit is, told by its content; by its name only where content cannot tell."""

    TEXT = "text"  # a transcript: Markdown or plain text
    DOCUMENT = "document"  # DOCX, HTML
    PDF = "PDF"
    IMAGE = "image"
    LAYOUT = "layout document"  # ALTO, PAGE, hOCR
    METS = "METS"
    CHECKSUMS = "checksum list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SortedFile:
    """A file of a deposit with its kind, and its first bytes (1 KiB at most)."""

    file: SourceFile
    kind: FileKind
    head: bytes

    @property
    def name(self) -> str:
        """Its name in the deposit."""
        return self.file.name


@dataclass(frozen=True, slots=True)
class GatheredPage:
    """A page of an issue with the files that show it, by their names in the deposit.

    `number` is its place in the issue, from 1; a page that is known to be missing has no files.
    """

    number: int
    label: str = ""  # what files or METS call it: "A3", "2a"; empty: the number
    images: tuple[str, ...] = ()  # the master first
    layout: str = ""  # the layout document, deposited or made from a PDF
    texts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # the page as a PDF

    @property
    def files(self) -> tuple[str, ...]:
        """All of its files."""
        layouts = (self.layout,) if self.layout else ()
        return (*self.images, *layouts, *self.texts, *self.documents)


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """Files taken for one issue, before any of them is read whole; `reader` is the form that reads them.

    `words` is the file that its text is read from, where one file has all of it.
    """

    reader: str
    name: str
    files: tuple[SortedFile, ...]
    words: SortedFile | None = None
    arranged: FoundIssue | None = None
    given: tuple[Given, ...] = ()
    details: object = None  # what the reader knows already
    stated: tuple[ChecksumList, ...] = ()  # digests that METS states

    def file(self, name: str) -> SortedFile | None:
        """The file of a name, if it is one of these."""
        return next((each for each in self.files if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Gathering:
    """The issues that the files of a deposit make, the files of none, and checksum lists, which belong to all."""

    form: str
    plans: tuple[IssuePlan, ...]
    undescribed: tuple[SortedFile, ...] = ()
    lists: tuple[SortedFile, ...] = ()
