"""Archives for tests, made byte by byte: right ones, and any part of them spoilt."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archiver.archives.opening import Archive, MemberDamaged
from archiver.model.archive import ArchiveTrouble, Limits

REGULAR, FOLDER, LINK, PIPE, DEVICE = 0o100644, 0o40755, 0o120777, 0o10644, 0o20644  # modes as Unix has them


@dataclass(frozen=True, slots=True)
class Zipped:
    """A member of a zip file; whatever is None is what it should be, and `local_…` what the member itself says."""

    name: bytes
    content: bytes = b""
    deflated: bool = False
    flags: int = 0
    method: int | None = None
    packed: bytes | None = None
    crc: int | None = None
    size: int | None = None
    stored: int | None = None
    mode: int = REGULAR
    system: int = 3
    extra: bytes = b""
    header: int | None = None
    local_name: bytes | None = None
    local_crc: int | None = None
    local_size: int | None = None
    local_stored: int | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_extra: bytes | None = None
    before: bytes = b""
    descriptor: bytes = b""

    def bytes_there(self) -> bytes:
        """The bytes as they lie in the archive."""
        if self.packed is not None:
            return self.packed
        if not self.deflated:
            return self.content
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflater.compress(self.content) + deflater.flush()


@dataclass(frozen=True, slots=True)
class Zip:
    """A zip file; what is overridden goes into its end record."""

    members: Sequence[Zipped]
    comment: bytes = b""
    prefix: bytes = b""
    suffix: bytes = b""
    before_directory: bytes = b""
    count: int | None = None
    offset: int | None = None
    end64: bool = False

    def build(self) -> bytes:
        """The bytes of it."""
        body, directory = bytearray(self.prefix), bytearray()
        for member in self.members:
            body += member.before
            directory += _central(member, len(body) - len(self.prefix))
            body += _local(member)
        body += self.before_directory
        start = len(body) - len(self.prefix) if self.offset is None else self.offset
        count = len(self.members) if self.count is None else self.count
        end = b""
        if self.end64:
            place = len(body) + len(directory)
            end += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start)
            end += struct.pack("<4sLQL", b"PK\6\7", 0, place, 1)
            count, start, size = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
        else:
            size = len(directory)
        end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, start, len(self.comment))
        return bytes(body + directory) + end + self.comment + self.suffix


def _central(member: Zipped, place: int) -> bytes:
    there = member.bytes_there()
    method = member.method if member.method is not None else 8 if member.deflated else 0
    fixed = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        member.system << 8 | 45,
        45,
        member.flags,
        method,
        0,
        33,
        zlib.crc32(member.content) if member.crc is None else member.crc,
        len(there) if member.stored is None else member.stored,
        len(member.content) if member.size is None else member.size,
        len(member.name),
        len(member.extra),
        0,
        0,
        0,
        member.mode << 16,
        place if member.header is None else member.header,
    )
    return fixed + member.name + member.extra


def _local(member: Zipped) -> bytes:
    there = member.bytes_there()
    method = member.method if member.method is not None else 8 if member.deflated else 0
    name = member.name if member.local_name is None else member.local_name
    extra = member.extra if member.local_extra is None else member.local_extra
    crc = zlib.crc32(member.content) if member.crc is None else member.crc
    stored = len(there) if member.stored is None else member.stored
    size = len(member.content) if member.size is None else member.size
    fixed = struct.pack(
        "<4s5H3L2H",
        b"PK\3\4",
        45,
        member.flags if member.local_flags is None else member.local_flags,
        method if member.local_method is None else member.local_method,
        0,
        33,
        crc if member.local_crc is None else member.local_crc,
        stored if member.local_stored is None else member.local_stored,
        size if member.local_size is None else member.local_size,
        len(name),
        len(extra),
    )
    return fixed + name + extra + there + member.descriptor


def tar_header(
    name: bytes, size: int, kind: bytes = b"0", *, mode: int = 0o644, link: bytes = b"", magic: bytes = b"ustar\00000"
) -> bytes:
    """A header of a tar file with its sum."""
    number = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
    head = name.ljust(100, b"\0") + b"%07o\0" % mode + b"0000000\0" * 2 + number + b"%011o\0" % 0
    head += b" " * 8 + kind + link.ljust(100, b"\0") + magic
    head = head.ljust(512, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def tar_member(name: bytes, content: bytes = b"", kind: bytes = b"0", **said: int | bytes) -> bytes:
    """A header and the bytes, filled up to a block."""
    padding = b"\0" * (-len(content) % 512)
    return tar_header(name, len(content), kind, **said) + content + padding  # type: ignore[arg-type]


def pax(kind: bytes = b"x", **said: str) -> bytes:
    """An extension by POSIX.1-2001: each record states its own length."""
    return tar_member(b"extension", b"".join(pax_record(key, value.encode()) for key, value in said.items()), kind)


def pax_record(key: str, value: bytes) -> bytes:
    """One record of an extension."""
    rest = b" " + key.encode() + b"=" + value + b"\n"
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


END = b"\0" * 1024


def tar(*parts: bytes, end: bytes = END) -> bytes:
    """A tar file of members as made by the functions above."""
    return b"".join(parts) + end


@dataclass(slots=True)
class Taken:
    """What was read of an archive: path → bytes (or their number), and what is wrong with it."""

    files: dict[str, bytes] = field(default_factory=dict)
    troubles: set[ArchiveTrouble] = field(default_factory=set)
    details: list[str] = field(default_factory=list)


def taken(path: Path, limits: Limits | None = None, *, keep: bool = True) -> Taken:
    """Read an archive to its end as whoever validates it would."""
    found = Taken()
    with Archive(path, limits or Limits()) as archive:
        for name, pieces in _each(archive, found):
            try:
                parts = [piece if keep else b"" for piece in pieces]
                found.files[name] = b"".join(parts)
            except MemberDamaged as error:
                found.troubles.add(ArchiveTrouble.DAMAGED)
                found.details.append(error.message)
        for fault in archive.faults.all():
            found.troubles.add(fault.trouble)
            found.details.append(f"{fault.path}: {fault.detail}")
    return found


def _each(archive: Archive, found: Taken) -> Iterator[tuple[str, Iterable[bytes]]]:
    if archive.kind.is_stream:
        for member, pieces in archive.stream():
            yield member.path, pieces
        return
    for member in archive.members():
        yield member.path, archive.pieces(member)


def packed(content: bytes, suffix: str) -> bytes:
    """A tar file as it is, or compressed as its suffix says."""
    if suffix == "tar.gz":
        return gzip.compress(content, mtime=0)
    if suffix == "tar.zst":
        from backports import zstd

        return zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1})
    return content
