"""Whether a file ends as its format ends: a copy that broke off is told by its last bytes, without reading the others.

TIFF, JPEG 2000, PNG and JPEG are judged to their last byte by archiver.imaging, and are left out here.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from archiver.formats import ole, packed, zipped
from archiver.imaging.octets import EndsEarly

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.imaging.octets import Octets

_PDF_END = 2048  # bytes before the end in which a PDF has its end mark; readers take 1,024
_XML_END = 4096


def damage(octets: Octets, head: bytes) -> str:
    """What shows that a file is not whole, in a clause; empty when nothing does."""
    for begins, judge in _JUDGES:
        if begins(head):
            try:
                return judge(octets, head)
            except (EndsEarly, struct.error):
                return "it is shorter than its own header"
    return ""


def _zip(octets: Octets, _head: bytes) -> str:
    return zipped.read_directory(octets).fault


def _pdf(octets: Octets, _head: bytes) -> str:
    tail = octets.some(max(0, octets.size - _PDF_END), _PDF_END)
    return "" if b"%%EOF" in tail else "a PDF without its end mark (%%EOF)"


def _gif(octets: Octets, _head: bytes) -> str:
    tail = octets.some(max(0, octets.size - 512), 512).rstrip(b"\0")
    return "" if tail.endswith(b";") else "a GIF without its trailer"


def _riff(octets: Octets, head: bytes) -> str:
    (size,) = struct.unpack_from("<I", head, 4)
    if size in {0, 0xFFFFFFFF} or octets.size >= size + 8:
        return ""  # 0 and all ones: written as a stream, the size unknown
    return f"its header states {size + 8:,} bytes, it has {octets.size:,}"


def _bmp(octets: Octets, head: bytes) -> str:
    (size,) = struct.unpack_from("<I", head, 2)
    return "" if octets.size >= size else f"its header states {size:,} bytes, it has {octets.size:,}"


def _ole(octets: Octets, head: bytes) -> str:
    (shift,) = struct.unpack_from("<H", head, 30)
    if shift not in {9, 12}:
        return "its header states sectors of no known size"
    try:
        ole.Compound(octets)
    except (ValueError, EndsEarly):
        return "its directory does not lie within the file"
    return ""


def _seven_zip(octets: Octets, _head: bytes) -> str:
    end = packed.seven_zip_end(octets)
    if end is None or octets.size < end:
        return f"its header states {end:,} bytes, it has {octets.size:,}" if end else "its header is cut"
    return ""


def _gzip(octets: Octets, _head: bytes) -> str:
    return "" if octets.size >= 18 else "it is shorter than an empty GZIP file"


def _xml(octets: Octets, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    tail = octets.some(max(0, octets.size - _XML_END), _XML_END).rstrip(b" \t\r\n\0")
    return "" if not tail or tail.endswith(b">") else "an XML document that does not end with a tag"


_JUDGES: tuple[tuple[Callable[[bytes], bool], Callable[[Octets, bytes], str]], ...] = (
    (lambda head: head.startswith(zipped.BEGINNINGS), _zip),
    (lambda head: b"%PDF-" in head[:1024], _pdf),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda head: head[:4] == b"RIFF" and len(head) >= 12, _riff),
    (lambda head: head[:2] == b"BM" and head[6:10] == bytes(4), _bmp),
    (lambda head: head.startswith(ole.MAGIC), _ole),
    (lambda head: head.startswith(packed.SEVEN_ZIP), _seven_zip),
    (lambda head: head.startswith(b"\x1f\x8b\x08"), _gzip),
    (lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"), _xml),
)
