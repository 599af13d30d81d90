"""The text of a PDF: layout documents, one a page, and the lines out of them in reading order."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

import archiver
from archiver.layout.identifiers import with_identifiers
from archiver.layout.notes import touches_cjk
from archiver.layout.writing import write_alto
from archiver.model.layout import (
    BlockKind,
    LayoutDocument,
    LayoutForm,
    LayoutPage,
    LayoutProblem,
    LayoutTrouble,
    Processing,
    Unit,
)
from archiver.model.pdf import PdfPageKind, PdfTrouble
from archiver.model.taken import Piece, PieceKind, TakenText
from archiver.pdfs.answers import Nonsense, pack, unpack
from archiver.pdfs.asking import ask, opened
from archiver.pdfs.examining import LIMITS, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from archiver.model.layout import LayoutBlock
    from archiver.model.pdf import PdfFacts, PdfLimits, PdfProblem

HEADING = "heading"  # what a block is called whose print is large
LARGER = 1.3  # times the size of the font of most characters of the PDF
MOST_LINES = 6  # of a heading

_Read = tuple[LayoutPage, tuple[float, ...]]


def layouts(path: Path, facts: PdfFacts, limits: PdfLimits = LIMITS) -> tuple[LayoutDocument, ...]:
    """The words of every page with their places, one document a page; none for a PDF that cannot be read.

    `facts` are those that `examine` gave for this file. Documents are named page-0001.alto.xml and so on, and name the
    PDF as what they show. A page that could not be read has no block and a problem that says why. Raises what
    `examine` raises.
    """
    if not facts.is_readable:
        return ()
    units = [page.user_unit for page in facts.pages]
    with opened(path) as (descriptor, _size):
        answer = ask({"do": "layouts", "units": units, "limits": pack(limits)}, descriptor, limits)
    try:
        read = [_read(value) for value in answer.named("page")[: len(units)]]
        problems = problems_of(answer)
    except (Nonsense, TypeError, ValueError, IndexError):
        return tuple(_missing(page.number, "the PDF reader gave an answer that makes no sense") for page in facts.pages)
    heading = _usual(read) * LARGER
    found = []
    for index, page in enumerate(facts.pages):
        told = [problem for problem in problems if problem.page == page.number]
        if index < len(read):
            found.append(_document(read[index], page.number, path.name, facts, heading, told))
        else:
            reason = told[-1].detail if told else problems[-1].detail if problems else "the PDF reader said nothing"
            found.append(_missing(page.number, reason))
    return tuple(found)


def taken_text(documents: Sequence[LayoutDocument], facts: PdfFacts | None = None) -> TakenText:
    """The lines of the documents that `layouts` gave, with page, file and block, a blank line between blocks.

    Blocks in large print begin articles. With `facts`, it is said which pages have no text.
    """
    pieces: list[Piece] = []
    for document in documents:
        for page in document.pages:
            number = page.physical_number or 0
            for block in page.in_reading_order():
                if not block.lines:
                    continue
                if pieces:
                    pieces.append(Piece("", page=number))
                pieces.extend(_pieces(block, number, document.name))
    count = len(documents)
    basis = f"PDF, {count} page{'' if count == 1 else 's'}"
    return TakenText(tuple(pieces), basis, tuple(_losses(documents, facts)))


def alto_of(document: LayoutDocument) -> bytes:
    """A document of `layouts` as ALTO 4.4: the same document gives the same bytes."""
    return write_alto(document)


def _pieces(block: LayoutBlock, page: int, file: str) -> Iterable[Piece]:
    """The lines of a block; those of a heading are one."""
    if block.label == HEADING:
        words = _one_line([line.text for line in block.lines])
        return [Piece(words, PieceKind.HEADING, page, file, block.identifier)]
    return [Piece(line.text, PieceKind.TEXT, page, file, block.identifier) for line in block.lines]


def _one_line(lines: Sequence[str]) -> str:
    """The lines of a heading as one: no space between two Chinese characters."""
    words = ""
    for line in lines:
        words += line if not words or touches_cjk(words, line) else f" {line}"
    return words


def _losses(documents: Sequence[LayoutDocument], facts: PdfFacts | None) -> Iterable[str]:
    pictures = sum(
        block.kind is BlockKind.ILLUSTRATION
        for document in documents
        for page in document.pages
        for block in page.blocks
    )
    if pictures:
        yield f"{pictures} image{'' if pictures == 1 else 's'}"
    if facts is not None:
        for kind in (PdfPageKind.SCANNED, PdfPageKind.DRAWN, PdfPageKind.UNKNOWN):
            pages = facts.pages_of(kind)
            if pages:
                yield f"{len(pages)} page{'' if len(pages) == 1 else 's'} {kind.value}"
    failed = sum(bool(document.problems) and not any(page.blocks for page in document.pages) for document in documents)
    if failed:
        yield f"{failed} page{'' if failed == 1 else 's'} that could not be read"


def _read(value: Any) -> _Read:
    """A page and the sizes of its blocks. Raises Nonsense."""
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], list):
        raise Nonsense("a page is missing")
    page = unpack(LayoutPage, value[0])
    sizes = tuple(float(size) for size in value[1] if type(size) in {int, float})
    if len(sizes) != len(page.blocks):
        raise Nonsense("a page has other sizes than blocks")
    return page, sizes


def _usual(read: Sequence[_Read]) -> float:
    """The size of the font of most characters, in points."""
    counted: Counter[float] = Counter()
    for page, sizes in read:
        for block, size in zip(page.blocks, sizes, strict=True):
            counted[round(size, 1)] += sum(len(line.text) for line in block.lines)
    return max(counted, key=lambda size: (counted[size], -size)) if counted.total() else float("inf")


def _document(
    read: _Read, number: int, name: str, facts: PdfFacts, heading: float, told: Iterable[PdfProblem]
) -> LayoutDocument:
    page, sizes = read
    blocks = []
    for block, size in zip(page.blocks, sizes, strict=True):
        large = block.kind is BlockKind.TEXT and size >= heading and len(block.lines) <= MOST_LINES
        blocks.append(dataclasses.replace(block, label=HEADING if large and _has_letters(block) else ""))
    page = dataclasses.replace(page, blocks=tuple(blocks), image=name, language=facts.language)
    outside = PdfTrouble.NOT_PLACED
    problems = tuple(
        LayoutProblem(LayoutTrouble.OUTSIDE if problem.trouble is outside else LayoutTrouble.NO_TEXT, problem.detail)
        for problem in told
    )
    return with_identifiers(
        dataclasses.replace(_empty(number), pages=(page,), processing=_steps(facts), problems=problems)
    )


def _has_letters(block: LayoutBlock) -> bool:
    return any(character.isalpha() for line in block.lines for character in line.text)


def _steps(facts: PdfFacts) -> tuple[Processing, ...]:
    software, _, version = next((name for name in facts.readers if name.startswith("PDFium")), "PDFium").partition(" ")
    return (
        Processing(software, version, step="contentGeneration"),
        Processing("archiver", archiver.__version__, step="contentModification"),
    )


def _empty(number: int) -> LayoutDocument:
    return LayoutDocument(f"page-{number:04}.alto.xml", LayoutForm.ALTO, "4.4")


def _missing(number: int, reason: str) -> LayoutDocument:
    problem = LayoutProblem(LayoutTrouble.NO_TEXT, reason)
    page = LayoutPage(1, identifier="p1", unit=Unit.INCH1200, physical_number=number)
    return dataclasses.replace(_empty(number), pages=(page,), problems=(problem,))
