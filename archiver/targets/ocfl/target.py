"""The OCFL target: a package becomes an object, a changed package of the same identifier its next version."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from archiver import __version__
from archiver.errors import DestinationTaken, StorageError
from archiver.model.package import Evidence, Holding, Receipt
from archiver.model.shipment import Destination, Dispatch, Shipment, ShippedFile
from archiver.model.values import Algorithm
from archiver.targets.far_end import (
    Expected,
    Meter,
    compare_seal,
    copy_files,
    digest_of,
    kind_of,
    make_folders,
    refuse_bad_copy,
    refuse_own_place,
    remeasure,
    storage_error,
    sync_folder,
    sync_tree,
)
from archiver.targets.ocfl.inventory import (
    CONTENT_ALGORITHMS,
    Inventory,
    NewVersion,
    empty,
    extend,
    render,
    sidecar,
)
from archiver.targets.ocfl.root import Root, move, open_root, staging, write_new
from archiver.targets.ocfl.stored import INVENTORY, Stored, declare, open_stored, put_in_force, settle


class OcflTarget:
    """Holds packages in an OCFL storage root on a file system."""

    kind = "ocfl"
    options: Mapping[str, str] = {
        "layout": "storage layout of a new root: 0004 (default), 0003 or 0002",
        "prefix": "put before the package identifier to form the object's, to make it a URI",
    }

    def hold(self, shipment: Shipment, destination: Destination, dispatch: Dispatch) -> Receipt:
        """Hold a package in the root at `destination.place`; return when every byte was read back there.

        The same package again is re-measured and already held. Raises CopyDamaged when the object there is not whole,
        DestinationTaken when another object has its place, StorageError when reading or writing failed; then the root
        is as it was before.
        """
        place = Path(destination.place)
        refuse_own_place(shipment.bag.path, place, place)
        root = open_root(place, destination.options.get("layout", ""))
        identifier = destination.options.get("prefix", "") + shipment.bag.identifier
        parts = root.layout.place(identifier)
        folder = root.folder.joinpath(*parts)
        meter = Meter(shipment, dispatch.progress)
        with staging(root.folder, identifier) as work:
            stored = open_stored(folder, lambda _: None, dispatch.workers)
            if stored is None:
                holding = Holding.STORED
                files = _digests(shipment, "sha512")
                version = _extended(empty(identifier, root.spec), files, shipment, dispatch)
                _new_object(shipment, version, root, parts, work, meter, dispatch.workers)
            else:
                holding, version = _add(shipment, stored, identifier, dispatch, work, meter)
            compare_seal(shipment, folder / _held_seal(shipment, version.inventory))
        meter.advance(shipment.size)
        return Receipt(
            identifier=shipment.bag.identifier,
            target=destination.name,
            place=str(folder),
            seal=shipment.bag.seal,
            holding=holding,
            evidence=Evidence.READ_BACK,
            files=len(shipment.files),
            size=shipment.size,
            version=version.inventory.head,
            detail="; ".join(filter(None, (f"OCFL object {identifier}", root.note))),
        )


def _add(
    shipment: Shipment, stored: Stored, identifier: str, dispatch: Dispatch, work: Path, meter: Meter
) -> tuple[Holding, NewVersion]:
    """Make the package the next version of a whole object, unless its head is that package."""
    inventory = stored.inventory
    if inventory.identifier != identifier:
        message = f"{stored.folder} holds the object {inventory.identifier}, not {identifier}."
        raise DestinationTaken(message, remedy="See how that object came to this place.")
    settle(stored, work)
    files = _digests(shipment, inventory.algorithm)
    if inventory.state(inventory.head) == {file.path.value: digest for file, digest in files}:
        holding = Holding.ALREADY_HELD
        if stored.is_pending:
            holding = Holding.STORED if len(inventory.versions) == 1 else Holding.NEW_VERSION
        return holding, NewVersion(inventory, ())
    version = _extended(inventory, files, shipment, dispatch)
    name = version.inventory.head
    content = _build(shipment, version, work / "object", meter, dispatch.workers)
    move(work / "object" / name, stored.folder / name)
    put_in_force(stored.folder, content, inventory.algorithm, work)
    return Holding.NEW_VERSION, version


def _new_object(
    shipment: Shipment, version: NewVersion, root: Root, parts: tuple[str, ...], work: Path, meter: Meter, workers: int
) -> None:
    """Make an object hidden, with the folders that lead to it, and publish it by one rename."""
    made = work.joinpath("tree", *parts)
    make_folders(made)
    content = _build(shipment, version, made, meter, workers)
    declare(made, version.inventory.spec)
    write_new(made / INVENTORY, content)
    write_new(made / f"{INVENTORY}.{version.inventory.algorithm}", sidecar(content, version.inventory.algorithm))
    sync_tree(work / "tree")
    # Renamed at the first folder that is not there, so that no empty folder is ever seen in the root. Another object
    # published meanwhile may have brought that folder: then the next one is the first.
    for depth in range(len(parts)):
        above = root.folder.joinpath(*parts[: depth + 1])
        if kind_of(above) == "folder" and depth < len(parts) - 1:
            continue
        try:
            work.joinpath("tree", *parts[: depth + 1]).rename(above)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST} and depth < len(parts) - 1:
                continue
            raise storage_error("renaming to", above, error) from error
        sync_folder(above.parent)
        return
    raise StorageError(f"{root.folder.joinpath(*parts)} could not be published.", remedy="Transfer again.")


def _build(shipment: Shipment, version: NewVersion, folder: Path, meter: Meter, workers: int) -> bytes:
    """Write the folder of a version below `folder` and read it back; the bytes of its inventory."""
    inventory = version.inventory
    algorithm = CONTENT_ALGORITHMS[inventory.algorithm]
    digests = inventory.content
    copy_files(shipment.bag.path, [(file, folder / path) for path, file in version.copies], algorithm, workers)
    expected = {path: Expected(file.size, algorithm, digests[path]) for path, file in version.copies}
    content = render(inventory)
    make_folders(folder / inventory.head)
    write_new(folder / inventory.head / INVENTORY, content)
    write_new(folder / inventory.head / f"{INVENTORY}.{inventory.algorithm}", sidecar(content, inventory.algorithm))
    sync_tree(folder)
    records = {f"{inventory.head}/{INVENTORY}", f"{inventory.head}/{INVENTORY}.{inventory.algorithm}"}
    problems = remeasure(folder, expected, meter.advance, concerns=lambda path: path not in records, workers=workers)
    refuse_bad_copy(folder, problems)
    return content


def _digests(shipment: Shipment, algorithm: str) -> list[tuple[ShippedFile, str]]:
    """Every file with its digest in an object's algorithm; measured here when the bag does not state it."""
    wanted: Algorithm = CONTENT_ALGORITHMS[algorithm]
    return [
        (file, file.digest(wanted) or digest_of(shipment.bag.path / file.path.value, wanted)[1])
        for file in shipment.files
    ]


def _held_seal(shipment: Shipment, inventory: Inventory) -> str:
    """The content path that holds the tag manifest of the head."""
    digest = inventory.state(inventory.head)[shipment.seal_file.value]
    return next(path for path, held in sorted(inventory.content.items()) if held == digest)


def _extended(
    before: Inventory, files: list[tuple[ShippedFile, str]], shipment: Shipment, dispatch: Dispatch
) -> NewVersion:
    bag = shipment.bag
    message = f"Package {bag.identifier}, seal {bag.seal}, transferred by archiver {__version__}"
    return extend(before, files, at=dispatch.at, message=message, sender=dispatch.sender)


TARGET = OcflTarget()
