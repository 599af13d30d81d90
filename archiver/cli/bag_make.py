"""archiver bag make, or archiver bag: a bag of any folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.cli.options import Archived, FailAt, FailOn, Form, OutputFormat, Verbose, Workers
from archiver.cli.output import Output, run
from archiver.cli.profile_option import chosen_profile
from archiver.errors import UsageError
from archiver.model.progress import Progress
from archiver.model.report import Report

if TYPE_CHECKING:
    from archiver.model.archive import ArchiveKind
    from archiver.model.values import Algorithm


def make(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder, or file, to make a bag of.")],
    destination: Annotated[
        Path, typer.Option("-o", "--destination", metavar="DIR", help="Where the bag will stand; nothing may be there.")
    ],
    algorithm: Annotated[
        list[str] | None,
        typer.Option("--algorithm", metavar="NAME", help="Algorithms of the manifests, strongest first."),
    ] = None,
    info: Annotated[
        list[str] | None, typer.Option("--info", metavar="'LABEL: VALUE'", help="A tag of bag-info.txt; repeatable.")
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME|FILE", help="Make it satisfy a package profile or BagIt profile."),
    ] = "",
    serialise: Annotated[
        Archived | None,
        typer.Option("--serialise", help="Make it as one file; the name of a zip or tar to -o means the same."),
    ] = None,
    workers: Workers = 2,
    output_format: OutputFormat = Form.TEXT,
    report: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
    ] = None,
    fail_on: FailAt = FailOn.ERROR,
    verbose: Verbose = False,
) -> None:
    """Make a BagIt 1.0 bag of a folder, elsewhere; the folder is only read."""

    def work(progress: Progress) -> Report:
        from archiver import bagging
        from archiver.cli import surroundings

        settings = bagging.Bagging(
            now=surroundings.clock(),
            algorithms=_algorithms(algorithm or []),
            info=_tags(info or []),
            workers=workers,
            progress=progress,
            fail_on=fail_on.severity,
            profile=chosen_profile(profile) if profile else None,
            kind=_kind(destination, serialise),
        )
        return bagging.make_bag(folder, destination, settings)

    run("bag make", Output(output_format, report, verbose), work)


def _kind(destination: Path, serialise: Archived | None) -> ArchiveKind | None:
    """The kind of archive that is asked for, by the option or by the name of the destination. Raises UsageError."""
    from archiver.archives.naming import kind_and_name, kind_by_name
    from archiver.model.archive import ArchiveKind

    asked = next((kind for kind in ArchiveKind if serialise is not None and kind.suffix == serialise.value), None)
    found = asked or kind_by_name(destination)
    return kind_and_name(destination, found)[0] if found is not None else None


def _algorithms(names: list[str]) -> tuple[Algorithm, ...]:
    from archiver.fixity.digests import is_available
    from archiver.model.values import Algorithm

    known = {algorithm.value: algorithm for algorithm in Algorithm if is_available(algorithm)}
    for name in names:
        if name.lower() not in known:
            raise UsageError(f"The algorithm {name!r} is not known here.", remedy=f"Known are: {', '.join(known)}.")
    return tuple(dict.fromkeys(known[name.lower()] for name in names))


def _tags(lines: list[str]) -> tuple[tuple[str, str], ...]:
    tags = []
    for line in lines:
        label, colon, value = line.partition(":")
        if not colon or not label.strip() or not value.strip():
            raise UsageError(
                f"--info {line!r} is no label and value.", remedy="Write it as 'Contact-Name: A. Archivist'."
            )
        if label.strip().lower() in {"payload-oxum", "bag-size"}:
            raise UsageError(f"{label.strip()} is computed; it cannot be given.", remedy="Leave this --info out.")
        tags.append((label.strip(), value.strip()))
    return tuple(tags)
