"""An issue described as corrected: what its masthead lacks may come from a correction; the rest is applied to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.corrections.applying import apply
from archiver.corrections.belonging import belonging, names_of
from archiver.corrections.possible import trouble
from archiver.model.corrections import Action, Corrected
from archiver.model.given import GIVEN_FIELDS, Given
from archiver.model.transcript import MastheadFault, MastheadTrouble, Reading, SourceIssue
from archiver.serials.description import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.corrections import Correction, Corrections
    from archiver.model.profile import SerialProfile

# Faults of a masthead that name a field, and are answered once the archivist has set it.
_OF_FIELD = {MastheadTrouble.MISSING_FIELD, MastheadTrouble.CONFLICT, MastheadTrouble.GIVEN_DIFFERS,
             MastheadTrouble.HINT_DIFFERS, MastheadTrouble.UNNUMBERED}  # fmt: skip
_OF_DATE = {MastheadTrouble.NO_DATE, MastheadTrouble.IMPOSSIBLE_DATE}


def describe_corrected(
    source: SourceIssue,
    profiles: Mapping[str, SerialProfile],
    corrections: Corrections,
    serial: str | None = None,
    *,
    alone: bool = True,
) -> tuple[Reading, Corrected]:
    """Read one issue and apply its corrections; the reading holds the corrected issue.

    A masthead whose date or number cannot be read is described with those that the corrections set. Raises what
    `describe` raises.
    """
    reading = describe(source, profiles, serial)
    read = reading.statements
    if reading.issue is None:
        mine = belonging(corrections, names_of(source), source.transcript, alone=alone)
        given = _given(mine.corrections, reading, corrections)
        if given.values:
            again = describe(replace(source, given=(*source.given, given)), profiles, serial)
            reading = replace(again, source=source) if again.issue is not None else reading
        if reading.issue is None:
            return reading, Corrected(None, problems=mine.problems, taken=mine.taken)
    if reading.profile is None or reading.issue is None:
        return reading, Corrected(None)
    corrected = apply(
        reading.issue,
        source.transcript,
        corrections,
        reading.profile,
        names=names_of(source),
        alone=alone,
        read=read,
    )
    issue = corrected.issue or reading.issue
    fields = {each.correction.field for each in corrected.applied if each.correction.action is Action.SET}
    faults = tuple(fault for fault in reading.faults if not _answered(fault, fields))
    return replace(reading, issue=issue, statements=issue.statements, faults=faults), corrected


def _given(mine: tuple[Correction, ...], reading: Reading, corrections: Corrections) -> Given:
    """What the corrections say that an issue is described by, as far as it is possible."""
    values = {
        each.field: each.value
        for each in mine
        if each.action is Action.SET
        and each.field in GIVEN_FIELDS
        and (reading.profile is None or not trouble(each.field, each.value, reading.profile))
    }
    return Given(corrections.path.name, tuple(values.items()), is_correction=True)


def _answered(fault: MastheadFault, fields: set[str]) -> bool:
    if fault.trouble in _OF_DATE:
        return "issue-date" in fields
    named = fault.detail.partition(":")[0].partition(" ")[0].rstrip(",")
    return fault.trouble in _OF_FIELD and named in fields
