"""Files for readers that take a path, kept in memory where the system can; and choices drawn from an input."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")


@lru_cache(maxsize=1)
def folder() -> Path:
    """A folder of this process alone, gone when it ends."""
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(prefix="archiver-fuzz-", dir=memory if os.access(memory, os.W_OK) else None)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Path(place)


def workfile(name: str, content: bytes) -> Path:
    """A file with this content; the same name is written over."""
    path = folder() / name
    path.write_bytes(content)
    return path


class Choices:
    """Decisions read from the bytes of an input; when they are used up, everything is the first choice."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def below(self, limit: int) -> int:
        return self.byte() % limit

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[self.byte() % len(choices)]

    def take(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        self._at += length
        return found

    def number(self) -> int:
        """A number such as headers hold: small, or next to a power of two."""
        return (1 << self.below(65)) - 1 + self.below(3) if self.below(3) == 0 else self.byte()

    @property
    def is_used_up(self) -> bool:
        return self._at >= len(self._data)

    def patched(self, content: bytes) -> bytes:
        """The content with what is left of the input written over some of its bytes, three at a time."""
        patched = bytearray(content)
        while self._at + 3 <= len(self._data) and patched:
            at = self.byte() << 8 | self.byte()
            patched[at % len(patched)] = self.byte()
        return bytes(patched)
