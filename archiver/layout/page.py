"""PAGE (2009 to 2024): read into the model of layout."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.layout.notes import around, gap_is_space, joined, number, shown, touches_cjk
from archiver.layout.order import arrange
from archiver.layout.processing import page_processing
from archiver.model.layout import (
    BlockKind,
    LayoutBlock,
    LayoutDocument,
    LayoutForm,
    LayoutLine,
    LayoutPage,
    LayoutTrouble,
    LayoutWord,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.layout.notes import Notes
    from archiver.layout.order import Reference
    from archiver.metadata.xml import Element
    from archiver.model.layout import Zone

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/"
KNOWN = {
    "2009-03-16",
    "2010-01-12",
    "2010-03-19",
    "2013-07-15",
    "2016-07-15",
    "2017-07-15",
    "2018-07-15",
    "2019-07-15",
    "2024-07-15",
}
_REGIONS = {
    "TextRegion": BlockKind.TEXT,
    "ImageRegion": BlockKind.ILLUSTRATION,
    "LineDrawingRegion": BlockKind.ILLUSTRATION,
    "ChartRegion": BlockKind.ILLUSTRATION,
    "MapRegion": BlockKind.ILLUSTRATION,
    "GraphicRegion": BlockKind.GRAPHIC,
    "FrameRegion": BlockKind.GRAPHIC,
    "TableRegion": BlockKind.TABLE,
    "SeparatorRegion": BlockKind.SEPARATOR,
    "AdvertRegion": BlockKind.ADVERT,
}
_DPI = {"PPI": 1.0, "PPCM": 2.54}
_INDEX = re.compile(r"[0-9]{1,9}")


class _Reader:
    """One document while it is read."""

    def __init__(self, root: Element, notes: Notes) -> None:
        self.notes = notes
        self.space = root.tag.rpartition("}")[0] + "}" if "}" in root.tag else ""
        self.every = f"{self.space or '{}'}*"

    def local(self, element: Element) -> str:
        return str(element.tag)[len(self.space) :]


def read_page(root: Element, name: str, notes: Notes) -> LayoutDocument:
    """The document with the root `PcGts`; problems are added to `notes`."""
    reader = _Reader(root, notes)
    for element in root.iter(reader.every):
        notes.identifier(element.get("id"), element.sourceline)
    namespace = reader.space.strip("{}")
    version = namespace.removeprefix(NAMESPACE) if namespace.startswith(NAMESPACE) else ""
    if version not in KNOWN:
        detail = f"the namespace {shown(namespace) or 'none'} is of no known PAGE"
        notes.add(LayoutTrouble.VERSION, detail, root.sourceline)
    pages = [
        _page(reader, element, position) for position, element in enumerate(root.iterchildren(f"{reader.space}Page"), 1)
    ]
    return LayoutDocument(
        name=name,
        form=LayoutForm.PAGE,
        version=version,
        pages=tuple(notes.page(page) for page in pages),
        processing=page_processing(root.find(f"{reader.space}Metadata"), reader.space),
    )


def _page(reader: _Reader, element: Element, position: int) -> LayoutPage:
    notes, line = reader.notes, element.sourceline
    blocks: list[LayoutBlock] = []
    waiting: list[tuple[Element, int | None]] = [(child, None) for child in reversed(list(_regions(reader, element)))]
    while waiting:
        region, parent = waiting.pop()
        index = len(blocks)
        blocks.append(_block(reader, region, parent, index + 1))
        waiting.extend((child, index) for child in reversed(list(_regions(reader, region))))
    order = element.find(f"{reader.space}ReadingOrder")
    references = [] if order is None else _references(reader, order)
    ordered, basis = arrange(blocks, references, {}, notes)
    resolution = notes.measure(element.get("imageXResolution"), line, f"imageXResolution of page {position}")
    factor = _DPI.get(element.get("imageResolutionUnit", "PPI"))
    return LayoutPage(
        position=position,
        blocks=ordered,
        identifier=element.get("id", ""),
        image=element.get("imageFilename", "").strip(),
        width=notes.measure(element.get("imageWidth"), line, f"imageWidth of page {position}"),
        height=notes.measure(element.get("imageHeight"), line, f"imageHeight of page {position}"),
        unit=Unit.PIXEL,
        dpi=resolution * factor if resolution is not None and factor is not None else None,
        language=element.get("primaryLanguage", ""),
        rotation=notes.measure(element.get("orientation"), line, f"orientation of page {position}"),
        confidence=notes.share(element.get("conf"), line),
        order_basis=basis,
    )


def _regions(reader: _Reader, parent: Element) -> Iterator[Element]:
    return (child for child in parent.iterchildren(reader.every) if reader.local(child).endswith("Region"))


def _references(reader: _Reader, order: Element) -> list[Reference]:
    """What the groups of a reading order name, those with an index by it, groups in groups where they stand."""
    found: list[Reference] = []
    waiting = [order]
    while waiting:
        element = waiting.pop()
        if element.get("regionRef"):
            found.append((element.get("regionRef", ""), element.sourceline))
        children = [child for child in element.iterchildren(reader.every) if _is_ordered(reader.local(child))]
        waiting.extend(sorted(children, key=_index)[::-1])
    return found


def _is_ordered(local: str) -> bool:
    return local.startswith(("RegionRef", "OrderedGroup", "UnorderedGroup"))


def _index(element: Element) -> int:
    """The index of an element in its order; those without one keep their place, at the front."""
    words = element.get("index", "").strip()
    return int(words) if _INDEX.fullmatch(words) else -1


def _block(reader: _Reader, element: Element, parent: int | None, order: int) -> LayoutBlock:
    notes, line = reader.notes, element.sourceline
    local, identifier = reader.local(element), element.get("id", "")
    kind = _REGIONS.get(local, BlockKind.OTHER)
    named = local.removesuffix("Region").lower()
    plain = kind is BlockKind.TEXT or named in {"image", kind.value}
    outline = _points(reader, element, identifier)
    found = list(element.iterchildren(f"{reader.space}TextLine"))
    if found and all(_index(child) >= 0 for child in found):
        found.sort(key=_index)
    lines = [_line(reader, child) for child in found]
    zone = around(outline)
    if not any(child.text for child in lines) and element.find(f"{reader.space}TextRegion") is None:
        lines = _lines_of_region(reader, element, lines, zone)
    return LayoutBlock(
        identifier=identifier,
        kind=kind,
        zone=zone,
        order=order,
        lines=tuple(lines),
        parent=parent,
        label=element.get("type", "") or ("" if plain else named),
        language=element.get("primaryLanguage", ""),
        rotation=notes.measure(element.get("orientation"), line, f"orientation of {identifier}"),
        outline=outline,
    )


def _lines_of_region(reader: _Reader, element: Element, lines: list[LayoutLine], zone: Zone | None) -> list[LayoutLine]:
    """The lines of a region that states its text as a whole; in their places where there are as many of them."""
    text, confidence = _equivalent(reader, element)
    text = reader.notes.text(text, element.sourceline, element.get("id", ""))
    printed = text.splitlines()
    if not text.strip():
        return lines
    if len(printed) != len(lines):
        return [LayoutLine(words, zone, "", (), confidence) for words in printed]
    return [replace(line, text=words, confidence=confidence) for line, words in zip(lines, printed, strict=True)]


def _line(reader: _Reader, element: Element) -> LayoutLine:
    identifier = element.get("id", "")
    zone = around(_points(reader, element, identifier))
    words: list[LayoutWord] = []
    for child in element.iterchildren(f"{reader.space}Word"):
        words.append(_word(reader, child, words[-1] if words else None, zone))
    text, confidence = _equivalent(reader, element)
    if not text:
        text = joined(words)
    text = reader.notes.text(text, element.sourceline, identifier)
    return LayoutLine(text, zone, identifier, tuple(words), confidence, "", element.get("primaryLanguage", ""))


def _word(reader: _Reader, element: Element, before: LayoutWord | None, line: Zone | None) -> LayoutWord:
    identifier = element.get("id", "")
    text, confidence = _equivalent(reader, element)
    zone = around(_points(reader, element, identifier))
    space = before is not None
    if before is not None and touches_cjk(before.text, text):
        space = gap_is_space(before.zone, zone, line)
    return LayoutWord(text, zone, confidence, identifier, space)


def _equivalent(reader: _Reader, element: Element) -> tuple[str, float | None]:
    """The main text of an element, that of the lowest index, and its confidence."""
    found = list(element.iterchildren(f"{reader.space}TextEquiv"))
    if not found:
        return "", None
    indexed = [child for child in found if _index(child) >= 0]
    main = min(indexed, key=_index) if indexed else found[0]
    text = main.findtext(f"{reader.space}Unicode") or main.findtext(f"{reader.space}PlainText") or ""
    return text, reader.notes.share(main.get("conf"), main.sourceline)


def _points(reader: _Reader, element: Element, what: str) -> tuple[tuple[float, float], ...]:
    """The corners of an element: Coords with points, or with Point elements as before 2013."""
    coords = element.find(f"{reader.space}Coords")
    if coords is None:
        return ()
    points = coords.get("points")
    if points is None:
        old = [(number(point.get("x", "")), number(point.get("y", ""))) for point in coords.iterchildren(reader.every)]
        points = " ".join(f"{x},{y}" for x, y in old)
    return reader.notes.outline(points, coords.sourceline, what)
