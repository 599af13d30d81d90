"""Bags written straight into an archive (RFC 8493 §4): each source read once, digested and written in the same pass.

The payload comes first, and what vouches for it after it, since its digests are known only then.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from archiver.archives.writing import ArchiveWriter
from archiver.errors import UsageError
from archiver.fixity import reading
from archiver.fixity.measure import chunks, failure, open_regular, refusal, stamp
from archiver.fixity.staging import Staging
from archiver.model.measurements import Measurements
from archiver.model.package import Seal, SealedBag, SourceFile
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Checksum
from archiver.packages.bag.measuring import algorithms_named
from archiver.packages.bag.writer import DECLARATION, encodable, info_of, manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from archiver.model.archive import ArchiveKind
    from archiver.model.bag import BagContents
    from archiver.model.values import Algorithm, PackagePath

APART = 4 * 1024 * 1024  # bytes: files as large are digested by a thread for each algorithm


class ArchivedBag:
    """A bag in the making, in an archive hidden beside its destination; its folder in the archive is called `name`.

    Leaving the context unpublished leaves nothing behind.
    """

    def __init__(self, destination: Path, kind: ArchiveKind, name: str, progress: Progress = QUIET) -> None:
        self._staging = Staging(destination)
        self._kind, self._name, self._progress = kind, name, progress
        self._archive: ArchiveWriter | None = None
        self._digesters: dict[tuple[Algorithm, ...], Digester] = {}

    @property
    def place(self) -> Path:
        """The hidden archive."""
        return self._staging.folder / self._staging.destination.name

    def __enter__(self) -> Self:
        """Begin; raises DestinationTaken, StorageError, or UsageError when a library is missing."""
        self._staging.__enter__()
        try:
            self._archive = ArchiveWriter(self.place, self._kind)
            self._archive.folder(self._name)
            self._archive.folder(f"{self._name}/data")
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was not published is removed."""
        for digester in self._digesters.values():
            digester.close()
        if self._archive is not None:
            self._archive.__exit__(kind, error, trace)
        self._staging.__exit__(kind, error, trace)

    def take(self, source: SourceFile, path: str, algorithms: tuple[Algorithm, ...]) -> tuple[bytes, ...]:
        """Read a file once into the archive, at `path` in the bag: its digests.

        Raises SourceChanged, UnreadableInput or StorageError.
        """
        assert self._archive is not None
        encodable(path)
        if "\\" in path:
            raise UsageError(
                f"{path!r} has a backslash, which some programs take for a folder's end; no archive was made.",
                remedy="Give the file another name first, or keep the bag as a folder.",
            )
        member, digester, found = f"{self._name}/{path}", self._digester(algorithms), source.stamp
        as_found = (found.device, found.inode, found.size, found.mtime_ns, found.ctime_ns)
        descriptor = open_regular(source.path)
        try:
            if reading.stamp_of(os.fstat(descriptor)) != as_found:
                raise refusal((reading.CHANGED,), source.path)
            pieces = chunks(descriptor, source.path, found.size)
            if found.size < reading.CHUNK:
                content = b"".join(pieces)
                if len(content) != found.size:
                    raise refusal((reading.CHANGED,), source.path)
                self._archive.add(member, content)
                digests = digester.of(content)
            else:
                passing = digester.begin(found.size)
                self._archive.add_pieces(member, found.size, passing.passing(pieces))
                digests = passing.end()
            if reading.stamp_of(os.fstat(descriptor)) != as_found:
                raise refusal((reading.CHANGED,), source.path)
        except OSError as error:
            raise failure(error, source.path, "reading") from error
        finally:
            os.close(descriptor)
        self._progress.advance(1, found.size)
        return digests

    def write(self, path: str, content: bytes) -> None:
        """Write a file of our own into the archive, at `path` in the bag. Raises StorageError."""
        assert self._archive is not None
        self._archive.add(f"{self._name}/{path}", content)

    def finish(self) -> None:
        """End the archive and put it on the disk. Raises StorageError."""
        assert self._archive is not None
        self._archive.finish()

    def publish_archive(self) -> None:
        """Give the finished archive its name. Raises DestinationTaken or StorageError."""
        self._staging.publish_file(self.place)

    def _digester(self, algorithms: tuple[Algorithm, ...]) -> Digester:
        if algorithms not in self._digesters:
            self._digesters[algorithms] = Digester(algorithms)
        return self._digesters[algorithms]


class SerialisedBagWriter(ArchivedBag):
    """Makes a bag of files, in an archive; used as BagWriter is. `algorithms`, strongest first."""

    def __init__(
        self,
        destination: Path,
        kind: ArchiveKind,
        name: str,
        algorithms: Sequence[Algorithm],
        progress: Progress = QUIET,
    ) -> None:
        super().__init__(destination, kind, name, progress)
        self._algorithms = tuple(algorithms)
        self._payload = Measurements()
        self._sealed: SealedBag | None = None

    def add_all(self, pairs: Iterable[tuple[SourceFile, PackagePath]]) -> None:
        """Read each file once into the payload. Raises SourceChanged, UnreadableInput or StorageError."""
        todo = sorted(pairs, key=lambda pair: pair[1].value)
        self._progress.expect(len(todo), sum(source.stamp.size for source, _place in todo))
        for source, place in todo:
            digests = self.take(source, place.value, self._algorithms)
            self._payload.add(place.value, source.stamp.size, digests, self._algorithms)

    def seal(self, bag_info: Sequence[tuple[str, str]]) -> SealedBag:
        """Write declaration, bag-info, manifests and tag manifests, as BagWriter does, and end the archive."""
        tags: dict[str, bytes] = {"bagit.txt": DECLARATION}
        tags["bag-info.txt"] = info_of(bag_info, self._payload.total, len(self._payload))
        for algorithm in self._algorithms:
            tags[f"manifest-{algorithm.value}.txt"] = manifest_of(self._payload, algorithm)
        measured, digester = Measurements(), self._digester(self._algorithms)
        for name, content in tags.items():
            measured.add(name, len(content), digester.of(content), self._algorithms)
        for algorithm in self._algorithms:
            tags[f"tagmanifest-{algorithm.value}.txt"] = manifest_of(measured, algorithm)
        for name in sorted(tags):
            self.write(name, tags[name])
        self.finish()
        first = self._algorithms[0]
        (digest,) = Digester((first,)).of(tags[f"tagmanifest-{first.value}.txt"])
        seal = Seal(Checksum.of(first, digest.hex()))
        self._sealed = SealedBag(self.place, self._name, seal, len(self._payload), self._payload.total)
        return self._sealed

    def publish(self) -> SealedBag:
        """Give the archive its name. Raises DestinationTaken or StorageError; ValueError when it is not sealed."""
        if self._sealed is None:
            raise ValueError("a bag must be sealed before it is published")
        self.publish_archive()
        return replace(self._sealed, path=self._staging.destination)


class BagCopier(ArchivedBag):
    """Puts the files of an existing bag into an archive, and measures them by the algorithms of its manifests."""

    def copy_all(self, contents: BagContents) -> Measurements:
        """Read every file of the bag once into the archive: what was measured. Raises as `take`."""
        measured = Measurements()
        files = {**contents.tag_files, **contents.payload}
        self._progress.expect(len(files), sum(files.values()))
        for path in sorted(files):
            prefix = "manifest-" if path in contents.payload else "tagmanifest-"
            algorithms = algorithms_named(prefix, contents.tag_files)
            source = SourceFile(contents.path / path, path, stamp(contents.path / path))
            digests = self.take(source, path, algorithms)
            if algorithms:
                measured.add(path, source.stamp.size, digests, algorithms)
        return measured


class Digester:
    """Digests by several algorithms: at once for large files, one after the other for small ones."""

    def __init__(self, algorithms: Sequence[Algorithm]) -> None:
        self._names = [algorithm.hashlib_name for algorithm in algorithms]
        self._threads: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """End the threads."""
        if self._threads is not None:
            self._threads.shutdown()

    def of(self, content: bytes) -> tuple[bytes, ...]:
        """The digests of bytes at hand."""
        return tuple([hashlib.new(name, content, usedforsecurity=False).digest() for name in self._names])

    def begin(self, size: int) -> _Passing:
        """Digests of a file of `size` bytes that is going to pass."""
        if size >= APART and self._threads is None:
            self._threads = ThreadPoolExecutor(len(self._names))
        digests = [hashlib.new(name, usedforsecurity=False) for name in self._names]
        return _Passing(digests, self._threads if size >= APART else None)


class _Passing:
    """Digests taken of pieces while they pass to the archive."""

    def __init__(self, digests: list[Any], threads: ThreadPoolExecutor | None) -> None:
        self._digests, self._threads = digests, threads

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces; each is digested by the time the next is asked for."""
        for piece in pieces:
            if self._threads is None:
                for digest in self._digests:
                    digest.update(piece)
                yield piece
                continue
            working = [self._threads.submit(digest.update, piece) for digest in self._digests]
            yield piece
            for each in working:
                each.result()

    def end(self) -> tuple[bytes, ...]:
        """The digests of everything that passed."""
        return tuple(digest.digest() for digest in self._digests)
