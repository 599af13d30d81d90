"""Pieces that both METS documents share: header, references to metadata, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.metadata.xml import NS, Element, add, clean, make
from archiver.model.values import Algorithm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archiver.model.package import Measured, PayloadFile
    from archiver.model.provenance import Accession, Agent

CHECKSUM = Algorithm.SHA512
CONTENT_TYPE = "urn:archiver:serial-issue:1"


@dataclass(frozen=True, slots=True)
class Document:
    """A metadata document of the package: its ID in METS, place below data/, type, and what was measured of it."""

    identifier: str
    place: str
    mdtype: str
    other: str
    version: str
    measured: Measured


def root_element(identifier: str, label: str, kind: str, profile: str) -> Element:
    """The mets element with the namespaces both documents use."""
    return make("mets:mets", {"OBJID": identifier, "LABEL": label, "TYPE": kind, "PROFILE": profile})


def header(root: Element, accession: Accession, software: Agent, at: datetime, *, package_type: str = "") -> None:
    """The METS header: when, by which software, for which archive, from which depositor."""
    when = at.isoformat(timespec="seconds")
    entry = add(
        root,
        "mets:metsHdr",
        {"CREATEDATE": when, "LASTMODDATE": when, "RECORDSTATUS": "NEW", "csip:OAISPACKAGETYPE": package_type},
    )
    _agent(entry, "CREATOR", "OTHER", software.name, "SOFTWARE VERSION", software.version, other="SOFTWARE")
    archive = accession.organisation.name
    if archive:
        _agent(entry, "ARCHIVIST", "ORGANIZATION", archive, "IDENTIFICATIONCODE", accession.organisation.code)
    if accession.depositor:
        _agent(entry, "CREATOR", "ORGANIZATION", accession.depositor, "", "")
    if accession.agreement:
        add(entry, "mets:altRecordID", {"TYPE": "SUBMISSIONAGREEMENT"}, accession.agreement)


def reference(section: Element, document: Document, href: str, at: datetime) -> None:
    """A reference to a metadata document (mdRef), with its size and digest."""
    add(
        section,
        "mets:mdRef",
        {
            "LOCTYPE": "URL",
            "xlink:type": "simple",
            "xlink:href": href,
            "MDTYPE": document.mdtype,
            "OTHERMDTYPE": document.other,
            "MDTYPEVERSION": document.version,
            "MIMETYPE": "text/xml",
            "SIZE": str(document.measured.size),
            "CREATED": at.isoformat(timespec="seconds"),
            "CHECKSUM": document.measured.digest(CHECKSUM),
            "CHECKSUMTYPE": CHECKSUM.mets_name,
        },
    )


def file_entry(group: Element, identifier: str, file: PayloadFile, href: str, at: datetime) -> Element:
    """A file of the package: where it is, how large, its digest and type (from the one measurement)."""
    entry = add(
        group,
        "mets:file",
        {
            "ID": identifier,
            "MIMETYPE": file.format.mime.value,
            "SIZE": str(file.measured.size),
            "CREATED": at.isoformat(timespec="seconds"),
            "CHECKSUM": file.measured.digest(CHECKSUM),
            "CHECKSUMTYPE": CHECKSUM.mets_name,
        },
    )
    location = add(entry, "mets:FLocat", {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": href})
    if file.original_name != file.place.name:
        location.set(f"{{{NS['xlink']}}}title", clean(file.original_name))
    return entry


def file_ids(files: Sequence[PayloadFile]) -> dict[str, str]:
    """METS IDs of files, by place, numbered in the order given."""
    return {file.place.value: f"FILE_{number:04}" for number, file in enumerate(files, 1)}


def _agent(parent: Element, role: str, kind: str, words: str, note_type: str, note: str, *, other: str = "") -> None:
    entry = add(parent, "mets:agent", {"ROLE": role, "TYPE": kind, "OTHERTYPE": other})
    add(entry, "mets:name", text=words)
    if note:
        add(entry, "mets:note", {"csip:NOTETYPE": note_type}, note)
