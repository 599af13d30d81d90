"""What lies in a bag's folder: one look at each entry, no link followed, nothing opened but folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archiver.fixity.measure import failure

Told = Callable[[Mapping[str, int]], None]  # of files: path → size in bytes

DEEPEST = 1000  # folders within folders: beyond it no path could be named to the operating system


@dataclass(slots=True)
class Listing:
    """Paths relative to the bag, `/` between parts; sizes in bytes."""

    payload: dict[str, int] = field(default_factory=dict)
    tag_files: dict[str, int] = field(default_factory=dict)
    specials: list[tuple[str, str]] = field(default_factory=list)  # path, kind of what is neither file nor folder
    folders: list[str] = field(default_factory=list)
    empty_folders: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # path, reason
    linked: list[tuple[str, int]] = field(default_factory=list)  # path, number of names of the same file


def list_folder(root: Path, told: Told = lambda _files: None) -> Listing:
    """The whole tree below `root`, in order of names. Raises UnreadableInput when `root` itself may not be read.

    `told` hears of the regular files of each folder as soon as it is listed, of those of `root` first.
    """
    listing = Listing()
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        folders, files = _list_one(root, prefix, listing)
        told(files)
        waiting.extend(f"{folder}/" for folder in reversed(folders))
    return listing


def _list_one(root: Path, prefix: str, listing: Listing) -> tuple[list[str], dict[str, int]]:
    """List one folder; the folders and the files in it are returned."""
    place = f"{os.fspath(root)}/{prefix}"
    try:
        with os.scandir(place) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        reason = failure(error, Path(place), "reading")
        if not prefix:
            raise reason from error
        listing.unreadable.append((prefix.rstrip("/"), reason.message))
        return [], {}
    if not entries and prefix:
        listing.empty_folders.append(prefix.rstrip("/"))
    files: dict[str, int] = {}
    folders = []
    for entry in entries:
        path = prefix + entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            listing.unreadable.append((path, failure(error, root / path, "reading").message))
            continue
        if stat.S_ISREG(status.st_mode):
            files[path] = status.st_size
            if status.st_nlink > 1:
                listing.linked.append((path, status.st_nlink))
        elif not stat.S_ISDIR(status.st_mode):
            listing.specials.append((path, _kind(status.st_mode)))
        elif path.count("/") >= DEEPEST:
            listing.unreadable.append((path, f"{path}: more than {DEEPEST} folders deep."))
        else:
            folders.append(path)
    (listing.payload if prefix.startswith("data/") else listing.tag_files).update(files)
    listing.folders.extend(folders)
    return folders, files


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "symbolic link", stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")
