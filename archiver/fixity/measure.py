"""The one read: a file's bytes digested, counted and, when asked, copied, in a single pass."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.errors import ArchiverError, DestinationTaken, SourceChanged, StorageError, UnreadableInput
from archiver.model.package import FileStamp, Measured, SourceFile
from archiver.model.values import Algorithm, Checksum

CHUNK = 1 << 20  # bytes read at once: large enough that hashlib releases the interpreter, small enough for caches
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

    The copy is made anew (never over something), with mode 0644, and is on the disk when this returns if `sync`.
    Raises SourceChanged when the file is not what `source.stamp` says before and after, UnreadableInput when it may
    not be read or is no regular file, StorageError when reading or writing failed.
    """
    if source.content is not None:
        measured = _take(iter([source.content]), algorithms, copy_to, sync)
        if stamp(source.path) != source.stamp:
            raise _changed(source.path)
        return measured
    descriptor = open_regular(source.path)
    try:
        if _stamp(os.fstat(descriptor)) != source.stamp:
            raise _changed(source.path)
        measured = _take(chunks(descriptor, source.path), algorithms, copy_to, sync)
        if _stamp(os.fstat(descriptor)) != source.stamp or measured.size != source.stamp.size:
            raise _changed(source.path)
    finally:
        os.close(descriptor)
    return measured


def write(content: bytes, copy_to: Path, algorithms: Sequence[Algorithm], *, sync: bool = True) -> Measured:
    """Write a new file and measure what was written. Raises DestinationTaken or StorageError."""
    return _take(iter([content]), algorithms, copy_to, sync)


def open_regular(path: Path) -> int:
    """A descriptor for reading a regular file; a link is not followed, a pipe not waited for.

    Raises UnreadableInput for anything else and for what may not be read, StorageError when opening failed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise failure(error, path, "opening") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableInput(f"{path} is not a regular file.", remedy="Take it out of the folder.")
    return descriptor


def chunks(descriptor: int, path: Path) -> Iterator[bytes]:
    """The bytes of an open file, up to 1 MiB at a time. Raises StorageError when reading fails."""
    while True:
        try:
            chunk = os.read(descriptor, CHUNK)
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
        errno.EACCES: "Give the account that runs archiver the right to write there.",
    }.get(error.errno or 0, "Look at the disk or network, and run the command again.")
    return StorageError(f"{doing.capitalize()} {path} failed: {words}.", remedy=remedy)


def _take(pieces: Iterator[bytes], algorithms: Sequence[Algorithm], copy_to: Path | None, sync: bool) -> Measured:
    digests = [(algorithm, hashlib.new(algorithm.hashlib_name, usedforsecurity=False)) for algorithm in algorithms]
    out = _create(copy_to) if copy_to is not None else None
    size, head = 0, b""
    try:
        for piece in pieces:
            for _algorithm, digest in digests:
                digest.update(piece)
            if len(head) < HEAD:
                head += piece[: HEAD - len(head)]
            size += len(piece)
            if out is not None and copy_to is not None:
                _write_all(out, piece, copy_to)
        if out is not None and copy_to is not None and sync:
            _sync(out, copy_to)
    finally:
        if out is not None:
            os.close(out)
    checksums = tuple(Checksum(algorithm.value, digest.hexdigest()) for algorithm, digest in digests)
    return Measured(size, checksums, head)


def _create(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise failure(error, path, "writing") from error


def _write_all(descriptor: int, piece: bytes, path: Path) -> None:
    view = memoryview(piece)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except OSError as error:
            raise failure(error, path, "writing") from error


def _sync(descriptor: int, path: Path) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise failure(error, path, "writing") from error


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _changed(path: Path) -> SourceChanged:
    return SourceChanged(
        f"{path} changed while it was read.", remedy="Wait until nothing writes to the deposit, then run again."
    )
