"""MODS 3.8: the issue with its host serial, and its articles as constituents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.mods_contents import illustrations, names, relator, section, subjects, table_of_contents
from archiver.metadata.mods_parts import (
    access_condition,
    article_pages,
    host_identifier,
    language,
    lines_of,
    origin,
    part,
    record_info,
    romanisation_scheme,
)
from archiver.metadata.xml import Element, add, make, serialise
from archiver.model.serial import Agreement, Article, ArticleKind, Issue, Oddity, OddityKind, Title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from archiver.model.provenance import Accession

# What a finding of the transcript is called in a note, and what was done about it.
_ODD: Mapping[OddityKind, tuple[str, str]] = {
    OddityKind.COLUMN_BREAK: ("Column break", "joined in the reading text only"),
    OddityKind.GAP: ("Text lost", "marked in the reading text"),
    OddityKind.REPEAT: ("Repeated text", "left out of the reading text only"),
    OddityKind.CONTINUATION: ("Continuation", "tied to that page in the METS"),
    OddityKind.TEASERS: ("Headlines that point to another page", "index entries in the METS"),
}
# What the masthead states and no element of MODS is made for: field → type and label of the note that keeps it.
_STATED: Mapping[str, tuple[str, str]] = {
    "permit-number": ("licence", "Permit number"),
    "hotline": ("contact", "Hotline"),
    "editor": ("statement of responsibility", "Editor"),
    "price": ("acquisition", "Price"),
    "motto": ("source note", "Motto"),
    "recipients": ("source note", "Recipients"),
    "printer": ("source note", "Printer"),
    "print-date": ("source note", "Print date"),
    "print-run": ("source note", "Print run"),
    "page-count": ("source note", "Page count"),
}


def issue_mods(issue: Issue, accession: Accession, made_at: datetime, media_types: Sequence[str] = ()) -> bytes:
    """The MODS record of an issue, complete with its host serial and every note on its transcript.

    `media_types` are those of the deposited files, each once, as identified.
    """
    root = make("mods:mods", {"version": "3.8", "ID": "MODS_ISSUE"})
    titles(root, issue.title, group="t1", usage="primary")
    for number, title in enumerate(issue.parallel_titles, 2):
        titles(root, title, group=f"t{number}" if title.romanised else "", kind="alternative", label="Parallel title")
    if issue.publisher:
        publisher = add(root, "mods:name", {"type": "corporate", "lang": issue.language, "script": issue.script})
        add(publisher, "mods:namePart", text=issue.publisher)
        role = add(publisher, "mods:role")
        relator(role, "isb")
    add(root, "mods:typeOfResource", text="text")
    add(root, "mods:genre", {"authority": "marcgt"}, issue.genre)
    origin(root, issue)
    language(root, issue.language, issue.script)
    _physical_description(root, issue, media_types)
    _notes(root, issue)
    access_condition(root, issue, accession)
    part(root, issue)
    host = add(root, "mods:relatedItem", {"type": "host", "displayLabel": "Serial"})
    titles(host, issue.title, group="")
    if issue.publisher:
        place = add(host, "mods:originInfo", {"eventType": "publication"})
        add(place, "mods:publisher", text=issue.publisher)
        add(place, "mods:issuance", text="serial")
    language(host, issue.language, issue.script)
    host_identifier(host, issue)
    part(host, issue)
    add(root, "mods:identifier", {"type": "local"}, issue.identifier)
    record_info(root, issue.identifier, accession, made_at, issue)
    return serialise(root)


def article_mods(issue: Issue, accession: Accession, made_at: datetime) -> bytes:
    """A collection with one MODS record for each article, in order. An issue without articles has no such document."""
    root = make("mods:modsCollection")
    for number, article in enumerate(issue.articles, 1):
        _article(
            add(root, "mods:mods", {"version": "3.8", "ID": article_id(number)}), issue, article, accession, made_at
        )
    return serialise(root)


def article_id(number: int) -> str:
    """The ID of the MODS record of an article, counted from 1."""
    return f"MODS_ARTICLE_{number:03}"


def titles(parent: Element, title: Title, *, group: str, kind: str = "", usage: str = "", label: str = "") -> None:
    """A title as printed, and its romanised form beside it (MODS titleInfo, tied by altRepGroup)."""
    tied = group if title.romanised else ""
    shown = add(
        parent,
        "mods:titleInfo",
        {
            "type": kind,
            "usage": usage,
            "displayLabel": label,
            "lang": title.language,
            "script": title.script,
            "altRepGroup": tied,
        },
    )
    add(shown, "mods:title", text=title.text)
    if title.romanised:
        romanised = add(
            parent,
            "mods:titleInfo",
            {
                "type": "alternative",
                "displayLabel": "Romanized title",
                "lang": title.language,
                "script": "Latn",
                "transliteration": romanisation_scheme(title),
                "altRepGroup": tied,
            },
        )
        add(romanised, "mods:title", text=title.romanised)


def _physical_description(root: Element, issue: Issue, media_types: Sequence[str]) -> None:
    physical = add(root, "mods:physicalDescription")
    for media_type in dict.fromkeys(media_types):
        add(physical, "mods:internetMediaType", text=media_type)
    received = [page.label for page in issue.pages if page.received]
    absent = [page.label for page in issue.pages if not page.received]
    counted = "1 page" if len(received) == 1 else f"{len(received)} pages"
    extent = f"{'1 transcript of ' if issue.was_transcribed else ''}{counted} ({', '.join(received)})"
    add(physical, "mods:extent", text=extent + (f"; not deposited: {', '.join(absent)}" if absent else ""))


def _article(record: Element, issue: Issue, article: Article, accession: Accession, made_at: datetime) -> None:
    scheme = "pinyin" if article.romanised else ""
    titles(record, Title(article.headline, article.language, article.script, article.romanised, scheme), group="t1")
    names(record, issue, article)
    add(record, "mods:typeOfResource", text="text")
    is_article = article.kind is ArticleKind.ARTICLE  # the list of genres has no word for anything else
    add(record, "mods:genre", {"authority": "marcgt" if is_article else ""}, article.kind.value)
    language(record, article.language, article.script)
    table_of_contents(record, article)
    for printed in dict.fromkeys(byline.printed for byline in article.bylines):
        add(record, "mods:note", {"type": "statement of responsibility", "lang": article.language}, printed)
    for odd in article.oddities:
        _odd_note(record, odd)
    subjects(record, issue, article)
    illustrations(record, issue, article)
    access_condition(record, issue, accession)
    host = add(record, "mods:relatedItem", {"type": "host", "displayLabel": "Issue"})
    titles(host, issue.title, group="")
    add(host, "mods:identifier", {"type": "local"}, issue.identifier)
    place = part(host, issue)
    section(place, article)
    extent = add(place, "mods:extent", {"unit": "pages"})
    pages = [page.number for page in article_pages(issue, article)]
    add(extent, "mods:start", text=str(article.page))
    if len(pages) > 1:
        add(extent, "mods:list", text=", ".join(map(str, pages)))
    identifier = f"{issue.identifier}/{article.identifier}"
    add(record, "mods:identifier", {"type": "local"}, identifier)
    record_info(record, identifier, accession, made_at, issue)


def _notes(root: Element, issue: Issue) -> None:
    for field, (kind, label) in _STATED.items():
        said = issue.statement(field)
        if said is not None:
            text = said.printed if field == "permit-number" else said.value
            add(root, "mods:note", {"type": kind, "displayLabel": label, "lang": issue.language}, text)
    for said in issue.statements:
        if said.agreement is Agreement.DISAGREES:
            text = f"Printed {said.field}: {said.printed} ({lines_of(said.lines)}); {said.compared}."
            add(root, "mods:note", {"type": "source note", "displayLabel": "Printed value in doubt"}, text)
    for odd in issue.oddities:
        _odd_note(root, odd)
    for page in issue.pages:
        if not page.received:
            text = f"Page {page.number} ({page.label}) was not deposited"
            text += f"; the transcript points to it in {lines_of(page.pointed_to_by)}." if page.pointed_to_by else "."
            add(root, "mods:note", {"type": "source note", "displayLabel": "Page not deposited"}, text)
    if issue.not_transcribed:
        text = f"Not transcribed: {', '.join(issue.not_transcribed)}."
        add(root, "mods:note", {"type": "source note", "displayLabel": "Not transcribed"}, text)
    for note in issue.notes:
        add(root, "mods:note", {"type": "source note", "displayLabel": "Transcript"}, note)


def _odd_note(parent: Element, odd: Oddity) -> None:
    label, done = _ODD[odd.kind]
    if odd.kind is OddityKind.CONTINUATION:
        add(parent, "mods:note", {"type": "continuation", "displayLabel": label}, odd.words)
        return
    words = f" “{odd.words}”" if odd.words else ""
    extent = f", {odd.length} characters" if odd.length else ""
    text = f"{label}: {lines_of(odd.lines)} of the transcript{extent}{words}; {done}."
    add(parent, "mods:note", {"type": "source note", "displayLabel": label}, text)
