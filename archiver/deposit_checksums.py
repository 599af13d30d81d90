"""The depositor's checksums: lists found in a deposit and lists given, compared with one read of every file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.checksum_lists.comparing import algorithms_needed, compare
from archiver.checksum_lists.entries import LARGEST_LIST
from archiver.checksum_lists.reading import read_list
from archiver.errors import UnreadableInput
from archiver.fixity import measure
from archiver.fixity.readers import Readers, orders_of
from archiver.listing import read_content
from archiver.model.package import SourceFile
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Algorithm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.checksum_list import ChecksumList, Comparison
    from archiver.model.gathered import SortedFile
    from archiver.model.package import Measured

WITNESS = Algorithm.SHA512  # computed besides, and compared again when the package is made


def compare_checksums(
    files: Sequence[SourceFile],
    found: Sequence[SortedFile],
    given: Sequence[Path] = (),
    stated: Sequence[ChecksumList] = (),
    *,
    workers: int = 2,
    progress: Progress = QUIET,
) -> tuple[Comparison | None, dict[str, Measured]]:
    """Compare checksum lists with the files of a deposit, each read once; nothing is read without a list.

    `found` are lists in the deposit, `given` lists that lie elsewhere, `stated` lists made of what METS states. Raises
    UnreadableInput for a given list that cannot be read, and what reading a file of the deposit raises.
    """
    known = [file.name for file in files]
    lists = [*(_read(each.file, each.name, known) for each in found), *(_given(path, known) for path in given), *stated]
    if not lists:
        return None, {}
    algorithms = sorted(algorithms_needed(lists) | {WITNESS}, key=lambda each: each.label)
    progress.say("Comparing the depositor's checksums")
    progress.expect(len(files), sum(file.stamp.size for file in files))
    measured = _measured(files, algorithms, workers, progress)
    return compare(lists, measured), measured


def _measured(
    files: Sequence[SourceFile], algorithms: Sequence[Algorithm], workers: int, progress: Progress
) -> dict[str, Measured]:
    """Every file read once, all algorithms in that read."""
    jobs = [measure.job_of(file) for file in files]
    orders = orders_of(jobs, measure.manner_of(algorithms, head=0), workers)
    found: dict[bytes, Measured] = {}
    with Readers(workers, progress) as readers:
        readers.add(orders)
        for (_manner, order), results in zip(orders, readers.results(), strict=True):
            for job, result in zip(order, results, strict=True):
                found[job[0]] = measure.measured(result, algorithms, Path(os.fsdecode(job[0])))
    return {file.name: found[job[0]] for file, job in zip(files, jobs, strict=True)}


def _read(file: SourceFile, name: str, known: Sequence[str], *, given: bool = False) -> ChecksumList:
    content = read_content(file, LARGEST_LIST) if file.stamp.size <= LARGEST_LIST else b" " * (LARGEST_LIST + 1)
    return read_list(content, name, known=known, given=given)


def _given(path: Path, known: Sequence[str]) -> ChecksumList:
    if path.is_dir():
        raise UnreadableInput(f"{path} is a folder, not a checksum list.", remedy="Name the list itself.")
    return _read(SourceFile(path, str(path), measure.stamp(path)), str(path), known, given=True)
