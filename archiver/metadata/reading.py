"""Reading back the documents of a package: each parsed once, hrefs resolved, and the facts of MODS.

What METS and PREMIS say is read in `reading_mets` and `reading_premis`. Nothing here judges: rules do.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from archiver.metadata.xml import NS, Element, NotWellFormed, parse
from archiver.model.serial import IssueFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.model.contents import PackageContents

ROOT = "data/METS.xml"
ISSUE = "data/metadata/descriptive/issue.mets.xml"
MODS = "data/metadata/descriptive/mods.xml"
ARTICLES = "data/metadata/descriptive/mods-articles.xml"
PREMIS = "data/metadata/preservation/premis.xml"
DOCUMENTS = (ROOT, ISSUE, MODS, ARTICLES, PREMIS)
_NUMBER = re.compile(r"[0-9]{1,18}")

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class ModsRecord:
    """A MODS record: its ID, title, identifier, whether access is restricted, and the parts it names.

    A part is what it says of numbers, captions and dates, in order, one string each.
    """

    line: int
    identifier: str
    title: str
    record_identifier: str
    is_restricted: bool
    own_part: tuple[str, ...] | None
    host_part: tuple[str, ...] | None


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


def once(package: PackageContents, path: str, read: Callable[[Element, str], Facts]) -> Facts | None:
    """What `read` makes of a document, read once; None when it is absent or not well formed."""
    root = document(package, path)
    if root is None:
        return None
    key = f"{read.__name__}:{path}"
    if key not in package.parsed:
        package.parsed[key] = read(root, path)
    found: Facts = package.parsed[key]
    return found


def resolve(href: str, document_path: str) -> str:
    """The path in the bag that a reference in a document stands for; "" when it is no relative path below data/."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or parts.query or parts.path.startswith("/") or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document_path), unquote(parts.path)))
    return path if path.startswith("data/") and "\0" not in path else ""


def text(root: Element, path: str) -> str:
    """The text of the first element at an ElementTree path with our prefixes; "" when there is none."""
    found = root.find(path, dict(NS))
    return (found.text or "").strip() if found is not None else ""


def number(words: str | None) -> int | None:
    """A number of ASCII digits, at most eighteen; None for anything else."""
    return int(words) if words is not None and _NUMBER.fullmatch(words) else None


def read_mods(root: Element, _path: str) -> tuple[ModsRecord, ...]:
    """Every MODS record of a document: the one it is, or those of a collection, in order."""
    own = [root] if root.tag == f"{{{NS['mods']}}}mods" else root.findall("mods:mods", dict(NS))
    return tuple(_record(record) for record in own)


def _record(record: Element) -> ModsRecord:
    return ModsRecord(
        line=record.sourceline or 0,
        identifier=record.get("ID", ""),
        title=text(record, "mods:titleInfo/mods:title"),
        record_identifier=text(record, "mods:recordInfo/mods:recordIdentifier"),
        is_restricted=record.find("mods:accessCondition[@displayLabel='Archive']", dict(NS)) is not None,
        own_part=_part(record.find("mods:part", dict(NS))),
        host_part=_part(record.find("mods:relatedItem[@type='host']/mods:part", dict(NS))),
    )


def _part(part: Element | None) -> tuple[str, ...] | None:
    """What a part says: "issue 18 第18期", "date 2021-05-09"; section and pages of an article are left out."""
    return None if part is None else tuple(_sayings(part))


def _sayings(part: Element) -> Iterator[str]:
    for detail in part.findall("mods:detail", dict(NS)):
        if detail.get("type") == "section":
            continue
        words = [(child.text or "").strip() for child in detail if isinstance(child.tag, str)]
        yield " ".join([detail.get("type", "detail"), *words])
    for day in part.findall("mods:date", dict(NS)):
        yield f"date {(day.text or '').strip()}"


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
