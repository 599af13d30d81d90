"""Every file of a bag digested once, by the algorithms that its manifests need, while its tag files are read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver.fixity import reading
from archiver.fixity.measure import manner_of, refusal
from archiver.fixity.readers import Order, Readers, orders_of
from archiver.model.bag import BagContents
from archiver.model.measurements import Measurements
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Algorithm
from archiver.packages.bag.manifests import algorithm_named

LARGEST_DOCUMENT = 64 * 1024 * 1024  # bytes of an XML document that is kept for the rules that read it
MOST_DOCUMENTS = 128 * 1024 * 1024  # bytes of all of them


class Measuring:
    """A bag being measured, from the moment the context is entered until `measured`.

    The names of the manifests tell the algorithms, so the files can be read while the manifests are.
    """

    def __init__(
        self,
        root: Path,
        payload: Mapping[str, int],
        tag_files: Mapping[str, int],
        workers: int,
        progress: Progress = QUIET,
    ) -> None:
        self._root = root
        self._kept = _documents(payload)
        self._algorithms: dict[tuple[str, ...], tuple[Algorithm, ...]] = {}
        self._orders: list[Order] = []
        for prefix, files in (("manifest-", payload), ("tagmanifest-", tag_files)):
            algorithms = algorithms_named(prefix, tag_files)
            if algorithms:
                self._add([path for path in files if path not in self._kept], files, algorithms, 0, workers)
        if payload_algorithms := algorithms_named("manifest-", tag_files):
            self._add(self._kept, payload, payload_algorithms, LARGEST_DOCUMENT, 1)
        jobs = [job for _manner, order in self._orders for job in order]
        progress.expect(len(jobs), sum(job[1] for job in jobs))
        self._readers = Readers(self._orders, workers, progress)

    def __enter__(self) -> Self:
        """Begin to read."""
        self._readers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._readers.__exit__(kind, error, trace)

    def measured(self, contents: BagContents) -> BagContents:
        """The contents with every file measured; what could not be read is added to `unreadable`."""
        found, documents = Measurements(), {}
        unreadable = dict.fromkeys(contents.unreadable)
        start = len(os.fsencode(self._root)) + 1
        for (manner, jobs), results in zip(self._orders, self._readers.results(), strict=True):
            algorithms = self._algorithms[manner[0]]
            for job, result in zip(jobs, results, strict=True):
                path = os.fsdecode(job[0][start:])
                if result[0] != reading.READ:
                    unreadable[path, refusal(result, self._root / path).message] = None
                    continue
                found.add(path, result[1], result[2], algorithms)
                if path in self._kept:
                    documents[path] = result[3]
        return replace(contents, measured=found, was_measured=True, unreadable=tuple(unreadable), documents=documents)

    def _add(
        self, paths: Iterable[str], sizes: Mapping[str, int], algorithms: tuple[Algorithm, ...], head: int, workers: int
    ) -> None:
        self._algorithms[manner_of(algorithms)[0]] = algorithms
        root = os.fsencode(self._root) + b"/"
        jobs: list[reading.Job] = [(root + os.fsencode(path), sizes[path], None, b"") for path in paths]
        self._orders += orders_of(jobs, manner_of(algorithms, head=head), workers)


def algorithms_named(prefix: str, tag_files: Iterable[str]) -> tuple[Algorithm, ...]:
    """The known algorithms of the manifests (`manifest-`) or tag manifests (`tagmanifest-`), by their names."""
    names = sorted(path for path in tag_files if path.startswith(prefix) and path.endswith(".txt") and "/" not in path)
    found = (algorithm_named(name.removeprefix(prefix).removesuffix(".txt")) for name in names)
    return tuple(dict.fromkeys(algorithm for algorithm in found if algorithm is not None))


def describes_package(path: str) -> bool:
    """Whether a payload file is, by its name, an XML document that describes a package of ours."""
    return path == "data/METS.xml" or (path.startswith("data/metadata/") and path.endswith(".xml"))


def _documents(payload: Mapping[str, int]) -> dict[str, int]:
    """The XML documents that describe one of our packages, with their sizes, as many as are kept."""
    kept: dict[str, int] = {}
    total = 0
    for path, size in payload.items():
        if describes_package(path) and size <= LARGEST_DOCUMENT and total + size <= MOST_DOCUMENTS:
            kept[path] = size
            total += size
    return kept
