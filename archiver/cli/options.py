"""Options that every command takes, declared once."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from archiver.model.report import Severity


class Form(enum.StrEnum):
    """An output form: a module of archiver.render."""

    TEXT = "text"
    JSON = "json"


class Archived(enum.StrEnum):
    """A kind of archive: the names of model.archive.ArchiveKind."""

    ZIP = "zip"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_ZST = "tar.zst"


class FailOn(enum.StrEnum):
    """The gravest finding that still passes lies below this."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def severity(self) -> Severity:
        """The severity of that name."""
        return Severity(self.value)


OutputFormat = Annotated[Form, typer.Option("--output-format", help="text for people, json for programs.")]
OutputFile = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the report to FILE, not to stdout.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="List every check, also those that passed.")]
FailAt = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for findings of this severity or graver.")]
Workers = Annotated[int, typer.Option("-j", "--workers", min=1, max=64, help="Files read at the same time.")]
