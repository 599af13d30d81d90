"""Paragraphs parted, joined, left out as repeats, marked after lost text; and findings answered as they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.corrections.bench import Bench, NotApplied, answer, order, paragraph_at, stale, tie
from archiver.model.corrections import Action, Correction, CorrectionTrouble
from archiver.model.serial import Article, Oddity, OddityKind, Paragraph, Span
from archiver.serials.paragraphs import GRAM, is_terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_TIES = (OddityKind.COLUMN_BREAK, OddityKind.GAP, OddityKind.REPEAT)


def parted(bench: Bench, paragraph: Paragraph, number: int) -> tuple[Paragraph, Paragraph]:
    """A paragraph in two at a line of it that is not its first. The first keeps its tie to the one before."""
    first, last = paragraph.span.first_line, paragraph.span.last_line
    upper = Span(first, number - 1, paragraph.span.begin, bench.line(number - 1).end)
    lower = Span(number, last, bench.line(number).begin, paragraph.span.end)
    return (
        replace(paragraph, text=bench.words(first, number - 1), span=upper),
        replace(
            paragraph,
            text=bench.words(number, last),
            span=lower,
            joins_previous=False,
            repeats_previous=False,
            gap_before=False,
        ),
    )


def seam_words(before: Paragraph, after: Paragraph) -> str:
    """The few words on both sides of a seam, as findings quote them."""
    return f"{before.text[-6:]}|{after.text[:6]}"


def split_paragraph(bench: Bench, correction: Correction) -> None:
    """Part a paragraph at a line. Raises NotApplied."""
    number = correction.lines[0]
    position = bench.at(number)
    article = bench.articles[position]
    found = paragraph_at(article, number)
    if found is None:
        raise stale(f"line {number} belongs to no paragraph")
    paragraph = article.paragraphs[found]
    if paragraph.span.first_line == number:
        raise NotApplied(
            CorrectionTrouble.WITHOUT_EFFECT, f"a paragraph begins at line {number} already ({tie(paragraph)})"
        )
    halves = parted(bench, paragraph, number)
    paragraphs = (*article.paragraphs[:found], *halves, *article.paragraphs[found + 1 :])
    bench.articles[position] = replace(article, paragraphs=paragraphs)
    whole = f"one paragraph, lines {paragraph.span.first_line}–{paragraph.span.last_line}"
    bench.done(correction, whole, f"two, the second from line {number}")


class Place:
    """The place of a tie that a correction is about: between two paragraphs, or at the end of an article."""

    def __init__(self, position: int, paragraph: int | None, before: int) -> None:
        """`paragraph` is the one whose tie is meant, None for the end; `before` is the line above the place."""
        self.position, self.paragraph, self.before = position, paragraph, before


def places(bench: Bench, correction: Correction) -> list[Place]:
    """The places a correction is about, by its action. Raises NotApplied when it fits none."""
    finders: dict[Action, Callable[[Bench, Correction], list[Place]]] = {
        Action.JOIN: _join_places,
        Action.DROP_REPEAT: _repeat_places,
        Action.MARK_LOST: _lost_places,
        Action.KEEP: _kept_places,
    }
    return finders[correction.action](bench, correction)


def _join_places(bench: Bench, correction: Correction) -> list[Place]:
    above, below = correction.lines
    position = bench.at(below)
    article = bench.articles[position]
    if bench.at(above) != position:
        raise stale("the lines are in two articles: join the articles first")
    before, after = paragraph_at(article, above), paragraph_at(article, below)
    if before is None or after is None:
        raise stale(f"line {above if before is None else below} belongs to no paragraph")
    between = article.paragraphs[before + 1 : after]
    if before >= after or any(not paragraph.repeats_previous for paragraph in between):
        raise stale("they are not in two paragraphs that follow one another")
    return [Place(position, after, article.paragraphs[before].span.last_line)]


def _repeat_places(bench: Bench, correction: Correction) -> list[Place]:
    first, last = correction.lines[0], correction.lines[-1]
    position = bench.at(first)
    article = bench.articles[position]
    found = [
        index
        for index, paragraph in enumerate(article.paragraphs)
        if paragraph.span.first_line <= last and paragraph.span.last_line >= first
    ]
    if not found:
        raise stale("no paragraph stands there")
    if len(correction.lines) == 2 and any(
        paragraph.span.first_line < first or paragraph.span.last_line > last
        for paragraph in (article.paragraphs[index] for index in found)
    ):
        raise stale("a paragraph stands there in part only: split it first, or name one line of it")
    return [Place(position, index, _line_before(article, index)) for index in found]


def _lost_places(bench: Bench, correction: Correction) -> list[Place]:
    position = bench.article_of(correction)
    article = bench.articles[position]
    if not correction.lines:
        return [Place(position, None, _last_line(article))]
    number = correction.lines[0]
    at = order(article, number)
    within = paragraph_at(article, number)
    if within is not None and article.paragraphs[within].span.last_line != number:
        raise stale(f"line {number} does not end a paragraph: split it at line {number + 1} first")
    later = [i for i, each in enumerate(article.paragraphs) if order(article, each.span.first_line) > at]
    if len(correction.lines) == 2 and not (
        later and _holds(article.paragraphs[later[0]].span, correction.lines[1])
    ):  # fmt: skip
        raise stale("they are not the last line before the loss and the first after it")
    if later:
        return [Place(position, later[0], number if within is not None else _line_before(article, later[0]))]
    return [Place(position, None, _last_line(article))]


def _kept_places(bench: Bench, correction: Correction) -> list[Place]:
    position = bench.article_of(correction)
    article = bench.articles[position]
    if not correction.lines:
        found = [odd for odd in article.oddities if _is_end(odd)]
    else:
        first = correction.lines[0]
        odd_ties = [odd for odd in article.oddities if odd.kind in _TIES]
        found = [odd for odd in odd_ties if odd.lines[0] == first] or [odd for odd in odd_ties if first in odd.lines]
    spots = {_spot(article, odd) for odd in found if not odd.answered}
    if found and not spots:
        raise NotApplied(CorrectionTrouble.CONTRADICTION, f"another correction answers it: {found[0].answered}")
    if len(correction.lines) == 2:
        last = correction.lines[1]
        spots = {i for i in spots if i is not None and _holds(article.paragraphs[i].span, last)}
    if len(spots) != 1:
        raise stale("nothing odd was found there" if not spots else "several things were found there: name both lines")
    index = spots.pop()
    return [Place(position, index, _last_line(article) if index is None else _line_before(article, index))]


def _holds(span: Span, number: int) -> bool:
    return span.first_line <= number <= span.last_line


def _spot(article: Article, odd: Oddity) -> int | None:
    """The paragraph whose tie is odd; None when it is the end of the article."""
    if _is_end(odd):
        return None
    if odd.kind is not OddityKind.GAP:
        return paragraph_at(article, odd.lines[-1])
    upto = order(article, odd.lines[-1])
    later = [i for i, each in enumerate(article.paragraphs) if order(article, each.span.last_line) >= upto]
    return later[0] if later else None


def _is_end(odd: Oddity) -> bool:
    """Whether a finding is that the end of the article is lost."""
    return odd.kind is OddityKind.GAP and len(odd.lines) == 1


def _last_line(article: Article) -> int:
    """The last line of the body, repeats not counted; that of the headline when there is none."""
    kept = [paragraph.span.last_line for paragraph in article.paragraphs if not paragraph.repeats_previous]
    return kept[-1] if kept else article.headline_line


def _line_before(article: Article, index: int) -> int:
    kept = [paragraph.span.last_line for paragraph in article.paragraphs[:index] if not paragraph.repeats_previous]
    return kept[-1] if kept else article.headline_line


def tie_up(bench: Bench, correction: Correction, place: Place) -> None:
    """Give a place the tie that a correction asks for, with the findings that follow."""
    article = bench.articles[place.position]
    about = [odd for odd in article.oddities if odd.kind in _TIES and _spot(article, odd) == place.paragraph]
    was = "the end of the article" if place.paragraph is None else tie(article.paragraphs[place.paragraph])
    if place.paragraph is None and about:
        was = "the end of the article, taken for lost"
    new = _oddity(bench, correction, article, place)
    paragraphs = list(article.paragraphs)
    if place.paragraph is not None:
        paragraphs[place.paragraph] = replace(
            paragraphs[place.paragraph],
            joins_previous=correction.action is Action.JOIN,
            repeats_previous=correction.action is Action.DROP_REPEAT,
            gap_before=correction.action is Action.MARK_LOST,
        )
    repeated = place.paragraph is not None and article.paragraphs[place.paragraph].repeats_previous
    same = paragraphs == list(article.paragraphs)
    if same and tuple(about) == new:
        raise NotApplied(CorrectionTrouble.WITHOUT_EFFECT, f"it is {was} already")
    kept = [odd for odd in article.oddities if odd not in about]
    changed = replace(article, paragraphs=tuple(paragraphs), oddities=_ordered(article, (*kept, *new)))
    if place.paragraph is not None and changed.paragraphs[place.paragraph].repeats_previous != repeated:
        changed = _retied(bench, changed, place.paragraph, about)
    bench.articles[place.position] = changed
    now = "the end, lost" if place.paragraph is None else tie(paragraphs[place.paragraph])
    if correction.action is Action.KEEP:
        now = "right as it stands" if place.paragraph is None else now
    bench.done(
        correction,
        was,
        f"{now} (confirmed)" if same and correction.action is not Action.KEEP else now,
        lines=_lines(article, place),
        article=article.identifier,
        answers=tuple(dict.fromkeys(odd.kind.value for odd in about)),
    )


def _retied(bench: Bench, article: Article, index: int, about: Sequence[Oddity]) -> Article:
    """The article with what follows a paragraph tied to the one that it now follows.

    `about` is what was odd of that paragraph, which was taken out of the running text or put back into it.
    """
    paragraphs = list(article.paragraphs)
    before = next((each for each in paragraphs[index::-1] if not each.repeats_previous), None)
    after = next((i for i in range(index + 1, len(paragraphs)) if not paragraphs[i].repeats_previous), None)
    tied = [odd for odd in article.oddities if odd.kind in _TIES and _spot(article, odd) == after and not odd.answered]
    tied = [odd for odd in tied if _is_end(odd) or odd.kind is OddityKind.COLUMN_BREAK]
    answered = any(odd.answered for odd in article.oddities if odd.kind in _TIES and _spot(article, odd) == after)
    if before is None or answered or (after is not None and paragraphs[after].gap_before):
        return article
    if paragraphs[index].repeats_previous:
        breaks_off = any(odd.kind is OddityKind.COLUMN_BREAK for odd in about)
    else:
        breaks_off = bool(tied) and not is_terminated(before.text, bench.profile.articles)
    new: list[Oddity] = []
    stop = before.span.last_line
    if after is None and breaks_off:
        new = [Oddity(OddityKind.GAP, (stop,), before.text[-GRAM:])]
    elif after is not None:
        paragraphs[after] = replace(paragraphs[after], joins_previous=breaks_off)
        lines = (stop, paragraphs[after].span.first_line)
        new = [Oddity(OddityKind.COLUMN_BREAK, lines, seam_words(before, paragraphs[after]))] if breaks_off else []
    kept = [odd for odd in article.oddities if odd not in tied]
    return replace(article, paragraphs=tuple(paragraphs), oddities=_ordered(article, (*kept, *new)))


def _lines(article: Article, place: Place) -> tuple[int, ...]:
    if place.paragraph is None:
        return (place.before,)
    return (place.before, article.paragraphs[place.paragraph].span.first_line)


def _oddity(bench: Bench, correction: Correction, article: Article, place: Place) -> tuple[Oddity, ...]:
    """What is odd at a place from now on, answered by the correction; nothing when it is kept as it stands."""
    said = answer(correction)
    before = next((each for each in article.paragraphs if each.span.last_line == place.before), None)
    words = (before.text if before is not None else bench.words(place.before, place.before))[-GRAM:]
    if correction.action is Action.KEEP:
        return ()
    if place.paragraph is None:
        return (Oddity(OddityKind.GAP, (place.before,), words, answered=said),)
    paragraph = article.paragraphs[place.paragraph]
    go = paragraph.span.first_line
    if correction.action is Action.DROP_REPEAT:
        length = len(paragraph.text)
        return (Oddity(OddityKind.REPEAT, (go,), paragraph.text[:GRAM], length=length, answered=said),)
    if correction.action is Action.JOIN and before is not None:
        return (Oddity(OddityKind.COLUMN_BREAK, (place.before, go), seam_words(before, paragraph), answered=said),)
    blank = tuple(n for n in range(place.before + 1, go) if not bench.line(n).text.strip())
    return (Oddity(OddityKind.GAP, (place.before, *(blank or (go,))), words, answered=said),)


def _ordered(article: Article, oddities: Iterable[Oddity]) -> tuple[Oddity, ...]:
    found: Sequence[Oddity] = sorted(
        oddities, key=lambda odd: (order(article, odd.lines[0]), odd.lines, odd.kind.value)
    )
    return tuple(found)
