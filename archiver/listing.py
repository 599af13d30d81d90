"""What lies in a deposit: every entry by lstat, links and special files named and never opened."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import SourceChanged, StorageError, UnreadableInput
from archiver.model.package import FileStamp, SourceFile
from archiver.model.transcript import Entry, EntryKind

JUNK_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".Spotlight-V100", ".Trashes", ".fseventsd"})
DEEPEST = 64  # folders within folders


@dataclass(frozen=True, slots=True)
class Listing:
    """Every entry of a deposit in order of names, the regular files among them, and what may not be read."""

    entries: tuple[Entry, ...]
    files: tuple[SourceFile, ...]
    is_folder: bool = True  # or a single entry, itself named as the deposit


def list_deposit(root: Path) -> Listing:
    """List a file or folder without opening any file.

    Raises UnreadableInput, naming every entry concerned, when something is missing or may not be read.
    """
    try:
        status = root.lstat()
    except OSError as error:
        raise UnreadableInput(
            f"{root}: {_words(error)}.", remedy="Check the path and name the deposit again."
        ) from error
    entries: list[Entry] = []
    files: list[SourceFile] = []
    refused: list[str] = []
    if stat.S_ISDIR(status.st_mode):
        _walk(root, "", 0, entries, files, refused)
    else:
        _note(root, root.name, status, entries, files, refused)
    if refused:
        raise UnreadableInput(
            f"{root}: {len(refused)} of its entries may not be read: {'; '.join(refused)}.",
            remedy="Give the account that runs archiver the right to read them, and run the command again.",
        )
    return Listing(tuple(entries), tuple(files), stat.S_ISDIR(status.st_mode))


def read_content(file: SourceFile, limit: int) -> bytes:
    """All bytes of a regular file of at most `limit` bytes.

    Raises SourceChanged when it changed since it was listed or while it was read, StorageError when reading failed.
    """
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            before = stamp_of(os.fstat(stream.fileno()))
            content = stream.read(limit + 1) if before == file.stamp else b""
            after = stamp_of(os.fstat(stream.fileno()))
    except OSError as error:
        raise StorageError(f"{file.path}: reading failed: {_words(error)}.") from error
    if before != file.stamp or after != before or len(content) != before.size:
        raise SourceChanged(
            f"{file.path} changed while it was read.",
            remedy="Wait until nothing writes to the deposit, then run again.",
        )
    return content


def stamp_of(status: os.stat_result) -> FileStamp:
    """The stamp of a stat result."""
    return FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _walk(
    folder: Path, prefix: str, depth: int, entries: list[Entry], files: list[SourceFile], refused: list[str]
) -> None:
    if depth > DEEPEST:
        raise UnreadableInput(f"{folder}: folders lie more than {DEEPEST} deep.", remedy="Flatten the deposit.")
    try:
        with os.scandir(folder) as found:
            names = sorted(entry.name for entry in found)
    except OSError as error:
        refused.append(f"{prefix or '.'} ({_words(error)})")
        return
    if prefix:
        entries.append(Entry(prefix.rstrip("/"), EntryKind.FOLDER if names else EntryKind.EMPTY_FOLDER))
    for name in names:
        path = folder / name
        try:
            status = path.lstat()
        except OSError as error:
            refused.append(f"{prefix}{name} ({_words(error)})")
            continue
        if stat.S_ISDIR(status.st_mode) and name not in JUNK_NAMES:
            _walk(path, f"{prefix}{name}/", depth + 1, entries, files, refused)
        else:
            _note(path, prefix + name, status, entries, files, refused)


def _note(
    path: Path, name: str, status: os.stat_result, entries: list[Entry], files: list[SourceFile], refused: list[str]
) -> None:
    kind = _kind(name, status.st_mode)
    entries.append(Entry(name, kind, status.st_size, status.st_nlink, (status.st_dev, status.st_ino)))
    if kind is not EntryKind.FILE:
        return
    if not os.access(path, os.R_OK):
        refused.append(f"{name} (permission denied)")
    files.append(SourceFile(path, name, stamp_of(status)))


def _kind(name: str, mode: int) -> EntryKind:
    base = name.rsplit("/", 1)[-1]
    if stat.S_ISLNK(mode):
        return EntryKind.LINK
    if stat.S_ISFIFO(mode):
        return EntryKind.FIFO
    if stat.S_ISSOCK(mode):
        return EntryKind.SOCKET
    if stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
        return EntryKind.DEVICE
    if base in JUNK_NAMES or base.startswith("._"):
        return EntryKind.JUNK
    return EntryKind.FILE


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
