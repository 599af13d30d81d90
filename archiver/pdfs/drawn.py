"""What is drawn on a page, in order: images with the part of the page that they cover, and text. Runs in the worker."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as raw

if TYPE_CHECKING:
    from archiver.pdfs.pdfium import Box, Sheet

DEEPEST = 8  # forms in forms
GRID = 50  # the page is 50 by 50 fields, and a field is covered when an image lies on its middle
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page: its box as shown and within the page, its place in the order of drawing, its pixels."""

    box: Box
    order: int
    width: int = 0
    height: int = 0
    across: float = 0.0  # units of the page that its full width takes


@dataclass
class Drawing:
    """What a page draws."""

    pictures: list[Picture] = field(default_factory=list)
    texts: dict[int, int] = field(default_factory=dict)  # identity of a text object → its place in the order
    others: int = 0  # lines, curves, shadings
    beyond: bool = False  # a limit ended the search


def drawing_of(sheet: Sheet, most: int) -> Drawing:
    """What a page draws, at most so many objects."""
    drawing = Drawing()
    count = 0
    top = [raw.FPDFPage_GetObject(sheet.page, index) for index in range(min(_count(sheet.page), most + 1))]
    waiting: list[tuple[Any, Matrix, int]] = [(thing, _SAME, 0) for thing in reversed(top)]
    while waiting:
        thing, outer, depth = waiting.pop()
        count += 1
        if count > most:
            drawing.beyond = True
            break
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            drawing.texts[ctypes.addressof(thing.contents)] = count
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            _picture(sheet, thing, _times(_matrix(thing), outer), count, drawing)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            within = min(raw.FPDFFormObj_CountObjects(thing), most + 1)
            inner = [raw.FPDFFormObj_GetObject(thing, index) for index in range(within)]
            matrix = _times(_matrix(thing), outer)
            waiting.extend((member, matrix, depth + 1) for member in reversed(inner) if member)
        else:
            drawing.others += 1
    return drawing


def share(pictures: list[Picture], size: tuple[float, float]) -> float:
    """The share of a page of such a size that pictures cover, from 0 to 1, by a grid."""
    covered: set[int] = set()
    across, down = size[0] / GRID, size[1] / GRID
    for picture in pictures:
        left, top, right, bottom = picture.box
        columns = range(max(0, math.ceil(left / across - 0.5)), min(GRID - 1, math.floor(right / across - 0.5)) + 1)
        rows = range(max(0, math.ceil(top / down - 0.5)), min(GRID - 1, math.floor(bottom / down - 0.5)) + 1)
        covered.update(row * GRID + column for row in rows for column in columns)
        if len(covered) == GRID * GRID:
            break
    return len(covered) / (GRID * GRID)


def resolution(pictures: list[Picture]) -> float:
    """Pixels by 72 units across of the largest picture; 0 without pictures."""
    sized = [picture for picture in pictures if picture.across > 0]
    if not sized:
        return 0.0
    largest = max(sized, key=lambda picture: (_area(picture.box), picture.width))
    return round(largest.width / largest.across * 72, 1)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _count(page: Any) -> int:
    return max(0, int(raw.FPDFPage_CountObjects(page)))


def _matrix(thing: Any) -> Matrix:
    held = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(held)):
        return _SAME
    return held.a, held.b, held.c, held.d, held.e, held.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does what `inner` does, then what `outer` does."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _picture(sheet: Sheet, thing: Any, matrix: Matrix, order: int, drawing: Drawing) -> None:
    """An image fills the unit square, which its matrix puts on the page."""
    a, b, c, d, e, f = matrix
    if not all(math.isfinite(value) for value in matrix):
        return
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    left, top, right, bottom = sheet.box(min(xs), min(ys), max(xs), max(ys))
    width, height = sheet.size
    left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height)
    if right <= left or bottom <= top:  # it lies outside of what is shown
        return
    across, down = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(thing, across, down)
    full = math.hypot(a, b)
    drawing.pictures.append(Picture((left, top, right, bottom), order, across.value, down.value, full))
