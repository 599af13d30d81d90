"""Rules for fixity: the bytes are those that the manifests state, and every one of them was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.bag import BagContents, Manifest

_RESTORE = "Restore the file from another copy of the bag; never change a manifest to fit."
_SHOWN = 20  # files named in a sentence


def _mismatches(bag: BagContents, manifests: Sequence[Manifest]) -> Iterator[Fault]:
    if not bag.was_measured:
        raise Skip("digests were not asked for")
    for manifest in manifests:
        if manifest.algorithm is None:
            continue
        algorithm, measured, on_disk = manifest.algorithm, bag.measured, bag.on_disk
        for path, line, stated in manifest.entries.stated():
            # A payload file in a tag manifest may have no such digest: BAG-016 reports it.
            found = measured.digest(path, algorithm)
            if found is None and path in on_disk:
                found = measured.digest(on_disk[path], algorithm)
            if found is not None and stated and found != stated:
                size = measured[path if path in measured else on_disk[path]].size
                yield Fault(
                    f"{path}: {algorithm.label} stated {stated.hex()}, found {found.hex()} ({size} bytes)",
                    manifest.name,
                    line,
                    _RESTORE,
                )


@check("FIX-001", "Payload files have their stated digests", "RFC 8493 §3", needs="bag")
def payload_digests(bag: BagContents) -> Iterator[Fault]:
    """Every payload file is read, and every digest compared."""
    if not bag.manifests:
        raise Skip("there is no payload manifest")
    yield from _mismatches(bag, bag.manifests)


@check("FIX-002", "Tag files have their stated digests", "RFC 8493 §2.2.1, §3", needs="bag")
def tag_digests(bag: BagContents) -> Iterator[Fault]:
    """Every tag file that a tag manifest lists is read, and every digest compared."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    yield from _mismatches(bag, bag.tag_manifests)


@check("FIX-003", "A digest that is no longer broken is stated", "RFC 8493 §2.4", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def strong_algorithm(bag: BagContents) -> Iterator[Fault]:
    """MD5 and SHA-1 tell accidents, not intent."""
    known = [manifest.algorithm for manifest in bag.manifests if manifest.algorithm is not None]
    if known and all(algorithm.is_legacy for algorithm in known):
        names = ", ".join(sorted({algorithm.label for algorithm in known}))
        yield Fault(f"the payload manifests are legacy only: {names}", bag.manifests[0].name,
                    remedy="When you take the bag over, add a sha512 manifest.")  # fmt: skip


@check("FIX-004", "Every file of the bag could be read", "archiver: fixity", needs="bag")
def readable(bag: BagContents) -> Iterator[Fault]:
    """What could not be read is neither good nor bad."""
    if bag.unreadable:
        shown = " ".join(reason for _path, reason in bag.unreadable[:_SHOWN])
        more = f" And {len(bag.unreadable) - _SHOWN} more." if len(bag.unreadable) > _SHOWN else ""
        raise CouldNotFindOut(f"{len(bag.unreadable)} of the bag's files or folders could not be read: {shown}{more}")
    yield from ()
