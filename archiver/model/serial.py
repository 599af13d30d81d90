"""Serials and their issues: masthead, numbering, dates, pages, articles, and the oddities of a transcript."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from archiver.model.names_index import KnownNames


@dataclass(frozen=True, slots=True)
class Span:
    """A run of lines (from 1, both inclusive) and the bytes of the file it covers (from 0, `end` exclusive)."""

    first_line: int
    last_line: int
    begin: int
    end: int


class Confidence(enum.Enum):
    """How a masthead value was read."""

    EXACT = "exact"  # the very words the profile expects
    PATTERN = "pattern"  # the form the profile describes
    JOINED = "joined"  # put together from several blocks of the masthead
    GIVEN = "given"  # not printed where it was read: a sheet, METS or the name of a folder says so
    CORRECTED = "corrected"  # the archivist says so; `printed` is still what the transcript has


class Agreement(enum.Enum):
    """What a second source says of a masthead value."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the masthead says: the field, its value, the words as printed, the lines, and how far to trust it."""

    field: str  # a name of docs/profiles.md: title, issue-date, weekday, whole-number, …
    value: str
    printed: str
    lines: tuple[int, ...]
    confidence: Confidence
    agreement: Agreement = Agreement.NOT_CHECKED
    compared: str = ""  # what it was compared with, and that value


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its language (ISO 639-2/B), script (ISO 15924) and, if any, romanised form and scheme."""

    text: str
    language: str
    script: str = ""
    romanised: str = ""
    romanisation: str = ""  # the scheme, e.g. "pinyin"


@dataclass(frozen=True, slots=True)
class Numbering:
    """How an issue is numbered. Captions are as printed (第9期, No. 34)."""

    volume: str = ""
    volume_caption: str = ""
    issue: str = ""
    issue_caption: str = ""
    whole: int | None = None
    whole_caption: str = ""
    edition: str = ""


class OddityKind(enum.Enum):
    """What can be odd in a transcript. Each kind is a rule in docs/rules."""

    COLUMN_BREAK = "column break"  # a paragraph goes on in the next one
    GAP = "gap"  # text was lost
    REPEAT = "repeat"  # a paragraph stands again
    CONTINUATION = "continuation"  # goes on on another page
    TEASERS = "teasers"  # headlines that point to another page


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd at `lines`; `words` quotes the few words around it, `page` is the page it points to."""

    kind: OddityKind
    lines: tuple[int, ...]
    words: str = ""
    page: int | None = None
    length: int = 0  # characters repeated
    answered: str = ""  # by whom and why, when a correction made or confirmed it
    resumed: int | None = None  # of a continuation: the line that takes it up, where its page is here


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote an article, as printed, and the names and role read from it."""

    printed: str
    names: tuple[str, ...]
    role: str  # MARC relator code: rpt, aut, pht, ctb
    role_printed: str
    lines: tuple[int, ...]


class ParagraphKind(enum.Enum):
    """What a paragraph of a body is."""

    TEXT = "text"
    SUBHEAD = "subhead"  # a heading within an article
    ILLUSTRATION = "illustration"  # a picture, by its caption or by the mark that stands for it


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a body, without its line ends. `joins_previous` and the like say how it ties to the one before."""

    text: str
    span: Span
    page: int = 1
    joins_previous: bool = False  # the words of the paragraph before go on here: join without a space
    repeats_previous: bool = False
    gap_before: bool = False
    kind: ParagraphKind = ParagraphKind.TEXT
    words: str = ""  # of a subhead or an illustration: without the marks around them
    credits: tuple[str, ...] = ()  # who made an illustration, as its caption says


class ArticleKind(enum.Enum):
    """What an article is."""

    ARTICLE = "article"
    ADVERTISEMENT = "advertisement"


@dataclass(frozen=True, slots=True)
class Article:
    """An article: an intellectual unit with a headline of its own."""

    identifier: str  # "article-001" within the issue
    headline: str
    language: str
    span: Span
    headline_line: int
    page: int
    paragraphs: tuple[Paragraph, ...]
    bylines: tuple[Byline, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    romanised: str = ""
    script: str = ""
    further: tuple[Span, ...] = ()  # where it goes on behind another article
    kind: ArticleKind = ArticleKind.ARTICLE
    section: str = ""  # the words of the section heading it stands under
    section_line: int | None = None

    @property
    def subheads(self) -> tuple[Paragraph, ...]:
        """The headings within it, in order."""
        return tuple(each for each in self.paragraphs if each.kind is ParagraphKind.SUBHEAD)

    @property
    def illustrations(self) -> tuple[Paragraph, ...]:
        """Its illustrations by their captions, in order."""
        return tuple(each for each in self.paragraphs if each.kind is ParagraphKind.ILLUSTRATION)

    @property
    def continued_on(self) -> int | None:
        """The page the article says it goes on on, if it says so."""
        pages = [odd.page for odd in self.oddities if odd.kind is OddityKind.CONTINUATION]
        return pages[0] if pages else None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A headline that points to an article on another page ("详见二版")."""

    identifier: str
    headline: str
    line: int
    page: int | None
    printed: str = ""  # the words that point


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the issue: transcribed here, or only pointed to (`received` is False)."""

    number: int
    label: str  # 一版, Page 2
    received: bool
    span: Span | None = None
    pointed_to_by: tuple[int, ...] = ()  # lines
    further: tuple[Span, ...] = ()  # where its text goes on behind that of another page


@dataclass(frozen=True, slots=True)
class Issue:
    """A described issue: everything read from its transcript under a serial profile."""

    identifier: str  # also the name of its package: serial, date, whole number
    serial: str
    source: str  # the transcript's name in the deposit
    title: Title
    parallel_titles: tuple[Title, ...]
    publisher: str
    issued: date
    date_printed: str
    numbering: Numbering
    statements: tuple[Statement, ...]
    pages: tuple[Page, ...]
    articles: tuple[Article, ...]
    index_entries: tuple[IndexEntry, ...]
    masthead: Span
    language: str
    script: str
    country: str = ""  # MARC country code
    genre: str = "newspaper"
    access: str = "restricted"
    oddities: tuple[Oddity, ...] = ()
    not_transcribed: tuple[str, ...] = ()  # expected by the profile, absent from the transcript
    notes: tuple[str, ...] = field(default=())
    encoding: str = "utf-8"  # of the deposited transcript
    was_transcribed: bool = True  # a transcript was deposited; else pages, or documents that were printed from
    known_names: KnownNames | None = None  # names that the serial's profile lists, and its authority file

    def statement(self, name: str) -> Statement | None:
        """The masthead statement of field `name`, if the masthead makes one."""
        return next((said for said in self.statements if said.field == name), None)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """The facts of an issue that can be held against one another, wherever they were read: transcript or MODS."""

    identifier: str
    issued: date
    path: str  # where they were read
    weekday: str = ""
    lunar_date: str = ""
    issue_number: str = ""
    whole_number: str = ""
    lines: tuple[tuple[str, int], ...] = ()  # field → line

    def line(self, name: str) -> int | None:
        """The line where a field stands, if known."""
        return dict(self.lines).get(name)


def facts(issue: Issue, path: str) -> IssueFacts:
    """The facts of a described issue, read from the transcript at `path`."""
    values = {said.field: said.value for said in issue.statements}
    return IssueFacts(
        identifier=issue.identifier,
        issued=issue.issued,
        path=path,
        weekday=values.get("weekday", ""),
        lunar_date=values.get("lunar-date", ""),
        issue_number=values.get("issue-number", ""),
        whole_number=values.get("whole-number", ""),
        lines=tuple((said.field, said.lines[0]) for said in issue.statements if said.lines),
    )
