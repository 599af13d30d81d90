"""Bags of any folder: made out of place, names kept, validated by an independent read before they are published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import __version__, plugs
from archiver.errors import CouldNotFindOut, UsageError
from archiver.listing import list_deposit
from archiver.model.package import SealedBag, SourceFile
from archiver.model.report import CheckRun, Finding, PackageLine, Report, Severity
from archiver.model.transcript import Deposit
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import BagWriter
from archiver.validation import RFC_8493, judge

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bagging:
    """How a bag is made: its algorithms, strongest first, the tags of bag-info.txt in order, and the clock."""

    now: Callable[[], datetime]
    algorithms: tuple[Algorithm, ...] = (Algorithm.SHA512, Algorithm.SHA256)
    info: tuple[tuple[str, str], ...] = ()
    workers: int = 2
    progress: Progress = lambda _words: None
    fail_on: Severity = Severity.ERROR


def make_bag(source: Path, destination: Path, bagging: Bagging) -> Report:
    """Make a bag of a folder at `destination`, which must not exist. The folder is only read.

    What cannot be in a bag (links, special files, names that are not text, another bag) is a finding, and then nothing
    is written. Raises UnreadableInput, DestinationTaken, SourceChanged or StorageError.
    """
    bagging.progress(f"Reading {source}")
    files, runs, findings = _judged(source)
    if any(found.severity is Severity.ERROR for found in findings):
        notes = (f"{source}: no bag was made; nothing was written.",)
        return Report("bag", checks=runs, findings=findings, notes=notes, fail_on=bagging.fail_on)
    _refuse_inside(source, destination)
    sealed, more_runs, more_findings = _made(source, destination, files, bagging)
    line = PackageLine(str(sealed.path), sealed.identifier, sealed.seal, f"{sealed.files} files, {sealed.size} bytes")
    return Report(
        "bag", checks=runs + more_runs, findings=findings + more_findings, packages=(line,), fail_on=bagging.fail_on
    )


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
    source: Path, destination: Path, files: Sequence[SourceFile], bagging: Bagging
) -> tuple[SealedBag, tuple[CheckRun, ...], tuple[Finding, ...]]:
    with BagWriter(destination, bagging.algorithms, bagging.workers) as writer:
        size = sum(file.stamp.size for file in files)
        bagging.progress(f"Copying and measuring {len(files)} files, {size} bytes")
        writer.copy_all((file, PackagePath(f"data/{file.name}")) for file in files)
        today = bagging.now().date().isoformat()
        own = [("Bagging-Date", today), ("Bag-Software-Agent", f"archiver {__version__}")]
        given = {label.lower() for label, _value in bagging.info}
        writer.seal([*bagging.info, *(tag for tag in own if tag[0].lower() not in given)])
        bagging.progress(f"Validating {destination.name}")
        judged = judge(writer.folder, name=destination.name, workers=bagging.workers, profile=RFC_8493)
        if not judged.whole:
            raise CouldNotFindOut(
                f"The bag of {source} did not pass its own validation and was not published: {judged.summary()}.",
                remedy="Nothing is lost. Please report this.",
            )
        return writer.publish(), judged.checks, judged.findings
