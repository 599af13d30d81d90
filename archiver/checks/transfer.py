"""Rules for a package that is sent, and for a copy that a target holds, as it was re-measured there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.shipment import Replica, Stated

_RESTORE = "Have the file restored from another copy, by those who keep the target; then transfer again."


@check("TRA-001", "The copy held at the target is the package, whole", "archiver: docs/targets.md", needs="replica")
def copy_is_whole(replica: Replica) -> Iterator[Fault]:
    """Every file is there with its digest, and nothing else is."""
    for found in replica.content:
        yield Fault(f"{replica.place}: {found.path}: {found.problem}", found.path, remedy=_RESTORE)


@check("TRA-002", "The OCFL object at the target agrees with its inventory", "OCFL 1.1 §3", needs="replica")
def object_is_sound(replica: Replica) -> Iterator[Fault]:
    """Nothing is built upon an object whose records contradict themselves."""
    if replica.structure is None:
        raise Skip("the target keeps no inventory")
    for found in replica.structure:
        yield Fault(f"{replica.place}: {found.path}: {found.problem}", found.path, remedy=_RESTORE)


@check(
    "TRA-003",
    "The package is the one its accession record states",
    "archiver: docs/targets.md",
    needs="stated",
    severity=Severity.WARNING,
)
def seal_is_recorded(stated: Stated) -> Iterator[Fault]:
    """A package that validates may still be another one than was accessioned."""
    if stated.recorded is None:
        raise Skip("no accession record of this package is at hand")
    if str(stated.seal) not in stated.recorded:
        known = ", ".join(stated.recorded) or "no package of this name"
        yield Fault(
            f"the seal of {stated.identifier} is {stated.seal}; accession {stated.number} states {known}",
            remedy="Find out who changed the package after it was accessioned, and whether that was meant.",
        )
