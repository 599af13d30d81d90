"""ALTO 4.4 written from the model of layout: the same document gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.layout.alto_lines import SOFT_HYPHEN
from archiver.layout.identifiers import Names, with_identifiers
from archiver.layout.notes import joined, touches_cjk
from archiver.metadata.xml import clean, serialise
from archiver.model.layout import BlockKind, LayoutWord, OrderBasis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.metadata.xml import Element
    from archiver.model.layout import LayoutBlock, LayoutDocument, LayoutLine, LayoutPage, Processing, Unit, Zone

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "https://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)
_CATEGORIES = {"contentGeneration", "contentModification", "preOperation", "postOperation", "other"}
_TESSERACT = {"chi_sim": "zh-Hans", "chi_tra": "zh-Hant"}
_HOLDERS = {BlockKind.GROUP, BlockKind.ADVERT, BlockKind.TABLE, BlockKind.OTHER}
_TYPES = {BlockKind.ADVERT: "advertisement", BlockKind.TABLE: "table", BlockKind.GRAPHIC: "graphic"}


def write_alto(document: LayoutDocument) -> bytes:
    """The document as ALTO 4.4, valid by its schema, with the identifiers of `with_identifiers`.

    Left out are what ALTO has no place for (resolution, confidence of lines that have words) and languages that are no
    language codes. A line whose words do not give its text is written by its text. A block inside a block that cannot
    hold one is written after it. Raises UsageError for pages that state no unit, different ones or different images.
    """
    from lxml import etree

    document = with_identifiers(document)
    unit, image = _one_unit(document), _one_image(document)
    namespaces: Any = {None: NAMESPACE, "xsi": _INSTANCE}  # lxml's stubs know no default namespace
    root = etree.Element(f"{{{NAMESPACE}}}alto", nsmap=namespaces)
    root.set("SCHEMAVERSION", "4.4")
    root.set(f"{{{_INSTANCE}}}schemaLocation", f"{NAMESPACE} {_SCHEMA}")
    description = _add(root, "Description")
    _add(description, "MeasurementUnit", text=unit.value)
    if image:
        _add(_add(description, "sourceImageInformation"), "fileName", text=image)
    names = Names(document)
    for number, step in enumerate(document.processing, 1):
        _processing(description, step, names.free(f"processing{number}"))
    tags = _Tags(document, names)
    tags.write(root)
    _reading_order(root, document, names)
    layout = _add(root, "Layout")
    for page in document.pages:
        _page(layout, page, tags, names)
    _mark_spaces(layout)
    return serialise(root)


class _Tags:
    """The layout tags of a document: the kinds that ALTO has no element for, and what blocks are called."""

    def __init__(self, document: LayoutDocument, names: Names) -> None:
        blocks = [block for page in document.pages for block in page.blocks]
        kinds = sorted({block.kind.value for block in blocks if _needs_tag(block)})
        labels = sorted({clean(block.label) for block in blocks if block.label})
        self._kinds = {kind: names.free(f"kind_{kind}") for kind in kinds}
        self._labels = {label: names.free(f"role_{number}") for number, label in enumerate(labels, 1)}

    def write(self, root: Element) -> None:
        if not self._kinds and not self._labels:
            return
        tags = _add(root, "Tags")
        for kind, identifier in self._kinds.items():
            _add(tags, "LayoutTag", {"ID": identifier, "TYPE": "kind", "LABEL": kind})
        for label, identifier in self._labels.items():
            _add(tags, "LayoutTag", {"ID": identifier, "TYPE": "role", "LABEL": label})

    def of(self, block: LayoutBlock) -> str:
        found = [self._kinds[block.kind.value]] if _needs_tag(block) else []
        if block.label:
            found.append(self._labels[clean(block.label)])
        return " ".join(found)


def _element(block: LayoutBlock) -> str:
    """The ALTO element of a block: what has lines is text, whatever it is besides."""
    if block.lines or block.kind is BlockKind.TEXT:
        return "TextBlock"
    if block.kind in _HOLDERS:
        return "ComposedBlock"
    return "GraphicalElement" if block.kind is BlockKind.SEPARATOR else "Illustration"


def _needs_tag(block: LayoutBlock) -> bool:
    """Whether the element and its TYPE alone would be read as another kind."""
    if block.lines:
        return block.kind is not BlockKind.TEXT
    return block.kind is BlockKind.OTHER


def _one_unit(document: LayoutDocument) -> Unit:
    units = {page.unit for page in document.pages}
    unit = units.pop() if len(units) == 1 else None
    if unit is None:
        raise UsageError(
            f"{document.name}: its pages state no unit of coordinates, or several; ALTO has one.",
            remedy="Say the unit of every page before writing.",
        )
    return unit


def _one_image(document: LayoutDocument) -> str:
    images = {page.image for page in document.pages}
    if len(images) > 1:
        raise UsageError(
            f"{document.name}: its pages are of {len(images)} images; an ALTO document names one.",
            remedy="Write a document for every page.",
        )
    return images.pop()


def _add(parent: Element, tag: str, attributes: Mapping[str, str] | None = None, text: str | None = None) -> Element:
    """A new last child; attributes that are empty are left out, but for the text of words and tags."""
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    for key, value in (attributes or {}).items():
        if value or key in {"CONTENT", "LABEL"}:
            element.set(key, clean(value))
    if text is not None:
        element.text = clean(text)
    return element


def _processing(description: Element, step: Processing, identifier: str) -> None:
    element = _add(description, "Processing", {"ID": identifier})
    if step.step in _CATEGORIES:
        _add(element, "processingCategory", text=step.step)
    if _is_date(step.date):
        _add(element, "processingDateTime", text=step.date)
    if step.step and step.step not in _CATEGORIES:
        _add(element, "processingStepDescription", text=step.step)
    software = _add(element, "processingSoftware")
    for tag, words in (("Creator", step.creator), ("Name", step.software), ("Version", step.version)):
        if words:
            _add(software, f"software{tag}", text=words)


def _is_date(words: str) -> bool:
    """Whether some words are a date, a time of a date, a year or a month of a year as ALTO writes them."""
    if not _DATE.fullmatch(words):
        return False
    try:
        datetime.fromisoformat(words + "-01-01"[len(words) - 4 :] if len(words) < 10 else words)
    except ValueError:
        return False
    return True


def _reading_order(root: Element, document: LayoutDocument, names: Names) -> None:
    """One ordered group for every page that states an order."""
    stated = [page for page in document.pages if page.order_basis is OrderBasis.STATED and page.blocks]
    if not stated:
        return
    order = _add(root, "ReadingOrder")
    for page in stated:
        group = _add(order, "OrderedGroup", {"ID": names.free(f"order{page.position}")})
        for block in page.in_reading_order():
            reference = names.free(f"order{page.position}_{block.order}")
            _add(group, "ElementRef", {"ID": reference, "REF": block.identifier})


def _mark_spaces(layout: Element) -> None:
    """Where words stand side by side and no space at all was written, put one at the end of such a line.

    A document without any SP is read as having a space between every two words: this one says that it has none.
    """
    space, string = f"{{{NAMESPACE}}}SP", f"{{{NAMESPACE}}}String"
    if layout.find(f".//{space}") is not None:
        return
    for line in layout.iter(f"{{{NAMESPACE}}}TextLine"):
        strings = line.findall(string)
        texts = [found.get("CONTENT", "") for found in strings]
        if any(not touches_cjk(texts[index], texts[index + 1]) for index in range(len(texts) - 1)):
            strings[-1].addnext(line.makeelement(space))
            return


def _page(layout: Element, page: LayoutPage, tags: _Tags, names: Names) -> None:
    element = _add(
        layout,
        "Page",
        {
            "ID": page.identifier,
            "WIDTH": _number(page.width),
            "HEIGHT": _number(page.height),
            "PHYSICAL_IMG_NR": str(page.position if page.physical_number is None else page.physical_number),
            "PRINTED_IMG_NR": page.printed_number,
            "PC": _number(page.confidence),
            "ROTATION": _number(page.rotation),
            "LANG": _language(page.language),
        },
    )
    space = {"ID": names.free(f"{page.identifier}_space"), "WIDTH": _number(page.width), "HEIGHT": _number(page.height)}
    if page.width is not None and page.height is not None:
        space |= {"HPOS": "0", "VPOS": "0"}
    parents: list[Element] = []  # of each block: the element that holds what is in it
    outer = _add(element, "PrintSpace", space)
    for block in page.blocks:
        holder = outer if block.parent is None or block.parent >= len(parents) else parents[block.parent]
        written = _block(holder, block, tags)
        parents.append(written if _element(block) == "ComposedBlock" else holder)


def _block(holder: Element, block: LayoutBlock, tags: _Tags) -> Element:
    name = _element(block)
    attributes = {"ID": block.identifier, "TAGREFS": tags.of(block), **_place(block.zone)}
    attributes["ROTATION"] = _number(block.rotation)
    if name in {"ComposedBlock", "Illustration"}:
        attributes["TYPE"] = _TYPES.get(block.kind, "")
    elif name == "TextBlock":
        attributes["LANG"] = _language(block.language)
    element = _add(holder, name, attributes)
    if block.outline:
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in block.outline)
        _add(_add(element, "Shape"), "Polygon", {"POINTS": points})
    for line in block.lines:
        _line(element, line)
    return element


def _line(block: Element, line: LayoutLine) -> None:
    attributes = {"ID": line.identifier, **_place(line.zone), "LANG": _language(line.language)}
    element = _add(block, "TextLine", attributes)
    words, hyphen = line.words, line.hyphen
    sign = "-" if hyphen == SOFT_HYPHEN else hyphen
    printed = joined(words)
    if line.text not in {printed, printed + sign}:
        words, hyphen = tuple(_words(line)), ""
    for index, word in enumerate(words):
        if word.space_before and index:
            _add(element, "SP")
        subs = {"SUBS_TYPE": f"HypPart{word.part}", "SUBS_CONTENT": word.whole} if word.part else {}
        known = {"ID": word.identifier, **_place(word.zone), "CONTENT": word.text, **subs}
        _add(element, "String", {**known, "WC": _number(word.confidence)})
    if not words:
        _add(element, "String", {"CONTENT": ""})
    if hyphen:
        _add(element, "HYP", {"CONTENT": hyphen})


def _words(line: LayoutLine) -> Iterable[LayoutWord]:
    """The text of a line as words without places; whole where it has other space than single ones between words."""
    parts = line.text.split()
    if " ".join(parts) != line.text:
        parts = [line.text]
    for index, part in enumerate(parts):
        yield LayoutWord(part, confidence=line.confidence, space_before=index > 0)


def _place(zone: Zone | None) -> dict[str, str]:
    if zone is None:
        return {}
    values = (zone.x, zone.y, zone.width, zone.height)
    return dict(zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), map(_number, values), strict=True))


def _number(value: float | None) -> str:
    """A number with at most four decimals, as short as it can be; "" for none."""
    if value is None:
        return ""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def _language(words: str) -> str:
    """A language code for xsd:language; "" for words that are none."""
    code = _TESSERACT.get(words, words)
    return code if _LANGUAGE.fullmatch(code) else ""
