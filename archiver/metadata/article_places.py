"""Where an article stands: its runs of lines, parted by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.serial import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.serial import Article, Page, Paragraph


def part_spans(article: Article, page: int, pages: Sequence[Page] = ()) -> list[Span]:
    """The runs of lines of an article that stand on a page, in order; `pages` tell where a headline alone ends."""
    return [span for number, span in _parts(article, pages) if number == page]


def _parts(article: Article, pages: Sequence[Page]) -> Iterator[tuple[int, Span]]:
    """Every run cut where its paragraphs come to another page: headline and bylines stay with what is next to them."""
    page = article.page
    for position, run in enumerate((article.span, *article.further)):
        own = [each for each in article.paragraphs if run.begin <= each.span.begin < run.end]
        own.sort(key=lambda each: each.span.begin)
        if position and own:
            page = own[0].page
        yield from _cut(run, page, own, pages)
        page = own[-1].page if own else page


def _cut(run: Span, page: int, own: Sequence[Paragraph], pages: Sequence[Page]) -> Iterator[tuple[int, Span]]:
    first_line, begin, last = run.first_line, run.begin, None
    for each in own:
        if each.page != page:
            line, end = (last.last_line, last.end) if last is not None else _above(each.span, first_line, page, pages)
            yield page, Span(first_line, line, begin, end)
            first_line, begin, page = each.span.first_line, each.span.begin, each.page
        last = each.span
    yield page, Span(first_line, run.last_line, begin, run.end)


def _above(span: Span, line: int, page: int, pages: Sequence[Page]) -> tuple[int, int]:
    """The end of what stands above a paragraph on the page before: of that page, where it is known."""
    for each in pages:
        runs = (*((each.span,) if each.span is not None else ()), *each.further) if each.number == page else ()
        for run in runs:
            if run.first_line <= line <= run.last_line < span.first_line:
                return run.last_line, run.end
    return span.first_line - 1, span.begin
