"""hOCR 1.2, as HTML or XHTML: read into the model of layout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.layout.notes import gap_is_space, joined, touches_cjk
from archiver.layout.processing import named
from archiver.model.layout import (
    BlockKind,
    LayoutBlock,
    LayoutDocument,
    LayoutForm,
    LayoutLine,
    LayoutPage,
    LayoutTrouble,
    LayoutWord,
    Processing,
    Unit,
    Zone,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.layout.notes import Notes
    from archiver.metadata.xml import Element

_BLOCKS = {
    "ocr_carea": BlockKind.TEXT,
    "ocr_column": BlockKind.TEXT,
    "ocrx_block": BlockKind.TEXT,
    "ocr_par": BlockKind.TEXT,
    "ocr_float": BlockKind.GROUP,
    "ocr_textfloat": BlockKind.TEXT,
    "ocr_separator": BlockKind.SEPARATOR,
    "ocr_photo": BlockKind.ILLUSTRATION,
    "ocr_image": BlockKind.ILLUSTRATION,
    "ocr_linedrawing": BlockKind.ILLUSTRATION,
    "ocr_table": BlockKind.TABLE,
    "ocr_math": BlockKind.OTHER,
    "ocr_chem": BlockKind.OTHER,
    "ocr_noise": BlockKind.OTHER,
    "ocr_caption": BlockKind.TEXT,
    "ocr_header": BlockKind.TEXT,
    "ocr_footer": BlockKind.TEXT,
    "ocr_pageno": BlockKind.TEXT,
}
_LINES = {"ocr_line", "ocrx_line"}
_FLOATING = {"ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat", "ocr_pageno"}  # lines in a block, else blocks
_LABELS = {"ocr_caption", "ocr_header", "ocr_footer", "ocr_pageno", "ocr_math", "ocr_chem", "ocr_noise"}
_PIECE = re.compile(r""""[^"]*"|'[^']*'|[^;"']+|[;"']""")
_LONGEST_TITLE = 20_000  # characters


class _Reader:
    """One document while it is read."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def properties(self, element: Element) -> dict[str, str]:
        """The properties in the title of an element: "bbox 0 0 9 9; x_wconf 90" by name."""
        title = element.get("title", "")[:_LONGEST_TITLE]
        parts = [""]
        for piece in _PIECE.findall(title):
            if piece == ";":
                parts.append("")
            else:
                parts[-1] += piece
        found: dict[str, str] = {}
        for part in parts:
            name, _, value = part.strip().partition(" ")
            found.setdefault(name, value.strip())
        return found

    def zone(self, properties: Mapping[str, str], element: Element) -> Zone | None:
        """The zone of a bbox, two corners; None where there is none or it is absurd."""
        if "bbox" not in properties:
            return None
        words, line, what = properties["bbox"].split(), element.sourceline, element.get("id", "an element")
        if len(words) != 4:
            detail = f"the bbox of {what} is {properties['bbox'][:80]}"
            self.notes.add(LayoutTrouble.COORDINATES, detail, line, what)
            return None
        left, top, right, bottom = (self.notes.measure(word, line, f"the bbox of {what}") for word in words)
        if left is None or top is None or right is None or bottom is None:
            return None
        if right < left or bottom < top:
            detail = f"the bbox of {what} runs from {left:g},{top:g} back to {right:g},{bottom:g}"
            self.notes.add(LayoutTrouble.COORDINATES, detail, line, what)
            return None
        return Zone(left, top, right - left, bottom - top)


def read_hocr(root: Element, name: str, notes: Notes) -> LayoutDocument:
    """The document with the root `html`; problems are added to `notes`."""
    reader = _Reader(notes)
    for element in root.iter():
        if isinstance(element.tag, str):
            notes.identifier(element.get("id"), element.sourceline)
    found = [element for element in root.iter() if "ocr_page" in classes(element) and not _is_inside(element)]
    pages = [_page(reader, element, position) for position, element in enumerate(found, 1)]
    systems = [meta.get("content", "") for meta in root.iter("meta") if meta.get("name", "").lower() == "ocr-system"]
    return LayoutDocument(
        name=name,
        form=LayoutForm.HOCR,
        pages=tuple(notes.page(page) for page in pages),
        processing=tuple(
            Processing(*named(system.strip(), ""), step="contentGeneration") for system in systems if system
        ),
    )


def classes(element: Element) -> list[str]:
    """The classes of an element; none for a comment."""
    return element.get("class", "").split() if isinstance(element.tag, str) else []


def _page(reader: _Reader, element: Element, position: int) -> LayoutPage:
    properties = reader.properties(element)
    zone = reader.zone(properties, element)
    number = properties.get("ppageno", "")
    resolution = properties.get("scan_res", "").split()
    return LayoutPage(
        position=position,
        blocks=tuple(_blocks(reader, element)),
        identifier=element.get("id", ""),
        image=properties.get("image", "").strip("\"' \t"),
        width=zone.right if zone else None,
        height=zone.bottom if zone else None,
        unit=Unit.PIXEL,
        dpi=reader.notes.measure(resolution[0], element.sourceline, "scan_res") if resolution else None,
        language=element.get("lang", ""),
        physical_number=int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None,
        printed_number=properties.get("lpageno", "").strip("\"'"),
    )


def _blocks(reader: _Reader, page: Element) -> list[LayoutBlock]:
    """The blocks of a page in order of the document; lines outside of any block make one of their own."""
    blocks: list[LayoutBlock] = []
    loose: list[LayoutLine] = []

    def close() -> None:
        if loose:
            blocks.append(LayoutBlock("", BlockKind.TEXT, None, len(blocks) + 1, tuple(loose)))
            loose.clear()

    waiting: list[tuple[Element, int | None]] = [(child, None) for child in reversed(list(page))]
    while waiting:
        element, parent = waiting.pop()
        kind = _class(element)
        if kind in _LINES or (kind in _FLOATING and parent is not None):
            if parent is None:
                loose.append(_line(reader, element))
            continue
        if kind:
            close()
            parent = _add(reader, blocks, element, kind, parent)
        waiting.extend((child, parent) for child in reversed(list(element)))
    close()
    return blocks


def _is_inside(page: Element) -> bool:
    return any("ocr_page" in classes(above) for above in page.iterancestors())


def _class(element: Element) -> str:
    """The class that makes an element a block or a line; "" for any other."""
    return next((name for name in classes(element) if name in _LINES or name in _BLOCKS), "")


def _add(reader: _Reader, blocks: list[LayoutBlock], element: Element, name: str, parent: int | None) -> int:
    """Add a block with the lines that are in no block within it; the index of it."""
    properties = reader.properties(element)
    lines = [_line(reader, child) for child in _own_lines(element)]
    if name in _FLOATING and not lines:
        lines = [_line(reader, element)]
    kind = _BLOCKS[name]
    if kind is BlockKind.TEXT and not lines and name != "ocr_par":
        kind = BlockKind.GROUP
    angle = properties.get("textangle")
    blocks.append(
        LayoutBlock(
            identifier=element.get("id", ""),
            kind=kind,
            zone=reader.zone(properties, element),
            order=len(blocks) + 1,
            lines=tuple(line for line in lines if line.text or line.words),
            parent=parent,
            label=name.removeprefix("ocr_") if name in _LABELS else "",
            language=element.get("lang", ""),
            rotation=reader.notes.measure(angle, element.sourceline, "textangle"),
        )
    )
    return len(blocks) - 1


def _own_lines(block: Element) -> Iterator[Element]:
    waiting = list(reversed(list(block)))
    while waiting:
        element = waiting.pop()
        kind = _class(element)
        if kind in _LINES or kind in _FLOATING:
            yield element
        elif not kind:
            waiting.extend(reversed(list(element)))


def _line(reader: _Reader, element: Element) -> LayoutLine:
    identifier = element.get("id", "")
    zone = reader.zone(reader.properties(element), element)
    words: list[LayoutWord] = []
    for child in element.iter():
        if "ocrx_word" in classes(child) or "ocr_word" in classes(child):
            word = _word(reader, child, words[-1] if words else None, zone)
            if word.text:
                words.append(word)
    text = joined(words) if words else _text(element)
    text = reader.notes.text(text, element.sourceline, identifier)
    return LayoutLine(text, zone, identifier, tuple(words), None, "", element.get("lang", ""))


def _word(reader: _Reader, element: Element, before: LayoutWord | None, line: Zone | None) -> LayoutWord:
    properties = reader.properties(element)
    text, zone = _text(element), reader.zone(properties, element)
    space = before is not None
    if before is not None and touches_cjk(before.text, text):
        space = gap_is_space(before.zone, zone, line)
    confidence = reader.notes.share(properties.get("x_wconf"), element.sourceline, 100.0)
    return LayoutWord(text, zone, confidence, element.get("id", ""), space)


def _text(element: Element) -> str:
    """The text of an element, white space folded; of several readings (`del`), the first alone (`ins`)."""
    parts: list[str] = []
    for node in element.iter():
        if not isinstance(node.tag, str):
            parts.append(node.tail or "" if node is not element else "")
            continue
        if node.tag != "del" and node.text:
            parts.append(node.text)
        if node is not element and node.tail:
            parts.append(node.tail)
    return " ".join("".join(parts).split())
