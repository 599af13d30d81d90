"""Articles parted in two, and articles joined to those they continue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.corrections.bench import Bench, NotApplied, answer, order, spans, stale
from archiver.corrections.paragraphs import parted, seam_words
from archiver.model.corrections import CorrectionTrouble
from archiver.model.serial import Article, Oddity, OddityKind, Paragraph, Span
from archiver.serials.masthead_region import bare
from archiver.serials.paragraphs import GRAM, is_terminated
from archiver.serials.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.corrections import Correction

_LONGEST_HEADLINE = 400  # characters, as for headlines that are read


def split_article(bench: Bench, correction: Correction) -> None:
    """Part an article at a line: the new one begins there, with that line or the value for its headline.

    Raises NotApplied.
    """
    number = correction.lines[0]
    heads = {article.headline_line for article in bench.articles}
    if number in heads and bench.heads.get(correction.article) != number:
        raise NotApplied(CorrectionTrouble.WITHOUT_EFFECT, f"an article begins at line {number} already")
    position = bench.at(number)
    article = bench.articles[position]
    if not f"{article.identifier}-".startswith(f"{correction.article}-"):  # it may be a part of it already
        raise stale(f"line {number} is not in {correction.article}")
    line = bench.line(number)
    if number == article.headline_line or not line.text.strip():
        raise stale(f"line {number} is {'its headline' if line.text.strip() else 'blank'}")
    is_byline = any(number in byline.lines for byline in article.bylines)
    headline = correction.value or bare(_headline(bench, line.text))
    if not correction.value and (is_byline or not headline or len(headline) > _LONGEST_HEADLINE):
        raise NotApplied(
            CorrectionTrouble.IMPOSSIBLE, f"line {number} is no headline: give the new article one as value", "value"
        )
    upper, lower = _halves(bench, article, number, headline, own_line=not correction.value)
    bench.articles[position : position + 1] = [upper, lower]
    was = f"{article.headline}, lines {article.span.first_line}–{spans(article)[-1].last_line}"
    lost = tuple(odd.kind.value for odd in article.oddities if odd not in (*upper.oddities, *lower.oddities))
    bench.done(correction, was, f"{upper.headline}, and from line {number} {lower.headline}", answers=lost)


def _headline(bench: Bench, text: str) -> str:
    found = bench.profile.articles.headline.fullmatch(text.strip()) if len(text) <= _LONGEST_HEADLINE else None
    return found["headline"].strip() if found else text


def _halves(bench: Bench, article: Article, number: int, headline: str, *, own_line: bool) -> tuple[Article, Article]:
    at = order(article, number)
    above, below = _paragraphs(bench, article, number, own_line=own_line)
    bylines = [(byline, order(article, byline.lines[0]) < at) for byline in article.bylines]
    upper_bylines = tuple(byline for byline, is_above in bylines if is_above)
    lasts = [paragraph.span for paragraph in above]
    ends = [article.headline_line, *(span.last_line for span in lasts), *(b.lines[-1] for b in upper_bylines)]
    end = max((each for each in ends), key=lambda each: order(article, each))
    first, last = _parts(bench, article, number, end)
    upper_odd, lower_odd = _oddities(bench, article, number, above, below)
    if own_line:  # what was odd of the line as a paragraph is not odd of a headline
        lower_odd = tuple(odd for odd in lower_odd if odd.lines[0] != number)
    upper = replace(
        article, span=first[0], further=first[1:], paragraphs=above, bylines=upper_bylines, oddities=upper_odd
    )
    lower = Article(
        identifier=_identifier(bench, article),
        headline=headline,
        language=article.language,
        span=last[0],
        headline_line=number,
        page=_page(bench, article, number, below),
        paragraphs=below,
        bylines=tuple(byline for byline, is_above in bylines if not is_above),
        oddities=lower_odd,
        romanised=romanise(headline, article.language, bench.profile.romanised_words),
        script=article.script,
        further=last[1:],
        kind=article.kind,
        section=article.section,
        section_line=article.section_line,
    )
    return upper, lower


def _paragraphs(
    bench: Bench, article: Article, number: int, *, own_line: bool
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """The paragraphs above and below a line; the line itself is taken out when it is the headline."""
    at = order(article, number)
    above: list[Paragraph] = []
    below: list[Paragraph] = []
    for paragraph in article.paragraphs:
        begin, end = order(article, paragraph.span.first_line), order(article, paragraph.span.last_line)
        if end < at:
            above.append(paragraph)
        elif begin > at:
            below.append(paragraph)
        else:
            rest: Paragraph | None = paragraph
            if begin < at:
                upper, rest = parted(bench, paragraph, number)
                above.append(upper)
            if own_line and rest is not None:
                rest = parted(bench, rest, number + 1)[1] if rest.span.last_line > number else None
            if rest is not None:
                below.append(rest)
    if below:
        below[0] = replace(below[0], joins_previous=False, repeats_previous=False, gap_before=False)
    return tuple(above), tuple(below)


def _parts(bench: Bench, article: Article, number: int, end: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The runs of lines above a line, up to `end`, and from it on."""
    at = order(article, number)[0]
    runs = spans(article)
    upto = order(article, end)[0]
    first = [*runs[:upto], _span(bench, runs[upto].first_line, end)]
    last = [_span(bench, number, runs[at].last_line), *runs[at + 1 :]]
    return tuple(first), tuple(last)


def _span(bench: Bench, first: int, last: int) -> Span:
    return Span(first, last, bench.line(first).begin, bench.line(last).end)


def _oddities(
    bench: Bench, article: Article, number: int, above: Sequence[Paragraph], below: Sequence[Paragraph]
) -> tuple[tuple[Oddity, ...], tuple[Oddity, ...]]:
    """What is odd above and below. A tie across the line falls away; what was to go on there has lost its end."""
    at = order(article, number)
    begin = below[0].span.first_line if below else number
    upper, lower = [], []
    for odd in article.oddities:
        if order(article, odd.lines[-1]) < at:
            upper.append(odd)
        elif order(article, odd.lines[0]) < at:
            if odd.kind is OddityKind.COLUMN_BREAK and above and not _ended(bench, above[-1]):
                upper.append(Oddity(OddityKind.GAP, (above[-1].span.last_line,), above[-1].text[-GRAM:]))
        elif odd.kind is not OddityKind.REPEAT or odd.lines[0] != begin:
            lower.append(odd)
    return tuple(upper), tuple(lower)


def _ended(bench: Bench, paragraph: Paragraph) -> bool:
    return is_terminated(paragraph.text, bench.profile.articles)


def _identifier(bench: Bench, article: Article) -> str:
    """The next free identifier after that of the article it was part of: article-003-2, article-003-3."""
    stem = "-".join(article.identifier.split("-")[:2])
    taken = {each.identifier for each in bench.articles}
    count = 2
    while f"{stem}-{count}" in taken:
        count += 1
    return f"{stem}-{count}"


def _page(bench: Bench, article: Article, number: int, below: Sequence[Paragraph]) -> int:
    if below and below[0].span.first_line == number:
        return below[0].page
    for page in bench.pages:
        runs = (*((page.span,) if page.span else ()), *page.further)
        if any(span.first_line <= number <= span.last_line for span in runs):
            return page.number
    return article.page


def join_articles(bench: Bench, correction: Correction) -> None:
    """Join an article to the one it continues: that of the value, else the one before. Raises NotApplied."""
    position = bench.named(correction.article)
    into = _continued(bench, correction, bench.articles[position])
    if into >= position:
        raise NotApplied(
            CorrectionTrouble.IMPOSSIBLE, f"{correction.value} does not stand before {correction.article}", "value"
        )
    before, after = bench.articles[into], bench.articles[position]
    end = next((each for each in reversed(before.paragraphs) if not each.repeats_previous), None)
    pointed = [odd for odd in before.oddities if odd.kind is OddityKind.CONTINUATION]
    points = end is not None and any(end.span.last_line in odd.lines for odd in pointed)
    goes_on = end is not None and not points and not _ended(bench, end)
    below = list(after.paragraphs)
    if below:
        below[0] = replace(below[0], joins_previous=goes_on, gap_before=False)
    lost = [] if end is None else [
        odd for odd in before.oddities if odd.kind is OddityKind.GAP and odd.lines == (end.span.last_line,)
    ]  # fmt: skip
    kept = tuple(odd for odd in before.oddities if odd not in lost)
    seam = [_seam(end, below[0], correction)] if end is not None and goes_on and below else []
    runs = _joined(bench, (*spans(before), *spans(after)))
    bench.articles[into] = replace(
        before,
        paragraphs=(*before.paragraphs, *below),
        bylines=(*before.bylines, *after.bylines),
        oddities=(*kept, *seam, *after.oddities),
        span=runs[0],
        further=runs[1:],
    )
    del bench.articles[position]
    bench.merged[after.headline_line] = before.headline_line
    how = "; its paragraph goes on there" if goes_on else ""
    bench.done(
        correction,
        f"an article of its own: {after.headline}",
        f"part of {before.headline}{how}",
        lines=(after.headline_line,),
        answers=tuple(odd.kind.value for odd in lost),
    )


def _continued(bench: Bench, correction: Correction, article: Article) -> int:
    """The position of the article that one continues, or of what that was joined to itself."""
    if correction.value and correction.value not in bench.heads:
        raise stale(f"there is no {correction.value}: the issue has {len(bench.heads)} articles", "value")
    head = bench.heads[correction.value] if correction.value else bench.preceding.get(article.headline_line)
    while head in bench.merged:
        head = bench.merged[head]
    into = bench.headed(head)
    if into is None:
        raise stale("no article stands before it", "article")
    return into


def _seam(end: Paragraph, begin: Paragraph, correction: Correction) -> Oddity:
    lines = (end.span.last_line, begin.span.first_line)
    return Oddity(OddityKind.COLUMN_BREAK, lines, seam_words(end, begin), answered=answer(correction))


def _joined(bench: Bench, runs: Sequence[Span]) -> tuple[Span, ...]:
    """Runs of lines, those made one that follow upon one another with no line of another article between."""
    found = [runs[0]]
    for run in runs[1:]:
        last = found[-1]
        between = range(last.last_line + 1, run.first_line)
        if last.last_line < run.first_line and not any(bench.line(number).text.strip() for number in between):
            found[-1] = Span(last.first_line, run.last_line, last.begin, run.end)
        else:
            found.append(run)
    return tuple(found)
