"""A tar file written header by header: ustar, and pax extensions (POSIX.1-2001) where ustar has no room."""

from __future__ import annotations

from typing import Protocol

BLOCK, RECORD = 512, 10240  # bytes
_LONGEST_NAME = 100  # bytes
_LARGEST = 8**11 - 1  # bytes that eleven octal digits can say


class Sink(Protocol):
    """Whatever takes bytes."""

    def write(self, content: bytes | memoryview) -> None:
        """More bytes."""


class TarFormat:
    """Members with neither dates nor owners: the same bytes from the same files."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._written = self._size = 0

    def begin(self, path: str, size: int, content: bytes | None) -> None:  # noqa: ARG002  a tar has no CRC of members
        """Begin a member."""
        self._header(path, size, b"0", 0o644)
        self._size = size

    def take(self, piece: bytes | memoryview) -> None:
        """Some of its bytes."""
        self._write(piece)

    def end(self) -> None:
        """Its bytes are all there: the block is filled."""
        self._write(bytes(-self._size % BLOCK))

    def folder(self, path: str) -> None:
        """A member that is a folder."""
        self._header(f"{path}/", 0, b"5", 0o755)

    def finish(self) -> None:
        """Two empty blocks, and what fills the record."""
        self._write(bytes(2 * BLOCK))
        self._write(bytes(-self._written % RECORD))

    def _header(self, path: str, size: int, kind: bytes, mode: int) -> None:
        name = path.encode("utf-8")
        records = b""
        if len(name) > _LONGEST_NAME or not path.isascii():
            records += _record("path", name)
        if size > _LARGEST:
            records += _record("size", b"%d" % size)
        if records:
            self._write(_block(b"PaxHeader", len(records), b"x", 0o644))
            self._write(records + bytes(-len(records) % BLOCK))
        plain = path.encode("ascii", "replace")[-_LONGEST_NAME:]
        self._write(_block(plain, min(size, _LARGEST), kind, mode))

    def _write(self, content: bytes | memoryview) -> None:
        self._sink.write(content)
        self._written += len(content)


def _block(name: bytes, size: int, kind: bytes, mode: int) -> bytes:
    start = name.ljust(100, b"\0") + b"%07o\0%07o\0%07o\0%011o\0%011o\0" % (mode, 0, 0, size, 0)
    rest = kind + bytes(100) + b"ustar\00000" + bytes(64) + b"%07o\0%07o\0" % (0, 0) + bytes(167)
    total = sum(start) + sum(rest) + 8 * 32
    return start + b"%06o\0 " % total + rest


def _record(key: str, value: bytes) -> bytes:
    """A line of an extension, which begins with its own length."""
    rest = b" " + key.encode("ascii") + b"=" + value + b"\n"
    length = len(rest) + len(str(len(rest)))
    length = len(rest) + len(str(length))
    return b"%d" % length + rest
