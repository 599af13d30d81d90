"""JPEG 2000 (ISO/IEC 15444-1): the boxes of a JP2 file, and the codestream to its end, tile part by tile part."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

from archiver.imaging import camera, codestream
from archiver.imaging.icc import LARGEST, profile_name
from archiver.imaging.octets import EndsEarly
from archiver.model.imaging import ColourSpace, ImageFormat, ImageTrouble, Resolution, ResolutionUnit

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
MOST_BOXES = 10_000
_ENUMERATED = {16: ColourSpace.SRGB, 17: ColourSpace.BLACK_IS_ZERO, 18: ColourSpace.SYCC, 12: ColourSpace.CMYK,
               14: ColourSpace.CIELAB, 0: ColourSpace.WHITE_IS_ZERO, 15: ColourSpace.WHITE_IS_ZERO}  # fmt: skip
_EXIF = bytes.fromhex("4a706754696666457869662d3e4a5032")  # "JpgTiffExif->JP2"


class _Bad(Exception):
    """Boxes that are none; the message is a clause."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def examine(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """Everything about a JP2 file or a bare codestream; problems go into the sketch."""
    sketch.frames = 1
    try:
        if sketch.format is ImageFormat.J2K:
            codestream.examine(octets, 0, octets.size, sketch, limits)
        else:
            _file(octets, sketch, limits)
    except EndsEarly as early:
        sketch.fault(ImageTrouble.TRUNCATED, str(early), early.offset)
    except (_Bad, codestream.Malformed) as wrong:
        sketch.fault(ImageTrouble.DAMAGED, str(wrong), wrong.offset)
    except struct.error as wrong:
        sketch.fault(ImageTrouble.DAMAGED, f"a box is too short ({wrong})")


def _file(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    found: tuple[int, int] | None = None
    place = 0
    for _ in range(MOST_BOXES):
        if place == octets.size:
            break
        kind, start, end = _box(octets, place, octets.size)
        if kind == b"ftyp" and octets.some(start, 4) == b"jpx ":
            sketch.format = ImageFormat.JPX
        elif kind == b"jp2h":
            _header(octets, start, end, sketch)
        elif kind == b"jp2c" and found is None:
            found = (start, end)
        elif kind == b"uuid" and octets.some(start, 16) == _EXIF:
            camera.note_exif(sketch, octets.some(start + 16, min(end - start - 16, 1 << 20)))
        place = end
    else:
        sketch.fault(ImageTrouble.OVERSIZE, f"it has more than {MOST_BOXES} boxes", place)
        return
    if found is None:
        sketch.fault(ImageTrouble.TRUNCATED, "it has no codestream (jp2c)", place)
        return
    codestream.examine(octets, *found, sketch, limits)


def _box(octets: Octets, place: int, limit: int) -> tuple[bytes, int, int]:
    """Type, begin of the content and end of the box at `place`. Raises EndsEarly where it leaves the file."""
    length, kind = struct.unpack(">I4s", octets.at(place, 8))
    start = place + 8
    if length == 1:
        (length,) = octets.unpack(">Q", start)
        start += 8
    end = limit if length == 0 else place + length
    if end < start:
        raise _Bad(f"a box at {place} has a length of {length}", place)
    if end > limit and kind != b"jp2c":
        raise EndsEarly(place, length, limit)
    return kind, start, min(end, limit + 1)


def _header(octets: Octets, place: int, end: int, sketch: Sketch) -> None:
    """The boxes of jp2h (Annex I.5.3)."""
    for _ in range(MOST_BOXES):
        if place >= end:
            return
        kind, start, after = _box(octets, place, end)
        data = octets.some(start, min(after - start, LARGEST))
        if kind == b"colr" and sketch.colour is None:
            _colour(data, sketch)
        elif kind == b"pclr":
            sketch.colour = ColourSpace.PALETTE
        elif kind == b"cdef" and len(data) >= 2:
            (count,) = struct.unpack_from(">H", data)
            kinds = [struct.unpack_from(">H", data, 4 + 6 * index)[0] for index in range(min(count, 64))]
            sketch.alpha = sum(kind in {1, 2} for kind in kinds)
        elif kind == b"res ":
            _resolutions(octets, start, after, sketch)
        place = after


def _colour(data: bytes, sketch: Sketch) -> None:
    method = data[0] if data else 0
    if method == 1 and len(data) >= 7:
        (number,) = struct.unpack_from(">I", data, 3)
        sketch.colour = _ENUMERATED.get(number, ColourSpace.OTHER)
        sketch.colour_name = f"enumerated colour space {number}" if sketch.colour is ColourSpace.OTHER else ""
    elif method in {2, 3}:
        sketch.icc_profile = profile_name(data[3:])
        spaces = {b"GRAY": ColourSpace.BLACK_IS_ZERO, b"RGB ": ColourSpace.RGB, b"CMYK": ColourSpace.CMYK,
                  b"Lab ": ColourSpace.CIELAB, b"YCbr": ColourSpace.YCBCR}  # fmt: skip
        sketch.colour = spaces.get(data[19:23], ColourSpace.OTHER)
        if sketch.colour is ColourSpace.OTHER:
            sketch.colour_name = f"ICC colour space {data[19:23].decode('ascii', 'replace').strip()}"


def _resolutions(octets: Octets, place: int, end: int, sketch: Sketch) -> None:
    """Resolution of capture, else the one to show it by, in pixels by metre (Annex I.5.3.7)."""
    shown = None
    while place < end:
        kind, start, place = _box(octets, place, end)
        if kind not in {b"resc", b"resd"}:
            continue
        down, down_by, across, across_by, down_power, across_power = struct.unpack(">HHHHbb", octets.at(start, 10))
        if not (down and down_by and across and across_by):
            continue
        told = Resolution(
            Fraction(across, across_by) * Fraction(10) ** across_power / 100,
            Fraction(down, down_by) * Fraction(10) ** down_power / 100,
            ResolutionUnit.CENTIMETRE,
        )
        if kind == b"resc":
            sketch.resolution = told
        else:
            shown = told
    sketch.resolution = sketch.resolution or shown
