"""Parts of a file read as files are: the members of an archive, digested where they lie, inflated if need be."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from archiver.fixity import reading

# The file, the bytes to expect, where they begin and how many they are there, whether they are deflated, and their
# CRC-32 or -1.
Part = tuple[bytes, int, int, int, bool, int]


def read_parts(
    parts: Sequence[Part], manner: reading.Manner, told: reading.Told = lambda _size: None
) -> list[reading.Result]:
    """Read parts of one file: digested and counted; inflated, and the CRC checked, where they are deflated."""
    path, descriptor = parts[0][0], -1
    try:
        descriptor = os.open(path, reading.READING)
        before = os.fstat(descriptor)
        reading.refuse(before, None)
        results = [_read(descriptor, part, manner, told) for part in parts]
        if reading.stamp_of(os.fstat(descriptor)) != reading.stamp_of(before):
            return [(reading.CHANGED,)] * len(parts)
        return results
    except OSError as error:
        return [(reading.FAILED, error.errno or 0, "reading", path)] * len(parts)
    except reading.Ended as early:
        return [early.result] * len(parts)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _read(descriptor: int, part: Part, manner: reading.Manner, told: reading.Told) -> reading.Result:
    path, expected, offset, length, deflated, crc = part
    names, head_size, _sync, _apart = manner
    try:
        if deflated or length >= reading.CHUNK:
            return _read_in_pieces(descriptor, part, manner, told)
        content = b"".join(stored(descriptor, offset, length))
    except OSError as error:
        return reading.FAILED, error.errno or 0, "reading", path
    except zlib.error as error:
        return reading.DAMAGED, str(error)
    if len(content) != expected or (crc >= 0 and zlib.crc32(content) != crc):
        return _damaged(len(content), zlib.crc32(content), part)
    told(expected)
    digests = tuple([hashlib.new(name, content, usedforsecurity=False).digest() for name in names])
    return reading.READ, expected, digests, content[:head_size]


def _read_in_pieces(descriptor: int, part: Part, manner: reading.Manner, told: reading.Told) -> reading.Result:
    _path, expected, offset, length, deflated, crc = part
    names, head_size, _sync, apart = manner
    digests = [hashlib.new(name, usedforsecurity=False) for name in names]
    size, head, found = 0, b"", 0
    with reading.way_of(digests, apart) as way:
        for piece in _inflated_to(way, descriptor, part) if deflated else _stored_to(way, descriptor, offset, length):
            size += len(piece)
            if size > expected:
                break
            if len(head) < head_size:
                head += bytes(piece[: head_size - len(head)])
            found = zlib.crc32(piece, found) if crc >= 0 else crc
            way.take(piece)
            told(len(piece))
    if size != expected or (crc >= 0 and found != crc):
        return _damaged(size, found, part)
    return reading.READ, size, tuple([digest.digest() for digest in digests]), head


def _damaged(size: int, found: int, part: Part) -> reading.Result:
    if size != part[1]:
        return reading.DAMAGED, f"the archive states {part[1]} bytes, and has {'more' if size > part[1] else size}"
    return reading.DAMAGED, f"its CRC is {found:08x}, the archive states {part[5]:08x}"


class _Way(Protocol):
    """How pieces get to the digests (reading.way_of)."""

    def buffer(self) -> memoryview:
        """Where the next piece goes, once the digests have kept pace."""


def _stored_to(way: _Way, descriptor: int, offset: int, length: int) -> Iterator[memoryview]:
    while length:
        buffer = way.buffer()[: min(reading.CHUNK, length)]
        count = os.preadv(descriptor, [buffer], offset)
        if not count:
            return
        offset, length = offset + count, length - count
        yield buffer[:count]


def _inflated_to(way: _Way, descriptor: int, part: Part) -> Iterator[memoryview]:
    for piece in inflated(descriptor, part[2], part[3]):
        way.buffer()  # the bytes have a place of their own; it is the digests that are waited for
        yield memoryview(piece)


def stored(descriptor: int, offset: int, length: int) -> Iterator[bytes]:
    """The bytes as they lie there, a piece at a time. Raises OSError."""
    while length and (piece := os.pread(descriptor, min(reading.CHUNK, length), offset)):
        offset, length = offset + len(piece), length - len(piece)
        yield piece


def inflated(descriptor: int, offset: int, length: int) -> Iterator[bytes]:
    """The bytes inflated, never more than a piece at a time, whatever they make of themselves. Raises zlib.error."""
    inflater = zlib.decompressobj(-15)
    for packed in stored(descriptor, offset, length):
        if inflater.eof:
            raise zlib.error("bytes stand behind its end")
        while packed and not inflater.eof:
            yield inflater.decompress(packed, reading.CHUNK)
            packed = inflater.unconsumed_tail
    while not inflater.eof and (rest := inflater.decompress(b"", reading.CHUNK)):
        yield rest
    if not inflater.eof:
        raise zlib.error("its bytes end too early")
    if inflater.unused_data:
        raise zlib.error("bytes stand behind its end")
