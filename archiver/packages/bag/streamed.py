"""Bags in compressed tar files, read as they go by: what is digested, what is kept, and when once is not enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.archives.opening import PIECE
from archiver.errors import CouldNotFindOut
from archiver.fixity.digests import Digests
from archiver.model.measurements import Measurements
from archiver.model.values import Algorithm
from archiver.packages.bag.layout import Layout
from archiver.packages.bag.listing import Listing
from archiver.packages.bag.measuring import LARGEST_DOCUMENT, MOST_DOCUMENTS, algorithms_named, describes_package
from archiver.packages.bag.reader import read_tag_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.archives.opening import Archive
    from archiver.model.archive import Member
    from archiver.model.bag import BagContents
    from archiver.model.progress import Progress
USUAL = (Algorithm.SHA512, Algorithm.SHA256)  # before the manifests have gone by, nobody knows which they are of
MOST_KEPT = 64 * 1024 * 1024  # bytes of the tag files at the root of the bag; what is more goes by once more
MOST_PASSES = 16  # times that the archive goes by for tag files that were not kept


class _Kept:
    """What is kept of a stream: tag files at the root, and the documents that describe a package."""

    def __init__(self, archive: Archive, layout: Layout) -> None:
        self._archive, self._layout = archive, layout
        self.tag_files: dict[str, bytearray] = {}
        self.documents: dict[str, bytes] = {}
        self._size = self._documents_size = 0  # bytes
        self._passes = 0

    def wants(self, path: str, size: int) -> bool:
        """Whether the bytes of a file are to be kept."""
        if "/" not in path:
            fits = self._size + size <= MOST_KEPT
            self._size += size if fits else 0
            return fits
        if describes_package(path) and size <= LARGEST_DOCUMENT:
            self._documents_size += size
            return self._documents_size <= MOST_DOCUMENTS
        return False

    def keep(self, path: str, content: bytearray) -> None:
        """Keep the bytes of a file."""
        if "/" in path:
            self.documents[path] = bytes(content)
        else:
            self.tag_files[path] = content  # not copied: it may be large

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a tag file; the archive goes by once more when there were too many to keep.

        Raises what `stream` raises, and CouldNotFindOut when the archive would have to go by too often.
        """
        if name not in self.tag_files:
            self._passes += 1
            if self._passes > MOST_PASSES:
                raise CouldNotFindOut(f"{name}: the tag files at the root are too many and too large to be kept.")
            wanted = self._layout.files[name]
            for member, pieces in self._archive.stream(again=True):
                if member == wanted:
                    yield from pieces
                    return
        content = memoryview(self.tag_files.get(name, b""))
        for at in range(0, len(content), PIECE):
            yield bytes(content[at : at + PIECE])


def read_stream(
    archive: Archive, name: str, measure: bool, progress: Progress, also: tuple[Algorithm, ...] = ()
) -> BagContents:
    """The contents of a bag in a compressed tar file. Raises UsageError when a library is missing, StorageError."""
    layout, found = Layout(archive, name), {}
    kept = _Kept(archive, layout)
    usual = tuple(dict.fromkeys((*USUAL, *also))) if measure else ()
    for member, pieces in archive.stream():
        path = layout.take(member)
        if path:
            found[path] = _digested(path, member, pieces, usual, kept)
            progress.advance(1, member.size)
    facts = layout.facts()
    if facts.is_refused or not layout.is_bag_shaped:
        return replace(read_tag_files(archive.path, name, Listing()), serialised=facts)
    contents = read_tag_files(archive.path, layout.top, layout.listing, kept)
    if measure:
        measured = _needed(archive, name, layout, found, also, progress)
        contents = replace(contents, measured=measured, was_measured=True, documents=kept.documents)
    return replace(contents, serialised=layout.facts())


def _digested(
    path: str, member: Member, pieces: Iterator[bytes], algorithms: tuple[Algorithm, ...], kept: _Kept | None
) -> dict[Algorithm, bytes]:
    """The digests of a member as it goes by, and its bytes kept when they are wanted."""
    keeps = kept is not None and kept.wants(path, member.size)
    content = bytearray()
    with Digests(algorithms, member.size) as digests:
        for piece in pieces:
            digests.update(piece)
            if keeps:
                content += piece
    if kept is not None and keeps:
        kept.keep(path, content)
    return dict(zip(algorithms, digests.digests(), strict=True))


def _needed(
    archive: Archive,
    name: str,
    layout: Layout,
    found: dict[str, dict[Algorithm, bytes]],
    also: tuple[Algorithm, ...],
    progress: Progress,
) -> Measurements:
    """What the manifests need of each file, read a second time where they need other digests than the usual ones."""
    wanted = {
        payload: tuple(dict.fromkeys((*algorithms_named(prefix, layout.listing.tag_files), *also)))
        for payload, prefix in ((True, "manifest-"), (False, "tagmanifest-"))
    }
    missing = {path for path, digests in found.items() if set(wanted[path.startswith("data/")]) - digests.keys()}
    if missing:
        again = Layout(archive, name)
        for member, pieces in archive.stream(again=True):
            path = again.take(member)
            if path in missing:
                more = tuple(each for each in wanted[path.startswith("data/")] if each not in found[path])
                found[path].update(_digested(path, member, pieces, more, None))
                progress.advance(0, member.size)
    measured = Measurements()
    for path, digests in found.items():
        algorithms = wanted[path.startswith("data/")]
        if algorithms and all(each in digests for each in algorithms):
            size = layout.files[path].size
            measured.add(path, size, tuple(digests[each] for each in algorithms), algorithms)
    return measured
