"""The main job: a deposit goes in; described, sealed, validated and registered packages come out.

The order of steps makes a kill at any moment harmless. Everything is judged before anything is written. A number is
claimed; then each package is built hidden, validated by an independent read, and published by one rename; then its
events are recorded. A run that was stopped leaves at most a claimed number and a hidden folder; the next run on the
same deposit goes on with that number, and takes a published package for its own only when it is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archiver.accession_events import Made, content_of, received, record_package
from archiver.errors import ArchiverError, CouldNotFindOut, DestinationTaken
from archiver.fixity.staging import Staging
from archiver.inspection import Inspected, Terms, checksum_notes, inspect
from archiver.model.duplicates import PackagedTwice
from archiver.model.package import SealedBag
from archiver.model.profile import SerialProfile
from archiver.model.progress import QUIET, Progress
from archiver.model.provenance import Accession, Toolchain
from archiver.model.report import CheckRun, Finding, PackageLine, Report, Severity
from archiver.model.transcript import Deposit, Reading
from archiver.packaging import PackageMaker
from archiver.plugs import run_checks
from archiver.register import Record, Register
from archiver.validation import judge

_Times = tuple[datetime, datetime]  # when work on a deposit began, and when its description was ready


@dataclass(frozen=True, slots=True)
class Desk:
    """What one run of the accession works with: the workspace's register and folders, the profiles, and the clock."""

    register: Register
    packages: Path
    profiles: Mapping[str, SerialProfile]
    draft: Accession  # depositor, rights, organisation …; number, source and begun are filled in
    tools: Toolchain
    now: Callable[[], datetime]
    schemas: Path | None = None  # folder of installed official schemas
    terms: Terms = field(default_factory=Terms)
    workers: int = 2
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one deposit."""

    checks: tuple[CheckRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    packages: tuple[PackageLine, ...] = ()
    inspected: Inspected | None = None
    notes: tuple[str, ...] = ()
    error: ArchiverError | None = None


def accession(sources: list[Path], desk: Desk, *, serial: str | None = None, dry_run: bool = False) -> Report:
    """Accession deposits, each under a number of its own; a deposit with an error is not accessioned, the others are.

    With `dry_run` nothing is written. The report holds every finding of every deposit.
    """
    results = [_one(source, desk, serial, dry_run) for source in sources]
    errors = [result.error for result in results if result.error is not None]
    worst = max(errors, key=lambda error: error.exit_status, default=None)
    return Report(
        command="accession",
        checks=tuple(run for result in results for run in result.checks),
        findings=tuple(found for result in results for found in result.findings),
        packages=tuple(line for result in results for line in result.packages),
        issues=tuple(
            reading.issue
            for result in results
            if result.inspected is not None
            for reading in result.inspected.readings
            if reading.issue is not None
        ),
        notes=tuple(note for result in results for note in result.notes),
        error=" ".join(error.message for error in errors),
        error_remedy=worst.remedy if worst else "",
        error_status=worst.exit_status if worst else 0,
        fail_on=desk.fail_on,
    )


def _one(source: Path, desk: Desk, serial: str | None, dry_run: bool) -> _Result:
    try:
        desk.progress.say(f"Reading {source}")
        taken_up = desk.now()
        held = desk.terms.held or desk.register.held.of_day
        terms = replace(desk.terms, workers=desk.workers, progress=desk.progress, held=held)
        inspected = inspect(source, desk.profiles, serial, terms)
        times = (taken_up, desk.now())
        result = _Result(inspected.checks, inspected.findings, inspected=inspected)
        notes = checksum_notes(inspected.deposit)
        if not inspected.acceptable:
            return replace(result, notes=(*notes, f"{source}: not accessioned; nothing was written."))
        if dry_run:
            result = _previewed(source, desk, result, inspected)
        else:
            result = _accession(source, desk, result, inspected, times)
        return replace(result, notes=(*notes, *result.notes))
    except ArchiverError as error:
        return _Result(error=error)


def _previewed(source: Path, desk: Desk, result: _Result, inspected: Inspected) -> _Result:
    lines = []
    for name in _names(inspected):
        place = desk.packages / name
        taken = "stands there already" if _stands(place) else "would be written"
        lines.append(PackageLine(str(place), name, None, taken))
    return replace(result, packages=tuple(lines), notes=(f"{source}: preview only; nothing was written.",))


def _accession(source: Path, desk: Desk, result: _Result, inspected: Inspected, times: _Times) -> _Result:
    fingerprint = deposit_fingerprint(inspected)
    done = desk.register.completed(fingerprint)
    if done is not None and (held := _held(desk, done)):
        with contextlib.suppress(ArchiverError), done.working():  # a stopped run may have left its locks
            for name in _names(inspected):
                Staging(desk.packages / name).clear()
        note = f"{source}: already accessioned as {done.number}; nothing was written."
        return replace(result, packages=held, notes=(note,))
    if done is not None:
        return _missing(source, done, result)
    if desk.register.unfinished(fingerprint) is None:
        _refuse_taken(desk, inspected)
    draft = replace(desk.draft, source=str(source), begun=desk.now())
    # One step: two runs on one deposit get the same number, and only one of them goes on with it.
    record = desk.register.resume_or_begin(draft, fingerprint=fingerprint)
    with record.working():
        return _work(desk, record, result, inspected, times)


def _missing(source: Path, record: Record, result: _Result) -> _Result:
    """The deposit was accessioned, but a package is no longer where, or what, its record says: a matter for people."""
    error = DestinationTaken(
        f"{source} was accessioned as {record.number}, but its packages are not all where the record says, or not the "
        "same; nothing was written.",
        remedy="archiver register verify says which; restore the package from a copy.",
    )
    return replace(result, error=error)


def _work(desk: Desk, record: Record, result: _Result, inspected: Inspected, times: _Times) -> _Result:
    """Make every package of the deposit that its record does not hold already, and record each as it is published."""
    if not record.events:
        record.append(received(inspected, record.number, desk.now(), desk.tools), {"issues": list(_names(inspected))})
    recorded = {package.identifier for package in record.packages}
    waiting = [reading for reading in inspected.readings if reading.issue and reading.issue.identifier not in recorded]
    lines = [PackageLine(package.place, package.identifier, None, "recorded") for package in record.packages]
    checks, findings = list(result.checks), list(result.findings)
    for position, reading in enumerate(waiting, 1):
        sealed, runs, found = _package(desk, record, inspected.deposit, reading, times)
        content = content_of(sealed)
        more, twice = _packaged_twice(desk, record, sealed, content)
        checks += [*runs, *more]
        findings += [*found, *twice]
        made = Made(sealed, runs, found, content, len(waiting) - position)
        record_package(desk.register, record, made, desk.now, desk.tools)
        lines.append(PackageLine(str(sealed.path), sealed.identifier, sealed.seal, f"accession {record.number}"))
    note = f"{inspected.deposit.shown}: accessioned as {record.number}; {len(lines)} package(s)."
    return replace(result, checks=tuple(checks), findings=tuple(findings), packages=tuple(lines), notes=(note,))


def _package(
    desk: Desk, record: Record, deposit: Deposit, reading: Reading, times: _Times
) -> tuple[SealedBag, tuple[CheckRun, ...], tuple[Finding, ...]]:
    """Build, validate and publish the package of one issue, or take the one a stopped run published."""
    assert reading.issue is not None  # _work passes described issues only
    place = desk.packages / reading.issue.identifier
    if _stands(place):
        Staging(place).clear()
        judged = judge(place, workers=desk.workers, progress=desk.progress, schemas=desk.schemas)
        if judged.sealed is None or judged.accession_number != record.number or not judged.whole:
            raise DestinationTaken(
                f"{place} exists and is not the package of accession {record.number}; nothing was changed.",
                remedy="Move it away, or name another folder with -p.",
            )
        return judged.sealed, judged.checks, judged.findings
    desk.progress.say(f"Making {place.name}")
    profile = desk.profiles[reading.issue.serial]
    maker = PackageMaker(place, record.accession, profile, desk.tools, desk.now, desk.workers, desk.progress)
    with maker.make(reading, reading.issue, taken_up=times[0], described=times[1], deposit=deposit) as writer:
        desk.progress.say(f"Validating {place.name}")
        judged = judge(
            writer.folder, name=place.name, workers=desk.workers, progress=desk.progress, schemas=desk.schemas
        )
        if judged.sealed is None or not judged.whole:
            raise CouldNotFindOut(
                f"The package {place.name} did not pass its own validation and was not published: {judged.summary()}.",
                remedy="Nothing is lost. Please report this with the deposit's findings.",
            )
        return writer.publish(), judged.checks, judged.findings


def _packaged_twice(
    desk: Desk, record: Record, sealed: SealedBag, content: str
) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """Whether the register has another package of the same files."""
    same = [each for each in desk.register.held.with_content(content) if each.accession != record.number]
    return run_checks("packaged", PackagedTwice(sealed.identifier, tuple(same)), subject=sealed.identifier)


def _held(desk: Desk, record: Record) -> tuple[PackageLine, ...]:
    """The packages of a complete accession, if every one stands where its record says with the recorded seal."""
    facts = desk.register.facts(record)
    if not facts.packages or any(found.seal != found.stated.seal for found in facts.packages):
        return ()
    return tuple(
        PackageLine(found.stated.place, found.stated.identifier, None, f"already accession {record.number}")
        for found in facts.packages
    )


def _refuse_taken(desk: Desk, inspected: Inspected) -> None:
    for name in _names(inspected):
        if _stands(desk.packages / name):
            raise DestinationTaken(
                f"{desk.packages / name} exists; nothing was changed.",
                remedy="If it is another version of this issue, name another folder for the new package with -p.",
            )


def _stands(place: Path) -> bool:
    return place.is_symlink() or place.exists()


def _names(inspected: Inspected) -> Iterator[str]:
    return (reading.issue.identifier for reading in inspected.readings if reading.issue is not None)


def deposit_fingerprint(inspected: Inspected) -> str:
    """A digest that stands for a deposit: names and contents of its transcripts, names, sizes and times of the rest."""
    digest = hashlib.sha256()
    for issue in inspected.deposit.issues:
        for file in issue.deposited:
            if file.content is not None:
                line = f"{file.name}\0{hashlib.sha256(file.content).hexdigest()}\0"
            else:
                line = f"{file.name}\0{file.stamp.size}\0{file.stamp.mtime_ns}\0"
            digest.update(line.encode("utf-8", "surrogateescape"))
    for reading in inspected.readings:
        if reading.source.transcript.taken_from and reading.issue is not None:
            # Files are told by names and times alone here: what the issue was described as counts too.
            digest.update(f"issue\0{reading.issue.identifier}\0".encode())
    corrections = inspected.deposit.corrections
    if corrections is not None and any(reading.corrected for reading in inspected.readings):
        digest.update(b"corrections\0" + hashlib.sha256(corrections.content).digest())
    return f"sha256:{digest.hexdigest()}"
