"""Every file of a bag digested once, by the algorithms that its manifests need, while its tag files are read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from archiver.fixity import reading
from archiver.fixity.measure import manner_of, refusal
from archiver.fixity.readers import ORDER_BYTES, ORDER_FILES, Order, Readers, orders_of
from archiver.model.measurements import Measurements
from archiver.model.progress import QUIET, Progress
from archiver.packages.bag.manifests import algorithm_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from archiver.model.bag import BagContents
    from archiver.model.values import Algorithm

LARGEST_DOCUMENT = 64 * 1024 * 1024  # bytes of an XML document that is kept for the rules that read it
MOST_DOCUMENTS = 128 * 1024 * 1024  # bytes of all of them


class Measuring:
    """A bag being measured, from the moment its first folder is listed until `measured`.

    The names of the manifests, which lie in the first folder, tell the algorithms, so the files can be read while the
    rest is listed and while the manifests are read.
    """

    def __init__(self, root: Path, workers: int, progress: Progress = QUIET, also: tuple[Algorithm, ...] = ()) -> None:
        self._root, self._workers, self._progress = os.fsencode(root) + b"/", workers, progress
        self._readers = Readers(workers, progress)
        self._also = also  # further algorithms, in the same read
        self._algorithms: dict[bool, tuple[Algorithm, ...]] = {}  # of the payload (True) and of tag files
        self._orders: list[Order] = []
        self._small: dict[bool, list[Any]] = {True: [], False: []}
        self._large: dict[bool, list[Any]] = {True: [], False: []}
        self._documents: list[Any] = []
        self._files = self._size = self._kept = 0

    def __enter__(self) -> Self:
        """Begin."""
        self._readers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._readers.__exit__(kind, error, trace)

    def take(self, files: Mapping[str, int]) -> None:
        """Read these as well: path → size in bytes. The files of the bag's own folder come first."""
        if not self._algorithms:
            self._algorithms = {
                True: tuple(dict.fromkeys((*algorithms_named("manifest-", files), *self._also))),
                False: tuple(dict.fromkeys((*algorithms_named("tagmanifest-", files), *self._also))),
            }
        for path, size in files.items():
            payload = path.startswith("data/")
            if not self._algorithms[payload]:
                continue
            job = self._job(path, size)
            self._files += 1
            self._size += size
            if describes_package(path) and size <= LARGEST_DOCUMENT and self._kept + size <= MOST_DOCUMENTS:
                self._kept += size
                self._documents.append(job)
            elif size >= ORDER_BYTES:
                self._large[payload].append(job)
            else:
                self._small[payload].append(job)
        for payload, jobs in self._small.items():
            if len(jobs) >= ORDER_FILES or sum(job[1] for job in jobs[-ORDER_FILES:]) >= ORDER_BYTES:
                self._order(payload, jobs)
                self._small[payload] = []

    def listed(self) -> None:
        """There are no more files."""
        for payload in (True, False):
            self._order(payload, self._small[payload])
            self._order(payload, self._large[payload], first=True)
        self._order(True, self._documents, head=LARGEST_DOCUMENT)
        self._readers.close()
        self._progress.expect(self._files, self._size)

    def measured(self, contents: BagContents) -> BagContents:
        """The contents with every file measured; what could not be read is added to `unreadable`."""
        found, documents = Measurements(), {}
        unreadable = dict.fromkeys(contents.unreadable)
        for ((_names, head, *_), jobs), results in zip(self._orders, self._readers.results(), strict=True):
            for job, result in zip(jobs, results, strict=True):
                path = self._path(job)
                if result[0] != reading.READ:
                    self._refused(path, result, unreadable)
                    continue
                found.add(path, result[1], result[2], self._algorithms[path.startswith("data/")])
                if head:
                    documents[path] = result[3]
        return replace(contents, measured=found, was_measured=True, unreadable=tuple(unreadable), documents=documents)

    def _job(self, path: str, size: int) -> Any:
        """What a worker is told of one file."""
        return (self._root + os.fsencode(path), size, None, b"")

    def _path(self, job: Any) -> str:
        """The file that a worker was told of."""
        return os.fsdecode(job[0][len(self._root) :])

    def _refused(self, path: str, result: reading.Result, unreadable: dict[tuple[str, str], None]) -> None:
        """Note what could not be read."""
        unreadable[path, refusal(result, Path(os.fsdecode(self._root)) / path).message] = None

    def _order(self, payload: bool, jobs: list[Any], *, head: int = 0, first: bool = False) -> None:
        if jobs:
            orders = orders_of(jobs, manner_of(self._algorithms[payload], head=head), self._workers)
            self._orders += orders
            self._readers.add(orders, first=first)


def algorithms_named(prefix: str, tag_files: Iterable[str]) -> tuple[Algorithm, ...]:
    """The known algorithms of the manifests (`manifest-`) or tag manifests (`tagmanifest-`), by their names."""
    names = sorted(path for path in tag_files if path.startswith(prefix) and path.endswith(".txt") and "/" not in path)
    found = (algorithm_named(name.removeprefix(prefix).removesuffix(".txt")) for name in names)
    return tuple(dict.fromkeys(algorithm for algorithm in found if algorithm is not None))


def describes_package(path: str) -> bool:
    """Whether a payload file is, by its name, an XML document that describes a package of ours."""
    return path == "data/METS.xml" or (path.startswith("data/metadata/") and path.endswith(".xml"))
