"""Accession records as read from their files: what each line says, and where a file is not what it was."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.model.provenance import Accession, EventOutcome, EventType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

ACCESSION_FILE = "accession.toml"
EVENTS_FILE = "events.jsonl"


class RecordStatus(enum.Enum):
    """How far an accession has come."""

    CLAIMED = "claimed"  # a number without a record: a run was stopped between the two
    BEGUN = "begun"
    ACCESSIONED = "accessioned"
    DAMAGED = "damaged"  # a file of the record is not what it was
    UNREADABLE = "unreadable"  # it could not be found out


@dataclass(frozen=True, slots=True)
class PackageStatement:
    """What an event of package creation says of its package. `place` is relative to the workspace, or absolute."""

    place: str
    identifier: str
    seal: str  # "sha512:…"
    files: int | None  # payload files
    size: int | None  # payload bytes
    replaces: str = ""  # the seal it had before, when an event of an update states it


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as a line of events.jsonl states it. Codes a newer archiver may add are kept as they are written."""

    sequence: int
    previous: str  # sha256 of the line before with its LF; for the first, of accession.toml
    digest: str  # sha256 of this line without this member, with its LF
    type: str
    at: datetime
    outcome: str
    detail: str
    note: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...]
    agents: tuple[str, ...]
    data: Mapping[str, Any]

    @property
    def type_label(self) -> str:
        """The term for the event's type, or its code when it is not one of ours."""
        return next((known.label for known in EventType if known.value == self.type), self.type)

    @property
    def outcome_label(self) -> str:
        """The term for the event's outcome, or its code when it is not one of ours."""
        return next((known.label for known in EventOutcome if known.value == self.outcome), self.outcome)

    @property
    def package(self) -> PackageStatement | None:
        """The package this event says was made: only an unfailed event of package creation that names one."""
        return self._stated() if self.type == EventType.INFORMATION_PACKAGE_CREATION.value else None

    @property
    def updated(self) -> PackageStatement | None:
        """The package this event says was sealed again: `replaces` is the seal it had before."""
        stated = self._stated() if self.type == EventType.METADATA_MODIFICATION.value else None
        return stated if stated is not None and stated.replaces else None

    def _stated(self) -> PackageStatement | None:
        place = self.data.get("package")
        if self.outcome == EventOutcome.FAIL.value or not isinstance(place, str):
            return None
        files, size = self.data.get("files"), self.data.get("size")
        return PackageStatement(
            place=place,
            identifier=str(self.data.get("identifier", "")),
            seal=str(self.data.get("seal", "")),
            files=files if isinstance(files, int) else None,
            size=size if isinstance(size, int) else None,
            replaces=str(self.data.get("replaces", "")),
        )

    @property
    def completes(self) -> bool:
        """Whether the accession is complete with this event: its package is made and none `remaining` is announced."""
        return self.package is not None and not self.data.get("remaining")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of events.jsonl: its own sha256 (with LF), the event it holds, or why it holds none."""

    number: int  # from 1
    digest: str
    event: RecordedEvent | None
    problem: str = ""
    event_digest: str = ""  # computed over the line without its `digest` member


@dataclass(frozen=True, slots=True)
class AccessionFacts:
    """What was read of accession.toml. Digests are sha256 in hexadecimal; `closing` is what its last line states."""

    digest: str
    accession: Accession | None
    fingerprint: str
    problems: tuple[str, ...] = ()
    closing: str = ""
    closing_computed: str = ""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A package looked for where an event says it is. `seal` is what was found there, "" with a `problem` if none."""

    stated: PackageStatement
    line: int
    seal: str = ""
    problem: str = ""
    unknown: str = ""  # why it could not be found out


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where a file of a record is not what it was, or not what it must be."""

    file: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Everything read of one accession record."""

    number: str  # the name of its folder
    shown: str  # its folder as shown to people, e.g. accessions/2026.001
    statement: AccessionFacts | None  # None: there is no accession.toml
    lines: tuple[LineFacts, ...] = ()
    torn: int = 0  # bytes after the last LF of events.jsonl
    tear_hides_event: bool = False  # those bytes are a whole event and one changed byte: no tear, damage
    set_aside: tuple[str, ...] = ()  # files of torn lines, moved by an earlier append
    packages: tuple[PackageFacts, ...] = ()
    strays: tuple[str, ...] = ()  # symbolic links and special files in the folder
    unknown: str = ""  # why the record could not be read

    @property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The events that could be read, in the order of their lines."""
        return tuple(line.event for line in self.lines if line.event is not None)

    @property
    def statements(self) -> tuple[tuple[PackageStatement, int], ...]:
        """Each package that was made, as the last event says of it, with the line of that event.

        An update counts when the seal it replaces is the one stated last; older seals stay in the events.
        """
        found: list[tuple[PackageStatement, int]] = []
        for line in self.lines:
            if line.event is None:
                continue
            if line.event.package is not None:
                found.append((line.event.package, line.number))
            updated = line.event.updated
            for index, (stated, _line) in enumerate(found):
                same = updated is not None and (stated.place, stated.seal) == (updated.place, updated.replaces)
                if same and updated is not None:
                    found[index] = (updated, line.number)
        return tuple(found)

    @property
    def status(self) -> RecordStatus:
        """How far the accession has come; damaged outweighs all."""
        if self.unknown:
            return RecordStatus.UNREADABLE
        if self.statement is None and not self.lines and not self.torn:
            return RecordStatus.CLAIMED
        if next(self.damages(), None) is not None:
            return RecordStatus.DAMAGED
        complete = any(event.completes for event in self.events)
        return RecordStatus.ACCESSIONED if complete else RecordStatus.BEGUN

    def damages(self) -> Iterator[Damage]:
        """Every damage to the record's own files. A torn last line is none: it was never acknowledged."""
        yield from self.statement_damages()
        yield from self.closing_damages()
        yield from self.line_damages()
        yield from self.sequence_damages()
        yield from self.chain_damages()

    def statement_damages(self) -> Iterator[Damage]:
        """accession.toml absent though events follow, unreadable, incomplete, or of another number."""
        if self.statement is None:
            if self.lines or self.torn:
                yield Damage(ACCESSION_FILE, None, "the file is missing although events follow it")
            return
        for problem in self.statement.problems:
            yield Damage(ACCESSION_FILE, None, problem)
        stated = self.statement.accession
        if stated is not None and stated.number != self.number:
            message = f"it states the number {stated.number}, and lies in the folder of number {self.number}"
            yield Damage(ACCESSION_FILE, None, message)

    def closing_damages(self) -> Iterator[Damage]:
        """accession.toml is not, byte for byte, what its last line says of it."""
        said = self.statement
        if said is not None and said.closing != said.closing_computed:
            stated = said.closing or "nothing"
            message = f"its last line states sha256 {stated}, the lines above it have {said.closing_computed}"
            yield Damage(ACCESSION_FILE, None, message)

    def line_damages(self) -> Iterator[Damage]:
        """Lines of events.jsonl that hold no event."""
        for line in self.lines:
            if line.event is None:
                yield Damage(EVENTS_FILE, line.number, line.problem)
        if self.tear_hides_event:
            message = "the last line is a whole event, but a byte other than LF ends it"
            yield Damage(EVENTS_FILE, len(self.lines) + 1, message)

    def sequence_damages(self) -> Iterator[Damage]:
        """Events whose number is not that of their line."""
        for line in self.lines:
            if line.event is not None and line.event.sequence != line.number:
                message = f"the event on line {line.number} states sequence {line.event.sequence}"
                yield Damage(EVENTS_FILE, line.number, message)

    def chain_damages(self) -> Iterator[Damage]:
        """Events changed since they were written, and events that do not follow the one before."""
        before = self.statement.digest if self.statement else ""
        before_is_sound = self.statement is not None
        name = ACCESSION_FILE
        for line in self.lines:
            event = line.event
            sound = event is not None and event.digest == line.event_digest
            if event is not None and not sound:
                message = f"the event states its own sha256 as {event.digest}, its bytes have {line.event_digest}"
                yield Damage(EVENTS_FILE, line.number, message)
            # A line already known to be changed cannot match what its successor recorded: one fault, not two.
            if sound and before_is_sound and event is not None and event.previous != before:
                message = f"the event follows sha256 {event.previous}, but {name} has {before}"
                yield Damage(EVENTS_FILE, line.number, message)
            before, before_is_sound, name = line.digest, sound, f"line {line.number}"


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """Numbers that differ in one serial only, e.g. 2026.001, 2026.002: the words around it, and the serials held."""

    before: str
    after: str
    width: int
    serials: tuple[int, ...]  # ascending, each once

    def number(self, serial: int) -> str:
        """The accession number of `serial` in this series."""
        return f"{self.before}{serial:0{self.width}}{self.after}"

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Runs of serials not held (first, last), from 1 to the highest held."""
        expected = 1
        for serial in self.serials:
            if serial > expected:
                yield expected, serial - 1
            expected = serial + 1


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What was read of the register as a whole."""

    shown: str
    numbers: tuple[str, ...]
    series: tuple[NumberSeries, ...] = ()
    twins: tuple[tuple[str, str], ...] = ()  # different names for one number
    strays: tuple[str, ...] = ()  # symbolic links and special files where records lie
    packages_found: tuple[str, ...] = ()  # packages in the workspace's packages folder, by place
    packages_stated: tuple[str, ...] = ()  # places that records state
    stated_twice: tuple[tuple[str, str], ...] = ()  # place, and the numbers that state it
