"""Looking at one image: what format it is by its first bytes, then everything that the format can tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archiver.imaging import jp2, jpeg, moving, png, tiff, validity
from archiver.imaging.octets import Held, opened
from archiver.imaging.sketch import Sketch
from archiver.model.imaging import SUFFIXES, ImageFormat, ImageLimits, ImageTrouble, ResolutionUnit

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.model.imaging import ImageFacts

_LIMITS = ImageLimits()
_MARKS = (
    (b"II*\0", ImageFormat.TIFF),
    (b"MM\0*", ImageFormat.TIFF),
    (b"II+\0", ImageFormat.TIFF),
    (b"MM\0+", ImageFormat.TIFF),
    (jp2.SIGNATURE, ImageFormat.JP2),
    (b"\xff\x4f\xff\x51", ImageFormat.J2K),
    (png.SIGNATURE, ImageFormat.PNG),
    (b"\xff\xd8\xff", ImageFormat.JPEG),
    (b"GIF87a", ImageFormat.GIF),
    (b"GIF89a", ImageFormat.GIF),
)
_EXAMINERS = {
    ImageFormat.TIFF: tiff.examine,
    ImageFormat.JP2: jp2.examine,
    ImageFormat.J2K: jp2.examine,
    ImageFormat.PNG: png.examine,
    ImageFormat.JPEG: jpeg.examine,
    ImageFormat.GIF: moving.examine,
    ImageFormat.WEBP: moving.examine,
}


def format_of(beginning: bytes) -> ImageFormat:
    """The format that the first 12 bytes tell."""
    for mark, found in _MARKS:
        if beginning.startswith(mark):
            return found
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return ImageFormat.WEBP
    return ImageFormat.NONE


def examine(source: Path | bytes, limits: ImageLimits = _LIMITS, *, name: str = "") -> ImageFacts:
    """Everything about an image, and every trouble with it.

    `source` is a file or its bytes; `name` is what it is called, when that is not the name of the file (for bytes: "",
    and no suffix is judged). A file is read once in pieces, and its compressed pixels once more where they are decoded;
    a link, pipe or device is never opened. Raises UnreadableInput, StorageError or SourceChanged, and nothing else:
    whatever is wrong with the image itself is a problem of the facts.
    """
    if isinstance(source, Path):
        with opened(source) as octets:
            return _examined(octets, limits, name or source.name)
    return _examined(Held(source), limits, name)


def _examined(octets: Octets, limits: ImageLimits, name: str) -> ImageFacts:
    sketch = Sketch(format_of(octets.some(0, 12)), octets.size)
    if not octets.size:
        sketch.fault(ImageTrouble.UNRECOGNISED, "the file is empty", 0)
    elif sketch.format is ImageFormat.NONE:
        beginning = octets.some(0, 4).hex(" ")
        sketch.fault(ImageTrouble.UNRECOGNISED, f"it begins with {beginning}, as no known image does", 0)
    elif octets.size > limits.size:
        sketch.fault(ImageTrouble.OVERSIZE, f"it has {octets.size} bytes; the limit is {limits.size} bytes")
    else:
        _EXAMINERS[sketch.format](octets, sketch, limits)
        if sketch.format is ImageFormat.JP2:
            validity.judge(octets, sketch, limits)
        _judge(sketch)
    _judge_name(sketch, name)
    return sketch.facts()


def _judge(sketch: Sketch) -> None:
    """What any format may lack."""
    if not sketch.format.is_archival:
        sketch.fault(ImageTrouble.NOT_ARCHIVAL, f"it is {sketch.format.title}")
    if sketch.width and (sketch.resolution is None or sketch.resolution.unit is ResolutionUnit.NONE):
        told = "no resolution is stated" if sketch.resolution is None else "its resolution is stated without a unit"
        sketch.fault(ImageTrouble.NO_RESOLUTION, told)
    if sketch.colour is not None and not sketch.colour.is_usual:
        words = sketch.colour.value if not sketch.colour_name else sketch.colour_name
        sketch.fault(ImageTrouble.UNUSUAL_COLOUR, f"its colour space is {words}")
    if sketch.alpha:
        sketch.fault(ImageTrouble.UNUSUAL_COLOUR, f"{sketch.alpha} of its {sketch.samples} samples are no colour")
    if sketch.bits and len(set(sketch.bits)) > 1:
        sketch.fault(ImageTrouble.UNUSUAL_COLOUR, f"its samples have {', '.join(map(str, sketch.bits))} bits")


def _judge_name(sketch: Sketch, name: str) -> None:
    """A suffix of another format misleads; one that is of no image's format says nothing of what it is."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if not suffix or sketch.format is ImageFormat.NONE or suffix in sketch.format.suffixes:
        return
    words = f"its name ends in .{suffix}" + ("" if suffix in SUFFIXES else ", which is of no image")
    sketch.fault(ImageTrouble.MISLABELLED, f"{words}, and it is {sketch.format.title}")
