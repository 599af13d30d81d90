"""archiver profile: serial profiles, made from an example and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Form, OutputFormat
from archiver.cli.output import Output, run
from archiver.cli.parameters import Commands
from archiver.model.progress import Progress
from archiver.model.report import Report

app = Commands(help="Serial profiles: make one from an issue, check them.", no_args_is_help=True, rich_markup_mode=None)


@app.command("new")
def new(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="An issue of the serial: a transcript or its folder.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the profile to FILE, which must be new."),
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The serial's ID; else from the title.")
    ] = None,
) -> None:
    """Propose the profile of a serial from the masthead of an issue, as commented TOML. Overwrites nothing."""

    def work(progress: Progress) -> Report:
        from archiver import profile_making

        progress.say(f"Reading {source}")
        made = profile_making.make_profile(source, identifier or "")
        issue = made.reading.issue
        if output is None:
            _print(made.text, made.remarks)
            return Report("profile new")
        profile_making.write_new(output, made.text)
        words = f"The profile of {made.identifier} is written to {output}; it reads this issue as {{}}."
        notes = (
            [words.format(issue.identifier)] if issue else [f"The profile of {made.identifier} is written to {output}."]
        )
        return Report("profile new", notes=(*notes, *made.remarks))

    run("profile new", Output(Form.TEXT), work)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Serial profiles.")],
    output_format: OutputFormat = Form.TEXT,
) -> None:
    """Tell every fault of serial profiles, with key and line."""

    def work(progress: Progress) -> Report:
        from archiver import profile_making

        progress.say(f"Reading {len(files)} profiles")
        sound, faults = profile_making.check_profiles(files)
        notes = (*(fault.message for fault in faults), *([f"Sound: {', '.join(sound)}."] if sound else []))
        if not faults:
            return Report("profile check", notes=notes)
        plural = "s" if len(faults) != 1 else ""
        words = f"{len(faults)} fault{plural} in {len(files) - len(sound)} of {len(files)} profiles."
        return Report("profile check", notes=notes, error=words, error_status=2)

    run("profile check", Output(output_format), work)


def _print(text: str, remarks: tuple[str, ...]) -> None:
    """The profile to standard output, in UTF-8 as TOML always is; what to look at to standard error."""
    from archiver.errors import StorageError
    from archiver.model.names import escape

    try:
        # The report that follows is empty but for the end of the line.
        typer.echo(text.removesuffix("\n").encode("utf-8"), nl=False)
        for remark in remarks:
            typer.echo(escape(remark), err=True)
    except OSError as error:
        raise StorageError(f"The profile cannot be written to standard output: {error.strerror}.") from error
