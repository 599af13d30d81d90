"""Hidden work beside the destination, published by one rename.

The hidden folder `.<name>.partial` lies on the destination's own file system. A lock on `.<name>.lock` tells the work
of a live process from the debris of a dead one: the lock ends with its process, however that ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver.errors import DestinationTaken
from archiver.fixity.durability import sync_folder
from archiver.fixity.measure import failure

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1


class Staging:
    """A folder in the making. Leaving the context without `publish` removes it, whatever the reason.

    With `keep`, what an earlier run left is taken up, and what is not published stays for the next.
    """

    def __init__(self, destination: Path, *, keep: bool = False) -> None:
        self.destination = destination
        self._keep = keep
        self.folder = destination.parent / f".{destination.name}.partial"
        self._lock_path = destination.parent / f".{destination.name}.lock"
        self._lock = -1

    def __enter__(self) -> Self:
        """Take the lock, clear what a dead run left, and make the hidden folder.

        Raises DestinationTaken when something stands at the destination or another live process is at it.
        """
        try:
            make_folders(self.destination.parent)
            self.take_lock()
            self._refuse_taken()
            self._make_folder()
        except OSError as error:
            self.release()
            raise failure(error, self.folder, "writing") from error
        except DestinationTaken:
            self.release()
            raise
        except BaseException:  # an interruption, perhaps just after the folder was made
            if self._lock >= 0 and not self._keep:  # without the lock the folder is another run's
                shutil.rmtree(self.folder, ignore_errors=True)
            self.release()
            raise
        return self

    @property
    def lock(self) -> int:
        """The descriptor of the lock: a process that holds it open holds the lock."""
        return self._lock

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not published and is not to be kept, and give the lock back."""
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        for folder, _folders, _files in os.walk(self.folder, topdown=False):  # there is none, unless it is kept
            with contextlib.suppress(OSError):
                Path(folder).rmdir()  # only what is empty goes
        self.release()

    def publish(self) -> None:
        """Put every folder on the disk, give the work its name in one rename, and put that on the disk.

        Raises DestinationTaken when something has come to stand there, StorageError when it cannot be done.
        """
        try:
            for folder, _folders, _files in os.walk(self.folder, topdown=False):
                sync_folder(Path(folder))
            rename_new(self.folder, self.destination)
            self._sync_name(self.folder)
        except OSError as error:
            raise failure(error, self.destination, "writing") from error

    def publish_file(self, file: Path) -> None:
        """Give a file of the hidden folder, on the disk already, its name in one rename. Raises as `publish`."""
        try:
            rename_new(file, self.destination)
            self._sync_name(file)
        except OSError as error:
            raise failure(error, self.destination, "writing") from error

    def clear(self) -> None:
        """Remove what a dead run left beside what it published; nothing while a live run is at it."""
        if not (self._lock_path.exists() or self.folder.exists()):
            return
        with contextlib.suppress(DestinationTaken, OSError):
            self.take_lock()
            shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def _sync_name(self, back: Path) -> None:
        """Put the new name on the disk; when that fails the name is taken back, for it may not outlive a power cut."""
        try:
            sync_folder(self.destination.parent)
        except OSError:
            with contextlib.suppress(OSError):
                rename_new(self.destination, back)
            raise

    def _make_folder(self) -> None:
        if self._keep and self.folder.is_dir() and not self.folder.is_symlink():
            return
        if self.folder.is_symlink() or self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()

    def take_lock(self) -> None:
        """Keep others away from the destination. Raises DestinationTaken when another process is at it, OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        while True:
            lock = os.open(self._lock_path, flags, 0o644)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(lock)  # and nothing more: the file belongs to the run that holds the lock
                raise DestinationTaken(
                    f"Another run is making {self.destination} at this moment; nothing was changed.",
                    remedy="Wait until it has ended.",
                ) from error
            except BaseException:
                os.close(lock)
                raise
            # The run before may have removed the file between our open and our lock: then the lock guards nothing.
            try:
                if os.path.samestat(os.fstat(lock), self._lock_path.lstat()):
                    self._lock = lock
                    return
            except FileNotFoundError:
                pass
            os.close(lock)

    def _refuse_taken(self) -> None:
        if self.destination.is_symlink() or self.destination.exists():
            raise DestinationTaken(
                f"{self.destination} exists; nothing was changed.", remedy="Move it away, or name another place."
            )

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._lock >= 0:
            with contextlib.suppress(OSError):  # a lock file left behind guards nothing, and the next run removes it
                self._lock_path.unlink()
            os.close(self._lock)
            self._lock = -1


def make_folders(folder: Path) -> None:
    """Make a folder and those above it that are missing, each one's name put on the disk. Raises OSError."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        made.mkdir(exist_ok=True)
        sync_folder(made.parent)


def rename_new(old: Path, new: Path) -> None:
    """Rename without ever replacing: by renameat2 where there is one, else after a look. Raises OSError (EEXIST)."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is not None:
        done = renameat2(_AT_FDCWD, os.fsencode(old), _AT_FDCWD, os.fsencode(new), _RENAME_NOREPLACE)
        if done == 0:
            return
        number = ctypes.get_errno()
        if number not in {errno.ENOSYS, errno.EINVAL}:
            raise OSError(number, os.strerror(number), str(new))
    if new.is_symlink() or new.exists():
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
    os.rename(old, new)  # noqa: PTH104  Path.rename would say nothing more
