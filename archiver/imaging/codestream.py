"""The codestream of JPEG 2000 (ISO/IEC 15444-1 Annex A): its main header, and every tile part to EOC."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.imaging import pixels
from archiver.imaging.octets import EndsEarly
from archiver.model.imaging import ColourSpace, Compression, Decoding, ImageTrouble, Tiling

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

MOST_PARTS = 1_000_000
MOST_TILES = 65_535  # Isot has two bytes
_MOST_SEGMENTS = 10_000


class Malformed(Exception):
    """A codestream that breaks the rules; the message is a clause."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass
class Head:
    """SIZ and COD. Sizes in pixels of the reference grid."""

    width: int = 0
    height: int = 0
    tiles: int = 0
    tile_width: int = 0
    tile_height: int = 0
    components: list[tuple[int, int, int]] = field(default_factory=list)  # bits, subsampling across and down
    layers: int = 0
    levels: int = 0
    reversible: bool | None = None
    end: int = 0


def examine(octets: Octets, start: int, end: int, sketch: Sketch, limits: ImageLimits) -> None:
    """Walk the codestream from `start`; `end` may lie one beyond the file. Raises EndsEarly, Malformed."""
    head = Head()
    try:
        _main(octets, start, head)
    finally:
        _note(sketch, head, octets.size)
    if head.width * head.height > limits.pixels:
        told = f"it is {head.width} by {head.height} pixels; the limit is {limits.pixels} pixels"
        sketch.fault(ImageTrouble.OVERSIZE, told)
        return
    if head.tiles > MOST_TILES:
        raise Malformed(f"it has {head.tiles} tiles; {MOST_TILES} can be told apart", start)
    last = _parts(octets, head, min(end, octets.size))
    if end > octets.size:
        raise EndsEarly(start, end - start, octets.size)
    if last < end and octets.some(last, 4096).strip(b"\0"):
        sketch.fault(ImageTrouble.TRAILING, f"{end - last} bytes stand after its end (EOC)", last)
    _decode(octets, start, last, head, sketch, limits)


def _main(octets: Octets, place: int, head: Head) -> None:
    """The main header, to the first SOT."""
    if octets.at(place, 4) != b"\xff\x4f\xff\x51":
        raise Malformed("its codestream does not begin with SOC and SIZ", place)
    place += 2
    for _ in range(_MOST_SEGMENTS):
        code, length = octets.unpack(">HH", place)
        if code == 0xFF90:
            head.end = place
            if not head.layers:
                raise Malformed("its main header has no COD", place)
            return
        if code < 0xFF00 or length < 2:
            raise Malformed(f"no marker segment begins at {place}", place)
        body = octets.at(place + 4, length - 2)
        if code == 0xFF51:
            _size(head, body, place)
        elif code == 0xFF52:
            _style(head, body)
        place += 2 + length
    raise Malformed(f"its main header has more than {_MOST_SEGMENTS} segments", place)


def _size(head: Head, body: bytes, place: int) -> None:
    across, down, left, top, tile_width, tile_height, tile_left, tile_top, count = struct.unpack_from(">8IH", body, 2)
    components = [struct.unpack_from(">BBB", body, 36 + 3 * index) for index in range(count)]
    if across <= left or down <= top or not tile_width or not tile_height or not count:
        raise Malformed(f"its size is not valid: {across} by {down} from {left}, {top}", place)
    if any(not part[1] or not part[2] for part in components) or tile_left > left or tile_top > top:
        raise Malformed("its tiles or components are not valid", place)
    head.width, head.height = across - left, down - top
    head.tile_width, head.tile_height = tile_width, tile_height
    head.tiles = -(-(across - tile_left) // tile_width) * -(-(down - tile_top) // tile_height)
    head.components = [((bits & 0x7F) + 1, by, from_) for bits, by, from_ in components]


def _style(head: Head, body: bytes) -> None:
    _, _, head.layers, _, head.levels, _, _, _, transform = struct.unpack_from(">BBHBBBBBB", body)
    head.reversible = transform == 1


def _note(sketch: Sketch, head: Head, size: int) -> None:
    sketch.width, sketch.height = head.width, head.height
    sketch.samples = len(head.components)
    sketch.bits = tuple(part[0] for part in head.components[:64])
    if head.width:
        tile = min(head.tile_width, head.width), min(head.tile_height, head.height)
        sketch.tiling = Tiling(*tile, head.layers, head.levels)
    if sketch.colour is None and head.components:
        sketch.colour, sketch.colour_name = ColourSpace.OTHER, "not stated"
    if head.reversible is not None:
        # A reversible transform proves nothing: the finest bits may have been left out of the layers.
        rate = 8 * size / max(1, head.width * head.height)
        transform = "reversible" if head.reversible else "irreversible"
        told = f"{transform} transform, {head.layers} layers, {head.levels} levels, {rate:.2f} bits a pixel"
        scheme = "JPEG 2000" if head.reversible else "JPEG 2000 Lossy"
        sketch.compression = Compression(scheme, None if head.reversible else False, told)


def _parts(octets: Octets, head: Head, end: int) -> int:
    """Go from tile part to tile part; the place after EOC. Raises EndsEarly, Malformed."""
    place, seen = head.end, set[int]()
    for _ in range(MOST_PARTS):
        (code,) = octets.unpack(">H", place)
        if code == 0xFFD9:
            if len(seen) < head.tiles:
                raise EndsEarly(place, 12 * (head.tiles - len(seen)), place)
            return place + 2
        if code != 0xFF90:
            raise Malformed(f"a tile part is wanted at {place}, and there is {code:#06x}", place)
        length, tile, size = octets.unpack(">HHI", place + 2)
        if length != 10 or tile >= head.tiles:
            raise Malformed(f"the tile part at {place} is of tile {tile}; there are {head.tiles}", place)
        seen.add(tile)
        if size == 0:  # to the end
            if octets.some(end - 2, 2) != b"\xff\xd9":
                raise EndsEarly(end, 2, end)
            place = end - 2
        elif size < 14:
            raise Malformed(f"the tile part at {place} has a length of {size}", place)
        elif place + size > end:
            raise EndsEarly(place, size, end)
        else:
            place += size
    raise Malformed(f"it has more than {MOST_PARTS} tile parts", place)


def _decode(octets: Octets, start: int, end: int, head: Head, sketch: Sketch, limits: ImageLimits) -> None:
    """Decode it, at a lower resolution where all of it would take too long or too much memory."""
    area, count = head.width * head.height, len(head.components)
    tile = min(head.tile_width, head.width) * min(head.tile_height, head.height)
    why = pixels.absent()
    if area > limits.decode:
        why = f"more than {limits.decode} pixels"
    elif not 1 <= count <= 4 or len({part[1:] for part in head.components}) > 1 or head.components[0][1:] != (1, 1):
        why = f"JPEG 2000 with {count} components of different sizes is not decoded"
    elif any(part[0] > 16 for part in head.components):
        why = f"JPEG 2000 of {head.components[0][0]} bits is not decoded"
    elif end - start > limits.memory // 2:
        why = f"a codestream of {end - start} bytes; the limit is {limits.memory // 2}"
    reduce = 0
    while reduce < head.levels and not why and not _fits(area >> 2 * reduce, tile >> 2 * reduce, count, limits):
        reduce += 1
    if not why and not _fits(area >> 2 * reduce, tile >> 2 * reduce, count, limits):
        why = f"more than {limits.slow} pixels, and no lower resolution to decode"
    sketch.decoding_note = why
    if why:
        return
    wrong = pixels.decode_codestream(octets.at(start, end - start), reduce=reduce)
    if wrong:
        sketch.fault(ImageTrouble.DAMAGED, f"it cannot be decoded ({wrong})")
        return
    sketch.decoding = Decoding.REDUCED if reduce else Decoding.WHOLE
    if reduce:
        sketch.decoding_note = (
            f"more than {limits.slow} pixels: the {reduce} finest of {head.levels} levels were left out"
        )


def _fits(area: int, tile: int, count: int, limits: ImageLimits) -> bool:
    """Whether so many can be decoded: OpenJPEG takes eight bytes a sample of a tile, Pillow four a pixel."""
    return area <= limits.slow and 8 * tile * count + 4 * area <= limits.memory
