"""What is kept between runs: parts of files in a hidden folder, each with a note of what it is a part of.

Nothing in the folder has the name of a payload file, so that no part can be taken for a whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver.errors import DestinationTaken
from archiver.fixity.durability import sync_folder
from archiver.fixity.measure import chunks, failure, open_regular
from archiver.fixity.staging import make_folders, rename_new

LARGEST_NOTE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server calls this state of a file (RFC 9110 §8.8); "" when it says nothing that can be relied on."""

    url: str
    etag: str = ""
    modified: str = ""

    @property
    def condition(self) -> str:
        """The value of If-Range, or "" when a part cannot be continued."""
        return self.etag or self.modified


class Part:
    """A file in the making: its bytes so far, and the note of what they are of."""

    def __init__(self, folder: Path, path: str) -> None:
        name = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:40]
        self.file = folder / f"{name}.part"
        self._note = folder / f"{name}.json"
        self._path = path

    def validator(self) -> Validator | None:
        """The note; None when there is none or it cannot be understood."""
        try:
            with os.fdopen(open_regular(self._note), "rb") as stream:
                said = json.loads(stream.read(LARGEST_NOTE))
            if said.pop("path") != self._path:
                return None
            return Validator(**{key: str(value) for key, value in said.items()})
        except Exception:  # noqa: BLE001  whatever is wrong with the note, the part is then no use
            return None

    def size(self) -> int:
        """Bytes at hand; 0 when there are none."""
        try:
            return self.file.lstat().st_size
        except OSError:
            return 0

    def content(self) -> Iterator[bytes]:
        """The bytes at hand. Raises UnreadableInput or StorageError."""
        descriptor = open_regular(self.file)
        try:
            yield from chunks(descriptor, self.file)
        finally:
            os.close(descriptor)

    def begin(self, validator: Validator) -> int:
        """Throw away what is there and begin anew; a descriptor to write to. Raises StorageError."""
        self.discard()
        try:
            note = json.dumps({"path": self._path, **asdict(validator)}).encode()
            with os.fdopen(os.open(self._note, _NEW, 0o600), "wb") as stream:
                stream.write(note)
            return os.open(self.file, _NEW, 0o644)
        except OSError as error:
            raise failure(error, self.file, "writing") from error

    def go_on(self) -> int:
        """A descriptor to write more to. Raises StorageError."""
        try:
            return os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise failure(error, self.file, "writing") from error

    def discard(self) -> None:
        """Remove the bytes, then the note. Raises StorageError."""
        for path in (self.file, self._note):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise failure(error, path, "writing") from error

    def place(self, folder: Path, path: str) -> None:
        """Put the whole file on the disk, then give it its name below `folder`; nothing is ever replaced.

        Raises DestinationTaken when something stands there, StorageError when it cannot be done.
        """
        target = folder / path
        try:
            _sync(self.file)
            _refuse_links(folder, path)
            make_folders(target.parent)
            rename_new(self.file, target)
            sync_folder(target.parent)
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise failure(error, target, "writing") from error


class Keep:
    """The hidden folder `.<name>.fetching` beside a bag, held by one run at a time."""

    def __init__(self, bag: Path) -> None:
        self.folder = bag.parent / f".{bag.name}.fetching"
        self.bag = bag
        self._lock = -1

    def __enter__(self) -> Self:
        """Make the folder and hold it. Raises DestinationTaken while another run does, StorageError."""
        try:
            make_folders(self.bag.parent)
            while not self._is_held():
                pass
        except BlockingIOError as error:
            self._release()
            raise DestinationTaken(
                f"Another run is fetching for {self.bag} at this moment; nothing was changed.",
                remedy="Wait until it has ended.",
            ) from error
        except OSError as error:
            self._release()
            raise failure(error, self.folder, "writing") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go; what is in it stays for the next run. A folder with nothing in it goes."""
        if self._lock >= 0 and not self.parts():
            self.clear()
        self._release()

    def parts(self) -> int:
        """How many files are begun."""
        return sum(1 for _part in self.folder.glob("*.part"))

    def part(self, path: str) -> Part:
        """The part of a payload file."""
        return Part(self.folder, path)

    def clear(self) -> None:
        """Remove everything: nothing is missing any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def free_space(self) -> int:
        """Bytes that can still be written there. Raises StorageError."""
        try:
            found = os.statvfs(self.folder)
        except OSError as error:
            raise failure(error, self.folder, "reading") from error
        return found.f_bavail * found.f_frsize

    def _is_held(self) -> bool:
        """Take the lock; False when the run before removed the folder meanwhile, so that the lock guards nothing."""
        with contextlib.suppress(FileExistsError):
            self.folder.mkdir(mode=0o700)
        if self.folder.is_symlink() or not self.folder.is_dir():
            raise DestinationTaken(f"{self.folder} is no folder; nothing was changed.", remedy="Move it away.")
        path = self.folder / "lock"
        with contextlib.suppress(FileNotFoundError):
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(self._lock), path.lstat()):
                return True
        self._release()
        return False

    def _release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_links(folder: Path, path: str) -> None:
    """A folder on the way that is a link would lead out of the bag."""
    place = folder
    for part in path.split("/")[:-1]:
        place = place / part
        if place.is_symlink():
            raise DestinationTaken(f"{place} is a symbolic link; nothing was put there.", remedy="Remove the link.")
