"""archiver validate: every rule on packages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.cli.profile_option import chosen_profile
from archiver.model.progress import Progress
from archiver.model.report import Report


def validate(
    packages: Annotated[
        list[Path], typer.Argument(metavar="PACKAGE...", help="Packages: folders, or archives, of bags.")
    ],
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Let bagit-python judge too, and say where the two disagree.")
    ] = False,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME|FILE",
            help="Judge by a package profile or BagIt profile too; rfc8493: by the standard alone, also our packages.",
        ),
    ] = "",
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Judge packages: bag, fixity, metadata, issue and house rules, all faults in one run."""

    def work(progress: Progress) -> Report:
        from archiver import validation
        from archiver.cli import surroundings

        named = profile not in {"", validation.RFC_8493}
        return validation.validate(
            packages,
            workers=workers,
            schemas=surroundings.schemas_folder(),
            second_opinion=second_opinion,
            profile="" if named else profile,
            chosen=chosen_profile(profile, validation.RFC_8493) if named else None,
            fail_on=fail_on.severity,
            progress=progress,
        )

    run("validate", Output(output_format, output, verbose), work)
