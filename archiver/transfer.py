"""Transfer: packages go to a target, copied and verified there, and the proof comes back into the register.

A package is validated before it is sent; one that is not whole stays here, and the others go. A copy counts only when
every byte was read again at the far end and its seal is ours. Then the event is added to the accession record, and last
the receipt is written beside it: a run that is killed in between finds the package held, and completes both.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from archiver import plugs
from archiver.errors import ArchiverError, ConfigurationError, CouldNotFindOut, UnreadableInput, UsageError
from archiver.fixity.measure import measure, stamp
from archiver.model.bag import BagContents
from archiver.model.package import Holding, Receipt, SealedBag, SourceFile
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Outcome, PackageLine, Report, Severity
from archiver.model.shipment import Destination, Dispatch, Replica, Sender, Shipment, ShippedFile, Stated
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import Bag
from archiver.register import Record, Register
from archiver.register.receipts import record_damage, record_receipt
from archiver.targets.far_end import CopyDamaged

ACCESSION_LABEL = "Internal-Sender-Identifier"  # of bag-info.txt: the accession number


class Target(Protocol):
    """What a module of `archiver.targets` offers as TARGET. `options` are its settings, each with its meaning."""

    @property
    def kind(self) -> str:
        """The word before the colon in an address, and `kind` in archiver.toml."""

    @property
    def options(self) -> Mapping[str, str]:
        """The target's own settings, each with its meaning."""

    def hold(self, shipment: Shipment, destination: Destination, dispatch: Dispatch) -> Receipt:
        """Hold a package, and return only when it was verified there."""


@dataclass(frozen=True, slots=True)
class Dock:
    """What transfers work with: the register (None outside of a workspace), who sends, and the clock."""

    register: Register | None
    sender: Sender
    agent: str  # identifier of the executing program
    now: Callable[[], datetime]
    progress: Progress = QUIET
    workers: int = 2
    fail_on: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one package."""

    package: PackageLine
    checks: tuple[CheckRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    receipt: Receipt | None = None
    notes: tuple[str, ...] = ()
    error: ArchiverError | None = None


def targets() -> dict[str, Target]:
    """Every target there is, by kind."""
    return {target.kind: target for target in plugs.discover("archiver.targets", "TARGET").values()}


def find_destination(
    target: str, named: Mapping[str, Destination], options: Mapping[str, str] | None = None
) -> Destination:
    """What a name from archiver.toml, or an address such as ocfl:DIR, stands for; `options` are added to its own.

    Raises UsageError when it is neither, ConfigurationError for an option the target does not know.
    """
    found = named.get(target)
    known = targets()
    if found is None:
        kind, colon, place = target.partition(":")
        if not colon or kind not in known or not place:
            near = difflib.get_close_matches(target, named, n=1)
            guess = f" Did you mean {near[0]}?" if near else ""
            addresses = ", ".join(f"{kind}:DIR" for kind in sorted(known))
            message = f"{target} is no target of archiver.toml, and no address ({addresses}).{guess}"
            raise UsageError(message, remedy="Name a target of archiver.toml, or write an address.")
        found = Destination(target, kind, place)
    if found.kind not in known:
        message = f"target {found.name}: kind {found.kind!r} is not one of {', '.join(sorted(known))}."
        raise ConfigurationError(message, remedy="Mend the kind in archiver.toml.")
    merged = {**found.options, **(options or {})}
    strange = sorted(merged.keys() - known[found.kind].options.keys())
    if strange:
        offered = ", ".join(sorted(known[found.kind].options)) or "none"
        message = f"target {found.name}: {strange[0]!r} is no option of kind {found.kind} (it has: {offered})."
        raise ConfigurationError(message, remedy="Mend the option.")
    return replace(found, options=merged)


def transfer(packages: Sequence[Path], destination: Destination, dock: Dock) -> Report:
    """Transfer packages to one target, each verified there and receipted; those that are not whole are not sent.

    The report holds every finding of every package. What could not be done for one package does not stop the others.
    """
    target = targets()[destination.kind]
    results = [_one(path, target, destination, dock) for path in packages]
    errors = [result.error for result in results if result.error is not None]
    worst = max(errors, key=lambda error: error.exit_status, default=None)
    return Report(
        command="transfer",
        checks=tuple(run for result in results for run in result.checks),
        findings=tuple(found for result in results for found in result.findings),
        packages=tuple(result.package for result in results),
        receipts=tuple(result.receipt for result in results if result.receipt is not None),
        notes=tuple(note for result in results for note in result.notes),
        error=" ".join(error.message for error in errors),
        error_remedy=worst.remedy if worst else "",
        error_status=worst.exit_status if worst else 0,
        fail_on=dock.fail_on,
    )


def _one(path: Path, target: Target, destination: Destination, dock: Dock) -> _Result:
    result = _Result(PackageLine(str(path), path.name, None, "not sent"))
    try:
        bag = Bag.open(path)
        contents = bag.contents(workers=dock.workers)
        checks, findings = bag.validate(workers=dock.workers)
        line = replace(result.package, identifier=bag.name, seal=contents.seal)
        result = replace(result, package=line, checks=checks, findings=findings)
        reason = _reason_to_stay(checks, findings)
        if reason:
            return replace(result, notes=(f"{path}: not sent, because {reason}.",))
        record, notes = _record(contents, dock.register, path)
        result = replace(result, notes=notes)
        stated = plugs.run_checks("stated", _stated(bag.sealed(), record), subject=str(path))
        result = replace(result, checks=(*checks, *stated[0]), findings=(*findings, *stated[1]))
        return _send(shipment_of(contents, bag.sealed()), target, destination, record, result, dock)
    except ArchiverError as error:
        return replace(result, error=error)


def _reason_to_stay(checks: Sequence[CheckRun], findings: Sequence[Finding]) -> str:
    errors = sum(found.severity is Severity.ERROR for found in findings)
    broken = [run.code for run in checks if run.outcome is Outcome.BROKEN]
    if broken:
        return f"{', '.join(broken)} could not be found out"
    return f"it has {errors} error{'s' if errors > 1 else ''}" if errors else ""


def _send(
    shipment: Shipment, target: Target, destination: Destination, record: Record | None, result: _Result, dock: Dock
) -> _Result:
    subject = str(shipment.bag.path)
    try:
        receipt = target.hold(shipment, destination, Dispatch(dock.now(), dock.sender, dock.progress, dock.workers))
    except CopyDamaged as damaged:
        runs, found = plugs.run_checks("replica", damaged.replica, subject=subject)
        if record is not None:
            record_damage(record, shipment, destination, damaged.replica, at=dock.now(), agent=dock.agent)
        note = f"{subject}: the copy held at {damaged.replica.place} is not whole; it was left as it is."
        return replace(
            result,
            checks=(*result.checks, *runs),
            findings=(*result.findings, *found),
            notes=(*result.notes, note),
        )
    except ArchiverError as error:
        skipped = plugs.skip_checks("replica", error.message, subject=subject)
        return replace(result, checks=(*result.checks, *skipped), error=error)
    structure = () if receipt.version else None
    runs, found = plugs.run_checks("replica", Replica(receipt.place, (), structure), subject=subject)
    held = {Holding.STORED: "stored", Holding.NEW_VERSION: "new version", Holding.ALREADY_HELD: "already held"}
    words = f"{held[receipt.holding]} {receipt.version}".strip()
    result = replace(
        result,
        package=replace(result.package, note=words),
        checks=(*result.checks, *runs),
        findings=(*result.findings, *found),
        receipt=receipt,
    )
    if record is not None:
        try:
            record_receipt(record, receipt, at=dock.now(), agent=dock.agent)
        except ArchiverError as error:
            unrecorded = f"{subject} is held at {receipt.place}, but the receipt could not be recorded: {error.message}"
            return replace(result, error=CouldNotFindOut(unrecorded, remedy=error.remedy))
    return result


def shipment_of(contents: BagContents, sealed: SealedBag) -> Shipment:
    """Every file of a bag that was measured, with its digests; sha512 is measured where the bag does not use it.

    Raises UsageError for a name that cannot be sent, SourceChanged or StorageError when a file cannot be read again.
    """
    files: list[ShippedFile] = []
    for path, size in sorted({**contents.payload, **contents.tag_files}.items()):
        known = contents.measured[path].checksums if path in contents.measured else ()
        if all(checksum.algorithm_name != Algorithm.SHA512.value for checksum in known):
            place = contents.path / path
            known = (*measure(SourceFile(place, path, stamp(place)), (Algorithm.SHA512,)).checksums, *known)
        files.append(ShippedFile(PackagePath(path), size, known))
    return Shipment(sealed, tuple(sorted(files, key=lambda file: file.path)))


def _record(contents: BagContents, register: Register | None, path: Path) -> tuple[Record | None, tuple[str, ...]]:
    """The accession record a package belongs to, or why its receipt will stand in the report only."""
    numbers = contents.values(ACCESSION_LABEL)
    unrecorded = f"{path}: the receipt stands in this report only, because"
    if register is None:
        return None, (f"{unrecorded} there is no workspace here.",)
    if not numbers:
        return None, (f"{unrecorded} the package names no accession ({ACCESSION_LABEL}).",)
    try:
        return register.record(numbers[0]), ()
    except UnreadableInput:
        return None, (f"{unrecorded} there is no accession {numbers[0]!r} in this workspace.",)


def _stated(sealed: SealedBag, record: Record | None) -> Stated:
    """What the register says of the package's seal."""
    if record is None:
        return Stated(sealed.identifier, sealed.seal, None)
    seals = tuple(package.seal for package in record.packages if package.identifier == sealed.identifier)
    return Stated(sealed.identifier, sealed.seal, seals, record.number)
