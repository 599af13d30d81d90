"""Archives written in one pass, the same bytes every time: fixed dates and rights, members in the order given.

A zip holds its members stored: what a newspaper is made of hardly compresses, and stored bytes can be read anywhere.
Sizes and offsets beyond 4 GiB, and more than 65,535 members, are written as zip64.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING, Any, Protocol, Self

from archiver.archives.opening import zstandard
from archiver.archives.tarring import TarFormat
from archiver.errors import SourceChanged
from archiver.fixity.measure import failure
from archiver.fixity.reading import WRITING
from archiver.model.archive import ArchiveKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

BUFFER = 1 << 20  # bytes gathered before they are written
GZIP_LEVEL, ZSTD_LEVEL = 6, 3
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF
_NO_TIME, _FIRST_DAY = 0, 0x0021  # 1980-01-01: a zip cannot say "no date"
_UTF_8, _PLAIN, _WIDE = 0x0800, 20, 45  # flag; versions needed to read it
_FILE, _FOLDER = 0o100644 << 16, (0o040755 << 16) | 0x10


class Output:
    """The archive's file: bytes gathered and written, and patched where a size is known only afterwards."""

    def __init__(self, path: Path) -> None:
        """Raises DestinationTaken or StorageError."""
        self._path = path
        self._buffer = bytearray()
        self._written = 0
        try:
            self._descriptor = os.open(path, WRITING, 0o644)
        except OSError as error:
            raise failure(error, path, "writing") from error

    @property
    def at(self) -> int:
        """Where the next byte goes."""
        return self._written + len(self._buffer)

    def write(self, content: bytes | memoryview) -> None:
        """More bytes. Raises StorageError."""
        self._buffer += content
        if len(self._buffer) >= BUFFER:
            self.flush()

    def patch(self, place: int, content: bytes) -> None:
        """Bytes over others that were written. Raises StorageError."""
        self.flush()
        try:
            os.pwrite(self._descriptor, content, place)
        except OSError as error:
            raise failure(error, self._path, "writing") from error

    def flush(self) -> None:
        """Write what was gathered. Raises StorageError."""
        view = memoryview(self._buffer)
        try:
            while view:
                done = os.write(self._descriptor, view)
                self._written += done
                view = view[done:]
        except OSError as error:
            raise failure(error, self._path, "writing") from error
        finally:
            view.release()
        self._buffer = bytearray()

    def finish(self) -> None:
        """Write everything and put it on the disk. Raises StorageError."""
        self.flush()
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise failure(error, self._path, "writing") from error

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _zstandard_compressor() -> Any:
    library = zstandard()
    option = library.CompressionParameter
    return library.ZstdCompressor(options={option.compression_level: ZSTD_LEVEL, option.checksum_flag: 1})


class Packed:
    """An output that compresses what it is given."""

    def __init__(self, output: Output, kind: ArchiveKind) -> None:
        self._output = output
        self._compressor: Any = (
            zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31) if kind is ArchiveKind.TAR_GZ else _zstandard_compressor()
        )

    def write(self, content: bytes | memoryview) -> None:
        """More bytes. Raises StorageError."""
        self._output.write(self._compressor.compress(content))

    def finish(self) -> None:
        """Compress what is left. Raises StorageError."""
        self._output.write(self._compressor.flush())


class Format(Protocol):
    """What an archive of one kind is written by."""

    def begin(self, path: str, size: int, content: bytes | None) -> None:
        """Begin a member of `size` bytes; `content` has them when they are at hand."""

    def take(self, piece: bytes | memoryview) -> None:
        """Some of its bytes."""

    def end(self) -> None:
        """Its bytes are all there."""

    def folder(self, path: str) -> None:
        """A member that is a folder."""

    def finish(self) -> None:
        """There are no more members."""


class ArchiveWriter:
    """An archive in the making, at a path where nothing stands. A context manager; what it leaves is whole only after
    `finish`.
    """

    def __init__(self, path: Path, kind: ArchiveKind) -> None:
        """Raises DestinationTaken, StorageError, or UsageError when a library is missing."""
        self._output = Output(path)
        try:
            self._packed = Packed(self._output, kind) if kind.is_stream else None
        except BaseException:
            self._output.close()
            path.unlink(missing_ok=True)
            raise
        self._format: Format = (
            ZipFormat(self._output) if kind is ArchiveKind.ZIP else TarFormat(self._packed or self._output)
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._output.close()

    def folder(self, path: str) -> None:
        """Add a folder. Raises StorageError."""
        self._format.folder(path)

    def add(self, path: str, content: bytes) -> None:
        """Add a file whose bytes are at hand. Raises StorageError."""
        self._format.begin(path, len(content), content)
        self._format.take(content)
        self._format.end()

    def add_pieces(self, path: str, size: int, pieces: Iterable[bytes | memoryview]) -> None:
        """Add a file of `size` bytes. Raises SourceChanged when the pieces have more or fewer, StorageError."""
        self._format.begin(path, size, None)
        left = size
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                break
            self._format.take(piece)
        if left:
            raise SourceChanged(
                f"{path} changed while it was read.", remedy="Wait until nothing writes to it, then run again."
            )
        self._format.end()

    def finish(self) -> None:
        """Write what ends the archive, and put it on the disk. Raises StorageError."""
        self._format.finish()
        if self._packed is not None:
            self._packed.finish()
        self._output.finish()


class ZipFormat:
    """A zip file (APPNOTE 6.3): stored members, names in UTF-8."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._directory: list[bytes] = []
        self._name = b""
        self._offset = self._size = self._crc = 0
        self._known = False

    def begin(self, path: str, size: int, content: bytes | None) -> None:
        """Begin a member."""
        self._name, self._size, self._offset = path.encode("utf-8"), size, self._output.at
        self._known = content is not None
        self._crc = zlib.crc32(content) if content is not None else 0
        wide = size >= _FULL
        extra = struct.pack("<2H2Q", 1, 16, size, size) if wide else b""
        shown = _FULL if wide else size
        header = (b"PK\3\4", _WIDE if wide else _PLAIN, _UTF_8, 0, _NO_TIME, _FIRST_DAY, self._crc, shown, shown)
        self._output.write(struct.pack("<4s5H3L2H", *header, len(self._name), len(extra)) + self._name + extra)

    def take(self, piece: bytes | memoryview) -> None:
        """Some of its bytes."""
        if not self._known:
            self._crc = zlib.crc32(piece, self._crc)
        self._output.write(piece)

    def end(self) -> None:
        """Its bytes are all there: its CRC goes where it was left open."""
        if not self._known and self._crc:
            self._output.patch(self._offset + 14, struct.pack("<L", self._crc))
        self._list(_FILE)

    def folder(self, path: str) -> None:
        """A member that is a folder: its name ends in a slash."""
        self.begin(f"{path}/", 0, b"")
        self._list(_FOLDER)

    def finish(self) -> None:
        """The directory, and the records that lead to it."""
        start = self._output.at
        for entry in self._directory:
            self._output.write(entry)
        count, end = len(self._directory), self._output.at
        if count >= _MANY or end - start >= _FULL or start >= _FULL:
            made = (b"PK\6\6", 44, 3 << 8 | _WIDE, _WIDE, 0, 0, count, count, end - start, start)
            self._output.write(struct.pack("<4sQ2H2L4Q", *made))
            self._output.write(struct.pack("<4sLQL", b"PK\6\7", 0, end, 1))
        shown = min(count, _MANY)
        ending = (b"PK\5\6", 0, 0, shown, shown, min(end - start, _FULL), min(start, _FULL), 0)
        self._output.write(struct.pack("<4s4H2LH", *ending))

    def _list(self, attributes: int) -> None:
        wide = [value for value in (self._size, self._size, self._offset) if value >= _FULL]
        extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        needs = _WIDE if wide else _PLAIN
        size, offset = min(self._size, _FULL), min(self._offset, _FULL)
        entry = (b"PK\1\2", 3 << 8 | needs, needs, _UTF_8, 0, _NO_TIME, _FIRST_DAY, self._crc, size, size)
        rest = (len(self._name), len(extra), 0, 0, 0, attributes, offset)
        self._directory.append(struct.pack("<4s6H3L5H2L", *entry, *rest) + self._name + extra)
