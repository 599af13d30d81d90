"""archiver bag serialise: a bag as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Archived, FailAt, FailOn, Form, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report


def serialise(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A bag that is a folder.")],
    destination: Annotated[
        Path, typer.Option("-o", "--destination", metavar="FILE", help="The archive; nothing may be there.")
    ],
    as_: Annotated[
        Archived | None, typer.Option("--as", help="The kind of archive; without it, what FILE ends in.")
    ] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    report: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
    ] = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Put a bag into a zip or tar, every byte held against its manifests; the bag is only read."""

    def work(progress: Progress) -> Report:
        from archiver import serialising
        from archiver.model.archive import ArchiveKind

        kind = next((kind for kind in ArchiveKind if as_ is not None and kind.suffix == as_.value), None)
        settings = serialising.Serialising(kind, workers, progress, fail_on.severity)
        return serialising.serialise(bag, destination, settings)

    run("bag serialise", Output(output_format, report, verbose), work)
