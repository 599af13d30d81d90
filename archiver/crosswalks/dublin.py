"""An issue → simple Dublin Core in the form of OAI-PMH (oai_dc), which has fifteen elements and no refinements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.crosswalks.tongues import romanised_tag, tag
from archiver.metadata.xml import Element, add, make, serialise

if TYPE_CHECKING:
    from archiver.model.export import ExportedIssue, ExportTerms
    from archiver.model.serial import Title

_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def dublin_core(issue: ExportedIssue, terms: ExportTerms) -> bytes:
    """The record of an issue. Who wrote its articles are its contributors; its serial is what it is a part of."""
    root = make("oai_dc:dc", {"xsi:schemaLocation": _SCHEMA})
    tongue = tag(issue.language, issue.script)
    for title in (issue.title, *issue.parallel_titles):
        _title(root, title)
    writers = [name.text for article in issue.articles for name in article.names]
    for writer in dict.fromkeys(writers):
        add(root, "dc:contributor", None, writer)
    if issue.publisher:
        add(root, "dc:publisher", {"xml:lang": tongue}, issue.publisher)
    if issue.issued:
        add(root, "dc:date", None, issue.issued)
    for kind in dict.fromkeys(("Text", issue.genre)):
        if kind:
            add(root, "dc:type", None, kind)
    for media_type in issue.media_types:
        add(root, "dc:format", None, media_type)
    for number in (issue.identifier, terms.uri(issue.identifier)):
        add(root, "dc:identifier", None, number)
    if tongue:
        add(root, "dc:language", None, tongue)
    for words in _described(issue):
        add(root, "dc:description", None, words)
    _serial(root, issue)
    for words in (*issue.access, *issue.rights):
        add(root, "dc:rights", None, words)
    return serialise(root)


def _title(root: Element, title: Title) -> None:
    add(root, "dc:title", {"xml:lang": tag(title.language, title.script)}, title.text)
    if title.romanised:
        add(root, "dc:title", {"xml:lang": romanised_tag(title)}, title.romanised)


def _serial(root: Element, issue: ExportedIssue) -> None:
    """What the issue is a part of: the serial by its title, and by its ISSN."""
    title = issue.serial_title
    add(root, "dc:relation", {"xml:lang": tag(title.language, title.script)}, title.text)
    for number in issue.identified("issn"):
        add(root, "dc:relation", None, f"urn:ISSN:{number}")


def _described(issue: ExportedIssue) -> list[str]:
    """Numbering and date as printed, and the extent, which tells what was not deposited."""
    return [words for words in (issue.designation, issue.printed_date, issue.extent) if words]
