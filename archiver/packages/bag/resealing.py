"""A bag given other tag files in place, no payload byte copied: at every moment its name stands for a whole bag.

A second folder is made, hidden beside the bag: every file that stays is a further name (a hard link) of the very file,
tag files that change are written anew. Then the two folders exchange their names in one step, and the older one is
taken away. Where names cannot be exchanged, two renames do it; where files cannot have two names, the payload folder
moves from the one to the other. Then there is a moment without a bag of that name, never one with a wrong bag; the next
run puts back what it finds so, and begins anew.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import os
import re
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archiver.errors import CouldNotFindOut, SourceChanged
from archiver.fixity import measure
from archiver.fixity.durability import sync_folder
from archiver.fixity.staging import Staging, rename_new
from archiver.model.package import SourceFile
from archiver.model.update import EVENTS
from archiver.packages.bag.exchanging import exchange
from archiver.packages.bag.listing import list_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from types import TracebackType

    from archiver.model.bag import BagContents
    from archiver.model.package import FileStamp

# Tag files that an update may take out of a bag or bring into it.
_COMES_AND_GOES = re.compile(rf"(tag)?manifest-[^/]+\.txt|package-info\.txt|bag-info\.txt|{re.escape(EVENTS)}")
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV}


class Way(enum.Enum):
    """How the newer folder takes the place of the older. The first that the file system allows is taken."""

    EXCHANGE = "further names of the files, one exchange"
    RENAMES = "further names of the files, two renames"
    MOVE = "the payload folder moved, three renames"


def is_unfinished(bag: Path) -> bool:
    """Whether a stopped update left no bag of this name, but what it takes to put it back."""
    return not _stands(bag) and _stands(_previous(bag))


class Resealing:
    """A bag being given other tag files. Entering takes its lock and mends what a stopped run left; leaving clears up.

    `folder` is the hidden folder: the newer tag files until `publish`, and the older ones after it.
    """

    def __init__(self, bag: Path, ways: Collection[Way] = tuple(Way)) -> None:
        self.bag = bag
        self.folder = bag.parent / f".{bag.name}.update"
        self._previous = _previous(bag)
        self._ways = ways
        self._moves = Way.EXCHANGE not in ways and Way.RENAMES not in ways
        self._names: set[str] = set()  # of every file that was read
        self._lock = Staging(bag)

    def __enter__(self) -> Self:
        """Take the lock, put back or clear away what a stopped run left.

        Raises DestinationTaken when another run is at work on the bag, CouldNotFindOut when what was left is not
        understood (it is kept), StorageError.
        """
        try:
            self._lock.take_lock()
            self._mend()
        except OSError as error:
            self._lock.release()
            raise measure.failure(error, self.folder, "writing") from error
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away the older folder, or what was not published, and give the lock back."""
        try:
            with contextlib.suppress(CouldNotFindOut):  # what is not understood was said before, or will be
                self.clear()
        finally:
            self._lock.release()

    def build(self, contents: BagContents, left_out: Collection[str], stamps: Mapping[str, FileStamp]) -> None:
        """Make the hidden folder with everything that stays, except the tag files in `left_out`.

        Raises SourceChanged when a file is not what `stamps` says, StorageError.
        """
        tags = [path for path in sorted(contents.tag_files) if path not in left_out]
        files = [*sorted(contents.payload), *tags]
        self._names = {*contents.payload, *contents.tag_files}
        for path in files:
            if stamps.get(path) != measure.stamp(self.bag / path):
                raise SourceChanged(
                    f"{self.bag / path} changed while it was read.",
                    remedy="Wait until nothing writes to the bag, then run again.",
                )
        try:
            if not self._moves and not self._linked(contents, files):
                self._moves = True
            if self._moves:
                self._make_folders([path for path in contents.folders if not _is_payload(path)])
                for path in tags:
                    measure.measure(SourceFile(self.bag / path, path, stamps[path]), (), copy_to=self.folder / path)
            for path in tags:
                _sync_file(self.folder / path)  # whoever changed it may not have waited for the disk
        except OSError as error:
            raise measure.failure(error, self.folder, "writing") from error

    def write(self, path: str, content: bytes) -> None:
        """Write a tag file anew; it has mode and owner of the one it stands for. Raises StorageError."""
        place = self.folder / path
        measure.write(content, place, ())
        with contextlib.suppress(FileNotFoundError):
            _liken(self.bag / path, place)

    def publish(self) -> None:
        """Give the newer folder the bag's name; what fails before leaves the bag as it was.

        Raises SourceChanged when a file has come or gone, StorageError.
        """
        try:
            self._sync_folders()
            now = list_folder(self.bag)
            if {*now.payload, *now.tag_files} != self._names:
                raise SourceChanged(
                    f"A file has come to {self.bag}, or gone, while it was read; nothing was changed.",
                    remedy="Wait until nothing writes to the bag, then run again.",
                )
            if self._moves or Way.EXCHANGE not in self._ways or not exchange(self.folder, self.bag):
                self._rename()
                return
            try:
                sync_folder(self.bag.parent)
            except OSError:  # the exchange may not outlive a power cut, so it is not claimed
                with contextlib.suppress(OSError):
                    exchange(self.folder, self.bag)
                raise
        except OSError as error:
            raise measure.failure(error, self.bag, "writing") from error

    def clear(self) -> None:
        """Take away the older folder after `publish`. Raises CouldNotFindOut when it holds what the bag does not."""
        with contextlib.suppress(OSError):  # what cannot be taken away does no harm, and the next run does it
            self._mend()

    def _rename(self) -> None:
        parent = self.bag.parent
        try:
            rename_new(self.bag, self._previous)
            sync_folder(parent)
            if self._moves:
                _move_payload(self._previous, self.folder)
            rename_new(self.folder, self.bag)
            sync_folder(parent)
        except BaseException:
            self._put_back()
            raise

    def _put_back(self) -> None:
        """Undo renames as far as they went; what fails here the next run does."""
        with contextlib.suppress(OSError, CouldNotFindOut):
            self._mend()

    def _mend(self) -> None:
        """Put the bag back under its name if it has none, and clear away hidden folders. Raises OSError."""
        if not _stands(self.bag) and _stands(self._previous):
            if not _stands(self._previous / "data") and _stands(self.folder / "data"):
                _move_payload(self.folder, self._previous)
            rename_new(self._previous, self.bag)
            sync_folder(self.bag.parent)
        if not _stands(self.bag):
            return
        for folder in (self._previous, self.folder):
            if _stands(folder):
                self._take_away(folder)

    def _take_away(self, folder: Path) -> None:
        """Remove a hidden folder, unless there is something in it that the bag does not hold."""
        if folder.is_symlink():
            raise CouldNotFindOut(f"{folder} is a symbolic link; nothing was changed.", remedy="Take it away.")
        held = list_folder(folder)
        for path in (*held.payload, *held.tag_files, *(path for path, _kind in held.specials)):
            if not self._is_held(folder, path):
                raise CouldNotFindOut(
                    f"{folder / path} is not in {self.bag}; it was left where it is.",
                    remedy=f"An update left the folder {folder}. Save from it what is missing, then remove it.",
                )
        for path in ("", *held.folders):
            mode = stat.S_IMODE((folder / path).stat().st_mode)
            if mode & stat.S_IRWXU != stat.S_IRWXU:  # a folder kept read-only: nothing could be removed from it
                (folder / path).chmod(mode | stat.S_IRWXU)
        shutil.rmtree(folder)

    def _is_held(self, folder: Path, path: str) -> bool:
        """Whether a file of a hidden folder is in the bag: of the payload the same file, of tag files one of its name
        (an update writes it anew), or one that an update takes out or had not brought in yet.
        """
        if _is_payload(path):
            return _same(folder / path, self.bag / path)
        return _stands(self.bag / path) or _COMES_AND_GOES.fullmatch(path) is not None

    def _linked(self, contents: BagContents, files: Collection[str]) -> bool:
        """Whether every file could be given a further name; if not, nothing is left of it."""
        self._make_folders(contents.folders)
        try:
            for path in files:
                os.link(self.bag / path, self.folder / path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS or Way.MOVE not in self._ways:
                raise
            self._take_away(self.folder)
            return False
        return True

    def _make_folders(self, folders: Collection[str]) -> None:
        self.folder.mkdir()
        for path in sorted(folders):
            (self.folder / path).mkdir()

    def _sync_folders(self) -> None:
        """Liken each folder to the one it stands for, and put it on the disk."""
        for place, _folders, _names in os.walk(self.folder, topdown=False):
            below = Path(place).relative_to(self.folder)
            made = Path(place).stat()
            _liken(self.bag / below, Path(place))
            if not below.parts:  # what lies in it did change
                os.utime(place, ns=(made.st_atime_ns, made.st_mtime_ns))
            sync_folder(Path(place))


def _liken(old: Path, new: Path) -> None:
    """Give the newer file or folder mode and owner of the older, and a folder its times and attributes too."""
    was, made = old.lstat(), new.lstat()
    if (was.st_uid, was.st_gid) != (made.st_uid, made.st_gid):
        with contextlib.suppress(PermissionError):
            os.chown(new, was.st_uid, was.st_gid)
    if stat.S_ISDIR(was.st_mode):
        shutil.copystat(old, new)
    elif stat.S_IMODE(was.st_mode) != stat.S_IMODE(made.st_mode):
        new.chmod(stat.S_IMODE(was.st_mode))


def _move_payload(old: Path, new: Path) -> None:
    """Move the payload folder; folders kept read-only are writable meanwhile, as that needs. Raises OSError."""
    modes = {place: stat.S_IMODE(place.stat().st_mode) for place in (old, new, old / "data")}
    closed = {place: mode for place, mode in modes.items() if not mode & stat.S_IWUSR}
    for place, mode in closed.items():
        place.chmod(mode | stat.S_IWUSR)
    rename_new(old / "data", new / "data")
    for place, mode in closed.items():
        (new / "data" if place == old / "data" else place).chmod(mode)
    sync_folder(new)
    sync_folder(old)


def _is_payload(path: str) -> bool:
    return path == "data" or path.startswith("data/")


def _previous(bag: Path) -> Path:
    return bag.parent / f".{bag.name}.previous"


def _stands(place: Path) -> bool:
    return os.path.lexists(place)


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.lstat(), other.lstat())
    except FileNotFoundError:
        return False


def _sync_file(path: Path) -> None:
    descriptor = measure.open_regular(path)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
