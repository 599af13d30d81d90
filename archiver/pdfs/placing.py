"""The words of every page with their places, as the model of layout has them. Runs in the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archiver.model.layout import BlockKind, LayoutBlock, LayoutPage, OrderBasis, Unit
from archiver.model.pdf import PdfTrouble
from archiver.pdfs import pdfium
from archiver.pdfs.drawn import drawing_of, share
from archiver.pdfs.glyphs import glyphs_of, text_of
from archiver.pdfs.lines import INCH, Scale, blocks_of
from archiver.pdfs.pages import WHOLE, beyond_edge
from archiver.pdfs.words import Plane, words_of

if TYPE_CHECKING:
    import io
    from collections.abc import Sequence

    from archiver.model.pdf import PdfLimits
    from archiver.pdfs.glyphs import Glyph
    from archiver.pdfs.pdfium import Box, Sheet
    from archiver.pdfs.worker import Voice

SMALL = 0.01  # share of the page: a picture that is smaller is an ornament
PICTURES = 200  # illustrations of one page
_ORDER = (Plane.UPRIGHT, Plane.VERTICAL, Plane.DOWNWARDS, Plane.UPWARDS, Plane.UPSIDE_DOWN, Plane.SLANTED)


def tell(file: io.FileIO, units: Sequence[float], limits: PdfLimits, voice: Voice) -> None:
    """Say every page with its blocks, and the size of the font of each; `units` are points by unit of each page."""
    with pdfium.document(file, voice) as pdf:
        if pdf is None:
            return
        for index in range(min(len(pdf), len(units), limits.pages)):
            voice.say("at", index + 1)
            with pdfium.sheet(pdf, index) as sheet:
                if sheet is None or beyond_edge(sheet, limits):
                    voice.say("page", (LayoutPage(1, unit=Unit.INCH1200, physical_number=index + 1), ()))
                else:
                    label = str(pdf.get_page_label(index))[:40]
                    voice.say("page", _page(sheet, index + 1, label, units[index], limits, voice))


def _page(
    sheet: Sheet, number: int, label: str, unit: float, limits: PdfLimits, voice: Voice
) -> tuple[LayoutPage, tuple[float, ...]]:
    width, height = sheet.size
    scale = Scale(width, height, unit * INCH / 72)
    with text_of(sheet) as text:
        glyphs = [] if text is None else list(glyphs_of(sheet, text, limits.characters))
    blocks: list[LayoutBlock] = []
    sizes: list[float] = []
    inside = _inside(glyphs, scale, number, voice)
    found = words_of(inside, scale.size)
    for plane in _ORDER:
        for block, size in blocks_of(found.get(plane, []), plane, scale):
            blocks.append(replace(block, order=len(blocks) + 1))
            sizes.append(round(size * unit, 3))
    for box in _illustrations(sheet, limits):
        blocks.append(LayoutBlock("", BlockKind.ILLUSTRATION, scale.zone(box), len(blocks) + 1))
        sizes.append(0.0)
    page = LayoutPage(
        1,
        tuple(blocks),
        width=round(width * scale.factor),
        height=round(height * scale.factor),
        unit=Unit.INCH1200,
        physical_number=number,
        printed_number=label,
        order_basis=OrderBasis.DOCUMENT,
    )
    return page, tuple(sizes)


def _inside(glyphs: Sequence[Glyph], scale: Scale, number: int, voice: Voice) -> list[Glyph]:
    """The characters of which the middle lies on the page as shown; the others are told by their number."""
    inside = [glyph for glyph in glyphs if glyph.text.isspace() or _is_on_page(glyph.box, scale)]
    outside = len(glyphs) - len(inside)
    if outside:
        voice.fault(PdfTrouble.NOT_PLACED, f"{outside} of its characters lie outside of the page as shown", number)
    return inside


def _is_on_page(box: Box, scale: Scale) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return 0 <= x <= scale.width and 0 <= y <= scale.height


def _illustrations(sheet: Sheet, limits: PdfLimits) -> list[Box]:
    """Pictures that are neither the scan itself nor ornaments, from top to bottom; the largest, when there are many."""
    pictures: dict[Box, Any] = {}
    for picture in drawing_of(sheet, limits.images).pictures:
        if SMALL <= share([picture], sheet.size) < WHOLE:
            pictures.setdefault(picture.box, picture)
    largest = sorted(pictures, key=lambda box: ((box[0] - box[2]) * (box[3] - box[1]), box))[:PICTURES]
    return sorted(largest, key=lambda box: (box[1], box[0], box))
