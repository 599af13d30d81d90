"""Bags made by bagit-python, and shipments of them, for tests of targets."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import bagit

from archiver.model.package import Seal, SealedBag
from archiver.model.progress import QUIET
from archiver.model.shipment import Destination, Dispatch, Sender, Shipment, ShippedFile
from archiver.model.values import Algorithm, Checksum, PackagePath

logging.getLogger("bagit").setLevel(logging.CRITICAL)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DISPATCH = Dispatch(NOW, Sender("Archive of Qinghe", "mailto:archive@example.org"), QUIET)
FILES: Mapping[str, bytes] = {
    "original/0001.txt": b"one\n",
    "original/0002.txt": b"two\n",
    "reading/0001.txt": b"one\n",
}


def make_bag(path: Path, files: Mapping[str, bytes] = FILES, algorithms: Iterable[str] = ("sha512", "sha256")) -> Path:
    if path.exists():
        shutil.rmtree(path)
    for name, content in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    bagit.make_bag(str(path), bag_info={"Bagging-Date": "2026-01-02"}, checksums=list(algorithms))
    return path


def shipment(bag: Path, seal: Algorithm = Algorithm.SHA512) -> Shipment:
    """A shipment measured here, with hashlib alone."""
    files = []
    for path in sorted(item for item in bag.rglob("*") if item.is_file()):
        content = path.read_bytes()
        sums = [
            Checksum.of(algorithm, hashlib.new(algorithm.value, content).hexdigest())
            for algorithm in (Algorithm.SHA512, Algorithm.SHA256)
        ]
        files.append(ShippedFile(PackagePath(path.relative_to(bag).as_posix()), len(content), tuple(sums)))
    sealed = hashlib.new(seal.value, (bag / f"tagmanifest-{seal.value}.txt").read_bytes()).hexdigest()
    ordered = tuple(sorted(files, key=lambda file: file.path))
    return Shipment(SealedBag(bag, bag.name, Seal(Checksum.of(seal, sealed)), 3, 12), ordered)


def destination(kind: str, place: Path, **options: str) -> Destination:
    return Destination(f"{kind}:{place}", kind, str(place), options)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every entry below a folder: bytes of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
