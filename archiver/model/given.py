"""What is said of an issue outside its masthead: by a row of a sheet, by METS, by the names of folders and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# Fields of a masthead statement that an issue may be given, in the order in which they are reported.
GIVEN_FIELDS = ("title", "issue-date", "volume", "issue-number", "whole-number", "edition", "publisher", "lccn", "issn")


@dataclass(frozen=True, slots=True)
class Given:
    """What one source says of an issue, by field of the description. `origin` names the source in a sentence.

    The value of `issue-date` is an ISO 8601 date.
    """

    origin: str
    values: tuple[tuple[str, str], ...] = ()
    is_hint: bool = False  # told by names alone: what a masthead or a sheet says goes before, and no rule compares
    is_correction: bool = False  # the archivist's word goes before what is printed

    def value(self, field: str) -> str:
        """The value of a field, "" when nothing is said of it."""
        return dict(self.values).get(field, "")


def given(origin: str, *, issued: date | None = None, is_hint: bool = False, **values: str) -> Given:
    """What a source says; names of fields with underscores for hyphens. Empty values are left out."""
    said = {name.replace("_", "-"): value for name, value in values.items() if value}
    if issued is not None:
        said["issue-date"] = issued.isoformat()
    return Given(origin, tuple((name, said[name]) for name in GIVEN_FIELDS if name in said), is_hint)


def merged(sources: Iterator[Given] | tuple[Given, ...]) -> dict[str, tuple[str, str]]:
    """Field → value and origin; of several sources the first that says anything of a field."""
    found: dict[str, tuple[str, str]] = {}
    for source in sources:
        for name, value in source.values:
            found.setdefault(name, (value, source.origin))
    return found
