"""An object in an OCFL root: read, re-measured, and brought to rest when an earlier run was killed while it published.

A version is published by three steps: its folder is renamed into the object, then inventory.json and its sidecar are
replaced. A run killed between them leaves a whole version that is not in force yet; it is recognised by its own
inventory, re-measured, and only then put into force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import UsageError
from archiver.model.shipment import Discrepancy, Replica
from archiver.targets.far_end import Advance, CopyDamaged, Expected, entries, kind_of, remeasure
from archiver.targets.ocfl.inventory import (
    CONTENT_ALGORITHMS,
    LIMIT,
    SPECS,
    Inventory,
    InventoryFault,
    is_of_sidecar,
    read,
    sidecar,
)
from archiver.targets.ocfl.root import move, read_small, write_new

INVENTORY = "inventory.json"
_MUTABLE_HEAD = "extensions/0005-mutable-head"


@dataclass(frozen=True, slots=True)
class Stored:
    """An object whose every byte was found as its inventory says. `content` are the bytes of that inventory.

    `is_pending` when the inventory is that of a version whose publication an earlier run did not finish.
    """

    folder: Path
    inventory: Inventory
    content: bytes
    is_pending: bool


def open_stored(folder: Path, advance: Advance, workers: int = 1) -> Stored | None:
    """The object at `folder`, every file of every version re-measured, or None when nothing is there. Writes nothing.

    Raises CopyDamaged, naming everything that is wrong, when it is not whole; UsageError when its head is mutable.
    """
    if kind_of(folder) == "absent":
        return None
    if kind_of(folder / _MUTABLE_HEAD) != "absent":
        message = f"the object at {folder} has a mutable head: changes that are in no version yet."
        raise UsageError(message, remedy="Have them committed as a version, then transfer again.")
    if kind_of(folder) != "folder":
        raise _damaged(folder, (), (Discrepancy(".", "no object is there, but a file, a link or a special file"),))
    try:
        found = _in_force(folder)
    except InventoryFault as fault:
        raise _damaged(folder, (), (Discrepancy(INVENTORY, str(fault)),)) from fault
    structure = tuple(_structure(found))
    content = _content(found, advance, workers)
    if structure or content:
        raise _damaged(folder, content, structure)
    return found


def settle(stored: Stored, work: Path) -> None:
    """Finish what an earlier run was killed in: put the pending inventory and its sidecar into force."""
    if stored.is_pending:
        put_in_force(stored.folder, stored.content, stored.inventory.algorithm, work)


def put_in_force(folder: Path, content: bytes, algorithm: str, work: Path) -> None:
    """Replace inventory.json of an object, then its sidecar: each by one rename. Raises StorageError."""
    for name, octets in ((INVENTORY, content), (f"{INVENTORY}.{algorithm}", sidecar(content, algorithm))):
        write_new(work / name, octets)
        move(work / name, folder / name)


def _damaged(folder: Path, content: tuple[Discrepancy, ...], structure: tuple[Discrepancy, ...]) -> CopyDamaged:
    first = (structure + content)[0]
    more = len(structure) + len(content) - 1
    others = f", and {more} more" if more else ""
    message = (
        f"the object held at {folder} is damaged: {first.path}: {first.problem}{others}. Nothing was built upon it."
    )
    return CopyDamaged(message, Replica(str(folder), content, structure))


def _in_force(folder: Path) -> Stored:
    """The inventory in force, or the next one where a finished version waits for it; raises InventoryFault."""
    content = read_small(folder / INVENTORY, LIMIT)
    if content is None:
        raise InventoryFault("it is missing")
    inventory = read(content)
    if not _has_sidecar(folder, content, inventory.algorithm):
        if not _awaits_sidecar(folder, inventory, content):
            raise InventoryFault(f"{INVENTORY}.{inventory.algorithm} does not state its digest")
        return Stored(folder, inventory, content, is_pending=True)
    return _waiting(folder, inventory) or Stored(folder, inventory, content, is_pending=False)


def _awaits_sidecar(folder: Path, inventory: Inventory, content: bytes) -> bool:
    """Whether a run was killed between inventory and sidecar.

    Then the head holds the same inventory, with its sidecar, and the object's sidecar is still that of the version
    before.
    """
    head = folder / inventory.head
    if kind_of(head) != "folder" or read_small(head / INVENTORY, LIMIT) != content:
        return False
    before = [version for version in inventory.versions if version != inventory.head]
    earlier = max(before, key=lambda version: int(version[1:]), default="")
    name = f"{INVENTORY}.{inventory.algorithm}"
    stale = read_small(folder / name)
    kept = read_small(folder / earlier / name) if earlier and kind_of(folder / earlier) == "folder" else stale
    return _has_sidecar(head, content, inventory.algorithm) and bool(earlier) and kept in {stale, None}


def _waiting(folder: Path, before: Inventory) -> Stored | None:
    """A version that follows the head and is whole, but not in force yet."""
    try:
        name = before.next_version
    except InventoryFault:
        return None
    if kind_of(folder / name) != "folder":
        return None
    content = read_small(folder / name / INVENTORY, LIMIT)
    if content is None or not _has_sidecar(folder / name, content, before.algorithm):
        return None
    after = read(content)
    same = all(
        version in after.versions and after.state(version) == before.state(version) for version in before.versions
    )
    same = same and before.content.items() <= after.content.items() and after.algorithm == before.algorithm
    if not same or after.head != name or after.identifier != before.identifier:
        raise InventoryFault(f"the folder {name} is there beside it, and does not follow from it")
    return Stored(folder, after, content, is_pending=True)


def _has_sidecar(folder: Path, content: bytes, algorithm: str) -> bool:
    stated = read_small(folder / f"{INVENTORY}.{algorithm}")
    return stated is not None and is_of_sidecar(content, stated, algorithm)


def _structure(stored: Stored) -> Iterator[Discrepancy]:
    folder, inventory = stored.folder, stored.inventory
    names = {path.split("/", 1)[0] for path, _ in entries(folder)}
    declared = sorted(name for name in names if name.startswith("0="))
    known = [f"0=ocfl_object_{spec}" for spec in SPECS]
    if len(declared) != 1 or declared[0] not in known:
        yield Discrepancy(", ".join(declared) or known[-1], f"one declaration is needed, of OCFL {' or '.join(SPECS)}")
    elif read_small(folder / declared[0]) != f"{declared[0][2:]}\n".encode():
        yield Discrepancy(declared[0], "it does not hold what its name says")
    elif not stored.is_pending and declared[0] != f"0=ocfl_object_{inventory.spec}":
        yield Discrepancy(declared[0], f"the inventory is of OCFL {inventory.spec}")
    kept = {*declared, *inventory.versions, INVENTORY, f"{INVENTORY}.{inventory.algorithm}", "extensions", "logs"}
    for name in sorted(names - kept):
        yield Discrepancy(name, "nothing of this name belongs to the object")
    for version in inventory.versions:
        if kind_of(folder / version) != "folder":
            yield Discrepancy(version, "the folder of this version is missing")
        else:
            yield from _version(stored, version)


def _version(stored: Stored, version: str) -> Iterator[Discrepancy]:
    """What is wrong with the inventory a version keeps; that it keeps one is no must."""
    path = f"{version}/{INVENTORY}"
    content = read_small(stored.folder / path, LIMIT)
    if content is None:
        return
    if version == stored.inventory.head:
        if content != stored.content:
            yield Discrepancy(path, "it differs from the inventory of the object, whose head this version is")
        elif not _has_sidecar(stored.folder / version, content, stored.inventory.algorithm):
            yield Discrepancy(f"{path}.{stored.inventory.algorithm}", "it does not state the digest of the inventory")
        return
    try:
        earlier = read(content)
    except InventoryFault as fault:
        yield Discrepancy(path, str(fault))
        return
    if not _has_sidecar(stored.folder / version, content, earlier.algorithm):
        yield Discrepancy(f"{path}.{earlier.algorithm}", "it does not state the digest of the inventory")
    states = [name for name in earlier.versions if earlier.algorithm == stored.inventory.algorithm]
    for name in states:
        if name not in stored.inventory.versions or earlier.state(name) != stored.inventory.state(name):
            yield Discrepancy(path, f"the state of {name} differs from that in the inventory of the object")


def _content(stored: Stored, advance: Advance, workers: int) -> tuple[Discrepancy, ...]:
    inventory = stored.inventory
    algorithm = CONTENT_ALGORITHMS[inventory.algorithm]
    expected = {path: Expected(None, algorithm, digest) for path, digest in inventory.content.items()}

    def is_content(path: str) -> bool:
        version, _, rest = path.partition("/")
        below = rest.split("/")
        # Other folders of a version are not content; OCFL has tools ignore them.
        return version in inventory.versions and not rest.startswith(INVENTORY) and below[0] in {inventory.folder, rest}

    return remeasure(stored.folder, expected, advance, concerns=is_content, workers=workers)


def declare(folder: Path, spec: str) -> None:
    """Write the declaration of a new object; raises StorageError."""
    write_new(folder / f"0=ocfl_object_{spec}", f"ocfl_object_{spec}\n".encode())
