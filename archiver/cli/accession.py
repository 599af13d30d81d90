"""archiver accession: the main job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFile, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.cli.profile_option import format_policy
from archiver.model.progress import QUIET, Progress
from archiver.model.report import Report, Severity

if TYPE_CHECKING:
    from archiver.accession import Desk
    from archiver.model.batch import BatchRow


def accession(
    sources: Annotated[
        list[Path] | None, typer.Argument(metavar="SOURCE...", help="Deposits: files or folders.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE", help="A sheet of issues: CSV, or an Excel workbook.")
    ] = None,
    result: Annotated[
        Path | None, typer.Option("--result", metavar="FILE", help="Where the result of --batch goes (CSV).")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Rows of --batch worked on at the same time.")] = 1,
    serial: Annotated[str | None, typer.Option("--serial", metavar="ID", help="Serial ID of the profile.")] = None,
    checksums: Annotated[
        list[Path] | None,
        typer.Option("--checksums", metavar="FILE", help="A depositor's checksum list that lies elsewhere."),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", metavar="FILE", help="Corrections that lie elsewhere.")
    ] = None,
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
        from archiver.opening import Opening

        _refuse_both(sources, batch, result)
        given = {"depositor": depositor, "agreement": agreement, "rights": rights, "terms": terms}

        @lru_cache(maxsize=1)
        def desk() -> Desk:
            made = _desk(packages, given, operator, workers, fail_on)
            own = replace(
                made.terms, checksums=tuple(checksums or ()), corrections=corrections, profile=format_policy()
            )
            return replace(made, progress=QUIET if jobs > 1 else progress, terms=own)

        if batch is not None:
            return _batch(batch, result, desk, serial, Run(dry_run, jobs, progress, fail_on.severity))
        with Opening(workers=workers, progress=progress) as opening:
            own = replace(desk(), terms=replace(desk().terms, opening=opening))
            return use_case.accession(sources or [], own, serial=serial, dry_run=dry_run)

    run("accession", Output(output_format, output, verbose), work)


def _refuse_both(sources: list[Path] | None, batch: Path | None, result: Path | None) -> None:
    """Raise UsageError unless the call names deposits or a sheet of them, and a result with a sheet alone."""
    from archiver.errors import UsageError

    if batch is not None and sources:
        raise UsageError(
            "Deposits and --batch are both given; nothing was done.", remedy="Name either deposits or a sheet of them."
        )
    if batch is None and not sources:
        raise UsageError("No deposit is named.", remedy="Name deposits, or a sheet of them with --batch.")
    if result is not None and batch is None:
        raise UsageError("--result is the result of a batch, and no --batch is given; nothing was done.")


@dataclass(frozen=True, slots=True)
class Run:
    """How a batch is run."""

    dry_run: bool
    jobs: int
    progress: Progress
    fail_on: Severity


def _batch(sheet: Path, result: Path | None, desk: Callable[[], Desk], serial: str | None, how: Run) -> Report:
    """Accession each row of a sheet; what a row says goes before what the command line says.

    The desk is made by the process that does the work: the identifier of formats does not outlive being copied.
    """
    from archiver import accession as use_case
    from archiver.batching import Batch, default_result, run_batch
    from archiver.cli import surroundings
    from archiver.opening import Opening
    from archiver.workspace import need

    def work(row: BatchRow, source: Path) -> Report:
        draft = replace(
            desk().draft,
            rights=row.rights or desk().draft.rights,
            access=row.access or desk().draft.access,
            depositor=row.depositor or desk().draft.depositor,
        )
        lists = (*desk().terms.checksums, *((sheet.parent / row.checksums,) if row.checksums else ()))
        with Opening(workers=desk().workers) as opening:  # of its own: a row may be worked on by another process
            terms = replace(desk().terms, given=(row.given,), checksums=lists, opening=opening)
            own = replace(desk(), draft=draft, terms=terms)
            return use_case.accession([source], own, serial=row.serial or serial, dry_run=how.dry_run)

    serials = surroundings.profiles(need(Path.cwd())).keys()
    place = result or (None if how.dry_run else default_result(sheet))
    batch = Batch(sheet, serials, place, surroundings.clock(), how.dry_run, how.progress, how.fail_on, how.jobs)
    return run_batch(batch, work)


def _desk(
    packages: Path | None, given: Mapping[str, str | None], operator: str | None, workers: int, fail_on: FailOn
) -> Desk:
    """What an accession works with: the workspace's settings, and over them what the command line gives."""
    from archiver.accession import Desk
    from archiver.cli import surroundings
    from archiver.fixity.formats import tools
    from archiver.inspection import Terms
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
        terms=Terms(scanner=workspace.scanner),
        workers=workers,
        fail_on=fail_on.severity,
    )
