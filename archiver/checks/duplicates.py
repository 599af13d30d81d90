"""Rules for what is there twice. Nothing is dropped for it: whoever accessions decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.duplicates import FoundTwice, PackagedTwice

_CLAUSE = "archiver: duplicates"
_SHOWN = 5  # names in a sentence


@check("DUP-001", "No file of the deposit has the bytes of another", _CLAUSE, needs="duplicates",
       severity=Severity.WARNING)  # fmt: skip
def files_differ(found: FoundTwice) -> Iterator[Fault]:
    """Two pages with one image: one of them is likely missing."""
    for group in found.groups:
        more = f" and {len(group.names) - _SHOWN} more" if len(group.names) > _SHOWN else ""
        yield Fault(
            f"{len(group.names)} files have the same {group.size} bytes: {', '.join(group.names[:_SHOWN])}{more}",
            group.names[0],
            remedy="Look whether a page was copied in place of another; all of them are kept.",
        )


@check("DUP-002", "The issue is not held under another name", _CLAUSE, needs="duplicates", severity=Severity.WARNING)
def not_held_otherwise(found: FoundTwice) -> Iterator[Fault]:
    """Another issue of the same serial and day in the register: another edition, or the same issue again."""
    if not found.was_register_asked:
        raise Skip("no register was asked")
    for reading in found.readings:
        if reading.issue is None:
            continue
        key = (reading.issue.serial, reading.issue.issued.isoformat())
        for held in found.held:
            if held.serial_and_date == key and held.identifier != reading.issue.identifier:
                yield Fault(
                    f"{reading.issue.identifier}: the register has {held.identifier}, of the same serial and day "
                    f"(accession {held.accession})",
                    reading.source.shown,
                    remedy="Look at both: another edition or supplement is right; the same issue needs one package.",
                )


@check("DUP-003", "The bytes of the issue are not held already", _CLAUSE, needs="packaged", severity=Severity.WARNING)
def bytes_not_held(found: PackagedTwice) -> Iterator[Fault]:
    """The deposited files are, byte for byte, those of a package in the register, whatever either is called."""
    for held in found.same:
        yield Fault(
            f"its deposited files are, byte for byte, those of {held.identifier} (accession {held.accession})",
            remedy="Find out which of the two is named rightly; both are kept.",
        )
