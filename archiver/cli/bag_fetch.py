"""archiver bag fetch: what fetch.txt names, fetched and verified."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.errors import UsageError
from archiver.model.progress import Progress
from archiver.model.report import Report


def fetch(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A bag with a fetch.txt.")],
    destination: Annotated[
        Path | None,
        typer.Option(
            "-o", "--destination", metavar="DIR", help="Where the whole copy will stand; nothing may be there."
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Complete the bag itself; its tag files stay as they are.")
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="HOST[:PORT]", help="A host of a private network or of this machine."),
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option("--ca-file", metavar="FILE", help="Certificates to trust as well, in PEM form.")
    ] = None,
    most_bytes: Annotated[
        int, typer.Option("--most-bytes", min=1, help="The most of a file whose size fetch.txt does not state.")
    ] = 16 * 1024**3,
    tries: Annotated[int, typer.Option("--tries", min=1, max=100, help="Tries of one file that bring nothing.")] = 5,
    lines: Annotated[int, typer.Option("--lines", min=1, max=16, help="Files fetched at the same time.")] = 2,
    timeout: Annotated[int, typer.Option("--timeout", min=1, help="Seconds to wait for a server.")] = 30,
    operator: Annotated[str | None, typer.Option("--operator", metavar="NAME", help="Who is at work.")] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    report: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
    ] = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Fetch what a bag's fetch.txt names, verify it, and complete the bag: a copy of it, or in place."""

    def work(progress: Progress) -> Report:
        import threading

        from archiver import fetching
        from archiver.cli import surroundings
        from archiver.retrieval.connection import Way
        from archiver.retrieval.download import Effort
        from archiver.retrieval.record import Witness

        if (destination is None) is not in_place:
            raise UsageError("Say where the complete bag will stand: -o DIR for a copy, or --in-place; not both.")
        settings = fetching.FetchSettings(
            witness=Witness(surroundings.clock(), surroundings.software(), surroundings.operator(operator)),
            waiting=threading.Event.wait,
            allowed=frozenset(host.lower() for host in allow_host or ()),
            ca_file=ca_file,
            lines=lines,
            workers=workers,
            way=Way(timeout=timeout, patience=2 * timeout),
            effort=Effort(tries=tries, most_bytes=most_bytes),
            schemas=surroundings.schemas_folder(),
            progress=progress,
            fail_on=fail_on.severity,
        )
        return fetching.complete(bag, destination, settings)

    run("bag fetch", Output(output_format, report, verbose), work)
