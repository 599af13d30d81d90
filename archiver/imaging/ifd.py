"""The directories of TIFF 6.0, BigTIFF and Exif, read with limits and without trust."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from archiver.imaging.octets import EndsEarly, Held
from archiver.model.imaging import Resolution, ResolutionUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.imaging.octets import Octets

MOST_DIRECTORIES = 2_000  # pages and thumbnails of one file
MOST_VALUES = 1_000_000  # of one tag: the strips of an image
_FORMS = {1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "s", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_RATIONALS = {5: "II", 10: "ii"}


class Misshapen(Exception):
    """A directory that is none; the message is a clause. `offset` counts bytes of the file."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Layout(NamedTuple):
    """How numbers are written: `<` or `>`, and whether offsets have eight bytes."""

    order: str
    big: bool


class Entry(NamedTuple):
    """A tag: its type, the number of its values, and where they begin."""

    kind: int
    values: int
    place: int


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory. Values are read when asked for."""

    octets: Octets
    layout: Layout
    offset: int
    entries: dict[int, Entry]

    def numbers(self, tag: int, most: int = MOST_VALUES) -> tuple[int, ...]:
        """The whole numbers of a tag; none when it is absent or of another kind. Raises EndsEarly, Misshapen."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in _FORMS or entry.kind == 2:
            return ()
        if entry.values > most:
            raise Misshapen(f"tag {tag} has {entry.values} values; the limit is {most}", self.offset)
        raw = self.octets.at(entry.place, entry.values * _SIZES[entry.kind])
        if entry.kind == 7:
            return tuple(raw)
        return struct.unpack(f"{self.layout.order}{entry.values}{_FORMS[entry.kind]}", raw)

    def number(self, tag: int, otherwise: int = 0) -> int:
        """The first whole number of a tag."""
        return next(iter(self.numbers(tag)), otherwise)

    def fraction(self, tag: int) -> Fraction | None:
        """The first number of a tag as a fraction; None when absent or divided by nought."""
        entry = self.entries.get(tag)
        if entry is None or not entry.values:
            return None
        if entry.kind not in _RATIONALS:
            return Fraction(self.number(tag)) if tag in self.entries and self.numbers(tag) else None
        over, under = self.octets.unpack(self.layout.order + _RATIONALS[entry.kind], entry.place)
        return Fraction(over, under) if under else None

    def raw(self, tag: int, most: int) -> bytes:
        """The bytes of a tag, at most `most`; b"" when it is absent or ends beyond the file."""
        entry = self.entries.get(tag)
        if entry is None:
            return b""
        return self.octets.some(entry.place, min(entry.values * _SIZES.get(entry.kind, 1), most))


def header(octets: Octets) -> tuple[Layout, int]:
    """The layout of a TIFF and the offset of its first directory. Raises EndsEarly, Misshapen."""
    mark = octets.at(0, 4)
    orders = {b"II": "<", b"MM": ">"}
    order = orders.get(mark[:2])
    if order is None:
        raise Misshapen("it begins with no byte order", 0)
    (kind,) = struct.unpack(order + "H", mark[2:])
    if kind == 42:
        return Layout(order, big=False), octets.unpack(order + "I", 4)[0]
    if kind != 43:
        raise Misshapen(f"its second number is {kind}, not 42 or 43", 2)
    width, nought, first = octets.unpack(order + "HHQ", 4)
    if (width, nought) != (8, 0):
        raise Misshapen(f"its offsets have {width} bytes, not 8", 4)
    return Layout(order, big=True), first


def directory(octets: Octets, layout: Layout, offset: int) -> tuple[Directory, int]:
    """The directory at `offset`, and the offset of the next one (0: none). Raises EndsEarly."""
    order, big = layout
    (count,) = octets.unpack(order + ("Q" if big else "H"), offset)
    if count > 65_535 or not count:
        raise Misshapen(f"a directory has {count} tags", offset)
    start, width, inline = offset + (8 if big else 2), 20 if big else 12, 8 if big else 4
    raw = octets.at(start, count * width)
    entries: dict[int, Entry] = {}
    form = order + ("HHQ" if big else "HHI")
    for index in range(count):
        tag, kind, values = struct.unpack_from(form, raw, index * width)
        place = start + index * width + (12 if big else 8)
        if values * _SIZES.get(kind, 1) > inline:
            (place,) = octets.unpack(order + ("Q" if big else "I"), place)
        entries.setdefault(tag, Entry(kind, values, place))
    return Directory(octets, layout, offset, entries), _next(octets, layout, start + count * width)


def directories(octets: Octets, layout: Layout, first: int) -> Iterator[Directory]:
    """Every directory of a chain. Raises EndsEarly, and Misshapen for a chain that is a ring or without end."""
    seen: set[int] = set()
    while first:
        if first in seen:
            raise Misshapen("its directories follow each other in a ring", first)
        if len(seen) >= MOST_DIRECTORIES:
            raise Misshapen(f"it has more than {MOST_DIRECTORIES} directories", first)
        seen.add(first)
        found, first = directory(octets, layout, first)
        yield found


def resolution(place: Directory, *, default: int = 2) -> Resolution | None:
    """XResolution, YResolution and ResolutionUnit (TIFF 6.0 §8); None when there is none that is above nought."""
    across, down = place.fraction(282), place.fraction(283)
    across, down = across or down, down or across
    if not across or not down or across <= 0 or down <= 0:
        return None
    units = {2: ResolutionUnit.INCH, 3: ResolutionUnit.CENTIMETRE}
    return Resolution(across, down, units.get(place.number(296, default), ResolutionUnit.NONE))


def exif(data: bytes) -> tuple[Directory, Directory | None] | None:
    """The two directories of an Exif block (the image's, and Exif's own); None when it cannot be read."""
    octets = Held(data)
    try:
        layout, first = header(octets)
        main, _ = directory(octets, layout, first)
        return main, exif_part(main)
    except (EndsEarly, Misshapen, struct.error):
        return None


def exif_part(main: Directory) -> Directory | None:
    """The directory of Exif that another one points to (tag 34665)."""
    try:
        place = main.number(34665)
        return directory(main.octets, main.layout, place)[0] if place else None
    except (EndsEarly, Misshapen, struct.error):
        return None


def _next(octets: Octets, layout: Layout, place: int) -> int:
    return octets.unpack(layout.order + ("Q" if layout.big else "I"), place)[0]
