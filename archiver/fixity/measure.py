"""The one read: a file's bytes digested, counted and, when asked, copied, in a single pass."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver.errors import ArchiverError, DestinationTaken, SourceChanged, StorageError, UnreadableInput
from archiver.fixity import reading
from archiver.fixity.digests import SIDE_BY_SIDE, checksums, checksums_of
from archiver.model.package import FileStamp, Measured, SourceFile
from archiver.model.values import Algorithm

CHUNK = reading.CHUNK  # bytes read at once
HEAD = 64 * 1024  # bytes kept for identification


def stamp(path: Path) -> FileStamp:
    """What lstat says of a file. Raises UnreadableInput when it is missing, StorageError otherwise."""
    try:
        return _stamp(path.lstat())
    except OSError as error:
        raise failure(error, path, "reading") from error


def measure(
    source: SourceFile, algorithms: Sequence[Algorithm], *, copy_to: Path | None = None, sync: bool = True
) -> Measured:
    """Read a file once: every digest, its size in bytes and its first 64 KiB; with `copy_to`, a copy of it as well.

    The copy is made anew (never over something), with mode 0644, and is on the disk when this returns if `sync`; when
    anything fails, no part of it is left. Raises SourceChanged when the file is not what `source.stamp` says before and
    after, UnreadableInput when it may not be read or is no regular file, StorageError when reading or writing failed.
    """
    if source.content is not None:
        if stamp(source.path) != source.stamp or len(source.content) != source.stamp.size:
            raise _changed(source.path)
        return _take(source.content, algorithms, copy_to, sync)
    manner = manner_of(algorithms, source.stamp.size, sync=sync)
    return measured(reading.read(job_of(source, copy_to), manner), algorithms, source.path)


def measure_here(path: Path, algorithms: Sequence[Algorithm], *, head: int = HEAD) -> Measured:
    """Read a file once as it is: every digest, its size in bytes and its first `head` bytes.

    Raises SourceChanged when it changes while it is read, and what `measure` raises.
    """
    found = SourceFile(path, path.name, stamp(path))
    manner = manner_of(algorithms, found.stamp.size, head=head)
    return measured(reading.read(job_of(found), manner), algorithms, path)


def manner_of(
    algorithms: Sequence[Algorithm], size: int = 0, *, head: int = HEAD, sync: bool = False
) -> reading.Manner:
    """How to read: by these algorithms, a thread for each when `size` bytes are worth it."""
    apart = len(algorithms) > 1 and size >= SIDE_BY_SIDE
    return tuple(algorithm.hashlib_name for algorithm in algorithms), head, sync, apart


def job_of(source: SourceFile, copy_to: Path | str | None = None) -> reading.Job:
    """A file to read, that must be as it was found, and where its copy goes."""
    found = source.stamp
    as_found = (found.device, found.inode, found.size, found.mtime_ns, found.ctime_ns)
    return os.fsencode(source.path), found.size, as_found, os.fsencode(copy_to) if copy_to is not None else b""


def measured(result: reading.Result, algorithms: Sequence[Algorithm], path: Path) -> Measured:
    """What a read found. Raises what `measure` raises when it found nothing."""
    if result[0] != reading.READ:
        raise refusal(result, path)
    _read, size, digests, head = result
    return Measured(size, checksums(algorithms, digests), head)


def refusal(result: reading.Result, path: Path) -> ArchiverError:
    """The exception that says in words what became of a read that found nothing."""
    if result[0] == reading.FAILED:
        _failed, number, doing, where = result
        return failure(OSError(number, os.strerror(number)), Path(os.fsdecode(where)), doing)
    if result[0] == reading.SPECIAL:
        return _special(result[1], path)
    if result[0] == reading.DAMAGED:
        return StorageError(f"{path} is damaged: {result[1]}.", remedy="Take another copy of the archive.")
    return _changed(path)


def write(content: bytes, copy_to: Path, algorithms: Sequence[Algorithm], *, sync: bool = True) -> Measured:
    """Write a new file and measure what was written. Raises DestinationTaken or StorageError."""
    return _take(content, algorithms, copy_to, sync)


def open_regular(path: Path) -> int:
    """A descriptor for reading a regular file. A link is not followed; a pipe or device is never opened.

    Opening some devices does something (a tape rewinds), so its kind is asked first. Should it be replaced meanwhile,
    O_NOFOLLOW and O_NONBLOCK keep the call from going astray. Raises UnreadableInput for anything else and for what may
    not be read, StorageError when opening failed.
    """
    try:
        _refuse_special(os.lstat(path).st_mode, path)
        descriptor = os.open(path, reading.READING)
    except OSError as error:
        raise failure(error, path, "opening") from error
    try:
        _refuse_special(os.fstat(descriptor).st_mode, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_special(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        raise _special(mode, path)


def _special(mode: int, path: Path) -> UnreadableInput:
    if stat.S_ISLNK(mode):
        return UnreadableInput(f"{path} is a symbolic link.", remedy="Put the file itself in its place.")
    return UnreadableInput(f"{path} is not a regular file.", remedy="Take it out of the folder.")


def chunks(descriptor: int, path: Path, expected_size: int = CHUNK) -> Iterator[bytes]:
    """The bytes of an open file, up to 1 MiB at a time; a small `expected_size` (bytes) spares memory, not bytes.

    Raises StorageError when reading fails.
    """
    length = min(CHUNK, expected_size + 1)  # one more than expected tells at once that the file has ended
    while True:
        try:
            chunk = os.read(descriptor, length)
        except OSError as error:
            raise failure(error, path, "reading") from error
        if not chunk:
            return
        yield chunk


def failure(error: OSError, path: Path, doing: str) -> ArchiverError:
    """The exception that says in words what the operating system said by number."""
    words = (error.strerror or str(error)).lower()
    if error.errno in {errno.ENOENT, errno.ENOTDIR} and doing != "writing":
        return UnreadableInput(f"{path}: {words}.", remedy="Check the path and run the command again.")
    if error.errno == errno.ELOOP:
        return UnreadableInput(f"{path} is a symbolic link.", remedy="Put the file itself in its place.")
    if error.errno in {errno.EACCES, errno.EPERM} and doing != "writing":
        return UnreadableInput(f"{path}: {words}.", remedy="Give the account that runs archiver the right to read it.")
    if error.errno == errno.EEXIST:
        return DestinationTaken(f"{path} exists; nothing was changed.")
    remedy = {
        errno.ENOSPC: "Free space on that disk, and run the command again.",
        errno.EDQUOT: "Free space within the quota, and run the command again.",
        errno.EROFS: "Name a folder on a disk that can be written.",
        errno.EMFILE: "Raise the limit of open files (ulimit -n), or run with fewer workers.",
        errno.EACCES: "Give the account that runs archiver the right to write there.",
    }.get(error.errno or 0, "Look at the disk or network, and run the command again.")
    return StorageError(f"{doing.capitalize()} {path} failed: {words}.", remedy=remedy)


def _take(content: bytes, algorithms: Sequence[Algorithm], copy_to: Path | None, sync: bool) -> Measured:
    with _Copy(copy_to, sync) as copy:
        copy.write(content)
    return Measured(len(content), checksums_of(content, algorithms), content[:HEAD])


class _Copy:
    """The copy in the making, if one is wanted. Whole and on the disk when the context ends well; else it is gone."""

    def __init__(self, path: Path | None, sync: bool) -> None:
        self.path, self.sync = path, sync
        self.descriptor = -1

    def __enter__(self) -> Self:
        if self.path is not None:
            self.descriptor = _create(self.path)
        return self

    def write(self, piece: bytes) -> None:
        if self.path is not None:
            _write_all(self.descriptor, piece, self.path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is None:
            return
        try:
            self._finish(self.path, whole=kind is None)
        except BaseException:
            self._discard(self.path)
            raise
        if kind is not None:
            self._discard(self.path)

    def _finish(self, path: Path, *, whole: bool) -> None:
        descriptor, self.descriptor = self.descriptor, -1
        try:
            try:
                if whole and self.sync:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)  # some file systems say only now that the bytes could not be kept
        except OSError as error:
            if whole:
                raise failure(error, path, "writing") from error

    def _discard(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()


def _create(path: Path) -> int:
    try:
        return os.open(path, reading.WRITING, 0o644)
    except OSError as error:
        raise failure(error, path, "writing") from error


def _write_all(descriptor: int, piece: bytes, path: Path) -> None:
    view = memoryview(piece)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except OSError as error:
            raise failure(error, path, "writing") from error


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _changed(path: Path) -> SourceChanged:
    return SourceChanged(
        f"{path} changed while it was read.", remedy="Wait until nothing writes to the deposit, then run again."
    )
