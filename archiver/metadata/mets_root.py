"""The root METS of a package: E-ARK CSIP 2.2, so that tools which read CSIP take the payload as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from archiver.metadata.mets_parts import (
    CONTENT_TYPE,
    Document,
    file_entry,
    file_ids,
    header,
    reference,
    root_element,
)
from archiver.metadata.xml import Element, add, serialise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from archiver.model.package import PayloadFile
    from archiver.model.provenance import Accession, Agent
    from archiver.model.serial import Issue

PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP-v2-2-0.xml"
TYPE = "Textual works – Electronic Serials"


def root_mets(
    issue: Issue,
    accession: Accession,
    software: Agent,
    at: datetime,
    documents: Sequence[Document],
    representations: Mapping[str, Sequence[PayloadFile]],
    documentation: Sequence[PayloadFile],
    schemas: Sequence[PayloadFile] = (),
    *,
    package_type: str = "AIP",
    profile: str = PROFILE,
) -> bytes:
    """The root METS. `documents` are the descriptive ones, then PREMIS; places are below data/ (without it).

    `package_type` is SIP, AIP or DIP (OAIS); `profile` the address of the METS profile the package conforms to.
    """
    root = root_element(issue.identifier, label(issue), TYPE, profile)
    root.set("{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}CONTENTINFORMATIONTYPE", "OTHER")
    root.set("{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}OTHERCONTENTINFORMATIONTYPE", CONTENT_TYPE)
    header(root, accession, software, at, package_type=package_type)
    when = at.isoformat(timespec="seconds")
    for document in documents:
        if document.mdtype != "PREMIS":
            section = add(root, "mets:dmdSec", {"ID": document.identifier, "CREATED": when, "STATUS": "CURRENT"})
            reference(section, document, document.place, at)
    administrative = add(root, "mets:amdSec", {"ID": "AMD"})
    for document in documents:
        if document.mdtype == "PREMIS":
            attributes = {"ID": document.identifier, "CREATED": when, "STATUS": "CURRENT"}
            reference(add(administrative, "mets:digiprovMD", attributes), document, document.place, at)
    _files(root, at, representations, documentation, schemas)
    folders = [name for name, files in (("Documentation", documentation), ("Schemas", schemas)) if files]
    _structure(root, issue, documents, list(representations), folders)
    return serialise(root)


def label(issue: Issue) -> str:
    """Title, date and numbering of an issue in one line."""
    captions = (issue.numbering.volume_caption, issue.numbering.issue_caption, issue.numbering.whole_caption)
    return " ".join(part for part in (issue.title.text, issue.issued.isoformat(), *captions) if part)


def _files(
    root: Element,
    at: datetime,
    representations: Mapping[str, Sequence[PayloadFile]],
    documentation: Sequence[PayloadFile],
    schemas: Sequence[PayloadFile],
) -> None:
    section = add(root, "mets:fileSec", {"ID": "FILESEC"})
    # Numbered as in the issue METS, so that a file has the same ID in both.
    ids = file_ids([*(file for files in representations.values() for file in files), *documentation, *schemas])
    groups = [("DOCUMENTATION", "Documentation", documentation)] if documentation else []
    groups += [("SCHEMAS", "Schemas", schemas)] if schemas else []
    groups += [(_group_id(name), f"Representations/{name}/data", files) for name, files in representations.items()]
    for identifier, use, files in groups:
        group = add(section, "mets:fileGrp", {
            "ID": f"GROUP_{identifier}",
            "USE": use,
            "csip:CONTENTINFORMATIONTYPE": "OTHER",
            "csip:OTHERCONTENTINFORMATIONTYPE": CONTENT_TYPE,
        })  # fmt: skip
        for file in files:
            href = quote(file.place.value.removeprefix("data/"), safe="/")
            file_entry(group, ids[file.place.value], file, href, at)


def _structure(
    root: Element, issue: Issue, documents: Sequence[Document], representations: Sequence[str], folders: Sequence[str]
) -> None:
    structure = add(root, "mets:structMap", {"ID": "STRUCT_CSIP", "TYPE": "PHYSICAL", "LABEL": "CSIP"})
    top = add(structure, "mets:div", {"ID": "DIV_ROOT", "LABEL": issue.identifier})
    described = " ".join(document.identifier for document in documents if document.mdtype != "PREMIS")
    administered = " ".join(document.identifier for document in documents if document.mdtype == "PREMIS")
    add(top, "mets:div", {"ID": "DIV_METADATA", "LABEL": "Metadata", "DMDID": described, "ADMID": administered})
    for name in folders:
        entry = add(top, "mets:div", {"ID": f"DIV_{_group_id(name)}", "LABEL": name})
        add(entry, "mets:fptr", {"FILEID": f"GROUP_{_group_id(name)}"})
    entry = add(top, "mets:div", {"ID": "DIV_REPRESENTATIONS", "LABEL": "Representations"})
    for name in representations:
        add(entry, "mets:fptr", {"FILEID": f"GROUP_{_group_id(name)}"})


def _group_id(name: str) -> str:
    return name.upper().replace("-", "_")
