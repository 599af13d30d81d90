"""The directory target: a folder, or a mounted share, that holds packages side by side under their own names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from archiver.errors import DestinationTaken, StorageError, UsageError
from archiver.fixity.staging import Staging
from archiver.model.package import Evidence, Holding, Receipt
from archiver.model.shipment import Destination, Dispatch, Replica, Shipment
from archiver.model.values import Algorithm
from archiver.targets.far_end import (
    CopyDamaged,
    Meter,
    compare_seal,
    copy_files,
    digest_of,
    expected_copy,
    kind_of,
    make_folders,
    refuse_bad_copy,
    refuse_own_place,
    remeasure,
    sync_folder,
)


class DirectoryTarget:
    """Holds packages as folders of one folder."""

    kind = "file"
    options: Mapping[str, str] = {}

    def hold(self, shipment: Shipment, destination: Destination, dispatch: Dispatch) -> Receipt:
        """Hold a package in the folder `destination.place`; return when every byte was read back there.

        The same package again is re-measured and already held. Raises DestinationTaken when a different one has its
        name, CopyDamaged when its copy is not whole, StorageError when reading or writing failed; then nothing is left
        there.
        """
        place = Path(destination.place)
        refuse_own_place(shipment.bag.path, place, place / shipment.bag.identifier)
        held = _open(place) / _plain(shipment.bag.identifier)
        meter = Meter(shipment, dispatch.progress)
        if kind_of(held) == "absent":
            _copy(shipment, held, meter, dispatch.workers)
            holding = Holding.STORED
        else:
            _compare(shipment, held, meter, dispatch.workers)
            _clear_lock(held)
            holding = Holding.ALREADY_HELD
        return Receipt(
            identifier=shipment.bag.identifier,
            target=destination.name,
            place=str(held),
            seal=shipment.bag.seal,
            holding=holding,
            evidence=Evidence.READ_BACK,
            files=len(shipment.files),
            size=shipment.size,
        )


def _plain(identifier: str) -> str:
    """The identifier as the name of a visible folder; raises UsageError when it cannot be one."""
    if not identifier or "/" in identifier or "\0" in identifier or identifier.startswith("."):
        message = f"the identifier {identifier!r} cannot be the name of a folder."
        raise UsageError(message, remedy="Give the folder of the package another name.")
    return identifier


def _open(place: Path) -> Path:
    """The folder itself, made when only it is missing: a whole path that is missing is rather a slip."""
    if place.is_dir():
        return Path(os.path.realpath(place))
    if kind_of(place) != "absent":
        raise DestinationTaken(f"{place} is no folder.", remedy="Name a folder to hold the packages.")
    if not place.parent.is_dir():
        message = f"{place.parent} is no folder, so no packages can be held in {place}."
        raise UsageError(message, remedy="Check the address, and that the storage is mounted.")
    make_folders(place)
    sync_folder(place.parent)
    return Path(os.path.realpath(place))


def _copy(shipment: Shipment, held: Path, meter: Meter, workers: int) -> None:
    """Copy hidden, read back, compare seals, and only then publish by one rename."""
    with Staging(held) as staging:
        copies = [(file, staging.folder / file.path.value) for file in shipment.files]
        copy_files(shipment.bag.path, copies, Algorithm.SHA512, workers)
        found = remeasure(staging.folder, expected_copy(shipment), meter.advance, workers=workers)
        refuse_bad_copy(held, found)
        compare_seal(shipment, staging.folder / shipment.seal_file.value)
        staging.publish()


def _compare(shipment: Shipment, held: Path, meter: Meter, workers: int) -> None:
    """Re-measure what has the name of the package already; raises DestinationTaken unless it is the same, whole."""
    ours = shipment.bag.seal.checksum
    sealed = held / shipment.seal_file.value
    theirs = digest_of(sealed, ours.algorithm)[1] if kind_of(sealed) == "file" else ""
    if theirs != ours.hexdigest:
        seal = f"whose seal is {ours.algorithm_name}:{theirs}" if theirs else f"without {shipment.seal_file}"
        message = f"{held} is something else, {seal}; the seal of the package is {ours}. Nothing was changed."
        raise DestinationTaken(
            message, remedy="Name another target, or see which of the two is meant to be held there."
        )
    problems = remeasure(held, expected_copy(shipment), meter.advance, workers=workers)
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        message = f"the copy held at {held} is damaged: {problems[0].path}: {problems[0].problem}{more}."
        raise CopyDamaged(message, Replica(str(held), problems))


def _clear_lock(held: Path) -> None:
    """Remove the lock of a run that was killed just after it published: hidden work upon it is refused, and cleared."""
    with contextlib.suppress(DestinationTaken, StorageError), Staging(held):
        pass


TARGET = DirectoryTarget()
