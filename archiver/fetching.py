"""Holey bags completed: what fetch.txt names is fetched, verified, and only then part of the bag (RFC 8493 §2.2.3)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archiver import plugs
from archiver.completing import Holes, find_holes, finish_copy, hindrances, refuse_faulty, take_stock
from archiver.errors import ArchiverError, StorageError, UsageError
from archiver.fixity.measure import failure
from archiver.fixity.staging import Staging
from archiver.model.fetching import Fetched, Fetching, Hindrance, NotFetched, Wanted
from archiver.model.progress import QUIET, Progress
from archiver.model.report import PackageLine, Report, Severity
from archiver.packages.bag import Bag
from archiver.retrieval.connection import Way, require_transport, trust
from archiver.retrieval.download import Effort
from archiver.retrieval.errand import Errand, Waiting, fetch
from archiver.retrieval.keeping import Keep
from archiver.retrieval.record import FetchRecord, Witness
from archiver.validation import Judged, judge

_SHOWN = 20  # files named in one sentence
_GO_ON = "What came is kept: run the same command again to go on."


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How a bag is completed. `allowed` are hosts, or host:port, that need not lie on the public net."""

    witness: Witness
    waiting: Waiting
    allowed: frozenset[str] = frozenset()
    ca_file: Path | None = None
    lines: int = 2  # files fetched at a time
    workers: int = 2  # files read at a time
    way: Way = field(default_factory=Way)
    effort: Effort = field(default_factory=Effort)
    schemas: Path | None = None
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR


def complete(path: Path, destination: Path | None, settings: FetchSettings) -> Report:
    """Complete a bag: at `destination` a whole copy, or in place when that is None.

    Files that come are compared with every manifest before they have a name in the payload; tag files never change. A
    copy appears whole, by one rename, or not at all. All files that could not be had are in the report. Raises
    UnreadableInput, UsageError, DestinationTaken or StorageError; what came before is kept for the next run.
    """
    bag = path.resolve()
    target = bag if destination is None else destination.absolute()
    _refuse_inside(bag, target, destination)
    require_transport()
    settings.progress.say(f"Reading {path}")
    holes = find_holes(Bag.open(bag, name=target.name), subject=str(path))
    refused = refuse_faulty(holes, settings.fail_on)
    if refused is not None:
        return refused
    if destination is None:
        with _alone(target), Keep(target) as keep:
            _refuse_apart(keep, bag)
            return _completed_in_place(path, bag, holes, keep, settings)
    _tidy(target)
    with Staging(target, keep=True) as staging, Keep(target) as keep:
        return _completed_copy(path, holes, staging, keep, settings)


def _completed_in_place(path: Path, bag: Path, holes: Holes, keep: Keep, settings: FetchSettings) -> Report:
    run = _fetched(holes.wanted, bag, bag, keep, settings)
    if run.hindered(*Hindrance):
        return _incomplete(path, run, len(holes.wanted), keep, settings)
    settings.progress.say(f"Validating {path}")
    judged = judge(path, workers=settings.workers, schemas=settings.schemas, progress=settings.progress)
    keep.clear()
    note = f"{path}: {_counted(run, holes)} The record is {bag.name}.fetch-events.jsonl beside it."
    return _whole(path, run, judged, note if run.outcomes else f"{path}: nothing was missing.", settings)


def _completed_copy(path: Path, holes: Holes, staging: Staging, keep: Keep, settings: FetchSettings) -> Report:
    missing = take_stock(holes, staging.folder)
    room = sum(holes.contents.payload.values()) + sum(holes.contents.tag_files.values())
    run = _fetched(missing, staging.folder, staging.destination, keep, settings, also=room)
    if run.hindered(*Hindrance):
        return _incomplete(path, run, len(holes.wanted), keep, settings)
    settings.progress.say(f"Copying {len(holes.contents.payload)} files")
    finish_copy(holes, staging.folder, settings.workers, settings.progress)
    settings.progress.say(f"Validating {staging.destination.name}")
    judged = judge(
        staging.folder,
        name=staging.destination.name,
        workers=settings.workers,
        schemas=settings.schemas,
        progress=settings.progress,
    )
    if not judged.whole:
        note = f"{path}: the files came, but the bag is not valid; no copy of it was published. {_GO_ON}"
        return _report(run, judged, note, (), settings)
    staging.publish()
    keep.clear()
    note = f"{staging.destination}: {_counted(run, holes)} The record is {keep.bag.name}.fetch-events.jsonl beside it."
    return _whole(staging.destination, run, judged, note, settings)


def _fetched(
    wanted: Sequence[Wanted], folder: Path, target: Path, keep: Keep, settings: FetchSettings, *, also: int = 0
) -> Fetching:
    """Fetch what can be fetched; what is hindered before any question is asked is in the outcome too."""
    before = hindrances(wanted)
    open_ones = [each for each in wanted if each.entry.path not in before]
    _refuse_full(keep, open_ones, also)
    settings.progress.say(f"Fetching {len(open_ones)} files")
    settings.progress.expect(len(open_ones), sum(each.entry.size or 0 for each in open_ones))
    came: dict[str, Fetched | NotFetched] = {**before}
    if open_ones:
        agent = f"{settings.witness.software.name}/{settings.witness.software.version}"
        way = replace(settings.way, agent=agent, allowed=settings.allowed, trust=trust(settings.ca_file))
        record = FetchRecord(target, settings.witness)
        effort = replace(settings.effort, progress=settings.progress)
        errand = Errand(keep, folder, record, way, settings.waiting, effort, settings.lines)
        came |= {outcome.entry.path: outcome for outcome in fetch(errand, open_ones)}
    return Fetching(tuple(came[each.entry.path] for each in wanted))


def _incomplete(path: Path, run: Fetching, missing: int, keep: Keep, settings: FetchSettings) -> Report:
    """What came, what did not, and how to go on."""
    unknown = run.hindered(Hindrance.UNKNOWN)
    hindered = run.hindered(*Hindrance)
    came = bool(run.fetched or keep.parts() or missing > len(run.outcomes))
    next_step = _GO_ON if came else "Run the same command again to try again."
    note = f"{path} is not complete: {len(hindered)} of {missing} missing files could not be had. {next_step}"
    runs, findings = plugs.run_checks("fetch", run, subject=str(path))
    words = " ".join(outcome.detail for outcome in unknown[:_SHOWN])
    more = f" And {len(unknown) - _SHOWN} more." if len(unknown) > _SHOWN else ""
    remedies = dict.fromkeys(outcome.remedy for outcome in unknown if outcome.remedy)
    return Report(
        "bag fetch",
        checks=runs,
        findings=findings,
        notes=(note,),
        error=f"{len(unknown)} files could not be fetched. {words}{more}" if unknown else "",
        error_remedy=" ".join([*remedies, next_step]) if unknown else "",
        error_status=3 if unknown else 0,
        fail_on=settings.fail_on,
    )


def _whole(path: Path, run: Fetching, judged: Judged, note: str, settings: FetchSettings) -> Report:
    seal = judged.sealed.seal if judged.sealed else None
    line = PackageLine(str(path), judged.identifier, seal, "complete" if judged.whole else "complete, not valid")
    return _report(run, judged, note, (line,), settings)


def _report(
    run: Fetching, judged: Judged, note: str, lines: tuple[PackageLine, ...], settings: FetchSettings
) -> Report:
    runs, findings = plugs.run_checks("fetch", run, subject=judged.identifier)
    return Report(
        "bag fetch",
        checks=runs + judged.checks,
        findings=findings + judged.findings,
        packages=lines,
        notes=(note,),
        fail_on=settings.fail_on,
    )


def _counted(run: Fetching, holes: Holes) -> str:
    size = sum(fetched.size for fetched in run.fetched)
    earlier = len(holes.wanted) - len(run.outcomes)
    before = f"; {earlier} more came in an earlier run" if earlier else ""
    return f"{len(run.fetched)} files fetched, {size} bytes{before}."


def _refuse_inside(bag: Path, target: Path, destination: Path | None) -> None:
    if destination is not None and target.resolve().is_relative_to(bag):
        raise UsageError(f"{destination} lies inside of {bag}; nothing was written.",
                         remedy="Name a place outside of the bag.")  # fmt: skip


def _tidy(target: Path) -> None:
    """Remove what is left of a run that was killed after it had published the copy."""
    if target.exists() and (target.parent / f".{target.name}.fetching").exists():
        with contextlib.suppress(ArchiverError), Keep(target):
            pass  # with nothing in it, the folder goes


@contextlib.contextmanager
def _alone(bag: Path) -> Iterator[None]:
    """Keep every other command that changes the bag away from it."""
    staging = Staging(bag)
    try:
        staging.take_lock()
    except OSError as error:
        raise failure(error, bag, "writing") from error
    try:
        yield
    finally:
        staging.release()


def _refuse_apart(keep: Keep, bag: Path) -> None:
    """A name can be given by one step only within one file system."""
    if keep.folder.stat().st_dev != bag.stat().st_dev:
        keep.clear()
        raise UsageError(f"{bag} and the folder above it lie on different file systems; nothing was fetched.",
                         remedy="Complete a copy elsewhere: archiver bag fetch BAG -o DIR.")  # fmt: skip


def _refuse_full(keep: Keep, wanted: Sequence[Wanted], also: int) -> None:
    """As far as sizes are stated, say before the first byte that there is no room for the last."""
    needed = also + sum(
        max(0, each.entry.size - keep.part(each.entry.path).size()) for each in wanted if each.entry.size is not None
    )
    free = keep.free_space()
    if needed > free:
        raise StorageError(
            f"{keep.folder.parent}: {needed:,} bytes are needed and {free:,} are free; nothing was fetched.",
            remedy="Free space on that disk, or complete the bag elsewhere.",
        )
