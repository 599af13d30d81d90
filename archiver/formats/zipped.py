"""ZIP archives by their central directory: entries and encryption. Nothing is unpacked but a manifest."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.imaging.octets import EndsEarly

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

BEGINNINGS = (b"PK\3\4", b"PK\5\6")
_LARGEST_DIRECTORY = 64 * 1024 * 1024  # bytes of a central directory that are read
_LARGEST_MANIFEST = 4 * 1024 * 1024  # bytes of an OpenDocument manifest, unpacked
_ENCRYPTED, _MASKED, _UTF8 = 0x0001, 0x2000, 0x0800
_AES = 99
_ENCRYPTED_PART = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?encryption-data[\s>/]")


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """An entry of the central directory: name, flag bits, method, packed size in bytes, where its own header stands."""

    name: str
    flags: int
    method: int
    packed: int
    offset: int

    @property
    def is_encrypted(self) -> bool:
        """Whether its content is encrypted."""
        return bool(self.flags & _ENCRYPTED) or self.method == _AES


@dataclass(frozen=True, slots=True)
class ZipDirectory:
    """What a central directory lists; `fault` says why it could not be read whole."""

    entries: tuple[ZipEntry, ...] = ()
    fault: str = ""
    shift: int = 0  # bytes before the archive begins
    is_masked: bool = False  # the directory itself is encrypted


def read_directory(octets: Octets) -> ZipDirectory:
    """The central directory of a ZIP archive, as far as it can be read."""
    try:
        return _directory(octets)
    except (EndsEarly, struct.error):
        return ZipDirectory(fault="its central directory does not lie within the file")


def encryption(octets: Octets, head: bytes) -> tuple[bool, str] | None:
    """(whether all of it, in words) when entries are encrypted, or an OpenDocument states that they are."""
    found = read_directory(octets)
    if not found.entries:
        first = head.startswith(BEGINNINGS[0]) and len(head) > 8 and head[6] & 1
        if found.is_masked or first:
            return bool(found.is_masked), "entries and directory are encrypted" if found.is_masked else _FIRST
        return None
    locked = [entry for entry in found.entries if entry.is_encrypted]
    files = [entry for entry in found.entries if not entry.name.endswith("/")]
    if locked:
        how = "AES" if any(entry.method == _AES for entry in locked) else "a password"
        return len(locked) >= len(files), f"{len(locked)} of {len(files)} entries are encrypted ({how})"
    return _open_document(octets, found)


_FIRST = "its first entry is encrypted"


def _open_document(octets: Octets, found: ZipDirectory) -> tuple[bool, str] | None:
    """OpenDocument encrypts its parts by itself and says so in its manifest; EPUB in encryption.xml."""
    for entry in found.entries:
        if entry.name == "META-INF/manifest.xml":
            manifest = _content(octets, entry, found.shift)
            count = len(_ENCRYPTED_PART.findall(manifest))
            if count:
                return True, f"its manifest lists {count} encrypted parts (OpenDocument)"
        if entry.name == "META-INF/encryption.xml":
            listed = _content(octets, entry, found.shift)
            count = listed.count(b"CipherReference") - listed.count(b"/CipherReference")
            fonts = listed.count(b"http://www.idpf.org/2008/embedding") + listed.count(
                b"http://ns.adobe.com/pdf/enc#RC"
            )
            if count > fonts:
                return False, f"encryption.xml lists {count} encrypted parts (EPUB)"
    return None


def _content(octets: Octets, entry: ZipEntry, shift: int) -> bytes:
    try:
        name, extra = octets.unpack("<HH", entry.offset + shift + 26)
        data = octets.at(entry.offset + shift + 30 + name + extra, min(entry.packed, _LARGEST_MANIFEST))
        if entry.method == 0:
            return data
        return zlib.decompressobj(-15).decompress(data, _LARGEST_MANIFEST) if entry.method == 8 else b""
    except (EndsEarly, zlib.error, struct.error):
        return b""


def _directory(octets: Octets) -> ZipDirectory:
    window = min(octets.size, 22 + 65535 + 20)
    tail = octets.at(octets.size - window, window)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or place + 22 > len(tail):
        return ZipDirectory(fault="it has no end record: the archive is cut, or no ZIP archive")
    count, size, offset = struct.unpack_from("<HII", tail, place + 10)
    end = octets.size - window + place
    if tail[place - 20 : place - 16] == b"PK\6\7" and place >= 20:
        (at,) = struct.unpack_from("<Q", tail, place - 12)
        if octets.at(at, 4) != b"PK\6\6":
            return ZipDirectory(fault="its ZIP64 record is not where it is said to be")
        count, size, offset = octets.unpack("<QQQ", at + 32)
        end = at
    shift = end - size - offset
    if shift < 0:
        return ZipDirectory(fault="its central directory does not lie within the file")
    if size > _LARGEST_DIRECTORY:
        return ZipDirectory(fault=f"its central directory has {size:,} bytes, more than is read")
    return _entries(octets.at(offset + shift, size), count, shift)


def _entries(data: bytes, count: int, shift: int) -> ZipDirectory:
    found: list[ZipEntry] = []
    at = 0
    while at + 46 <= len(data) and data[at : at + 4] == b"PK\1\2":
        flags, method = struct.unpack_from("<HH", data, at + 8)
        packed, _size, name, extra, comment = struct.unpack_from("<IIHHH", data, at + 20)
        (offset,) = struct.unpack_from("<I", data, at + 42)
        words = data[at + 46 : at + 46 + name].decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        found.append(ZipEntry(words, flags, method, packed, offset))
        at += 46 + name + extra + comment
    masked = bool(count) and not found and bool(data)
    fault = "" if len(found) == count or masked else f"it lists {len(found):,} entries and states {count:,}"
    return ZipDirectory(tuple(found), fault, shift, masked or any(entry.flags & _MASKED for entry in found))
