"""Rules for corrections by the archivist: each is understood, signed, fits the text it was made for, and is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.corrections import ENDING, SHARED, CorrectionTrouble
from archiver.model.names import escape
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.corrections import AppliedCorrection, CorrectionsOutcome
    from archiver.model.transcript import Deposit

_CLAUSE = "archiver: corrections"
_EDIT = "Change the corrections file; docs/corrections.md says how a correction is written."
_LOOK = "Compare the correction with the transcript as it is now, and change the correction; never the deposit."


def _faults(outcome: CorrectionsOutcome, trouble: CorrectionTrouble, remedy: str) -> Iterator[Fault]:
    for one in outcome.problems:
        if one.trouble is trouble:
            yield Fault(escape(one.detail), str(outcome.corrections.path), one.line, remedy)


@check("COR-001", "A corrections file is TOML", _CLAUSE, needs="corrections")
def readable(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Of a file that cannot be read, no correction is known."""
    yield from _faults(outcome, CorrectionTrouble.NOT_TOML, "Mend the line named; the file is text in UTF-8.")


@check("COR-002", "Every key of a corrections file is known", _CLAUSE, needs="corrections")
def keys_known(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A key that is not known may be a slip of the hand, and what it was to say is lost."""
    yield from _faults(outcome, CorrectionTrouble.UNKNOWN_KEY, _EDIT)


@check("COR-003", "Every action is known", _CLAUSE, needs="corrections")
def actions_known(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Nobody can do what has no name."""
    yield from _faults(outcome, CorrectionTrouble.UNKNOWN_ACTION, _EDIT)


@check("COR-004", "A correction has what its action needs", _CLAUSE, needs="corrections")
def complete(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A value of the wrong kind, or a place that is not said, is not guessed."""
    yield from _faults(outcome, CorrectionTrouble.WRONG_VALUE, _EDIT)


@check("COR-005", "A correction says who and why", _CLAUSE, needs="corrections")
def signed(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """What is changed without a reason, and by nobody, cannot be answered for later."""
    yield from _faults(
        outcome, CorrectionTrouble.UNSIGNED, "Write reason, and who; one who for all may stand at the top."
    )


@check("COR-006", "A correction names the words it is about", _CLAUSE, needs="corrections")
def guarded(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Lines move when a transcript comes again: words, or the digest of the transcript, tell that they have."""
    yield from _faults(
        outcome,
        CorrectionTrouble.UNGUARDED,
        "Add text with a few words that stand there, or transcript-sha256 at the top of the file.",
    )


@check("COR-007", "The transcript is the one that was corrected", _CLAUSE, needs="corrections")
def same_transcript(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Corrections of another state of a transcript may hit other words."""
    yield from _faults(
        outcome,
        CorrectionTrouble.OTHER_TRANSCRIPT,
        "Go through the corrections on the transcript as it is now; then put its SHA-256 into the file.",
    )


@check("COR-008", "The words that a correction expects stand there", _CLAUSE, needs="corrections")
def same_words(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A correction never changes other words than those it was made for."""
    yield from _faults(outcome, CorrectionTrouble.OTHER_TEXT, _LOOK)


@check("COR-009", "Every correction fits something", _CLAUSE, needs="corrections")
def fitting(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A correction whose place is gone is out of date, or was written for another issue."""
    yield from _faults(outcome, CorrectionTrouble.STALE, _LOOK)


@check("COR-010", "Corrections do not contradict one another", _CLAUSE, needs="corrections")
def consistent(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Of two corrections of one place, archiver does not choose."""
    yield from _faults(outcome, CorrectionTrouble.CONTRADICTION, "Decide for one of the two, and take the other out.")


@check("COR-011", "A value that is set is possible", _CLAUSE, needs="corrections")
def possible(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A correction must not bring in a fault: a date is a date, an ISSN has its check digit."""
    yield from _faults(outcome, CorrectionTrouble.IMPOSSIBLE, "Compare the value with the page, and write it as asked.")


@check("COR-012", "It is said which issue a correction is for", _CLAUSE, needs="corrections")
def addressed(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """Where there are several issues, a correction of one must not reach another."""
    yield from _faults(
        outcome,
        CorrectionTrouble.NO_ISSUE,
        "Add issue with the identifier of the issue, or the name of its transcript.",
    )


@check("COR-013", "Every correction changes something", _CLAUSE, needs="corrections", severity=Severity.NOTICE)
def effective(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """A correction that is no longer needed may be left out; it does no harm."""
    yield from _faults(outcome, CorrectionTrouble.WITHOUT_EFFECT, "Nothing has to be done; it can be taken out.")


@check("COR-014", "Corrections are told", _CLAUSE, needs="corrections", severity=Severity.NOTICE)
def told(outcome: CorrectionsOutcome) -> Iterator[Fault]:
    """What the archivist changed is never mistaken for what was read."""
    for one in outcome.applied:
        yield Fault(
            escape(_words(one)),
            str(outcome.corrections.path),
            one.correction.line,
            "Nothing has to be done: the correction is recorded in the package, and the deposit stays as it is.",
        )


def _words(one: AppliedCorrection) -> str:
    correction = one.correction
    lines = f" (line {'–'.join(str(number) for number in one.lines)})" if one.lines else ""
    what = " ".join(part for part in (correction.action.value, correction.field, one.article) if part)
    answered = f"; answers: {', '.join(one.answers)}" if one.answers else ""
    return f"{what}{lines}: {one.now}; as read: {one.was}{answered}; {correction.who}: {correction.reason}"


@check("COR-015", "Corrections lie beside the deposit", _CLAUSE, needs="deposit", severity=Severity.NOTICE)
def beside(deposit: Deposit) -> Iterator[Fault]:
    """A corrections file within a deposit came with it: it is kept like any file of the deposit, and not applied."""
    if not deposit.is_folder:
        raise Skip("the deposit is one file")
    for entry in deposit.entries:
        name = entry.name.rpartition("/")[2]
        if name == SHARED or name.endswith(ENDING):
            yield Fault(
                f"{escape(entry.name)} lies within the deposit: it is part of it, and was not applied",
                entry.name,
                remedy="If it is yours, put it beside the deposit; what a depositor sent stays where it is.",
            )
