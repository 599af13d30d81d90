"""Bags in archives (RFC 8493 §4), read straight from them: nothing is unpacked, and every payload byte is read once.

A zip or a tar can be read in any order: its tag files first, then the payload, by workers. A compressed tar goes by
once, digested by the usual algorithms; a second time only when its manifests name others.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archiver.archives.opening import Archive, MemberDamaged
from archiver.fixity import reading
from archiver.model.archive import ArchiveTrouble, Member
from archiver.packages.bag.layout import Layout
from archiver.packages.bag.listing import Listing
from archiver.packages.bag.measuring import Measuring
from archiver.packages.bag.reader import read_tag_files
from archiver.packages.bag.streamed import read_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from archiver.archives.faults import Faults
    from archiver.model.bag import BagContents
    from archiver.model.progress import Progress
    from archiver.model.values import Algorithm


def serialised_contents(
    path: Path,
    name: str,
    measure: bool,
    workers: int,
    progress: Progress,
    also: tuple[Algorithm, ...] = (),
) -> BagContents:
    """Everything read of a bag in an archive; `name` is the name that the archive goes by.

    What is wrong with the archive is in `serialised`; when that refuses it, nothing else was read. Raises
    UnreadableInput when it is no archive, StorageError when it cannot be read.
    """
    with Archive(path) as archive:
        if archive.kind.is_stream:
            contents = read_stream(archive, name, measure, progress, also)
        else:
            contents = _read(archive, name, measure, workers, progress, also)
    return contents


def _read(
    archive: Archive, name: str, measure: bool, workers: int, progress: Progress, also: tuple[Algorithm, ...]
) -> BagContents:
    members = archive.members()
    layout = Layout(archive, name)
    for member in members:
        layout.take(member)
    facts = layout.facts()
    if facts.is_refused or not layout.is_bag_shaped:
        return replace(read_tag_files(archive.path, name, Listing()), serialised=facts)
    source = _Source(archive, layout.files)
    contents = read_tag_files(archive.path, layout.top, layout.listing, source)
    if measure:
        with _MeasuringParts(archive, layout.files, workers, progress, also) as measuring:
            measuring.take(layout.listing.tag_files)
            measuring.take(layout.listing.payload)
            measuring.listed()
            contents = measuring.measured(contents)
    return replace(contents, serialised=layout.facts())


class _Source:
    """The tag files of a bag in an archive."""

    def __init__(self, archive: Archive, files: Mapping[str, Member]) -> None:
        self._archive, self._files = archive, files

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a tag file; when they are damaged, those before, and a fault of the archive."""
        try:
            yield from self._archive.pieces(self._files[name])
        except MemberDamaged as damage:
            _note_damage(self._archive.faults, self._files[name].path, damage.message)


class _MeasuringParts(Measuring):
    """The members of an archive measured where they lie."""

    def __init__(
        self,
        archive: Archive,
        files: Mapping[str, Member],
        workers: int,
        progress: Progress,
        also: tuple[Algorithm, ...],
    ) -> None:
        super().__init__(archive.path, workers, progress, also)
        self._archive, self._members = archive, files
        self._names = {member.offset: path for path, member in files.items()}

    def _job(self, path: str, size: int) -> Any:
        member = self._members[path]
        # The digests of the manifests say more than a CRC: it is computed only where bytes are inflated.
        place = os.fsencode(self._archive.path)
        return (place, size, member.offset, member.stored, member.deflated, member.crc if member.deflated else -1)

    def _path(self, job: Any) -> str:
        return self._names[job[2]]

    def _refused(self, path: str, result: reading.Result, unreadable: dict[tuple[str, str], None]) -> None:
        if result[0] == reading.DAMAGED:
            _note_damage(self._archive.faults, self._members[path].path, result[1])
        else:
            super()._refused(path, result, unreadable)


def _note_damage(faults: Faults, path: str, words: str) -> None:
    known: Iterable[str] = {fault.path for fault in faults.all() if fault.trouble is ArchiveTrouble.DAMAGED}
    if path not in known:
        faults.add(ArchiveTrouble.DAMAGED, path, words)
