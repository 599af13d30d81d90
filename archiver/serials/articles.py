"""The body of a transcript: articles, bylines, paragraphs, lists of headlines, pages; and where the text is odd.

Three rules find the oddities of a body: a run of three or more blank lines (text lost), a paragraph that does not end
in a sentence terminator (a column break, or the end lost), and a paragraph contained in the one before (a repeat).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver.model.serial import Article, Byline, IndexEntry, Oddity, OddityKind, Page, Span
from archiver.serials.bylines import read_bylines
from archiver.serials.numerals import han, number
from archiver.serials.paragraphs import Block, read_paragraphs
from archiver.serials.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.profile import ArticleForms, SerialProfile
    from archiver.model.taken import PageStart
    from archiver.model.transcript import Line

_LONGEST_FORM = 400  # characters: headlines, bylines and pointers are short


class _Kind(enum.Enum):
    BLANK = "blank"
    HEADLINE = "headline"
    BYLINE = "byline"
    ENTRY = "entry"
    POINTER = "pointer"
    PAGE = "page"
    TEXT = "text"


@dataclass(slots=True)
class _Draft:
    """An article while its lines are gathered."""

    headline: str
    line: Line
    page: int
    blocks: list[Block] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    last: Line | None = None
    blanks: list[list[int]] = field(default_factory=lambda: [[]])  # runs of blank lines since the last paragraph


@dataclass(frozen=True, slots=True)
class Body:
    """Articles, headlines that point elsewhere, and pages: those transcribed and those only pointed to."""

    articles: tuple[Article, ...]
    index_entries: tuple[IndexEntry, ...]
    pages: tuple[Page, ...]
    oddities: tuple[Oddity, ...]


def read_body(lines: Sequence[Line], profile: SerialProfile, first: int, page_starts: Sequence[PageStart] = ()) -> Body:
    """Read the transcript from index `first` (the first headline) to its end.

    `page_starts` are pages that are known besides those that markers in the text begin; they may come back to a page.
    """
    forms = profile.articles
    kinds = [_kind(line, forms) for line in lines]
    entries = _index_entries(lines, kinds, forms, first)
    in_index = {entry.line for entry in entries}
    drafts, starts = _gather(lines, kinds, forms, first, in_index, page_starts)
    articles = tuple(_article(draft, position, profile) for position, draft in enumerate(drafts, 1))
    pages = _pages(lines, starts, articles, entries, forms)
    return Body(articles, tuple(entries), pages, _teasers(entries))


def _kind(line: Line, forms: ArticleForms) -> _Kind:
    text = line.text.strip()
    if not text:
        return _Kind.BLANK
    if len(text) > _LONGEST_FORM:
        return _Kind.TEXT
    for pattern, kind in (
        (forms.headline, _Kind.HEADLINE),
        (forms.page_marker, _Kind.PAGE),
        (forms.index_pointer, _Kind.POINTER),
        (forms.byline, _Kind.BYLINE),
        (forms.index_entry, _Kind.ENTRY),
    ):
        if pattern is not None and pattern.fullmatch(text):
            return kind
    return _Kind.TEXT


def _index_entries(lines: Sequence[Line], kinds: Sequence[_Kind], forms: ArticleForms, first: int) -> list[IndexEntry]:
    """Headlines in a list that a pointer such as (详见二版) ends or begins."""
    found: list[IndexEntry] = []
    taken: set[int] = set()
    for index in range(first, len(lines)):
        if kinds[index] is not _Kind.POINTER or forms.index_pointer is None:
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


def _run(kinds: Sequence[_Kind], start: int, step: int, first: int, taken: set[int]) -> list[int]:
    """Positions of list entries next to a pointer, in one direction, blank lines not counted; each has one pointer."""
    found: list[int] = []
    position = start + step
    while first <= position < len(kinds) and kinds[position] in {_Kind.BLANK, _Kind.ENTRY}:
        if position in taken:
            break
        if kinds[position] is _Kind.ENTRY:
            found.append(position)
        position += step
    return found


def _gather(
    lines: Sequence[Line],
    kinds: Sequence[_Kind],
    forms: ArticleForms,
    first: int,
    in_index: set[int],
    page_starts: Sequence[PageStart],
) -> tuple[list[_Draft], list[tuple[int, int]]]:
    """Lines by article, and (page number, index of its first line) for every page."""
    drafts: list[_Draft] = []
    known = {start.line: start.page for start in page_starts}
    starts = [(next((start.page for start in page_starts[:1]), 1), 0)]
    starts += [(page, line - 1) for line, page in known.items() if 1 < line <= first]
    for index in range(first, len(lines)):
        line, kind = lines[index], kinds[index]
        if line.number in known and known[line.number] != starts[-1][0]:
            starts.append((known[line.number], index))
        text = line.text.strip()
        if kind is _Kind.PAGE and forms.page_marker is not None:
            match = forms.page_marker.fullmatch(text)
            page = number(match.group("page")) if match else None
            starts.append((page or starts[-1][0] + 1, index))
        elif kind is _Kind.HEADLINE:
            match = forms.headline.fullmatch(text)
            drafts.append(_Draft(match.group("headline").strip() if match else text, line, starts[-1][0], last=line))
        elif not drafts:
            continue
        elif kind is _Kind.BLANK:
            drafts[-1].blanks[-1].append(line.number)
            continue
        elif kind is _Kind.POINTER or line.number in in_index:
            pass
        elif kind is _Kind.BYLINE:
            drafts[-1].bylines.extend(read_bylines(line, forms))
            drafts[-1].last = line
        else:
            _extend(drafts[-1], line, starts[-1][0])
        if drafts:
            drafts[-1].blanks.append([])
    return drafts, starts


def _extend(draft: _Draft, line: Line, page: int) -> None:
    last = draft.blocks[-1].lines[-1] if draft.blocks else None
    if last is not None and line.number == last.number + 1:
        draft.blocks[-1].lines.append(line)
    else:
        longest: list[int] = max(draft.blanks, key=len)
        draft.blocks.append(Block([line], page, tuple(longest)))
    draft.blanks = [[]]
    draft.last = line


def _article(draft: _Draft, position: int, profile: SerialProfile) -> Article:
    paragraphs, oddities = read_paragraphs(draft.blocks, profile.articles)
    last = draft.last or draft.line
    return Article(
        identifier=f"article-{position:03}",
        headline=draft.headline,
        language=profile.language,
        span=Span(draft.line.number, last.number, draft.line.begin, last.end),
        headline_line=draft.line.number,
        page=draft.page,
        paragraphs=paragraphs,
        bylines=tuple(draft.bylines),
        oddities=oddities,
        romanised=romanise(draft.headline, profile.language),
        script=profile.script,
    )


def _pages(
    lines: Sequence[Line],
    starts: Sequence[tuple[int, int]],
    articles: Sequence[Article],
    entries: Sequence[IndexEntry],
    forms: ArticleForms,
) -> tuple[Page, ...]:
    """Pages transcribed, in order, and pages that something points to and the transcript does not have."""
    pointers: dict[int, list[int]] = {}
    for article in articles:
        for odd in article.oddities:
            if odd.kind is OddityKind.CONTINUATION and odd.page is not None:
                pointers.setdefault(odd.page, []).extend(odd.lines)
    for entry in entries:
        if entry.page is not None:
            pointers.setdefault(entry.page, []).append(entry.line)
    pages: dict[int, Page] = {}
    for position, (page, begin) in enumerate(starts):
        end = starts[position + 1][1] if position + 1 < len(starts) else len(lines)
        span = Span(lines[begin].number, lines[end - 1].number, lines[begin].begin, lines[end - 1].end)
        known = pages.get(page)
        if known is not None:  # an article of another page stood between
            pages[page] = replace(known, further=(*known.further, span))
            continue
        pages[page] = Page(page, page_label(page, forms), True, span, tuple(sorted(pointers.get(page, ()))))
    for page, pointing in pointers.items():
        pages.setdefault(page, Page(page, page_label(page, forms), False, None, tuple(sorted(pointing))))
    return tuple(pages[page] for page in sorted(pages))


def page_label(page: int, forms: ArticleForms) -> str:
    """The label of a page in the serial's own words."""
    return forms.page_label.replace("{han}", han(page)).replace("{page}", str(page))


def _teasers(entries: Sequence[IndexEntry]) -> tuple[Oddity, ...]:
    by_page: dict[tuple[int | None, str], list[int]] = {}
    for entry in entries:
        by_page.setdefault((entry.page, entry.printed), []).append(entry.line)
    return tuple(Oddity(OddityKind.TEASERS, tuple(found), printed, page) for (page, printed), found in by_page.items())
