"""archiver register: the accession records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose
from archiver.cli.output import Output, run
from archiver.cli.parameters import Commands
from archiver.model.progress import Progress
from archiver.model.report import Report

if TYPE_CHECKING:
    from archiver.register import Register

app = Commands(help="The accession records: list, show, verify.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(output_format: OutputFormat = Form.TEXT, output: OutputFile = None) -> None:
    """List every accession with its status."""

    def work(_progress: Progress) -> Report:
        from archiver.register.reporting import list_accessions

        return list_accessions(_register())

    run("register list", Output(output_format, output), work)


@app.command("show")
def show(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An accession number, such as 2026.001.")],
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Show one accession: source, depositor, packages, events."""

    def work(_progress: Progress) -> Report:
        from archiver.register.reporting import show_accession

        register = _register()
        return show_accession(register, register.record(number), fail_on=fail_on.severity)

    run("register show", Output(output_format, output, verbose), work)


@app.command("verify")
def verify(
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Verify every record: chains whole, every package where it was recorded, with the recorded seal."""

    def work(_progress: Progress) -> Report:
        from archiver.register.reporting import verify_register

        return verify_register(_register(), fail_on=fail_on.severity)

    run("register verify", Output(output_format, output, verbose), work)


def _register() -> Register:
    from archiver.register import Register
    from archiver.workspace import need

    workspace = need(Path.cwd())
    return Register(
        workspace.accessions,
        workspace=workspace.root,
        packages=workspace.packages,
        scheme=workspace.number_scheme,
    )
