"""archiver schemas: the official XSDs, installed on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Form, OutputFile, OutputFormat
from archiver.cli.output import Output, run
from archiver.cli.parameters import Commands
from archiver.errors import CouldNotFindOut
from archiver.model.progress import Progress
from archiver.model.report import Component, Report

app = Commands(help="The official schemas: list, install.", no_args_is_help=True, rich_markup_mode=None)
_TIMEOUT = 60  # seconds without an answer
_LARGEST = 16 * 1024 * 1024  # bytes of a schema


@app.command("install")
def install(
    source: Annotated[
        str | None, typer.Option("--from", metavar="DIR|URL", help="A folder or address that holds the files.")
    ] = None,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
) -> None:
    """Install the official schemas from their official addresses, against the pinned digests."""

    def work(progress: Progress) -> Report:
        from archiver.cli import surroundings
        from archiver.metadata import schemas

        def fetch(address: str) -> bytes:
            progress.say(f"Fetching {address}")
            return _fetch(address)

        folder = surroundings.schemas_folder()
        is_address = source is not None and "://" in source
        local = Path(source) if source is not None and not is_address else None
        placed = schemas.install(folder, source=local, base=source if is_address and source else "", fetch=fetch)
        words = f"{len(placed)} installed" if placed else "nothing to do: all are installed"
        return Report("schemas install", components=_components(folder), notes=(f"{words} ({folder}).",))

    run("schemas install", Output(output_format, output), work)


@app.command("list")
def list_(output_format: OutputFormat = Form.TEXT, output: OutputFile = None) -> None:
    """List the official schemas: version, address, and whether they are installed."""

    def work(_progress: Progress) -> Report:
        from archiver.cli import surroundings

        return Report("schemas list", components=_components(surroundings.schemas_folder()))

    run("schemas list", Output(output_format, output), work)


def _components(folder: Path) -> tuple[Component, ...]:
    from archiver.metadata import schemas

    return tuple(
        Component(entry.file, entry.version, state != "wrong digest", f"{state}; {entry.address}",
                  "" if state == "installed" else "archiver schemas install")
        for entry, state in schemas.installed(folder)
    )  # fmt: skip


def _fetch(address: str) -> bytes:
    """The bytes at an http or https address. Raises CouldNotFindOut when they cannot be had."""
    import urllib.error
    import urllib.request

    if not address.startswith(("http://", "https://")):
        raise CouldNotFindOut(f"{address} is no http or https address.")
    request = urllib.request.Request(address, headers={"User-Agent": "archiver"})  # noqa: S310  scheme checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            content = bytes(answer.read(_LARGEST + 1))
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise CouldNotFindOut(
            f"{address} cannot be reached: {reason}.",
            remedy="Without a network, get the files elsewhere, and: archiver schemas install --from DIR",
        ) from error
    if len(content) > _LARGEST:
        raise CouldNotFindOut(f"{address} gives more than {_LARGEST} bytes: it is no schema.")
    return content
