"""PREMIS 3: the issue, its representations and files; what happened to them, by whom, and under which rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archiver.metadata.xml import NS, Element, add, make, serialise
from archiver.model.package import PayloadFile
from archiver.model.provenance import Agent, AgentKind, Event
from archiver.model.serial import Issue
from archiver.model.values import Algorithm, Format

_VOCABULARY = "http://id.loc.gov/vocabulary/preservation"
_HASHES = "http://id.loc.gov/vocabulary/preservation/cryptographicHashFunctions"
_AGENT_LABELS = {AgentKind.SOFTWARE: "software", AgentKind.PERSON: "person", AgentKind.ORGANIZATION: "organization"}


def file_id(path: str) -> str:
    """The identifier of a payload file in PREMIS and METS alike: its place in the package."""
    return path


def premis(
    issue: Issue,
    representations: Mapping[str, Sequence[PayloadFile]],
    events: Sequence[Event],
    agents: Sequence[Agent],
    rights_note: str = "",
) -> bytes:
    """The PREMIS document of a package. Events and agents are written as given; none is added.

    `representations` are the files of each representation by its name; the first agent is the software that measured.
    """
    root = make("premis:premis", {"version": "3.0"})
    _entity(root, issue, list(representations))
    for name in representations:
        _representation(root, issue, name, representations[name])
    for name, files in representations.items():
        for file in files:
            _file(root, issue, name, file, agents[0])
    for number, event in enumerate(events, 1):
        _event(root, number, event, agents)
    for agent in agents:
        _agent(root, agent)
    _rights(root, issue, rights_note)
    return serialise(root)


def representation_id(issue: Issue, name: str) -> str:
    """The identifier of a representation."""
    return f"{issue.identifier}/representations/{name}"


def _identifier(parent: Element, kind: str, value: str) -> None:
    entry = add(parent, f"premis:{kind}Identifier")
    add(entry, f"premis:{kind}IdentifierType", text="local")
    add(entry, f"premis:{kind}IdentifierValue", text=value)


def _term(parent: Element, tag: str, scheme: str, code: str, label: str) -> None:
    """A term of a vocabulary of id.loc.gov, by label and URI."""
    uri = f"{_VOCABULARY}/{scheme}"
    add(parent, f"premis:{tag}", {"authority": scheme, "authorityURI": uri, "valueURI": f"{uri}/{code}"}, label)


def _object(root: Element, kind: str, identifier: str) -> Element:
    entry = add(root, "premis:object")
    entry.set(f"{{{NS['xsi']}}}type", f"premis:{kind}")
    _identifier(entry, "object", identifier)
    return entry


def _relation(parent: Element, code: str, label: str, other: str) -> None:
    entry = add(parent, "premis:relationship")
    _term(entry, "relationshipType", "relationshipType", "str", "structural")
    _term(entry, "relationshipSubType", "relationshipSubType", code, label)
    related = add(entry, "premis:relatedObjectIdentifier")
    add(related, "premis:relatedObjectIdentifierType", text="local")
    add(related, "premis:relatedObjectIdentifierValue", text=other)


def _entity(root: Element, issue: Issue, representations: Sequence[str]) -> None:
    entry = _object(root, "intellectualEntity", issue.identifier)
    for name in representations:
        _relation(entry, "isr", "is represented by", representation_id(issue, name))


def _representation(root: Element, issue: Issue, name: str, files: Sequence[PayloadFile]) -> None:
    entry = _object(root, "representation", representation_id(issue, name))
    _relation(entry, "rep", "represents", issue.identifier)
    for file in files:
        _relation(entry, "inc", "includes", file_id(file.place.value))


def _file(root: Element, issue: Issue, name: str, file: PayloadFile, software: Agent) -> None:
    entry = _object(root, "file", file_id(file.place.value))
    traits = add(entry, "premis:objectCharacteristics")
    add(traits, "premis:compositionLevel", text="0")
    for checksum in file.measured.checksums:
        fixity = add(traits, "premis:fixity")
        algorithm = checksum.algorithm
        code = {Algorithm.SHA256: "sha256", Algorithm.SHA512: "sha512", Algorithm.MD5: "md5", Algorithm.SHA1: "sha1"}
        attributes = {"authority": "cryptographicHashFunctions", "authorityURI": _HASHES}
        if algorithm in code:
            attributes["valueURI"] = f"{_HASHES}/{code[algorithm]}"
        add(fixity, "premis:messageDigestAlgorithm", attributes if algorithm in code else None, algorithm.label)
        add(fixity, "premis:messageDigest", text=checksum.hexdigest)
        add(fixity, "premis:messageDigestOriginator", text=f"{software.name} {software.version}".strip())
    add(traits, "premis:size", text=str(file.measured.size))
    _format(traits, file.format)
    add(entry, "premis:originalName", text=file.original_name)
    _relation(entry, "isi", "is included in", representation_id(issue, name))


def _format(traits: Element, found: Format) -> None:
    entry = add(traits, "premis:format")
    designation = add(entry, "premis:formatDesignation")
    add(designation, "premis:formatName", text=found.name)
    if found.pronom.version:
        add(designation, "premis:formatVersion", text=found.pronom.version)
    if found.pronom.value != "UNKNOWN":
        registry = add(entry, "premis:formatRegistry")
        add(registry, "premis:formatRegistryName", text="PRONOM")
        add(registry, "premis:formatRegistryKey", text=found.pronom.value)
        _term(registry, "formatRegistryRole", "formatRegistryRole", "spe", "specification")
    for said in (found.pronom, found.mime):
        words = [f"{said.tool}: {said.value}"]
        words += [f"basis: {said.basis}"] if said.basis else []
        words += [f"warning: {said.warning}"] if said.warning else []
        add(entry, "premis:formatNote", text="; ".join(words))


def _event(root: Element, number: int, event: Event, agents: Sequence[Agent]) -> None:
    entry = add(root, "premis:event")
    _identifier(entry, "event", f"event-{number:03}")
    _term(entry, "eventType", "eventType", event.type.value, event.type.label)
    add(entry, "premis:eventDateTime", text=event.at.isoformat(timespec="seconds"))
    add(add(entry, "premis:eventDetailInformation"), "premis:eventDetail", text=event.detail)
    information = add(entry, "premis:eventOutcomeInformation")
    _term(information, "eventOutcome", "eventOutcome", event.outcome.value, event.outcome.label)
    if event.note:
        add(add(information, "premis:eventOutcomeDetail"), "premis:eventOutcomeDetailNote", text=event.note)
    kinds = {agent.identifier: agent.kind for agent in agents}
    for identifier in event.agents:
        link = add(entry, "premis:linkingAgentIdentifier")
        add(link, "premis:linkingAgentIdentifierType", text="local")
        add(link, "premis:linkingAgentIdentifierValue", text=identifier)
        software = kinds.get(identifier) is AgentKind.SOFTWARE
        code, term = ("exe", "executing program") if software else ("imp", "implementer")
        _term(link, "linkingAgentRole", "eventRelatedAgentRole", code, term)
    for role, label, objects in (("sou", "source", event.sources), ("out", "outcome", event.outcomes)):
        for identifier in objects:
            link = add(entry, "premis:linkingObjectIdentifier")
            add(link, "premis:linkingObjectIdentifierType", text="local")
            add(link, "premis:linkingObjectIdentifierValue", text=identifier)
            _term(link, "linkingObjectRole", "eventRelatedObjectRole", role, label)


def _agent(root: Element, agent: Agent) -> None:
    entry = add(root, "premis:agent")
    _identifier(entry, "agent", agent.identifier)
    add(entry, "premis:agentName", text=agent.name)
    _term(entry, "agentType", "agentType", agent.kind.value, _AGENT_LABELS[agent.kind])
    if agent.version:
        add(entry, "premis:agentVersion", text=agent.version)
    if agent.note:
        add(entry, "premis:agentNote", text=agent.note)


def _rights(root: Element, issue: Issue, note: str) -> None:
    """What may be done with the issue: disseminating it is restricted until an archivist clears it."""
    statement = add(add(root, "premis:rights"), "premis:rightsStatement")
    _identifier(statement, "rightsStatement", "rights-001")
    _term(statement, "rightsBasis", "rightsBasis", "oth", "other")
    other = add(statement, "premis:otherRightsInformation")
    permit, said = issue.statement("permit-number"), issue.statement("access-statement")
    if permit is not None:
        document = add(other, "premis:otherRightsDocumentationIdentifier")
        add(document, "premis:otherRightsDocumentationIdentifierType", text="permit number")
        add(document, "premis:otherRightsDocumentationIdentifierValue", text=permit.value)
    add(other, "premis:otherRightsBasis", text=said.printed if said is not None else "no statement printed")
    if note:
        add(other, "premis:otherRightsNote", text=note)
    granted = add(statement, "premis:rightsGranted")
    add(granted, "premis:act", text="disseminate")
    restricted = issue.access == "restricted"
    add(granted, "premis:restriction", text="restricted until an archivist clears it" if restricted else "none stated")
    link = add(statement, "premis:linkingObjectIdentifier")
    add(link, "premis:linkingObjectIdentifierType", text="local")
    add(link, "premis:linkingObjectIdentifierValue", text=issue.identifier)
