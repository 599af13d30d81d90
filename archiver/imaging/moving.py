"""GIF and WebP: recognised, measured and counted, so that they can be told from formats that pages are kept in."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from archiver.imaging.octets import EndsEarly
from archiver.model.imaging import ColourSpace, Compression, ImageFormat, ImageTrouble

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

MOST_BLOCKS = 2_000_000
_NOTE = "pixels of {} are not decoded"


def examine(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """What a GIF or WebP states, and whether its blocks go to its end."""
    sketch.decoding_note = _NOTE.format(sketch.format.title)
    try:
        if sketch.format is ImageFormat.GIF:
            _gif(octets, sketch)
        else:
            _webp(octets, sketch)
    except EndsEarly as early:
        sketch.fault(ImageTrouble.TRUNCATED, str(early), early.offset)
    if sketch.width * sketch.height > limits.pixels:
        told = f"it is {sketch.width} by {sketch.height} pixels; the limit is {limits.pixels} pixels"
        sketch.fault(ImageTrouble.OVERSIZE, told)
    if sketch.frames > 1:
        sketch.fault(ImageTrouble.ANIMATED, f"it is an animation of {sketch.frames} frames")


def _gif(octets: Octets, sketch: Sketch) -> None:
    mark = octets.at(0, 13)
    sketch.version = mark[3:6].decode("ascii", "replace")
    sketch.width, sketch.height, flags = struct.unpack_from("<HHB", mark, 6)
    sketch.colour, sketch.samples = ColourSpace.PALETTE, 1
    sketch.bits = ((flags & 7) + 1,)
    sketch.compression = Compression("LZW", True)
    place = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    for _ in range(MOST_BLOCKS):
        (kind,) = octets.unpack("B", place)
        if kind == 0x3B:
            return
        if kind == 0x21:
            place = _blocks(octets, place + 2)
        elif kind == 0x2C:
            sketch.frames += 1
            (local,) = octets.unpack("B", place + 9)
            place = _blocks(octets, place + 11 + (3 << ((local & 7) + 1) if local & 0x80 else 0))
        else:
            sketch.fault(ImageTrouble.DAMAGED, f"no block begins at {place}", place)
            return
    sketch.fault(ImageTrouble.OVERSIZE, f"it has more than {MOST_BLOCKS} blocks", place)


def _blocks(octets: Octets, place: int) -> int:
    """The place after a row of sub-blocks. Raises EndsEarly."""
    for _ in range(MOST_BLOCKS):
        (length,) = octets.unpack("B", place)
        place += 1 + length
        if not length:
            return place
    raise EndsEarly(place, 1, octets.size)


def _webp(octets: Octets, sketch: Sketch) -> None:
    (size,) = octets.unpack("<I", 4)
    end = 8 + size
    sketch.bits, sketch.samples, sketch.colour = (8, 8, 8), 3, ColourSpace.SRGB
    place = 12
    for _ in range(MOST_BLOCKS):
        if place >= min(end, octets.size) - 7:
            break
        kind, length = octets.at(place, 4), octets.unpack("<I", place + 4)[0]
        if kind == b"VP8X":
            body = octets.at(place + 8, 10)
            sketch.width = int.from_bytes(body[4:7], "little") + 1
            sketch.height = int.from_bytes(body[7:10], "little") + 1
        elif kind in {b"VP8 ", b"VP8L"}:
            sketch.frames += 1
            _picture(octets, kind, place + 8, sketch)
        elif kind == b"ANMF":
            sketch.frames += 1
        place += 8 + length + length % 2
    if end > octets.size or place > octets.size + 1:
        raise EndsEarly(0, max(end, place), octets.size)


def _picture(octets: Octets, kind: bytes, place: int, sketch: Sketch) -> None:
    if kind == b"VP8L":
        (packed,) = octets.unpack("<I", place + 1)
        size = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        sketch.compression = Compression("WebP", True)
    else:
        across, down = octets.unpack("<HH", place + 6)
        size = across & 0x3FFF, down & 0x3FFF
        sketch.compression = Compression("WebP", False)
    if not sketch.width:
        sketch.width, sketch.height = size
