"""The holes of a bag, and the copy of what is at hand: the two ends of completing a bag."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archiver import plugs
from archiver.errors import ArchiverError
from archiver.executors import ordered_map
from archiver.fixity.measure import failure, measure, measure_here, stamp
from archiver.model.bag import BagContents
from archiver.model.fetching import Hindrance, NotFetched, Wanted
from archiver.model.measurements import Measurements
from archiver.model.package import SourceFile
from archiver.model.progress import Progress
from archiver.model.report import CheckRun, Finding, Outcome, Report, Severity
from archiver.model.values import Algorithm
from archiver.model.web import AddressRefused, web_address
from archiver.packages.bag import Bag
from archiver.retrieval.download import is_as_stated

_DECLARATION = "bagit.txt"


@dataclass(frozen=True, slots=True)
class Holes:
    """A bag as it is, judged without its payload's digests, and what is missing of it."""

    contents: BagContents
    wanted: tuple[Wanted, ...]
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]


def find_holes(bag: Bag, *, subject: str) -> Holes:
    """What fetch.txt names and is not there, the first line of each path; and every rule but the payload's digests.

    Tag files are digested, so that no address and no digest is believed that the tag manifests contradict.
    """
    contents = _with_tag_files(bag.contents(measure=False))
    entries = {entry.path: entry for entry in reversed(contents.fetch) if contents.place(entry.path) is None}
    wanted = tuple(
        Wanted(entry, _stated(contents, entry.path)) for entry in sorted(entries.values(), key=lambda entry: entry.line)
    )
    checks, findings = plugs.run_checks("bag", contents, subject=subject)
    return Holes(contents, wanted, checks, findings)


def refuse_faulty(holes: Holes, fail_on: Severity) -> Report | None:
    """The report of a bag that has errors other than its holes, or could not be judged: nothing is fetched for it."""
    lines = {
        (manifest.name, manifest.entries.line(each.entry.path))
        for manifest in holes.contents.manifests
        for each in holes.wanted
        if each.entry.path in manifest.entries
    }
    # A folder that nothing lies in yet does not survive every way of carrying a bag; the first file brings it back.
    faults = [
        found
        for found in holes.findings
        if found.severity is Severity.ERROR
        and not (found.code == "BAG-013" and (found.path, found.line) in lines)
        and not (found.code == "BAG-005" and holes.wanted)
    ]
    if not faults and not any(run.outcome is Outcome.BROKEN for run in holes.checks):
        return None
    note = f"{holes.contents.path}: nothing was fetched, since the bag has faults besides what is missing."
    return Report("bag fetch", checks=holes.checks, findings=holes.findings, notes=(note,), fail_on=fail_on)


def hindrances(wanted: Sequence[Wanted]) -> dict[str, NotFetched]:
    """What is not even asked for, by path: without a digest to compare with, or with an address nobody follows."""
    found: dict[str, NotFetched] = {}
    for each in wanted:
        if not each.stated:
            detail = "no manifest has a digest of it that can be computed here"
            found[each.entry.path] = NotFetched(each.entry, Hindrance.UNVERIFIABLE, detail)
            continue
        try:
            web_address(each.entry.url)
        except AddressRefused as refused:
            found[each.entry.path] = NotFetched(each.entry, Hindrance.ADDRESS, str(refused))
    return found


def take_stock(holes: Holes, folder: Path) -> tuple[Wanted, ...]:
    """What is still missing of a copy in the making; whatever else an earlier run left there is removed.

    Raises StorageError.
    """
    wanted = {each.entry.path: each for each in holes.wanted}
    right: set[str] = set()
    for place, folders, names in os.walk(folder, topdown=False):
        for name in [*names, *(each for each in folders if Path(place, each).is_symlink())]:
            file = Path(place, name)
            path = file.relative_to(folder).as_posix()
            if path in wanted and _is_right(wanted[path], file):
                right.add(path)
            else:
                _remove(file)
    return tuple(each for path, each in wanted.items() if path not in right)


def finish_copy(holes: Holes, folder: Path, workers: int, progress: Progress) -> None:
    """Copy what is at hand beside what came: payload, tag files, and last the declaration that makes it a bag.

    Raises SourceChanged when a file is not as it was, UnreadableInput or StorageError.
    """
    contents = holes.contents
    try:
        for path in ("data", *sorted(contents.folders)):
            (folder / path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failure(error, folder, "writing") from error
    tags = [path for path in sorted(contents.tag_files) if path != _DECLARATION]
    progress.expect(len(contents.payload) + len(tags) + 1, sum(contents.payload.values()))

    def copy(path: str) -> None:
        source = contents.path / path
        size = measure(SourceFile(source, path, stamp(source)), (), copy_to=folder / path).size
        progress.advance(1, size)

    for paths in (sorted(contents.payload), tags, [_DECLARATION]):
        ordered_map(copy, paths, workers=workers)


def _stated(contents: BagContents, path: str) -> Mapping[str, tuple[Algorithm, str]]:
    """The digest that each manifest of a known algorithm states; none when one of the manifests does not list it."""
    if any(path not in manifest.entries for manifest in contents.manifests):
        return {}
    return {
        manifest.name: (manifest.algorithm, manifest.entries[path][0])
        for manifest in contents.manifests
        if manifest.algorithm is not None and manifest.entries[path][0]
    }


def _with_tag_files(contents: BagContents) -> BagContents:
    """The contents with tag files measured, and nothing else."""
    algorithms = tuple(manifest.algorithm for manifest in contents.tag_manifests if manifest.algorithm is not None)
    measured, unreadable = Measurements(), dict.fromkeys(contents.unreadable)
    for path in sorted(contents.tag_files) if algorithms else ():
        try:
            found = measure_here(contents.path / path, algorithms, head=0)
        except ArchiverError as error:
            unreadable[path, error.message] = None
            continue
        digests = tuple(bytes.fromhex(checksum.hexdigest) for checksum in found.checksums)
        measured.add(path, found.size, digests, algorithms)
    return replace(contents, measured=measured, was_measured=True, unreadable=tuple(unreadable))


def _is_right(wanted: Wanted, file: Path) -> bool:
    try:
        found = measure_here(file, wanted.algorithms, head=0)
    except ArchiverError:
        return False
    return bool(wanted.stated) and is_as_stated(wanted, found.size, found.checksums)


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        raise failure(error, file, "writing") from error
