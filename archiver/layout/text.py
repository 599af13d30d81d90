"""The text of layout documents, line by line as printed and in reading order, with the place of every line.

What works on the lines of a transcript works on these. Nothing is joined: hyphens stay, and words that a line end parts
are told separately.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.layout import Area, BlockKind, JoinedWord, PlacedLine, PlacedText, Zone
from archiver.model.transcript import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.layout import LayoutBlock, LayoutDocument, LayoutLine, LayoutPage

HYPHENS = "-\u00ad\u2010\u00ac\u2e17"  # hyphen-minus, soft hyphen, hyphen, not sign (OCR-D), double oblique hyphen


def text_of(documents: Sequence[LayoutDocument]) -> PlacedText:
    """The text of one or more documents, in their order: UTF-8 with LF, a blank line between blocks.

    Line numbers and bytes run through all documents, so that the result is to be read as one transcript.
    """
    lines: list[PlacedLine] = []
    content: list[bytes] = []
    begin = 0
    for position, document in enumerate(documents):
        for page in document.pages:
            for block in page.in_reading_order():
                printed = [_one_line(line.text) for line in block.lines]
                if not any(printed):
                    continue
                if lines:
                    lines.append(PlacedLine(Line(len(lines) + 1, "", begin, begin)))
                    content.append(b"\n")
                    begin += 1
                for line, text in zip(block.lines, printed, strict=True):
                    if text:
                        encoded = text.encode("utf-8", "replace")
                        placed = Line(len(lines) + 1, encoded.decode("utf-8"), begin, begin + len(encoded))
                        lines.append(_placed(placed, position, page, block, line))
                        content.append(encoded + b"\n")
                        begin += len(encoded) + 1
    return PlacedText(b"".join(content), tuple(lines))


def lines(document: LayoutDocument) -> tuple[PlacedLine, ...]:
    """The lines of one document: `text_of` without the bytes."""
    return text_of([document]).lines


def areas(text: PlacedText, first_line: int, last_line: int) -> tuple[Area, ...]:
    """The parts of pages that lines `first_line` to `last_line` stand on, both included, in reading order.

    One for every block: METS takes the block (area BETYPE=IDREF) or the zone, which is that of these lines alone.
    """
    found: dict[tuple[int, int, int], Area] = {}
    for placed in text.lines[max(first_line - 1, 0) : max(last_line, 0)]:
        if not placed.order:
            continue
        key = (placed.document, placed.page, placed.order)
        before = found.get(key)
        number, zone = placed.line.number, placed.zone
        if before is None:
            found[key] = Area(*key, placed.block, zone, number, number)
        else:
            both = before.zone.union(zone) if before.zone and zone else before.zone or zone
            found[key] = Area(*key, placed.block, both, before.first_line, number)
    return tuple(found.values())


def joined_words(documents: Sequence[LayoutDocument]) -> tuple[JoinedWord, ...]:
    """The words that a line end parts: those the document joins, and those a hyphen before a small letter shows."""
    placed = [line for line in text_of(documents).lines if line.order]
    sources = [line for line in _printed_lines(documents) if _one_line(line.text)]
    found = []
    for index in range(len(placed) - 1):
        first, second = placed[index], placed[index + 1]
        words = sources[index].words
        stated = words[-1].whole if words and words[-1].part == 1 else ""
        text = stated or _shown(first, second)
        if text:
            found.append(JoinedWord(text, first.line.number, second.line.number, bool(stated)))
    return tuple(found)


def pixel_zone(zone: Zone, page: LayoutPage, image_size: tuple[int, int]) -> Zone | None:
    """A zone of a page in the pixels of an image of it, whatever the unit; None when the page states no size.

    Raises nothing; for METS area COORDS and IIIF.
    """
    if not page.width or not page.height:
        return None
    across, down = image_size[0] / page.width, image_size[1] / page.height
    return Zone(zone.x * across, zone.y * down, zone.width * across, zone.height * down)


def _placed(line: Line, document: int, page: LayoutPage, block: LayoutBlock, source: LayoutLine) -> PlacedLine:
    stated = [word.confidence for word in source.words if word.confidence is not None]
    return PlacedLine(
        line=line,
        document=document,
        page=page.position,
        order=block.order,
        block=block.identifier,
        zone=source.zone or (block.zone if block.kind is not BlockKind.GROUP else None),
        confidence=sum(stated) / len(stated) if stated else source.confidence,
        label=block.label,
    )


def _printed_lines(documents: Sequence[LayoutDocument]) -> Iterator[LayoutLine]:
    for document in documents:
        for page in document.pages:
            for block in page.in_reading_order():
                yield from block.lines


def _one_line(text: str) -> str:
    """A line of text that is one line: line ends within it become spaces, white space around it goes."""
    return " ".join(text.splitlines()).strip()


def _shown(first: PlacedLine, second: PlacedLine) -> str:
    """The word that a hyphen at the end of one line and a small letter at the head of the next show; "" for none."""
    if (first.document, first.page, first.order) != (second.document, second.page, second.order):
        return ""
    head, tail = first.line.text.split()[-1], second.line.text.split()[0]
    shows = head[-1:] in HYPHENS and head[-2:-1].isalpha() and tail[:1].islower()
    return head[:-1] + tail if shows else ""
