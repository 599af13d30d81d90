"""Corrections applied to a described issue, without touching anything: an issue goes in, the corrected one comes out.

Places are told in the lines of the transcript and in the articles as read, so the order of the file does not matter.
Articles are parted, then joined; paragraphs parted, then tied; values set last.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from archiver.corrections.articles import join_articles, split_article
from archiver.corrections.belonging import belonging
from archiver.corrections.bench import Bench, NotApplied
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
    _tie(bench, [each for each in corrections if each.action in _TIES and not _joins_articles(each)], parted)
    for each in (each for each in corrections if each.action is Action.SET):
        _tried(bench, each, partial(set_in_article, bench, each))


def _joins_articles(correction: Correction) -> bool:
    return correction.action is Action.JOIN and bool(correction.article)


def _tie(bench: Bench, corrections: Sequence[Correction], parted: Sequence[Correction]) -> None:
    """Tie paragraphs to those before them; two corrections of one place contradict each other."""
    seen: dict[tuple[int, int | None], Correction] = {}
    cuts = {each.lines[0]: each for each in parted}
    for each in sorted(corrections, key=lambda one: _TIES.index(one.action)):
        _tried(bench, each, partial(_tie_one, bench, each, seen, cuts))


def _tie_one(
    bench: Bench,
    correction: Correction,
    seen: dict[tuple[int, int | None], Correction],
    cuts: dict[int, Correction],
) -> None:
    idle: NotApplied | None = None
    found = places(bench, correction)
    for place in found:
        first = _first_line(bench, place)
        other = seen.setdefault((bench.articles[place.position].headline_line, first), correction)
        if other is correction and first in cuts and correction.action in {Action.JOIN, Action.KEEP}:
            other = cuts[first]
        if other is not correction:
            raise _contradiction(correction, other)
        try:
            tie_up(bench, correction, place)
        except NotApplied as reason:
            idle = reason
    if idle is not None and len(found) == 1:
        raise idle


def _first_line(bench: Bench, place: Place) -> int | None:
    if place.paragraph is None:
        return None
    return bench.articles[place.position].paragraphs[place.paragraph].span.first_line


def _contradiction(correction: Correction, other: Correction) -> NotApplied:
    if (correction.action, correction.value) == (other.action, other.value):
        return NotApplied(CorrectionTrouble.WITHOUT_EFFECT, f"line {other.line} of the file asks for the same")
    value = f" to {other.value}" if other.value else ""
    words = f"line {other.line} of the file asks for {other.action.value}{value} at the same place"
    return NotApplied(CorrectionTrouble.CONTRADICTION, words)


def _without_contradictions(bench: Bench, corrections: Sequence[Correction]) -> list[Correction]:
    """Those that no other correction of the same value, cut or article speaks against; neither of two is applied."""
    by_target: dict[Hashable, list[Correction]] = {}
    for each in corrections:
        by_target.setdefault(_target(bench, each), []).append(each)
    sound: list[Correction] = []
    for target, group in by_target.items():
        first, *others = group
        unlike = [each for each in others if _asked(each) != _asked(first)]
        if target is None or not others:
            sound += group
        elif unlike:
            for each in group:
                other = unlike[0] if each is first or _asked(each) == _asked(first) else first
                reason = _contradiction(each, other)
                bench.problem(each, CorrectionTrouble.CONTRADICTION, reason.detail, "action")
        else:
            sound.append(first)
            for each in others:
                reason = _contradiction(each, first)
                bench.problem(each, reason.trouble, reason.detail)
    return sorted(sound, key=lambda each: each.line)


def _asked(correction: Correction) -> tuple[Action, str, bool]:
    return correction.action, correction.value, bool(correction.article) and correction.action is Action.SPLIT


def _target(bench: Bench, correction: Correction) -> Hashable:
    """What a correction is about, where two of them can contradict each other; ties are looked at when applied."""
    if correction.action is Action.SET:
        if correction.field not in ARTICLE_FIELDS:
            return ("masthead", correction.field)
        place: Hashable = correction.lines
        if correction.field in {"headline", "page"}:
            try:
                place = bench.articles[bench.article_of(correction)].headline_line
            except NotApplied:
                return None
            if _cut_before(correction, place):
                place = correction.lines
        return (correction.field, correction.article if not correction.lines else "", place)
    if correction.action is Action.SPLIT:
        return ("split", correction.lines)
    if _joins_articles(correction):
        return ("join", correction.article)
    return None


def _cut_before(correction: Correction, headline_line: Hashable) -> bool:
    """Whether the line named is not the headline's own: it may be of an article that is yet to be parted off."""
    return bool(correction.lines) and correction.lines[0] != headline_line
