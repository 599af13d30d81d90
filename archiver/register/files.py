"""Files of the register: read without following links, written once and synced, locked by flock."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from typing import TYPE_CHECKING

from archiver.errors import DestinationTaken, RecordDamaged, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def storage_error(doing: str, path: Path, error: OSError) -> StorageError:
    """The error for people: what was being done, where, and the system's words."""
    return StorageError(f"{doing} {path} failed: {error.strerror or error}", remedy="mend the cause and run it again")


def read_file(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file of at most `limit` bytes, or None when there is none.

    Raises RecordDamaged when it is no regular file or larger, StorageError when it cannot be read.
    """
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO}:  # a symbolic link; a socket
            raise RecordDamaged(f"{path} is not a regular file; it was not opened") from error
        raise storage_error("reading", path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RecordDamaged(f"{path} is not a regular file; it was not read")
    with os.fdopen(descriptor, "rb") as stream:
        try:
            content = stream.read(limit + 1)
        except OSError as error:
            raise storage_error("reading", path, error) from error
    if len(content) > limit:
        raise RecordDamaged(f"{path} is larger than the limit of {limit} bytes; it was not read")
    return content


def sync(descriptor: int) -> None:
    """Bring a file to the disk itself; raises OSError. Apple's fsync stops at the drive's cache."""
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:  # pragma: no cover  only on macOS
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte, normally by one call; raises OSError, as when the disk is full."""
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])


def create_file(path: Path, content: bytes) -> None:
    """Write a new file and sync it and its folder. Raises OSError, FileExistsError when the name is taken."""
    descriptor = os.open(path, _CREATE | os.O_EXCL, 0o644)
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Hold a shared lock on a file while reading beside it, so that no half-written line is seen. Creates nothing.

    Where there is no such file, or the file system has no locks, reading goes on without.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            descriptor = os.open(path, _READ)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[int]:
    """Hold an exclusive lock on a file that is there; the lock ends with the process, however it ends.

    Raises DestinationTaken when it is held elsewhere and `wait` is false, StorageError when it cannot be had.
    """
    descriptor = _open_locked(path, _CREATE & ~os.O_CREAT, wait=wait)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked_name(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold an exclusive lock by a file made for it, and taken away again at the end. Raises like `locked`."""
    while True:
        descriptor = _open_locked(path, _CREATE, wait=wait)
        # The holder before may have taken the file away after we opened it: then we hold a lock nobody else sees.
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.lstat()):
                break
        os.close(descriptor)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _open_locked(path: Path, flags: int, *, wait: bool) -> int:
    try:
        descriptor = os.open(path, flags, 0o644)
    except OSError as error:
        raise storage_error("locking", path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        os.close(descriptor)
        raise DestinationTaken(f"{path.parent} is in use by another archiver at this moment") from error
    except OSError as error:
        os.close(descriptor)
        raise storage_error("locking", path, error) from error
    return descriptor


def kind_of(path: Path) -> str:
    """What a name stands for, by lstat: "file", "folder", "absent", or "other" (a link or a special file).

    Raises StorageError when that cannot be found out.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "absent"
    except OSError as error:
        raise storage_error("looking at", path, error) from error
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"
