"""Writing a bag: BagIt 1.0, out of place, in one read, published by one rename (RFC 8493)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from archiver.errors import CouldNotFindOut, UsageError
from archiver.executors import ordered_map
from archiver.fixity import measure
from archiver.fixity.staging import Staging
from archiver.model.package import Measured, Seal, SealedBag, SourceFile
from archiver.model.values import Algorithm, Checksum, PackagePath
from archiver.packages.bag.encoding import encode
from archiver.packages.bag.listing import list_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
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
    ) -> None:
        self._staging = Staging(destination)
        self._algorithms = tuple(algorithms)
        self._workers = workers
        self._payload: dict[str, Measured] = {}
        self._sealed: SealedBag | None = None

    @property
    def folder(self) -> Path:
        """The hidden folder that the bag is built in."""
        return self._staging.folder

    def __enter__(self) -> Self:
        """Begin; raises DestinationTaken or StorageError."""
        self._staging.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was not published is removed."""
        self._staging.__exit__(kind, error, trace)

    def copy(self, source: SourceFile, place: PackagePath) -> Measured:
        """Copy a file into the payload at `place` (below data/) and measure it, in one read."""
        return self.copy_all([(source, place)])[0]

    def copy_all(self, pairs: Iterable[tuple[SourceFile, PackagePath]]) -> list[Measured]:
        """Copy many files, in parallel when there are workers; results in the order given."""
        todo = [(source, place, self._ready(place)) for source, place in pairs]
        copied = ordered_map(
            lambda item: measure.measure(item[0], self._algorithms, copy_to=item[2]), todo, workers=self._workers
        )
        for (_source, place, _path), measured in zip(todo, copied, strict=True):
            self._payload[place.value] = measured
        return copied

    def write(self, content: bytes, place: PackagePath) -> Measured:
        """Write a file of our own into the payload at `place` and measure it."""
        measured = measure.write(content, self._ready(place), self._algorithms)
        self._payload[place.value] = measured
        return measured

    def seal(self, bag_info: Sequence[tuple[str, str]]) -> SealedBag:
        """Write declaration, bag-info, manifests and tag manifests; the seal is the digest of the first tag manifest.

        Payload-Oxum and Bag-Size are computed here and follow the labels given, whose order is kept. Whatever else was
        put outside data/ is under the tag manifests too. The bag stays hidden. Raises ValueError for a label that is
        none, CouldNotFindOut when the payload folder holds what was not measured.
        """
        tags = self._others()
        size = sum(measured.size for measured in self._payload.values())
        self._tag("bagit.txt", DECLARATION, tags)
        self._tag("bag-info.txt", _info(bag_info, size, len(self._payload)), tags)
        for algorithm in self._algorithms:
            self._tag(f"manifest-{algorithm.value}.txt", _manifest(self._payload, algorithm), tags)
        seals = []
        for algorithm in self._algorithms:
            content = _manifest(tags, algorithm)
            path = self.folder / f"tagmanifest-{algorithm.value}.txt"
            seals.append(measure.write(content, path, (algorithm,)).digest(algorithm))
        seal = Seal(Checksum.of(self._algorithms[0], seals[0]))
        self._sealed = SealedBag(self.folder, self._staging.destination.name, seal, len(self._payload), size)
        return self._sealed

    def publish(self) -> SealedBag:
        """Give the sealed bag its name. Raises DestinationTaken or StorageError; ValueError when it is not sealed."""
        if self._sealed is None:
            raise ValueError("a bag must be sealed before it is published")
        self._staging.publish()
        sealed = self._sealed
        return SealedBag(self._staging.destination, sealed.identifier, sealed.seal, sealed.files, sealed.size)

    def _others(self) -> dict[str, Measured]:
        """Tag files that others put into the folder, measured; the payload must be what we wrote, no more, no less."""
        listing = list_folder(self.folder)
        strange = sorted(listing.payload.keys() ^ self._payload.keys()) + [path for path, _kind in listing.specials]
        if strange:
            raise CouldNotFindOut(
                f"{self.folder} was changed while the bag was made: {', '.join(map(repr, strange[:5]))}.",
                remedy="Let nothing else write there, and run the command again.",
            )
        others: dict[str, Measured] = {}
        for path in sorted(listing.tag_files):
            encodable(path)
            others[path] = measure.measure_here(self.folder / path, self._algorithms)
        return others

    def _ready(self, place: PackagePath) -> Path:
        if not place.value.startswith("data/"):
            raise ValueError(f"payload lies below data/: {place}")
        encodable(place.value)
        path = self.folder / place.value
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise measure.failure(error, path.parent, "writing") from error
        return path

    def _tag(self, name: str, content: bytes, tags: dict[str, Measured]) -> None:
        tags[name] = measure.write(content, self.folder / name, self._algorithms)


def encodable(path: str) -> None:
    """Raise UsageError for a path that no manifest in UTF-8 can hold."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{path!r} is no name in Unicode, so no manifest can hold it.", remedy="Give the file another name first."
        ) from error
    if path.startswith((" ", "\t")):
        raise UsageError(f"{path!r} begins with a space, which no manifest can tell from its own.")


def _info(given: Sequence[tuple[str, str]], size: int, files: int) -> bytes:
    """The bytes of bag-info.txt; elements without a value are left out."""
    computed = [("Bag-Size", human_size(size)), ("Payload-Oxum", f"{size}.{files}")]
    taken = {label.lower() for label, _value in computed}
    for label, _value in given:
        if not label or ":" in label or label != one_line(label) or label.lower() in taken:
            raise ValueError(f"not a label for bag-info.txt: {label!r}")
    lines = (f"{label}: {one_line(value)}\n" for label, value in (*given, *computed) if one_line(value))
    return "".join(lines).encode("utf-8")


def _manifest(files: dict[str, Measured], algorithm: Algorithm) -> bytes:
    rows = (f"{files[path].digest(algorithm)}  {encode(path)}\n" for path in sorted(files))
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
