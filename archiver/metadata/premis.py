"""PREMIS 3: the issue, its representations and files; what happened to them, by whom, and under which rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.mods_parts import RESTRICTED, is_restricted
from archiver.metadata.xml import NS, Element, add, make, serialise
from archiver.model.package import FileUse, PayloadFile
from archiver.model.provenance import Accession, Agent, AgentKind, Event, EventType
from archiver.model.values import Algorithm, Format, Identification

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.model.serial import Issue

UNKNOWN = "UNKNOWN"  # what an identifier says of a format it does not know
_VOCABULARY = "http://id.loc.gov/vocabulary/preservation"
_AGENT_LABELS = {AgentKind.SOFTWARE: "software", AgentKind.PERSON: "person", AgentKind.ORGANIZATION: "organization"}
_HASH_CODES = {
    Algorithm.MD5: "md5",
    Algorithm.SHA1: "sha1",
    Algorithm.SHA256: "sha256",
    Algorithm.SHA384: "sha384",
    Algorithm.SHA512: "sha512",
}


def premis(
    issue: Issue,
    accession: Accession,
    representations: Mapping[str, Sequence[PayloadFile]],
    documentation: Sequence[PayloadFile],
    events: Sequence[Event],
    agents: Sequence[Agent],
) -> bytes:
    """The PREMIS document of a package. Events and agents are written as given; none is added.

    `representations` are the files of each representation by its name, `documentation` files that belong to none;
    the first agent is the software that measured. A file is identified by its place in the package, data/ included.
    """
    root = make("premis:premis", {"version": "3.0"})
    _entity(root, issue, list(representations))
    for name, files in representations.items():
        _representation(root, issue, name, files)
    for name, files in representations.items():
        for file in files:
            entry = _file(root, file, agents[0])
            _relation(entry, "structural", "isi", "is included in", representation_id(issue, name))
            _derivations(entry, file, events)
    for file in documentation:
        _relation(_file(root, file, agents[0]), "reference", "doc", "documents", issue.identifier)
    for number, event in enumerate(events, 1):
        _event(root, number, event, agents)
    for agent in agents:
        _agent(root, agent)
    _rights(root, issue, accession)
    return serialise(root)


def representation_id(issue: Issue, name: str) -> str:
    """The identifier of a representation."""
    return f"{issue.identifier}/representations/{name}"


def event_id(number: int) -> str:
    """The identifier of an event, counted from 1 in the order the events were observed."""
    return f"event-{number:03}"


def _identifier(parent: Element, kind: str, value: str) -> Element:
    entry = add(parent, f"premis:{kind}Identifier")
    add(entry, f"premis:{kind}IdentifierType", text="local")
    add(entry, f"premis:{kind}IdentifierValue", text=value)
    return entry


def _term(parent: Element, tag: str, scheme: str, code: str, label: str) -> None:
    """A term of a vocabulary of id.loc.gov, by label and URI."""
    uri = f"{_VOCABULARY}/{scheme}"
    add(parent, f"premis:{tag}", {"authority": scheme, "authorityURI": uri, "valueURI": f"{uri}/{code}"}, label)


def _object(root: Element, kind: str, identifier: str) -> Element:
    entry = add(root, "premis:object")
    entry.set(f"{{{NS['xsi']}}}type", f"premis:{kind}")
    _identifier(entry, "object", identifier)
    return entry


def _relation(parent: Element, kind: str, code: str, label: str, other: str, event: str = "") -> None:
    """A relationship to another object, and the event that made it, if one did."""
    entry = add(parent, "premis:relationship")
    _term(entry, "relationshipType", "relationshipType", kind[:3], kind)
    _term(entry, "relationshipSubType", "relationshipSubType", code, label)
    _identifier(entry, "relatedObject", other)
    if event:
        _identifier(entry, "relatedEvent", event)


def _entity(root: Element, issue: Issue, representations: Sequence[str]) -> None:
    entry = _object(root, "intellectualEntity", issue.identifier)
    for name in representations:
        _relation(entry, "structural", "isr", "is represented by", representation_id(issue, name))


def _representation(root: Element, issue: Issue, name: str, files: Sequence[PayloadFile]) -> None:
    entry = _object(root, "representation", representation_id(issue, name))
    _relation(entry, "structural", "rep", "represents", issue.identifier)
    for file in files:
        _relation(entry, "structural", "inc", "includes", file.place.value)


def _file(root: Element, file: PayloadFile, software: Agent) -> Element:
    entry = _object(root, "file", file.place.value)
    traits = add(entry, "premis:objectCharacteristics")
    add(traits, "premis:compositionLevel", text="0")
    for checksum in file.measured.checksums:
        fixity = add(traits, "premis:fixity")
        _digest_algorithm(fixity, checksum.algorithm)
        add(fixity, "premis:messageDigest", text=checksum.hexdigest)
        add(fixity, "premis:messageDigestOriginator", text=f"{software.name} {software.version}".strip())
    add(traits, "premis:size", text=str(file.measured.size))
    _formats(traits, file.format)
    if file.use is not FileUse.READING:  # a derived text never had another name
        add(entry, "premis:originalName", text=file.original_name)
    return entry


def _digest_algorithm(fixity: Element, algorithm: Algorithm) -> None:
    code = _HASH_CODES.get(algorithm)
    if code is None:  # SHA-3, BLAKE2 and SM3 are not of the vocabulary
        add(fixity, "premis:messageDigestAlgorithm", text=algorithm.label)
    else:
        _term(fixity, "messageDigestAlgorithm", "cryptographicHashFunctions", code, algorithm.label)


def _formats(traits: Element, found: Format) -> None:
    """The format as PRONOM knows it, then its media type: each identification with its tool, basis and warning."""
    entry = add(traits, "premis:format")
    designation = add(entry, "premis:formatDesignation")
    known = found.pronom.value != UNKNOWN
    add(designation, "premis:formatName", text=(found.pronom.name or found.pronom.value) if known else "unknown")
    if found.pronom.version:
        add(designation, "premis:formatVersion", text=found.pronom.version)
    if known:
        registry = add(entry, "premis:formatRegistry")
        add(registry, "premis:formatRegistryName", text="PRONOM")
        add(registry, "premis:formatRegistryKey", text=found.pronom.value)
        _term(registry, "formatRegistryRole", "formatRegistryRole", "spe", "specification")
    _format_note(entry, found.pronom)
    entry = add(traits, "premis:format")
    add(add(entry, "premis:formatDesignation"), "premis:formatName", text=found.mime.value)
    _format_note(entry, found.mime)


def _format_note(entry: Element, said: Identification) -> None:
    words = [f"{said.tool}: {said.value}"]
    words += [f"basis: {said.basis}"] if said.basis else []
    words += [f"warning: {said.warning}"] if said.warning else []
    add(entry, "premis:formatNote", text="; ".join(words))


def _derivations(entry: Element, file: PayloadFile, events: Sequence[Event]) -> None:
    """What a file was derived from, by the events that derived it."""
    for number, event in enumerate(events, 1):
        if event.type is EventType.NORMALIZATION and file.place.value in event.outcomes:
            for source in event.sources:
                _relation(entry, "derivation", "hss", "has source", source, event_id(number))


def _event(root: Element, number: int, event: Event, agents: Sequence[Agent]) -> None:
    entry = add(root, "premis:event")
    _identifier(entry, "event", event_id(number))
    _term(entry, "eventType", "eventType", event.type.value, event.type.label)
    add(entry, "premis:eventDateTime", text=event.at.isoformat(timespec="seconds"))
    add(add(entry, "premis:eventDetailInformation"), "premis:eventDetail", text=event.detail)
    information = add(entry, "premis:eventOutcomeInformation")
    _term(information, "eventOutcome", "eventOutcome", event.outcome.value, event.outcome.label)
    if event.note:
        add(add(information, "premis:eventOutcomeDetail"), "premis:eventOutcomeDetailNote", text=event.note)
    kinds = {agent.identifier: agent.kind for agent in agents}
    for identifier in event.agents:
        link = _identifier(entry, "linkingAgent", identifier)
        software = kinds.get(identifier) is AgentKind.SOFTWARE
        code, term = ("exe", "executing program") if software else ("imp", "implementer")
        _term(link, "linkingAgentRole", "eventRelatedAgentRole", code, term)
    for code, label, objects in (("sou", "source", event.sources), ("out", "outcome", event.outcomes)):
        for identifier in objects:
            link = _identifier(entry, "linkingObject", identifier)
            _term(link, "linkingObjectRole", "eventRelatedObjectRole", code, label)


def _agent(root: Element, agent: Agent) -> None:
    entry = add(root, "premis:agent")
    _identifier(entry, "agent", agent.identifier)
    add(entry, "premis:agentName", text=agent.name)
    _term(entry, "agentType", "agentType", agent.kind.value, _AGENT_LABELS[agent.kind])
    if agent.version:
        add(entry, "premis:agentVersion", text=agent.version)
    if agent.note:
        add(entry, "premis:agentNote", text=agent.note)


def _rights(root: Element, issue: Issue, accession: Accession) -> None:
    """What may be done with the issue: disseminating it is restricted until an archivist clears it."""
    statement = add(add(root, "premis:rights"), "premis:rightsStatement")
    _identifier(statement, "rightsStatement", "rights-001")
    _term(statement, "rightsBasis", "rightsBasis", "oth", "other")
    other = add(statement, "premis:otherRightsInformation")
    permit, said = issue.statement("permit-number"), issue.statement("access-statement")
    for kind, value in (
        ("permit number", permit.value if permit is not None else ""),
        ("deposit agreement", accession.agreement),
    ):
        if value:
            document = add(other, "premis:otherRightsDocumentationIdentifier")
            add(document, "premis:otherRightsDocumentationIdentifierType", text=kind)
            add(document, "premis:otherRightsDocumentationIdentifierValue", text=value)
    add(other, "premis:otherRightsBasis", text=said.printed if said is not None else "no statement printed")
    for words in (accession.rights, accession.terms):
        if words:
            add(other, "premis:otherRightsNote", text=words)
    granted = add(statement, "premis:rightsGranted")
    add(granted, "premis:act", text="disseminate")
    add(granted, "premis:restriction", text=RESTRICTED if is_restricted(issue, accession) else "None stated.")
    _identifier(statement, "linkingObject", issue.identifier)
