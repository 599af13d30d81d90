"""The name of an ICC profile: its description tag, of version 2 or 4 of the ICC's specification."""

from __future__ import annotations

import struct

from archiver.imaging.sketch import stated

LARGEST = 16 << 20  # bytes of a profile that are looked at
NAMELESS = "(without a name)"
_MOST_TAGS = 200


def profile_name(data: bytes) -> str:
    """What the profile calls itself; "(without a name)" when it does not, or cannot be read."""
    try:
        return _name(data) or NAMELESS
    except (struct.error, UnicodeDecodeError):
        return NAMELESS


def _name(data: bytes) -> str:
    (count,) = struct.unpack_from(">I", data, 128)
    for index in range(min(count, _MOST_TAGS)):
        tag, offset, size = struct.unpack_from(">4sII", data, 132 + 12 * index)
        if tag == b"desc":
            return _words(data[offset : offset + min(size, 4096)])
    return ""


def _words(value: bytes) -> str:
    if value[:4] == b"desc":
        (length,) = struct.unpack_from(">I", value, 8)
        return stated(value[12 : 12 + length])
    if value[:4] == b"mluc":
        count, width = struct.unpack_from(">II", value, 8)
        places = [struct.unpack_from(">2s2sII", value, 16 + width * index) for index in range(min(count, 50))]
        english = [place for place in places if place[0] == b"en"] or places
        if english:
            _, _, length, offset = english[0]
            return stated(value[offset : offset + length].decode("utf-16-be", "replace"))
    return ""
