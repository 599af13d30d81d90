"""PDFium as it is used here: a document, its pages as a viewer shows them, and points of a page as places on it."""

from __future__ import annotations

import contextlib
import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as raw

from archiver.model.pdf import PdfTrouble

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from archiver.pdfs.worker import Voice

Box = tuple[float, float, float, float]  # left, top, right, bottom: points from the upper left corner as shown


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that is open: its handle, the part of its plane that is shown, and how it is turned."""

    page: Any
    left: float
    bottom: float
    right: float
    top: float
    rotation: int  # degrees clockwise

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in units of the page."""
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.rotation in {90, 270} else (across, down)

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """A point of the plane of the page as a place on the page as shown."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the plane as a box on the page as shown."""
        one, other = self.shown(left, bottom), self.shown(right, top)
        return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def version() -> str:
    """The name and version of PDFium."""
    return f"PDFium {pypdfium2.version.PDFIUM_INFO.build}"


@contextlib.contextmanager
def document(file: io.FileIO, voice: Voice) -> Iterator[Any]:
    """The document of a file; None, and a problem said, when PDFium does not open it."""
    file.seek(0)
    try:
        opened = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        voice.fault(PdfTrouble.DAMAGED, f"PDFium does not open it: {' '.join(str(error).split())[:200]}")
        yield None
        return
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def sheet(pdf: Any, index: int) -> Iterator[Sheet | None]:
    """The page of an index from 0; None when it cannot be read."""
    try:
        page = pdf[index]
    except (pypdfium2.PdfiumError, IndexError):
        yield None
        return
    try:
        box = raw.FS_RECTF()
        read = raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
        turned = raw.FPDFPage_GetRotation(page) * 90
        if not read or not box.right > box.left or not box.top > box.bottom:
            yield None
        else:
            yield Sheet(page, box.left, box.bottom, box.right, box.top, turned % 360)
    finally:
        page.close()
