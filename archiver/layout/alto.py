"""ALTO 1 to 4, in any namespace or none: read into the model of layout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.layout.alto_lines import AltoReader, place_of, read_line
from archiver.layout.notes import shown
from archiver.layout.order import arrange, chained
from archiver.layout.processing import alto_processing
from archiver.model.layout import (
    BlockKind,
    LayoutBlock,
    LayoutDocument,
    LayoutForm,
    LayoutPage,
    LayoutTrouble,
    OrderBasis,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.layout.notes import Notes
    from archiver.layout.order import Reference
    from archiver.metadata.xml import Element

KNOWN = {"1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "3.0", "3.1", "4.0", "4.1", "4.2", "4.3", "4.4"}
NAMESPACES = {
    "http://schema.ccs-gmbh.com/ALTO": "1",
    "http://www.loc.gov/standards/alto/ns-v2#": "2",
    "http://www.loc.gov/standards/alto/ns-v3#": "3",
    "http://www.loc.gov/standards/alto/ns-v4#": "4",
}
SPACES = ("PrintSpace", "TopMargin", "LeftMargin", "RightMargin", "BottomMargin")
_BLOCKS = {
    "TextBlock": BlockKind.TEXT,
    "Illustration": BlockKind.ILLUSTRATION,
    "GraphicalElement": BlockKind.SEPARATOR,
    "ComposedBlock": BlockKind.GROUP,
}
_KIND_WORDS = {
    "advert": BlockKind.ADVERT,
    "advertisement": BlockKind.ADVERT,
    "ad": BlockKind.ADVERT,
    "table": BlockKind.TABLE,
    "tablezone": BlockKind.TABLE,
    "separator": BlockKind.SEPARATOR,
    "graphic": BlockKind.GRAPHIC,
    "graphiczone": BlockKind.GRAPHIC,
    "image": BlockKind.ILLUSTRATION,
    "illustration": BlockKind.ILLUSTRATION,
    "photo": BlockKind.ILLUSTRATION,
}
_SCHEMA_FILE = re.compile(r"alto[-_]?v?([0-9])[-.]([0-9])\.xsd")
_MAJOR = re.compile(r"[0-9]+")


def read_alto(root: Element, name: str, notes: Notes) -> LayoutDocument:
    """The document with the root `alto`; problems are added to `notes`."""
    reader = AltoReader(root, notes)
    for element in root.iter(f"{reader.space or '{}'}*"):
        notes.identifier(element.get("ID"), element.sourceline)
    description = root.find(reader.name("Description"))
    unit, image = _unit(reader, description), ""
    if description is not None:
        image = (description.findtext(reader.name("sourceImageInformation", "fileName")) or "").strip()
    references = [
        (identifier, element.sourceline)
        for element in _ordered(reader, root.find(reader.name("ReadingOrder")))
        for identifier in element.get("REF", "").split()
    ]
    pages = tuple(
        _page(reader, element, position, unit, image, references)
        for position, element in enumerate(root.iterfind(reader.name("Layout", "Page")), 1)
    )
    return LayoutDocument(
        name=name,
        form=LayoutForm.ALTO,
        version=_version(reader),
        pages=tuple(notes.page(page) for page in pages),
        processing=alto_processing(description, reader.space),
    )


def _ordered(reader: AltoReader, order: Element | None) -> Iterator[Element]:
    """The groups and references of a reading order that name something, in order of the document."""
    if order is None:
        return
    for element in order.iter(f"{reader.space or '{}'}*"):
        if element.get("REF") is not None:
            yield element


def _version(reader: AltoReader) -> str:
    """The version stated by SCHEMAVERSION, by the name of the schema file or, its first digit, by the namespace."""
    root, line = reader.root, reader.root.sourceline
    instance = "{http://www.w3.org/2001/XMLSchema-instance}"
    place = f"{root.get(instance + 'schemaLocation', '')} {root.get(instance + 'noNamespaceSchemaLocation', '')}"
    stated = root.get("SCHEMAVERSION", "").strip().lstrip("vV")
    found = _SCHEMA_FILE.search(place)
    if not stated and found is not None:
        stated = f"{found.group(1)}.{found.group(2)}"
    major = NAMESPACES.get(reader.namespace, "")
    if reader.namespace and not major:
        reader.notes.add(LayoutTrouble.VERSION, f"the namespace {shown(reader.namespace)} is of no known ALTO", line)
    elif not reader.namespace and not stated:
        reader.notes.add(LayoutTrouble.VERSION, "the document has no namespace and states no version", line)
    elif stated and stated not in KNOWN and stated not in {"1", "2", "3", "4"}:
        reader.notes.add(LayoutTrouble.VERSION, f"the document says it is ALTO {shown(stated)}", line)
    elif major in {"2", "3", "4"} and stated and not stated.startswith(major):
        detail = f"the document says it is ALTO {shown(stated)}, its namespace is that of ALTO {major}"
        reader.notes.add(LayoutTrouble.VERSION, detail, line)
    return stated or major


def _unit(reader: AltoReader, description: Element | None) -> Unit | None:
    stated = description.findtext(reader.name("MeasurementUnit")) if description is not None else None
    words = (stated or "").strip()
    for unit in Unit:
        if unit.value == words.lower():
            return unit
    if words:
        reader.notes.add(LayoutTrouble.UNIT, f"the unit of coordinates is {shown(words)}, none of ALTO's")
    return None


def _page(
    reader: AltoReader, element: Element, position: int, unit: Unit | None, image: str, references: list[Reference]
) -> LayoutPage:
    notes, line = reader.notes, element.sourceline
    blocks, following, parts = _blocks(reader, element)
    own = references or chained(blocks, following)
    if references and len(reader.root.findall(reader.name("Layout", "Page"))) > 1:
        here = {block.identifier for block in blocks} | parts.keys()
        own = [reference for reference in references if reference[0] in here]
    ordered, basis = arrange(blocks, own, parts, notes)
    number = notes.measure(element.get("PHYSICAL_IMG_NR"), line, f"PHYSICAL_IMG_NR of page {position}")
    return LayoutPage(
        position=position,
        blocks=ordered,
        identifier=element.get("ID", ""),
        image=image,
        width=notes.measure(element.get("WIDTH"), line, f"WIDTH of page {position}"),
        height=notes.measure(element.get("HEIGHT"), line, f"HEIGHT of page {position}"),
        unit=unit,
        language=element.get("LANG", ""),
        rotation=notes.measure(element.get("ROTATION"), line, f"ROTATION of page {position}"),
        physical_number=None if number is None else int(number),
        printed_number=element.get("PRINTED_IMG_NR", ""),
        confidence=notes.share(element.get("PC"), line),
        order_basis=basis if own else OrderBasis.DOCUMENT,
    )


def _blocks(reader: AltoReader, page: Element) -> tuple[list[LayoutBlock], dict[str, Reference], dict[str, int]]:
    """The blocks of a page in order of the document, what follows on what, and the block of every line and word."""
    blocks: list[LayoutBlock] = []
    following: dict[str, Reference] = {}
    parts: dict[str, int] = {}
    inside = [child for child in reader.each(page) if reader.local(child) in SPACES]
    waiting: list[tuple[Element, int | None]] = [(child, None) for child in reversed(inside)]
    while waiting:
        element, parent = waiting.pop()
        index = parent
        if reader.local(element) in _BLOCKS:
            index = len(blocks)
            block = _block(reader, element, parent, index + 1)
            blocks.append(block)
            parts.update((line.identifier, index) for line in block.lines if line.identifier)
            parts.update((word.identifier, index) for line in block.lines for word in line.words if word.identifier)
            if element.get("IDNEXT"):
                following[block.identifier] = (element.get("IDNEXT", ""), element.sourceline)
        children = [child for child in reader.each(element) if reader.local(child) in _BLOCKS]
        waiting.extend((child, index) for child in reversed(children))
    return blocks, following, parts


def _block(reader: AltoReader, element: Element, parent: int | None, order: int) -> LayoutBlock:
    notes, line = reader.notes, element.sourceline
    identifier = element.get("ID", "")
    kind, label = _kind(reader, element)
    zone, outline = place_of(reader, element, identifier)
    return LayoutBlock(
        identifier=identifier,
        kind=kind,
        zone=zone,
        order=order,
        lines=tuple(read_line(reader, child) for child in element.iterchildren(reader.name("TextLine"))),
        parent=parent,
        label=label,
        language=element.get("LANG") or element.get("language", ""),
        rotation=notes.measure(element.get("ROTATION"), line, f"ROTATION of {identifier}"),
        outline=outline,
    )


def _kind(reader: AltoReader, element: Element) -> tuple[BlockKind, str]:
    """What a block is, by its element, its TYPE and its tags, and what the document calls it."""
    kind = _BLOCKS[reader.local(element)]
    stated = element.get("TYPE", "")
    label = stated if stated.lower() not in _KIND_WORDS else ""
    kind = _KIND_WORDS.get(stated.lower(), kind)
    for reference in element.get("TAGREFS", "").split():
        tag = reader.tags.get(reference)
        if tag is None:
            detail = f"a block has the tag {shown(reference)}, which is not there"
            reader.notes.add(LayoutTrouble.REFERENCE, detail, element.sourceline, element.get("ID", ""))
        elif tag.type == "kind" and any(tag.label == known.value for known in BlockKind):
            kind = BlockKind(tag.label)
        elif tag.type != "role" and tag.label.lower() in _KIND_WORDS:
            kind = _KIND_WORDS[tag.label.lower()]
        else:
            label = tag.label
    return kind, label
