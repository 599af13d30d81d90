"""MODS as METS of newspapers has it: what is read of it, and every leaf that is not, as a loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.foreign_mets.document import local, tag, words
from archiver.metadata.xml import NS
from archiver.model.foreign_mets import ForeignIdentifier, ForeignName

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from archiver.foreign_mets.document import Document
    from archiver.metadata.xml import Element

_M = f"{{{NS['mods']}}}"
# Marks of how a value is written, not values: nobody misses them.
_SILENT = {"recordInfo/recordOrigin", "recordInfo/recordCreationDate", "recordInfo/recordChangeDate"}
_NUMBERED = {
    "volume": "volume",
    "issue": "number",
    "number": "number",
    "edition": "edition",
    "whole_number": "whole_number",
    "continuous_number": "whole_number",
    "page_number": "page",
    "section_label": "section",
    "section": "section",
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a record as written; `point` is "start" or "end" for a span."""

    written: str
    point: str = ""
    is_questionable: bool = False
    is_key: bool = False
    in_part: bool = False


@dataclass(slots=True)
class Record:
    """What one MODS record says, its host apart. Values are as written; the first of a kind counts."""

    title: str = ""
    subtitle: str = ""
    dates: list[Dated] = field(default_factory=list)
    part: dict[str, str] = field(default_factory=dict)  # volume, number, edition, whole_number, page, section
    publisher: str = ""
    place: str = ""
    language: str = ""
    names: list[ForeignName] = field(default_factory=list)
    identifiers: list[ForeignIdentifier] = field(default_factory=list)
    host: Record | None = None


def records(document: Document, div: Element) -> list[Record]:
    """The records that a division names, each read once for its losses."""
    return [record for section in document.sections(div) for record in section_records(document, section)]


def section_records(document: Document, section: Element) -> list[Record]:
    """The MODS records of a descriptive section; other forms and outside records are losses."""
    name = section.get("ID", "")
    if name and name in document.records:
        return document.records[name]
    found = [_record(document, element) for element in section.iter(f"{_M}mods")]
    if name:
        document.records[name] = found
    wrap = section.find(tag("mdWrap"))
    if wrap is not None and not found:
        kind = wrap.get("OTHERMDTYPE") or wrap.get("MDTYPE") or "an unknown form"
        document.notes.lost(f"description in {kind}", name)
    return found


def _record(document: Document, mods: Element) -> Record:
    read: set[Element] = set()
    record = _read(mods, read)
    for leaf in mods.iter():
        if isinstance(leaf.tag, str) and len(leaf) == 0 and leaf not in read and words(leaf):
            path = _path(leaf, mods)
            if path not in _SILENT:
                document.notes.lost(f"MODS {path}", words(leaf))
    return record


def _path(leaf: Element, top: Element) -> str:
    """The names from the record to a leaf, two at most: what tells it."""
    names = [local(leaf)]
    above = leaf.getparent()
    while above is not None and above is not top:
        names.insert(0, local(above))
        above = above.getparent()
    return "/".join(names if len(names) < 3 else [names[0], names[-1]])


def _read(mods: Element, read: set[Element]) -> Record:
    record = Record()
    for element in mods.iterchildren():
        reader = _READERS.get(local(element))
        if reader is not None:
            reader(record, element, read)
    return record


def _take(element: Element | None, read: set[Element]) -> str:
    """The words of an element, which is read with all in it."""
    if element is None:
        return ""
    read.update(each for each in element.iter() if isinstance(each.tag, str))
    return words(element)


def _title(record: Record, element: Element, read: set[Element]) -> None:
    if record.title or element.get("type"):
        return  # an alternative or translated title, or a second one: a loss
    lead = _take(element.find(f"{_M}nonSort"), read)
    main = _take(element.find(f"{_M}title"), read)
    record.title = lead + main if lead.endswith(("'", "\u2019")) else f"{lead} {main}".strip()
    record.subtitle = _take(element.find(f"{_M}subTitle"), read)


def _name(record: Record, element: Element, read: set[Element]) -> None:
    shown = element.find(f"{_M}displayForm")
    parts = [part for part in element.iterchildren(f"{_M}namePart") if part.get("type") != "date"]
    given = [_take(part, read) for part in parts if part.get("type") == "given"]
    other = [_take(part, read) for part in parts if part.get("type") != "given"]
    name = _take(shown, read) or " ".join(filter(None, (*given, *other)))
    terms = list(element.iter(f"{_M}roleTerm"))
    coded = [term for term in terms if term.get("type") == "code"] or terms
    role = _take(coded[0], read) if coded else ""
    for term in terms:
        _take(term, read)
    if name:
        record.names.append(ForeignName(name, role))


def _origin(record: Record, element: Element, read: set[Element]) -> None:
    for child in element.iterchildren():
        name = local(child)
        if name == "dateIssued":
            _date(record, child, read)
        elif name == "publisher" and not record.publisher:
            record.publisher = _take(child, read)
        elif name == "place" and not record.place:
            terms = [term for term in child.iterchildren(f"{_M}placeTerm") if term.get("type") != "code"]
            record.place = _take(terms[0] if terms else None, read)
        elif name == "edition" and "edition" not in record.part:
            record.part["edition"] = _take(child, read)


def _date(record: Record, element: Element, read: set[Element], *, in_part: bool = False) -> None:
    written = _take(element, read)
    if written:
        doubted, key = element.get("qualifier") == "questionable", element.get("keyDate") == "yes"
        record.dates.append(Dated(written, element.get("point", ""), doubted, key, in_part))


def _part(record: Record, element: Element, read: set[Element]) -> None:
    for detail in element.iterchildren(f"{_M}detail"):
        kind = _NUMBERED.get(detail.get("type", "").strip().lower().replace(" ", "_").replace("-", "_"), "")
        if not kind or kind in record.part:
            continue
        number = _take(detail.find(f"{_M}number"), read)
        caption = detail.find(f"{_M}caption")
        value = number or (words(caption) if caption is not None else "")
        if not number:
            _take(caption, read)
        if value:
            record.part[kind] = value
    for extent in element.iterchildren(f"{_M}extent"):
        if extent.get("unit") in {"page", "pages"}:
            _take(extent, read)  # pages of an article are told by its parts
    for date in element.iterchildren(f"{_M}date"):
        _date(record, date, read, in_part=True)


def _language(record: Record, element: Element, read: set[Element]) -> None:
    terms = list(element.iterchildren(f"{_M}languageTerm"))
    coded = [term for term in terms if term.get("type") == "code"] or terms
    if coded and not record.language:
        record.language = _take(coded[0], read)
        for term in terms:
            _take(term, read)


def _identifier(record: Record, element: Element, read: set[Element]) -> None:
    value = _take(element, read)
    if value:
        record.identifiers.append(ForeignIdentifier(element.get("type", "local").strip().lower(), value))


def _record_info(record: Record, element: Element, read: set[Element]) -> None:
    for identifier in element.iterchildren(f"{_M}recordIdentifier"):
        value = _take(identifier, read)
        if value:
            source = (identifier.get("source") or "record").strip().lower()
            record.identifiers.append(ForeignIdentifier(source, value))


def _related(record: Record, element: Element, read: set[Element]) -> None:
    if element.get("type") in {"host", "series"} and record.host is None:
        record.host = _read(element, read)


_READERS = {
    "titleInfo": _title,
    "name": _name,
    "originInfo": _origin,
    "part": _part,
    "language": _language,
    "identifier": _identifier,
    "recordInfo": _record_info,
    "relatedItem": _related,
}


def every(found: list[Record]) -> Iterator[Record]:
    """Records in order, each before its hosts."""
    for record in found:
        each: Record | None = record
        while each is not None:
            yield each
            each = each.host


def note_untaken(document: Document, found: list[Record], owner: str, taken: Container[str]) -> None:
    """Note as lost what records and their hosts say that is not among `taken`; each value of an owner once."""
    for record in every(found):
        values = [("title", record.title), ("subtitle", record.subtitle), ("publisher", record.publisher)]
        values += [("place", record.place), ("language", record.language), *record.part.items()]
        values += [("date", dated.written) for dated in record.dates]
        values += [("name", name.name) for name in record.names]
        values += [("identifier", f"{each.kind} {each.value}") for each in record.identifiers]
        for what, value in values:
            if value and value not in taken and (owner, what, value) not in document.noted:
                document.noted.add((owner, what, value))
                document.notes.lost(f"{what.replace('_', ' ')} in the record of {owner}", value)
