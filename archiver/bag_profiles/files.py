"""Where BagIt profiles are found: a file that was named, or a name in the folders of profiles. Never the network."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from archiver.bag_profiles.reader import parse_bag_profile
from archiver.errors import ConfigurationError
from archiver.fixity.measure import chunks, open_regular
from archiver.model.bag_profile import BagProfile

SUFFIX = ".bagit-profile.json"
LARGEST = 1024 * 1024  # bytes of a profile; those in use have a few thousand


def load_bag_profile(named: str | Path, folders: Iterable[Path] = ()) -> BagProfile:
    """Read a profile: a file, or NAME for NAME.bagit-profile.json in the first of the folders that has it.

    Nothing is ever fetched. Raises UnreadableInput, StorageError, or ConfigurationError with every fault of the file.
    """
    places = tuple(folders)
    name = str(named)
    if isinstance(named, Path) or is_file_name(name):
        return _read(Path(named))
    for folder in places:
        path = folder / f"{name}{SUFFIX}"
        if path.is_file():
            return _read(path)
    known = ", ".join(bag_profile_names(places)) or "none"
    raise ConfigurationError(f"There is no BagIt profile {name!r}.", remedy=f"Known are: {known}. Or name a file.")


def is_file_name(name: str) -> bool:
    """Whether what was named is a file, and no name of a profile."""
    return "/" in name or os.sep in name or name.lower().endswith((".json", ".toml"))


def bag_profile_names(folders: Iterable[Path]) -> list[str]:
    """The names of the profiles in the folders, sorted."""
    return sorted({path.name.removesuffix(SUFFIX) for folder in folders for path in folder.glob(f"*{SUFFIX}")})


def read_settings(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file of settings that the user named. Links are followed; no device or pipe is opened.

    Raises UnreadableInput, StorageError, or ConfigurationError when it has more than `largest` bytes.
    """
    descriptor = open_regular(path.resolve())
    content = bytearray()
    try:
        for piece in chunks(descriptor, path):
            content += piece
            if len(content) > largest:
                raise ConfigurationError(f"{path}: too large for a profile: more than {largest:,} bytes.")
    finally:
        os.close(descriptor)
    return bytes(content)


def _read(path: Path) -> BagProfile:
    return parse_bag_profile(read_settings(path), str(path))
