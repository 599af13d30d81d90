"""Parts of a file read as files are: the members of an archive, digested where they lie, inflated if need be."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator

from archiver.fixity import reading

# The file, the bytes to expect, where they begin and how many they are there, whether they are deflated, and their
# CRC-32 or -1.
Part = tuple[bytes, int, int, int, bool, int]


def read_part(part: Part, manner: reading.Manner, told: reading.Told = lambda _size: None) -> reading.Result:
    """Read a part of a file: digested and counted; inflated, and its CRC checked, when it is deflated."""
    path, expected, offset, length, deflated, crc = part
    names, head_size, _sync, _apart = manner
    digests = [hashlib.new(name, usedforsecurity=False) for name in names]
    descriptor, size, head, found = -1, 0, b"", 0
    try:
        descriptor = os.open(path, reading.READING)
        before = os.fstat(descriptor)
        reading.refuse(before, None)
        for piece in (inflated if deflated else stored)(descriptor, offset, length):
            size += len(piece)
            if size > expected:
                break
            for digest in digests:
                digest.update(piece)
            found = zlib.crc32(piece, found) if deflated else crc
            if len(head) < head_size:
                head += piece[: head_size - len(head)]
            told(len(piece))
        if reading.stamp_of(os.fstat(descriptor)) != reading.stamp_of(before):
            return (reading.CHANGED,)
    except OSError as error:
        return reading.FAILED, error.errno or 0, "reading", path
    except reading.Ended as early:
        return early.result
    except zlib.error as error:
        return reading.DAMAGED, str(error)
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    if size != expected or (crc >= 0 and found != crc):
        return (
            reading.DAMAGED,
            f"{size} bytes with the CRC {found:08x}, the archive states {expected} and {max(crc, 0):08x}",
        )
    return reading.READ, size, tuple([digest.digest() for digest in digests]), head


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
