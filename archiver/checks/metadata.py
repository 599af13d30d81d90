"""Rules across METS, MODS, PREMIS and the files themselves: what no schema sees."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.metadata import reading
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, ROOT
from archiver.metadata.xml import NS, Element
from archiver.model.contents import PackageContents
from archiver.model.package import Measured
from archiver.model.report import Fault
from archiver.model.values import Algorithm
from archiver.plugs import Skip, check

_METS = f"{{{NS['mets']}}}"
_REPORT = "Restore the document from another copy of the package."


def _root(package: PackageContents, path: str) -> Element:
    root = reading.document(package, path)
    if root is None:
        raise Skip(f"{path} is absent or not well formed")
    return root


def _mets(package: PackageContents) -> Iterator[tuple[str, Element]]:
    for path in (ROOT, ISSUE):
        yield path, _root(package, path)


def _digest(measured: Measured, checksum_type: str) -> str | None:
    algorithm = next((known for known in Algorithm if known.mets_name == checksum_type), None)
    try:
        return measured.digest(algorithm) if algorithm else None
    except KeyError:
        return None


@check("MET-101", "Every metadata document is there", "docs/package-layout.md", needs="package")
def documents_present(package: PackageContents) -> Iterator[Fault]:
    """Root METS, issue METS, MODS of issue and articles, PREMIS."""
    for path in (ROOT, ISSUE, MODS, ARTICLES, PREMIS):
        if path not in package.documents:
            yield Fault(f"{path} is missing", path, remedy=_REPORT)


@check("MET-102", "What METS refers to is there and stays inside", "METS 1.12.1 FLocat, mdRef", needs="package")
def references_resolve(package: PackageContents) -> Iterator[Fault]:
    """A reference that leaves the package is never followed."""
    for path, root in _mets(package):
        for found in reading.references(root, path):
            if not found.path:
                yield Fault(f"{found.href!r} leaves the package; it was not followed", path, found.line, _REPORT)
            elif found.path not in package.files:
                yield Fault(f"{found.href!r} is not in the package", path, found.line, _REPORT)


@check("MET-103", "METS states the sizes and digests of the files", "METS 1.12.1 @SIZE, @CHECKSUM", needs="package")
def sizes_and_digests(package: PackageContents) -> Iterator[Fault]:
    """What METS states is what was measured."""
    for path, root in _mets(package):
        for found in reading.references(root, path):
            measured = package.files.get(found.path)
            if measured is None:
                continue
            if found.size != str(measured.size):
                yield Fault(f"{found.path}: METS states {found.size or 'no'} bytes, found {measured.size}", path,
                            found.line, _REPORT)  # fmt: skip
            digest = _digest(measured, found.checksum_type)
            if digest is None:
                yield Fault(f"{found.path}: no digest to compare with ({found.checksum_type or 'no CHECKSUMTYPE'})",
                            path, found.line, _REPORT)  # fmt: skip
            elif digest != found.checksum.lower():
                yield Fault(f"{found.path}: METS states {found.checksum_type} {found.checksum}, found {digest}",
                            path, found.line, _REPORT)  # fmt: skip


@check("MET-104", "Every payload file is in METS", "E-ARK CSIP 2.2; docs/package-layout.md", needs="package")
def all_in_mets(package: PackageContents) -> Iterator[Fault]:
    """Nothing lies in the payload that METS does not name."""
    named = {found.path for path, root in _mets(package) for found in reading.references(root, path)}
    for path in sorted(package.files):
        if path.startswith("data/") and path != ROOT and path not in named:
            yield Fault(f"{path} is in no METS", path, remedy="Find out where the file comes from.")


@check("MET-105", "IDs are unique and references to them resolve", "XML ID; METS DMDID, ADMID, FILEID, smLink",
       needs="package")  # fmt: skip
def ids_resolve(package: PackageContents) -> Iterator[Fault]:
    """Every DMDID, ADMID, FILEID and link names an element of the same document."""
    for path, root in _mets(package):
        lines: dict[str, int] = {}
        for element in root.iter():
            identifier = element.get("ID") if isinstance(element.tag, str) else None
            if identifier and identifier in lines:
                yield Fault(f"the ID {identifier} stands in line {lines[identifier]} too", path, element.sourceline,
                            _REPORT)  # fmt: skip
            elif identifier:
                lines[identifier] = element.sourceline or 0
        for element in root.iter():
            for attribute, identifier in _pointers(element):
                if identifier not in lines:
                    yield Fault(f"{attribute} {identifier} names nothing", path, element.sourceline, _REPORT)


def _pointers(element: Element) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str):
        return
    for attribute in ("DMDID", "ADMID", "FILEID"):
        for identifier in element.get(attribute, "").split():
            yield attribute, identifier
    if element.tag == f"{_METS}smLink":
        for end in ("from", "to"):
            yield f"smLink {end}", element.get(f"{{{NS['xlink']}}}{end}", "")


@check("MET-106", "Divisions are numbered without gaps", "METS 1.12.1 div/@ORDER", needs="package")
def orders(package: PackageContents) -> Iterator[Fault]:
    """ORDER counts 1, 2, 3 among the divisions of one parent."""
    root = _root(package, ISSUE)
    for parent in root.iter(f"{_METS}div"):
        found = [child.get("ORDER") for child in parent.findall(f"{_METS}div") if child.get("ORDER")]
        if found != [str(number) for number in range(1, len(found) + 1)]:
            yield Fault(f"the divisions of {parent.get('ID')} are numbered {', '.join(found)}", ISSUE,
                        parent.sourceline, _REPORT)  # fmt: skip


@check("MET-107", "Places lie inside their files", "METS 1.12.1 area; docs/package-layout.md", needs="package")
def areas(package: PackageContents) -> Iterator[Fault]:
    """0 ≤ BEGIN ≤ END < size of the file."""
    root = _root(package, ISSUE)
    sizes = {found.identifier: found.path for found in reading.references(root, ISSUE)}
    for area in root.iter(f"{_METS}area"):
        measured = package.files.get(sizes.get(area.get("FILEID", ""), ""))
        begin, end = area.get("BEGIN"), area.get("END")
        if begin is None or measured is None:
            continue
        inside = begin.isdigit() and (end or "").isdigit() and 0 <= int(begin) <= int(end or 0) < measured.size
        if not inside:
            yield Fault(f"bytes {begin}–{end} do not lie in a file of {measured.size} bytes", ISSUE, area.sourceline,
                        _REPORT)  # fmt: skip


@check("MET-108", "One identifier everywhere", "docs/package-layout.md", needs="package")
def one_identifier(package: PackageContents) -> Iterator[Fault]:
    """OBJID of both METS, the MODS record identifier and the PREMIS entity are the name of the package."""
    said = [(path, root.get("OBJID", ""), root.sourceline) for path, root in _mets(package)]
    mods, premis = _root(package, MODS), _root(package, PREMIS)
    said.append((MODS, reading.text(mods, "mods:recordInfo/mods:recordIdentifier"), mods.sourceline))
    said.append((PREMIS, reading.text(premis, "premis:object/premis:objectIdentifier/premis:objectIdentifierValue"),
                 premis.sourceline))  # fmt: skip
    for path, identifier, line in said:
        if identifier != package.name:
            yield Fault(f"the identifier is {identifier!r}, the package is called {package.name!r}", path, line,
                        "Give the package folder the name it was published under.")  # fmt: skip


@check("MET-109", "PREMIS and METS describe the same files", "PREMIS 3 object; METS file", needs="package")
def premis_files(package: PackageContents) -> Iterator[Fault]:
    """Every file of METS is an object of PREMIS with the same size and digests as measured, and the other way round."""
    premis = _root(package, PREMIS)
    ns = dict(NS)
    described: dict[str, Element] = {}
    for entry in premis.findall("premis:object", ns):
        if entry.get(f"{{{NS['xsi']}}}type") == "premis:file":
            described[reading.text(entry, "premis:objectIdentifier/premis:objectIdentifierValue")] = entry
    for path, entry in described.items():
        measured = package.files.get(path)
        if measured is None:
            yield Fault(f"PREMIS describes {path}, which is not in the package", PREMIS, entry.sourceline, _REPORT)
            continue
        size = reading.text(entry, "premis:objectCharacteristics/premis:size")
        if size != str(measured.size):
            yield Fault(f"{path}: PREMIS states {size} bytes, found {measured.size}", PREMIS, entry.sourceline, _REPORT)
        stated = {reading.text(fixity, "premis:messageDigest")
                  for fixity in entry.findall("premis:objectCharacteristics/premis:fixity", ns)}  # fmt: skip
        found = {checksum.hexdigest for checksum in measured.checksums}
        if not stated <= found:
            yield Fault(f"{path}: PREMIS states digests that the file does not have", PREMIS, entry.sourceline, _REPORT)
    for path, root in _mets(package):
        for found_file in root.iter(f"{_METS}FLocat"):
            place = reading.resolve(found_file.get(reading.XLINK_HREF, ""), path)
            if place and place not in described:
                yield Fault(f"{place} is in METS and not in PREMIS", path, found_file.sourceline, _REPORT)


@check("MET-110", "Events are complete", "PREMIS 3 event; docs/package-layout.md", needs="package")
def events(package: PackageContents) -> Iterator[Fault]:
    """Taking up, digests, formats, virus check and extraction are recorded, each with outcome, time order and agent."""
    premis = _root(package, PREMIS)
    ns = dict(NS)
    agents = {(found.text or "").strip() for found in premis.iterfind("premis:agent//premis:agentIdentifierValue", ns)}
    kinds = set()
    before = ""
    for event in premis.findall("premis:event", ns):
        kind = event.find("premis:eventType", ns)
        kinds.add((kind.get("valueURI", "") if kind is not None else "").rsplit("/", 1)[-1])
        linked = [(found.text or "").strip() for found in event.iterfind(".//premis:linkingAgentIdentifierValue", ns)]
        if not linked:
            yield Fault("the event names no agent", PREMIS, event.sourceline, _REPORT)
        for identifier in linked:
            if identifier not in agents:
                yield Fault(f"the event names the agent {identifier}, which is not described", PREMIS,
                            event.sourceline, _REPORT)  # fmt: skip
        at = reading.text(event, "premis:eventDateTime")
        if before and at < before and at[-6:] == before[-6:]:
            yield Fault(f"the event of {at} stands after one of {before}", PREMIS, event.sourceline, _REPORT)
        before = at
    for code in ("ins", "mes", "for", "vir", "mee"):
        if code not in kinds:
            yield Fault(f"no event of type {code} is recorded", PREMIS, remedy=_REPORT)


@check("MET-111", "Rights are stated", "PREMIS 3 rights; MODS accessCondition", needs="package")
def rights(package: PackageContents) -> Iterator[Fault]:
    """A rights statement with an act and a restriction."""
    premis = _root(package, PREMIS)
    if not reading.text(premis, "premis:rights/premis:rightsStatement/premis:rightsGranted/premis:act"):
        yield Fault("no right is stated", PREMIS, remedy=_REPORT)


@check("MET-112", "The issue is numbered alike in its record and under its serial", "MODS part", needs="package")
def parts_agree(package: PackageContents) -> Iterator[Fault]:
    """mods/part and relatedItem[host]/part say the same."""
    mods = _root(package, MODS)
    own = _part(mods.find("mods:part", dict(NS)))
    host = _part(mods.find("mods:relatedItem[@type='host']/mods:part", dict(NS)))
    if own != host:
        yield Fault(f"the record says {own}, its serial {host}", MODS, mods.sourceline, _REPORT)


def _part(part: Element | None) -> str:
    if part is None:
        return "nothing"
    return "; ".join(" ".join((element.text or "").split()) for element in part.iter() if (element.text or "").strip())


@check("MET-113", "Every article has its record and its place", "METS DMDID; MODS", needs="package")
def articles(package: PackageContents) -> Iterator[Fault]:
    """The articles of the issue METS and the records of mods-articles.xml are the same, in the same order."""
    root, records = _root(package, ISSUE), _root(package, ARTICLES)
    labels = [div.get("LABEL", "") for div in root.iter(f"{_METS}div") if div.get("TYPE") == "article"]
    titles = [reading.text(record, "mods:titleInfo/mods:title") for record in records.findall("mods:mods", dict(NS))]
    if labels != titles:
        yield Fault(f"the issue METS has {len(labels)} articles, mods-articles.xml has {len(titles)} records"
                    if len(labels) != len(titles) else "articles and records differ in a headline or in order",
                    ISSUE, remedy=_REPORT)  # fmt: skip
