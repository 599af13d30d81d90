"""Pieces that MODS records share: origin, language, part, access, record information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.xml import Element, add
from archiver.model.serial import Agreement, Article, Issue, OddityKind, Page, Title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archiver.model.provenance import Accession

RESTRICTED = "Restricted until an archivist clears it."
_ISO639 = "http://id.loc.gov/vocabulary/iso639-2"


def is_restricted(issue: Issue, accession: Accession) -> bool:
    """Whether access waits for an archivist: the profile of the serial or the accession says so."""
    return "restricted" in (issue.access, accession.access)


def article_pages(issue: Issue, article: Article) -> list[Page]:
    """The pages an article stands on, by number: those of its paragraphs, and those it is continued on."""
    numbers = {article.page, *(paragraph.page for paragraph in article.paragraphs)}
    numbers.update(odd.page for odd in article.oddities if odd.kind is OddityKind.CONTINUATION and odd.page is not None)
    return sorted((page for page in issue.pages if page.number in numbers), key=lambda page: page.number)


def romanisation_scheme(title: Title) -> str:
    """The value of @transliteration: ALA-LC for machine-made pinyin, syllable by syllable; else pinyin with words."""
    return "chi-alalc97" if title.romanisation == "pinyin" else "pinyin"


def lines_of(lines: Sequence[int]) -> str:
    """Lines in words: "line 81", "lines 33 and 35", "lines 82–84"."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    if len(lines) > 2 and list(lines) == list(range(lines[0], lines[-1] + 1)):
        return f"lines {lines[0]}–{lines[-1]}"
    return f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def origin(root: Element, issue: Issue) -> None:
    """Place, publisher and dates: one key date in W3CDTF; weekday and Chinese date as printed, without an encoding."""
    info = add(root, "mods:originInfo", {"eventType": "publication"})
    _places(info, issue)
    if issue.publisher:
        add(info, "mods:publisher", {"lang": issue.language, "script": issue.script}, issue.publisher)
    printed = [issue.statement(field) for field in ("issue-date", "weekday", "lunar-date")]
    doubtful = any(said is not None and said.agreement is Agreement.DISAGREES for said in printed)
    add(
        info,
        "mods:dateIssued",
        {"encoding": "w3cdtf", "keyDate": "yes", "qualifier": "questionable" if doubtful else None},
        issue.issued.isoformat(),
    )
    lunar, weekday = issue.statement("lunar-date"), issue.statement("weekday")
    if lunar is not None:
        add(info, "mods:dateOther", {"type": "lunar", "calendar": "chinese", "lang": issue.language}, lunar.value)
    if weekday is not None:
        add(info, "mods:dateOther", {"type": "weekday", "lang": issue.language}, weekday.value)
    shown = list(dict.fromkeys(said.printed for said in printed if said is not None and said.printed))
    if shown or issue.date_printed:  # a date that was given is printed nowhere
        add(info, "mods:displayDate", text=" ".join(shown or [issue.date_printed]))
    add(info, "mods:issuance", text="serial")


def _places(info: Element, issue: Issue) -> None:
    """The place as printed, and the country of the profile as a code."""
    printed = issue.statement("place")
    if printed is not None:
        place = add(info, "mods:place")
        add(place, "mods:placeTerm", {"type": "text", "lang": issue.language}, printed.value)
    if issue.country:
        place = add(info, "mods:place")
        add(place, "mods:placeTerm", {"type": "code", "authority": "marccountry"}, issue.country)


def language(root: Element, code: str, script: str) -> None:
    """The language (ISO 639-2/B) and script (ISO 15924) of the text."""
    info = add(root, "mods:language", {"usage": "primary"})
    add(info, "mods:languageTerm", {"type": "code", "authority": "iso639-2b", "authorityURI": _ISO639}, code)
    if script:
        add(info, "mods:scriptTerm", {"type": "code", "authority": "iso15924"}, script)


def part(parent: Element, issue: Issue) -> Element:
    """Year or volume, number, whole number and edition, with captions as printed, in order of level, and the date."""
    numbering = issue.numbering
    item = add(parent, "mods:part", {"type": "issue", "order": issue.issued.strftime("%Y%m%d")})
    year = (str(issue.issued.year), "") if not numbering.volume else ("", "")
    details = (
        ("year", *year),
        ("volume", numbering.volume, numbering.volume_caption),
        ("issue", numbering.issue, numbering.issue_caption),
        ("whole number", str(numbering.whole) if numbering.whole is not None else "", numbering.whole_caption),
        ("edition", numbering.edition, ""),
    )
    for level, (kind, number, caption) in enumerate((each for each in details if each[1]), 1):
        detail = add(item, "mods:detail", {"type": kind, "level": str(level)})
        add(detail, "mods:number", text=number)
        if caption:
            add(detail, "mods:caption", text=caption)
    add(item, "mods:date", {"encoding": "w3cdtf"}, issue.issued.isoformat())
    return item


def host_identifier(host: Element, issue: Issue) -> None:
    """Identifiers of the serial that the masthead states, or that are given."""
    for field, kind, label in (
        ("issn", "issn", ""),
        ("lccn", "lccn", ""),
        ("cn-number", "local", "CN"),
        ("permit-number", "local", "Permit number"),
    ):
        said = issue.statement(field)
        if said is not None:
            add(host, "mods:identifier", {"type": kind, "displayLabel": label}, said.value)
    add(host, "mods:identifier", {"type": "local", "displayLabel": "Serial ID"}, issue.serial)


def access_condition(root: Element, issue: Issue, accession: Accession) -> None:
    """The access statement as printed, and the restriction that holds until an archivist clears it."""
    said = issue.statement("access-statement")
    if said is not None:
        add(root, "mods:accessCondition", {"type": "restriction on access", "lang": issue.language}, said.printed)
    if is_restricted(issue, accession):
        add(root, "mods:accessCondition", {"type": "restriction on access", "displayLabel": "Archive"}, RESTRICTED)


def record_info(root: Element, identifier: str, accession: Accession, made_at: datetime, issue: Issue) -> None:
    """Who made the record, when, and how far it was reviewed."""
    info = add(root, "mods:recordInfo")
    if accession.organisation.name:
        add(info, "mods:recordContentSource", text=accession.organisation.name)
    add(info, "mods:recordCreationDate", {"encoding": "w3cdtf"}, made_at.date().isoformat())
    add(info, "mods:recordIdentifier", {"source": accession.organisation.code or "local"}, identifier)
    add(info, "mods:recordOrigin", text="Machine-generated from the transcript; not reviewed.")
    cataloguing = add(info, "mods:languageOfCataloging")
    add(cataloguing, "mods:languageTerm", {"type": "code", "authority": "iso639-2b"}, "eng")
    if issue.script and issue.language != "eng":
        second = add(info, "mods:languageOfCataloging")
        add(second, "mods:languageTerm", {"type": "code", "authority": "iso639-2b"}, issue.language)
        add(second, "mods:scriptTerm", {"type": "code", "authority": "iso15924"}, issue.script)
