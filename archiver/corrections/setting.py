"""Values of articles set by the archivist: headlines, bylines, pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.corrections.bench import Bench, NotApplied, paragraph_at, spans, stale
from archiver.corrections.possible import trouble
from archiver.model.corrections import CorrectionTrouble
from archiver.model.serial import Byline, Page, Paragraph, Span
from archiver.serials.articles import page_label
from archiver.serials.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archiver.model.corrections import Correction
    from archiver.model.serial import Article


def set_in_article(bench: Bench, correction: Correction) -> None:
    """Set a value of an article. Raises NotApplied."""
    why = trouble(correction.field, correction.value, bench.profile)
    if why:
        raise NotApplied(CorrectionTrouble.IMPOSSIBLE, f"{correction.value!r}: {why}", "value")
    setters: Mapping[str, Callable[[Bench, int, Correction], str]] = {
        "headline": _headline,
        "byline-names": _byline,
        "byline-role": _byline,
        "page": _page,
    }
    position = bench.article_of(correction)
    before = bench.articles[position]
    was = setters[correction.field](bench, position, correction)
    if bench.articles[position] == before:
        raise NotApplied(CorrectionTrouble.WITHOUT_EFFECT, f"it is {correction.value} already")
    lines = correction.lines or (before.headline_line,)
    bench.done(correction, was, correction.value, lines=lines, article=before.identifier)


def _headline(bench: Bench, position: int, correction: Correction) -> str:
    article = bench.articles[position]
    bench.once(correction, article.headline_line)
    if correction.value != article.headline:
        romanised = romanise(correction.value, article.language, bench.profile.romanised_words)
        bench.articles[position] = replace(article, headline=correction.value, romanised=romanised)
    return article.headline


def _byline(bench: Bench, position: int, correction: Correction) -> str:
    """Names or role of the byline at a line, or of the only one; what was read as a paragraph may be made one."""
    article = bench.articles[position]
    number = correction.lines[0] if correction.lines else None
    found = [i for i, each in enumerate(article.bylines) if number is None or number in each.lines]
    if not found and number is not None and correction.field == "byline-names":
        return _new_byline(bench, position, correction, number)
    if len(found) != 1:
        how = "no byline stands there" if not found else f"there are {len(found)}: name the line of one"
        raise stale(how if len(found) < 2 or number is None else f"line {number} has bylines of {len(found)} roles")
    byline = article.bylines[found[0]]
    bench.once(correction, byline.lines)
    if correction.field == "byline-role":
        was, new = byline.role, replace(byline, role=correction.value)
    else:
        was, new = ", ".join(byline.names), replace(byline, names=correction.names)
    bylines = (*article.bylines[: found[0]], new, *article.bylines[found[0] + 1 :])
    bench.articles[position] = replace(article, bylines=bylines)
    return was


def _new_byline(bench: Bench, position: int, correction: Correction, number: int) -> str:
    """A line that was read as a paragraph becomes a byline."""
    article = bench.articles[position]
    printed = bench.line(number).text.strip()
    index = paragraph_at(article, number)
    if index is None:
        raise stale(f"line {number} is neither a byline nor a paragraph")
    paragraph = article.paragraphs[index]
    if paragraph.span.first_line != paragraph.span.last_line:
        raise stale(f"line {number} is part of a longer paragraph: split it first")
    byline = Byline(printed, correction.names, bench.profile.articles.default_role, "", (number,))
    bench.once(correction, byline.lines)
    bylines = sorted((*article.bylines, byline), key=lambda each: each.lines)
    rest = (*article.paragraphs[:index], *article.paragraphs[index + 1 :])
    oddities = tuple(odd for odd in article.oddities if number not in odd.lines)
    bench.articles[position] = replace(
        article, bylines=tuple(bylines), paragraphs=_untied(rest, index, number, article), oddities=oddities
    )
    return f"a paragraph: {printed}"


def _untied(rest: tuple[Paragraph, ...], index: int, number: int, article: Article) -> tuple[Paragraph, ...]:
    """The paragraphs with the one after a line that was taken out no longer tied to that line."""
    ties = any(number == odd.lines[0] for odd in article.oddities)
    if not ties or index >= len(rest):
        return rest
    free = replace(rest[index], joins_previous=False, gap_before=False)
    return (*rest[:index], free, *rest[index + 1 :])


def _page(bench: Bench, position: int, correction: Correction) -> str:
    """Move what an article has on its first page to another one, and the bytes of the pages with it."""
    article, page = bench.articles[position], int(correction.value)
    bench.once(correction, article.headline_line)
    if page == article.page:
        return str(page)
    moved = tuple(replace(each, page=page) if each.page == article.page else each for each in article.paragraphs)
    bench.articles[position] = replace(article, page=page, paragraphs=moved)
    runs = [run for run in spans(article) if not _elsewhere(run, article)]
    pages = {each.number: each for each in bench.pages}
    pages.setdefault(page, Page(page, page_label(page, bench.profile.articles), True))
    old = pages.get(article.page)
    taken: list[Span] = []
    if old is not None:
        mine = _runs(old)
        for run in runs:
            taken += [part for each in mine for part in _shared(bench, each, run)]
            mine = [part for each in mine for part in _without(bench, each, run)]
        pages[article.page] = _with(old, mine)
    pages[page] = replace(_with(pages[page], [*_runs(pages[page]), *taken]), received=True)
    bench.pages = tuple(pages[number] for number in sorted(pages))
    return str(article.page)


def _elsewhere(run: Span, article: Article) -> bool:
    """Whether a run of lines has paragraphs, and none of them on the first page of the article."""
    found = [each.page for each in article.paragraphs if run.first_line <= each.span.first_line <= run.last_line]
    return bool(found) and article.page not in found


def _runs(page: Page) -> list[Span]:
    return [*((page.span,) if page.span is not None else ()), *page.further]


def _with(page: Page, runs: Iterable[Span]) -> Page:
    ordered = sorted(runs, key=lambda span: span.begin)
    return replace(page, span=ordered[0] if ordered else None, further=tuple(ordered[1:]))


def _shared(bench: Bench, span: Span, other: Span) -> list[Span]:
    first, last = max(span.first_line, other.first_line), min(span.last_line, other.last_line)
    return [_span(bench, first, last)] if first <= last else []


def _without(bench: Bench, span: Span, other: Span) -> list[Span]:
    """What is left of a run of lines without those of another."""
    if other.last_line < span.first_line or span.last_line < other.first_line:
        return [span]
    ends = ((span.first_line, other.first_line - 1), (other.last_line + 1, span.last_line))
    return [_span(bench, first, last) for first, last in ends if first <= last]


def _span(bench: Bench, first: int, last: int) -> Span:
    return Span(first, last, bench.line(first).begin, bench.line(last).end)
