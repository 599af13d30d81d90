"""A package as crosswalks see it: the issue, its serial, pages, files and articles, read from its documents alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from archiver.model.serial import Title


class ExportForm(enum.Enum):
    """A form that a description is exported in; the value is what is typed."""

    DUBLIN_CORE = "dc"
    MARCXML = "marcxml"
    SCHEMA_ORG = "schema-org"
    IIIF = "iiif"
    CSV = "csv"

    @property
    def suffix(self) -> str:
        """What the name of a file of this form ends in."""
        return _SUFFIXES[self]

    @property
    def joins(self) -> bool:
        """Whether one document holds any number of issues."""
        return self in {ExportForm.MARCXML, ExportForm.CSV}

    @property
    def parts_articles(self) -> bool:
        """Whether articles can have records or rows of their own."""
        return self.joins


_SUFFIXES = {
    ExportForm.DUBLIN_CORE: ".dc.xml",
    ExportForm.MARCXML: ".marc.xml",
    ExportForm.SCHEMA_ORG: ".schema-org.jsonld",
    ExportForm.IIIF: ".manifest.json",
    ExportForm.CSV: ".csv",
}


@dataclass(frozen=True, slots=True)
class ExportedName:
    """A person or body: roles are pairs of MARC relator code and word printed; `uri` is that of an authority file."""

    text: str
    kind: str  # personal, corporate
    roles: tuple[tuple[str, str], ...] = ()
    uri: str = ""
    language: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class ExportedNumber:
    """A level of the numbering: kind (year, volume, issue, whole number, edition), number, caption as printed."""

    kind: str
    number: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ExportedIdentifier:
    """An identifier of the serial: its kind (issn, lccn, local), value, and label for one that is local."""

    kind: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ExportedNote:
    """A note of the description: MODS type, label, text."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the package: METS ID, path in the bag, representation, media type, size in bytes, size in pixels."""

    identifier: str
    path: str
    use: str  # original, transcript, layout, reading
    media_type: str
    size: int
    original_name: str = ""
    width: int = 0
    height: int = 0

    @property
    def is_image(self) -> bool:
        """Whether it is an image."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page of `page_width` by `page_height`, all in the unit of the layout document."""

    x: float
    y: float
    width: float
    height: float
    page_width: float
    page_height: float


@dataclass(frozen=True, slots=True)
class ExportedPlace:
    """Where something stands: a file; the bytes in it (`end` exclusive), or a block of it, with its box when known."""

    file: str  # METS ID
    begin: int | None = None
    end: int | None = None
    block: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """A page: `width` and `height` are those that its layout document states, 0 where none was read."""

    identifier: str  # METS ID
    number: str
    label: str
    received: bool
    files: tuple[ExportedFile, ...] = ()
    places: tuple[ExportedPlace, ...] = ()  # bytes of a transcript
    width: float = 0
    height: float = 0

    @property
    def images(self) -> tuple[ExportedFile, ...]:
        """The images that show it, the master first."""
        return tuple(file for file in self.files if file.is_image)


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """An article. `pages` are METS IDs of pages in order; `places` has, page by page, where it stands there."""

    identifier: str
    title: Title
    names: tuple[ExportedName, ...]
    language: str
    script: str
    genre: str
    responsibility: tuple[str, ...]
    notes: tuple[ExportedNote, ...]
    pages: tuple[str, ...]
    places: tuple[tuple[str, tuple[ExportedPlace, ...]], ...]


@dataclass(frozen=True, slots=True)
class ExportedIssue:
    """An issue with everything that a crosswalk may tell of it. Dates are W3CDTF or as printed."""

    identifier: str
    serial: str  # serial ID
    title: Title
    parallel_titles: tuple[Title, ...]
    serial_title: Title
    names: tuple[ExportedName, ...]
    publisher: str
    place: str
    country: str  # MARC country code
    issued: str
    is_questionable: bool
    printed_date: str
    lunar_date: str
    weekday: str
    numbers: tuple[ExportedNumber, ...]
    identifiers: tuple[ExportedIdentifier, ...]
    language: str  # ISO 639-2/B
    script: str  # ISO 15924
    genre: str
    extent: str
    media_types: tuple[str, ...]
    notes: tuple[ExportedNote, ...]
    access: tuple[str, ...]  # as printed, and the restriction that holds
    rights: tuple[str, ...]  # what was agreed with the depositor
    is_restricted: bool
    accession: str
    source: str  # who made the description
    source_code: str  # code of that organisation, "local" without one
    described: str  # the day of the description, W3CDTF
    seal: str
    files: tuple[ExportedFile, ...]
    pages: tuple[ExportedPage, ...]
    articles: tuple[ExportedArticle, ...]

    def number(self, kind: str) -> str:
        """The number of one level; empty without one."""
        return next((level.number for level in self.numbers if level.kind == kind), "")

    @property
    def designation(self) -> str:
        """The numbering as printed, level by level; a level without a caption as its number, a year left out."""
        shown = (level.caption or level.number for level in self.numbers if level.kind != "year" or level.caption)
        return " ".join(shown)

    def identified(self, kind: str) -> tuple[str, ...]:
        """The identifiers of the serial of one kind."""
        return tuple(known.value for known in self.identifiers if known.kind == kind)

    def page(self, identifier: str) -> ExportedPage | None:
        """The page of a METS ID."""
        return next((page for page in self.pages if page.identifier == identifier), None)


@dataclass(frozen=True, slots=True)
class ExportTerms:
    """What a crosswalk is asked: records for articles too, and the address that identifiers begin with."""

    articles: bool = False
    base_uri: str = "urn:archiver:package:"

    @property
    def is_web(self) -> bool:
        """Whether the identifiers are addresses that a browser can ask for."""
        return self.base_uri.startswith(("http://", "https://"))

    def uri(self, issue: str, path: str = "") -> str:
        """The URI of an issue, or of something in it. `path` is ASCII or already quoted."""
        joint = "" if self.base_uri.endswith(("/", ":")) else "/"
        return f"{self.base_uri}{joint}{quote(issue, safe='')}{'/' if path else ''}{path}"
