"""Rules for a copy that a target holds, as it was re-measured there."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.model.report import Fault
from archiver.model.shipment import Replica
from archiver.plugs import Skip, check

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
