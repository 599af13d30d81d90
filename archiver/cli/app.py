"""The command line. Commands import what they need when they run, so that help and version are there at once."""

from __future__ import annotations

import os
from typing import Annotated

os.environ.setdefault("TYPER_USE_RICH", "0")  # rich takes longer to load than most commands take to run

import typer

from archiver import __version__
from archiver.cli import (
    accession,
    bag,
    doctor,
    explain,
    export,
    init,
    inspect,
    profile,
    register,
    schemas,
    template,
    transfer,
    validate,
)
from archiver.cli.parameters import Commands

app = Commands(
    name="archiver",
    help="Issues of serials: described, sealed, validated, registered, transferred.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("inspect")(inspect.inspect)
app.command("accession")(accession.accession)
app.command("validate")(validate.validate)
app.command("transfer")(transfer.transfer)
app.command("export")(export.export)
app.command("explain")(explain.explain)
app.add_typer(bag.app, name="bag")
app.add_typer(profile.app, name="profile")
app.add_typer(register.app, name="register")
app.add_typer(schemas.app, name="schemas")
app.add_typer(template.app, name="template")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"archiver {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Issues of serials: described, sealed, validated, registered, transferred."""


def main() -> None:
    """Run the command line."""
    app()
