"""What a corrections file came to on a whole deposit, corrections that no issue took among it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.corrections.bench import shown_place
from archiver.model.corrections import CorrectionProblem, CorrectionsOutcome, CorrectionTrouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.corrections import Corrected, Correction, Corrections

_SHOWN = 5  # names in a sentence


def outcome(corrections: Corrections, corrected: Sequence[Corrected], names: Sequence[str] = ()) -> CorrectionsOutcome:
    """Bring together what came of every issue. `names` are those by which the deposit's issues can be called.

    In a file for a whole folder, corrections that name an issue may be for another deposit: they are counted only.
    """
    taken = {line for each in corrected for line in each.taken}
    problems = [*corrections.problems, *(problem for each in corrected for problem in each.problems)]
    elsewhere = 0
    for each in corrections.corrections:
        if each.line in taken:
            continue
        if each.issue and corrections.is_shared:
            elsewhere += 1
        else:
            problems.append(_unplaced(each, corrections, names))
    return CorrectionsOutcome(
        corrections,
        tuple(done for each in corrected for done in each.applied),
        tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        elsewhere,
    )


def _unplaced(correction: Correction, corrections: Corrections, names: Sequence[str]) -> CorrectionProblem:
    words = f"{correction.action.value} {shown_place(correction)}".strip()
    known = f"{', '.join(names[:_SHOWN])}{' …' if len(names) > _SHOWN else ''}"
    if correction.issue:
        detail = f"the deposit has no issue {correction.issue!r}; it has {known or 'none that is described'}"
        return CorrectionProblem(CorrectionTrouble.STALE, f"{words}: {detail}", correction.line, "issue")
    if corrections.transcript_sha256:
        detail = f"no transcript has the SHA-256 {corrections.transcript_sha256}"
        return CorrectionProblem(CorrectionTrouble.OTHER_TRANSCRIPT, f"{words}: {detail}", correction.line, "issue")
    why = "this file is for every deposit of its folder" if corrections.is_shared else "the deposit has several issues"
    detail = f"it does not say which issue it is for, and {why}"
    return CorrectionProblem(CorrectionTrouble.NO_ISSUE, f"{words}: {detail}", correction.line, "issue")
