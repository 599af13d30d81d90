"""A page as an image: PNG, red, green and blue of 8 bits, the same bytes every time. Runs in the worker."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pypdfium2

from archiver.model.pdf import PdfTrouble
from archiver.pdfs import pdfium
from archiver.pdfs.pages import beyond_edge

if TYPE_CHECKING:
    import io

    from archiver.model.pdf import PdfLimits
    from archiver.pdfs.worker import Voice


def tell(file: io.FileIO, number: int, dpi: float, limits: PdfLimits, voice: Voice) -> None:
    """Say the image of one page, in base 64; `dpi` are pixels by 72 units of the page."""
    with pdfium.document(file, voice) as pdf:
        if pdf is None:
            return
        if not 1 <= number <= len(pdf):
            voice.fault(PdfTrouble.PAGE, f"there is no page {number}: it has {len(pdf)}", number)
            return
        with pdfium.sheet(pdf, number - 1) as sheet:
            words = "it cannot be read" if sheet is None else beyond_edge(sheet, limits)
            if sheet is None or words:
                voice.fault(PdfTrouble.PAGE, words, number)
                return
            width, height = (round(side * dpi / 72) + 1 for side in sheet.size)
            if width * height > limits.pixels:
                words = f"its image would have {width} by {height} pixels; the limit is {limits.pixels}"
                voice.fault(PdfTrouble.OVERSIZE, words, number)
                return
            bitmap = sheet.page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False)
            voice.say("image", base64.b64encode(_png(bitmap, dpi)).decode("ascii"))
            bitmap.close()


def _png(bitmap: Any, dpi: float) -> bytes:
    """A bitmap of three bytes by pixel, red first, as PNG."""
    if bitmap.n_channels != 3:
        raise pypdfium2.PdfiumError(f"the image has {bitmap.n_channels} channels")
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = memoryview(bitmap.buffer).cast("B")
    packer = zlib.compressobj(6)
    rows = []
    for row in range(height):
        rows.append(packer.compress(b"\0" + pixels[row * stride : row * stride + width * 3]))
    rows.append(packer.flush())
    metre = round(dpi / 0.0254)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"IDAT", b"".join(rows)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
