"""TIFF 6.0 and BigTIFF: every directory is walked, and every strip and tile is held against the size of the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.imaging import camera, ifd, tiff_pixels
from archiver.imaging.icc import LARGEST, profile_name
from archiver.imaging.octets import EndsEarly
from archiver.model.imaging import ColourSpace, Compression, ImageTrouble, Tiling

if TYPE_CHECKING:
    from archiver.imaging.ifd import Directory
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

COLOURS = {
    0: ColourSpace.WHITE_IS_ZERO,
    1: ColourSpace.BLACK_IS_ZERO,
    2: ColourSpace.RGB,
    3: ColourSpace.PALETTE,
    4: ColourSpace.MASK,
    5: ColourSpace.CMYK,
    6: ColourSpace.YCBCR,
    8: ColourSpace.CIELAB,
    9: ColourSpace.ICCLAB,
}
COMPRESSIONS: dict[int, tuple[str, bool | None]] = {
    1: ("Uncompressed", True),
    2: ("CCITT 1D", True),
    3: ("Group 3 Fax", True),
    4: ("Group 4 Fax", True),
    5: ("LZW", True),
    6: ("JPEG (old style)", False),
    7: ("JPEG", False),
    8: ("Deflate", True),
    32773: ("PackBits", True),
    32946: ("Deflate", True),
    34661: ("JBIG", True),
    34712: ("JPEG 2000", None),
    34925: ("LZMA", True),
    50000: ("Zstandard", True),
    50001: ("WebP", None),
}
_COLOURED = {0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 4, 6: 3, 8: 3, 9: 3}  # samples that are colour


@dataclass(frozen=True, slots=True)
class Layer:
    """The pixels of one directory: how they are written, and where. Sizes in pixels, offsets and counts in bytes."""

    width: int
    height: int
    bits: tuple[int, ...]
    samples: int
    compression: int
    photometric: int
    planar: int
    tiled: bool
    piece_width: int
    piece_height: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    subsampling: tuple[int, int]
    place: Directory

    @property
    def planes(self) -> int:
        """How many times the image is gone through: once a sample when samples are kept apart."""
        return self.samples if self.planar == 2 else 1

    def piece_size(self, rows: int, index: int = 0) -> int:
        """Bytes of pixels in `rows` rows of a strip or tile, uncompressed; `index` is the plane."""
        if self.photometric == 6 and self.planar == 1 and self.compression != 7 and self.samples == 3:
            across, down = self.subsampling
            units = -(-self.piece_width // across) * -(-rows // down)
            return -(-units * (across * down + 2) * self.bits[0] // 8)
        if self.planar == 2:
            return -(-self.piece_width * self.bits[min(index, len(self.bits) - 1)] // 8) * rows
        return -(-self.piece_width * sum(self.bits) // 8) * rows


def examine(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """Everything about a TIFF; problems go into the sketch."""
    try:
        layout, first = ifd.header(octets)
        sketch.version = "BigTIFF" if layout.big else "6.0"
        sketch.little_endian = layout.order == "<"
        pages, budget = 0, tiff_pixels.Budget(limits, octets.size)
        for place in ifd.directories(octets, layout, first):
            kind = place.number(254)
            if kind & 0b101 and pages:  # a smaller copy, or a mask
                continue
            pages += 1
            layer = _layer(place)
            if pages == 1:
                _note(sketch, layer)
            if _is_whole(octets, sketch, layer, pages, limits) and not sketch.has(ImageTrouble.OVERSIZE):
                tiff_pixels.decode(octets, sketch, layer, pages, budget)
        sketch.frames = pages
        if not pages:
            sketch.fault(ImageTrouble.DAMAGED, "it has no directory")
        budget.conclude(sketch)
    except EndsEarly as early:
        sketch.fault(ImageTrouble.TRUNCATED, str(early), early.offset)
    except ifd.Misshapen as wrong:
        sketch.fault(ImageTrouble.DAMAGED, str(wrong), wrong.offset)
    except struct.error as wrong:
        sketch.fault(ImageTrouble.DAMAGED, f"a tag cannot be read ({wrong})")
    if sketch.frames > 1:
        sketch.fault(ImageTrouble.SEVERAL_PAGES, f"it holds {sketch.frames} pages")


def _layer(place: Directory) -> Layer:
    """The pixels of a directory, with the defaults of TIFF 6.0 §8. Raises EndsEarly, Misshapen."""
    width, height = place.number(256), place.number(257)
    samples = place.number(277, 1)
    bits = place.numbers(258, 65_536) or (1,)
    if not 0 < samples <= 64 or not 0 < len(bits) <= 64 or any(not 0 < bit <= 64 for bit in bits):
        raise ifd.Misshapen(f"a page has {samples} samples of {bits[:4]} bits", place.offset)
    bits = bits if len(bits) >= samples else bits[:1] * samples
    if width <= 0 or height <= 0:
        raise ifd.Misshapen(f"a page is {width} by {height} pixels", place.offset)
    tiled = 322 in place.entries or 324 in place.entries
    piece_width = place.number(322) if tiled else width
    piece_height = place.number(323) if tiled else min(place.number(278, height) or height, height)
    if piece_width <= 0 or piece_height <= 0:
        raise ifd.Misshapen(f"a tile is {piece_width} by {piece_height} pixels", place.offset)
    across, down = ((*place.numbers(530, 16), 2, 2))[:2] if 530 in place.entries else (2, 2)
    return Layer(
        width=width,
        height=height,
        bits=bits[:samples],
        samples=samples,
        compression=place.number(259, 1),
        photometric=place.number(262, -1),
        planar=place.number(284, 1),
        tiled=tiled,
        piece_width=piece_width,
        piece_height=piece_height,
        offsets=place.numbers(324 if 324 in place.entries else 273),
        counts=place.numbers(325 if 325 in place.entries else 279),
        subsampling=(across or 1, down or 1),
        place=place,
    )


def _note(sketch: Sketch, layer: Layer) -> None:
    """What the first page says of itself is what the file is."""
    place = layer.place
    sketch.width, sketch.height = layer.width, layer.height
    sketch.bits, sketch.samples = layer.bits, layer.samples
    sketch.alpha = max(0, layer.samples - _COLOURED.get(layer.photometric, layer.samples))
    sketch.colour = COLOURS.get(layer.photometric, ColourSpace.OTHER)
    if sketch.colour is ColourSpace.OTHER:
        told = f"PhotometricInterpretation {layer.photometric}"
        sketch.colour_name = told if layer.photometric >= 0 else "not stated"
    sketch.is_floating = place.number(339, 1) in {3, 6}
    if sketch.colour is ColourSpace.YCBCR:
        sketch.subsampling = layer.subsampling
    scheme, lossless = COMPRESSIONS.get(layer.compression, (f"TIFF compression {layer.compression}", None))
    sketch.compression = Compression(scheme, lossless)
    if layer.tiled:
        sketch.tiling = Tiling(layer.piece_width, layer.piece_height)
    if 34675 in place.entries:
        sketch.icc_profile = profile_name(place.raw(34675, LARGEST))
    camera.note(sketch, place, ifd.exif_part(place))


def _is_whole(octets: Octets, sketch: Sketch, layer: Layer, page: int, limits: ImageLimits) -> bool:
    """Whether every strip or tile is there, inside the file, and holds the bytes that the page needs."""
    word = "tile" if layer.tiled else "strip"
    across, down = -(-layer.width // layer.piece_width), -(-layer.height // layer.piece_height)
    if layer.width * layer.height > limits.pixels:
        sketch.fault(
            ImageTrouble.OVERSIZE,
            f"page {page} is {layer.width} by {layer.height} pixels; the limit is {limits.pixels} pixels",
        )
        return False
    if across * layer.piece_width * down * layer.piece_height > limits.pixels + (1 << 24):
        told = f"the {word}s of page {page} are {layer.piece_width} by {layer.piece_height} pixels"
        sketch.fault(ImageTrouble.OVERSIZE, f"{told}; the limit is {limits.pixels} pixels")
        return False
    wanted = across * down * layer.planes
    found = min(len(layer.offsets), len(layer.counts)) if layer.counts else len(layer.offsets)
    if found < wanted:
        sketch.fault(ImageTrouble.TRUNCATED, f"page {page} has {found} {word}s; its size asks for {wanted}",
                     layer.place.offset)  # fmt: skip
        return False
    if not layer.counts and layer.compression != 1:
        sketch.fault(ImageTrouble.DAMAGED, f"page {page} tells no length of its {word}s", layer.place.offset)
        return False
    return _are_inside(octets, sketch, layer, page, (across, down))


def _are_inside(octets: Octets, sketch: Sketch, layer: Layer, page: int, grid: tuple[int, int]) -> bool:
    word, sound = "tile" if layer.tiled else "strip", True
    across, down = grid
    for index in range(across * down * layer.planes):
        rows = layer.piece_height
        if not layer.tiled:
            rows = min(rows, layer.height - index % down * rows)
        full = layer.piece_size(rows, index // (across * down))
        start = layer.offsets[index]
        length = layer.counts[index] if layer.counts else full
        told = f"{word} {index + 1} of {across * down * layer.planes} of page {page}"
        if start + length > octets.size:
            there = max(0, octets.size - start)
            words = f"{told} has {length} bytes at {start}; the file ends after {there} of them"
        elif layer.compression == 1 and length < full:
            words = f"{told} has {length} bytes; its pixels take {full}"
        elif not length:
            words = f"{told} has no bytes"
        else:
            continue
        sketch.fault(ImageTrouble.TRUNCATED, words, start)
        sound = False
        break  # one strip tells it: those that follow lie beyond the end as well
    return sound
