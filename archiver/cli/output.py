"""Running a command: its report rendered, its exit status given, no traceback shown."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from archiver.cli.options import Form
from archiver.cli.progress import Bar
from archiver.errors import ArchiverError
from archiver.model.names import escape
from archiver.model.progress import Progress
from archiver.model.report import Report

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how a report goes."""

    form: Form
    file: Path | None = None
    verbose: bool = False


def run(command: str, output: Output, work: Callable[[Progress], Report]) -> None:
    """Do the work, show its progress and its report, and end the command with the report's exit status."""
    bar = Bar(sys.stderr)
    try:
        try:
            report = _report(command, lambda: work(bar))
        finally:
            bar.clear()
        text = _rendered(report, output)
        status = _write(text, output, report)
    except KeyboardInterrupt:
        _say("Interrupted: nothing half-made stands as whole; run the command again to go on.")
        # Everything is put back by now. Python would end with the signal, not with 130, when the interruption passed
        # through code it was compiling.
        os._exit(INTERRUPTED)
    raise typer.Exit(status)


def _report(command: str, work: Callable[[], Report]) -> Report:
    try:
        return work()
    except ArchiverError as error:
        return Report(command, error=error.message, error_remedy=error.remedy, error_status=error.exit_status)
    except Exception as crash:
        if os.environ.get("ARCHIVER_DEBUG"):
            raise
        message = f"archiver met a fault of its own: {type(crash).__name__}: {crash}."
        remedy = "Please report it; ARCHIVER_DEBUG=1 shows where it happened."
        return Report(command, error=message, error_remedy=remedy, error_status=3)


def _rendered(report: Report, output: Output) -> str:
    renderer = importlib.import_module(f"archiver.render.{output.form.value}").RENDERER
    return str(renderer(report, verbose=output.verbose))


def _write(text: str, output: Output, report: Report) -> int:
    if report.error:
        _say(" ".join(part for part in (report.error, report.error_remedy) if part))
    if output.file is None:
        return _print(text, report)
    partial = output.file.with_name(f".{output.file.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        partial.replace(output.file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        _say(f"{output.file}: the report cannot be written: {(error.strerror or str(error)).lower()}.")
        return max(report.exit_status, 3)
    return report.exit_status


def _print(text: str, report: Report) -> int:
    """Write the report to standard output; the exit status, 3 when it could not be shown."""
    if sys.stdout is None:  # closed before we began
        _say("The report cannot be written: standard output is closed.")
        return max(report.exit_status, 3)
    content = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can go there: not now, and not when the interpreter ends and flushes what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read has stopped reading, as head does
            return report.exit_status
        _say(f"The report cannot be written to standard output: {(error.strerror or str(error)).lower()}.")
        return max(report.exit_status, 3)
    return report.exit_status


def _say(words: str) -> None:
    # Standard error may be closed or full; what is said there never changes what was done.
    with contextlib.suppress(OSError, AttributeError):
        sys.stderr.write(escape(words) + "\n")
        sys.stderr.flush()
