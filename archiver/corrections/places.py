"""Where corrections lie: beside a deposit, never in it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from archiver.corrections.reading import read_corrections, too_large
from archiver.errors import ConfigurationError, UnreadableInput
from archiver.listing import list_deposit, read_content
from archiver.model.corrections import ENDING, LARGEST, SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.corrections import Corrections


def find(source: Path) -> Path | None:
    """The corrections file of a deposit: one of its own, else the one of its folder; None when there is neither.

    For `incoming/a.txt` these are `a.txt.corrections.toml`, `a.corrections.toml` and `corrections.toml` in `incoming/`.
    What lies within a deposit is part of it and is not looked at. Raises ConfigurationError when a deposit has two of
    its own, or what is found is no regular file.
    """
    place = source.absolute()
    if place.name in {"", ".."} or ".." in place.parts:
        place = place.resolve()
    own = [place.with_name(name) for name in _own_names(place)] if place.name else []
    found = [path for path in own if path != place and _stands(path)]
    if len(found) > 1:
        raise ConfigurationError(
            f"{source} has two corrections files, {found[0].name} and {found[1].name}.",
            remedy="Put the corrections of both into one, or name one with --corrections.",
        )
    shared = place.parent / SHARED
    if not found and place.name and shared != place and _stands(shared):
        found = [shared]
    if not found:
        return None
    if not stat.S_ISREG(found[0].lstat().st_mode):
        raise ConfigurationError(f"{found[0]} is no regular file; corrections are read from regular files only.")
    return found[0]


def load(path: Path) -> Corrections:
    """Read a corrections file; what is wrong with it is in its `problems`.

    Raises UnreadableInput when it is missing, no regular file, or may not be read; SourceChanged and StorageError.
    """
    files = list_deposit(path).files
    if len(files) != 1 or path.is_dir():
        raise UnreadableInput(f"{path} is no regular file; corrections are read from regular files only.")
    size = files[0].stamp.size
    return too_large(path, size) if size > LARGEST else read_corrections(read_content(files[0], LARGEST), path)


def _own_names(place: Path) -> list[str]:
    """Names that the corrections of one deposit may have; of a file, its ending may be left out."""
    stem = "" if place.is_dir() else place.name.rpartition(".")[0]
    return [f"{each}{ENDING}" for each in dict.fromkeys((place.name, stem, stem.removesuffix(".tar"))) if each]


def _stands(path: Path) -> bool:
    return path.is_symlink() or path.exists()
