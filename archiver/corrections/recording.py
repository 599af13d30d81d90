"""What was corrected, told: PREMIS events, the notes of the description, and the file that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.corrections.bench import shown_place
from archiver.model.corrections import SHARED
from archiver.model.provenance import Event, EventOutcome, EventType
from archiver.model.transcript import DerivedFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archiver.model.corrections import AppliedCorrection, Corrections


def correction_events(
    applied: Sequence[AppliedCorrection], at: datetime, agents: tuple[str, ...], *, issue: str = ""
) -> list[Event]:
    """A metadata modification for each correction applied: who, why, what was and what is.

    `at` is when it was applied, `agents` who and what applied it, `issue` the identifier of the corrected issue. The
    day on which the archivist wrote it is in the detail.
    """
    return [
        Event(
            EventType.METADATA_MODIFICATION,
            at,
            EventOutcome.SUCCESS,
            f"Correction by {_who(each)}: {_what(each)}. The deposited files were not changed.",
            f"reason: {each.correction.reason}; was: {each.was}; is: {each.now}",
            outcomes=(issue,) if issue else (),
            agents=agents,
        )
        for each in applied
    ]


def sentence(applied: AppliedCorrection) -> str:
    """A correction as a note of the description."""
    return (
        f"Corrected by {_who(applied)}: {_what(applied)}: {applied.now} (as read: {applied.was}). "
        f"Reason: {applied.correction.reason.rstrip('.')}."
    )


def corrections_document(corrections: Corrections) -> DerivedFile:
    """The corrections file as it is kept in the package: its bytes as they were applied."""
    return DerivedFile(SHARED, corrections.content, "application/toml")


def _who(applied: AppliedCorrection) -> str:
    correction = applied.correction
    return f"{correction.who} on {correction.date}" if correction.date else correction.who


def _what(applied: AppliedCorrection) -> str:
    correction = applied.correction
    place = shown_place(correction)
    if not correction.lines and applied.lines:
        name = "line" if len(applied.lines) == 1 else "lines"
        place = f"{place} ({name} {'–'.join(str(number) for number in applied.lines)})"
    return f"{correction.action.value} {place}".strip()
