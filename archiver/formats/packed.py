"""7z and RAR archives by their headers: are names or contents encrypted? Nothing is unpacked but a 7z header."""

from __future__ import annotations

import lzma
import struct
from typing import TYPE_CHECKING

from archiver.imaging.octets import EndsEarly

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
RAR_4, RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_AES = b"\x06\xf1\x07\x01"  # the identifier of 7z's AES coder
_LARGEST = 4 * 1024 * 1024  # bytes of a header that are read, and that it may unpack to
_MOST_BLOCKS = 4096  # headers of a RAR archive that are looked at
_LOCKED_NAMES = "contents and names are encrypted"


def seven_zip_end(octets: Octets) -> int | None:
    """Where a 7z archive ends by its own header, in bytes; None when the header itself is cut."""
    try:
        offset, size = octets.unpack("<QQ", 12)
    except (EndsEarly, struct.error):
        return None
    return 32 + int(offset) + int(size)


def seven_zip(octets: Octets) -> tuple[bool, str] | None:
    """(whether all of it, in words) when a 7z archive is encrypted."""
    try:
        offset, size = octets.unpack("<QQ", 12)
        header = octets.at(32 + offset, min(size, _LARGEST))
        if header[:1] == b"\x17":
            if _AES in header:
                return True, f"{_LOCKED_NAMES} (AES-256)"
            header = _unpacked(octets, header)
    except (EndsEarly, struct.error, lzma.LZMAError, IndexError, ValueError):
        return None
    return (True, "its contents are encrypted (AES-256)") if _AES in header else None


class _Numbers:
    """The numbers of a 7z header, one after the other. Raises IndexError at its end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        """The next byte."""
        value = self._data[self._at]
        self._at += 1
        return value

    def number(self) -> int:
        """The next number: the high bits of its first byte tell how many bytes follow."""
        first, value, mask = self.byte(), 0, 0x80
        for index in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * index)
            value |= self.byte() << (8 * index)
            mask >>= 1
        return value

    def some(self, count: int) -> bytes:
        """The next bytes."""
        data = self._data[self._at : self._at + count]
        if len(data) < count:
            raise IndexError(count)
        self._at += count
        return data

    def expect(self, value: int) -> None:
        """The next byte is `value`. Raises ValueError."""
        if self.byte() != value:
            raise ValueError(f"{value:#x} is wanted")


def _unpacked(octets: Octets, header: bytes) -> bytes:
    """The header inside an encoded one: one folder with one coder, LZMA, as every writer makes it."""
    numbers = _Numbers(header)
    numbers.expect(0x17)
    numbers.expect(0x06)
    position, streams = numbers.number(), numbers.number()
    numbers.expect(0x09)
    if streams != 1:
        return b""
    packed = numbers.number()
    mark = numbers.byte()
    if mark == 0x0A and numbers.byte():  # its digest
        numbers.some(4)
        mark = numbers.byte()
    if mark:
        return b""
    numbers.expect(0x07)
    numbers.expect(0x0B)
    if numbers.number() != 1 or numbers.byte() != 0 or numbers.number() != 1:
        return b""
    flags = numbers.byte()
    coder = numbers.some(flags & 0x0F)
    traits = numbers.some(numbers.number()) if flags & 0x20 else b""
    numbers.expect(0x0C)
    size = numbers.number()
    if size > _LARGEST or packed > _LARGEST:
        return b""
    data = octets.at(32 + position, packed)
    filters = _filters(coder, traits)
    if filters is None:
        return data if coder == b"\0" else b""
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filters]).decompress(data, size)


def _filters(coder: bytes, traits: bytes) -> dict[str, int] | None:
    if coder == b"\x03\x01\x01" and len(traits) >= 5:
        first, size = traits[0], struct.unpack_from("<I", traits, 1)[0]
        if first >= 225:
            return None
        return {
            "id": lzma.FILTER_LZMA1,
            "lc": first % 9,
            "lp": first // 9 % 5,
            "pb": first // 45,
            "dict_size": max(4096, min(size, _LARGEST)),
        }
    if coder == b"\x21":
        return {"id": lzma.FILTER_LZMA2, "dict_size": _LARGEST}
    return None


def rar(octets: Octets, head: bytes) -> tuple[bool, str] | None:
    """(whether all of it, in words) when a RAR archive is encrypted."""
    try:
        return _rar_5(octets) if head.startswith(RAR_5) else _rar_4(octets)
    except (EndsEarly, struct.error, IndexError):
        return None


def _rar_4(octets: Octets) -> tuple[bool, str] | None:
    at, files, locked = 7, 0, 0
    for _block in range(_MOST_BLOCKS):
        if at + 7 > octets.size:
            break
        _crc, kind, flags, size = octets.unpack("<HBHH", at)
        if kind == 0x73 and flags & 0x0080:
            return True, _LOCKED_NAMES
        data = octets.unpack("<I", at + 7)[0] if flags & 0x8000 or kind == 0x74 else 0
        if kind == 0x74:
            files += 1
            locked += bool(flags & 0x0004)
        if kind == 0x7B or size < 7:
            break
        at += size + data
    return _counted(locked, files)


def _rar_5(octets: Octets) -> tuple[bool, str] | None:
    at, files, locked = 8, 0, 0
    for _block in range(_MOST_BLOCKS):
        if at + 7 > octets.size:
            break
        numbers = _Vints(octets.some(at + 4, 64 * 1024))
        size = numbers.number()
        begin = numbers.at
        kind, flags = numbers.number(), numbers.number()
        if kind == 4:
            return True, f"{_LOCKED_NAMES} (AES-256)"
        extra = numbers.number() if flags & 1 else 0
        data = numbers.number() if flags & 2 else 0
        if kind == 2:
            files += 1
            locked += _has_record(numbers.data[begin + size - extra : begin + size], 1)
        if kind == 5 or not size:
            break
        at += 4 + begin + size + data
    return _counted(locked, files)


class _Vints:
    """The numbers of a RAR 5 header: seven bits a byte, the highest bit set where another follows."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        """The next number. Raises IndexError at the end."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        return value


def _has_record(extra: bytes, wanted: int) -> bool:
    numbers = _Vints(extra)
    while numbers.at < len(extra):
        size = numbers.number()
        begin = numbers.at
        if numbers.number() == wanted:
            return True
        if not size:
            return False
        numbers.at = begin + size
    return False


def _counted(locked: int, files: int) -> tuple[bool, str] | None:
    return (locked == files, f"{locked} of {files} entries are encrypted") if locked else None
