"""Receipts: the proof of a transfer, as an event of the accession record and as a JSON file beside it.

The event is what counts, and there is one for every transfer. The file receipts/<target>-<package>.json is the newest
receipt of a package at a target, for people and programs that look for one.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from archiver.model.package import Holding, Receipt
from archiver.model.provenance import Event, EventOutcome, EventType
from archiver.register.files import create_file, storage_error, sync_folder

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.model.shipment import Destination, Replica, Shipment
    from archiver.register.record import Record

SCHEMA = "archiver.receipt/1"
FOLDER = "receipts"
_MOST = 100  # discrepancies told in an event; the report tells all
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def receipt_table(receipt: Receipt, at: datetime) -> dict[str, Any]:
    """A receipt as JSON values; `at` is when the copy was verified. `files` and `size` (bytes) count every file."""
    return {
        "schema": SCHEMA,
        "at": at.isoformat(),
        "identifier": receipt.identifier,
        "seal": str(receipt.seal),
        "target": receipt.target,
        "place": receipt.place,
        "version": receipt.version,
        "holding": receipt.holding.value,
        "evidence": receipt.evidence.value,
        "files": receipt.files,
        "size": receipt.size,
        "detail": receipt.detail,
    }


def record_receipt(record: Record, receipt: Receipt, *, at: datetime, agent: str) -> None:
    """Add the event of a transfer to its accession record, then write the receipt file.

    A package found held already is a fixity check of that copy, unless no transfer of it is recorded yet: then an
    earlier run was killed before it could. Raises RecordDamaged or StorageError.
    """
    table = receipt_table(receipt, at)
    known = any(
        event.type == EventType.TRANSFER.value
        and all(event.data.get(key) == table[key] for key in ("identifier", "seal", "place", "version"))
        for event in record.events
    )
    checked = receipt.holding is Holding.ALREADY_HELD and known
    what = "Copy of {} at {} read again" if checked else "{} transferred to {}"
    event = Event(
        EventType.FIXITY_CHECK if checked else EventType.TRANSFER,
        at,
        EventOutcome.SUCCESS,
        what.format(receipt.identifier, receipt.target),
        note=f"{receipt.holding.value}; {receipt.evidence.value}; the seal of the copy is that of the package",
        sources=(receipt.identifier,),
        agents=(agent,),
    )
    record.append(event, table)
    _write(record, receipt, table)


def record_damage(
    record: Record, shipment: Shipment, destination: Destination, replica: Replica, *, at: datetime, agent: str
) -> None:
    """Add the event of a copy found damaged at a target. Raises RecordDamaged or StorageError."""
    found = (*(replica.structure or ()), *replica.content)
    event = Event(
        EventType.FIXITY_CHECK,
        at,
        EventOutcome.FAIL,
        f"Copy of {shipment.bag.identifier} at {destination.name} read again",
        note=f"{len(found)} discrepancies; the copy was left as it is",
        sources=(shipment.bag.identifier,),
        agents=(agent,),
    )
    data = {
        "identifier": shipment.bag.identifier,
        "seal": str(shipment.bag.seal),
        "target": destination.name,
        "place": replica.place,
        "discrepancies": [{"path": one.path, "problem": one.problem} for one in found[:_MOST]],
    }
    record.append(event, data)


def receipt_name(target: str, identifier: str) -> str:
    """The file name of a receipt. What a name cannot hold is replaced, and then a digest keeps names apart."""
    plain = f"{target}-{identifier}"
    safe = _UNSAFE.sub("-", plain).strip("-.")[:150]
    if safe == plain:
        return f"{plain}.json"
    return f"{safe}-{hashlib.sha256(plain.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}.json"


def _write(record: Record, receipt: Receipt, table: dict[str, Any]) -> None:
    folder = record.folder / FOLDER
    path = folder / receipt_name(receipt.target, receipt.identifier)
    partial = folder / f".{path.name}.partial"
    content = json.dumps(table, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"
    try:
        folder.mkdir(exist_ok=True)
        partial.unlink(missing_ok=True)
        create_file(partial, content)
        partial.replace(path)
        sync_folder(folder)
        sync_folder(record.folder)
    except OSError as error:
        raise storage_error("writing", path, error) from error
