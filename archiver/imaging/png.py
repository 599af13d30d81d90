"""PNG (ISO/IEC 15948): every chunk with its CRC to IEND, and every pixel inflated, a mebibyte at a time."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING

from archiver.imaging import camera, pixels
from archiver.imaging.icc import LARGEST, profile_name
from archiver.imaging.octets import EndsEarly
from archiver.imaging.sketch import moment, stated
from archiver.model.imaging import ColourSpace, Compression, Decoding, ImageTrouble, Resolution, ResolutionUnit

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 500_000
_KEPT = 1 << 20  # bytes of a chunk other than IDAT that are looked at
_KINDS = {  # colour type → colour space, samples, alpha samples, depths
    0: (ColourSpace.BLACK_IS_ZERO, 1, 0, {1, 2, 4, 8, 16}),
    2: (ColourSpace.RGB, 3, 0, {8, 16}),
    3: (ColourSpace.PALETTE, 1, 0, {1, 2, 4, 8}),
    4: (ColourSpace.BLACK_IS_ZERO, 2, 1, {8, 16}),
    6: (ColourSpace.RGB, 4, 1, {8, 16}),
}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


class _Pixels:
    """The inflated stream, counted against what the size of the image asks for, and thrown away."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.made, self.wrong = wanted, 0, ""
        self._machine = zlib.decompressobj()

    def feed(self, piece: bytes) -> None:
        """The next bytes of IDAT."""
        try:
            while piece and not self.wrong and not self._machine.eof and self.made <= self.wanted:
                self.made += len(self._machine.decompress(piece, 1 << 20))
                piece = self._machine.unconsumed_tail
        except zlib.error as error:
            self.wrong = f"its pixels cannot be inflated ({error})"

    def verdict(self) -> str:
        """What is wrong with them; empty when nothing is."""
        if self.wrong or (self.made == self.wanted and self._machine.eof):
            return self.wrong
        if self.made == self.wanted:
            return "the sum at the end of its pixels is missing"
        return f"it holds {self.made} bytes of pixels; its size asks for {self.wanted}"


def examine(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """Everything about a PNG; problems go into the sketch."""
    sketch.frames = 1
    try:
        _chunks(octets, sketch, limits)
    except EndsEarly as early:
        sketch.fault(ImageTrouble.TRUNCATED, f"it has no end (IEND): {early}", early.offset)
    except struct.error as wrong:
        sketch.fault(ImageTrouble.DAMAGED, f"a chunk is too short ({wrong})")


def raw_size(width: int, height: int, depth: int, interlaced: bool) -> int:
    """Bytes of the inflated stream: rows with their filter bytes; `depth` is bits by pixel (§7.2, §8)."""
    if not interlaced:
        return height * (1 + -(-width * depth // 8))
    total = 0
    for left, top, across, down in _PASSES:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * depth // 8))
    return total


def _chunks(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    place, image, data = len(SIGNATURE), None, 0
    for index in range(MOST_CHUNKS):
        length, kind = struct.unpack(">I4s", octets.at(place, 8))
        if length > 0x7FFFFFFF or not kind.isalpha():
            sketch.fault(ImageTrouble.DAMAGED, f"no chunk begins at {place}", place)
            return
        if index == 0:
            if kind != b"IHDR" or length != 13:
                sketch.fault(ImageTrouble.DAMAGED, f"its first chunk is {kind.decode('ascii')}, not IHDR", place)
                return
            image = _header(octets.at(place + 8, 13), octets.size, sketch, limits)
        data += length if kind == b"IDAT" else 0
        _chunk(octets, sketch, (place, length, kind), image if kind == b"IDAT" else None)
        place += 12 + length
        if kind == b"IEND":
            _conclude(octets, sketch, image, place, data)
            return
    sketch.fault(ImageTrouble.OVERSIZE, f"it has more than {MOST_CHUNKS} chunks", place)


def _header(data: bytes, size: int, sketch: Sketch, limits: ImageLimits) -> _Pixels | None:
    """IHDR; what takes the pixels, or None when they are not to be inflated."""
    width, height, bits, kind, method, filtering, interlace = struct.unpack(">IIBBBBB", data)
    sketch.width, sketch.height = width, height
    space, samples, sketch.alpha, depths = _KINDS.get(kind, (ColourSpace.OTHER, 0, 0, set[int]()))
    sketch.colour, sketch.samples, sketch.bits = space, samples, (bits,) * samples
    sketch.compression = Compression("Deflate", True, "interlaced" if interlace == 1 else "")
    if bits not in depths or not width or not height or method or filtering or interlace > 1:
        sketch.fault(ImageTrouble.DAMAGED, f"its header is not valid: {width} by {height} pixels, colour type {kind}, "
                                           f"{bits} bits", 16)  # fmt: skip
        return None
    if width * height > limits.pixels:
        sketch.fault(ImageTrouble.OVERSIZE, f"it is {width} by {height} pixels; the limit is {limits.pixels} pixels")
        return None
    if width * height > limits.decode:
        sketch.decoding_note = f"more than {limits.decode} pixels"
        return None
    full = raw_size(width, height, bits * samples, interlace == 1)
    if pixels.expands(full, size, limits):
        sketch.fault(ImageTrouble.OVERSIZE, f"it expands from {size} to {full} bytes")
        return None
    return _Pixels(full)


def _chunk(octets: Octets, sketch: Sketch, chunk: tuple[int, int, bytes], image: _Pixels | None) -> None:
    """One chunk: its CRC, and what it states. Raises EndsEarly."""
    place, length, kind = chunk
    crc, kept = zlib.crc32(kind), b""
    for piece in octets.pieces(place + 8, length):
        crc = zlib.crc32(piece, crc)
        if image is not None:
            image.feed(piece)
        elif kind != b"IDAT" and len(kept) < _KEPT:
            kept += piece
    (stands,) = octets.unpack(">I", place + 8 + length)
    if stands != crc:
        told = kind.decode("ascii")
        words = f"the CRC of chunk {told} at {place} is {crc:08x}, and {stands:08x} stands there"
        sketch.fault(ImageTrouble.DAMAGED, words, place)
    elif kept:
        _state(sketch, kind, kept)


def _state(sketch: Sketch, kind: bytes, data: bytes) -> None:
    """What a chunk beside the pixels states."""
    if kind == b"pHYs" and len(data) == 9:
        across, down, unit = struct.unpack(">IIB", data)
        if across and down:
            per = 100 if unit == 1 else 1
            told = ResolutionUnit.CENTIMETRE if unit == 1 else ResolutionUnit.NONE
            sketch.resolution = Resolution(Fraction(across, per), Fraction(down, per), told)
    elif kind == b"iCCP" and b"\0" in data[:80]:
        named, _, packed = data.partition(b"\0")
        sketch.icc_profile = _profile(packed[1:]) or stated(named)
    elif kind == b"sRGB" and sketch.colour is ColourSpace.RGB:
        sketch.colour = ColourSpace.SRGB
    elif kind == b"acTL" and len(data) >= 4:
        (sketch.frames,) = struct.unpack_from(">I", data)
        sketch.fault(ImageTrouble.ANIMATED, f"it is an animation of {sketch.frames} frames")
    elif kind == b"eXIf":
        camera.note_exif(sketch, data)
    elif kind in {b"tEXt", b"iTXt"}:
        key, _, words = data.partition(b"\0")
        words = words.lstrip(b"\0") if kind == b"iTXt" else words
        if key == b"Software":
            sketch.software = sketch.software or stated(words)
        elif key == b"Creation Time":
            sketch.captured = sketch.captured or moment(words)


def _profile(packed: bytes) -> str:
    try:
        data = zlib.decompressobj().decompress(packed, LARGEST)
    except zlib.error:
        return ""
    return profile_name(data)


def _conclude(octets: Octets, sketch: Sketch, image: _Pixels | None, end: int, data: int) -> None:
    """After IEND: whether the pixels are all there, and whether something follows."""
    if not data:
        sketch.fault(ImageTrouble.DAMAGED, "it has no pixels (no IDAT)", end)
    elif image is not None:
        wrong = image.verdict()
        if wrong:
            sketch.fault(ImageTrouble.DAMAGED, wrong)
        elif not sketch.is_broken:
            sketch.decoding = Decoding.WHOLE
    behind = octets.size - end
    if behind and octets.some(end, 4096).strip(b"\0"):
        sketch.fault(ImageTrouble.TRAILING, f"{behind} bytes stand after its end", end)
