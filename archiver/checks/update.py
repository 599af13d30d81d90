"""Rules for a bag that is to be updated: what no update may seal again. The clauses are those of docs/bag-update.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault
from archiver.model.update import EVENTS, TagFileChange
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.update import BagToUpdate

_RESTORE = "Restore the file from another copy of the bag; never change it to fit."
_OPTIONS = "Restore it, and use --add-algorithm, --drop-algorithm or --to-1.0: they change it and say so."


@check("UPD-001", "Declaration and payload manifests are as they were sealed", "docs/bag-update.md, What may change",
       needs="update")  # fmt: skip
def manifests_as_sealed(bag: BagToUpdate) -> Iterator[Fault]:
    """A manifest that was changed proves nothing of the payload, however well the two agree."""
    if not bag.contents.tag_manifests:
        raise Skip("there is no tag manifest, so the bag was never sealed")
    names = {"bagit.txt", *(manifest.name for manifest in bag.contents.manifests)}
    for path, changed in sorted(bag.by_hand.items()):
        is_manifest = path.startswith("manifest-") and path.endswith(".txt") and "/" not in path
        if path not in names and not is_manifest:
            continue
        if changed.change is TagFileChange.ADDED:
            if bag.contents.version_number >= (1, 0):
                yield Fault(f"{path} is under no tag manifest: it came after the bag was sealed", path, None,
                            "Take it out, and use --add-algorithm: it digests what is verified.")  # fmt: skip
        elif changed.change is TagFileChange.REMOVED:
            yield Fault(f"{path} is gone; sealed was {changed.before}", path, None, _OPTIONS)
        else:
            yield Fault(f"{path} was changed: sealed was {changed.before}, found {changed.after}", path, None,
                        _OPTIONS)  # fmt: skip


@check("UPD-002", "The events of earlier updates are as they were sealed", "docs/bag-update.md, The events in the bag",
       needs="update")  # fmt: skip
def events_as_sealed(bag: BagToUpdate) -> Iterator[Fault]:
    """Lines are only ever added, and only by an update."""
    changed = bag.by_hand.get(EVENTS)
    if changed is None and not bag.events and not bag.torn:
        raise Skip("the bag was never updated")
    if changed is not None and bag.contents.tag_manifests:
        yield Fault(f"{EVENTS} is not as it was sealed: {changed.before or 'not sealed'}, found "
                    f"{changed.after or 'nothing'}", EVENTS, None, _RESTORE)  # fmt: skip
    if bag.torn:
        yield Fault(f"{bag.torn} bytes follow the last whole line", EVENTS, len(bag.events) + 1, _RESTORE)
    before = ""
    for line in bag.events:
        event = line.event
        if event is None:
            yield Fault(line.problem, EVENTS, line.number, _RESTORE)
        elif event.digest != line.event_digest:
            message = f"the event states its own sha256 as {event.digest}, its bytes have {line.event_digest}"
            yield Fault(message, EVENTS, line.number, _RESTORE)
        elif event.previous != before or event.sequence != line.number:
            message = f"the event is number {event.sequence} and follows {event.previous or 'nothing'}; before it comes"
            yield Fault(f"{message} {before or 'nothing'}", EVENTS, line.number, _RESTORE)
        before = line.digest


@check("UPD-003", "The bag is the one that its accession record states", "docs/bag-update.md, The register",
       needs="update")  # fmt: skip
def seal_as_recorded(bag: BagToUpdate) -> Iterator[Fault]:
    """Its tag manifests are those that were recorded, or events in the bag say how they came to be others."""
    if bag.record is None:
        raise Skip("no accession record of this bag is at hand")
    if not bag.record.leads_here:
        message = f"the seal is {bag.contents.seal or 'missing'}; accession {bag.record.number} states"
        yield Fault(f"{message} {bag.record.seal}, and no event in the bag leads from there to here", None, None,
                    "Restore the tag manifests from another copy with the recorded seal, then update.")  # fmt: skip
