"""archiver template: empty files to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Form
from archiver.cli.output import Output, run
from archiver.cli.parameters import Commands
from archiver.model.progress import Progress
from archiver.model.report import Report

app = Commands(help="Empty files to fill in: a sheet of issues.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def template() -> None:
    """Empty files to fill in."""


@app.command("batch")
def batch(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="A new file: .csv, or .xlsx for an Excel workbook."),
    ] = None,
) -> None:
    """Write an empty sheet of issues, to fill in for accession --batch. Overwrites nothing."""

    def work(progress: Progress) -> Report:
        from archiver.batch_sheets import template as sheets

        if output is None:
            _print(sheets.template_csv())
            return Report("template batch")
        progress.say(f"Writing {output}")
        sheets.write_template(output)
        words = f"An empty sheet is written to {output}: a row for each issue, folders relative to the sheet."
        return Report("template batch", notes=(words, "Then: archiver accession --dry-run --batch FILE"))

    run("template batch", Output(Form.TEXT), work)


def _print(content: bytes) -> None:
    """The sheet to standard output; the report that follows is empty but for the end of the line."""
    from archiver.errors import StorageError

    try:
        typer.echo(content.removesuffix(b"\n"), nl=False)
    except OSError as error:
        raise StorageError(f"The sheet cannot be written to standard output: {error.strerror}.") from error
