"""How fast bags are made and validated, as ratios of wall time measured side by side in one run.

    python benchmarks/bag_speed.py [--scale 0.1] [--rounds 5] [--folder /dev/shm] [--algorithms sha512+sha256]

Each round times every contender once, in turn, so that a change of the machine's mood meets all of them. Each figure is
the median of the rounds; × is the ratio to the bare two-thread reader of the same files.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import contenders
from workloads import WORKLOADS, Workload


def races(source: Path, bag: Path, spare: Path, algorithms: str) -> dict[str, Callable[[], float | None]]:
    """Contenders by name; each returns the seconds it took."""
    named = [part for name in algorithms.split("+") for part in ("--algorithm", name)]

    def ours(*words: str | Path) -> float:
        return contenders.wall(contenders.archiver(*words, "--output", spare / "report"))

    def make() -> float:
        shutil.rmtree(spare / "ours", ignore_errors=True)
        return contenders.wall(
            contenders.archiver("bag", source, "-o", spare / "ours", *named, "--output", spare / "report")
        )

    return {
        "limit: two threads, read and digest": lambda: contenders.limit(bag / "data", algorithms),
        "validate: archiver": lambda: contenders.wall(
            contenders.archiver("validate", bag, "--output", spare / "report")
        ),
        "validate: bagit-python, 1 process": lambda: contenders.bagit_validate(bag, 1),
        "validate: bagit-python, 2 processes": lambda: contenders.bagit_validate(bag, 2),
        "validate: bdbag": lambda: contenders.bdbag_validate(bag),
        "bag elsewhere, verified: archiver": make,
        "bag elsewhere, verified: cp, bagit-python, 1 process": lambda: contenders.bagit_chain(
            source, spare / "theirs", algorithms, 1
        ),
        "bag elsewhere, verified: cp, bagit-python, 2 processes": lambda: contenders.bagit_chain(
            source, spare / "theirs", algorithms, 2
        ),
        "copy and sha512sum: cp, xargs -P2": lambda: contenders.shell_chain(source, spare / "shell"),
    }


def measure(workload: Workload, folder: Path, scale: float, rounds: int, algorithms: str) -> None:
    """Time every contender on one workload and print the table."""
    source, bag, spare = folder / "source", folder / "bag", folder / "spare"
    for place in (source, bag, spare):
        shutil.rmtree(place, ignore_errors=True)
    spare.mkdir(parents=True)
    workload.make(source, scale)
    named = [part for name in algorithms.split("+") for part in ("--algorithm", name)]
    contenders.wall(contenders.archiver("bag", source, "-o", bag, *named, "--output", spare / "report"))
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, race in races(source, bag, spare, algorithms).items():
            if (seconds := race()) is not None:
                found.setdefault(name, []).append(seconds)
    limit = statistics.median(found["limit: two threads, read and digest"])
    print(f"\n{workload.name} ({workload.title}, scale {scale}), {algorithms}, {rounds} rounds in {folder}")
    for name, times in found.items():
        median = statistics.median(times)
        print(f"  {name:<58} {median:8.3f} s  {median / limit:6.2f} ×")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.05, help="part of the full size")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to work; a RAM disk shows the program alone")
    parser.add_argument("--algorithms", default="sha512+sha256")
    parser.add_argument("--workload", choices=[workload.name for workload in WORKLOADS], action="append")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for workload in WORKLOADS:
            if arguments.workload is None or workload.name in arguments.workload:
                measure(workload, Path(folder), arguments.scale, arguments.rounds, arguments.algorithms)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
