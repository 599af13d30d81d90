"""Rules for accession records and the register. The clauses are those of docs/register.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.model.register import EVENTS_FILE, Damage, RecordFacts, RecordStatus, RegisterFacts
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RESTORE = "restore this record's folder from a copy; do not edit its files"
_LOOK = "keep the record; find out from the run's log or the operator what was interrupted"


def _readable(record: RecordFacts) -> RecordFacts:
    if record.unknown:
        raise CouldNotFindOut(record.unknown)
    return record


def _faults(record: RecordFacts, damages: Iterable[Damage]) -> Iterator[Fault]:
    for damage in damages:
        yield Fault(damage.message, f"{record.shown}/{damage.file}", damage.line, _RESTORE)


@check("REG-001", "The chain of events is whole", "docs/register.md, The chain", needs="record")
def chain_is_whole(record: RecordFacts) -> Iterator[Fault]:
    """Every event is as it was written and follows the one before."""
    yield from _faults(record, _readable(record).chain_damages())


@check("REG-002", "The accession is stated", "docs/register.md, accession.toml", needs="record")
def accession_is_stated(record: RecordFacts) -> Iterator[Fault]:
    """accession.toml can be read, states what it must, and its number is that of its folder."""
    yield from _faults(record, _readable(record).statement_damages())
    if record.status is RecordStatus.CLAIMED:
        message = f"the number {record.number} is claimed, but no accession is stated: a run was stopped"
        remedy = "keep the folder, so that the number is not given again"
        yield Fault(message, record.shown, None, remedy, Severity.WARNING)


@check("REG-003", "No line is torn", "docs/register.md, Torn lines", needs="record", severity=Severity.WARNING)
def no_line_is_torn(record: RecordFacts) -> Iterator[Fault]:
    """The last line ends with LF, and no torn line was set aside."""
    path = f"{_readable(record).shown}/{EVENTS_FILE}"
    if record.torn and not record.tear_hides_event:
        message = (
            f"{record.torn} bytes follow the last whole line: an event that was being written when the run was stopped"
        )
        remedy = "nothing acknowledged is lost; the next event moves these bytes to a file of their own"
        yield Fault(message, path, len(record.lines) + 1, remedy)
    for name in record.set_aside:
        message = "a torn line was set aside here: an event that was being written when a run was stopped"
        yield Fault(message, f"{record.shown}/{name}", None, _LOOK, Severity.NOTICE)


@check("REG-004", "Events are numbered without a gap", "docs/register.md, The chain", needs="record")
def events_are_numbered(record: RecordFacts) -> Iterator[Fault]:
    """The event on line n states sequence n."""
    yield from _faults(record, _readable(record).sequence_damages())


@check("REG-005", "Packages are where the record says", "docs/register.md, Packages", needs="record")
def packages_are_in_place(record: RecordFacts) -> Iterator[Fault]:
    """Every package is at its recorded place and has its recorded seal."""
    unknown = ""
    for package in _readable(record).packages:
        unknown = unknown or package.unknown
        place, stated = package.stated.place, package.stated.seal
        path = f"{record.shown}/{EVENTS_FILE}"
        if package.problem:
            remedy = "put the package back where the record says, from another copy if need be"
            yield Fault(f"the package {place}: {package.problem}", path, package.line, remedy)
        elif not package.unknown and package.seal != stated:
            message = f"the package {place} has the seal {package.seal}, recorded is {stated}"
            remedy = (
                "restore the package from another copy with the recorded seal; if it was updated on purpose (it has "
                "update-events.jsonl), archiver bag update, run on it here, completes the record"
            )
            yield Fault(message, path, package.line, remedy)
    if unknown:
        raise CouldNotFindOut(unknown)


@check("REG-006", "Numbers run without gaps or twins", "docs/register.md, Numbers", needs="register")
def numbers_run(register: RegisterFacts) -> Iterator[Fault]:
    """No number is missing between those held, and no two folders mean one number."""
    for first, second in register.twins:
        message = f"{first} and {second} are two ways to write one number"
        remedy = "find out from the packages and the agreements which is right; a number must mean one accession"
        yield Fault(message, f"{register.shown}/{second}", None, remedy, Severity.ERROR)
    for run in register.series:
        for first_gap, last_gap in run.gaps():
            one = first_gap == last_gap
            names = run.number(first_gap) if one else f"{run.number(first_gap)} to {run.number(last_gap)}"
            message = f"{names} {'is' if one else 'are'} not in the register, though {run.number(run.serials[-1])} is"
            remedy = "restore the missing records from a copy; a number is never given again"
            # Numbers before the first may have been given before there was a register.
            severity = Severity.NOTICE if first_gap == 1 else Severity.WARNING
            yield Fault(message, register.shown, None, remedy, severity)


@check("REG-007", "Every line is an event", "docs/register.md, events.jsonl", needs="record")
def lines_are_events(record: RecordFacts) -> Iterator[Fault]:
    """Every line is one event, written the one way events are written."""
    yield from _faults(record, _readable(record).line_damages())


@check("REG-008", "Time does not run backwards", "docs/register.md, Time", needs="record", severity=Severity.WARNING)
def time_runs_forwards(record: RecordFacts) -> Iterator[Fault]:
    """No event is earlier than the one before it, or than the beginning of the accession."""
    statement = _readable(record).statement
    before = statement.accession.begun if statement and statement.accession else None
    for line in record.lines:
        if line.event is None:
            continue
        if before is not None and line.event.at < before:
            message = f"the event is dated {line.event.at.isoformat()}, earlier than {before.isoformat()} before it"
            remedy = "set the clock of the machine; the order of events is that of their lines, and is not in doubt"
            yield Fault(message, f"{record.shown}/{EVENTS_FILE}", line.number, remedy)
        before = line.event.at


@check("REG-009", "Records hold plain files only", "docs/register.md, Records", needs="record")
def record_is_plain(record: RecordFacts) -> Iterator[Fault]:
    """A record holds no symbolic link and no special file."""
    for name in _readable(record).strays:
        message = "a record holds a symbolic link or a special file; it was not opened"
        yield Fault(message, f"{record.shown}/{name}", None, "put the file itself in its place, or take it out")


@check("REG-010", "accession.toml is as it was written", "docs/register.md, accession.toml", needs="record")
def accession_is_unchanged(record: RecordFacts) -> Iterator[Fault]:
    """accession.toml has the digest that its last line states."""
    if _readable(record).statement is None:
        raise Skip("there is no accession.toml")
    yield from _faults(record, record.closing_damages())


@check(
    "REG-011", "Packages are registered once", "docs/register.md, Packages", needs="register", severity=Severity.WARNING
)
def packages_are_registered(register: RegisterFacts) -> Iterator[Fault]:
    """Every package of the workspace is in one record, and in no second one."""
    for place in register.packages_found:
        if place not in register.packages_stated:
            message = "this package is in no accession record"
            remedy = "find out where it came from: accession its deposit, or keep it outside the packages folder"
            yield Fault(message, place, None, remedy)
    for place, numbers in register.stated_twice:
        remedy = "find out which accession it belongs to; the records stay as they are"
        yield Fault(f"this package is in more than one accession record: {numbers}", place, None, remedy)


@check(
    "REG-012",
    "The register holds records only",
    "docs/register.md, Records",
    needs="register",
    severity=Severity.WARNING,
)
def register_is_plain(register: RegisterFacts) -> Iterator[Fault]:
    """Beside records there are plain files only, and every folder's name can be a number."""
    for name in register.strays:
        message = "this is no record: a symbolic link, a special file, or a name that cannot be a number"
        yield Fault(message, f"{register.shown}/{name}", None, "move it out of the register; it was not opened")
