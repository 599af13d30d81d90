"""Text taken out of documents that are no plain text: lines with their headings, pages and places.

Every form of deposit that has words but is not a text file (layout documents, PDF, DOCX, HTML, METS with pages) is
brought into this form; a transcript is derived from it, and what works on transcripts works on all of them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.transcript import TextFault


class PieceKind(enum.Enum):
    """What a line of text is, where its document says so."""

    TEXT = "text"
    HEADING = "heading"  # begins an article
    SUBHEADING = "subheading"
    BYLINE = "byline"
    CAPTION = "caption"
    ADVERT = "advertisement"
    MASTHEAD = "masthead"


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text taken out of a document. An empty text parts paragraphs or blocks.

    `page` counts from 1 in the issue, 0 where nothing tells it; `file` is the name in the deposit of the layout
    document the line stands in, and `block` the identifier of its block there.
    """

    text: str
    kind: PieceKind = PieceKind.TEXT
    page: int = 0
    file: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class TakenText:
    """The text of one document or of several read as one, in reading order.

    `basis` says what it was taken from ("DOCX", "HTML, windows-1252 (declared)", "ALTO, 8 pages"); `losses` are clauses
    that say what the text does not show ("2 images", "1 table read row by row"); `faults` say why there is none.
    """

    pieces: tuple[Piece, ...]
    basis: str
    losses: tuple[str, ...] = ()
    faults: tuple[TextFault, ...] = ()


@dataclass(frozen=True, slots=True)
class PageStart:
    """The line of a derived transcript on which a page begins."""

    line: int
    page: int


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line of a derived transcript was taken from: document and block."""

    line: int
    file: str
    block: str
