"""Reading back METS, MODS and PREMIS, for rules to compare: each document parsed once."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from archiver.metadata.xml import NS, Element, NotWellFormed, parse
from archiver.model.contents import PackageContents
from archiver.model.serial import IssueFacts

ROOT = "data/METS.xml"
ISSUE = "data/metadata/descriptive/issue.mets.xml"
MODS = "data/metadata/descriptive/mods.xml"
ARTICLES = "data/metadata/descriptive/mods-articles.xml"
PREMIS = "data/metadata/preservation/premis.xml"
XLINK_HREF = f"{{{NS['xlink']}}}href"


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file or document that a METS refers to: its path in the bag ("" when it leaves it), and what is said of it."""

    document: str
    line: int
    identifier: str
    href: str
    path: str
    size: str
    checksum: str
    checksum_type: str
    mime: str


def document(package: PackageContents, path: str) -> Element | None:
    """The root of a document, parsed once; None when it is absent or not well formed."""
    if path not in package.documents:
        return None
    if path not in package.parsed:
        try:
            package.parsed[path] = parse(package.documents[path])
        except NotWellFormed as error:
            package.parsed[path] = error
    found = package.parsed[path]
    return None if isinstance(found, NotWellFormed) else found


def not_well_formed(package: PackageContents, path: str) -> NotWellFormed | None:
    """Why a document could not be parsed, if it could not."""
    document(package, path)
    found = package.parsed.get(path)
    return found if isinstance(found, NotWellFormed) else None


def references(root: Element, path: str) -> list[FileReference]:
    """Every file and metadata reference of a METS document at `path`, in document order."""
    found = []
    for element in root.iter(f"{{{NS['mets']}}}FLocat", f"{{{NS['mets']}}}mdRef"):
        owner = element.getparent() if element.tag.endswith("FLocat") else element
        href = element.get(XLINK_HREF, "")
        found.append(
            FileReference(
                document=path,
                line=element.sourceline or 0,
                identifier=owner.get("ID") or element.getparent().get("ID", ""),
                href=href,
                path=resolve(href, path),
                size=owner.get("SIZE", ""),
                checksum=owner.get("CHECKSUM", ""),
                checksum_type=owner.get("CHECKSUMTYPE", ""),
                mime=owner.get("MIMETYPE", ""),
            )
        )
    return found


def resolve(href: str, document_path: str) -> str:
    """The path in the bag that a reference in a document stands for; "" when it is no relative path below data/."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or parts.query or parts.path.startswith("/") or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document_path), unquote(parts.path)))
    return path if path.startswith("data/") else ""


def text(root: Element, path: str) -> str:
    """The text of the first element at an ElementTree path with our prefixes; "" when there is none."""
    found = root.find(path, dict(NS))
    return (found.text or "").strip() if found is not None else ""


def issue_facts(package: PackageContents) -> IssueFacts | None:
    """The facts that mods.xml states of the issue; None when it cannot be read or has no key date."""
    root = document(package, MODS)
    if root is None:
        return None
    dates = root.findall("mods:originInfo/mods:dateIssued[@keyDate='yes']", dict(NS))
    try:
        issued = date.fromisoformat((dates[0].text or "").strip())
    except (IndexError, ValueError):
        return None
    lines = [("issue-date", dates[0].sourceline)]
    values: dict[str, str] = {}
    for field, path in (
        ("weekday", "mods:originInfo/mods:dateOther[@type='weekday']"),
        ("lunar-date", "mods:originInfo/mods:dateOther[@type='lunar']"),
        ("issue-number", "mods:part/mods:detail[@type='issue']/mods:number"),
        ("whole-number", "mods:part/mods:detail[@type='whole number']/mods:number"),
    ):
        element = root.find(path, dict(NS))
        if element is not None:
            values[field] = (element.text or "").strip()
            lines.append((field, element.sourceline))
    return IssueFacts(
        identifier=text(root, "mods:recordInfo/mods:recordIdentifier"),
        issued=issued,
        path=MODS,
        weekday=values.get("weekday", ""),
        lunar_date=values.get("lunar-date", ""),
        issue_number=values.get("issue-number", ""),
        whole_number=values.get("whole-number", ""),
        lines=tuple(lines),
    )
