"""Rules for the two METS of a package: against the files, against themselves. No schema sees any of this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata import reading
from archiver.metadata.reading import ARTICLES, DOCUMENTS, ISSUE, MODS, PREMIS, ROOT
from archiver.metadata.reading_mets import Division, FileReference, MetsFacts, read_mets
from archiver.metadata.reading_premis import PremisFacts, read_premis
from archiver.model.report import Fault
from archiver.model.values import Algorithm
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.contents import PackageContents
    from archiver.model.package import Measured

RESTORE = "Restore the document from another copy of the package."
ABSENT = "(not deposited)"  # what the label of a page says that did not come


def need(package: PackageContents, path: str) -> Skip:
    """The reason why a rule cannot judge without a document."""
    why = "is not well formed" if path in package.documents else "is missing"
    return Skip(f"{path} {why}")


def mets(package: PackageContents, path: str) -> MetsFacts:
    """What the METS document at `path` says. Raises Skip when it cannot be read."""
    found = reading.once(package, path, read_mets)
    if found is None:
        raise need(package, path)
    return found


def both_mets(package: PackageContents) -> tuple[MetsFacts, MetsFacts]:
    """The root METS and the issue METS. Raises Skip when one cannot be read."""
    return mets(package, ROOT), mets(package, ISSUE)


def premis(package: PackageContents) -> PremisFacts:
    """What premis.xml says. Raises Skip when it cannot be read."""
    found = reading.once(package, PREMIS, read_premis)
    if found is None:
        raise need(package, PREMIS)
    return found


def has_no_articles(package: PackageContents) -> bool:
    """Whether the issue METS says that there is no article; False when it cannot be read."""
    facts = reading.once(package, ISSUE, read_mets)
    kinds = {division.kind for division in facts.divisions()} if facts is not None else {"article"}
    return not kinds & {"article", "advertisement"}


@check("MET-101", "Every metadata document is there", "docs/package-layout.md", needs="package")
def documents_present(package: PackageContents) -> Iterator[Fault]:
    """Root METS, issue METS, MODS of the issue and of its articles, if it has any, PREMIS."""
    for path in DOCUMENTS:
        if path not in package.documents and not (path == ARTICLES and has_no_articles(package)):
            yield Fault(f"{path} is missing", path, remedy=RESTORE)


@check("MET-102", "What METS refers to is there and stays inside", "METS 1.12.1 FLocat, mdRef", needs="package")
def references_resolve(package: PackageContents) -> Iterator[Fault]:
    """A reference that leaves the package is never followed. A missing document is the matter of MET-101."""
    for facts in both_mets(package):
        for found in facts.references:
            if not found.path:
                yield Fault(f"{found.href!r} leaves the payload; it was not followed", facts.path, found.line, RESTORE)
            elif found.path not in package.files and found.path not in DOCUMENTS:
                yield Fault(
                    f"{found.href!r} names {found.path}, which is not in the package",
                    facts.path,
                    found.line,
                    "Restore the file from another copy of the package.",
                )


@check("MET-103", "METS states the sizes and digests of the files", "METS 1.12.1 @SIZE, @CHECKSUM", needs="package")
def sizes_and_digests(package: PackageContents) -> Iterator[Fault]:
    """What METS states is what was measured."""
    for facts in both_mets(package):
        for found in facts.references:
            measured = package.files.get(found.path)
            if measured is not None:
                for message in _disagreements(found, measured):
                    yield Fault(message, facts.path, found.line, "Restore the file, or the METS, from another copy.")


def _disagreements(found: FileReference, measured: Measured) -> Iterator[str]:
    if found.size != str(measured.size):
        yield f"{found.path}: METS states {found.size or 'no'} bytes, found {measured.size}"
    digest = _digest(measured, found.checksum_type)
    if digest is None:
        yield f"{found.path}: no digest to compare with ({found.checksum_type or 'no CHECKSUMTYPE'})"
    elif digest != found.checksum.lower():
        yield f"{found.path}: METS states {found.checksum_type} {found.checksum or 'nothing'}, found {digest}"


def _digest(measured: Measured, checksum_type: str) -> str | None:
    algorithm = next((known for known in Algorithm if known.mets_name == checksum_type), None)
    try:
        return measured.digest(algorithm) if algorithm else None
    except KeyError:
        return None


@check("MET-104", "Every payload file is in METS", "E-ARK CSIP 2.2; docs/package-layout.md", needs="package")
def all_in_mets(package: PackageContents) -> Iterator[Fault]:
    """The root METS names everything in the payload but itself; the issue METS names every representation."""
    root, issue = both_mets(package)
    for facts, start in ((root, "data/"), (issue, "data/representations/")):
        named = {found.path for found in facts.references}
        for path in sorted(package.files):
            if path.startswith(start) and path != ROOT and path not in named:
                yield Fault(f"{path} is not named in {facts.path}", path, remedy="Find out where the file comes from.")


@check(
    "MET-105",
    "IDs are unique and references to them resolve",
    "XML ID; METS DMDID, ADMID, FILEID, smLink",
    needs="package",
)
def ids_resolve(package: PackageContents) -> Iterator[Fault]:
    """Every DMDID, ADMID, FILEID and link names an element of the same document."""
    for facts in both_mets(package):
        lines: dict[str, int] = {}
        for identifier, line in facts.identifiers:
            if identifier in lines:
                yield Fault(f"the ID {identifier} stands in line {lines[identifier]} too", facts.path, line, RESTORE)
            lines.setdefault(identifier, line)
        for attribute, identifier, line in facts.pointers:
            if identifier not in lines:
                yield Fault(f"{attribute} {identifier or '(empty)'} names nothing", facts.path, line, RESTORE)


@check("MET-106", "Divisions are numbered without gaps", "METS 1.12.1 div/@ORDER", needs="package")
def orders(package: PackageContents) -> Iterator[Fault]:
    """ORDER counts 1, 2, 3 among the divisions of one parent."""
    for parent in mets(package, ISSUE).divisions():
        found = [child.order for child in parent.divisions]
        if found != [str(number) for number in range(1, len(found) + 1)]:
            numbers = ", ".join(order or "none" for order in found)
            yield Fault(f"the divisions of {parent.identifier} are numbered {numbers}", ISSUE, parent.line, RESTORE)


@check("MET-107", "Places lie inside their files", "METS 1.12.1 area; docs/package-layout.md", needs="package")
def areas(package: PackageContents) -> Iterator[Fault]:
    """0 ≤ BEGIN ≤ END < size of the file, in digits."""
    facts = mets(package, ISSUE)
    paths = {found.identifier: found.path for found in facts.references if not found.is_metadata}
    for division in facts.divisions():
        for area in division.areas:
            measured = package.files.get(paths.get(area.file, ""))
            if measured is None or (area.kind != "BYTE" and area.begin is None and area.end is None):
                continue  # MET-102 or MET-105 says so; a file as a whole has no bounds
            if area.kind == "IDREF":
                continue  # a block of a layout document, told by its identifier
            if area.span is None or area.span.end > measured.size:
                yield Fault(
                    f"{division.identifier}: bytes {area.begin}–{area.end} do not lie in the {measured.size} bytes "
                    f"of {paths[area.file]}",
                    ISSUE,
                    area.line,
                    RESTORE,
                )


@check("MET-108", "One identifier everywhere", "docs/package-layout.md", needs="package")
def one_identifier(package: PackageContents) -> Iterator[Fault]:
    """OBJID of both METS, the MODS record identifier and the PREMIS entity are the name of the package."""
    said = [(facts.path, facts.identifier, facts.line) for facts in both_mets(package)]
    records = reading.once(package, MODS, reading.read_mods)
    if records is None:
        raise need(package, MODS)
    said += [(MODS, record.record_identifier, record.line) for record in records]
    entity, line = premis(package).entity or ("", premis(package).line)
    said.append((PREMIS, entity, line))
    for path, identifier, line in said:
        if identifier != package.name:
            yield Fault(
                f"the identifier is {identifier!r}, the package is called {package.name!r}",
                path,
                line,
                "Give the package folder the name it was published under.",
            )


@check(
    "MET-115", "Divisions are linked to their pages", "METS 1.12.1 structLink; docs/package-layout.md", needs="package"
)
def links(package: PackageContents) -> Iterator[Fault]:
    """Every logical division is linked to a physical one, and no link goes another way."""
    facts = mets(package, ISSUE)
    logical, physical = _identifiers(facts.structure("LOGICAL")), _identifiers(facts.structure("PHYSICAL"))
    everywhere = {**logical, **physical}
    for link in facts.links:
        known = link.begin in everywhere and link.end in everywhere  # else MET-105 says so
        if known and (link.begin not in logical or link.end not in physical):
            yield Fault(
                f"the link from {link.begin} to {link.end} does not go from an article to a page",
                ISSUE,
                link.line,
                RESTORE,
            )
    linked = {link.begin for link in facts.links}
    for identifier, division in logical.items():
        if identifier not in linked:
            yield Fault(f"{identifier} ({division.label}) is linked to no page", ISSUE, division.line, RESTORE)


def _identifiers(top: Division | None) -> dict[str, Division]:
    return {division.identifier: division for division in top.walk()} if top is not None else {}


@check("MET-116", "A page without a place says that it was not deposited", "docs/package-layout.md", needs="package")
def absent_pages(package: PackageContents) -> Iterator[Fault]:
    """A page has its bytes, or its label says that it did not come; never both, never neither."""
    top = mets(package, ISSUE).structure("PHYSICAL")
    for page in top.walk() if top is not None else ():
        if page.kind == "page" and bool(page.areas) == page.label.endswith(ABSENT):
            stands = "has a place in a file" if page.areas else "has no place in any file"
            yield Fault(f"{page.identifier} is called {page.label!r} and {stands}", ISSUE, page.line, RESTORE)
