"""What a deposit holds, before anything is written: found, decoded, described, judged.

Issues are read one after another, and of each only what its package needs is kept: a year of them fits in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archiver import plugs
from archiver.checksum_lists.wording import note_words
from archiver.corrections.belonging import names_of
from archiver.corrections.describing import describe_corrected
from archiver.corrections.judging import outcome
from archiver.corrections.places import find, load
from archiver.deposit_checksums import compare_checksums
from archiver.deposit_duplicates import same_bytes
from archiver.formats.identifying import identify_many
from archiver.listing import Listing, list_deposit
from archiver.model.corrections import Corrected, Corrections
from archiver.model.duplicates import FoundTwice, HeldIssue
from archiver.model.formats import FileToIdentify, FoundFormats
from archiver.model.gathered import Gathering
from archiver.model.given import Given
from archiver.model.imaging import ExaminedImages
from archiver.model.package_profile import PackageProfile
from archiver.model.profile import SerialProfile
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Outcome, Report, Severity, Unavailable
from archiver.model.serial import facts
from archiver.model.transcript import Deposit, Reading, SourceIssue
from archiver.model.viruses import Scanner
from archiver.opening import Opened, Opening
from archiver.serials.description import describe
from archiver.sources.gathering import gather, read
from archiver.sources.sorting import sort_files
from archiver.virus_scanning import scan

Judged = tuple[tuple[CheckRun, ...], tuple[Finding, ...]]
Held = Callable[[str, str], tuple[HeldIssue, ...]]  # serial ID, ISO date → issues of the register
_GRAVITY = (Outcome.PASSED, Outcome.SKIPPED, Outcome.FAILED, Outcome.BROKEN)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked besides the deposit itself: facts given of its issues, checksum lists that lie elsewhere."""

    serial: str | None = None
    given: tuple[Given, ...] = ()
    checksums: tuple[Path, ...] = ()
    profile: PackageProfile | None = None  # whose format policy is asked
    corrections: Path | None = None  # a corrections file that lies elsewhere
    scanner: Scanner | None = None  # for viruses
    held: Held | None = None  # asks the register for the issues of a serial and day
    opening: Opening | None = None  # opens archives and bags; without one, only files and folders are read
    workers: int = 2
    progress: Progress = QUIET


@dataclass(frozen=True, slots=True)
class Inspected:
    """A deposit with what was read of its issues, and everything that was checked."""

    deposit: Deposit
    readings: tuple[Reading, ...]
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]

    @property
    def acceptable(self) -> bool:
        """Whether the deposit has no error, every check ran, and there is an issue to make a package of."""
        worst = any(found.severity is Severity.ERROR for found in self.findings)
        broken = any(run.outcome.value == "broken" for run in self.checks)
        described = bool(self.readings) and all(reading.issue is not None for reading in self.readings)
        return described and not worst and not broken


def open_deposit(source: Path) -> tuple[Deposit, Gathering]:
    """List a deposit, and let the first reader that knows its form tell its issues. Writes nothing.

    Raises UnreadableInput when the source is missing or may not be read.
    """
    listing = list_deposit(source)
    is_bag = any(entry.name == "bagit.txt" for entry in listing.entries) and listing.is_folder
    gathering = Gathering("", ()) if is_bag else gather(sort_files(listing.files))
    return _deposit(source, listing, gathering, is_bag=is_bag), gathering


def _deposit(source: Path, listing: Listing, gathering: Gathering, *, is_bag: bool) -> Deposit:
    undescribed = tuple(each.file for each in gathering.undescribed) if gathering.plans else ()
    return Deposit(
        source,
        str(source),
        listing.entries,
        undescribed=undescribed,
        is_bag=is_bag,
        is_folder=listing.is_folder,
        form=gathering.form,
        files=listing.files,
    )


def read_issues(source: Path) -> tuple[SourceIssue, ...]:
    """Every issue of a deposit, read and not judged. Raises what `open_deposit` raises."""
    _deposit, gathering = open_deposit(source)
    return tuple(read(plan) for plan in gathering.plans)


def inspect(
    source: Path, profiles: Mapping[str, SerialProfile], serial: str | None = None, terms: Terms | None = None
) -> Inspected:
    """Judge a deposit by every rule for deposits, transcripts, mastheads, pages and issues. Writes nothing."""
    terms = replace(terms or Terms(), serial=serial or (terms.serial if terms else None))
    opened = terms.opening.open(source) if terms.opening is not None else Opened(source, str(source))
    if not opened.is_sound:
        deposit = Deposit(source, opened.shown, (), container=opened.container, bag=opened.bag)
        return Inspected(deposit, (), opened.checks, opened.findings)
    deposit, gathering = open_deposit(opened.path)
    shown = opened.shown
    deposit = replace(deposit, shown=shown, container=opened.container, bag=opened.bag)
    judged: list[Judged] = []
    readings: list[Reading] = []
    corrections, done = _corrections(source, terms), list[Corrected]()
    deposit = replace(deposit, corrections=corrections)
    for plan in gathering.plans:
        terms.progress.say(f"Reading {plan.name}")
        found = read(plan)
        found = replace(found, given=(*terms.given, *found.given))
        subject = shown if len(gathering.plans) == 1 else found.shown
        found, formats = _identified(found, terms, subject)
        reading, corrected = _described(found, profiles, terms, corrections, alone=len(gathering.plans) == 1)
        done.append(corrected)
        judged += [*_judge(reading, subject), formats]
        readings.append(_kept(reading, alone=len(gathering.plans) == 1))
    deposit = replace(deposit, issues=tuple(reading.source for reading in readings))
    deposit = _with_checksums(deposit, gathering, terms, opened)
    deposit, scanned = _scanned(deposit, terms)
    before = [(opened.checks, opened.findings), *scanned]
    before += [plugs.run_checks(needs, deposit, subject=shown) for needs in ("folder", "deposit")]
    judged = [*before, *judged]
    if deposit.comparison is not None:
        judged.append(plugs.run_checks("checksums", deposit.comparison, subject=shown))
    judged.append(plugs.run_checks("readings", tuple(readings), subject=shown))
    if corrections is not None:
        names = [name for reading in readings for name in names_of(reading.source)]
        judged.append(plugs.run_checks("corrections", outcome(corrections, done, names), subject=shown))
    judged.append(_duplicates(deposit, tuple(readings), terms, shown))
    runs = tuple(run for part, _findings in judged for run in part)
    return Inspected(deposit, tuple(readings), runs, tuple(one for _runs, part in judged for one in part))


def _corrections(source: Path, terms: Terms) -> Corrections | None:
    """The archivist's corrections: the file that was named, else the one that lies beside the deposit."""
    path = terms.corrections or find(source)
    return load(path) if path is not None else None


def _described(
    found: SourceIssue,
    profiles: Mapping[str, SerialProfile],
    terms: Terms,
    corrections: Corrections | None,
    *,
    alone: bool,
) -> tuple[Reading, Corrected]:
    """An issue described, and corrected where there are corrections."""
    if corrections is None:
        return describe(found, profiles, terms.serial), Corrected(None)
    reading, corrected = describe_corrected(found, profiles, corrections, terms.serial, alone=alone)
    return replace(reading, corrected=corrected.applied), corrected


def _identified(source: SourceIssue, terms: Terms, subject: str) -> tuple[SourceIssue, Judged]:
    """The issue with the formats of its files, and what the rules and the policy for formats say of them."""
    files = [
        FileToIdentify(file.path, file.name, None, file.content)
        for file in source.deposited
        if file.content is not None or file.stamp.size
    ]
    found = tuple(identify_many(files, workers=terms.workers))
    profile = terms.profile
    policy = profile.formats if profile is not None else None
    name = profile.identifier if profile is not None else ""
    judged = plugs.run_checks("formats", FoundFormats(found, policy, name), subject=subject)
    return replace(source, formats=tuple((each.name, each.format) for each in found)), judged


def _scanned(deposit: Deposit, terms: Terms) -> tuple[Deposit, list[Judged]]:
    """The deposit with what the virus scanner says of its files, and the rules for that; nothing without a scanner."""
    if terms.scanner is None:
        return deposit, []
    terms.progress.say(f"Scanning {deposit.shown} for viruses")
    found = scan(deposit.files, terms.scanner, progress=terms.progress)
    return replace(deposit, viruses=found), [plugs.run_checks("viruses", found, subject=deposit.shown)]


def _duplicates(deposit: Deposit, readings: tuple[Reading, ...], terms: Terms, subject: str) -> Judged:
    """Files that are there twice, and issues that the register has already."""
    issues = [reading.issue for reading in readings if reading.issue is not None]
    days = dict.fromkeys((issue.serial, issue.issued.isoformat()) for issue in issues)
    held = tuple(each for day in days for each in terms.held(*day)) if terms.held is not None else ()
    groups = same_bytes(deposit.files, dict(deposit.measured))
    found = FoundTwice(groups, readings, held, terms.held is not None)
    return plugs.run_checks("duplicates", found, subject=subject)


def _with_checksums(deposit: Deposit, gathering: Gathering, terms: Terms, opened: Opened) -> Deposit:
    comparison, measured = compare_checksums(
        deposit.files,
        gathering.lists,
        terms.checksums,
        [each for plan in gathering.plans for each in plan.stated],
        workers=terms.workers,
        progress=terms.progress,
    )
    return replace(deposit, comparison=comparison, measured=tuple(measured.items()) or opened.measured)


def _kept(reading: Reading, *, alone: bool) -> Reading:
    """A reading that was judged, without layout documents; of several issues, without the lines that were read."""
    source = replace(reading.source, layouts=())
    if not alone and reading.issue is not None:
        source = replace(source, transcript=replace(source.transcript, lines=()))
    return replace(reading, source=source)


def _judge(reading: Reading, subject: str) -> list[Judged]:
    judged: list[Judged] = list(_judge_files(reading.source, subject))
    transcript = reading.source.transcript
    if transcript.lines or transcript.faults or not reading.source.pages:
        judged.append(plugs.run_checks("transcript", transcript, subject=subject))
    else:
        judged.append((plugs.skip_checks("transcript", "the issue came without words", subject=subject), ()))
    if not transcript.lines and reading.issue is None and not reading.faults:
        reason = "the transcript could not be read"
        judged += [(plugs.skip_checks(needs, reason, subject=subject), ()) for needs in ("masthead", "facts", "issue")]
        return judged
    judged.append(plugs.run_checks("masthead", reading, subject=subject))
    if reading.issue is None:
        reason = "the issue could not be described"
        judged += [(plugs.skip_checks(needs, reason, subject=subject), ()) for needs in ("facts", "issue")]
        return judged
    path = str(reading.source.transcript.file.path)
    judged.append(plugs.run_checks("facts", facts(reading.issue, path), subject=subject))
    judged.append(plugs.run_checks("issue", reading, subject=subject))
    return judged


def _judge_files(source: SourceIssue, subject: str) -> list[Judged]:
    """What page images, layout documents and whatever else an issue came as have rules for."""
    judged: list[Judged] = []
    if source.images or source.arranged is not None:
        arranged = (source.arranged,) if source.arranged is not None else ()
        judged.append(plugs.run_checks("images", ExaminedImages(source.images, arranged), subject=subject))
    if source.layouts:
        judged.append(_together([plugs.run_checks("layout", layout, subject=subject) for layout in source.layouts]))
    for needs, material in source.materials:
        if isinstance(material, Unavailable):
            judged.append((plugs.skip_checks(needs, material.reason, subject=subject), ()))
        else:
            judged.append(plugs.run_checks(needs, material, subject=subject))
    return judged


def _together(judged: Sequence[Judged]) -> Judged:
    """One run a rule over several files of an issue: the gravest outcome, with its reason."""
    gravest: dict[str, CheckRun] = {}
    for runs, _findings in judged:
        for run in runs:
            known = gravest.get(run.code)
            if known is None or _GRAVITY.index(run.outcome) > _GRAVITY.index(known.outcome):
                gravest[run.code] = run
    return tuple(gravest.values()), tuple(one for _runs, findings in judged for one in findings)


def checksum_notes(deposit: Deposit) -> tuple[str, ...]:
    """What the depositor's checksums came to, in sentences; nothing without any."""
    return note_words(deposit.comparison) if deposit.comparison is not None else ()


def report(inspected: Sequence[Inspected], *, command: str = "inspect", fail_on: Severity = Severity.ERROR) -> Report:
    """The report of deposits inspected."""
    return Report(
        command=command,
        checks=tuple(run for each in inspected for run in each.checks),
        findings=tuple(found for each in inspected for found in each.findings),
        issues=tuple(reading.issue for each in inspected for reading in each.readings if reading.issue is not None),
        notes=(*(note for each in inspected for note in checksum_notes(each.deposit)), "Nothing was written."),
        fail_on=fail_on,
    )
