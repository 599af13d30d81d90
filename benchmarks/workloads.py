"""The three workloads of docs/performance.md, made deterministically: small files, large files, newspapers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Workload:
    """A folder of files: `name`, what it stands for, and how it is made at a given scale (1.0 is the full size)."""

    name: str
    title: str
    make: Callable[[Path, float], None]


def _block(seed: str, size: int) -> bytes:
    """`size` bytes that neither compress nor repeat, from a seed."""
    return hashlib.shake_128(seed.encode()).digest(size)


def _small(root: Path, scale: float) -> None:
    for folder in range(max(1, int(200 * scale))):
        place = root / f"folder-{folder:04}"
        place.mkdir(parents=True)
        for number in range(100):
            (place / f"file-{number:03}.bin").write_bytes(_block(f"small/{folder}/{number}", 4 * KIB))


def _large(root: Path, scale: float) -> None:
    root.mkdir(parents=True, exist_ok=True)
    chunks = [_block(f"large/{index}", 4 * MIB) for index in range(4)]
    for number in range(8):
        with (root / f"scan-{number}.tif").open("wb") as stream:
            for index in range(max(1, int(64 * scale))):
                stream.write(chunks[(index + number) % 4])


def _newspaper(root: Path, scale: float) -> None:
    image = [_block(f"image/{page}", 2 * MIB) for page in range(8)]
    for issue in range(max(1, int(100 * scale))):
        place = root / f"issue-{issue:04}"
        place.mkdir(parents=True)
        mark = f"issue {issue}\n".encode()
        for page in range(8):
            (place / f"{page + 1:04}.tif").write_bytes(mark + image[page][len(mark) :])
            (place / f"{page + 1:04}.xml").write_bytes(_block(f"alto/{issue}/{page}", 60 * KIB))
        (place / "issue.txt").write_bytes(mark + _block(f"text/{issue}", 19 * KIB))


WORKLOADS = (
    Workload("W1", "20,000 files of 4 KiB", _small),
    Workload("W2", "8 files of 256 MiB", _large),
    Workload("W3", "100 issues of 8 images of 2 MiB, 8 XML files of 60 KiB and a text", _newspaper),
)
