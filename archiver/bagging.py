"""Bags of any folder: made out of place, names kept, validated by an independent read before they are published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver import __version__, plugs
from archiver.archives.naming import kind_and_name
from archiver.bag_planning import Plan, needs_one_file, plan_bag
from archiver.errors import CouldNotFindOut, UsageError
from archiver.listing import list_deposit
from archiver.model.archive import ArchiveKind
from archiver.model.package import SealedBag, SourceFile
from archiver.model.package_profile import ChosenProfile
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, PackageLine, Report, Severity
from archiver.model.transcript import Deposit
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import BagWriter
from archiver.packages.bag.serialising import SerialisedBagWriter
from archiver.validation import RFC_8493, judge, judge_by_profile

# What to do about a bag that is still to be made, by rule.
_REMEDIES = {
    "BPR-003": "Give it: --info 'LABEL: VALUE'.",
    "BPR-004": "Give it: --info 'LABEL: VALUE'.",
    "BPR-005": "Give another value: --info 'LABEL: VALUE'.",
    "BPR-006": "Give it once.",
    "BPR-007": "Name the algorithms that the profile requires, or leave --algorithm out.",
    "BPR-008": "Name algorithms that the profile allows, or leave --algorithm out.",
    "BPR-009": "Name the algorithms that the profile requires, or leave --algorithm out.",
    "BPR-010": "Name algorithms that the profile allows, or leave --algorithm out.",
    "FIX-010": "Name an algorithm that is accepted, or leave --algorithm out.",
}
_OTHERWISE = "A bag of this folder cannot satisfy the profile: change the folder, or take another profile."


@dataclass(frozen=True, slots=True)
class Bagging:
    """How a bag is made: its algorithms, strongest first, the tags of bag-info.txt in order, and the clock.

    Without `algorithms`, the bag has those that its profile requires, or the usual ones.
    """

    now: Callable[[], datetime]
    algorithms: tuple[Algorithm, ...] = ()
    info: tuple[tuple[str, str], ...] = ()
    workers: int = 2
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR
    kind: ArchiveKind | None = None  # of the archive that the bag goes into; None: a folder
    profile: ChosenProfile | None = None  # the bag is made to satisfy it


def make_bag(source: Path, destination: Path, bagging: Bagging) -> Report:
    """Make a bag of a folder at `destination`, which must not exist. The folder is only read.

    What cannot be in a bag (links, special files, names that are not text, another bag) is a finding; so is what the
    profile asks for and the bag would not have. Then nothing is written. Raises UnreadableInput, DestinationTaken,
    SourceChanged or StorageError.
    """
    bagging.progress.say(f"Reading {source}")
    files, runs, findings = _judged(source)
    if not _is_grave(findings):
        _refuse_inside(source, destination)
        plan = _planned(bagging)
        foreseen, faults = _foreseen(plan, destination, files, bagging)
        if _is_grave(faults):
            runs, findings = runs + foreseen, findings + faults
    if _is_grave(findings):
        notes = (f"{source}: no bag was made; nothing was written.",)
        return Report("bag make", checks=runs, findings=findings, notes=notes, fail_on=bagging.fail_on)
    sealed, more_runs, more_findings = _made(source, destination, files, bagging, plan)
    line = PackageLine(str(sealed.path), sealed.identifier, sealed.seal, f"{sealed.files} files, {sealed.size} bytes")
    form = needs_one_file(bagging.profile) if bagging.profile and not bagging.kind else None
    return Report(
        "bag make",
        checks=runs + more_runs,
        findings=findings + more_findings,
        packages=(line,),
        notes=(f"The profile requires one file ({form}): archiver bag serialise {sealed.path}",) if form else (),
        fail_on=bagging.fail_on,
    )


def _is_grave(findings: Sequence[Finding]) -> bool:
    return any(found.severity is Severity.ERROR for found in findings)


def _planned(bagging: Bagging) -> Plan:
    today = bagging.now().date().isoformat()
    own = (("Bagging-Date", today), ("Bag-Software-Agent", f"archiver {__version__}"))
    return plan_bag(bagging.profile or ChosenProfile(), bagging.algorithms, bagging.info, own)


def _foreseen(
    plan: Plan, destination: Path, files: Sequence[SourceFile], bagging: Bagging
) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """What the rules of the profile will find in the bag, asked before it is made."""
    if bagging.profile is None:
        return (), ()
    bag = plan.foreseen(destination, files)
    runs, findings = judge_by_profile(bag, bagging.profile, needs_one_file(bagging.profile), str(destination))
    return runs, tuple(replace(found, remedy=_REMEDIES.get(found.code, _OTHERWISE)) for found in findings)


def _judged(source: Path) -> tuple[tuple[SourceFile, ...], tuple[CheckRun, ...], tuple[Finding, ...]]:
    listing = list_deposit(source)
    is_bag = listing.is_folder and any(entry.name == "bagit.txt" for entry in listing.entries)
    folder = Deposit(source, str(source), listing.entries, is_bag=is_bag, is_folder=listing.is_folder)
    runs, findings = plugs.run_checks("folder", folder, subject=str(source))
    return listing.files, runs, findings


def _refuse_inside(source: Path, destination: Path) -> None:
    """A bag inside of its own source would be found by the next run as a part of it."""
    if source.is_dir() and destination.absolute().resolve().is_relative_to(source.resolve()):
        raise UsageError(
            f"{destination} lies inside of {source}; nothing was written.", remedy="Name a place outside of the folder."
        )


def _made(
    source: Path, destination: Path, files: Sequence[SourceFile], bagging: Bagging, plan: Plan
) -> tuple[SealedBag, tuple[CheckRun, ...], tuple[Finding, ...]]:
    with _writer(destination, plan, bagging) as writer:
        bagging.progress.say(f"Copying and measuring {source}")
        writer.add_all((file, PackagePath(f"data/{file.name}")) for file in files)
        writer.seal(plan.info)
        bagging.progress.say(f"Validating {destination.name}")
        judged = judge(
            writer.place,
            name=destination.name,
            workers=bagging.workers,
            progress=bagging.progress,
            profile=RFC_8493,
            chosen=bagging.profile,
            serialization=needs_one_file(bagging.profile) if bagging.profile and not bagging.kind else None,
        )
        if not judged.whole:
            raise CouldNotFindOut(
                f"The bag of {source} did not pass its own validation and was not published: {judged.summary()}.",
                remedy="Nothing is lost. Please report this.",
            )
        return writer.publish(), judged.checks, judged.findings


def _writer(destination: Path, plan: Plan, bagging: Bagging) -> BagWriter | SerialisedBagWriter:
    """The writer of a folder, or of an archive when one is asked for."""
    if bagging.kind is None:
        return BagWriter(destination, plan.algorithms, bagging.workers, bagging.progress)
    name = kind_and_name(destination, bagging.kind)[1]
    return SerialisedBagWriter(destination, bagging.kind, name, plan.algorithms, bagging.progress)
