"""METS that a depositor sends along, as read: conventions, files, pages, articles, problems, and what was lost."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.page_files import PageUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from archiver.model.checksum_list import ChecksumList
    from archiver.model.layout import LayoutDocument, Zone
    from archiver.model.taken import PieceKind


class Convention(enum.Enum):
    """The practice by which a METS document is written; the value names it in sentences."""

    NDNP = "NDNP issue"
    NDNP_BATCH = "NDNP batch"
    DOCWORKS = "docWorks/ENMAP"
    DFG = "Kitodo/DFG"
    OCRD = "OCR-D workspace"


class MetsTrouble(enum.Enum):
    """What is wrong with a METS document, or with what it says."""

    NOT_METS = "not METS"
    NOT_WELL_FORMED = "not well formed"
    TOO_LARGE = "too large"
    CONVENTION = "unknown convention"
    ABSENT = "a named file is absent"
    OUTSIDE = "a reference leaves the deposit"
    ELSEWHERE = "a reference to an address"
    REFERENCE = "reference to nothing"
    DUPLICATE = "duplicate identifier"
    NO_DATE = "no date"
    IMPOSSIBLE_DATE = "no day of any calendar"
    DATES_DIFFER = "two dates"
    NO_ISSUE = "no issue"
    PAGES = "pages that cannot be so"


@dataclass(frozen=True, slots=True)
class MetsProblem:
    """One trouble: `detail` is a clause with the values; `line` counts from 1; `where` is the element's ID."""

    trouble: MetsTrouble
    detail: str
    line: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a METS document holds and the description does not: the kind, how often, and one of them."""

    kind: str
    count: int
    example: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}" + (f", as {self.example}" if self.example else "")


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of the file section. `name` is its path in the deposit, "" when it is not there; size in bytes."""

    identifier: str
    href: str  # as written
    name: str
    use: PageUse | None  # None where nothing in a page is of that kind
    stated_use: str = ""  # file/@USE, else fileGrp/@USE, else fileGrp/@ID
    media_type: str = ""  # as stated
    size: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignIdentifier:
    """An identifier with its type as written in lower case: lccn, issn, zdb, urn, oclc, local …"""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as the METS has it: `day` is None where it is no single day. `origin` says where it stands."""

    written: str
    origin: str
    day: date | None = None
    is_questionable: bool = False  # as printed, and known to be wrong


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A person or body named by METS; `role` is a MARC relator code or a word, "" when none is given."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class ForeignPart:
    """A part of an article on a page: a block of a layout document, a whole file, or a zone of an image.

    `block` is the identifier that area/@BEGIN states, "" for the whole file; `last_block` differs from it where @END
    states a run of blocks. `kind` is what the part is in its article.
    """

    kind: PieceKind
    page: int  # from 1 in the issue; 0 where no page has the file
    file: str  # path in the deposit, "" where the file is absent
    file_id: str
    block: str = ""
    last_block: str = ""
    zone: Zone | None = None  # pixels of the image


@dataclass(frozen=True, slots=True)
class ForeignIllustration:
    """An illustration of an article, with its caption where METS gives one in words."""

    parts: tuple[ForeignPart, ...]
    caption: str = ""
    stated_kind: str = ""


class ArticleKind(enum.Enum):
    """What an article is."""

    ARTICLE = "article"
    ADVERTISEMENT = "advertisement"
    ILLUSTRATION = "illustration"  # stands alone
    MASTHEAD = "masthead"


@dataclass(frozen=True, slots=True)
class ForeignArticle:
    """An article as METS has it, its parts in reading order; those of its illustrations stand among them too."""

    identifier: str
    kind: ArticleKind
    stated_kind: str
    headline: str = ""
    subtitle: str = ""
    language: str = ""
    section: str = ""
    authors: tuple[ForeignName, ...] = ()
    parts: tuple[ForeignPart, ...] = ()
    illustrations: tuple[ForeignIllustration, ...] = ()
    pages: tuple[int, ...] = ()  # by structLink and by its parts, in order of the issue


@dataclass(frozen=True, slots=True)
class ForeignPage:
    """A page: its place in the issue from 1, ORDER as stated, its printed label and section, its files."""

    number: int
    order: int | None
    label: str
    section: str
    identifier: str
    files: tuple[ForeignFile, ...]
    layout: str = ""  # the layout document its text is read from, of those it has

    def of(self, use: PageUse) -> tuple[str, ...]:
        """Paths in the deposit of its files of one use."""
        return tuple(file.name for file in self.files if file.use is use and file.name)

    @property
    def images(self) -> tuple[str, ...]:
        """Paths in the deposit of its images, masters first."""
        return (*self.of(PageUse.MASTER), *self.of(PageUse.SERVICE))


@dataclass(frozen=True, slots=True)
class ForeignIssue:
    """An issue as METS describes it. Values are as written there; `issued` is the day, None when it states none."""

    identifier: str
    mets: str  # path of its METS in the deposit
    convention: Convention | None
    title: str = ""
    label: str = ""
    date_written: str = ""
    issued: date | None = None
    dates: tuple[StatedDate, ...] = ()
    volume: str = ""
    number: str = ""
    whole_number: str = ""
    edition: str = ""
    language: str = ""
    publisher: str = ""
    place: str = ""
    identifiers: tuple[ForeignIdentifier, ...] = ()
    pages: tuple[ForeignPage, ...] = ()
    articles: tuple[ForeignArticle, ...] = ()
    files: tuple[ForeignFile, ...] = ()  # of the issue as a whole, such as a PDF of all pages

    def identified(self, kind: str) -> str:
        """The first identifier of a kind ("lccn"), "" when there is none."""
        return next((known.value for known in self.identifiers if known.kind == kind), "")

    @property
    def file_names(self) -> tuple[str, ...]:
        """Paths in the deposit of all files of its pages and of itself, each once, in order."""
        files = (*(file for page in self.pages for file in page.files), *self.files)
        return tuple(dict.fromkeys(file.name for file in files if file.name))


@dataclass(frozen=True, slots=True)
class NamedMets:
    """A METS document that a batch, a year or a serial names, with what is said of its issue there."""

    href: str
    name: str  # path in the deposit, "" when it is not there
    lccn: str = ""
    issued: str = ""  # as written
    edition: str = ""
    label: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignMets:
    """A METS document or NDNP batch as read. Nothing of it is believed that its problems speak against.

    `basis` says by what its convention was recognised; `agents` who made it, as it says itself; `unnamed` are files in
    its folder and below that it does not name; `named` are other METS documents that it names.
    """

    name: str
    convention: Convention | None = None
    basis: str = ""
    label: str = ""
    created: str = ""
    agents: tuple[str, ...] = ()
    issues: tuple[ForeignIssue, ...] = ()
    files: tuple[ForeignFile, ...] = ()
    checksums: ChecksumList | None = None
    named: tuple[NamedMets, ...] = ()
    unnamed: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    problems: tuple[MetsProblem, ...] = ()

    def about(self, *troubles: MetsTrouble) -> Iterator[MetsProblem]:
        """Its problems of some kinds."""
        return (problem for problem in self.problems if problem.trouble in troubles)

    @property
    def is_read(self) -> bool:
        """Whether it could be read at all."""
        return not any(self.about(MetsTrouble.NOT_METS, MetsTrouble.NOT_WELL_FORMED, MetsTrouble.TOO_LARGE))


@dataclass(frozen=True, slots=True)
class DepositedMets:
    """A METS document of a deposit with what lies around it: what the rules of METS judge.

    `layouts` are its layout documents by their paths in the deposit, None when they were not read; `entry` is what the
    batch that names it says.
    """

    mets: ForeignMets
    layouts: Mapping[str, LayoutDocument] | None = None
    entry: NamedMets | None = None
