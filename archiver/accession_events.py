"""What an accession records: the deposit taken up, each package validated and published, with what stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.deposit_duplicates import content_digest
from archiver.model.provenance import Event, EventOutcome, EventType, Toolchain
from archiver.model.report import CheckRun, Finding, Outcome, Severity
from archiver.packages.bag import Bag

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from archiver.inspection import Inspected
    from archiver.model.package import SealedBag
    from archiver.register import Record, Register

_ORIGINALS = "data/representations/original/"


@dataclass(frozen=True, slots=True)
class Made:
    """A package that was made: its seal, what its validation came to, the digest of its deposited files."""

    sealed: SealedBag
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]
    content: str
    remaining: int  # packages of the same deposit that are still to be made


def received(inspected: Inspected, number: str, at: datetime, tools: Toolchain) -> Event:
    """The event of a deposit taken up."""
    files = [file for issue in inspected.deposit.issues for file in issue.deposited]
    size = sum(file.stamp.size for file in files)
    return Event(
        EventType.INGESTION_START,
        at,
        EventOutcome.SUCCESS,
        f"Deposit of {len(files)} file(s), {size} bytes, with {len(inspected.readings)} issue(s) taken up",
        note=f"accession {number}",
        agents=(tools.software.identifier,),
    )


def content_of(sealed: SealedBag) -> str:
    """The digest that stands for the deposited files of a package, by its manifest, which was just verified."""
    manifests = Bag.open(sealed.path).contents(measure=False).manifests
    manifest = next(each for each in manifests if each.algorithm_name == "sha512")
    originals = (path for path in manifest.entries if path.startswith(_ORIGINALS))
    return content_digest(manifest.entries[path][0] for path in originals)


def record_package(
    register: Register, record: Record, made: Made, now: Callable[[], datetime], tools: Toolchain
) -> None:
    """Record what was observed: the validation with its counts, and last the package with its seal."""
    sealed = made.sealed
    passed = sum(run.outcome is Outcome.PASSED for run in made.checks)
    skipped = [run.code for run in made.checks if run.outcome is Outcome.SKIPPED]
    warnings = sum(found.severity is Severity.WARNING for found in made.findings)
    agents = (tools.software.identifier,)
    record.append(
        Event(
            EventType.VALIDATION,
            now(),
            EventOutcome.WARNING if warnings or skipped else EventOutcome.SUCCESS,
            f"Independent second read of {sealed.identifier} before it was published",
            note=f"{passed} checks passed, {warnings} warnings, {len(skipped)} skipped",
            sources=(sealed.identifier,),
            agents=agents,
        ),
        {"identifier": sealed.identifier, "passed": passed, "warnings": warnings, "skipped": skipped},
    )
    record.append(
        Event(
            EventType.INFORMATION_PACKAGE_CREATION,
            now(),
            EventOutcome.SUCCESS,
            f"Package {sealed.identifier} sealed and published",
            outcomes=(sealed.identifier,),
            agents=agents,
        ),
        {
            "package": register.place(sealed.path),
            "identifier": sealed.identifier,
            "seal": str(sealed.seal),
            "files": sealed.files,
            "size": sealed.size,
            "remaining": made.remaining,
            "content": made.content,
        },
    )
