"""The documents of a package → ExportedIssue. Nothing is judged here: what a document lacks stays empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.crosswalks import records
from archiver.crosswalks.structure import Structure
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, document, once, text
from archiver.metadata.reading_mets import MetsFacts, read_mets
from archiver.metadata.reading_premis import read_premis
from archiver.metadata.xml import NS, Element
from archiver.model.export import ExportedArticle, ExportedFile, ExportedIssue, ExportedPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.model.contents import PackageContents

_NS = dict(NS)
_NONE_STATED = "None stated."  # what PREMIS says where nothing restricts
_ACCESS, _USE = "restriction on access", "use and reproduction"
_UPPER = "{http://www.loc.gov/METS/}"


def read_issue(package: PackageContents, *, accession: str = "", seal: str = "") -> ExportedIssue | None:
    """The issue that a package holds; None when its METS or its MODS is absent or not well formed.

    `accession` is the number under which it was taken in, `seal` that of its bag. The blocks of layout documents have
    no boxes yet: `crosswalks.zones` adds them.
    """
    record, mets = document(package, MODS), once(package, ISSUE, read_mets)
    if record is None or mets is None:
        return None
    host = record.find("mods:relatedItem[@type='host']", _NS)
    host = host if host is not None else record
    title, parallel = records.titles(record)
    tongue, script = records.language(record)
    origin = "mods:originInfo"
    structure = Structure(mets, tuple(_files(package, mets)))
    known = records.identifiers(host)
    access = records.conditions(record, _ACCESS)
    own = text(record, "mods:recordInfo/mods:recordIdentifier") or mets.identifier
    dated = record.find(f"{origin}/mods:dateIssued[@keyDate='yes']", _NS)
    return ExportedIssue(
        identifier=own,
        serial=next((each.value for each in known if each.label == "Serial ID"), ""),
        title=title,
        parallel_titles=parallel,
        serial_title=records.titles(host)[0],
        names=records.names(record),
        publisher=text(record, f"{origin}/mods:publisher"),
        place=text(record, f"{origin}/mods:place/mods:placeTerm[@type='text']"),
        country=text(record, f"{origin}/mods:place/mods:placeTerm[@type='code']"),
        issued=(dated.text or "").strip() if dated is not None else "",
        is_questionable=dated is not None and dated.get("qualifier") == "questionable",
        printed_date=text(record, f"{origin}/mods:displayDate"),
        lunar_date=text(record, f"{origin}/mods:dateOther[@type='lunar']"),
        weekday=text(record, f"{origin}/mods:dateOther[@type='weekday']"),
        numbers=records.numbers(record.find("mods:part", _NS)),
        identifiers=tuple(each for each in known if each.label != "Serial ID"),
        language=tongue,
        script=script,
        genre=text(record, "mods:genre"),
        extent=text(record, "mods:physicalDescription/mods:extent"),
        media_types=tuple(_texts(record, "mods:physicalDescription/mods:internetMediaType")),
        notes=records.notes(record),
        access=tuple(dict.fromkeys((*access, *_restrictions(package)))),
        rights=tuple(dict.fromkeys((*records.conditions(record, _USE), *_agreed(package)))),
        is_restricted=record.find("mods:accessCondition[@displayLabel='Archive']", _NS) is not None
        or bool(_restrictions(package)),
        accession=accession,
        source=text(record, "mods:recordInfo/mods:recordContentSource"),
        source_code=_source_code(record),
        described=text(record, "mods:recordInfo/mods:recordCreationDate"),
        seal=seal,
        files=structure.files,
        pages=structure.pages,
        articles=tuple(_articles(package, mets, structure)),
    )


def _articles(package: PackageContents, mets: MetsFacts, structure: Structure) -> Iterator[ExportedArticle]:
    """The articles in order of the METS, each with its MODS record."""
    collection = document(package, ARTICLES)
    found = collection.findall("mods:mods", _NS) if collection is not None else []
    by_id = {record.get("ID", ""): record for record in found}
    sections = {each.identifier: each.element for each in mets.references if each.is_metadata and each.element}
    for division, pages, places in structure.articles:
        named = next((sections[section] for section in division.described_by if section in sections), "")
        record = by_id.get(named)
        if record is not None:
            yield _article(record, pages, places)


def _article(
    record: Element, pages: tuple[str, ...], places: tuple[tuple[str, tuple[ExportedPlace, ...]], ...]
) -> ExportedArticle:
    tongue, script = records.language(record)
    return ExportedArticle(
        identifier=text(record, "mods:recordInfo/mods:recordIdentifier"),
        title=records.titles(record)[0],
        names=records.names(record),
        language=tongue,
        script=script,
        genre=text(record, "mods:genre"),
        responsibility=tuple(note.text for note in records.notes(record, "statement of responsibility")),
        notes=tuple(note for note in records.notes(record) if note.kind != "statement of responsibility"),
        pages=pages,
        places=places,
    )


def _files(package: PackageContents, mets: MetsFacts) -> Iterator[ExportedFile]:
    """The files of the issue METS, with the names PREMIS has of them and the sizes MIX has of images."""
    premis = once(package, PREMIS, read_premis)
    names = {file.identifier: file.original_name for file in premis.files} if premis is not None else {}
    root = document(package, ISSUE)
    pixels = _pixels(root) if root is not None else {}
    for found in mets.references:
        if found.is_metadata or not found.path:
            continue
        use = found.path.split("/")[2] if found.path.startswith("data/representations/") else ""
        width, height = pixels.get(found.identifier, (0, 0))
        size = int(found.size) if found.size.isascii() and found.size.isdigit() and len(found.size) < 19 else 0
        media_type = found.mime or "application/octet-stream"
        own = names.get(found.path, "")
        yield ExportedFile(found.identifier, found.path, use, media_type, size, own, width, height)


def _pixels(root: Element) -> Mapping[str, tuple[int, int]]:
    """Width and height of every image whose techMD has MIX, by the METS ID of its file."""
    sizes = {}
    for section in root.iterfind("mets:amdSec/mets:techMD", _NS):
        basics = section.find(".//mix:BasicImageCharacteristics", _NS)
        if basics is not None:
            both = [text(basics, f"mix:{name}") for name in ("imageWidth", "imageHeight")]
            if all(value.isascii() and value.isdigit() and 0 < len(value) < 10 for value in both):
                sizes[section.get("ID", "")] = (int(both[0]), int(both[1]))
    found = {}
    for entry in root.iter(f"{_UPPER}file"):
        size = next((sizes[name] for name in entry.get("ADMID", "").split() if name in sizes), None)
        if size is not None and min(size) > 0:
            found[entry.get("ID", "")] = size
    return found


def _restrictions(package: PackageContents) -> tuple[str, ...]:
    """What PREMIS says restricts the issue."""
    premis = once(package, PREMIS, read_premis)
    said = (words for rights in premis.rights for words in rights.restrictions) if premis is not None else ()
    return tuple(words for words in said if words != _NONE_STATED)


def _agreed(package: PackageContents) -> tuple[str, ...]:
    """Rights and terms as agreed with the depositor: notes of the PREMIS rights statement."""
    root = document(package, PREMIS)
    return tuple(_texts(root, ".//premis:otherRightsNote")) if root is not None else ()


def _source_code(record: Element) -> str:
    entry = record.find("mods:recordInfo/mods:recordIdentifier", _NS)
    return entry.get("source", "") if entry is not None else ""


def _texts(root: Element, path: str) -> list[str]:
    return [words for found in root.findall(path, _NS) if (words := (found.text or "").strip())]
