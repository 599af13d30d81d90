"""The issue METS: pages, articles and their parts, each tied to the bytes it stands in.

`area` places are bytes of the file counted from 0, BEGIN and END both included (METS leaves END open; our profile
does not). A page that is known and was not deposited keeps its place, without a file, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from archiver.metadata.mets_parts import Document, file_entry, file_ids, header, reference, root_element
from archiver.metadata.mets_root import label
from archiver.metadata.mets_structure import Structure
from archiver.metadata.mix import mix
from archiver.metadata.mods import article_id
from archiver.metadata.premis import UNKNOWN
from archiver.metadata.xml import Element, add, serialise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from archiver.model.package import IssueFiles
    from archiver.model.provenance import Accession, Agent
    from archiver.model.serial import Issue, Span

PROFILE = "urn:archiver:issue-mets:1"
_UP = "../../"  # from metadata/descriptive/ to data/


def issue_mets(
    issue: Issue,
    accession: Accession,
    software: Agent,
    at: datetime,
    documents: Sequence[Document],
    files: IssueFiles,
    reading_spans: Mapping[str, Span],
) -> bytes:
    """The METS of an issue. `reading_spans` are places in the reading text, by identifier ("masthead", "article-001").

    `documents`: MODS of the issue, MODS of the articles where there are any, PREMIS.
    """
    root = root_element(issue.identifier, label(issue), "Newspaper", PROFILE)
    header(root, accession, software, at)
    ids = file_ids([file for _name, members in files.representations for file in members])
    technical = {file.place.value: f"TECH_{ids[file.place.value]}" for file, _facts in files.images}
    _sections(root, issue, documents, at, files, technical)
    file_section = add(root, "mets:fileSec", {"ID": "FILESEC"})
    for name, members in files.representations:
        use = name.upper()
        group = add(file_section, "mets:fileGrp", {"ID": f"GROUP_{use}", "USE": use})
        for file in members:
            place = file.place.value
            entry = file_entry(group, ids[place], file, _href(place.removeprefix("data/")), at)
            if place in technical:
                entry.set("ADMID", technical[place])
    structure = Structure(issue, files, ids, reading_spans)
    structure.physical(root)
    structure.logical(root)
    structure.links(root)
    return serialise(root)


def _sections(
    root: Element,
    issue: Issue,
    documents: Sequence[Document],
    at: datetime,
    files: IssueFiles,
    technical: Mapping[str, str],
) -> None:
    """A section for the issue, for each article, for each image, and for what happened to them."""
    mods, *mods_articles, premis = documents
    attributes = {"CREATED": at.isoformat(timespec="seconds"), "STATUS": "CURRENT"}
    section = add(root, "mets:dmdSec", {"ID": "DMD_ISSUE", **attributes})
    reference(section, mods, _href(mods.place), at)
    for number, _article in enumerate(issue.articles, 1):
        section = add(root, "mets:dmdSec", {"ID": f"DMD_{number:03}", **attributes})
        reference(section, mods_articles[0], _href(mods_articles[0].place), at)
        section[0].set("XPTR", f"xpointer(id('{article_id(number)}'))")
    administrative = add(root, "mets:amdSec", {"ID": "AMD"})
    for file, facts in files.images:
        section = add(administrative, "mets:techMD", {"ID": technical[file.place.value], **attributes})
        wrap = add(section, "mets:mdWrap", {"MDTYPE": "NISOIMG", "MDTYPEVERSION": "2.0", "MIMETYPE": "text/xml"})
        known = file.format.pronom.value
        add(wrap, "mets:xmlData").append(mix(facts, puid=known if known != UNKNOWN else ""))
    provenance = add(administrative, "mets:digiprovMD", {"ID": "AMD_PREMIS", **attributes})
    reference(provenance, premis, _href(premis.place), at)


def _href(place: str) -> str:
    return _UP + quote(place, safe="/")
