"""Rules for what a virus scanner said of a deposit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.viruses import VirusScan


@check("VIR-001", "No file has the signature of a virus", "archiver: virus check", needs="viruses")
def clean(scan: VirusScan) -> Iterator[Fault]:
    """What clamd found, by the name that its signatures give it."""
    for infection in scan.infections:
        yield Fault(
            f"{scan.version} finds {infection.signature}",
            infection.name,
            remedy="Do not open the file. Tell the depositor; leave it out of the deposit, or have it looked at first.",
        )


@check("VIR-002", "Every file was scanned to its end", "archiver: virus check", needs="viruses",
       severity=Severity.WARNING)  # fmt: skip
def whole(scan: VirusScan) -> Iterator[Fault]:
    """A file beyond the scanner's limits was not looked at whole."""
    for name, reason in scan.unscanned:
        yield Fault(
            f"it was not scanned to its end: {reason}",
            name,
            remedy="Raise StreamMaxLength in clamd.conf, or scan the file another way, and note it.",
        )
