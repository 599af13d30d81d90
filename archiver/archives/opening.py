"""An archive opened for reading: known by its bytes, not its name; its members listed and read, never unpacked."""

from __future__ import annotations

import importlib
import os
import stat
import zlib
from typing import TYPE_CHECKING, Any, Self

from archiver.archives import tarred, zipped
from archiver.archives.faults import Faults
from archiver.errors import ArchiverError, UnreadableInput, UsageError
from archiver.fixity import parts
from archiver.fixity.measure import failure, open_regular
from archiver.model.archive import ArchiveKind, ArchiveTrouble, Limits, Member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

PIECE = 1 << 20  # bytes read at once
_PACKED = 1 << 16  # bytes of a compressed archive taken at once
_MOST_EMPTY = 1000  # compressed parts that hold nothing: each costs as much as one that holds something
_NO_LIMITS = Limits()


class MemberDamaged(ArchiverError):
    """The bytes of a member are not those that the archive says, or are not all there."""


class Archive:
    """An open archive. `members` lists it, `pieces` reads a member of it, `stream` all of them in their order.

    What is wrong with it is in `faults`, the longer it is read the more. A context manager.
    """

    def __init__(self, path: Path, limits: Limits = _NO_LIMITS) -> None:
        """Raises UnreadableInput when there is no archive of a known kind, StorageError when it cannot be read."""
        self.path, self._limits = path, limits
        self.faults = Faults()
        self._descriptor = open_regular(path)
        try:
            self.size = os.fstat(self._descriptor).st_size
            kind = kind_of(os.pread(self._descriptor, tarred.BLOCK, 0))
        except OSError as error:
            os.close(self._descriptor)
            raise failure(error, path, "reading") from error
        if kind is None:
            os.close(self._descriptor)
            raise UnreadableInput(
                f"{path} is neither a folder nor an archive (zip, tar, tar.gz, tar.zst).",
                remedy="Name the folder or the archive that holds the bag.",
            )
        self.kind = kind

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def members(self) -> list[Member]:
        """The members of an archive that can be read in any order. Raises StorageError."""
        try:
            if self.kind is ArchiveKind.ZIP:
                return zipped.read_directory(self._descriptor, self.size, self.faults, self._limits)
            return list(tarred.members(_Plain(self._descriptor, self.size), self.faults, self._limits))
        except OSError as error:
            raise failure(error, self.path, "reading") from error

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member. Raises MemberDamaged when they are not what the archive says, StorageError."""
        size = crc = 0
        read = parts.inflated if member.deflated else parts.stored
        try:
            for piece in read(self._descriptor, member.offset, member.stored):
                size += len(piece)
                if size > member.size:
                    break
                crc = zlib.crc32(piece, crc) if member.crc >= 0 else 0
                yield piece
        except OSError as error:
            raise failure(error, self.path, "reading") from error
        except zlib.error as error:
            raise MemberDamaged(f"{member.path}: {error}.") from error
        if size != member.size:
            raise MemberDamaged(f"{member.path}: the archive states {member.size} bytes, and has {size}.")
        if member.crc >= 0 and crc != member.crc:
            raise MemberDamaged(f"{member.path}: its CRC is {crc:08x}, stated is {member.crc:08x}.")

    def stream(self, *, again: bool = False) -> Iterator[tuple[Member, Iterator[bytes]]]:
        """The members of a tar file in their order, each with its bytes, to be taken before the next. As `pieces`.

        When it is read `again`, its faults are known already.
        """
        faults = Faults() if again else self.faults
        going: _Plain | _Unpacked = _Plain(self._descriptor, self.size)
        if self.kind.is_stream:
            going = _Unpacked(self._descriptor, self.size, self.kind, faults)
        try:
            for member in tarred.members(going, faults, self._limits):
                yield member, _taken(going, member.size)
        except OSError as error:
            raise failure(error, self.path, "reading") from error


def kind_of(head: bytes) -> ArchiveKind | None:
    """The kind of an archive by its first 512 bytes; None when it is none that is read."""
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return ArchiveKind.ZIP
    if head.startswith(b"\x1f\x8b\x08"):
        return ArchiveKind.TAR_GZ
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return ArchiveKind.TAR_ZST
    if len(head) == tarred.BLOCK and (head[257:262] == b"ustar" or _is_old_tar(head)):
        return ArchiveKind.TAR
    return None


def is_archive(path: Path) -> bool:
    """Whether a regular file of an archive's kind lies there. Nothing is followed, and no special file opened."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        descriptor = open_regular(path)
        try:
            return kind_of(os.pread(descriptor, tarred.BLOCK, 0)) is not None
        finally:
            os.close(descriptor)
    except (OSError, ArchiverError):
        return False


def zstandard() -> Any:
    """The library that reads and writes Zstandard. Raises UsageError where there is none."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise UsageError("Zstandard archives need a library that is not installed.", remedy="pip install 'archiver[zstd]'")


def _is_old_tar(head: bytes) -> bool:
    digits = head[148:156].strip(b" \0")
    if not digits.isdigit() or set(digits) & set(b"89") or not head[0]:
        return False
    return int(digits, 8) == sum(head[:148] + b" " * 8 + head[156:])


def _taken(going: _Plain | _Unpacked, length: int) -> Iterator[bytes]:
    while length and (piece := going.some(min(PIECE, length))):
        length -= len(piece)
        yield piece


class _Plain:
    """The bytes of a tar file as they lie on the disk; passing over them reads nothing."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor, self._size = descriptor, size
        self.at, self.packed = 0, size

    def read(self, length: int) -> bytes:
        """So many bytes, fewer only at the end."""
        content = os.pread(self._descriptor, length, self.at)
        while 0 < len(content) < length:
            more = os.pread(self._descriptor, length - len(content), self.at + len(content))
            if not more:
                break
            content += more
        self.at += len(content)
        return content

    some = read

    def skip(self, length: int) -> int:
        """Pass over so many bytes; how many there were."""
        there = max(0, min(length, self._size - self.at))
        self.at += there
        return there


class _Unpacked:
    """The bytes of a compressed tar file. Never more than a few pieces of it are held."""

    def __init__(self, descriptor: int, size: int, kind: ArchiveKind, faults: Faults) -> None:
        self._descriptor, self._faults = descriptor, faults
        self._zstd = zstandard() if kind is ArchiveKind.TAR_ZST else None
        self._decompressor: Any = self._new()
        self._input = b""
        self._begun = self._gave = self._ended = False  # of the compressed part that is read; of all
        self._empty = 0  # compressed parts that held nothing
        self._place = 0  # in the archive
        self._piece, self._taken = b"", 0  # decompressed, and how much of it was taken
        self.at, self.packed = 0, size

    def some(self, most: int) -> bytes:
        """Some bytes, as many as are at hand, none only at the end."""
        if self._taken == len(self._piece):
            self._piece, self._taken = self._next(), 0
        piece = self._piece[self._taken : self._taken + most]
        self._taken += len(piece)
        self.at += len(piece)
        return piece

    def read(self, length: int) -> bytes:
        """So many bytes, fewer only at the end."""
        content = self.some(length)
        while len(content) < length and (more := self.some(length - len(content))):
            content += more
        return content

    def skip(self, length: int) -> int:
        """Pass over so many bytes; how many there were."""
        passed = 0
        while passed < length and (piece := self.some(min(PIECE, length - passed))):
            passed += len(piece)
        return passed

    def _new(self) -> Any:
        return self._zstd.ZstdDecompressor() if self._zstd else zlib.decompressobj(31)

    def _next(self) -> bytes:
        """The next piece, b"" at the end; what is wrong with the archive is noted once, and is its end."""
        try:
            while not self._ended:
                if self._decompressor.eof:
                    self._begin_another()
                wants = self._zstd is None or self._decompressor.needs_input
                if wants and not self._input:
                    self._input = os.pread(self._descriptor, _PACKED, self._place)
                    self._place += len(self._input)
                is_last = wants and not self._input
                if more := self._decompress(wants):
                    self._gave = True
                    return more
                if is_last and not self._decompressor.eof:
                    self._end(ArchiveTrouble.TRUNCATED if self._begun else None, "it ends within its compressed bytes")
        except (zlib.error, ValueError, EOFError) as error:
            self._end(ArchiveTrouble.DAMAGED, f"it cannot be decompressed: {error}")
        except Exception as error:
            if self._zstd is None or not isinstance(error, self._zstd.ZstdError):
                raise
            self._end(ArchiveTrouble.DAMAGED, f"it cannot be decompressed: {error}")
        return b""

    def _begin_another(self) -> None:
        """The bytes may be compressed in several parts, one behind the other."""
        self._input = self._decompressor.unused_data + self._input
        self._empty += not self._gave
        if self._empty > _MOST_EMPTY:
            self._end(ArchiveTrouble.EXPANDS, f"more than {_MOST_EMPTY:,} compressed parts that hold nothing")
        self._decompressor, self._begun, self._gave = self._new(), False, False

    def _decompress(self, wants: bool) -> bytes:
        taken = b""
        if wants:
            taken, self._input = self._input, b""
        self._begun = self._begun or bool(taken)
        more: bytes = self._decompressor.decompress(taken, PIECE)
        if self._zstd is None:
            self._input = self._decompressor.unconsumed_tail
        return more

    def _end(self, trouble: ArchiveTrouble | None, detail: str) -> None:
        self._ended = True
        if trouble is not None:
            self._faults.add(trouble, "", detail)
