"""archiver bag update: a bag whose tag files changed, sealed again with an event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options import FailAt, FailOn, Form, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.errors import UsageError
from archiver.model.report import Report

if TYPE_CHECKING:
    from archiver.model.progress import Progress
    from archiver.model.values import Algorithm
    from archiver.register import Register

_COMPUTED = {"payload-oxum", "bag-size"}


def update(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A bag whose tag files changed or shall change.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stands in the event.")] = "",
    info: Annotated[
        list[str] | None,
        typer.Option("--info", metavar="'LABEL: VALUE'", help="Add a tag to bag-info.txt; repeatable."),
    ] = None,
    set_info: Annotated[
        list[str] | None,
        typer.Option("--set-info", metavar="'LABEL: VALUE'", help="Give a tag this value alone; repeatable."),
    ] = None,
    remove_info: Annotated[
        list[str] | None, typer.Option("--remove-info", metavar="LABEL", help="Remove a tag; repeatable.")
    ] = None,
    add_algorithm: Annotated[
        list[str] | None,
        typer.Option("--add-algorithm", metavar="NAME", help="Add manifests of an algorithm; repeatable."),
    ] = None,
    drop_algorithm: Annotated[
        list[str] | None,
        typer.Option("--drop-algorithm", metavar="NAME", help="Remove the manifests of an algorithm; repeatable."),
    ] = None,
    to_1_0: Annotated[
        bool, typer.Option("--to-1.0", help="Make a bag of an earlier version one of BagIt 1.0.")
    ] = False,
    destination: Annotated[
        Path | None,
        typer.Option("-o", "--destination", metavar="DIR", help="Update a copy, to stand at DIR; BAG stays as it is."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Verify, show what would change, write nothing.")] = False,
    operator: Annotated[str | None, typer.Option("--operator", metavar="NAME", help="Who is at work.")] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    report: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
    ] = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Seal a bag again after its tag files changed: its payload verified first, with an event, never silently."""

    def work(progress: Progress) -> Report:
        from archiver import updating
        from archiver.cli import surroundings

        revision = updating.Revision(
            remove_info=tuple(_label("--remove-info", label) for label in remove_info or ()),
            set_info=tuple(_tag("--set-info", line) for line in set_info or ()),
            add_info=tuple(_tag("--info", line) for line in info or ()),
            add_algorithms=tuple(dict.fromkeys(_algorithm(name) for name in add_algorithm or ())),
            drop_algorithms=tuple(dict.fromkeys(drop_algorithm or ())),
            to_1_0=to_1_0,
        )
        settings = updating.Updating(
            now=surroundings.clock(),
            software=surroundings.software(),
            reason=reason,
            operator=surroundings.operator(operator),
            registers=_registers(bag),
            destination=destination,
            dry_run=dry_run,
            workers=workers,
            schemas=surroundings.schemas_folder(),
            progress=progress,
            fail_on=fail_on.severity,
        )
        return updating.update_bag(bag, revision, settings)

    run("bag update", Output(output_format, report, verbose), work)


def _registers(bag: Path) -> tuple[Register, ...]:
    """The registers of the workspace that the bag lies in, and of the one where the command runs."""
    from archiver.register import Register
    from archiver.workspace import find

    found = {one.root: one for one in (find(bag.absolute().parent), find(Path.cwd())) if one is not None}
    return tuple(
        Register(one.accessions, workspace=one.root, packages=one.packages, scheme=one.number_scheme)
        for one in found.values()
    )


def _algorithm(name: str) -> Algorithm:
    from archiver.fixity.digests import is_available
    from archiver.model.values import Algorithm

    known = {algorithm.value: algorithm for algorithm in Algorithm if is_available(algorithm)}
    if name.lower() not in known:
        raise UsageError(f"The algorithm {name!r} is not known here.", remedy=f"Known are: {', '.join(known)}.")
    return known[name.lower()]


def _label(option: str, words: str) -> str:
    label = words.strip()
    if not label or ":" in label:
        raise UsageError(f"{option} {words!r} is no label.", remedy="Write it as 'Contact-Name'.")
    if label.lower() in _COMPUTED:
        raise UsageError(f"{label} is computed; it cannot be given.", remedy=f"Leave this {option} out.")
    return label


def _tag(option: str, line: str) -> tuple[str, str]:
    label, colon, value = line.partition(":")
    if not colon or not label.strip() or not value.strip():
        raise UsageError(
            f"{option} {line!r} is no label and value.", remedy="Write it as 'Contact-Name: A. Archivist'."
        )
    return _label(option, label), value.strip()
