"""The characters of a page one by one, with their places, as PDFium gives them. Runs in the worker."""

from __future__ import annotations

import contextlib
import ctypes
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
import pypdfium2.raw as raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.pdfs.pdfium import Box, Sheet

_HYPHEN = 2  # what PDFium gives for the hyphen that parts a word at the end of a line
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
TALLEST = 2.0  # a box this many times as high as the size of its font is a fault of the font


class Glyph(NamedTuple):
    """One character as shown. White space has a box only where it is printed."""

    text: str
    box: Box
    size: float  # of the font, in points of the page
    angle: int  # degrees clockwise that it is turned, as shown: 0, 90, 180, 270; -1 for anything between
    drawn: int  # identity of the object that draws it; 0 for characters that PDFium adds
    is_mapped: bool  # the file says what character it is


@contextlib.contextmanager
def text_of(sheet: Sheet) -> Iterator[Any]:
    """The text of a page as PDFium takes it; None when it cannot."""
    try:
        text = sheet.page.get_textpage()
    except pypdfium2.PdfiumError:
        yield None
        return
    try:
        yield text
    finally:
        text.close()


def glyphs_of(sheet: Sheet, text: Any, most: int) -> Iterator[Glyph]:
    """At most so many characters of a page, in the order of the file."""
    rect = raw.FS_RECTF()
    matrix = raw.FS_MATRIX()
    waiting = 0  # the first half of a character beyond U+FFFF
    for index in range(min(text.count_chars(), most)):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            waiting = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((waiting - 0xD800) << 10) + (code - 0xDC00) if waiting else 0xFFFD
        waiting = 0
        raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect))
        added = raw.FPDFText_IsGenerated(text, index) == 1
        handle = None if added else raw.FPDFText_GetTextObject(text, index)
        drawn = ctypes.addressof(handle.contents) if handle else 0
        turned = bool(raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))) and not added
        angle = _angle(matrix, sheet.rotation) if turned else 0
        size = raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.c, matrix.d) if turned else 1.0)
        if not math.isfinite(size):
            size = 0.0
        box = _box(sheet, text, index, rect, size)
        mapped = raw.FPDFText_HasUnicodeMapError(text, index) != 1 and not _is_private(code)
        yield Glyph(_character(code), box, size, angle, drawn, mapped)


def is_invisible(drawn: int) -> bool:
    """Whether an object draws its text invisibly."""
    handle = ctypes.cast(ctypes.c_void_p(drawn), raw.FPDF_PAGEOBJECT)
    return bool(raw.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE)


def _box(sheet: Sheet, text: Any, index: int, rect: Any, size: float) -> Box:
    """The box of a character: that of its font, or the ink where the font gives none or an absurd one."""
    height = rect.top - rect.bottom
    sound = all(math.isfinite(edge) for edge in (rect.left, rect.bottom, rect.right, rect.top))
    limit = TALLEST * max(size, 1.0)
    if sound and 0 < height <= limit and 0 <= rect.right - rect.left <= 4 * limit:
        return sheet.box(rect.left, rect.bottom, rect.right, rect.top)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    edges = (left.value, bottom.value, right.value, top.value)
    if all(math.isfinite(edge) for edge in edges) and right.value > left.value and top.value > bottom.value:
        return sheet.box(*edges)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    if not math.isfinite(x.value) or not math.isfinite(y.value):
        return (0.0, 0.0, 0.0, 0.0)
    return sheet.box(x.value, y.value, x.value + size / 2, y.value + size)


def _angle(matrix: Any, rotation: int) -> int:
    """How far a character is turned clockwise as shown, to the next right angle within 10 degrees."""
    if not (math.isfinite(matrix.a) and math.isfinite(matrix.b)) or (matrix.a == 0 and matrix.b == 0):
        return 0
    turned = (rotation - math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    nearest = round(turned / 90) * 90
    return nearest % 360 if abs(turned - nearest) <= 10 else -1


def _character(code: int) -> str:
    if code == _HYPHEN:
        return "-"
    if code in {0, 0xFFFE, 0xFFFF} or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _is_private(code: int) -> bool:
    """Whether a code means nothing outside of its font: private use, or none at all."""
    return code in {0, 0xFFFD, 0xFFFE, 0xFFFF} or 0xE000 <= code < 0xF900 or code >= 0xF0000
