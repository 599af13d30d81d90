"""An existing bag put into an archive: every byte held against its manifests while it is copied, none changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.archives.naming import kind_and_name
from archiver.errors import CouldNotFindOut, UsageError
from archiver.model.progress import QUIET, Progress
from archiver.model.report import PackageLine, Report, Severity
from archiver.packages.bag import Bag
from archiver.packages.bag.serialising import BagCopier
from archiver.validation import RFC_8493, judge, judge_contents

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.archive import ArchiveKind


@dataclass(frozen=True, slots=True)
class Serialising:
    """How a bag is serialised: the kind of archive, threads, who watches, and what the command fails on."""

    kind: ArchiveKind | None = None  # None: by the suffix of the destination
    workers: int = 2
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR


def serialise(path: Path, destination: Path, settings: Serialising) -> Report:
    """Put the bag at `path` into an archive, and validate the archive before it gets its name.

    A bag that its own manifests or RFC 8493 find fault with is not serialised: findings, and nothing is written. Raises
    UnreadableInput, UsageError, DestinationTaken, SourceChanged or StorageError.
    """
    kind, name = kind_and_name(destination, settings.kind)
    settings.progress.say(f"Reading {path}")
    bag = Bag.open(path)
    contents = bag.contents(measure=False)
    if contents.serialised is not None:
        raise UsageError(f"{path} is an archive already.", remedy="Name the folder of a bag.")
    if destination.absolute().resolve().is_relative_to(path.resolve()):
        raise UsageError(f"{destination} lies inside of the bag; nothing was written.", remedy="Name a place outside.")
    settings.progress.say(f"Copying {path}")
    with BagCopier(destination, kind, name, settings.progress) as copier:
        found = replace(contents, measured=copier.copy_all(contents), was_measured=True)
        original = judge_contents(found, subject=str(path), profile=RFC_8493)
        if not original.whole:
            note = f"{path}: not serialised; nothing was written."
            return Report(
                "bag serialise",
                checks=original.checks,
                findings=original.findings,
                notes=(note,),
                fail_on=settings.fail_on,
            )
        copier.finish()
        settings.progress.say(f"Validating {destination.name}")
        judged = judge(
            copier.place,
            name=destination.name,
            workers=settings.workers,
            progress=settings.progress,
            profile=RFC_8493,
        )
        sealed = judged.sealed
        if not judged.whole or (sealed.seal if sealed else None) != contents.seal:
            raise CouldNotFindOut(
                f"The archive of {path} did not pass its own validation and was not published: {judged.summary()}.",
                remedy="Nothing is lost. Please report this.",
            )
        copier.publish_archive()
    extent = f"{len(contents.payload)} files, {sum(contents.payload.values())} bytes"
    line = PackageLine(str(destination), name, contents.seal, extent)
    return Report(
        "bag serialise", checks=judged.checks, findings=judged.findings, packages=(line,), fail_on=settings.fail_on
    )
