"""What a MODS record says of an article besides its title: names, subheads, illustrations, what it mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.xml import NS, Element, add
from archiver.model.names_index import NameType, Source
from archiver.names.index import AGENTS, PHOTOGRAPHER, mentioned, sole_bearer

if TYPE_CHECKING:
    from archiver.model.names_index import AuthorityRecord
    from archiver.model.serial import Article, Issue

_RELATORS = "http://id.loc.gov/vocabulary/relators"


def relator(role: Element, code: str, printed: str = "", lang: str = "") -> None:
    """A role by its MARC relator code, and by the word printed."""
    add(
        role,
        "mods:roleTerm",
        {"type": "code", "authority": "marcrelator", "authorityURI": _RELATORS, "valueURI": f"{_RELATORS}/{code}"},
        code,
    )
    if printed:
        add(role, "mods:roleTerm", {"type": "text", "lang": lang}, printed)


def names(record: Element, issue: Issue, article: Article) -> None:
    """Who made the article, by its bylines; with the identifier of the authority record, where one alone fits."""
    for byline in article.bylines:
        for person in byline.names:
            agent(record, issue, article, person, byline.role, byline.role_printed)


def agent(parent: Element, issue: Issue, article: Article, name: str, role: str, printed: str = "") -> None:
    """A name with its role."""
    known = sole_bearer(issue.known_names, name, *AGENTS)
    kind = known.type.value if known is not None else NameType.PERSONAL.value
    attributes = {"type": kind, **_authority(known), "lang": article.language, "script": article.script}
    entry = add(parent, "mods:name", attributes)
    add(entry, "mods:namePart", text=name)
    relator(add(entry, "mods:role"), role, printed, article.language)
    _further_identifiers(entry, known)


def table_of_contents(record: Element, article: Article) -> None:
    """The subheads: titles of the parts of the article."""
    words = [each.words for each in article.subheads if each.words]
    if words:
        attributes = {"displayLabel": "Subheads", "lang": article.language, "script": article.script}
        add(record, "mods:tableOfContents", attributes, " -- ".join(words))


def subjects(record: Element, issue: Issue, article: Article) -> None:
    """The persons and places of the profile's lists that the article names."""
    for name, kind in mentioned(article, issue.known_names):
        known = sole_bearer(issue.known_names, name, kind)
        attributes = _authority(known)
        subject = add(record, "mods:subject", {"lang": article.language, "script": article.script})
        if kind is NameType.PLACE:
            add(subject, "mods:geographic", attributes, name)
        else:
            entry = add(subject, "mods:name", {"type": kind.value, **attributes})
            add(entry, "mods:namePart", text=name)
            _further_identifiers(entry, known)


def illustrations(record: Element, issue: Issue, article: Article) -> None:
    """Each illustration: its caption, who made it, its page."""
    for picture in article.illustrations:
        item = add(record, "mods:relatedItem", {"type": "constituent", "displayLabel": "Illustration"})
        if picture.words:
            attributes = {"displayLabel": "Caption", "lang": article.language, "script": article.script}
            add(add(item, "mods:titleInfo", attributes), "mods:title", text=picture.words)
        for name in picture.credits:
            agent(item, issue, article, name, PHOTOGRAPHER)
        add(item, "mods:typeOfResource", text="still image")
        extent = add(add(item, "mods:part"), "mods:extent", {"unit": "pages"})
        add(extent, "mods:start", text=str(picture.page))


def section(part: Element, article: Article) -> None:
    """The section an article stands under, as the last detail of its part of the issue."""
    if not article.section:
        return
    level = len(part.findall("mods:detail", dict(NS))) + 1
    detail = add(part, "mods:detail", {"type": "section", "level": str(level)})
    part.insert(level - 1, detail)
    add(detail, "mods:title", text=article.section)


def _authority(known: AuthorityRecord | None) -> dict[str, str]:
    """The first identifier of a record: as an address in @valueURI, with the vocabulary it belongs to."""
    if known is None or not known.identifiers:
        return {}
    first = known.identifiers[0]
    return {"authority": first.source.value, "authorityURI": first.source.uri, "valueURI": first.value}


def _further_identifiers(entry: Element, known: AuthorityRecord | None) -> None:
    """The other identifiers of a record."""
    for identifier in known.identifiers[1:] if known is not None else ():
        kind = identifier.source.value if identifier.source is not Source.OTHER else "uri"
        add(entry, "mods:nameIdentifier", {"type": kind}, identifier.value)
