"""Some files of a bag read and digested, its payload otherwise left alone: what a description needs, and no more."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.archives.opening import Archive, MemberDamaged
from archiver.errors import ArchiverError, CouldNotFindOut
from archiver.fixity.digests import Digests, is_available
from archiver.fixity.measure import chunks, open_regular
from archiver.model.measurements import Measurements
from archiver.model.package import Measured
from archiver.packages.bag.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archiver.model.bag import BagContents
    from archiver.model.values import Algorithm

LARGEST = 64 * 1024 * 1024  # bytes of a file that is kept
MOST = 256 * 1024 * 1024  # bytes of all that are


@dataclass(slots=True)
class SomeFiles:
    """What was read: sizes and digests of every file, the bytes of those of the payload, and what could not be read."""

    measured: Measurements = field(default_factory=Measurements)
    content: dict[str, bytes] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # path, reason


def read_some(contents: BagContents, names: Iterable[str], into: SomeFiles | None = None) -> SomeFiles:
    """Read some files of a bag, in a folder or an archive, by the algorithms that its manifests use.

    `contents` is what was read of its tag files. Tag files are digested, files of the payload kept as well; names that
    the bag does not have are passed over. Raises CouldNotFindOut beyond the limits, StorageError when an archive cannot
    be read.
    """
    found = SomeFiles() if into is None else into
    sizes = {**contents.payload, **contents.tag_files}
    wanted = dict.fromkeys(name for name in names if name in sizes and name not in found.measured)
    kept = sum(map(len, found.content.values()))
    for name in wanted:
        if name in contents.payload:
            kept += sizes[name]
            if sizes[name] > LARGEST or kept > MOST:
                raise CouldNotFindOut(f"{contents.path / name}: {sizes[name]:,} bytes are more than is read for this.")
    algorithms = {
        True: _algorithms(manifest.algorithm for manifest in contents.manifests),
        False: _algorithms(manifest.algorithm for manifest in contents.tag_manifests),
    }
    for name, pieces in _pieces(contents, wanted, sizes):
        keeps = name in contents.payload
        try:
            content, measured = _read(pieces, algorithms[keeps], keeps)
        except (ArchiverError, MemberDamaged) as error:
            found.unreadable.append((name, error.message))
            continue
        found.measured.note(name, measured)
        if keeps:
            found.content[name] = content
    return found


def _algorithms(named: Iterable[Algorithm | None]) -> tuple[Algorithm, ...]:
    return tuple(dict.fromkeys(each for each in named if each is not None and is_available(each)))


def _read(pieces: Iterator[bytes], algorithms: tuple[Algorithm, ...], keeps: bool) -> tuple[bytes, Measured]:
    content, size = bytearray(), 0
    with Digests(algorithms) as digests:
        for piece in pieces:
            digests.update(piece)
            size += len(piece)
            if keeps:
                content += piece
        return bytes(content), Measured(size, digests.checksums())


def _pieces(
    contents: BagContents, wanted: Mapping[str, None], sizes: Mapping[str, int]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The wanted files with their bytes, wherever the bag lies; each is to be taken before the next."""
    if not wanted:
        return
    if contents.serialised is None:
        for name in wanted:
            yield name, _of_folder(contents, name, sizes[name])
        return
    with Archive(contents.path) as archive:
        layout = Layout(archive, contents.name)
        if archive.kind.is_stream:
            for member, pieces in archive.stream(again=True):
                if layout.take(member) in wanted:
                    yield member.path.partition("/")[2], pieces
            return
        for member in archive.members():
            layout.take(member)
        for name in wanted:
            yield name, archive.pieces(layout.files[name])


def _of_folder(contents: BagContents, name: str, size: int) -> Iterator[bytes]:
    descriptor = open_regular(contents.path / name)
    try:
        yield from chunks(descriptor, contents.path / name, size)
    finally:
        os.close(descriptor)
