"""archiver inspect: what a deposit holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report


def inspect(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Files or folders to look at.")],
    serial: Annotated[str | None, typer.Option("--serial", metavar="ID", help="Serial ID of the profile.")] = None,
    checksums: Annotated[
        list[Path] | None,
        typer.Option("--checksums", metavar="FILE", help="A depositor's checksum list that lies elsewhere."),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", metavar="FILE", help="Corrections that lie elsewhere.")
    ] = None,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Show what a deposit holds: masthead, articles, pages, findings. Writes nothing."""

    def work(progress: Progress) -> Report:
        from archiver import inspection
        from archiver.cli import surroundings
        from archiver.cli.profile_option import format_policy
        from archiver.opening import Opening
        from archiver.register import Register

        workspace = surroundings.here()
        profiles = surroundings.profiles(workspace)
        held = Register(workspace.accessions, workspace=workspace.root).held.of_day if workspace is not None else None
        inspected = []
        with Opening(progress=progress) as opening:
            terms = inspection.Terms(
                serial,
                checksums=tuple(checksums or ()),
                corrections=corrections,
                profile=format_policy(),
                scanner=workspace.scanner if workspace is not None else None,
                held=held,
                opening=opening,
                progress=progress,
            )
            for source in sources:
                progress.say(f"Reading {source}")
                inspected.append(inspection.inspect(source, profiles, serial, terms))
        return inspection.report(inspected, fail_on=fail_on.severity)

    run("inspect", Output(output_format, output, verbose), work)
