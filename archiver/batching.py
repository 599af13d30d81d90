"""A batch: each row of a sheet of issues accessioned by itself, the result written as it goes, and a table at the end.

A row that fails keeps no other from its turn. A run that was stopped is resumed by the same command: every deposit is
recognised by the accession itself, so what is done is not redone and what was half done is finished.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import plugs
from archiver.batch_sheets.reading import read_batch
from archiver.batch_sheets.result import ResultFile, refuse_taken
from archiver.errors import ArchiverError, StorageError, UsageError
from archiver.executors import in_processes
from archiver.model.batch import BatchRow, BatchSheet
from archiver.model.batch_result import RowOutcome, RowResult
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Outcome, PackageLine, Report, Severity, Verdict
from archiver.render.text import table

if TYPE_CHECKING:
    from datetime import datetime

Work = Callable[[BatchRow, Path], Report]  # accessions the deposit of one row, or previews it
_NUMBER = re.compile(r"accession(?:ed as)? (\S+?);?$|accessioned as (\S+?);")
_LONGEST_TABLE = 200  # rows; of a longer batch, the table has those that need somebody
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run has to do: the sheet, the known serials, where the result goes (None: nowhere), and the clock."""

    sheet: Path
    serials: Collection[str]
    result: Path | None
    now: Callable[[], datetime]
    dry_run: bool = False
    progress: Progress = QUIET
    fail_on: Severity = Severity.ERROR
    jobs: int = 1  # rows worked on at the same time; numbers then follow the order in which they are claimed


def default_result(sheet: Path) -> Path:
    """Where the result goes when no place is named: beside the sheet."""
    return sheet.with_name(f"{sheet.stem}.result.csv")


def run_batch(batch: Batch, work: Work) -> Report:
    """Judge the sheet, then call `work` for each row without an error, in order, and keep the result after each.

    Raises what reading the sheet raises; UsageError or StorageError when the result cannot be written where it should,
    before any row is taken up. What `work` raises concerns its row alone. Each report of `work` is about one deposit;
    their issues are left out of the report of the batch, which would hold thousands of them.
    """
    batch.progress.say(f"Reading {batch.sheet}")
    sheet = read_batch(batch.sheet, batch.serials)
    checks, findings = plugs.run_checks("batch", sheet, subject=str(batch.sheet))
    gathered = _Gathered(list(findings))
    file = _result_file(batch, sheet)
    results = [RowResult() for _row in sheet.rows]
    if not sheet.refused:
        results = _work_through(batch, sheet, work, file, gathered)
    return Report(
        command="accession",
        checks=(*checks, *gathered.checks),
        findings=tuple(gathered.findings),
        packages=tuple(gathered.packages),
        notes=_notes(batch, sheet, results, file),
        error=" ".join(error.message for error in gathered.errors),
        error_remedy=gathered.remedy,
        error_status=max((error.exit_status for error in gathered.errors), default=0),
        fail_on=batch.fail_on,
    )


class _Gathered:
    """What the rows came to, together. Checks are kept once for each outcome: a thousand deposits have many."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.packages: list[PackageLine] = []
        self.errors: list[ArchiverError] = []
        self._runs: dict[tuple[str, Outcome, str], CheckRun] = {}

    def add(self, report: Report) -> None:
        self.findings += report.findings
        self.packages += report.packages
        for run in report.checks:
            self._runs.setdefault((run.code, run.outcome, run.reason), run)
        if report.error:
            self.errors.append(_Stated(report.error, report.error_remedy, report.error_status))

    @property
    def checks(self) -> tuple[CheckRun, ...]:
        return tuple(self._runs.values())

    @property
    def remedy(self) -> str:
        worst = max(self.errors, key=lambda error: error.exit_status, default=None)
        return worst.remedy if worst else ""


class _Stated(ArchiverError):
    """An error that the report of one row states."""

    def __init__(self, message: str, remedy: str, status: int) -> None:
        super().__init__(message, remedy=remedy)
        self.exit_status = status


def _result_file(batch: Batch, sheet: BatchSheet) -> ResultFile | None:
    """The result, on the disk before any row is taken up: whoever waits for it knows that it can be written."""
    if batch.result is None or sheet.refused:
        return None
    place = batch.result.absolute()
    if place == batch.sheet.absolute() or (place.exists() and place.samefile(batch.sheet)):
        raise UsageError(
            f"{batch.result} is the sheet itself; nothing was done.", remedy="Name another file with --result."
        )
    for row in sheet.rows:
        deposit = (batch.sheet.parent / row.folder).absolute()
        if row.folder and place.is_relative_to(deposit):
            raise UsageError(
                f"{batch.result} would lie within {deposit}, the deposit of row {row.row}; nothing was done.",
                remedy="Name a place outside of the deposits with --result.",
            )
    refuse_taken(batch.result)
    file = ResultFile(batch.result, sheet)
    file.keep(now=True)
    return file


def _work_through(
    batch: Batch, sheet: BatchSheet, work: Work, file: ResultFile | None, gathered: _Gathered
) -> list[RowResult]:
    refusing: dict[tuple[str, int], list[str]] = {}
    for fault in sheet.faults:
        if fault.refuses:
            words = f"column {fault.column}: {fault.words}" if fault.column else fault.words
            refusing.setdefault((fault.sheet, fault.row), []).append(words)
    turns = [row for row in sheet.rows if (row.sheet, row.row) not in refusing]
    reports = in_processes(lambda row: _one(batch, row, work), turns, jobs=batch.jobs)
    results = []
    for position, row in enumerate(sheet.rows):
        faults = refusing.get((row.sheet, row.row))
        if faults:
            words = f"{len(faults)} error{'s' if len(faults) > 1 else ''}"
            result = RowResult(RowOutcome.NOT_ACCESSIONED, findings=words, message="; ".join(faults))
        else:
            batch.progress.say(f"Row {row.row} ({position + 1} of {len(sheet.rows)}): {row.folder}")
            report = next(reports)
            gathered.add(report)
            result = _result(report, batch.dry_run)
        result = replace(result, finished=batch.now().isoformat())
        results.append(result)
        if file is not None:
            file.set(position, result)
            _keep(file, gathered, now=position + 1 == len(sheet.rows))
    return results


def _one(batch: Batch, row: BatchRow, work: Work) -> Report:
    try:
        # Its issues are in the package; a thousand of them would not fit in memory, nor has the report room for them.
        return replace(work(row, batch.sheet.parent / row.folder), issues=())
    except ArchiverError as error:
        message = f"{row.origin}: {error.message}"
        return Report("accession", error=message, error_remedy=error.remedy, error_status=error.exit_status)
    except Exception as crash:  # noqa: BLE001  a fault of ours in one issue keeps no other from its turn
        message = f"{row.origin}: archiver met a fault of its own: {type(crash).__name__}: {crash}."
        remedy = "Please report it, with this issue if you may."
        return Report("accession", error=message, error_remedy=remedy, error_status=3)


def _keep(file: ResultFile, gathered: _Gathered, *, now: bool) -> None:
    """Write the result; when that fails, the batch goes on and says so at its end, for the register has everything."""
    try:
        file.keep(now=now)
    except StorageError as error:
        if not any(error.message == known.message for known in gathered.errors):
            gathered.errors.append(error)


def _result(report: Report, dry_run: bool) -> RowResult:
    """What came of a row, by the report of its deposit."""
    counts = [(one, sum(found.severity is one for found in report.findings)) for one in _SEVERITIES]
    findings = ", ".join(f"{count} {one.value}{'s' if count > 1 else ''}" for one, count in counts if count)
    packages = "; ".join(line.identifier for line in report.packages)
    outcome = _outcome(report, dry_run)
    words = (*(line.note for line in report.packages), *report.notes)
    numbers = [match[1] or match[2] for one in words for match in _NUMBER.finditer(one)] if report.packages else []
    message = report.error
    if not message and not outcome.is_done:
        worst = next((found for found in report.findings if found.severity is Severity.ERROR), None)
        message = f"{worst.code} {worst.message}" if worst else " ".join(report.notes)
    return RowResult(outcome, numbers[-1] if numbers else "", packages, findings, message)


def _outcome(report: Report, dry_run: bool) -> RowOutcome:
    if report.packages and not report.error:
        if dry_run:
            stands = any(line.note == "stands there already" for line in report.packages)
            return RowOutcome.STANDS if stands else RowOutcome.PREVIEWED
        before = all(line.note.startswith("already ") for line in report.packages)
        return RowOutcome.BEFORE if before else RowOutcome.ACCESSIONED
    if report.error_status == 2:
        return RowOutcome.REFUSED
    return RowOutcome.UNKNOWN if report.verdict is Verdict.UNKNOWN else RowOutcome.NOT_ACCESSIONED


def _notes(batch: Batch, sheet: BatchSheet, results: list[RowResult], file: ResultFile | None) -> tuple[str, ...]:
    notes = []
    shown = list(zip(sheet.rows, results, strict=True))
    if len(shown) > _LONGEST_TABLE:
        shown = [pair for pair in shown if not pair[1].outcome.is_done]
        notes.append(f"The table has the rows that are not done{', the first 200' * (len(shown) > _LONGEST_TABLE)}.")
    rows = [
        (
            f"{row.sheet} {row.row}".strip(),
            row.folder or row.folder_written,
            result.outcome.value,
            result.number,
            result.package,
            result.findings,
        )
        for row, result in shown[:_LONGEST_TABLE]
    ]
    if rows:
        notes.append("\n".join(table(("row", "folder", "outcome", "accession", "package", "findings"), rows)))
    notes.append(_counted(batch, sheet, results))
    if file is not None:
        notes.append(f"The result is in {file.path}.")
    if batch.dry_run:
        notes.append("Preview only; nothing else was written." if file else "Preview only; nothing was written.")
    return tuple(notes)


def _counted(batch: Batch, sheet: BatchSheet, results: list[RowResult]) -> str:
    if sheet.refused:
        return f"{batch.sheet}: no row was taken up; nothing was written."
    counts = {one: sum(result.outcome is one for result in results) for one in RowOutcome}
    words = ", ".join(f"{count} {one.value}" for one, count in counts.items() if count)
    undone = sum(not result.outcome.is_done for result in results)
    again = " Mend the others, and run the same command again: what is done is not redone." if undone else ""
    return f"{batch.sheet}: {len(results)} rows: {words}.{again}"
