"""MODS records read whole, for crosswalks: titles, names, dates, numbering, identifiers, notes, access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.reading import text
from archiver.metadata.xml import NS, Element
from archiver.model.export import ExportedIdentifier, ExportedName, ExportedNote, ExportedNumber
from archiver.model.serial import Title

if TYPE_CHECKING:
    from collections.abc import Iterator

_NS = dict(NS)
_XLINK = f"{{{NS['xlink']}}}"
_ROMANISED = "Romanized title"


def titles(record: Element) -> tuple[Title, tuple[Title, ...]]:
    """The title of a record with its romanised form, and its parallel titles with theirs."""
    entries = record.findall("mods:titleInfo", _NS)
    romanised = [entry for entry in entries if entry.get("displayLabel") == _ROMANISED or entry.get("transliteration")]
    others = [entry for entry in entries if entry not in romanised]
    main = next((entry for entry in others if not entry.get("type")), others[0] if others else None)
    if main is None:
        return Title("", ""), ()
    found = [_title(entry, _form_of(entry, romanised, is_only=entry is main)) for entry in others]
    place = others.index(main)
    return found[place], tuple(found[:place] + found[place + 1 :])


def names(record: Element) -> tuple[ExportedName, ...]:
    """Every person and body that a record names, in order."""
    return tuple(
        ExportedName(
            " ".join(_words(entry, "mods:namePart")),
            entry.get("type", ""),
            tuple(_roles(entry)),
            entry.get("valueURI", "") or _uri(entry),
            entry.get("lang", ""),
            entry.get("script", ""),
        )
        for entry in record.findall("mods:name", _NS)
    )


def numbers(part: Element | None) -> tuple[ExportedNumber, ...]:
    """The levels of the numbering, in order."""
    entries = part.findall("mods:detail", _NS) if part is not None else []
    return tuple(
        ExportedNumber(entry.get("type", ""), text(entry, "mods:number"), text(entry, "mods:caption"))
        for entry in entries
    )


def identifiers(record: Element) -> tuple[ExportedIdentifier, ...]:
    """The identifiers of a record that are not said to be wrong."""
    return tuple(
        ExportedIdentifier(entry.get("type", ""), _plain(entry), entry.get("displayLabel", ""))
        for entry in record.findall("mods:identifier", _NS)
        if _plain(entry) and entry.get("invalid") != "yes"
    )


def notes(record: Element, *kinds: str) -> tuple[ExportedNote, ...]:
    """The notes of a record, of some kinds or of all."""
    return tuple(
        ExportedNote(entry.get("type", ""), entry.get("displayLabel", ""), _plain(entry))
        for entry in record.findall("mods:note", _NS)
        if _plain(entry) and (not kinds or entry.get("type", "") in kinds)
    )


def conditions(record: Element, kind: str) -> tuple[str, ...]:
    """What a record says of access to it or use of it, by MODS type: the words, or the address that stands for them."""
    found = (
        entry.get(f"{_XLINK}href", "") or _plain(entry)
        for entry in record.findall("mods:accessCondition", _NS)
        if entry.get("type", "") == kind
    )
    return tuple(dict.fromkeys(words for words in found if words))


def language(record: Element) -> tuple[str, str]:
    """Language (ISO 639-2/B) and script (ISO 15924) of the text."""
    entry = record.find("mods:language", _NS)
    if entry is None:
        return "", ""
    return text(entry, "mods:languageTerm"), text(entry, "mods:scriptTerm")


def _title(entry: Element, romanised: Element | None) -> Title:
    words = " ".join(_words(entry, "mods:nonSort") + _words(entry, "mods:title"))
    scheme = romanised.get("transliteration", "") if romanised is not None else ""
    latin = text(romanised, "mods:title") if romanised is not None else ""
    return Title(words, entry.get("lang", ""), entry.get("script", ""), latin, scheme)


def _form_of(entry: Element, romanised: list[Element], *, is_only: bool) -> Element | None:
    """The romanised form of a title: tied by altRepGroup, or the one there is where nothing is tied."""
    group = entry.get("altRepGroup")
    if group:
        return next((latin for latin in romanised if latin.get("altRepGroup") == group), None)
    loose = [latin for latin in romanised if not latin.get("altRepGroup")]
    return loose[0] if is_only and loose else None


def _roles(entry: Element) -> Iterator[tuple[str, str]]:
    for role in entry.findall("mods:role", _NS):
        terms = {term.get("type", ""): _plain(term) for term in role.findall("mods:roleTerm", _NS)}
        yield terms.get("code", ""), terms.get("text", "")


def _uri(entry: Element) -> str:
    """The address in a nameIdentifier, if that is one."""
    found = (_plain(each) for each in entry.findall("mods:nameIdentifier", _NS))
    return next((value for value in found if value.startswith(("http://", "https://"))), "")


def _words(entry: Element, path: str) -> list[str]:
    return [_plain(found) for found in entry.findall(path, _NS) if _plain(found)]


def _plain(entry: Element) -> str:
    return (entry.text or "").strip()
