"""The pixels of a TIFF, decoded strip by strip, so that no image takes more memory than a piece of it.

Deflate is undone here. For LZW, PackBits and fax codes, a few strips at a time are put under a header of our own, and
libtiff (through Pillow) decodes that small file: as bytes of grey, since only the codes are to be proved, whatever the
samples mean. Strips of JPEG are JPEG streams and judged as such.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.imaging import jpeg_scan, pixels
from archiver.model.imaging import Decoding, ImageTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.imaging.tiff import Layer
    from archiver.model.imaging import ImageLimits

_TOGETHER = 4 << 20  # bytes of pixels that are decoded in one go where strips are small
_FAX, _BYTES, _DEFLATE, _JPEG = {2, 3, 4}, {5, 32773}, {8, 32946}, 7
_SHARED = 1 << 20  # bytes by which strips may overlap: some writers keep one strip for all that is white


class _Broken(Exception):
    """A strip that cannot be decoded; the message is a clause."""


@dataclass
class Budget:
    """What is left of the limits while the pages of one file are decoded, and what was not decoded."""

    limits: ImageLimits
    size: int
    pixels: int = field(init=False)
    read: int = field(init=False)
    notes: list[str] = field(default_factory=list)
    pages: int = 0

    def __post_init__(self) -> None:
        """All of it is left."""
        self.pixels, self.read = self.limits.decode, self.size + _SHARED

    def conclude(self, sketch: Sketch) -> None:
        """Say how far the file was decoded."""
        sketch.decoding_note = "; ".join(dict.fromkeys(self.notes))
        whole = self.pages and not self.notes and not sketch.is_broken
        sketch.decoding = Decoding.WHOLE if whole else Decoding.NOT


@dataclass(frozen=True, slots=True)
class _Piece:
    """A strip or tile: where it is, how many rows it has, and how many bytes its pixels take."""

    index: int
    offset: int
    length: int
    rows: int
    full: int


def decode(octets: Octets, sketch: Sketch, layer: Layer, page: int, budget: Budget) -> None:
    """Decode one page as far as the limits go; what is wrong is noted as DAMAGED."""
    pieces = list(_pieces(layer))
    full, length = sum(piece.full for piece in pieces), sum(piece.length for piece in pieces)
    largest = max(pieces, key=lambda piece: piece.full)
    area = layer.piece_width * layer.piece_height
    why = ""
    if layer.width * layer.height > budget.pixels:
        why = f"more than {budget.limits.decode} pixels"
    elif length > budget.read:
        sketch.fault(ImageTrouble.DAMAGED, f"the strips of page {page} are longer than the file: they share bytes")
        return
    elif pixels.expands(full, length, budget.limits):
        sketch.fault(ImageTrouble.OVERSIZE, f"page {page} expands from {length} to {full} bytes")
        return
    elif layer.compression != 1 and max(largest.full, area if layer.compression in _FAX else 0) > budget.limits.memory:
        why = f"one strip takes {largest.full} bytes; the limit is {budget.limits.memory}"
    if why:
        budget.notes.append(why)
        return
    budget.pixels -= layer.width * layer.height
    budget.read -= length
    try:
        why = _decode(octets, layer, pieces, budget.limits)
    except _Broken as broken:
        sketch.fault(ImageTrouble.DAMAGED, f"page {page}: {broken}")
        return
    budget.pages += 1
    if why:
        budget.notes.append(why)


def _pieces(layer: Layer) -> Iterator[_Piece]:
    across, down = -(-layer.width // layer.piece_width), -(-layer.height // layer.piece_height)
    for index in range(across * down * layer.planes):
        rows = layer.piece_height
        if not layer.tiled:
            rows = min(rows, layer.height - index % down * rows)
        full = layer.piece_size(rows, index // (across * down))
        yield _Piece(index, layer.offsets[index], layer.counts[index] if layer.counts else full, rows, full)


def _decode(octets: Octets, layer: Layer, pieces: list[_Piece], limits: ImageLimits) -> str:
    """Decode every piece. Returns why that cannot be done; empty when it was. Raises _Broken."""
    if layer.compression == 1:
        return ""
    if layer.compression in _DEFLATE:
        for piece in pieces:
            _inflate(octets, piece)
        return ""
    if pixels.absent():
        return pixels.absent()
    if layer.compression == _JPEG:
        return _jpegs(octets, layer, pieces, limits)
    if layer.compression in _FAX and (layer.bits != (1,) or layer.samples != 1):
        raise _Broken(f"fax codes with {layer.samples} samples of {layer.bits[0]} bits")
    if layer.compression in _FAX | _BYTES:
        for group in _groups(pieces):
            _small_file(octets, layer, group)
        return ""
    return f"pixels in compression {layer.compression} are not decoded"


def _inflate(octets: Octets, piece: _Piece) -> None:
    """Undo Deflate, a mebibyte at a time, to the sum at its end. A writer may fill up its last strip with rows."""
    machine, made, most = zlib.decompressobj(), 0, 4 * piece.full + _TOGETHER
    try:
        for part in octets.pieces(piece.offset, piece.length):
            waiting = part
            while waiting and not machine.eof and made <= most:
                made += len(machine.decompress(waiting, 1 << 20))
                waiting = machine.unconsumed_tail
    except zlib.error as error:
        raise _Broken(f"strip or tile {piece.index + 1} cannot be inflated ({error})") from None
    if made < piece.full:
        raise _Broken(f"strip or tile {piece.index + 1} holds {made} bytes of pixels, not {piece.full}")
    if not machine.eof:
        raise _Broken(f"strip or tile {piece.index + 1} has no end within {made} bytes of pixels")


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces in order, together while they are alike and small."""
    group: list[_Piece] = []
    for piece in pieces:
        alike = group and (group[-1].full == group[0].full) and sum(part.full for part in group) < _TOGETHER
        if group and not (alike and piece.full <= group[0].full):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _small_file(octets: Octets, layer: Layer, group: list[_Piece]) -> None:
    """Decode some pieces under a header of our own. Raises _Broken."""
    fax = layer.compression in _FAX
    row = layer.piece_width if fax else group[0].full // group[0].rows
    if not fax and any(piece.full != row * piece.rows for piece in group):  # rows of YCbCr that share samples
        row, heights = group[0].full, [1] * len(group)
        if any(piece.full != row for piece in group):
            for piece in group:
                _libtiff(octets, layer, [piece], piece.full, [1])
            return
    else:
        heights = [piece.rows for piece in group]
    _libtiff(octets, layer, group, row, heights)


def _libtiff(octets: Octets, layer: Layer, group: list[_Piece], row: int, heights: list[int]) -> None:
    parts = [octets.at(piece.offset, piece.length) for piece in group]
    fax = layer.compression in _FAX
    tags: dict[int, tuple[int, ...]] = {
        256: (row,),
        257: (sum(heights),),
        258: (1 if fax else 8,),
        259: (layer.compression,),
        262: (1,),
        266: (layer.place.number(266, 1),),
        277: (1,),
        278: (heights[0],),
    }
    for tag in (292, 293):
        if fax and tag in layer.place.entries:
            tags[tag] = (layer.place.number(tag),)
    reason = pixels.decode_tiff(small_tiff(tags, parts))
    if reason:
        first, last = group[0].index + 1, group[-1].index + 1
        which = f"{first}" if first == last else f"{first} to {last}"
        raise _Broken(f"strip or tile {which} cannot be decoded ({reason})")


def small_tiff(tags: dict[int, tuple[int, ...]], parts: list[bytes]) -> bytes:
    """A TIFF of one page with these tags (numbers below 2³²) and strips."""
    count = len(tags) + 2
    values_at = 8 + 2 + 12 * count + 4
    data_at = values_at + 8 * len(parts)
    offsets, place = [], data_at
    for part in parts:
        offsets.append(place)
        place += len(part)
    every = {**tags, 273: tuple(offsets), 279: tuple(len(part) for part in parts)}
    directory = b""
    for tag in sorted(every):
        numbers = every[tag]
        where = {273: values_at, 279: values_at + 4 * len(parts)}.get(tag, 0)
        value = numbers[0] if len(numbers) == 1 else where
        directory += struct.pack("<HHII", tag, 4, len(numbers), value)
    arrays = struct.pack(f"<{2 * len(parts)}I", *every[273], *every[279])
    return b"".join([b"II*\0", struct.pack("<IH", 8, count), directory, b"\0\0\0\0", arrays, *parts])


def _jpegs(octets: Octets, layer: Layer, pieces: list[_Piece], limits: ImageLimits) -> str:
    """Strips of JPEG, each with the tables that they share (TIFF Technical Note 2)."""
    tables = layer.place.raw(347, 65_536)
    shared = tables[2:-2] if tables[:2] == b"\xff\xd8" and tables[-2:] == b"\xff\xd9" else b""
    for piece in pieces:
        data = octets.at(piece.offset, piece.length)
        wrong, why = jpeg_scan.judge(data[:2] + shared + data[2:], layer.piece_width, piece.rows, limits)
        if wrong:
            raise _Broken(f"strip or tile {piece.index + 1}: {wrong}")
        if why:
            return why
    return ""
