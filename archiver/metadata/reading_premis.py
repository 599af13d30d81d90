"""What a PREMIS document says, as typed facts: objects, files, events, agents, rights, and what names what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.metadata.reading import text
from archiver.metadata.xml import NS, Element

if TYPE_CHECKING:
    from collections.abc import Iterator

_NS = dict(NS)
_PREMIS, _XSI = f"{{{NS['premis']}}}", f"{{{NS['xsi']}}}"
_TRAITS = "premis:objectCharacteristics"


@dataclass(frozen=True, slots=True)
class PremisFile:
    """A file object. `digests` are pairs of algorithm (as written) and hex digest; `formats` the format names.

    `puid` is the key in PRONOM that it states, empty without one.
    """

    line: int
    identifier: str
    size: str
    digests: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]
    original_name: str
    puid: str = ""


@dataclass(frozen=True, slots=True)
class PremisEvent:
    """An event: the code of its type, when, its outcome's code, and the agents it names."""

    line: int
    identifier: str
    kind: str
    at: str
    outcome: str
    agents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PremisRights:
    """A rights statement: acts granted, and their restrictions."""

    line: int
    acts: tuple[str, ...]
    restrictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PremisFacts:
    """What a PREMIS document says."""

    line: int
    entity: tuple[str, int] | None  # identifier of the intellectual entity, line
    files: tuple[PremisFile, ...]
    events: tuple[PremisEvent, ...]
    rights: tuple[PremisRights, ...]
    identifiers: tuple[tuple[str, str, int], ...]  # kind (object, event, agent …), identifier, line
    pointers: tuple[tuple[str, str, int], ...]  # kind of what is named, identifier, line

    def known(self, kind: str) -> frozenset[str]:
        """The identifiers of one kind."""
        return frozenset(identifier for found, identifier, _line in self.identifiers if found == kind)


def read_premis(root: Element, _path: str) -> PremisFacts:
    """Read the root of a PREMIS document."""
    objects = root.findall("premis:object", _NS)
    entities = [entry for entry in objects if _kind(entry) == "intellectualEntity"]
    return PremisFacts(
        line=root.sourceline or 0,
        entity=(_identifier(entities[0], "object"), entities[0].sourceline or 0) if entities else None,
        files=tuple(_file(entry) for entry in objects if _kind(entry) == "file"),
        events=tuple(_event(entry) for entry in root.findall("premis:event", _NS)),
        rights=tuple(_rights(entry) for entry in root.findall("premis:rights/premis:rightsStatement", _NS)),
        identifiers=tuple(_identifiers(root)),
        pointers=tuple(_pointers(root)),
    )


def _kind(entry: Element) -> str:
    """The kind of an object, whatever prefix the document writes before it."""
    return str(entry.get(f"{_XSI}type", "")).rpartition(":")[2]


def _identifier(entry: Element, kind: str) -> str:
    return text(entry, f"premis:{kind}Identifier/premis:{kind}IdentifierValue")


def _file(entry: Element) -> PremisFile:
    return PremisFile(
        line=entry.sourceline or 0,
        identifier=_identifier(entry, "object"),
        size=text(entry, f"{_TRAITS}/premis:size"),
        digests=tuple(
            (text(fixity, "premis:messageDigestAlgorithm"), text(fixity, "premis:messageDigest").lower())
            for fixity in entry.findall(f"{_TRAITS}/premis:fixity", _NS)
        ),
        formats=tuple(
            (found.text or "").strip()
            for found in entry.iterfind(f"{_TRAITS}/premis:format/premis:formatDesignation/premis:formatName", _NS)
        ),
        original_name=text(entry, "premis:originalName"),
        puid=_puid(entry),
    )


def _puid(entry: Element) -> str:
    for registry in entry.iterfind(f"{_TRAITS}/premis:format/premis:formatRegistry", _NS):
        if text(registry, "premis:formatRegistryName").upper() == "PRONOM":
            return text(registry, "premis:formatRegistryKey")
    return ""


def _event(entry: Element) -> PremisEvent:
    outcome = "premis:eventOutcomeInformation/premis:eventOutcome"
    return PremisEvent(
        line=entry.sourceline or 0,
        identifier=_identifier(entry, "event"),
        kind=_code(entry, "premis:eventType"),
        at=text(entry, "premis:eventDateTime"),
        outcome=_code(entry, outcome),
        agents=tuple(
            (found.text or "").strip() for found in entry.iterfind(".//premis:linkingAgentIdentifierValue", _NS)
        ),
    )


def _code(entry: Element, path: str) -> str:
    """The code of a term: the end of its URI."""
    found = entry.find(path, _NS)
    return str(found.get("valueURI", "")).rpartition("/")[2] if found is not None else ""


def _rights(entry: Element) -> PremisRights:
    granted = entry.findall("premis:rightsGranted", _NS)
    return PremisRights(
        line=entry.sourceline or 0,
        acts=tuple(found for each in granted if (found := text(each, "premis:act"))),
        restrictions=tuple(found for each in granted if (found := text(each, "premis:restriction"))),
    )


def _identifiers(root: Element) -> Iterator[tuple[str, str, int]]:
    for kind, path in (
        ("object", "premis:object"),
        ("event", "premis:event"),
        ("agent", "premis:agent"),
        ("rightsStatement", "premis:rights/premis:rightsStatement"),
    ):
        for entry in root.findall(path, _NS):
            yield kind, _identifier(entry, kind), entry.sourceline or 0


def _pointers(root: Element) -> Iterator[tuple[str, str, int]]:
    for tag, kind in (
        ("relatedObjectIdentifierValue", "object"),
        ("relatedEventIdentifierValue", "event"),
        ("linkingObjectIdentifierValue", "object"),
        ("linkingAgentIdentifierValue", "agent"),
        ("linkingEventIdentifierValue", "event"),
        ("linkingRightsStatementIdentifierValue", "rightsStatement"),
    ):
        for found in root.iter(f"{_PREMIS}{tag}"):
            yield kind, (found.text or "").strip(), found.sourceline or 0
