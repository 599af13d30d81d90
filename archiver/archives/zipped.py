"""The directory of a zip file (APPNOTE 6.3, zip64), held against every local header before a member is read.

zipfile of the standard library believes the central directory and reads members that overlap; here each member has
bytes of its own, or the archive is refused.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from archiver.archives.faults import Faults, Roll
from archiver.model.archive import ArchiveTrouble, Limits, Member, MemberKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZED_LATER = 0x2041, 0x0008  # flags: a member or its header; sizes and CRC behind the member
_UTF_8 = 0x0800  # flag: the name is in UTF-8
_FULL = 0xFFFFFFFF
_PIECE = 1 << 20
_LONGEST_ENTRY = _CENTRAL.size + 3 * 65535
_KINDS = {
    stat.S_IFREG: MemberKind.FILE,
    stat.S_IFDIR: MemberKind.FOLDER,
    stat.S_IFLNK: MemberKind.LINK,
    stat.S_IFIFO: MemberKind.FIFO,
    stat.S_IFCHR: MemberKind.DEVICE,
    stat.S_IFBLK: MemberKind.DEVICE,
}
_UNIX_SYSTEMS = frozenset({3, 19})  # "made by": their modes stand in the external attributes
_DESCRIPTORS = frozenset({12, 16, 20, 24})  # bytes that the sizes and CRC behind a member may take
_SIZES, _UNICODE_PATH = 0x0001, 0x7075  # extra fields
_UNICODE_MARK = struct.pack("<H", _UNICODE_PATH)


class _Directory(NamedTuple):
    offset: int
    size: int
    members: int


class _Entry(NamedTuple):
    member: Member
    header: int  # offset of the local header
    flags: int
    raw: bytes
    sized_later: bool = False  # its sizes and CRC stand behind it


def read_directory(descriptor: int, size: int, faults: Faults, limits: Limits) -> list[Member]:
    """The members of an open zip file of `size` bytes; what is wrong with it goes to `faults`. Raises OSError."""
    directory = _directory(descriptor, size, faults)
    if directory is None:
        return []
    roll = Roll(faults, limits)
    entries: list[_Entry] = []
    for entry in _entries(descriptor, directory, faults, limits):
        if not roll.admit(entry.member, size):
            return []
        placed = _held_against_its_header(descriptor, entry, directory, faults)
        if placed is not None:
            entries.append(placed)
    if len(entries) == directory.members:
        _find_gaps(descriptor, entries, directory, faults)
    return [entry.member for entry in entries if roll.take(entry.member)]


def _directory(descriptor: int, size: int, faults: Faults) -> _Directory | None:
    tail_at = max(0, size - _END.size - _LONGEST_COMMENT)
    tail = os.pread(descriptor, size - tail_at, tail_at)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        faults.add(ArchiveTrouble.TRUNCATED, "", "the directory at the end is missing")
        return None
    _mark, disk, start_disk, here, count, length, offset, comment = _END.unpack_from(tail, at)
    end_at = tail_at + at
    if end_at + _END.size + comment != size:
        kind = ArchiveTrouble.TRUNCATED if end_at + _END.size + comment > size else ArchiveTrouble.TRAILING
        faults.add(kind, "", f"{size - end_at - _END.size - comment:+} bytes after the end of the directory")
    located = os.pread(descriptor, 4, max(0, end_at - _LOCATOR.size)) == b"PK\6\7"
    if _FULL in (length, offset) or (located and 0xFFFF in (count, here, disk)):
        found = _zip64(descriptor, end_at, faults)
        if found is None:
            return None
        directory, end_at = found
    else:
        directory = _Directory(offset, length, count)
        if disk or start_disk or here != count:
            faults.add(ArchiveTrouble.METHOD, "", "the archive is one part of several")
            return None
    if directory.offset + directory.size != end_at:
        faults.add(ArchiveTrouble.TRAILING, "", "there are bytes before the first member or about the directory")
        return None
    return directory


def _zip64(descriptor: int, end_at: int, faults: Faults) -> tuple[_Directory, int] | None:
    locator = os.pread(descriptor, _LOCATOR.size, max(0, end_at - _LOCATOR.size))
    if len(locator) == _LOCATOR.size and locator.startswith(b"PK\6\7"):
        place = _LOCATOR.unpack(locator)[2]
        end = os.pread(descriptor, _END64.size, place) if place < end_at else b""
        if len(end) == _END64.size and end.startswith(b"PK\6\6"):
            values = _END64.unpack(end)
            if place + 12 + values[1] == end_at - _LOCATOR.size and values[6] == values[7]:
                return _Directory(values[9], values[8], values[7]), place
    faults.add(ArchiveTrouble.DISAGREES, "", "the directory of a large archive (zip64) is not where it should be")
    return None


def _entries(descriptor: int, directory: _Directory, faults: Faults, limits: Limits) -> Iterator[_Entry]:
    """The entries of the central directory, read in pieces."""
    held, place, at, end = b"", 0, directory.offset, directory.offset + directory.size
    count = 0
    while True:
        if len(held) - place < _LONGEST_ENTRY and at < end:
            piece = os.pread(descriptor, min(_PIECE, end - at), at)
            if not piece:
                break
            held, place, at = held[place:] + piece, 0, at + len(piece)
        if len(held) - place < _CENTRAL.size or not held.startswith(b"PK\1\2", place):
            break
        values = _CENTRAL.unpack_from(held, place)
        lengths = values[10], values[11], values[12]
        whole = place + _CENTRAL.size + sum(lengths)
        if len(held) < whole or count > limits.members:
            break
        yield _entry(values, held[place + _CENTRAL.size : whole], lengths, faults)
        place = whole
        count += 1
    if count != directory.members or place < len(held) or at < end:
        faults.add(ArchiveTrouble.DISAGREES, "", f"the directory states {directory.members} members and has {count}")


def _entry(values: tuple[int, ...], rest: bytes, lengths: tuple[int, int, int], faults: Faults) -> _Entry:
    made, flags, method, crc = values[1], values[3], values[4], values[7]
    stored, size, header = values[8], values[9], values[16]
    raw, extra = rest[: lengths[0]], rest[lengths[0] : lengths[0] + lengths[1]]
    fields: dict[int, bytes] = {}
    if extra and (_FULL in (size, stored, header) or _UNICODE_MARK in extra):
        fields = dict(_fields(extra))
        size, stored, header = _widened((size, stored, header), fields.get(_SIZES, b""))
    path = _name(raw, flags, fields)
    kind, mode = _kind(path, made >> 8, values[15] >> 16)
    if flags & _ENCRYPTED:
        faults.add(ArchiveTrouble.ENCRYPTED, path, "the member is encrypted")
    if method not in {_STORED, _DEFLATED}:
        faults.add(ArchiveTrouble.METHOD, path, f"method {method}; stored (0) and deflate (8) are read")
    if method == _STORED and size != stored:
        faults.add(ArchiveTrouble.DISAGREES, path, f"{size} bytes stored in {stored}")
    if kind is MemberKind.FOLDER and size:
        faults.add(ArchiveTrouble.DISAGREES, path, f"a folder of {size} bytes")
    return _Entry(Member(path, kind, size, 0, stored, method == _DEFLATED, crc, mode), header, flags, raw)


def _widened(numbers: tuple[int, int, int], large: bytes) -> list[int]:
    """Size, stored size and offset of an entry, those that its fields were too small for taken from its extension."""
    wide = [index for index, value in enumerate(numbers) if value == _FULL]
    found = list(numbers)
    if len(large) >= 8 * len(wide):
        for place, index in enumerate(wide):
            found[index] = int.from_bytes(large[8 * place : 8 * place + 8], "little")
    return found


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _name(raw: bytes, flags: int, fields: dict[int, bytes]) -> str:
    """A member's name: in UTF-8 when it says so or is so, else as old programs wrote it (code page 437)."""
    unicode_path = fields.get(_UNICODE_PATH, b"")
    if len(unicode_path) > 5 and int.from_bytes(unicode_path[1:5], "little") == zlib.crc32(raw):
        raw = unicode_path[5:]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if flags & _UTF_8 else raw.decode("cp437")


def _kind(path: str, system: int, mode: int) -> tuple[MemberKind, int]:
    if system not in _UNIX_SYSTEMS or not stat.S_IFMT(mode):
        return (MemberKind.FOLDER if path.endswith("/") else MemberKind.FILE), 0o644
    kind = _KINDS.get(stat.S_IFMT(mode), MemberKind.OTHER)
    if kind is MemberKind.FILE and path.endswith("/"):
        kind = MemberKind.FOLDER
    return kind, stat.S_IMODE(mode)


def _held_against_its_header(descriptor: int, entry: _Entry, directory: _Directory, faults: Faults) -> _Entry | None:
    """The entry with the place of its bytes, when its local header says the same of it."""
    member = entry.member

    def wrong(detail: str) -> None:
        faults.add(ArchiveTrouble.DISAGREES, member.path, detail)

    content = (
        os.pread(descriptor, _LOCAL.size + len(entry.raw), entry.header) if entry.header < directory.offset else b""
    )
    if len(content) < _LOCAL.size + len(entry.raw) or not content.startswith(b"PK\3\4"):
        wrong("there is no member where the directory says")
        return None
    _mark, _version, flags, method, _time, _date, crc, stored, size, name, extra = _LOCAL.unpack_from(content)
    if content[_LOCAL.size :] != entry.raw or name != len(entry.raw):
        wrong("the member has another name than the directory")
        return None
    if (flags ^ entry.flags) & _UTF_8 and not entry.raw.isascii():
        wrong("the member has its name in another encoding than the directory")
        return None
    if (method == _DEFLATED) != member.deflated or (flags ^ entry.flags) & _ENCRYPTED:
        wrong("the member is stored in another way than the directory says")
        return None
    later = bool((flags | entry.flags) & _SIZED_LATER)
    offset = entry.header + _LOCAL.size + name + extra
    if _FULL in (stored, size):
        size, stored = _large_sizes(os.pread(descriptor, extra, offset - extra), size, stored)
    for here, there, words in ((crc, member.crc, "CRC"), (stored, member.stored, "size"), (size, member.size, "size")):
        if here != there and not (later and here in {0, _FULL}):
            wrong(f"the member has another {words} than the directory")
            return None
    placed = Member(
        member.path, member.kind, member.size, offset, member.stored, member.deflated, member.crc, member.mode
    )
    return _Entry(placed, entry.header, flags, entry.raw, later)


def _large_sizes(extra: bytes, size: int, stored: int) -> tuple[int, int]:
    """The two sizes of a local header whose fields were too small for them; as they are where nothing else is said."""
    large = dict(_fields(extra)).get(_SIZES, b"")
    if len(large) < 16:
        return size, stored
    return int.from_bytes(large[:8], "little"), int.from_bytes(large[8:16], "little")


def _find_gaps(descriptor: int, entries: list[_Entry], directory: _Directory, faults: Faults) -> None:
    """Find bytes that belong to two members, and bytes that belong to none: there could be another archive in them."""
    in_order = sorted(entries, key=lambda entry: entry.header)
    begins = [entry.header for entry in in_order] + [directory.offset]
    if begins[0]:
        faults.add(ArchiveTrouble.TRAILING, "", f"{begins[0]} bytes before the first member")
    for entry, begin in zip(in_order, begins[1:], strict=True):
        path, end = entry.member.path, entry.member.offset + entry.member.stored
        if end > begin:
            faults.add(ArchiveTrouble.OVERLAP, path, "its bytes are also those of another member")
        elif not entry.sized_later:
            if end < begin:
                faults.add(ArchiveTrouble.TRAILING, path, f"{begin - end} bytes behind the member belong to none")
        elif begin - end not in _DESCRIPTORS:
            faults.add(ArchiveTrouble.DISAGREES, path, f"{begin - end} bytes stand where its sizes should be")
        elif os.pread(descriptor, begin - end, end) not in _descriptors(entry.member):
            faults.add(ArchiveTrouble.DISAGREES, path, "the sizes or the CRC behind it are not those of the directory")


def _descriptors(member: Member) -> set[bytes]:
    """What may stand behind a member: CRC and sizes of four or eight bytes, with or without a mark."""
    found = set()
    for sizes in ("<3L", "<L2Q"):
        if (member.size < _FULL and member.stored < _FULL) or sizes == "<L2Q":
            plain = struct.pack(sizes, member.crc, member.stored, member.size)
            found |= {plain, b"PK\7\10" + plain}
    return found
