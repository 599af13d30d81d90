"""archiver transfer: packages to a target, and proof that they arrived."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.errors import UsageError
from archiver.model.progress import Progress
from archiver.model.report import Report


def transfer(
    packages: Annotated[
        list[str],
        typer.Argument(
            metavar="PACKAGE... TARGET",
            help="Packages, and last a target: a name of archiver.toml, file:DIR or ocfl:DIR.",
        ),
    ],
    layout: Annotated[
        str | None, typer.Option("--layout", metavar="NAME", help="Layout of a new OCFL root: 0004 (default) or 0003.")
    ] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Transfer packages to a target: copied, measured again there, the seal compared, a receipt recorded."""

    def work(progress: Progress) -> Report:
        from archiver import transfer as use_case
        from archiver.cli import surroundings
        from archiver.model.shipment import Sender
        from archiver.register import Register

        *paths, target = packages
        if not paths:
            raise UsageError("Name at least one package, and last the target.", remedy="archiver transfer --help")
        workspace = surroundings.here()
        options = {"layout": layout} if layout else {}
        destination = use_case.find_destination(target, workspace.targets if workspace else {}, options)
        register = None
        organisation = ""
        if workspace is not None:
            register = Register(workspace.accessions, workspace=workspace.root, packages=workspace.packages)
            organisation = workspace.organisation.name
        email = workspace.organisation.contact_email if workspace else ""
        person = surroundings.operator(None)
        sender = Sender(organisation or (person.name if person else "archiver"), f"mailto:{email}" if email else "")

        dock = use_case.Dock(
            register=register,
            sender=sender,
            agent=surroundings.software().identifier,
            now=surroundings.clock(),
            progress=progress,
            workers=workers,
            fail_on=fail_on.severity,
        )
        return use_case.transfer([Path(path) for path in paths], destination, dock)

    run("transfer", Output(output_format, output, verbose), work)
