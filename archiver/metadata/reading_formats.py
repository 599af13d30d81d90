"""The formats of a package's files as its PREMIS states them, in the form that files have after identification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archiver.model.formats import UNKNOWN, Doubt, IdentifiedFile
from archiver.model.values import Format, Identification

if TYPE_CHECKING:
    from archiver.metadata.reading_premis import PremisFacts, PremisFile


def recorded_formats(facts: PremisFacts) -> tuple[IdentifiedFile, ...]:
    """Every file that PREMIS describes, with its format."""
    return tuple(_file(found) for found in facts.files)


def _file(found: PremisFile) -> IdentifiedFile:
    named, mime = (*found.formats, "", "")[:2]
    puid = found.puid or UNKNOWN
    return IdentifiedFile(
        found.identifier,
        Path(found.identifier),
        int(found.size) if found.size.isascii() and found.size.isdigit() else 0,
        Format(Identification("PREMIS", mime), Identification("PREMIS", puid, named if found.puid else "")),
        doubts=frozenset({Doubt.UNKNOWN} if puid == UNKNOWN else ()),
    )
