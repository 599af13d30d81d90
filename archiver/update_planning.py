"""What becomes of a bag that is updated: read in full, verified, compared with its seal. Nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver import plugs
from archiver.fixity.measure import failure, measure_here, stamp
from archiver.model.bag import BagContents
from archiver.model.measurements import Measurements
from archiver.model.package import FileStamp
from archiver.model.progress import QUIET, Progress
from archiver.model.provenance import Agent, Event, EventOutcome, EventType
from archiver.model.register import LineFacts, PackageStatement, RecordedEvent
from archiver.model.report import CheckRun, Finding, Outcome, Severity
from archiver.model.update import EVENTS, BagToUpdate, ChangedTagFile, Revision
from archiver.model.values import Algorithm
from archiver.packages.bag import Bag
from archiver.packages.bag.resealing import Way
from archiver.packages.bag.revising import Revised, differences, read_tag_file, revise
from archiver.register import Record, Register, chain
from archiver.register.updates import find_record, seal_record

ACCESSION_LABEL = "Internal-Sender-Identifier"  # of bag-info.txt: the accession number
# What is put right when tag manifests and Payload-Oxum are made anew. The rules UPD-… hold what of it may not be.
_MENDED = frozenset({"FIX-002", "BAG-015", "BAG-016", "BAG-019"})


@dataclass(frozen=True, slots=True)
class Updating:
    """How a bag is updated: why, by whom, the clock, and the registers whose records it may stand in."""

    now: Callable[[], datetime]
    software: Agent
    reason: str = ""
    operator: Agent | None = None
    registers: tuple[Register, ...] = ()
    destination: Path | None = None  # a copy is updated, and the bag stays as it is
    dry_run: bool = False
    workers: int = 2
    schemas: Path | None = None
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR
    ways: Sequence[Way] = tuple(Way)


@dataclass(frozen=True, slots=True)
class Examined:
    """A bag that was read in full, with what is to become of it."""

    contents: BagContents
    stamps: Mapping[str, FileStamp]  # of every file, from before it was read
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]
    lines: tuple[LineFacts, ...]  # of the events in the bag
    record: tuple[Record, PackageStatement] | None
    revised: Revised | None = None  # None: refused
    changed: tuple[ChangedTagFile, ...] = ()

    @property
    def seal(self) -> str:
        """The seal the bag has, "" when it has no tag manifest."""
        return str(self.contents.seal or "")

    @property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The events of earlier updates."""
        return tuple(line.event for line in self.lines if line.event is not None)

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to seal."""
        held = {one.algorithm for one in self.contents.tag_manifests}
        return bool(self.changed) or (self.revised is not None and set(self.revised.sealing) != held)

    def event_line(self, settings: Updating, at: datetime) -> bytes:
        """The line that says who updates the bag, when, why, and what it was before. Raises UsageError."""
        event = Event(
            EventType.METADATA_MODIFICATION,
            at,
            EventOutcome.SUCCESS,
            "Tag files updated and sealed again; every payload file was verified before",
            note=settings.reason.strip(),
            agents=tuple(agent.identifier for agent in (settings.software, settings.operator) if agent is not None),
        )
        data = {
            "seal_before": self.seal,
            "reason": settings.reason.strip(),
            "operator": settings.operator.name if settings.operator else "",
            "software": f"{settings.software.name} {settings.software.version}".strip(),
            "tag_files": [
                {
                    "path": each.path,
                    "change": each.change.value,
                    "before": str(each.before or ""),
                    "after": str(each.after or ""),
                }
                for each in self.changed
            ],
            "done": list(self.revised.said) if self.revised is not None else [],
        }
        previous = self.lines[-1].digest if self.lines else ""
        return chain.render(event, data, sequence=len(self.lines) + 1, previous=previous)


def examine(bag: Path, revision: Revision, settings: Updating) -> Examined:
    """Read a bag in full, judge what no update may seal again, and plan the update.

    Raises UsageError for what cannot be done to this bag, and what reading raises.
    """
    opened = Bag.open(bag)
    settings.progress.say(f"Verifying {bag}")
    stamps = _stamps(bag)
    contents = opened.contents(workers=settings.workers, progress=settings.progress, also=revision.add_algorithms)
    checks, findings = plugs.run_checks("bag", contents, subject=str(bag))
    findings = tuple(found for found in findings if found.code not in _MENDED)
    examined = Examined(contents, stamps, checks, findings, (), None)
    if contents.unreadable or not contents.has_declaration:
        return examined
    if not contents.tag_manifests:
        contents = _with_tag_files(contents)
    lines, torn = chain.split(read_tag_file(contents, EVENTS))
    facts = chain.read_lines(lines)
    events = tuple(line.event for line in facts if line.event is not None)
    record = _recorded(bag, contents, settings.registers)
    stated = seal_record(*record, events, str(contents.seal or "")) if record is not None else None
    by_hand = {each.path: each for each in differences(contents, {}, frozenset(), with_events=True)}
    to_update = BagToUpdate(contents, by_hand, facts, len(torn), stated)
    more, found = plugs.run_checks("update", to_update, subject=str(bag))
    examined = Examined(contents, stamps, checks + more, findings + found, facts, record)
    if _is_grave(examined.checks, examined.findings):
        return examined
    revised = revise(contents, revision)
    changed = differences(contents, revised.written, revised.left_out)
    return replace(examined, revised=revised, changed=changed)


def _is_grave(checks: Sequence[CheckRun], findings: Sequence[Finding]) -> bool:
    broken = any(run.outcome is Outcome.BROKEN for run in checks)
    return broken or any(found.severity is Severity.ERROR for found in findings)


def _recorded(
    bag: Path, contents: BagContents, registers: Sequence[Register]
) -> tuple[Record, PackageStatement] | None:
    numbers = contents.values(ACCESSION_LABEL)
    found = (find_record(register, bag, numbers) for register in registers)
    return next((one for one in found if one is not None), None)


def _stamps(bag: Path) -> dict[str, FileStamp]:
    """What lstat says of every file, by path, before any is read."""

    def refuse(error: OSError) -> None:
        raise failure(error, bag, "reading") from error

    start = len(os.fspath(bag)) + 1
    return {
        place[start:]: stamp(Path(place))
        for folder, _folders, names in os.walk(bag, onerror=refuse)
        for place in (f"{folder}/{name}" for name in names)
    }


def _with_tag_files(contents: BagContents) -> BagContents:
    """The contents of a bag that was never sealed, its tag files measured as its payload was, and by sha512."""
    algorithms = {one.algorithm: None for one in contents.manifests if one.algorithm is not None}
    measured = Measurements()
    for path in contents.payload:
        measured.note(path, contents.measured[path])
    for path in sorted(contents.tag_files):
        named = contents.measured[path].checksums if path in contents.measured else ()
        every = tuple({**algorithms, **{one.algorithm: None for one in named}, Algorithm.SHA512: None})
        measured.note(path, measure_here(contents.path / path, every, head=0))
    return replace(contents, measured=measured)
