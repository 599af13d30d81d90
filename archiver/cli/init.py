"""archiver init: a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Form, OutputFile, OutputFormat
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder to make a workspace of.")] = Path(),
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
) -> None:
    """Make a workspace: archiver.toml, profiles/, accessions/, packages/. Nothing is overwritten."""

    def work(_progress: Progress) -> Report:
        from archiver.workspace import create

        made = create(folder)
        notes = (*(f"made {path}" for path in made), "Next: set the name of your archive in archiver.toml.")
        return Report("init", notes=notes)

    run("init", Output(output_format, output), work)
