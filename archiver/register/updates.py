"""Updates of packages: the record that states a package, and the event that states its new seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.errors import RecordDamaged
from archiver.model.provenance import Event, EventOutcome, EventType
from archiver.model.register import RecordStatus
from archiver.model.update import SealRecord
from archiver.register.record import read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from archiver.model.register import PackageStatement, RecordedEvent, RecordFacts
    from archiver.register.record import Record
    from archiver.register.register import Register


def find_record(register: Register, package: Path, likely: Sequence[str]) -> tuple[Record, PackageStatement] | None:
    """The record that states a package at this place, and what it states last; `likely` numbers are looked at first.

    Raises RecordDamaged when that record is not whole, StorageError when the records cannot be read.
    """
    place = register.place(package)
    records = sorted(register.records(), key=lambda record: record.number not in likely)
    for record in records:
        facts = read_facts(record.folder)
        stated = next((stated for stated, _line in facts.statements if stated.place == place), None)
        if stated is not None:
            _refuse_damaged(facts)
            return record, stated
    return None


def steps_from(recorded: str, events: Sequence[RecordedEvent], seal: str) -> tuple[tuple[RecordedEvent, str], ...]:
    """The events of a bag that came after it had the recorded seal, each with the seal it led to; `seal` is its seal
    now. Empty when no event began from there.
    """
    before = [str(event.data.get("seal_before") or "") for event in events]
    if recorded not in before:
        return ()
    first = before.index(recorded)
    return tuple(zip(events[first:], [*before[first + 1 :], seal], strict=True))


def seal_record(record: Record, stated: PackageStatement, events: Sequence[RecordedEvent], seal: str) -> SealRecord:
    """What the record says of a bag with these events and this seal ("" when it has none)."""
    leads_here = stated.seal == seal or bool(steps_from(stated.seal, events, seal))
    return SealRecord(record.number, stated.seal, leads_here)


def record_update(
    record: Record, stated: PackageStatement, step: tuple[RecordedEvent, str], *, at: datetime, agent: str
) -> PackageStatement:
    """Add the event of one update to the record; what it states from then on is returned.

    Raises RecordDamaged or StorageError.
    """
    done, seal = step
    data: Mapping[str, Any] = {
        **done.data,
        "package": stated.place,
        "identifier": stated.identifier,
        "seal": seal,
        "replaces": stated.seal,
        "files": stated.files,
        "size": stated.size,
        "updated": done.at.isoformat(),
        "line": done.digest,
    }
    event = Event(
        EventType.METADATA_MODIFICATION,
        at,
        EventOutcome.SUCCESS,
        f"Tag files of {stated.identifier} updated and sealed again",
        note=done.note,
        sources=(stated.identifier,),
        outcomes=(stated.identifier,),
        agents=(agent,),
    )
    found = record.append(event, data).updated
    if found is None:
        raise RecordDamaged(f"{record.folder}: the event of the update was not found again")
    return found


def _refuse_damaged(facts: RecordFacts) -> None:
    if facts.status is RecordStatus.DAMAGED:
        damage = next(facts.damages())
        raise RecordDamaged(
            f"{facts.shown}/{damage.file}: {damage.message}",
            remedy="Restore the record from a copy, then update (archiver register verify says what is wrong).",
        )
