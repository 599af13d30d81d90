"""One JPEG stream from SOI to EOI (ITU-T T.81 Annex B): its segments, its scans, and whether it is whole."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from archiver.imaging import pixels
from archiver.imaging.octets import PIECE, EndsEarly, Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.imaging.octets import Octets
    from archiver.model.imaging import ImageLimits

MOST_SEGMENTS = 100_000
MOST_RESTARTS = 4_000_000  # of one scan
MOST_WORK = 3_000_000_000  # pixels by scans
FRAMES = {0xC0 + code for code in range(16)} - {0xC4, 0xC8, 0xCC}
DECODABLE = {0xC0, 0xC1, 0xC2}
_MARK = re.compile(rb"\xff[\x01-\xfe]", re.DOTALL)
_MOST_FOR_A_BYTE = (
    600  # pixels that a byte can stand for at most: two bits a block of 64 pixels, with subsampled colours
)


class Malformed(Exception):
    """A stream that breaks off the rules; the message is a clause."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass
class Stream:
    """What the segments of a stream said. Offsets and lengths in bytes."""

    frame: int = 0  # which SOFn; 0: none yet
    precision: int = 0
    width: int = 0
    height: int = 0
    components: list[tuple[int, int, int]] = field(default_factory=list)  # identifier, sampling across and down
    quantisation: dict[int, tuple[int, ...]] = field(default_factory=dict)
    applications: list[tuple[int, int, int]] = field(default_factory=list)  # marker, offset, length
    heads: list[tuple[int, int]] = field(default_factory=list)  # where segments to decode by lie, before the first scan
    interval: int = 0  # MCUs between restarts
    scans: int = 0
    first_scan: int = 0
    scanned: int = 0  # bytes of entropy-coded data
    end: int = 0  # after EOI

    @property
    def is_progressive(self) -> bool:
        """Whether scans refine one another."""
        return self.frame in {0xC2, 0xC6, 0xCA, 0xCE}


def walk(octets: Octets, stream: Stream) -> Stream:
    """Go through all markers to EOI, filling `stream`. Raises EndsEarly, and Malformed for what nobody can read."""
    place = 2
    if octets.at(0, 2) != b"\xff\xd8":
        raise Malformed("it does not begin with SOI", 0)
    for _ in range(MOST_SEGMENTS):
        code, place = _marker(octets, place)
        if code == 0xD9:
            stream.end = place
            if not stream.scans:
                raise Malformed("it has no scan", place)
            return stream
        if code == 0x01 or 0xD0 <= code <= 0xD7:
            continue
        if code == 0xD8:
            raise Malformed("a second SOI stands before EOI", place - 2)
        (length,) = octets.unpack(">H", place)
        if length < 2:
            raise Malformed(f"a segment has a length of {length}", place)
        body = octets.at(place + 2, length - 2)
        _segment(stream, code, place - 2, body)
        place += length
        if code == 0xDA:
            place = _scan(octets, stream, body, place)
    raise Malformed(f"it has more than {MOST_SEGMENTS} segments", place)


def judge(data: bytes, width: int, height: int, limits: ImageLimits) -> tuple[str, str]:
    """Walk and decode one stream of at least this size: what is wrong with it, and why it was not decoded."""
    octets = Held(data)
    try:
        stream = walk(octets, Stream())
    except EndsEarly as early:
        return f"it ends before its EOI ({early})", ""
    except (Malformed, struct.error) as wrong:
        return str(wrong), ""
    if stream.width < width or stream.height < height:
        return f"it is {stream.width} by {stream.height} pixels, not {width} by {height}", ""
    if stream.width * stream.height > 4 * width * height + (1 << 16):
        return f"it is {stream.width} by {stream.height} pixels; {width} by {height} are wanted", ""
    return decode(octets, stream, limits)


def decode(octets: Octets, stream: Stream, limits: ImageLimits) -> tuple[str, str]:
    """Decode a stream that was walked: what is wrong with it, and why it was not decoded (each empty when not)."""
    area = stream.width * stream.height
    few = too_few(stream)
    if few:
        return few, ""
    why = pixels.absent()
    if area > limits.decode:
        why = f"more than {limits.decode} pixels"
    elif stream.frame not in DECODABLE or stream.precision != 8 or len(stream.components) not in {1, 3, 4}:
        kind = f"SOF{stream.frame - 0xC0} with {len(stream.components)} components of {stream.precision} bits"
        why = f"JPEG of the kind {kind} is not decoded"
    elif stream.is_progressive and 2 * area * len(stream.components) > limits.memory:
        why = f"a progressive JPEG of {area} pixels takes more memory than {limits.memory} bytes"
    elif area * stream.scans > MOST_WORK:
        why = f"{stream.scans} scans of {area} pixels are more work than it is worth"
    elif stream.end > limits.memory // 2:
        why = f"a JPEG of {stream.end} bytes; the limit is {limits.memory // 2}"
    if why:
        return "", why
    parts = [b"\xff\xd8", *(octets.at(*head) for head in stream.heads)]
    parts.append(octets.at(stream.first_scan, stream.end - stream.first_scan))
    wrong = pixels.decode_jpeg(b"".join(parts), eighth=area > 1 << 20)
    return (f"it cannot be decoded ({wrong})" if wrong else ""), ""


def too_few(stream: Stream) -> str:
    """Whether the scans are too short to hold the pixels; a clause, or nothing."""
    area = stream.width * stream.height
    if area > _MOST_FOR_A_BYTE * max(1, stream.scanned) + 65_536:
        return f"its scans have {stream.scanned} bytes for {area} pixels"
    return ""


def _marker(octets: Octets, place: int) -> tuple[int, int]:
    """The next marker, fill bytes left out, and the place after it."""
    start = place
    while True:
        first, code = octets.unpack(">BB", place)
        if first != 0xFF:
            raise Malformed(f"a marker is wanted at {place}, and there is {first:#04x}", place)
        if code != 0xFF:
            return code, place + 2
        place += 1
        if place - start > 65_536:
            raise Malformed("a marker has no end of fill bytes", start)


def _segment(stream: Stream, code: int, offset: int, body: bytes) -> None:
    whole = (offset, len(body) + 4)
    if 0xE0 <= code <= 0xEF or code == 0xFE:
        stream.applications.append((code, offset + 4, len(body)))
        if code == 0xEE and not stream.scans:
            stream.heads.append(whole)
        return
    if code != 0xDA and not stream.scans:
        stream.heads.append(whole)
    if code in FRAMES:
        _frame(stream, code, offset, body)
    elif code == 0xDB:
        _tables(stream, body)
    elif code == 0xDD and len(body) >= 2:
        (stream.interval,) = struct.unpack_from(">H", body)
    elif code == 0xDC and len(body) >= 2 and not stream.height:
        (stream.height,) = struct.unpack_from(">H", body)


def _frame(stream: Stream, code: int, offset: int, body: bytes) -> None:
    if stream.frame:
        raise Malformed("it has two frames", offset)
    try:
        stream.precision, stream.height, stream.width, count = struct.unpack_from(">BHHB", body)
        parts = [struct.unpack_from(">BBB", body, 6 + 3 * index) for index in range(count)]
    except struct.error:
        raise Malformed("its frame header is too short", offset) from None
    stream.frame = code
    stream.components = [(part[0], part[1] >> 4, part[1] & 15) for part in parts]
    if not count or not stream.width or any(not 1 <= side <= 4 for part in stream.components for side in part[1:]):
        raise Malformed(f"its frame is {stream.width} by {stream.height} pixels with {count} components", offset)


def _tables(stream: Stream, body: bytes) -> None:
    place = 0
    while place < len(body):
        wide, which = body[place] >> 4, body[place] & 15
        size = 128 if wide else 64
        if place + 1 + size > len(body):
            return
        stream.quantisation[which] = struct.unpack_from(">64H" if wide else ">64B", body, place + 1)
        place += 1 + size


def _scan(octets: Octets, stream: Stream, head: bytes, place: int) -> int:
    """Go through entropy-coded data to the marker that ends it; restart markers have to come in turn."""
    if not stream.frame:
        raise Malformed("a scan stands before the frame", place)
    if not stream.scans:
        stream.first_scan = place - len(head) - 4
    stream.scans += 1
    start, due = place, _restarts(stream, head)
    for turn, (at, code) in enumerate(_marks(octets, place)):
        if not 0xD0 <= code <= 0xD7:
            stream.scanned += at - start
            if turn < due:
                raise Malformed(f"a scan has {turn} restarts of {due}: a part of it is missing", at)
            return at
        if code - 0xD0 != turn % 8 and stream.interval:
            raise Malformed(f"restart {code - 0xD0} stands at {at} where {turn % 8} is due", at)
        if turn > MOST_RESTARTS:
            raise Malformed(f"a scan has more than {MOST_RESTARTS} restarts", at)
    raise EndsEarly(octets.size, 2, octets.size)


def _restarts(stream: Stream, head: bytes) -> int:
    """How many restart markers a scan has to have (§A.2, §E.1.4); 0 when that cannot be told."""
    count = head[0] if head else 0
    if not stream.interval or not stream.height or not count:
        return 0
    widest = max(part[1] for part in stream.components)
    tallest = max(part[2] for part in stream.components)
    if count == 1:
        own = [part for part in stream.components if part[0] == head[1]]
        if not own:
            return 0
        across = ceil(ceil(stream.width * own[0][1] / widest) / 8)
        down = ceil(ceil(stream.height * own[0][2] / tallest) / 8)
    else:
        across, down = ceil(stream.width / (8 * widest)), ceil(stream.height / (8 * tallest))
    return ceil(across * down / stream.interval) - 1


def _marks(octets: Octets, place: int) -> Iterator[tuple[int, int]]:
    """Offset and code of every marker; stuffed and fill bytes are none."""
    while place < octets.size:
        block = octets.some(place, PIECE + 1)
        for found in _MARK.finditer(block):
            yield place + found.start(), block[found.start() + 1]
        place += max(1, len(block) - 1)
