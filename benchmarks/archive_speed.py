"""How fast bags are written into archives and validated in them, side by side with bdbag and with our own folders.

    python benchmarks/archive_speed.py [--scale 0.1] [--rounds 5] [--folder /dev/shm]

Each figure is the median of the rounds. bdbag is left out where it is not installed: it makes a bag in place, archives
it, and unpacks it again to validate it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import contenders
from workloads import WORKLOADS


def _ours(source: Path, spare: Path, suffix: str) -> float:
    archive = spare / f"ours.{suffix}"
    archive.unlink(missing_ok=True)
    return contenders.wall(contenders.archiver("bag", source, "-o", archive, "--output", spare / "report"))


def _validated(path: Path, spare: Path) -> float:
    return contenders.wall(contenders.archiver("validate", path, "--output", spare / "report"))


def races(source: Path, bag: Path, spare: Path) -> dict[str, Callable[[], float | None]]:
    """Contenders by name; each returns the seconds it took, or None where it is not installed."""
    return {
        "folder → verified bag: archiver": lambda: _folder(source, spare),
        "folder → verified zip: archiver": lambda: _ours(source, spare, "zip"),
        "folder → verified tar: archiver": lambda: _ours(source, spare, "tar"),
        "folder → bag → zip: bdbag": lambda: contenders.bdbag_archive(source, spare / "theirs", "zip"),
        "folder → bag → tar: bdbag": lambda: contenders.bdbag_archive(source, spare / "theirs", "tar"),
        "validate the folder: archiver": lambda: _validated(bag, spare),
        "validate the zip: archiver": lambda: _validated(spare / "ours.zip", spare),
        "validate the tar: archiver": lambda: _validated(spare / "ours.tar", spare),
    }


def _folder(source: Path, spare: Path) -> float:
    shutil.rmtree(spare / "folder", ignore_errors=True)
    return contenders.wall(contenders.archiver("bag", source, "-o", spare / "folder", "--output", spare / "report"))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.05, help="part of the full size")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to work; a RAM disk shows the program alone")
    parser.add_argument("--workload", choices=[workload.name for workload in WORKLOADS], action="append")
    arguments = parser.parse_args()
    for workload in WORKLOADS:
        if arguments.workload is not None and workload.name not in arguments.workload:
            continue
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            source, bag, spare = Path(folder) / "source", Path(folder) / "bag", Path(folder) / "spare"
            spare.mkdir()
            workload.make(source, arguments.scale)
            contenders.wall(contenders.archiver("bag", source, "-o", bag, "--output", spare / "report"))
            found: dict[str, list[float]] = {}
            for _round in range(arguments.rounds):
                for name, race in races(source, bag, spare).items():
                    if (seconds := race()) is not None:
                        found.setdefault(name, []).append(seconds)
        medians = {name: statistics.median(times) for name, times in found.items()}
        folder_median = medians["validate the folder: archiver"]
        print(f"\n{workload.name} ({workload.title}, scale {arguments.scale}), {arguments.rounds} rounds")
        for name, median in medians.items():
            print(f"  {name:<42} {median:8.3f} s  {median / folder_median:6.2f} × validating the folder")


if __name__ == "__main__":
    main()
