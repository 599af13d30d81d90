"""Packages as the register sees them: whether one is where a record says, and what its seal is now."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.model.register import PackageFacts, PackageStatement
from archiver.model.values import Algorithm, Checksum, PackagePath
from archiver.register.files import kind_of, read_file, storage_error

if TYPE_CHECKING:
    from pathlib import Path

_TAG_MANIFEST_LIMIT = 256 * 1024 * 1024  # bytes
_DECLARATION = "bagit.txt"


def look_for(workspace: Path, stated: PackageStatement, line: int) -> PackageFacts:
    """Look for a package where it is said to be, and compute its seal from its tag manifest. Raises nothing."""
    try:
        checksum = _checksum(stated.seal)
    except ValueError:
        return PackageFacts(stated, line, problem=f"the event states no seal that can be compared: {stated.seal!r}")
    if not stated.place.startswith("/"):
        try:
            PackagePath(stated.place)
        except ValueError:
            return PackageFacts(stated, line, problem="the place stated leaves the workspace; it was not looked at")
    folder = workspace / stated.place
    try:
        kind = kind_of(folder)
        if kind != "folder":
            what = "nothing is there" if kind == "absent" else "there is no folder, but something else"
            return PackageFacts(stated, line, problem=what)
        content = read_file(folder / f"tagmanifest-{checksum.algorithm_name}.txt", _TAG_MANIFEST_LIMIT)
    except CouldNotFindOut as error:
        return PackageFacts(stated, line, unknown=error.message)
    if content is None:
        problem = f"the package has no tagmanifest-{checksum.algorithm_name}.txt"
        return PackageFacts(stated, line, problem=problem)
    digest = hashlib.new(checksum.algorithm.hashlib_name, content, usedforsecurity=False).hexdigest()
    return PackageFacts(stated, line, seal=f"{checksum.algorithm_name}:{digest}")


def find_packages(folder: Path) -> tuple[Path, ...]:
    """The packages directly in `folder`, by name: visible folders with a bag declaration. Raises StorageError."""
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise storage_error("listing", folder, error) from error
    folders = (folder / name for name in names)
    return tuple(path for path in folders if kind_of(path) == "folder" and kind_of(path / _DECLARATION) == "file")


def _checksum(seal: str) -> Checksum:
    name, _, hexdigest = seal.partition(":")
    return Checksum.of(Algorithm(name), hexdigest)
