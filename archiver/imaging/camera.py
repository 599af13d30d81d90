"""Date, device, orientation and resolution, as TIFF and Exif tags state them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from archiver.imaging import ifd
from archiver.imaging.octets import EndsEarly
from archiver.imaging.sketch import moment, stated
from archiver.model.imaging import CaptureDevice

if TYPE_CHECKING:
    from archiver.imaging.ifd import Directory
    from archiver.imaging.sketch import Sketch

_LONGEST = 1024  # bytes of a tag with words


def note(sketch: Sketch, main: Directory, part: Directory | None) -> None:
    """Take over what the tags state. Tags that cannot be read state nothing."""
    sketch.maker = sketch.maker or stated(main.raw(271, _LONGEST))
    sketch.model = sketch.model or stated(main.raw(272, _LONGEST))
    sketch.software = sketch.software or stated(main.raw(305, _LONGEST))
    sketch.captured = sketch.captured or _captured(main, part)
    if sketch.device is None and part is not None:
        sketch.device = _device(part)
    try:
        orientation = main.number(274)
        if 1 <= orientation <= 8 and not sketch.orientation:
            sketch.orientation = orientation
        if sketch.resolution is None:
            sketch.resolution = ifd.resolution(main)
    except (EndsEarly, ifd.Misshapen, struct.error):
        return


def note_exif(sketch: Sketch, block: bytes) -> None:
    """Take over what an Exif block states."""
    found = ifd.exif(block)
    if found is not None:
        note(sketch, *found)


def _device(part: Directory) -> CaptureDevice | None:
    """FileSource of Exif; else a camera where an aperture or exposure is stated, since no scanner has one."""
    source = part.raw(41728, 1)
    told = {b"\1": CaptureDevice.FILM_SCANNER, b"\2": CaptureDevice.SCANNER, b"\3": CaptureDevice.CAMERA}.get(source)
    if told is None and {33434, 33437} & part.entries.keys():
        return CaptureDevice.CAMERA
    return told


def _captured(main: Directory, part: Directory | None) -> str:
    """DateTimeOriginal or DateTimeDigitized of Exif, with its offset from UTC; else DateTime of TIFF."""
    for tag, zone in ((36867, 36881), (36868, 36882)):
        found = moment(part.raw(tag, 40), stated(part.raw(zone, 10))) if part is not None else ""
        if found:
            return found
    return moment(main.raw(306, 40))
