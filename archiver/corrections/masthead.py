"""What the masthead says, as set by the archivist, and what hangs on it: numbering, date, the issue's identifier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.corrections.bench import holds
from archiver.corrections.possible import day, trouble
from archiver.model.corrections import AppliedCorrection, Correction, CorrectionProblem, CorrectionTrouble
from archiver.model.serial import Agreement, Confidence, Issue, Statement, Title
from archiver.serials.description import package_name
from archiver.serials.masthead import compared
from archiver.serials.romanise import romanised_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.profile import SerialProfile


def set_statements(
    issue: Issue, corrections: Sequence[Correction], profile: SerialProfile, read: Sequence[Statement]
) -> tuple[Issue, list[AppliedCorrection], list[CorrectionProblem]]:
    """The issue with the statements set; `read` are those of its masthead as it was read, to say what was.

    The printed words of a statement stay what the transcript has. A statement that is not printed has none.
    """
    statements = {said.field: said for said in issue.statements}
    before = {said.field: said for said in read}
    printed = " ".join(said.printed for said in read)
    applied: list[AppliedCorrection] = []
    problems: list[CorrectionProblem] = []
    for each in corrections:
        said, was = statements.get(each.field), before.get(each.field)
        why = trouble(each.field, each.value, profile)
        if why:
            detail = f"set {each.field}: {each.value!r}: {why}"
            problems.append(CorrectionProblem(CorrectionTrouble.IMPOSSIBLE, detail, each.line, "value"))
        elif each.text and not holds(printed if was is None else was.printed, each.text):
            stands = (
                f"{was.printed!r} stands there" if was is not None and was.printed else "the masthead has other words"
            )
            detail = f"set {each.field}: it expects {each.text!r}, and {stands}"
            problems.append(CorrectionProblem(CorrectionTrouble.OTHER_TEXT, detail, each.line, "text"))
        elif was is not None and was.value == each.value:
            detail = f"set {each.field}: it is {each.value} already"
            problems.append(CorrectionProblem(CorrectionTrouble.WITHOUT_EFFECT, detail, each.line, "value"))
        else:
            statements[each.field] = _corrected(said, each)
            shown = was.value if was is not None else "not said"
            lines = was.lines if was is not None else ()
            applied.append(AppliedCorrection(each, shown, each.value, lines))
    if not applied:
        return issue, applied, problems
    made = [each.correction for each in applied]
    return _recomputed(issue, tuple(statements.values()), made, profile), applied, problems


def _corrected(said: Statement | None, correction: Correction) -> Statement:
    printed, lines = (said.printed, said.lines) if said is not None else ("", ())
    return Statement(
        correction.field,
        correction.value,
        printed,
        lines,
        Confidence.CORRECTED,
        Agreement.NOT_CHECKED,
        f"corrected by {correction.who}",
    )


def _recomputed(
    issue: Issue, statements: tuple[Statement, ...], corrections: Sequence[Correction], profile: SerialProfile
) -> Issue:
    """Everything that follows from the statements that were set."""
    values = {each.field: each.value for each in corrections}
    issued = day(values.get("issue-date", "")) or issue.issued
    numbering = replace(
        issue.numbering,
        volume=values.get("volume", issue.numbering.volume),
        issue=values.get("issue-number", issue.numbering.issue),
        edition=values.get("edition", issue.numbering.edition),
    )
    if "whole-number" in values:
        numbering = replace(numbering, whole=int(values["whole-number"]))
    title = issue.title
    if "title" in values:
        own = values["title"] == profile.title.text
        title = romanised_title(profile.title if own else Title(values["title"], title.language, title.script))
    parallel = list(issue.parallel_titles)
    if "parallel-title" in values:
        said = next(each for each in profile.parallel_titles if each.text == values["parallel-title"])
        parallel = [each for each in parallel if each.text != said.text]
        parallel.append(romanised_title(said))
    names = {"issue-date", "whole-number", "issue-number", "volume", "edition"} & values.keys()
    return replace(
        issue,
        identifier=package_name(profile, issued, numbering) if names else issue.identifier,
        issued=issued,
        numbering=numbering,
        title=title,
        parallel_titles=tuple(parallel),
        publisher=values.get("publisher", issue.publisher),
        statements=tuple(compared(statements, issued, profile)),
        not_transcribed=tuple(name for name in issue.not_transcribed if name not in values),
    )
