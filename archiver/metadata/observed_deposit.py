"""PREMIS events of what was looked at before anything was written: the archive, checksums, images, viruses.

What was not done is recorded as not performed: never left out, never a success.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.checksum_lists.wording import event_outcome, event_words
from archiver.model.imaging import Decoding
from archiver.model.provenance import Event, EventOutcome, EventType

if TYPE_CHECKING:
    from archiver.metadata.observed import Making


def unpacking(making: Making) -> list[Event]:
    """An archive that was unpacked: which one, and that every byte was what it said."""
    container = making.deposit.container if making.deposit is not None else None
    if container is None:
        return []
    digest = next(str(checksum) for checksum in container.measured.checksums)
    note = f"{container.measured.size} bytes, {digest}; {container.files} file(s), {container.size} bytes came out"
    return [
        Event(
            EventType.UNPACKING,
            making.moments.taken_up,
            EventOutcome.SUCCESS,
            f"{container.path.name} ({container.kind.suffix}) unpacked; the archive itself is not kept",
            note,
            outcomes=making.places,
            agents=making.agents,
        )
    ]


def fixity_check(making: Making) -> list[Event]:
    """The depositor's checksums compared with what came; nothing when the depositor sent none."""
    events = []
    bag = making.deposit.bag if making.deposit is not None else None
    if bag is not None:
        events.append(
            Event(
                EventType.FIXITY_CHECK,
                making.moments.taken_up,
                EventOutcome.SUCCESS,
                f"The bag {bag.name} (BagIt {bag.version}) verified before its payload was taken",
                f"{bag.files} payload file(s) as {', '.join(bag.manifests)} state them",
                sources=making.places,
                agents=making.agents,
            )
        )
    comparison = making.deposit.comparison if making.deposit is not None else None
    if comparison is None:
        return events
    return [
        *events,
        Event(
            EventType.FIXITY_CHECK,
            making.moments.described,
            event_outcome(comparison),
            f"Checksums stated by {making.accession.depositor or 'the depositor'} compared with the files as they came",
            "; ".join(event_words(comparison)),
            sources=making.places,
            agents=making.agents,
        ),
    ]


def image_validation(making: Making) -> list[Event]:
    """What examining the page images came to; nothing for an issue without any."""
    images = making.files.images
    if not images:
        return []
    decoded = sum(facts.decoding is Decoding.WHOLE for _file, facts in images)
    troubled = sum(bool(facts.problems) for _file, facts in images)
    judged = sorted({facts.validity for _file, facts in images if facts.validity})
    note = f"{len(images)} image(s): {decoded} decoded to the last pixel, {troubled} with findings"
    return [
        Event(
            EventType.VALIDATION,
            making.moments.described,
            EventOutcome.WARNING if troubled or decoded < len(images) else EventOutcome.SUCCESS,
            "Page images examined: structure, limits, pixels" + (f"; JP2 {'; '.join(judged)}" if judged else ""),
            note,
            sources=tuple(file.place.value for file, _facts in images),
            agents=making.agents,
        )
    ]


def virus_check(making: Making) -> Event:
    """What the virus scanner said of the files of the deposit; that none was asked, where none is configured."""
    scan = making.deposit.viruses if making.deposit is not None else None
    outcome, note = EventOutcome.WARNING, "not performed: no scanner is configured"
    if scan is not None:
        own = {file.name for file in making.source.deposited}
        unscanned = sum(name in own for name, _reason in scan.unscanned)
        clean = not unscanned and not any(each.name in own for each in scan.infections)
        outcome = EventOutcome.SUCCESS if clean else EventOutcome.FAIL
        note = f"{scan.version}: {len(own) - unscanned} file(s) scanned, no signature found"
        note += f"; {unscanned} not scanned to the end" if unscanned else ""
    return Event(
        EventType.VIRUS_CHECK,
        making.moments.described if scan is not None else making.moments.derived,
        outcome,
        "Virus check",
        note,
        sources=making.places,
        agents=making.agents,
    )
