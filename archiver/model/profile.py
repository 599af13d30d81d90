"""What is true of every issue of a serial: the serial profile, as read from profiles/*.toml."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from archiver.model.names_index import KnownNames
    from archiver.model.serial import Title

# Named groups a masthead pattern may use, and the field of the description each one feeds.
GROUPS: Mapping[str, str] = {
    "title": "title",
    "parallel_title": "parallel-title",
    "publisher": "publisher",
    "date": "issue-date",
    "year": "issue-date",
    "month": "issue-date",
    "day": "issue-date",
    "weekday": "weekday",
    "lunar": "lunar-date",
    "volume": "volume",
    "volume_caption": "volume",
    "issue": "issue-number",
    "issue_caption": "issue-number",
    "whole": "whole-number",
    "whole_caption": "whole-number",
    "edition": "edition",
    "permit": "permit-number",
    "issn": "issn",
    "cn": "cn-number",
    "lccn": "lccn",
    "statement": "access-statement",
    "hotline": "hotline",
    "editor": "editor",
    "place": "place",
    "price": "price",
    "motto": "motto",
    "recipients": "recipients",
    "printer": "printer",
    "print_date": "print-date",
    "print_run": "print-run",
    "page_count": "page-count",
}
FIELDS = tuple(dict.fromkeys(GROUPS.values()))

# Every key of a profile. docs/profiles.md explains each; a test holds the two together.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("serial", "numbering", "masthead", "articles", "names", "romanised", "notes"),
    "serial": (
        "id",
        "title",
        "romanised",
        "language",
        "script",
        "publisher",
        "country",
        "genre",
        "frequency",
        "weekday",
        "calendar",
        "access",
        "parallel-titles",
    ),
    "serial.parallel-titles": ("title", "language", "script"),
    "numbering": ("restarts", "package-number", "width"),
    "masthead": ("required", "expected", "forms"),
    "masthead.forms": ("lines", "join", "exact"),
    "articles": (
        "headline",
        "byline",
        "roles",
        "role-position",
        "default-role",
        "name-separator",
        "continuation",
        "continuation-from",
        "section",
        "subhead",
        "caption",
        "illustration",
        "advertisement",
        "index-entry",
        "index-pointer",
        "page-marker",
        "page-label",
        "terminators",
        "closers",
        "line-join",
        "column-join",
    ),
    "names": ("authorities", "persons", "places"),
}


class PackageNumber(enum.Enum):
    """Which number the name of a package bears after serial and date."""

    WHOLE = "whole"
    VOLUME_ISSUE = "volume-issue"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class MastheadForm:
    """One way in which something is printed in the masthead: a pattern per line, lines following one another.

    Named groups give the values; a group that stands in several lines is joined with `join`.
    """

    blocks: tuple[re.Pattern[str], ...]
    join: str = ""
    confidence_exact: bool = False  # the form is the very words the profile expects


@dataclass(frozen=True, slots=True)
class ArticleForms:
    """How articles, bylines, pages and pointers to other pages are written in the transcript of a serial."""

    headline: re.Pattern[str]
    byline: re.Pattern[str] | None
    roles: tuple[tuple[str, str], ...]  # printed word → MARC relator code
    role_before_names: bool
    default_role: str
    name_separator: re.Pattern[str]
    continuation: re.Pattern[str] | None
    index_entry: re.Pattern[str] | None
    index_pointer: re.Pattern[str] | None
    page_marker: re.Pattern[str] | None
    page_label: str  # "{page}版" or "Page {page}"; {han} is the page number in Chinese numerals
    terminators: str  # characters that end a sentence
    closers: str  # characters that may stand after a terminator
    line_join: str  # between the lines of one paragraph
    column_join: str  # where a paragraph goes on after a column break
    continuation_from: re.Pattern[str] | None = None  # begins the part of an article that goes on here
    section: re.Pattern[str] | None = None
    subhead: re.Pattern[str] | None = None
    caption: re.Pattern[str] | None = None
    illustration: re.Pattern[str] | None = None  # a mark that stands for a picture
    advertisement: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class SerialProfile:
    """A serial: titles, publisher, numbering, calendar, masthead and article forms, expected statements."""

    identifier: str
    origin: str  # the file it was read from
    text: bytes  # that file's bytes, kept with each package
    title: Title
    parallel_titles: tuple[Title, ...]
    publisher: str
    country: str
    genre: str
    frequency: str
    weekday: int | None  # 0 is Monday
    lunar_calendar: bool
    access: str
    number_restarts: str  # "year", "volume" or "never"
    package_number: PackageNumber
    number_width: int
    forms: tuple[MastheadForm, ...]
    required: tuple[str, ...]
    expected: tuple[str, ...]
    articles: ArticleForms
    notes: tuple[str, ...] = field(default=())
    known_names: KnownNames | None = None  # names that are looked for, and the authority file
    romanised_words: tuple[tuple[str, str], ...] = ()  # word → its romanised form, before pypinyin is asked

    @property
    def naming_fields(self) -> tuple[str, ...]:
        """The fields that name an issue's package beside its date: without them it cannot be described."""
        return {
            PackageNumber.WHOLE: ("whole-number",),
            PackageNumber.VOLUME_ISSUE: ("volume", "issue-number"),
            PackageNumber.ISSUE: ("issue-number",),
        }[self.package_number]

    @property
    def language(self) -> str:
        """ISO 639-2/B code of the serial's language."""
        return self.title.language

    @property
    def script(self) -> str:
        """ISO 15924 code of the serial's script."""
        return self.title.script
