"""Updating a bag: its tag files may change, its payload never; it is sealed again with an event that says why.

The payload is verified in full before anything is written, and the bag to be is judged by every rule before it takes
the place of the bag that is. docs/bag-update.md says what may change and what is refused.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.errors import ArchiverError, CouldNotFindOut, SourceChanged, UsageError
from archiver.executors import ordered_map
from archiver.fixity.measure import failure, measure, measure_here
from archiver.fixity.measure import write as write_file
from archiver.fixity.staging import Staging
from archiver.model.bag import BagContents
from archiver.model.measurements import Measurements
from archiver.model.package import Seal, SourceFile
from archiver.model.register import RecordedEvent
from archiver.model.report import CheckRun, Finding, PackageLine, Report
from archiver.model.update import EVENTS, Revision
from archiver.packages.bag import Bag
from archiver.packages.bag.listing import list_folder
from archiver.packages.bag.reader import read_tag_files
from archiver.packages.bag.resealing import Resealing, is_unfinished
from archiver.packages.bag.revising import Revised, read_tag_file
from archiver.register import chain
from archiver.register.updates import record_update, steps_from
from archiver.update_planning import ACCESSION_LABEL, Examined, Updating, examine
from archiver.validation import Judged, judge, judge_contents

__all__ = ["Revision", "Updating", "update_bag"]

Write = Callable[[str, bytes], None]  # path in the bag, bytes


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The bag as it was sealed again, and the event that says so."""

    seal: Seal
    event: RecordedEvent


def update_bag(path: Path, revision: Revision, settings: Updating) -> Report:
    """Seal a bag again after its tag files changed, by hand or by `revision`; or a copy of it at a destination.

    What no update may seal again (a payload that is not what its manifests say, a manifest that was changed) is a
    finding; then nothing is written. Where nothing changed nothing is written either. Raises UsageError,
    UnreadableInput, DestinationTaken, SourceChanged, StorageError or RecordDamaged.
    """
    bag = Path(os.path.abspath(path))  # noqa: PTH100  Path.resolve would follow links
    _refuse_file(bag)
    if not settings.dry_run and not settings.reason.strip():
        raise UsageError(
            "An update needs a reason; nothing was written.", remedy="Give it: --reason 'Contact added after a letter'."
        )
    if settings.dry_run:
        return _previewed(bag, revision, settings)
    if settings.destination is not None:
        return _copied(bag, Path(os.path.abspath(settings.destination)), revision, settings)  # noqa: PTH100
    return _in_place(bag, revision, settings)


def _refuse_file(bag: Path) -> None:
    if is_unfinished(bag):
        return
    if bag.is_file():
        raise UsageError(
            f"{bag} is one file; a serialised bag is not updated.",
            remedy="Update the folder it was made of, and make it again: archiver bag serialise.",
        )
    Bag.open(bag)  # refuses what is no folder, or not there, before a lock is made beside it


def _previewed(bag: Path, revision: Revision, settings: Updating) -> Report:
    if is_unfinished(bag):
        raise UsageError(
            f"{bag} is not there: an update of it was stopped.", remedy="Run the command again without --dry-run."
        )
    examined = examine(bag, revision, settings)
    if examined.revised is None:
        return _refused(bag, examined.checks, examined.findings, examined, settings)
    if not examined.has_changed:
        return _unchanged(bag, examined, (), settings)
    notes = (*_told(examined, "Would be sealed again"), "Nothing was written.")
    return _report(bag, examined, "would be updated", notes, settings)


def _in_place(bag: Path, revision: Revision, settings: Updating) -> Report:
    with contextlib.ExitStack() as held:
        work = held.enter_context(Resealing(bag, settings.ways))
        examined = examine(bag, revision, settings)
        if examined.revised is None:
            return _refused(bag, examined.checks, examined.findings, examined, settings)
        if examined.record is not None:
            held.enter_context(examined.record[0].working())
        if not examined.has_changed:
            return _unchanged(bag, examined, _record(examined, settings), settings)
        settings.progress.say(f"Sealing {bag} again: {len(examined.changed)} tag files differ")
        gone = examined.revised.left_out | examined.revised.written.keys() | {EVENTS}
        work.build(examined.contents, gone, examined.stamps)
        sealed = _seal(work.folder, work.write, examined, settings)
        judged = judge_contents(
            _contents_of(work.folder, bag.name, examined), subject=str(bag), schemas=settings.schemas
        )
        if not judged.whole:
            return _refused(bag, judged.checks, judged.findings, examined, settings)
        work.publish()
        notes = _told(examined, "Sealed again") + _record_after(bag, examined, sealed, settings)
        work.clear()
        return _updated(bag, judged, sealed, notes, settings)


def _copied(bag: Path, destination: Path, revision: Revision, settings: Updating) -> Report:
    if destination.is_relative_to(bag):
        raise UsageError(f"{destination} lies inside of {bag}; nothing was written.", remedy="Name another place.")
    examined = examine(bag, revision, settings)
    if examined.revised is None:
        return _refused(bag, examined.checks, examined.findings, examined, settings)
    if not examined.has_changed:
        return _unchanged(bag, examined, (), settings)
    gone = examined.revised.left_out | examined.revised.written.keys() | {EVENTS}
    with Staging(destination) as staging:
        settings.progress.say(f"Copying {bag}")
        _copy(examined, staging.folder, gone, settings)
        sealed = _seal(
            staging.folder, lambda path, content: _write_new(staging.folder / path, content), examined, settings
        )
        settings.progress.say(f"Validating {destination}")
        judged = judge(staging.folder, name=destination.name, workers=settings.workers, schemas=settings.schemas)
        if not judged.whole:
            return _refused(bag, judged.checks, judged.findings, examined, settings)
        staging.publish()
    notes = (*_told(examined, "The copy is sealed"), f"{bag} and what is recorded of it are as they were.")
    return _updated(destination, judged, sealed, notes, settings)


def _copy(examined: Examined, folder: Path, gone: frozenset[str], settings: Updating) -> None:
    """Copy what stays, each file as it was when it was verified. Raises SourceChanged or StorageError."""
    contents = examined.contents
    try:
        for path in sorted(contents.folders):
            (folder / path).mkdir()
    except OSError as error:
        raise failure(error, folder, "writing") from error

    def copy(path: str) -> None:
        known = contents.measured[path]
        source = SourceFile(contents.path / path, path, examined.stamps[path])
        found = measure(source, tuple(one.algorithm for one in known.checksums[:1]), copy_to=folder / path)
        if found.checksums != known.checksums[:1]:
            raise SourceChanged(f"{source.path} changed while it was read.", remedy="Run the command again.")
        settings.progress.advance(1, found.size)

    files = [path for path in sorted({**contents.payload, **contents.tag_files}) if path not in gone]
    settings.progress.expect(len(files), sum(contents.payload.values()))
    ordered_map(copy, files, workers=settings.workers)


def _write_new(place: Path, content: bytes) -> None:
    write_file(content, place, ())


def _seal(folder: Path, write: Write, examined: Examined, settings: Updating) -> _Sealed:
    """Write the tag files that change, the event, and last the tag manifests, strongest last."""
    contents, revised = examined.contents, examined.revised
    assert revised is not None
    line = examined.event_line(settings, settings.now())
    for path, content in sorted(revised.written.items()):
        write(path, content)
    write(EVENTS, read_tag_file(contents, EVENTS) + line)
    event = chain.read_line(line, len(examined.lines) + 1).event
    assert event is not None
    tags = _tag_files(folder, revised)
    checksum = None
    for algorithm in reversed(revised.sealing):
        digests = {path: tags.hexdigest(path, algorithm) for path in tags}
        name = f"tagmanifest-{algorithm.value}.txt"
        write(name, revised.manifest(digests))
        checksum = measure_here(folder / name, (algorithm,), head=0).checksums[0]
    assert checksum is not None, "a bag has at least one manifest, and so one tag manifest"
    return _Sealed(Seal(checksum), event)


def _tag_files(folder: Path, revised: Revised) -> Measurements:
    """Every tag file of the folder measured, as it lies there now."""
    found = Measurements()
    for path in sorted(list_folder(folder).tag_files):
        found.note(path, measure_here(folder / path, revised.sealing, head=0))
    return found


def _contents_of(folder: Path, name: str, examined: Examined) -> BagContents:
    """The bag to be, as it is read: its tag files from the disk, its payload as it was verified."""
    before, listing = examined.contents, list_folder(folder)
    listing.payload = dict(before.payload)
    listing.folders = sorted({*before.folders, *listing.folders})
    listing.empty_folders = list(before.empty_folders)
    listing.linked = list(before.linked)
    after = read_tag_files(folder, name, listing)
    measured = Measurements()
    for path in before.payload:
        measured.note(path, before.measured[path])
    algorithms = tuple(one.algorithm for one in after.tag_manifests if one.algorithm is not None)
    for path in sorted(after.tag_files):
        measured.note(path, measure_here(folder / path, algorithms, head=0))
    return replace(after, measured=measured, was_measured=True, documents=before.documents)


def _record(
    examined: Examined, settings: Updating, event: RecordedEvent | None = None, seal: str = ""
) -> tuple[str, ...]:
    """State in the accession record every update that it does not know yet; what was done, in words.

    A run that was stopped between the sealing and the record is completed so, and an update made where the record was
    not at hand.
    """
    if examined.record is None:
        return ()
    record, stated = examined.record
    events = (*examined.events, *((event,) if event is not None else ()))
    seal = seal or examined.seal
    if stated.seal == seal:
        return ()
    for step in steps_from(stated.seal, events, seal):
        stated = record_update(record, stated, step, at=settings.now(), agent=settings.software.identifier)
    return (f"Accession record {record.number} states the seal {seal}.",)


def _record_after(bag: Path, examined: Examined, sealed: _Sealed, settings: Updating) -> tuple[str, ...]:
    try:
        notes = _record(examined, settings, sealed.event, str(sealed.seal))
    except ArchiverError as error:
        raise CouldNotFindOut(
            f"{bag} was updated, but its accession record does not say so yet: {error.message}",
            remedy=f"Then run the command again: it completes the record. {error.remedy}".strip(),
        ) from error
    numbers = examined.contents.values(ACCESSION_LABEL)
    if examined.record is None and numbers:
        return (
            f"The bag names accession {numbers[0]}, whose record is not here: run archiver bag update on it in the "
            "workspace that holds the record, and it will state the new seal.",
        )
    return notes


def _told(examined: Examined, words: str) -> tuple[str, ...]:
    """What differs from what was sealed, in words."""
    said = (*examined.revised.said, *examined.revised.needless) if examined.revised is not None else ()
    before = examined.seal or "none; it had no tag manifest"
    count = len(examined.changed)
    return (f"{words}: {count} tag file{'s differ' if count != 1 else ' differs'}.", *map(str, examined.changed), *said,
            f"Seal before: {before}.")  # fmt: skip


def _report(bag: Path, examined: Examined, word: str, notes: Sequence[str], settings: Updating) -> Report:
    line = PackageLine(str(bag), bag.name, examined.contents.seal, word)
    return Report("bag update", checks=examined.checks, findings=examined.findings, packages=(line,),
                  notes=tuple(notes), fail_on=settings.fail_on)  # fmt: skip


def _unchanged(bag: Path, examined: Examined, recorded: Sequence[str], settings: Updating) -> Report:
    needless = examined.revised.needless if examined.revised is not None else ()
    notes = (f"{bag}: nothing to update.", *needless, *recorded)
    return _report(bag, examined, "nothing to update", notes, settings)


def _refused(
    bag: Path, checks: tuple[CheckRun, ...], findings: tuple[Finding, ...], examined: Examined, settings: Updating
) -> Report:
    line = PackageLine(str(bag), bag.name, examined.contents.seal, "not updated")
    return Report("bag update", checks=checks, findings=findings, packages=(line,),
                  notes=(f"{bag}: not updated; nothing was written.",), fail_on=settings.fail_on)  # fmt: skip


def _updated(place: Path, judged: Judged, sealed: _Sealed, notes: Sequence[str], settings: Updating) -> Report:
    line = PackageLine(str(place), place.name, sealed.seal, "updated")
    return Report("bag update", checks=judged.checks, findings=judged.findings, packages=(line,), notes=tuple(notes),
                  fail_on=settings.fail_on)  # fmt: skip
