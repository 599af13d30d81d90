"""An archive unpacked into a folder of our own: files and folders only, within limits, nothing outside of it.

An archive that is made to harm is not unpacked at all; from one that is damaged, what could be read is there, and the
faults say what is not.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.archives.opening import Archive, MemberDamaged
from archiver.errors import StorageError
from archiver.model.archive import UNREADABLE, ArchiveTrouble, Limits, MemberKind
from archiver.model.progress import QUIET, Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archiver.model.archive import ArchiveFault, ArchiveKind, Member

_LIMITS = Limits(members=500_000, size=4 * 1024**4)
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/container.xml")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of an archive: its kind, files with their bytes in all, and what is wrong with it."""

    kind: ArchiveKind
    files: int
    size: int
    faults: tuple[ArchiveFault, ...]


def holds_files(path: Path) -> bool:
    """Whether an archive is one of files, not a document that is stored as one (DOCX, XLSX, ODF, EPUB)."""
    with Archive(path) as archive:
        if archive.kind.is_stream or archive.kind.suffix != "zip":
            return True
        return not any(member.path in _OFFICE for member in archive.members())


def unpack(path: Path, folder: Path, *, progress: Progress = QUIET) -> Unpacked:
    """Unpack an archive into an empty folder. Every byte is compared with what the archive says of it.

    Files get the time of the archive, so that unpacking again makes the same. Raises UnreadableInput when it is no
    archive, StorageError when reading or writing failed, or when the disk has not the room.
    """
    stamp = path.lstat().st_mtime_ns
    with Archive(path, _LIMITS) as archive:
        files = size = 0
        for member, pieces in _content(archive, folder, progress):
            written = _write(folder, member, pieces, archive, stamp)
            files += written >= 0
            size += max(written, 0)
            progress.advance(1, max(written, 0))
        return Unpacked(archive.kind, files, size, archive.faults.all())


def _content(archive: Archive, folder: Path, progress: Progress) -> Iterator[tuple[Member, Iterable[bytes]]]:
    """Every member with its bytes; none when the archive is made to harm."""
    if archive.kind.is_stream:
        for member, pieces in archive.stream():
            if _is_harmful(archive):
                return
            yield member, pieces
        return
    members = archive.members()
    if _is_harmful(archive):
        return
    total = sum(member.size for member in members)
    free = shutil.disk_usage(folder).free
    if total > free:
        raise StorageError(
            f"{archive.path} holds {total:,} bytes; {folder} has room for {free:,}.",
            remedy="Set TMPDIR to a folder on a larger disk, or unpack the archive yourself and name the folder.",
        )
    progress.expect(len(members), total)
    for member in members:
        yield member, archive.pieces(member)


def _is_harmful(archive: Archive) -> bool:
    return any(fault.trouble in UNREADABLE for fault in archive.faults.all())


def _write(folder: Path, member: Member, pieces: Iterable[bytes], archive: Archive, stamp: int) -> int:
    """Write one member; how many bytes, -1 when nothing was written for it."""
    parts = member.path.rstrip("/").split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\0" in member.path:
        return -1  # the archive's faults say so
    target = folder.joinpath(*parts)
    if member.kind is MemberKind.FOLDER:
        target.mkdir(parents=True, exist_ok=True)
        return -1
    if member.kind is not MemberKind.FILE:
        return -1
    size = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, _NEW, 0o600)
    except FileExistsError:
        return -1
    except OSError as error:
        raise StorageError(f"{target}: unpacking failed: {(error.strerror or str(error)).lower()}.") from error
    with os.fdopen(descriptor, "wb") as file:
        try:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
        except MemberDamaged as damage:
            archive.faults.add(ArchiveTrouble.DAMAGED, member.path, damage.message)
        except OSError as error:
            raise StorageError(f"{target}: unpacking failed: {(error.strerror or str(error)).lower()}.") from error
    with contextlib.suppress(OSError):
        os.utime(target, ns=(stamp, stamp))
    return size
