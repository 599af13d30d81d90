"""An issue → schema.org in JSON-LD: a PublicationIssue of a Newspaper or Periodical, with its articles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from archiver.crosswalks.rights import licence
from archiver.crosswalks.tongues import romanised_tag, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.model.export import ExportedArticle, ExportedIssue, ExportedName, ExportTerms
    from archiver.model.serial import Title

# MARC relator → the property of schema.org that says as much.
_PROPERTIES = {
    "aut": "author",
    "rpt": "author",
    "crp": "author",
    "edt": "editor",
    "trl": "translator",
    "ill": "illustrator",
    "pht": "contributor",
}
Json = dict[str, Any]


def schema_org(issue: ExportedIssue, terms: ExportTerms) -> bytes:
    """The description of an issue as JSON-LD, members in a fixed order."""
    own = terms.uri(issue.identifier)
    is_newspaper = issue.genre == "newspaper"
    description = "; ".join(words for words in (issue.designation, issue.printed_date) if words)
    found: Json = {
        "@context": "https://schema.org",
        "@type": "PublicationIssue",
        "@id": own,
        "identifier": issue.identifier,
        "name": _worded(issue.title),
        "alternateName": [_said(issue.title.romanised, romanised_tag(issue.title))] * bool(issue.title.romanised)
        + [each for title in issue.parallel_titles for each in _forms(title)],
        "issueNumber": issue.number("issue") or issue.number("whole number"),
        "datePublished": issue.issued,
        "description": _said(description, tag(issue.language, issue.script)) if description else "",
        "inLanguage": tag(issue.language, issue.script),
        "genre": issue.genre,
        "pagination": ", ".join(page.number for page in issue.pages if page.received),
        "publisher": {"@type": "Organization", "name": _said(issue.publisher, tag(issue.language, issue.script))}
        if issue.publisher
        else "",
        "locationCreated": {"@type": "Place", "name": issue.place} if issue.place else "",
        "conditionsOfAccess": list(issue.access),
        "usageInfo": [words for words in issue.rights if not licence(words)],
        "license": next((address for words in issue.rights if (address := licence(words))), ""),
        "isPartOf": _host(issue, is_newspaper=is_newspaper),
        "hasPart": [
            _article(issue, article, position, terms, is_newspaper=is_newspaper)
            for position, article in enumerate(issue.articles, 1)
        ],
        "encoding": [
            {
                "@type": "ImageObject" if file.is_image else "MediaObject",
                "@id": terms.uri(issue.identifier, quote(file.path)),
                "contentUrl": terms.uri(issue.identifier, quote(file.path)) if terms.is_web else "",
                "name": file.original_name or file.path.rpartition("/")[2],
                "encodingFormat": file.media_type,
                "contentSize": f"{file.size} B",
                "width": _pixels(file.width),
                "height": _pixels(file.height),
            }
            for file in issue.files
        ],
    }
    return (json.dumps(_without_empty(found), ensure_ascii=False, indent=2) + "\n").encode()


def _host(issue: ExportedIssue, *, is_newspaper: bool) -> Json:
    """The serial, with a volume between where the issue has one."""
    title = issue.serial_title
    serial: Json = {
        "@type": "Newspaper" if is_newspaper else "Periodical",
        "name": _worded(title),
        "alternateName": [_said(title.romanised, romanised_tag(title))] * bool(title.romanised),
        "issn": list(issue.identified("issn")),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": known.label or known.kind, "value": known.value}
            for known in issue.identifiers
            if known.kind != "issn"
        ]
        + [{"@type": "PropertyValue", "propertyID": "Serial ID", "value": issue.serial}] * bool(issue.serial),
        "publisher": {"@type": "Organization", "name": issue.publisher} if issue.publisher else "",
    }
    volume = issue.number("volume")
    return {"@type": "PublicationVolume", "volumeNumber": volume, "isPartOf": serial} if volume else serial


def _article(
    issue: ExportedIssue, article: ExportedArticle, position: int, terms: ExportTerms, *, is_newspaper: bool
) -> Json:
    pages = [page.number for identifier in article.pages if (page := issue.page(identifier)) is not None]
    path = article.identifier.removeprefix(f"{issue.identifier}/")
    found: Json = {
        "@type": "NewsArticle" if is_newspaper else "Article",
        "@id": terms.uri(issue.identifier, quote(path)),
        "identifier": article.identifier,
        "headline": _worded(article.title),
        "alternativeHeadline": _said(article.title.romanised, romanised_tag(article.title))
        if article.title.romanised
        else "",
        "position": position,
        "pageStart": pages[0] if pages else "",
        "pagination": ", ".join(pages),
        "datePublished": issue.issued,
        "inLanguage": tag(article.language, article.script),
        "creditText": list(article.responsibility),
    }
    for name in article.names:
        codes = [code for code, _printed in name.roles] or [""]
        for known in dict.fromkeys(_PROPERTIES.get(code, "contributor") for code in codes):
            found.setdefault(known, []).append(_person(name))
    return found


def _person(name: ExportedName) -> Json:
    kind = "Organization" if name.kind == "corporate" else "Person"
    return {"@type": kind, "@id": name.uri, "name": _said(name.text, tag(name.language, name.script))}


def _worded(title: Title) -> Json | str:
    return _said(title.text, tag(title.language, title.script))


def _forms(title: Title) -> Iterable[Json | str]:
    yield _worded(title)
    if title.romanised:
        yield _said(title.romanised, romanised_tag(title))


def _said(words: str, tongue: str) -> Json | str:
    """Words with their language, where that is known."""
    return {"@value": words, "@language": tongue} if tongue else words


def _pixels(count: int) -> Json | str:
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"} if count else ""  # UN/CEFACT: pixel


def _without_empty(value: Any) -> Any:
    """The same without members that say nothing."""
    if isinstance(value, dict):
        cleaned = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if each not in ("", [], {})}
    if isinstance(value, list):
        return [_without_empty(each) for each in value]
    return value
