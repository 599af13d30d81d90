"""What is there twice: files of a deposit with the same bytes, issues that the register holds already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.transcript import Reading

_NAME = re.compile(r"(?P<serial>[a-z0-9-]+)_(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<rest>(?:_.+)?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HeldIssue:
    """An issue that the register holds: the name of its package, its accession, the digest of its deposited files."""

    identifier: str
    accession: str
    content: str = ""  # "sha256:…", empty in records of before it was recorded

    @property
    def serial_and_date(self) -> tuple[str, str]:
        """Its serial and day, as its name has them; both empty when the name is not one of ours."""
        found = _NAME.fullmatch(self.identifier)
        return (found["serial"], found["date"]) if found else ("", "")


@dataclass(frozen=True, slots=True)
class SameBytes:
    """Files of a deposit, by name, that have the same bytes; `size` of each."""

    names: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class FoundTwice:
    """What the rules for duplicates judge. `held` are issues of the register with a serial and date of this deposit."""

    groups: tuple[SameBytes, ...]
    readings: tuple[Reading, ...]
    held: tuple[HeldIssue, ...] = ()
    was_register_asked: bool = False


@dataclass(frozen=True, slots=True)
class PackagedTwice:
    """A package about to be published, and the issues of the register whose deposited files are the same."""

    identifier: str
    same: tuple[HeldIssue, ...]
