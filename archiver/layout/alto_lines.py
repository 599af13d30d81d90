"""ALTO below the blocks: places, lines, words and the spaces between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archiver.layout.notes import around, gap_is_space, joined, touches_cjk
from archiver.model.layout import LayoutLine, LayoutWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.layout.notes import Notes
    from archiver.metadata.xml import Element
    from archiver.model.layout import Zone

SOFT_HYPHEN = "\u00ad"
PLACE = ("HPOS", "VPOS", "WIDTH", "HEIGHT")


class Tag(NamedTuple):
    """A tag of the document: what it says, and of what type it is."""

    label: str
    type: str


class AltoReader:
    """One document while it is read."""

    def __init__(self, root: Element, notes: Notes) -> None:
        self.root, self.notes = root, notes
        self.space = root.tag.rpartition("}")[0] + "}" if "}" in root.tag else ""
        self.namespace = self.space.strip("{}")
        self.shape = self.name("Shape", "Polygon")
        self.marks_spaces = next(root.iter(self.name("SP")), None) is not None
        self.tags = {
            element.get("ID", ""): Tag(element.get("LABEL", ""), element.get("TYPE", ""))
            for element in self.each(root.find(self.name("Tags")))
        }

    def name(self, *path: str) -> str:
        """The full name of an element of this document, or a path of such names."""
        return "/".join(self.space + part for part in path)

    def each(self, parent: Element | None) -> Iterator[Element]:
        """The children of this namespace."""
        if parent is not None:
            yield from (child for child in parent.iterchildren(f"{self.space or '{}'}*"))

    def local(self, element: Element) -> str:
        """The name of an element without its namespace."""
        return str(element.tag)[len(self.space) :]


def place_of(reader: AltoReader, element: Element, what: str) -> tuple[Zone | None, tuple[tuple[float, float], ...]]:
    """The zone of an element, and the corners of its shape; the zone around them where it states none itself."""
    zone = reader.notes.zone(element.get, PLACE, element.sourceline, what)
    polygon = element.find(reader.shape) if len(element) else None
    if polygon is None:
        return zone, ()
    outline = reader.notes.outline(polygon.get("POINTS", ""), polygon.sourceline, what)
    return zone or around(outline), outline


def read_line(reader: AltoReader, element: Element) -> LayoutLine:
    """A TextLine: its words, the spaces between them, and its text as printed."""
    identifier = element.get("ID", "")
    zone, _ = place_of(reader, element, identifier)
    words: list[LayoutWord] = []
    string, space, hyphenation = reader.name("String"), reader.name("SP"), reader.name("HYP")
    gap: Element | None = None
    hyphen = ""
    for child in element:
        if child.tag == string:
            words.append(_word(reader, child, words[-1] if words else None, gap, zone))
            gap = None
        elif child.tag == space:
            gap = child
        elif child.tag == hyphenation:
            hyphen = child.get("CONTENT", "")
    if not reader.marks_spaces:
        words = _spaced(words)
    text = joined(words)
    sign = "-" if hyphen == SOFT_HYPHEN else hyphen
    if sign and not text.endswith(sign):
        text += sign
    text = reader.notes.text(text, element.sourceline, identifier)
    return LayoutLine(text, zone, identifier, tuple(words), None, hyphen, element.get("LANG", ""))


def _word(
    reader: AltoReader, element: Element, before: LayoutWord | None, gap: Element | None, line: Zone | None
) -> LayoutWord:
    get = element.get
    text, line_number = get("CONTENT", ""), element.sourceline
    if len(element):
        zone, _ = place_of(reader, element, get("ID", "a word"))
    else:
        zone = reader.notes.zone(get, PLACE, line_number, get("ID", "a word"))
    space = before is not None and gap is not None
    if before is not None and gap is not None and gap.get("WIDTH") and touches_cjk(before.text, text):
        space = gap_is_space(before.zone, zone, line)
    subs = get("SUBS_TYPE", "")
    part = 1 if subs == "HypPart1" else 2 if subs == "HypPart2" else 0
    whole = get("SUBS_CONTENT", "") if part else ""
    confidence = reader.notes.share(get("WC"), line_number)
    return LayoutWord(text, zone, confidence, get("ID", ""), space, part, whole)


def _spaced(words: list[LayoutWord]) -> list[LayoutWord]:
    """The words of a line where the document has no SP at all: every two words have a space between them."""
    spaced = words[:1]
    for before, word in pairwise(words):  # made anew: dataclasses.replace takes five times as long
        space = not touches_cjk(before.text, word.text)
        spaced.append(LayoutWord(word.text, word.zone, word.confidence, word.identifier, space, word.part, word.whole))
    return spaced
