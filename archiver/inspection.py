"""What a deposit holds, before anything is written: found, decoded, described, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver import plugs
from archiver.listing import list_deposit
from archiver.model.profile import SerialProfile
from archiver.model.report import CheckRun, Finding, Report, Severity
from archiver.model.serial import facts
from archiver.model.transcript import Deposit, Reading, SourceIssue
from archiver.serials.description import describe


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


def open_deposit(source: Path) -> Deposit:
    """List a deposit and let the first reader that recognises it find its issues. Writes nothing.

    Raises UnreadableInput when the source is missing or may not be read.
    """
    listing = list_deposit(source)
    is_bag = any(entry.name == "bagit.txt" for entry in listing.entries) and listing.is_folder
    issues: list[SourceIssue] = []
    rest = list(listing.files)
    form = ""
    if not is_bag:
        for reader in plugs.discover("archiver.sources", "READER").values():
            if rest and reader.recognises(rest):
                issues, rest = reader.issues(rest)
                form = reader.form
                break
    undescribed = tuple(rest) if issues else ()
    return Deposit(source, str(source), listing.entries, tuple(issues), undescribed, is_bag, listing.is_folder, form)


def inspect(source: Path, profiles: Mapping[str, SerialProfile], serial: str | None = None) -> Inspected:
    """Judge a deposit by every rule for deposits, transcripts, mastheads and issues. Writes nothing."""
    deposit = open_deposit(source)
    shown = deposit.shown
    runs: list[CheckRun] = []
    findings: list[Finding] = []
    readings = tuple(describe(issue, profiles, serial) for issue in deposit.issues)
    judged = [plugs.run_checks(needs, deposit, subject=shown) for needs in ("folder", "deposit")]
    for reading in readings:
        name = shown if len(readings) == 1 else str(reading.source.transcript.file.path)
        judged += _judge(reading, name)
    judged.append(plugs.run_checks("readings", readings, subject=shown))
    for part_runs, part_findings in judged:
        runs += part_runs
        findings += part_findings
    return Inspected(deposit, readings, tuple(runs), tuple(findings))


def _judge(reading: Reading, subject: str) -> list[tuple[tuple[CheckRun, ...], tuple[Finding, ...]]]:
    judged: list[tuple[tuple[CheckRun, ...], tuple[Finding, ...]]] = []
    judged.append(plugs.run_checks("transcript", reading.source.transcript, subject=subject))
    if not reading.source.transcript.lines:
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


def report(inspected: Sequence[Inspected], *, command: str = "inspect", fail_on: Severity = Severity.ERROR) -> Report:
    """The report of deposits inspected."""
    return Report(
        command=command,
        checks=tuple(run for each in inspected for run in each.checks),
        findings=tuple(found for each in inspected for found in each.findings),
        issues=tuple(reading.issue for each in inspected for reading in each.readings if reading.issue is not None),
        notes=("Nothing was written.",),
        fail_on=fail_on,
    )
