"""Writing a bag: BagIt 1.0, out of place, in one read, published by one rename (RFC 8493)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archiver.errors import CouldNotFindOut, UsageError
from archiver.fixity import measure, reading
from archiver.fixity.durability import MANY, FileSystem, can_sync_at_once
from archiver.fixity.readers import Readers, orders_of
from archiver.fixity.staging import Staging
from archiver.model.measurements import Measurements
from archiver.model.package import Measured, Seal, SealedBag, SourceFile
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Algorithm, Checksum, PackagePath
from archiver.packages.bag.encoding import encode
from archiver.packages.bag.listing import list_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class BagWriter:
    """A bag in the making, hidden beside its destination. Leaving the context unpublished leaves nothing behind.

    `algorithms`, strongest first, are those of the manifests and tag manifests; `workers` is the number of threads
    that copy. The bytes of the bag depend on neither workers nor the order in which files are added.
    """

    def __init__(
        self,
        destination: Path,
        algorithms: Sequence[Algorithm] = (Algorithm.SHA512, Algorithm.SHA256),
        workers: int = 1,
        progress: Progress = QUIET,
    ) -> None:
        self._staging = Staging(destination)
        self._algorithms = tuple(algorithms)
        self._workers = workers
        self._progress = progress
        self._payload = Measurements()
        self._folders: set[str] = set()
        self._file_system: FileSystem | None = None
        self._sealed: SealedBag | None = None

    @property
    def folder(self) -> Path:
        """The hidden folder that the bag is built in."""
        return self._staging.folder

    @property
    def place(self) -> Path:
        """What to validate before it is published: the hidden folder."""
        return self._staging.folder

    def __enter__(self) -> Self:
        """Begin; raises DestinationTaken or StorageError."""
        self._staging.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was not published is removed."""
        if self._file_system is not None:
            self._file_system.close()
        self._staging.__exit__(kind, error, trace)

    def copy(self, source: SourceFile, place: PackagePath) -> Measured:
        """Copy a file into the payload at `place` (below data/) and measure it, in one read."""
        return self.copy_all([(source, place)])[0]

    def copy_all(self, pairs: Iterable[tuple[SourceFile, PackagePath]], *, head: int = measure.HEAD) -> list[Measured]:
        """Copy many files, in parallel when there are workers; results in the order given, with `head` bytes of each.

        Raises SourceChanged, UnreadableInput or StorageError for the first that could not be copied.
        """
        todo = list(pairs)
        results = self._copied(todo, head)
        found = []
        for (source, place), result in zip(todo, results, strict=True):
            measured = (
                result if isinstance(result, Measured) else measure.measured(result, self._algorithms, source.path)
            )
            self._payload.note(place.value, measured)
            found.append(measured)
        return found

    def add_all(self, pairs: Iterable[tuple[SourceFile, PackagePath]]) -> None:
        """Copy many files as `copy_all` does, and keep of each what the manifests need."""
        todo = list(pairs)
        for (source, place), result in zip(todo, self._copied(todo, 0), strict=True):
            if result[0] != reading.READ:
                raise measure.refusal(result, source.path)
            self._payload.add(place.value, result[1], result[2], self._algorithms)

    def _copied(self, todo: Sequence[tuple[SourceFile, PackagePath]], head: int) -> list[reading.Result]:
        """What became of each file: what is at hand is written here, the rest read and written by the workers."""
        paths = [self._ready(place) for _source, place in todo]
        sync = not self._syncs_at_once(len(todo))
        found: dict[int, reading.Result] = {}
        jobs: list[reading.Job] = []
        indices: list[int] = []
        for index, ((source, _place), path) in enumerate(zip(todo, paths, strict=True)):
            if source.content is not None:
                held = measure.measure(source, self._algorithms, copy_to=Path(path), sync=sync)
                digests = tuple(bytes.fromhex(checksum.hexdigest) for checksum in held.checksums)
                found[index] = (reading.READ, held.size, digests, held.head)
            else:
                jobs.append(measure.job_of(source, path))
                indices.append(index)
        by_copy = {job[3]: index for job, index in zip(jobs, indices, strict=True)}
        orders = orders_of(jobs, measure.manner_of(self._algorithms, head=head, sync=sync), self._workers)
        self._progress.expect(len(jobs), sum(job[1] for job in jobs))
        with Readers(self._workers, self._progress, held=(self._staging.lock,)) as readers:
            readers.add(orders)
            for (_manner, order), results in zip(orders, readers.results(), strict=True):
                found.update((by_copy[job[3]], result) for job, result in zip(order, results, strict=True))
        return [found[index] for index in range(len(todo))]

    def _syncs_at_once(self, files: int) -> bool:
        """Whether so many files are put on the disk together, before the bag is published."""
        if self._file_system is None and files >= MANY and can_sync_at_once():
            try:
                self._file_system = FileSystem(self.folder)
            except OSError as error:
                raise measure.failure(error, self.folder, "opening") from error
        return self._file_system is not None

    def write(self, content: bytes, place: PackagePath) -> Measured:
        """Write a file of our own into the payload at `place` and measure it."""
        measured = measure.write(content, Path(self._ready(place)), self._algorithms)
        self._payload.note(place.value, measured)
        return measured

    def seal(self, bag_info: Sequence[tuple[str, str]]) -> SealedBag:
        """Write declaration, bag-info, manifests and tag manifests; the seal is the digest of the first tag manifest.

        Payload-Oxum and Bag-Size are computed here and follow the labels given, whose order is kept. Whatever else was
        put outside data/ is under the tag manifests too. The bag stays hidden. Raises ValueError for a label that is
        none, CouldNotFindOut when the payload folder holds what was not measured.
        """
        tags = self._others()
        size = self._payload.total
        self._tag("bagit.txt", DECLARATION, tags)
        self._tag("bag-info.txt", info_of(bag_info, size, len(self._payload)), tags)
        for algorithm in self._algorithms:
            self._tag(f"manifest-{algorithm.value}.txt", manifest_of(self._payload, algorithm), tags)
        seals = []
        for algorithm in self._algorithms:
            content = manifest_of(tags, algorithm)
            path = self.folder / f"tagmanifest-{algorithm.value}.txt"
            seals.append(measure.write(content, path, (algorithm,)).digest(algorithm))
        seal = Seal(Checksum.of(self._algorithms[0], seals[0]))
        self._sealed = SealedBag(self.folder, self._staging.destination.name, seal, len(self._payload), size)
        return self._sealed

    def publish(self) -> SealedBag:
        """Give the sealed bag its name. Raises DestinationTaken or StorageError; ValueError when it is not sealed."""
        if self._sealed is None:
            raise ValueError("a bag must be sealed before it is published")
        if self._file_system is not None:
            try:
                self._file_system.sync()
            except OSError as error:
                raise measure.failure(error, self.folder, "writing") from error
        self._staging.publish()
        sealed = self._sealed
        return SealedBag(self._staging.destination, sealed.identifier, sealed.seal, sealed.files, sealed.size)

    def _others(self) -> Measurements:
        """Tag files that others put into the folder, measured; the payload must be what we wrote, no more, no less."""
        listing = list_folder(self.folder)
        strange = sorted(listing.payload.keys() ^ self._payload.keys()) + [path for path, _kind in listing.specials]
        if strange:
            raise CouldNotFindOut(
                f"{self.folder} was changed while the bag was made: {', '.join(map(repr, strange[:5]))}.",
                remedy="Let nothing else write there, and run the command again.",
            )
        others = Measurements()
        for path in sorted(listing.tag_files):
            encodable(path)
            others.note(path, measure.measure_here(self.folder / path, self._algorithms))
        return others

    def _ready(self, place: PackagePath) -> str:
        """Where a payload file goes, the folders above it made."""
        if not place.value.startswith("data/"):
            raise ValueError(f"payload lies below data/: {place}")
        encodable(place.value)
        folder, _, _name = place.value.rpartition("/")
        if folder not in self._folders:
            try:
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise measure.failure(error, self.folder / folder, "writing") from error
            self._folders.add(folder)
        return f"{os.fspath(self.folder)}/{place.value}"

    def _tag(self, name: str, content: bytes, tags: Measurements) -> None:
        tags.note(name, measure.write(content, self.folder / name, self._algorithms))


def encodable(path: str) -> None:
    """Raise UsageError for a path that no manifest in UTF-8 can hold."""
    try:
        if not path.isascii():
            path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{path!r} is no name in Unicode, so no manifest can hold it.", remedy="Give the file another name first."
        ) from error
    if path.startswith((" ", "\t")):
        raise UsageError(f"{path!r} begins with a space, which no manifest can tell from its own.")


def info_of(given: Sequence[tuple[str, str]], size: int, files: int) -> bytes:
    """The bytes of bag-info.txt; elements without a value are left out."""
    computed = [("Bag-Size", human_size(size)), ("Payload-Oxum", f"{size}.{files}")]
    taken = {label.lower() for label, _value in computed}
    for label, _value in given:
        if not label or ":" in label or label != one_line(label) or label.lower() in taken:
            raise ValueError(f"not a label for bag-info.txt: {label!r}")
    lines = (f"{label}: {one_line(value)}\n" for label, value in (*given, *computed) if one_line(value))
    return "".join(lines).encode("utf-8")


def manifest_of(files: Measurements, algorithm: Algorithm) -> bytes:
    """A manifest, or tag manifest, of files measured by the algorithm: a line for each, in order of paths."""
    rows = [f"{files.hexdigest(path, algorithm)}  {encode(path)}\n" for path in sorted(files)]
    return "".join(rows).encode("utf-8")


def one_line(words: str) -> str:
    """Words without line ends or other controls, so that a value cannot become a label of its own."""
    readable = words.encode("utf-8", "replace").decode("utf-8")  # bytes of names that are not UTF-8 become ?
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", readable).strip()


def human_size(size: int) -> str:
    """A size in bytes as people read it, in powers of 1024."""
    value, units = float(size), ["B", "KiB", "MiB", "GiB", "TiB"]
    while value >= 1024 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{size} B" if value == size else f"{value:.1f} {units[0]}"
