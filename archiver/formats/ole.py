"""Compound files (OLE): their directory, and the first bytes of a stream. Every chain is followed within limits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.imaging.octets import EndsEarly

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_SECTORS = 256  # of the directory: 1,024 entries or more
_MOST_STEPS = 4096  # along a chain of sectors
_END = 0xFFFFFFFA  # this and above mark ends and free sectors
_SMALL = 64  # bytes of a sector of the small streams


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its name, first sector and size in bytes."""

    name: str
    first: int
    size: int


class Compound:
    """A compound file. Raises ValueError or EndsEarly where its structure does not hold."""

    def __init__(self, octets: Octets) -> None:
        self._octets = octets
        (self._shift,) = octets.unpack("<H", 30)
        if self._shift not in {9, 12}:
            raise ValueError("sectors are neither 512 nor 4,096 bytes")
        self._size = 1 << self._shift
        (start,) = octets.unpack("<I", 48)
        self._cutoff, self._first_small = octets.unpack("<II", 56)
        self._root: Stream | None = None
        self.streams = self._directory(start)

    def find(self, *names: str) -> Stream | None:
        """The first stream or storage with one of these names."""
        return next((stream for name in names for stream in self.streams if stream.name == name), None)

    def begin(self, stream: Stream, count: int) -> bytes:
        """At most `count` first bytes of a stream, within its first sectors."""
        count = min(count, stream.size)
        if stream.size >= self._cutoff:
            return self._octets.at((stream.first + 1) << self._shift, min(count, self._size))
        if self._root is None:
            raise ValueError("there is no root")
        place = stream.first * _SMALL
        sector = self._root.first
        for _step in range(min(place >> self._shift, _MOST_STEPS)):
            sector = self._next(sector)
        inside = place & (self._size - 1)
        return self._octets.at(((sector + 1) << self._shift) + inside, min(count, _SMALL))

    def _directory(self, start: int) -> tuple[Stream, ...]:
        found: list[Stream] = []
        sector = start
        for _step in range(_MOST_SECTORS):
            if sector >= _END:
                break
            data = self._octets.at((sector + 1) << self._shift, self._size)
            for offset in range(0, self._size, 128):
                length, kind = struct.unpack_from("<HB", data, offset + 64)
                if kind not in {1, 2, 5} or not 2 <= length <= 64:
                    continue
                name = data[offset : offset + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<IQ", data, offset + 116)
                entry = Stream(name, first, size & 0xFFFFFFFF if self._shift == 9 else size)
                if kind == 5:
                    self._root = entry
                else:
                    found.append(entry)
            sector = self._next(sector)
        return tuple(found)

    def _next(self, sector: int) -> int:
        """The sector that follows in its chain."""
        per = self._size // 4
        which, inside = divmod(sector, per)
        if which >= 109:
            raise ValueError("the table of sectors goes on beyond what is read")
        (table,) = self._octets.unpack("<I", 76 + 4 * which)
        if table >= _END:
            raise ValueError("a chain leaves the table of sectors")
        (following,) = self._octets.unpack("<I", ((table + 1) << self._shift) + 4 * inside)
        return int(following)


def encryption(octets: Octets) -> str:
    """How the document in a compound file is encrypted; empty when it is not, or when that could not be seen."""
    try:
        compound = Compound(octets)
        if compound.find("EncryptedPackage") is not None:
            return "an Office document encrypted as a whole (EncryptedPackage)"
        return _word(compound) or _excel(compound) or _powerpoint(compound)
    except (ValueError, EndsEarly, struct.error):
        return ""


def _word(compound: Compound) -> str:
    stream = compound.find("WordDocument")
    if stream is None:
        return ""
    head = compound.begin(stream, 32)
    if len(head) < 12:
        return ""
    (flags,) = struct.unpack_from("<H", head, 10)
    if not flags & 0x0100:
        return ""
    return "a Word document protected by a password" + (" (XOR obfuscation)" if flags & 0x8000 else " (encrypted)")


def _excel(compound: Compound) -> str:
    """A workbook is encrypted when a FILEPASS record follows its first record."""
    stream = compound.find("Workbook", "Book")
    head = compound.begin(stream, 512) if stream is not None else b""
    at = 0
    while at + 4 <= len(head):
        kind, length = struct.unpack_from("<HH", head, at)
        if kind == 0x002F:
            return "an Excel workbook protected by a password (FILEPASS)"
        at += 4 + length
    return ""


def _powerpoint(compound: Compound) -> str:
    stream = compound.find("Current User")
    head = compound.begin(stream, 16) if stream is not None else b""
    if len(head) >= 16 and head[12:16] == b"\xdf\xc4\xd1\xf3":
        return "a PowerPoint presentation protected by a password"
    return ""
