"""archiver accession: the main job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report

if TYPE_CHECKING:
    from archiver.accession import Desk


def accession(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Deposits: files or folders.")],
    serial: Annotated[str | None, typer.Option("--serial", metavar="ID", help="Serial ID of the profile.")] = None,
    packages: Annotated[
        Path | None, typer.Option("-p", "--packages", metavar="DIR", help="Folder for the packages.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show everything that would be found; write nothing.")
    ] = False,
    depositor: Annotated[str | None, typer.Option("--depositor", metavar="NAME", help="Who deposits.")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="NUMBER", help="Deposit agreement.")] = None,
    rights: Annotated[str | None, typer.Option("--rights", metavar="TEXT", help="Rights, as agreed.")] = None,
    terms: Annotated[str | None, typer.Option("--terms", metavar="TEXT", help="Terms of the deposit.")] = None,
    operator: Annotated[str | None, typer.Option("--operator", metavar="NAME", help="Who accessions.")] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Accession deposits: describe each issue, seal its package, validate it, record the accession."""

    def work(progress: Progress) -> Report:
        from archiver import accession as use_case

        given = {"depositor": depositor, "agreement": agreement, "rights": rights, "terms": terms}
        desk = _desk(packages, given, operator, workers, fail_on)
        desk = replace(desk, progress=progress)
        return use_case.accession(sources, desk, serial=serial, dry_run=dry_run)

    run("accession", Output(output_format, output, verbose), work)


def _desk(
    packages: Path | None, given: Mapping[str, str | None], operator: str | None, workers: int, fail_on: FailOn
) -> Desk:
    """What an accession works with: the workspace's settings, and over them what the command line gives."""
    from archiver.accession import Desk
    from archiver.cli import surroundings
    from archiver.fixity.formats import tools
    from archiver.model.provenance import Accession, Agent, AgentKind, Toolchain
    from archiver.register import Register
    from archiver.workspace import need

    workspace = need(Path.cwd())
    now = surroundings.clock()
    folder = packages if packages is not None else workspace.packages
    person = surroundings.operator(operator)
    draft = Accession(
        number="",
        source="",
        begun=now(),
        access=workspace.defaults.get("access", "restricted"),
        operator=person.name if person else "",
        organisation=workspace.organisation,
        **{key: value or workspace.defaults.get(key, "") for key, value in given.items()},
    )
    agents = tuple(Agent(tool.name, AgentKind.SOFTWARE, tool.name, tool.version, tool.detail) for tool in tools())
    return Desk(
        register=Register(
            workspace.accessions, workspace=workspace.root, packages=folder, scheme=workspace.number_scheme
        ),
        packages=folder,
        profiles=surroundings.profiles(workspace),
        draft=draft,
        tools=Toolchain(surroundings.software(), agents, person),
        now=now,
        schemas=surroundings.schemas_folder(),
        workers=workers,
        fail_on=fail_on.severity,
    )
