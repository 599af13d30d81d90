"""Bytes of an image, from memory or from a file, read where they are wanted and never beyond their end."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from typing import TYPE_CHECKING

from archiver.errors import SourceChanged, StorageError, UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 1 << 20  # bytes read at once where many are
_OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class EndsEarly(Exception):
    """Bytes were wanted that the file does not have: at `offset`, `wanted` of them."""

    def __init__(self, offset: int, wanted: int, size: int) -> None:
        super().__init__(f"{wanted} bytes are wanted at {offset}, and the file ends at {size}")
        self.offset = offset


class Octets:
    """Bytes that can be read anywhere."""

    def __init__(self, size: int) -> None:
        self.size = size

    def some(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer where they end."""
        raise NotImplementedError

    def at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes from `offset`. Raises EndsEarly."""
        if offset < 0 or count < 0 or offset + count > self.size:
            raise EndsEarly(offset, count, self.size)
        return self.some(offset, count)

    def unpack(self, form: str, offset: int) -> tuple[int, ...]:
        """Numbers at `offset`, in a form of `struct`. Raises EndsEarly."""
        return struct.unpack(form, self.at(offset, struct.calcsize(form)))

    def pieces(self, offset: int, count: int) -> Iterator[bytes]:
        """`count` bytes from `offset`, a mebibyte at a time. Raises EndsEarly."""
        end = offset + count
        while offset < end:
            piece = self.at(offset, min(PIECE, end - offset))
            yield piece
            offset += len(piece)


class Held(Octets):
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        super().__init__(len(data))
        self._data = data

    def some(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""
        return self._data[offset : offset + count] if offset >= 0 else b""


class Filed(Octets):
    """Bytes of an open file."""

    def __init__(self, descriptor: int, path: Path, size: int) -> None:
        super().__init__(size)
        self._descriptor, self._path = descriptor, path

    def some(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`. Raises StorageError, or SourceChanged where the file has shrunk."""
        count = max(0, min(count, self.size - offset)) if offset >= 0 else 0
        parts, wanted = [], count
        while wanted:
            try:
                part = os.pread(self._descriptor, wanted, offset)
            except OSError as error:
                raise StorageError(
                    f"{self._path}: reading failed: {(error.strerror or str(error)).lower()}."
                ) from error
            if not part:
                raise SourceChanged(f"{self._path} became shorter while it was read.")
            parts.append(part)
            wanted -= len(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Octets]:
    """The bytes of a file. Links, pipes and devices are never opened. Raises UnreadableInput."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableInput(f"{path} is not a plain file.")
        descriptor = os.open(path, _OPENING)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(f"{path} cannot be read: {reason.lower()}.") from error
    try:
        stood = os.fstat(descriptor)
        if not stat.S_ISREG(stood.st_mode):
            raise UnreadableInput(f"{path} is not a plain file.")
        yield Filed(descriptor, path, stood.st_size)
    finally:
        os.close(descriptor)
