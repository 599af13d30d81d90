"""What each line of a body is, by the forms of its serial's profile; and lists of headlines that point elsewhere."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.serial import IndexEntry
from archiver.serials.numerals import number

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from archiver.model.profile import ArticleForms
    from archiver.model.transcript import Line

LONGEST_FORM = 400  # characters: headlines, bylines and pointers are short


class LineKind(enum.Enum):
    """What a line is."""

    BLANK = "blank"
    HEADLINE = "headline"
    SECTION = "section"
    ADVERTISEMENT = "advertisement"
    SUBHEAD = "subhead"
    ILLUSTRATION = "illustration"
    CAPTION = "caption"
    RESUMED = "resumed"  # "continued from page 1"
    BYLINE = "byline"
    ENTRY = "entry"
    POINTER = "pointer"
    PAGE = "page"
    TEXT = "text"


def line_kind(line: Line, forms: ArticleForms, *, resumes: bool = True) -> LineKind:
    """What a line is. The narrow forms are tried before the wide; without `resumes` none takes up another article."""
    text = line.text.strip()
    if not text:
        return LineKind.BLANK
    if resumes and resumption(text, forms) is not None:
        return LineKind.RESUMED
    if len(text) > LONGEST_FORM:
        return LineKind.TEXT
    for pattern, kind in (
        (forms.section, LineKind.SECTION),
        (forms.advertisement, LineKind.ADVERTISEMENT),
        (forms.subhead, LineKind.SUBHEAD),
        (forms.headline, LineKind.HEADLINE),
        (forms.page_marker, LineKind.PAGE),
        (forms.index_pointer, LineKind.POINTER),
        (forms.illustration, LineKind.ILLUSTRATION),
        (forms.caption, LineKind.CAPTION),
        (forms.byline, LineKind.BYLINE),
        (forms.index_entry, LineKind.ENTRY),
    ):
        if pattern is not None and pattern.fullmatch(text):
            return kind
    return LineKind.TEXT


@dataclass(frozen=True, slots=True)
class Resuming:
    """Words such as "continued from page 1" in a line: that page, a headline printed again, and where they end."""

    page: int | None
    headline: str
    end: int
    is_headline: bool = False  # the line is a headline that ends in such words


def resumption(text: str, forms: ArticleForms) -> Resuming | None:
    """The words that take up an article from another page: at the beginning of a line, or in its headline."""
    form = forms.continuation_from
    if form is None:
        return None
    match = form.match(text[:LONGEST_FORM])
    if match is not None:
        return Resuming(_page(match), (match.groupdict().get("headline") or "").strip(), match.end())
    head = forms.headline.fullmatch(text) if len(text) <= LONGEST_FORM else None
    if head is None:
        return None
    words = head["headline"].strip()
    for match in form.finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        if match.group() and (not before.strip() or not after.strip(forms.closers + " ")):
            headline = (match.groupdict().get("headline") or "").strip() or _bare(f"{before}{after}")
            return Resuming(_page(match), headline, len(text), is_headline=True)
    return None


def _bare(headline: str) -> str:
    """A headline without the signs that stood between it and words that were taken away."""
    return headline.strip().strip(" ,:;-\u2013\u2014\u3000\uff0c\uff1a").strip()


def _page(match: re.Match[str]) -> int | None:
    return number(match["page"]) if match["page"] else None


def index_entries(
    lines: Sequence[Line], kinds: Sequence[LineKind], forms: ArticleForms, first: int
) -> list[IndexEntry]:
    """Headlines in a list that a pointer such as (详见二版) ends or begins."""
    found: list[IndexEntry] = []
    taken: set[int] = set()
    for index in range(first, len(lines)):
        if kinds[index] is not LineKind.POINTER or forms.index_pointer is None:
            continue
        text = lines[index].text.strip()
        match = forms.index_pointer.fullmatch(text)
        page = number(match.group("page")) if match else None
        run = _run(kinds, index, -1, first, taken) or _run(kinds, index, +1, first, taken)
        taken.update(run)
        for position in sorted(run):
            entry = forms.index_entry.fullmatch(lines[position].text.strip()) if forms.index_entry else None
            headline = entry.group("headline").strip() if entry else lines[position].text.strip()
            identifier = f"index-{len(found) + 1:03}"
            found.append(IndexEntry(identifier, headline, lines[position].number, page, text))
    return found


def _run(kinds: Sequence[LineKind], start: int, step: int, first: int, taken: set[int]) -> list[int]:
    """Positions of list entries next to a pointer, in one direction, blank lines not counted; each has one pointer."""
    found: list[int] = []
    position = start + step
    while first <= position < len(kinds) and kinds[position] in {LineKind.BLANK, LineKind.ENTRY}:
        if position in taken:
            break
        if kinds[position] is LineKind.ENTRY:
            found.append(position)
        position += step
    return found
