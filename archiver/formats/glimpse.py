"""What is looked at of a file to tell its format: its beginning, its end, and the tags of a TIFF. Never all of it.

siegfried maps a whole file into memory and searches it for signatures that may stand anywhere: a second read of nearly
every image and text. Here it gets a file with the bytes that decide, and the offsets it tells are put back in place.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

HEAD = 16 * 1024  # bytes looked at from the beginning
TAIL = 16 * 1024  # bytes looked at before the end
TAGS = 4 * 1024  # bytes looked at where a TIFF keeps its tags
_ISO_9660 = (32769, b"CD001")  # the one signature in use that stands further in
_BY_PARTS = (
    b"PK\3\4",
    b"PK\5\6",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)  # ZIP and OLE: siegfried goes by their directory
_PDF = b"%PDF-"
_PAIR = re.compile(r"\[(\d+) (\d+)\]")
_SINGLE = re.compile(r"(?<=byte match at )(\d+)(?=, )")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Bytes of a file with their offsets, in order and apart from one another. `size` is that of the file."""

    size: int
    parts: tuple[tuple[int, bytes], ...]

    @property
    def content(self) -> bytes:
        """The bytes, one part after the other."""
        return b"".join(part for _offset, part in self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return sum(len(part) for _offset, part in self.parts) == self.size

    def offset(self, place: int) -> int:
        """Where in the file the byte at `place` of the content stands."""
        for offset, part in self.parts:
            if place < len(part):
                return offset + place
            place -= len(part)
        return self.size

    def basis(self, said: str) -> str:
        """What siegfried said of its basis, with the offsets of the file, and what was looked at."""
        if self.is_whole or "byte match" not in said:
            return said if self.is_whole else f"{said}{self._looked_at(said)}"
        moved = _PAIR.sub(lambda found: f"[{self.offset(int(found[1]))} {found[2]}]", said)
        moved = _SINGLE.sub(lambda found: str(self.offset(int(found[1]))), moved)
        return moved + self._looked_at(said)

    def _looked_at(self, said: str) -> str:
        where = ", ".join(f"{len(part)} from {offset}" for offset, part in self.parts)
        return f"{'; ' if said else ''}bytes looked at: {where}"


def wants_all(head: bytes) -> bool:
    """Whether siegfried needs the file itself: ZIP and OLE for their directories, PDF for its XMP anywhere in it."""
    return head.startswith(_BY_PARTS) or _PDF in head[:1024]


def glimpse(octets: Octets, head: bytes) -> Glimpse:
    """The bytes that tell the format of a file, `head` being its first ones. Raises what reading raises."""
    size = octets.size
    at, mark = _ISO_9660
    beginning = head if head[at : at + len(mark)] == mark else head[:HEAD]
    if size > len(beginning) and len(beginning) < HEAD:
        beginning = octets.some(0, HEAD)
    parts = [(0, beginning)]
    tags = _tags(head, size)
    if tags is not None:
        _add(parts, octets, tags, min(tags + TAGS, size))
    _add(parts, octets, size - TAIL, size)
    return Glimpse(size, tuple(parts))


def _add(parts: list[tuple[int, bytes]], octets: Octets, begin: int, end: int) -> None:
    known = parts[-1][0] + len(parts[-1][1])
    begin = max(begin, known)
    if begin < end:
        parts.append((begin, octets.some(begin, end - begin)))


def _tags(head: bytes, size: int) -> int | None:
    """Where the first directory of a TIFF stands, when the file is one."""
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 16:
        return None
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    if version == 42:
        offset = struct.unpack_from(f"{order}I", head, 4)[0]
    elif version == 43:
        offset = struct.unpack_from(f"{order}Q", head, 8)[0]
    else:
        return None
    return int(offset) if offset < size else None
