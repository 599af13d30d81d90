"""The body of a transcript: articles, bylines, paragraphs, lists of headlines, pages; and where the text is odd.

Three rules find the oddities of a body: a run of three or more blank lines (text lost), a paragraph that does not end
in a sentence terminator (a column break, or the end lost), and a paragraph contained in the one before (a repeat).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.model.serial import Article, ArticleKind, IndexEntry, Oddity, OddityKind, Page, Span
from archiver.serials.continuations import join, resolve
from archiver.serials.drafts import Gathering
from archiver.serials.line_kinds import LineKind, index_entries, line_kind
from archiver.serials.numerals import han
from archiver.serials.paragraphs import read_paragraphs
from archiver.serials.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.profile import ArticleForms, SerialProfile
    from archiver.model.taken import PageStart
    from archiver.model.transcript import Line
    from archiver.serials.drafts import Draft

_MOST_ATTEMPTS = 8  # each takes words that are left over for text, which may be where others led to


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
    kinds = [line_kind(line, forms) for line in lines]
    entries = index_entries(lines, kinds, forms, first)
    in_index = {entry.line for entry in entries}
    gathered, resolved = _resolved(lines, kinds, forms, first, in_index, page_starts)
    drafts = join(gathered.drafts, resolved)
    articles = tuple(_article(draft, position, profile) for position, draft in enumerate(drafts, 1))
    pages = _pages(lines, gathered.starts, articles, entries, forms)
    return Body(articles, tuple(entries), pages, _teasers(entries))


def _resolved(
    lines: Sequence[Line],
    kinds: list[LineKind],
    forms: ArticleForms,
    first: int,
    in_index: set[int],
    page_starts: Sequence[PageStart],
) -> tuple[Gathering, dict[int, int]]:
    """The lines by article, with the parts that go on elsewhere; `kinds` of words that take up nothing become text."""
    for attempt in range(_MOST_ATTEMPTS):
        gathered = _gather(lines, kinds, forms, first, in_index, page_starts)
        resumed = [index for index in range(first, len(lines)) if kinds[index] is LineKind.RESUMED]
        resolved = resolve(gathered.drafts, forms) if resumed and attempt < _MOST_ATTEMPTS - 2 else {}
        loose = [index for index in resumed if lines[index].number not in resolved]
        if not loose:
            return gathered, resolved
        for index in loose:
            kinds[index] = line_kind(lines[index], forms, resumes=False)
    raise AssertionError("words that take up nothing were left")


def _gather(
    lines: Sequence[Line],
    kinds: Sequence[LineKind],
    forms: ArticleForms,
    first: int,
    in_index: set[int],
    page_starts: Sequence[PageStart],
) -> Gathering:
    """Lines by article, and (page number, index of its first line) for every page."""
    known = {start.line: start.page for start in page_starts}
    starts = [(next((start.page for start in page_starts[:1]), 1), 0)]
    starts += [(page, line - 1) for line, page in known.items() if 1 < line <= first]
    gathering = Gathering(forms, known, starts)
    gathering.gather(lines, kinds, first, in_index)
    return gathering


def _article(draft: Draft, position: int, profile: SerialProfile) -> Article:
    running = draft.kind is not ArticleKind.ADVERTISEMENT
    paragraphs, oddities = read_paragraphs(draft.blocks, profile.articles, running=running)
    return Article(
        identifier=f"article-{position:03}",
        headline=draft.headline,
        language=profile.language,
        span=_span(draft),
        headline_line=draft.line.number,
        page=draft.page,
        paragraphs=paragraphs,
        bylines=tuple(draft.bylines),
        oddities=oddities,
        romanised=romanise(draft.headline, profile.language, profile.romanised_words),
        script=profile.script,
        further=tuple(_span(part) for part in draft.parts),
        kind=draft.kind,
        section=draft.section,
        section_line=draft.section_line,
    )


def _span(draft: Draft) -> Span:
    return Span(draft.line.number, draft.end.number, draft.line.begin, draft.end.end)


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
