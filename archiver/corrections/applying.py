"""Corrections applied to a described issue, without touching anything: an issue goes in, the corrected one comes out.

Places are told in the lines of the transcript and in the articles as read, so the order of the file does not matter.
Articles are parted, then joined; paragraphs parted, made bylines, then tied; other values are set last.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from archiver.corrections.articles import join_articles, split_article
from archiver.corrections.belonging import belonging
from archiver.corrections.bench import Bench, NotApplied, contradiction
from archiver.corrections.masthead import set_statements
from archiver.corrections.paragraphs import Place, places, split_paragraph, tie_up
from archiver.corrections.recording import sentence
from archiver.corrections.setting import set_in_article
from archiver.model.corrections import (
    ARTICLE_FIELDS,
    Action,
    Corrected,
    Correction,
    Corrections,
    CorrectionTrouble,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from archiver.model.profile import SerialProfile
    from archiver.model.serial import Issue, Statement
    from archiver.model.transcript import Transcript

_TIES = (Action.DROP_REPEAT, Action.KEEP, Action.MARK_LOST, Action.JOIN)  # in the order in which they are applied
_Spot = tuple[int, int | None]  # lines: the headline of an article, and the first of a paragraph, or its end


def apply(
    issue: Issue,
    transcript: Transcript,
    corrections: Corrections,
    profile: SerialProfile,
    *,
    names: Iterable[str] = (),
    alone: bool = True,
    read: Sequence[Statement] | None = None,
) -> Corrected:
    """Apply those corrections that are for an issue; what could not be applied is in `problems`.

    `names` are names of the issue besides its identifier and its transcript's; `alone` says that the deposit has no
    other issue, so that a correction in a file of its own need not name one; `read` are the statements of its masthead
    as read, where they are no longer those of `issue`. Nothing is changed but what is said of the issue: no byte of the
    transcript, and every span of the result is one of lines of that transcript.
    """
    known = (issue.identifier, transcript.file.name, transcript.file.name.rpartition("/")[2], *names)
    mine = belonging(corrections, known, transcript, alone=alone)
    if not mine.corrections:
        return Corrected(issue, problems=mine.problems, taken=mine.taken)
    bench = Bench(issue, transcript, profile)
    sound = _without_contradictions(bench, mine.corrections)
    of_masthead = [each for each in sound if each.action is Action.SET and each.field not in ARTICLE_FIELDS]
    others = [each for each in sound if each not in of_masthead and _expected(bench, each)]
    _apply_to_articles(bench, others)
    changed, applied, problems = set_statements(issue, of_masthead, profile, issue.statements if read is None else read)
    done = tuple(sorted((*applied, *bench.applied), key=lambda each: each.correction.line))
    troubles = sorted((*mine.problems, *problems, *bench.problems), key=lambda problem: problem.line or 0)
    said = [sentence(each) for each in done]
    changed = replace(
        changed,
        articles=tuple(bench.articles),
        pages=bench.pages,
        notes=(*changed.notes, *(note for note in dict.fromkeys(said) if note not in changed.notes)),
    )
    return Corrected(changed, done, tuple(troubles), mine.taken)


def _expected(bench: Bench, correction: Correction) -> bool:
    """Whether the words that a correction expects stand at its place; a problem is noted when they do not."""
    return _tried(bench, correction, partial(bench.expect, correction))


def _tried(bench: Bench, correction: Correction, work: Callable[[], object]) -> bool:
    try:
        work()
    except NotApplied as reason:
        bench.problem(correction, reason.trouble, reason.detail, reason.key)
        return False
    return True


def _apply_to_articles(bench: Bench, corrections: Sequence[Correction]) -> None:
    def chosen(action: Action, *, of_articles: bool) -> list[Correction]:
        return [each for each in corrections if each.action is action and bool(each.article) is of_articles]

    for each in sorted(chosen(Action.SPLIT, of_articles=True), key=lambda one: one.lines):
        _tried(bench, each, partial(split_article, bench, each))
    heads = [article.headline_line for article in bench.articles]
    bench.preceding = dict(zip(heads[1:], heads, strict=False))
    for each in sorted(chosen(Action.JOIN, of_articles=True), key=lambda one: bench.heads.get(one.article, 0)):
        _tried(bench, each, partial(join_articles, bench, each))
    parted = sorted(chosen(Action.SPLIT, of_articles=False), key=lambda one: one.lines)
    for each in parted:
        _tried(bench, each, partial(split_paragraph, bench, each))
    values = [each for each in corrections if each.action is Action.SET]
    # A paragraph that is made a byline can no longer be tied, and its role can be set.
    bylines = [each for each in values if each.field == "byline-names"]
    for each in sorted(bylines, key=lambda one: not one.lines):
        _tried(bench, each, partial(set_in_article, bench, each))
    _tie(bench, [each for each in corrections if each.action in _TIES and not _joins_articles(each)], parted)
    for each in (each for each in values if each not in bylines):
        _tried(bench, each, partial(set_in_article, bench, each))


def _joins_articles(correction: Correction) -> bool:
    return correction.action is Action.JOIN and bool(correction.article)


def _tie(bench: Bench, corrections: Sequence[Correction], parted: Sequence[Correction]) -> None:
    """Tie paragraphs to those before them. Repeats are dropped first: what follows them has then another neighbour.

    Of two corrections that ask for different things at one place, neither is applied.
    """
    asked: dict[_Spot, list[Correction]] = {}
    for each in parted:
        if (position := bench.within(each.lines[0])) is not None:
            asked.setdefault((bench.articles[position].headline_line, each.lines[0]), []).append(each)
    for each in (each for each in corrections if each.action is Action.DROP_REPEAT):
        _tried(bench, each, partial(_drop, bench, each, asked))
    others = sorted(
        (each for each in corrections if each.action is not Action.DROP_REPEAT),
        key=lambda one: _TIES.index(one.action),
    )
    found: list[tuple[Correction, Place]] = []
    for each in others:
        with suppress(NotApplied):
            found += [(each, place) for place in places(bench, each)]
    for each, place in found:
        asked.setdefault(_spot(bench, place), []).append(each)
    for each in others:
        mine = [place for one, place in found if one is each]
        _tried(bench, each, partial(_tie_one, bench, each, mine, asked))


def _drop(bench: Bench, correction: Correction, asked: dict[_Spot, list[Correction]]) -> None:
    idle: list[NotApplied] = []
    found = places(bench, correction)
    for place in found:
        asked.setdefault(_spot(bench, place), []).append(correction)
        try:
            tie_up(bench, correction, place)
        except NotApplied as reason:
            idle.append(reason)
    if len(idle) == len(found):
        raise idle[0]


def _tie_one(bench: Bench, correction: Correction, mine: Sequence[Place], asked: dict[_Spot, list[Correction]]) -> None:
    if not mine:
        places(bench, correction)  # says why there is none
    for place in mine:
        group = asked[_spot(bench, place)]
        unlike = [each for each in group if not _agree(correction, each)]
        if unlike:
            raise contradiction(correction, unlike[0])
        if (first := next(each for each in group if each.action is correction.action)) is not correction:
            raise contradiction(correction, first)
        tie_up(bench, correction, place)


def _agree(correction: Correction, other: Correction) -> bool:
    """Whether both can be done at one place: text may be lost where a paragraph is parted."""
    return other.action is correction.action or {correction.action, other.action} == {Action.SPLIT, Action.MARK_LOST}


def _spot(bench: Bench, place: Place) -> _Spot:
    article = bench.articles[place.position]
    if place.paragraph is None:
        return article.headline_line, None
    return article.headline_line, article.paragraphs[place.paragraph].span.first_line


def _without_contradictions(bench: Bench, corrections: Sequence[Correction]) -> list[Correction]:
    """Those that no other correction of the same value, cut or article speaks against; neither of two is applied."""
    by_target: dict[Hashable, list[Correction]] = {}
    for each in corrections:
        by_target.setdefault(_target(each), []).append(each)
    sound: list[Correction] = []
    for target, group in by_target.items():
        first, *others = group
        unlike = [each for each in others if _asked(each) != _asked(first)]
        if target is None or not others:
            sound += group
        elif unlike:
            for each in group:
                other = unlike[0] if each is first or _asked(each) == _asked(first) else first
                reason = contradiction(each, other)
                bench.problem(each, CorrectionTrouble.CONTRADICTION, reason.detail, "action")
        else:
            sound.append(first)
            for each in others:
                reason = contradiction(each, first)
                bench.problem(each, reason.trouble, reason.detail)
    return sorted(sound, key=lambda each: each.line)


def _asked(correction: Correction) -> tuple[Action, str, bool]:
    return correction.action, correction.value, bool(correction.article) and correction.action is Action.SPLIT


def _target(correction: Correction) -> Hashable:
    """What a correction is about, where that is plain before it is applied; the rest is looked at as it is applied."""
    if correction.action is Action.SET and correction.field not in ARTICLE_FIELDS:
        return ("masthead", correction.field)
    if correction.action is Action.SPLIT:
        return ("split", correction.lines)
    if _joins_articles(correction):
        return ("join", correction.article)
    return None
