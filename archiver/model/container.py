"""What a deposit came in: an archive that was unpacked, a bag that was verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.archive import ArchiveFault, ArchiveKind
    from archiver.model.package import Measured


@dataclass(frozen=True, slots=True)
class Container:
    """An archive as deposited: its size and SHA-512, the files that came out of it and their bytes, its faults."""

    path: Path
    kind: ArchiveKind
    measured: Measured
    files: int
    size: int
    faults: tuple[ArchiveFault, ...] = ()


@dataclass(frozen=True, slots=True)
class UnpackedDeposit:
    """What the rules for archives as deposits judge."""

    container: Container


@dataclass(frozen=True, slots=True)
class DepositedBag:
    """A bag as deposited: its bag-info in order, its manifests by name, and its tag files with their bytes."""

    name: str
    version: str
    info: tuple[tuple[str, str], ...]
    manifests: tuple[str, ...]
    files: int
    tag_files: tuple[tuple[str, bytes], ...]
