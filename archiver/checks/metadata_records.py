"""Rules for PREMIS and MODS: against METS, against the files, and within themselves. No schema sees any of this."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from archiver.checks.metadata import RESTORE, both_mets, has_no_articles, mets, need, premis
from archiver.metadata import reading
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, ModsRecord
from archiver.model.report import Fault
from archiver.model.values import Algorithm
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.metadata.reading_mets import Division
    from archiver.metadata.reading_premis import PremisEvent, PremisFile
    from archiver.model.contents import PackageContents
    from archiver.model.package import Measured

# What is recorded of every package before it is sealed (eventType codes of id.loc.gov).
_EVENTS = {
    "ins": "ingestion start",
    "mes": "message digest calculation",
    "for": "format identification",
    "vir": "virus check",
    "mee": "metadata extraction",
}


def records(package: PackageContents, path: str) -> tuple[ModsRecord, ...]:
    """The MODS records of a document; none of articles when there are none. Raises Skip when it cannot be read."""
    if path == ARTICLES and path not in package.documents and has_no_articles(package):
        return ()
    found = reading.once(package, path, reading.read_mods)
    if found is None:
        raise need(package, path)
    return found


@check("MET-109", "PREMIS and METS describe the same files", "PREMIS 3 object; METS file", needs="package")
def premis_files(package: PackageContents) -> Iterator[Fault]:
    """Every file of METS is an object of PREMIS with the same size, digests and media type, and the other way round."""
    described = {found.identifier: found for found in premis(package).files}
    named: dict[str, set[str]] = {}
    for facts in both_mets(package):
        for reference in facts.references:
            if reference.path and not reference.is_metadata:
                named.setdefault(reference.path, set()).add(reference.mime)
                if reference.path not in described:
                    message = f"{reference.path} is in METS and not in PREMIS"
                    yield Fault(message, facts.path, reference.line, RESTORE)
    for path, found in described.items():
        if path not in named:
            yield Fault(f"PREMIS describes {path}, which METS does not name", PREMIS, found.line, RESTORE)
            continue
        for message in _disagreements(found, package.files.get(path), named[path]):
            yield Fault(message, PREMIS, found.line, RESTORE)


def _disagreements(found: PremisFile, measured: Measured | None, mimes: set[str]) -> Iterator[str]:
    path = found.identifier
    for mime in sorted(mimes - set(found.formats)):
        yield f"{path}: METS states the media type {mime or 'nothing'}, PREMIS {', '.join(found.formats) or 'nothing'}"
    if measured is None:
        return  # MET-102 says so
    if found.size != str(measured.size):
        yield f"{path}: PREMIS states {found.size or 'no'} bytes, found {measured.size}"
    known = {each.algorithm.label: each.hexdigest for each in measured.checksums}
    labels = {algorithm.label for algorithm in Algorithm}
    compared = [(label, digest) for label, digest in found.digests if label in known]
    for label, digest in compared:
        if digest != known[label]:
            yield f"{path}: PREMIS states {label} {digest or 'nothing'}, found {known[label]}"
    if not compared:
        stated = ", ".join(label if label in labels else f"{label!r}" for label, _digest in found.digests)
        yield f"{path}: PREMIS states no digest to compare with ({stated or 'none'})"


@check("MET-110", "Events are complete", "PREMIS 3 event; docs/package-layout.md", needs="package")
def events(package: PackageContents) -> Iterator[Fault]:
    """Taking up, digests, formats, virus check and extraction are recorded, each with outcome, time and agent."""
    facts = premis(package)
    before: tuple[str, datetime] | None = None
    for event in facts.events:
        if not event.agents:
            yield Fault(f"the event {event.identifier} names no agent", PREMIS, event.line, RESTORE)
        if event.outcome not in {"suc", "fai", "war"}:
            yield Fault(f"the event {event.identifier} has no outcome", PREMIS, event.line, RESTORE)
        at = _moment(event)
        if at is None:
            message = f"the event {event.identifier} has the time {event.at!r}, which is none with its offset from UTC"
            yield Fault(message, PREMIS, event.line, RESTORE)
            continue
        if before is not None and at < before[1]:
            message = f"the event {event.identifier} of {event.at} stands after one of {before[0]}"
            yield Fault(message, PREMIS, event.line, RESTORE)
        before = (event.at, at)
    kinds = {event.kind for event in facts.events}
    for code, label in _EVENTS.items():
        if code not in kinds:
            yield Fault(f"no event of type {label} ({code}) is recorded", PREMIS, facts.line, RESTORE)


def _moment(event: PremisEvent) -> datetime | None:
    try:
        at = datetime.fromisoformat(event.at)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@check(
    "MET-111", "Rights are stated alike in PREMIS and MODS", "PREMIS 3 rights; MODS accessCondition", needs="package"
)
def rights(package: PackageContents) -> Iterator[Fault]:
    """A rights statement with an act and its restriction; MODS says the same of access."""
    facts = premis(package)
    stated = [right for right in facts.rights if right.acts and right.restrictions]
    if not stated:
        yield Fault("no rights statement grants an act and says how it is restricted", PREMIS, facts.line, RESTORE)
        return
    restricted = any(words.lower().startswith("restricted") for right in stated for words in right.restrictions)
    for path in (MODS, ARTICLES):
        for record in records(package, path):
            if record.is_restricted != restricted:
                says = "restricts access" if record.is_restricted else "does not restrict access"
                other = "; ".join(words for right in stated for words in right.restrictions)
                yield Fault(f"{record.identifier} {says}, PREMIS says: {other}", path, record.line, RESTORE)


@check("MET-112", "The issue is numbered alike wherever it is described", "MODS part", needs="package")
def parts_agree(package: PackageContents) -> Iterator[Fault]:
    """The part of the issue is the same in its record, under its serial, and under every article."""
    for record in records(package, MODS):
        if record.own_part is None or record.own_part != record.host_part:
            message = f"the record says {_words(record.own_part)}, under its serial {_words(record.host_part)}"
            yield Fault(message, MODS, record.line, RESTORE)
        for article in records(package, ARTICLES):
            if article.host_part != record.own_part:
                message = f"{article.identifier} says {_words(article.host_part)}, the issue {_words(record.own_part)}"
                yield Fault(message, ARTICLES, article.line, RESTORE)


def _words(part: tuple[str, ...] | None) -> str:
    return "nothing" if not part else "; ".join(part)


@check("MET-113", "Every article has its record and its place", "METS DMDID, mdRef @XPTR; MODS", needs="package")
def articles(package: PackageContents) -> Iterator[Fault]:
    """Each article of the issue METS names its own record of mods-articles.xml, under the same headline, in order."""
    facts = mets(package, ISSUE)
    known = {record.identifier: record for record in records(package, ARTICLES)}
    pointed = {found.identifier: found.element for found in facts.references if found.is_metadata and found.element}
    used: list[str] = []
    for division in facts.divisions():
        if division.kind in {"article", "advertisement"}:
            named = [pointed[section] for section in division.described_by if section in pointed]
            used += named
            yield from _article(division, named, known)
    for identifier, record in known.items():
        if used.count(identifier) != 1:
            message = f"the record {identifier} ({record.title}) belongs to {used.count(identifier)} articles"
            yield Fault(message, ARTICLES, record.line, RESTORE)
    if len(used) == len(set(used)) == len(known) and set(used) == set(known) and used != list(known):
        yield Fault("articles and records stand in different orders", ISSUE, facts.line, RESTORE)


def _article(division: Division, named: list[str], known: dict[str, ModsRecord]) -> Iterator[Fault]:
    titles = [known[identifier].title for identifier in named if identifier in known]
    if len(titles) != 1:
        message = f"{division.identifier} ({division.label}) has {len(titles)} records in mods-articles.xml"
        yield Fault(message, ISSUE, division.line, RESTORE)
    elif " ".join(titles[0].split()) != " ".join(division.label.split()):
        message = f"{division.identifier} is called {division.label!r}, its record {titles[0]!r}"
        yield Fault(message, ISSUE, division.line, RESTORE)


@check(
    "MET-114", "PREMIS identifiers are unique and resolve", "PREMIS 3 relationship, linking…Identifier", needs="package"
)
def premis_identifiers(package: PackageContents) -> Iterator[Fault]:
    """Every object, event, agent and right is identified once, and whatever is named is described."""
    facts = premis(package)
    lines: dict[tuple[str, str], int] = {}
    for kind, identifier, line in facts.identifiers:
        if not identifier:
            yield Fault(f"the {kind} has no identifier", PREMIS, line, RESTORE)
        elif (kind, identifier) in lines:
            message = f"the {kind} {identifier} is described in line {lines[kind, identifier]} too"
            yield Fault(message, PREMIS, line, RESTORE)
        lines.setdefault((kind, identifier), line)
    for kind, identifier, line in facts.pointers:
        if identifier not in facts.known(kind):
            yield Fault(f"the {kind} {identifier or '(empty)'} is named and nowhere described", PREMIS, line, RESTORE)
