"""JPEG files (JFIF, Exif): what their segments state, and whether every marker to EOI is there."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

from archiver.imaging import camera, jpeg_scan
from archiver.imaging.icc import LARGEST, profile_name
from archiver.imaging.jpeg_scan import Malformed, Stream
from archiver.imaging.octets import EndsEarly
from archiver.model.imaging import ColourSpace, Compression, Decoding, ImageTrouble, Resolution, ResolutionUnit

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

# The sum of the luminance table of ITU-T T.81, table K.1, by which encoders with a scale from 1 to 100 multiply.
_STANDARD = 3_685
_PROCESSES = {0xC1: "extended", 0xC2: "progressive", 0xC3: "lossless", 0xC9: "arithmetic", 0xCA: "arithmetic"}


def examine(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """Everything about a JPEG; problems go into the sketch."""
    sketch.frames = 1
    stream = Stream()
    try:
        stream = jpeg_scan.walk(octets, stream)
    except EndsEarly as early:
        sketch.fault(ImageTrouble.TRUNCATED, f"it has no end (EOI): {early}", early.offset)
    except Malformed as wrong:
        sketch.fault(ImageTrouble.DAMAGED, str(wrong), wrong.offset)
    except struct.error as wrong:
        sketch.fault(ImageTrouble.DAMAGED, f"a segment is too short ({wrong})")
    _note(octets, sketch, stream)
    if stream.width * stream.height > limits.pixels:
        sketch.fault(
            ImageTrouble.OVERSIZE,
            f"it is {stream.width} by {stream.height} pixels; the limit is {limits.pixels} pixels",
        )
    if sketch.is_broken:
        return
    if not stream.height:
        sketch.fault(ImageTrouble.DAMAGED, "its height is not stated")
        return
    few = jpeg_scan.too_few(stream)
    if few:
        sketch.fault(ImageTrouble.TRUNCATED, few)
        return
    wrong_here, sketch.decoding_note = jpeg_scan.decode(octets, stream, limits)
    if wrong_here:
        sketch.fault(ImageTrouble.DAMAGED, wrong_here)
    elif not sketch.decoding_note:
        sketch.decoding = Decoding.WHOLE
    _look_behind(octets, sketch, stream.end)


def quality(table: tuple[int, ...]) -> int:
    """The quality from 1 to 100 that makes this table from the standard one, to within a few."""
    scale = 100 * sum(table) / _STANDARD
    return round(max(1.0, min(100.0, (200 - scale) / 2 if scale <= 100 else 5000 / scale)))


def _note(octets: Octets, sketch: Sketch, stream: Stream) -> None:
    """What the segments state."""
    sketch.width, sketch.height = stream.width, stream.height
    sketch.samples = len(stream.components)
    sketch.bits = (stream.precision,) * sketch.samples
    if stream.frame:
        tables = stream.quantisation
        told = [_PROCESSES[stream.frame]] if stream.frame in _PROCESSES else []
        told += [f"about {quality(tables[min(tables)])} of 100"] if tables else []
        if sketch.samples == 3:
            _, across, down = stream.components[0]
            sketch.subsampling = (across, down)
        sketch.compression = Compression("JPEG", stream.frame in {0xC3, 0xC7, 0xCB, 0xCF}, ", ".join(told))
    transform, has_jfif = _applications(octets, sketch, stream)
    if stream.components:
        sketch.colour = _colour(stream, transform, has_jfif)


def _applications(octets: Octets, sketch: Sketch, stream: Stream) -> tuple[int | None, bool]:
    """JFIF, Exif, ICC profile and Adobe's segment; the colour transform, and whether there is JFIF."""
    transform, has_jfif, profile, told = None, False, b"", None
    for marker, offset, length in stream.applications:
        head = octets.some(offset, min(length, 32))
        if marker == 0xE0 and head[:5] == b"JFIF\0" and len(head) >= 12:
            has_jfif, sketch.version = True, f"{head[5]}.{head[6]:02}"
            told = told or _density(head)
        elif marker == 0xE1 and head[:6] == b"Exif\0\0":
            camera.note_exif(sketch, octets.some(offset + 6, length - 6))
        elif marker == 0xE2 and head[:12] == b"ICC_PROFILE\0" and len(profile) < LARGEST:
            profile += octets.some(offset + 14, length - 14)
        elif marker == 0xEE and head[:5] == b"Adobe" and len(head) >= 12:
            transform = head[11]
    if profile:
        sketch.icc_profile = profile_name(profile)
    exif = sketch.resolution
    if told is not None and (told.unit is not ResolutionUnit.NONE or exif is None):
        sketch.resolution = told  # JFIF says it first; Exif where JFIF knows no unit
    return transform, has_jfif


def _density(head: bytes) -> Resolution | None:
    unit, across, down = struct.unpack_from(">BHH", head, 7)
    units = {1: ResolutionUnit.INCH, 2: ResolutionUnit.CENTIMETRE}
    if not across or not down:
        return None
    return Resolution(Fraction(across), Fraction(down), units.get(unit, ResolutionUnit.NONE))


def _colour(stream: Stream, transform: int | None, has_jfif: bool) -> ColourSpace:
    """As decoders tell it: by the number of components, Adobe's transform, and the letters R, G, B."""
    count = len(stream.components)
    if count == 1:
        return ColourSpace.BLACK_IS_ZERO
    if count == 3:
        lettered = [part[0] for part in stream.components] == [82, 71, 66]
        plain = transform == 0 if transform is not None else lettered and not has_jfif
        return ColourSpace.RGB if plain else ColourSpace.YCBCR
    if count == 4:
        return ColourSpace.YCCK if transform == 2 else ColourSpace.CMYK
    return ColourSpace.OTHER


def _look_behind(octets: Octets, sketch: Sketch, end: int) -> None:
    """Bytes after EOI: a second picture, or what somebody put there. Nought bytes are padding."""
    behind = octets.size - end
    if behind and octets.some(end, 4096).strip(b"\0"):
        sketch.fault(ImageTrouble.TRAILING, f"{behind} bytes stand after its end", end)
