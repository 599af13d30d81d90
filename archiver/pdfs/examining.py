"""Looking at a PDF: its first and last bytes here, everything else in a process of its own (asking.py)."""

from __future__ import annotations

import base64
import dataclasses
from typing import TYPE_CHECKING, Any

from archiver.errors import CouldNotFindOut, UsageError
from archiver.model.pdf import (
    PdfAttachment,
    PdfFacts,
    PdfFont,
    PdfLimits,
    PdfMetadata,
    PdfPage,
    PdfProblem,
    PdfSecurity,
    PdfTrouble,
)
from archiver.pdfs.answers import Nonsense, pack, unpack
from archiver.pdfs.asking import ask, opened, some
from archiver.pdfs.recognising import WITHIN, header

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.pdfs.asking import Answer

LIMITS = PdfLimits()
_TAIL = 1 << 20  # bytes at the end in which the end mark is looked for
_END = b"%%EOF"
_MOST = 1_000  # problems that are kept
_WHITE = b" \t\r\n\0\f"


def examine(path: Path, limits: PdfLimits = LIMITS) -> PdfFacts:
    """Everything about a PDF, and every trouble with it. The text itself is given by `layouts`.

    Links, pipes and devices are never opened. Raises UnreadableInput, StorageError, or CouldNotFindOut when the
    libraries are not installed; whatever is wrong with the PDF itself, or becomes of the process that reads it, is a
    problem of the facts.
    """
    with opened(path) as (descriptor, size):
        head = some(descriptor, path, 0, WITHIN + 8)
        version, start = header(head)
        if start < 0:
            detail = "the file is empty" if not size else "no header (%PDF-) stands in its first 1,024 bytes"
            return PdfFacts(size, problems=(PdfProblem(PdfTrouble.NOT_PDF, detail),))
        if size > limits.size:
            detail = f"it has {size} bytes; the limit is {limits.size} bytes"
            return PdfFacts(size, version, problems=(PdfProblem(PdfTrouble.OVERSIZE, detail),))
        offset = max(0, size - _TAIL)
        outer = _ends(head, start, some(descriptor, path, offset, _TAIL))
        answer = ask({"do": "examine", "limits": pack(limits)}, descriptor, limits)
    try:
        facts = _facts(answer, size, version)
    except (Nonsense, TypeError, ValueError, IndexError):
        detail = "the PDF reader gave an answer that makes no sense"
        return PdfFacts(size, version, problems=(*outer, PdfProblem(PdfTrouble.STOPPED, detail)))
    return dataclasses.replace(facts, problems=(*outer, *facts.problems)[:_MOST])


def page_image(path: Path, number: int, dpi: float = 150.0, limits: PdfLimits = LIMITS) -> bytes:
    """A page, counted from 1, as PNG of so many pixels by inch of its own coordinates: RGB, 8 bits, notes drawn.

    Raises UsageError for a resolution that is none, CouldNotFindOut when the page cannot be drawn within the limits,
    and what `examine` raises.
    """
    if not 1 <= dpi <= 2400:
        raise UsageError(f"A page cannot be drawn at {dpi:g} pixels by inch.", remedy="Give 1 to 2400.")
    with opened(path) as (descriptor, _size):
        answer = ask({"do": "image", "page": number, "dpi": dpi, "limits": pack(limits)}, descriptor, limits)
    images = answer.named("image")
    try:
        if images:
            return base64.b64decode(images[0], validate=True)
        found = problems_of(answer)
    except (Nonsense, TypeError, ValueError) as error:
        raise CouldNotFindOut(f"{path}: the PDF reader gave an answer that makes no sense.") from error
    reason = found[0].detail if found else "the PDF reader said nothing"
    raise CouldNotFindOut(f"{path}: page {number} cannot be drawn: {reason}.")


def problems_of(answer: Answer) -> tuple[PdfProblem, ...]:
    """The problems that the process told, and why it stopped; each once. Raises Nonsense."""
    told = [unpack(PdfProblem, value) for value in answer.named("problem")[:_MOST]]
    if answer.stopped:
        at = [number for number in answer.named("at")[-1:] if type(number) is int and number > 0]
        last = next((name for part in reversed(answer.parts) for name in part), "")
        page = at[0] if at and last in {"at", "problem"} else 0
        told.append(PdfProblem(PdfTrouble.STOPPED, answer.stopped, page))
    return tuple(dict.fromkeys(told))


def _ends(head: bytes, start: int, tail: bytes) -> tuple[PdfProblem, ...]:
    """What the first and last bytes tell."""
    found = []
    if head[:start].removeprefix(b"\xef\xbb\xbf").strip(_WHITE):
        found.append(PdfProblem(PdfTrouble.SURROUNDED, f"{start} bytes stand before the PDF"))
    end = tail.rfind(_END)
    if end < 0:
        found.append(PdfProblem(PdfTrouble.TRUNCATED, "no end mark (%%EOF) stands at its end"))
    else:
        after = tail[end + len(_END) :].strip(_WHITE)
        if after:
            found.append(PdfProblem(PdfTrouble.SURROUNDED, f"{len(after)} bytes stand after the end of the PDF"))
    return tuple(found)


def _facts(answer: Answer, size: int, version: str) -> PdfFacts:
    """The facts out of what the process said. Raises Nonsense, TypeError or ValueError for what is none."""
    units = [value for value in _one(answer, "units", []) if type(value) in {int, float}]
    pages = [unpack(PdfPage, value) for value in answer.named("page")]
    fields, has_xfa = _one(answer, "form", [0, False])
    pdfa, pdfua = _one(answer, "claims", ["", ""])
    stated = str(_one(answer, "version", ""))
    xmp = answer.named("xmp")
    return PdfFacts(
        size,
        max(version, stated) if stated[:1].isdigit() else version,
        int(_one(answer, "count", len(units))),
        tuple(_in_points(page, units) for page in pages),
        info=unpack(PdfMetadata, _one(answer, "info", [])),
        xmp=unpack(PdfMetadata, _one(answer, "xmp", [])),
        has_xmp=bool(xmp),
        pdfa=str(pdfa),
        pdfua=str(pdfua),
        language=str(_one(answer, "language", "")),
        is_tagged=_one(answer, "tagged", False) is True,
        output_intents=int(_one(answer, "intents", 0)),
        security=unpack(PdfSecurity, _one(answer, "security", [])),
        actions=_words(answer, "actions"),
        media=_words(answer, "media"),
        attachments=tuple(unpack(PdfAttachment, value) for value in _one(answer, "attachments", [])),
        fields=int(fields),
        has_xfa=has_xfa is True,
        signatures=_words(answer, "signatures"),
        fonts=tuple(unpack(PdfFont, value) for value in _one(answer, "fonts", [])),
        readers=tuple(str(name)[:80] for name in dict.fromkeys(answer.named("reader"))),
        problems=problems_of(answer),
    )


def _one(answer: Answer, name: str, otherwise: Any) -> Any:
    found = answer.named(name)
    return found[0] if found else otherwise


def _words(answer: Answer, name: str) -> tuple[str, ...]:
    return tuple(str(words)[:1_000] for words in _one(answer, name, []))


def _in_points(page: PdfPage, units: list[float]) -> PdfPage:
    """A page with its sizes in points, by the unit that it states."""
    unit = units[page.number - 1] if 0 < page.number <= len(units) else 1.0
    if unit == 1:
        return page
    return dataclasses.replace(
        page,
        width=round(page.width * unit, 3),
        height=round(page.height * unit, 3),
        user_unit=unit,
        image_resolution=round(page.image_resolution / unit, 1),
    )
