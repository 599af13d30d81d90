"""From text taken out of documents to a transcript: Markdown in UTF-8, one line a line, places kept.

A heading becomes `## …`, a subheading `### …`; pages and blocks are remembered by line. What works on transcripts works
on the result, and every line leads back to the block it was taken from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.package import FileStamp, SourceFile
from archiver.model.taken import LinePlace, PageStart, PieceKind
from archiver.model.transcript import Line, TextFault, TextTrouble, Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.taken import Piece, TakenText

_MARKS = {PieceKind.HEADING: "## ", PieceKind.SUBHEADING: "### "}
_UNUSABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\u2028\u2029\x85]")  # end lines, or are not XML
MOST_LINES = 250_000  # as of a transcript that was deposited


def derive(taken: TakenText, path: Path) -> Transcript:
    """The transcript of a text taken out of documents; `path` is what it was taken from, for reports.

    With faults, or with nothing but space, it has no lines and says why.
    """
    lines: list[Line] = []
    content: list[bytes] = []
    starts: list[PageStart] = []
    places: list[LinePlace] = []
    begin = 0
    for piece in taken.pieces[:MOST_LINES]:
        encoded = _printed(piece).encode("utf-8", "replace")
        number = len(lines) + 1
        if piece.page and piece.page != (starts[-1].page if starts else 0) and piece.text.strip():
            starts.append(PageStart(number, piece.page))
        if piece.file and piece.block and piece.text.strip():
            places.append(LinePlace(number, piece.file, piece.block))
        lines.append(Line(number, encoded.decode("utf-8"), begin, begin + len(encoded)))
        content.append(encoded + b"\n")
        begin += len(encoded) + 1
    faults = taken.faults + tuple(_too_long(taken))
    blank = not any(line.text.strip() for line in lines)
    return Transcript(
        derived_file(path, b"".join(content)),
        () if faults or blank else tuple(lines),
        "utf-8",
        "derived",
        faults,
        taken_from=taken.basis or "nothing",
        page_starts=tuple(starts),
        places=tuple(places),
        has_headings=any(piece.kind is PieceKind.HEADING for piece in taken.pieces),
    )


def derived_file(path: Path, content: bytes) -> SourceFile:
    """Bytes that lie in no file of the deposit, as a file that was made from `path`."""
    return SourceFile(path, "transcript.md", FileStamp(0, 0, len(content), 0, 0), content)


def _printed(piece: Piece) -> str:
    """A piece as a line: one line, marked where it is a heading; a text that only looks like one gets no mark more."""
    text = " ".join(_UNUSABLE.sub(" ", piece.text.replace("\r", " ").replace("\n", " ")).split(" ")).strip()
    return _MARKS.get(piece.kind, "") + text if text else ""


def _too_long(taken: TakenText) -> list[TextFault]:
    if len(taken.pieces) <= MOST_LINES:
        return []
    return [TextFault(TextTrouble.TOO_LARGE, f"{len(taken.pieces)} lines; a transcript may have {MOST_LINES}")]
