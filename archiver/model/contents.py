"""What the rules for packages made by archiver look at: files as measured, and metadata documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.model.package import Measured


@dataclass(frozen=True)
class PackageContents:
    """The contents of a package: every file by its path in the bag, and its XML documents.

    `schemas` is the folder of installed official schemas, if any. `parsed` is kept by the readers of the documents, so
    that each is parsed once.
    """

    name: str
    files: Mapping[str, Measured]
    documents: Mapping[str, bytes]
    schemas: Path | None = None
    parsed: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
