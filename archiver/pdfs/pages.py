"""The pages of a PDF by PDFium: size, characters, images, and where the words come from. Runs in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.model.pdf import PdfPage, PdfPageKind, PdfTrouble
from archiver.pdfs import pdfium
from archiver.pdfs.drawn import drawing_of, resolution, share
from archiver.pdfs.glyphs import glyphs_of, is_invisible, text_of

if TYPE_CHECKING:
    import io

    from archiver.model.pdf import PdfLimits
    from archiver.pdfs.drawn import Drawing
    from archiver.pdfs.pdfium import Sheet
    from archiver.pdfs.worker import Voice

LARGE = 0.5  # share of the page that the pictures of a scan cover at least
WHOLE = 0.85  # share from which a page is a scan although a few words stand on it
STAMP = 100  # characters that a library may print on a scan: a number, an address


def tell(file: io.FileIO, limits: PdfLimits, voice: Voice) -> None:
    """Say what every page is."""
    voice.say("reader", pdfium.version())
    with pdfium.document(file, voice) as pdf:
        if pdf is None:
            return
        count = len(pdf)
        voice.say("count", count)
        for index in range(min(count, limits.pages)):
            voice.say("at", index + 1)
            with pdfium.sheet(pdf, index) as sheet:
                if sheet is None:
                    voice.fault(PdfTrouble.PAGE, "it cannot be read", index + 1)
                    voice.say("page", PdfPage(index + 1))
                else:
                    label = str(pdf.get_page_label(index))[:40]
                    voice.say("page", _page(sheet, index + 1, label, limits, voice))


def beyond_edge(sheet: Sheet, limits: PdfLimits) -> str:
    """A clause where a page is larger than any sheet of paper; "" otherwise."""
    width, height = sheet.size
    if max(width, height) <= limits.edge:
        return ""
    return f"it is {width:g} by {height:g} units; the limit is {limits.edge:g}"


def _page(sheet: Sheet, number: int, label: str, limits: PdfLimits, voice: Voice) -> PdfPage:
    width, height = sheet.size
    words = beyond_edge(sheet, limits)
    if words:
        voice.fault(PdfTrouble.OVERSIZE, words, number)
        return PdfPage(number, width, height, sheet.rotation, label=label)
    drawing = drawing_of(sheet, limits.images)
    if drawing.beyond:
        voice.fault(PdfTrouble.OVERSIZE, f"it draws more than {limits.images} objects", number)
    characters, hidden, unmapped = _counted(sheet, number, drawing, limits, voice)
    covered = share(drawing.pictures, sheet.size)
    return PdfPage(
        number,
        round(width, 3),
        round(height, 3),
        sheet.rotation,
        label=label,
        kind=_kind(characters, hidden, covered, drawing),
        characters=characters,
        hidden=hidden,
        unmapped=unmapped,
        images=len(drawing.pictures),
        image_share=round(covered, 4),
        image_resolution=resolution(drawing.pictures),
    )


def _counted(sheet: Sheet, number: int, drawing: Drawing, limits: PdfLimits, voice: Voice) -> tuple[int, int, int]:
    """Characters that are no white space; of them, those that are hidden; and those of unknown meaning."""
    characters = hidden = unmapped = 0
    concealed: dict[int, bool] = {}
    behind = max((picture.order for picture in drawing.pictures if share([picture], sheet.size) >= LARGE), default=0)
    with text_of(sheet) as text:
        if text is None:
            voice.fault(PdfTrouble.PAGE, "its text cannot be read", number)
            return 0, 0, 0
        _judge_count(text, number, limits, voice)
        for glyph in glyphs_of(sheet, text, limits.characters):
            if glyph.text.isspace() or not glyph.drawn:
                continue
            characters += 1
            unmapped += not glyph.is_mapped
            if glyph.drawn not in concealed:
                covered = drawing.texts.get(glyph.drawn, behind + 1) < behind
                concealed[glyph.drawn] = covered or is_invisible(glyph.drawn)
            hidden += concealed[glyph.drawn]
    return characters, hidden, unmapped


def _judge_count(text: Any, number: int, limits: PdfLimits, voice: Voice) -> None:
    count = text.count_chars()
    if count > limits.characters:
        words = f"it has {count} characters; only the first {limits.characters} were read"
        voice.fault(PdfTrouble.OVERSIZE, words, number)


def _kind(characters: int, hidden: int, covered: float, drawing: Drawing) -> PdfPageKind:
    if not characters:
        if covered >= LARGE:
            return PdfPageKind.SCANNED
        return PdfPageKind.DRAWN if drawing.pictures or drawing.others else PdfPageKind.EMPTY
    if covered >= LARGE and hidden * 2 >= characters:
        return PdfPageKind.SCANNED_WITH_TEXT
    if covered >= WHOLE and characters < STAMP:
        return PdfPageKind.SCANNED
    return PdfPageKind.BORN_DIGITAL
