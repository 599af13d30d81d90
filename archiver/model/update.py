"""Updates of bags: what is asked for, what changes, and what must be so before anything is sealed again."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.bag import BagContents
    from archiver.model.register import LineFacts
    from archiver.model.values import Algorithm, Checksum

EVENTS = "update-events.jsonl"  # the tag file that says who updated a bag, when, why, and what it was before


@dataclass(frozen=True, slots=True)
class Revision:
    """What is asked for besides what was changed by hand. Labels of bag-info.txt compare without case.

    Elements are removed first, then set (all of that label replaced by one), then added at the end.
    """

    remove_info: tuple[str, ...] = ()
    set_info: tuple[tuple[str, str], ...] = ()
    add_info: tuple[tuple[str, str], ...] = ()
    add_algorithms: tuple[Algorithm, ...] = ()
    drop_algorithms: tuple[str, ...] = ()  # as manifests are named
    to_1_0: bool = False


class TagFileChange(enum.Enum):
    """What became of a tag file since the bag was sealed."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ChangedTagFile:
    """A tag file that is not, or will not be, what the tag manifests say. Both digests are of one algorithm."""

    path: str
    change: TagFileChange
    before: Checksum | None  # as sealed; None: it was not
    after: Checksum | None  # None: it is gone

    def __str__(self) -> str:
        before, after = self.before or "not sealed", self.after or "gone"
        return f"{self.path}: {self.change.value} ({before} -> {after})"


@dataclass(frozen=True, slots=True)
class SealRecord:
    """What an accession record says of a bag, and whether the events in the bag lead from there to its seal now."""

    number: str
    seal: str
    leads_here: bool


@dataclass(frozen=True, slots=True)
class BagToUpdate:
    """A bag before it is updated. `by_hand` is what differs from its tag manifests already, by path."""

    contents: BagContents
    by_hand: Mapping[str, ChangedTagFile]
    events: tuple[LineFacts, ...]  # of update-events.jsonl
    torn: int  # bytes after its last whole line
    record: SealRecord | None
