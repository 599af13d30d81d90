"""archiver export: the description of packages in the forms of other systems."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options import Form, OutputFormat
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report


class As(enum.StrEnum):
    """A form to export in: the values of model.export.ExportForm."""

    DC = "dc"
    MARCXML = "marcxml"
    SCHEMA_ORG = "schema-org"
    IIIF = "iiif"
    CSV = "csv"


def export(
    packages: Annotated[
        list[Path], typer.Argument(metavar="PACKAGE...", help="Packages: folders, or archives, of bags.")
    ],
    as_: Annotated[As, typer.Option("--as", help="Dublin Core, MARCXML, schema.org JSON-LD, IIIF manifest, CSV.")],
    destination: Annotated[
        Path | None,
        typer.Option("-o", "--destination", metavar="FILE|DIR", help="A new file, or a folder that exists."),
    ] = None,
    articles: Annotated[
        bool, typer.Option("--articles", help="marcxml: a record for each article too; csv: a row for each article.")
    ] = False,
    base_uri: Annotated[
        str | None, typer.Option("--base-uri", metavar="URI", help="What identifiers begin with, not a urn of ours.")
    ] = None,
    output_format: OutputFormat = Form.TEXT,
    report: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
    ] = None,
) -> None:
    """Write what packages say of their issues in another form. The packages stay as they are."""

    def work(progress: Progress) -> Report:
        from archiver import exporting
        from archiver.errors import UsageError
        from archiver.model.export import ExportForm, ExportTerms

        if destination is None and report is None and output_format is not Form.TEXT:
            raise UsageError(
                "The document and the report cannot both go to standard output.",
                remedy="Name a file with -o or with --output.",
            )
        terms = ExportTerms(articles) if base_uri is None else ExportTerms(articles, base_uri)
        asked = exporting.Exporting(ExportForm(as_.value), terms, progress)
        document, found = exporting.export(packages, destination, asked)
        if document:
            _print(document if report is not None else document.removesuffix(b"\n"))
        return found if not document or report is not None else Report("export")

    run("export", Output(output_format, report), work)


def _print(content: bytes) -> None:
    """The document to standard output; the report that follows it there is empty but for the end of the line."""
    from archiver.errors import StorageError

    try:
        typer.echo(content, nl=False)
    except BrokenPipeError:
        return  # whoever read has stopped reading, as head does
    except OSError as error:
        raise StorageError(f"The document cannot be written to standard output: {error.strerror}.") from error
