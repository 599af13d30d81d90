"""What the register says of itself: lists, single records, and the verdict on all of them, as reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.package import Seal
from archiver.model.register import PackageStatement, RecordedEvent, RecordFacts, RecordStatus
from archiver.model.report import AccessionLine, PackageLine, Report, Severity
from archiver.model.values import Algorithm, Checksum
from archiver.plugs import run_checks

if TYPE_CHECKING:
    from archiver.register.record import Record
    from archiver.register.register import Register


def list_accessions(register: Register) -> Report:
    """Every accession with its status, source and packages. A record that cannot be relied on is an error."""
    facts = [register.facts(record, packages=False) for record in register.records()]
    doubtful = [one.number for one in facts if one.status in {RecordStatus.DAMAGED, RecordStatus.UNREADABLE}]
    error = f"{'these records' if len(doubtful) > 1 else 'this record'} cannot be relied on: {', '.join(doubtful)}"
    return Report(
        command="register list",
        accessions=tuple(line_of(one, with_events=False) for one in facts),
        notes=() if facts else ("the register holds no accession",),
        error=error if doubtful else "",
        error_remedy="archiver register verify says what is wrong" if doubtful else "",
        error_status=3 if doubtful else 0,
    )


def show_accession(register: Register, record: Record, *, fail_on: Severity = Severity.ERROR) -> Report:
    """One accession with its packages and events, and what the rules say of its record."""
    facts = register.facts(record)
    runs, findings = run_checks("record", facts, subject=facts.number)
    head = facts.lines[-1].digest if facts.lines else facts.statement.digest if facts.statement else ""
    notes = (f"sha256 of the last line of the record: {head}",) if head else ()
    return Report(
        command="register show",
        checks=runs,
        findings=findings,
        accessions=(line_of(facts, with_events=True),),
        notes=notes,
        fail_on=fail_on,
    )


def verify_register(register: Register, *, fail_on: Severity = Severity.ERROR) -> Report:
    """Every rule on every record and on the register as a whole."""
    runs, findings = register.verify()
    held = sum(1 for _ in register.records())
    notes = (f"{held} accession {'record' if held == 1 else 'records'} verified",)
    return Report(command="register verify", checks=runs, findings=findings, notes=notes, fail_on=fail_on)


def line_of(facts: RecordFacts, *, with_events: bool) -> AccessionLine:
    """An accession as a line of a report; what could not be read is left empty."""
    stated = facts.statement.accession if facts.statement else None
    packages = tuple(package for package, _line in facts.statements)
    return AccessionLine(
        number=facts.number,
        status=facts.status.value,
        source=stated.source if stated else "",
        depositor=stated.depositor if stated else "",
        begun=stated.begun.isoformat() if stated else "",
        packages=tuple(_package_line(package) for package in packages),
        events=tuple(_event_line(event) for event in facts.events) if with_events else (),
    )


def _package_line(package: PackageStatement) -> PackageLine:
    name, _, hexdigest = package.seal.partition(":")
    try:
        seal = Seal(Checksum.of(Algorithm(name), hexdigest))
    except ValueError:
        return PackageLine(package.place, package.identifier, None, "no seal that can be compared is recorded")
    return PackageLine(package.place, package.identifier, seal, "recorded")


def _event_line(event: RecordedEvent) -> str:
    said = f": {event.detail}" if event.detail else ""
    return f"{event.sequence} {event.at.isoformat()} {event.type_label}, {event.outcome_label}{said}"
