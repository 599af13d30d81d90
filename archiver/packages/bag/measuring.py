"""Every file of a bag digested once, by several threads, by the algorithms that its manifests need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archiver.errors import ArchiverError
from archiver.executors import ordered_map
from archiver.fixity.measure import measure_here
from archiver.model.bag import BagContents, Manifest
from archiver.model.package import Measured
from archiver.model.values import Algorithm

BATCH_FILES = 64  # small files digested in one go, so that handing them to threads costs little
BATCH_BYTES = 4 * 1024 * 1024
_HEAD = 512  # bytes kept of each file

Job = tuple[str, tuple[Algorithm, ...]]


def measured(contents: BagContents, workers: int) -> BagContents:
    """The contents with every file measured; what could not be read is added to `unreadable`."""
    payload, tags = _algorithms(contents.manifests), _algorithms(contents.tag_manifests)
    sizes = [(path, size, payload) for path, size in contents.payload.items() if payload]
    sizes += [(path, size, tags) for path, size in contents.tag_files.items() if tags]
    found: dict[str, Measured] = {}
    unreadable = dict.fromkeys(contents.unreadable)
    root = contents.path
    for part in ordered_map(lambda batch: _digest_batch(root, batch), _batches(sizes), workers=workers):
        for path, result in part:
            if isinstance(result, Measured):
                found[path] = result
            else:
                unreadable[path, result] = None
    return replace(contents, measured=found, was_measured=True, unreadable=tuple(unreadable))


def _batches(sizes: Sequence[tuple[str, int, tuple[Algorithm, ...]]]) -> list[list[Job]]:
    """Jobs in batches of like cost, the large files first, so that no thread ends long after the others."""
    order = sorted(range(len(sizes)), key=lambda index: -sizes[index][1])
    large = [index for index in order if sizes[index][1] >= BATCH_BYTES]
    batches: list[list[Job]] = [[(sizes[index][0], sizes[index][2])] for index in large]
    batch: list[Job] = []
    bytes_in_batch = 0
    for path, size, algorithms in sizes:
        if size >= BATCH_BYTES:
            continue
        batch.append((path, algorithms))
        bytes_in_batch += size
        if len(batch) >= BATCH_FILES or bytes_in_batch >= BATCH_BYTES:
            batches.append(batch)
            batch, bytes_in_batch = [], 0
    return [*batches, batch] if batch else batches


def _digest_batch(root: Path, batch: Sequence[Job]) -> list[tuple[str, Measured | str]]:
    results: list[tuple[str, Measured | str]] = []
    for path, algorithms in batch:
        try:
            results.append((path, measure_here(root / path, algorithms, head=_HEAD)))
        except ArchiverError as error:
            results.append((path, error.message))
    return results


def _algorithms(manifests: Sequence[Manifest]) -> tuple[Algorithm, ...]:
    return tuple(dict.fromkeys(manifest.algorithm for manifest in manifests if manifest.algorithm is not None))
