"""The files within a DOCX, held against limits before anything opens them, and what only they tell.

python-docx gets a package of our own making with the few parts it needs, each of them checked: no entity is declared,
no relationship leads outside, nothing is larger than stated. Pictures, macros and embedded files are never unpacked.
"""

from __future__ import annotations

import io
import posixpath
import re
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.archives.opening import Archive, MemberDamaged
from archiver.metadata.xml import NotWellFormed, parse
from archiver.model.archive import ArchiveTrouble, Limits
from archiver.model.documents import DocumentTrouble

if TYPE_CHECKING:
    from archiver.metadata.xml import Element
    from archiver.model.archive import Member
    from archiver.model.documents import DocumentLimits

_ROOT_RELATIONS = "_rels/.rels"
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
# Strict documents (ISO 29500-1) have namespaces of their own, for the same elements.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/picture", b"http://schemas.openxmlformats.org/drawingml/2006/picture"),
    (b"http://purl.oclc.org/ooxml/drawingml/chart", b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
    (b"http://purl.oclc.org/ooxml/drawingml/diagram", b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    ),
)  # fmt: skip
_TROUBLES = {
    ArchiveTrouble.EXPANDS: DocumentTrouble.OVERSIZE,
    ArchiveTrouble.ENCRYPTED: DocumentTrouble.ENCRYPTED,
    ArchiveTrouble.TRUNCATED: DocumentTrouble.DAMAGED,
    ArchiveTrouble.DAMAGED: DocumentTrouble.DAMAGED,
    ArchiveTrouble.METHOD: DocumentTrouble.DAMAGED,
}
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_PART_TYPES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "word/styles.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}


class NotADocument(Exception):
    """The file is no DOCX that can be read: the trouble, and why."""

    def __init__(self, trouble: DocumentTrouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: the last part of its type ("image", "header"), and the member or the place it leads to."""

    kind: str
    target: str
    is_external: bool


@dataclass(slots=True)
class Package:
    """The parts of a DOCX that are read, by name, and what else is in it."""

    main: str  # the name of the main part
    parts: dict[str, bytes]
    names: tuple[str, ...]  # of all members
    relations: tuple[Relation, ...] = ()  # of the main part
    outside: tuple[Relation, ...] = ()  # of any part, external ones
    warnings: list[str] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[bytes]:
        """The parts that the main part has of some kinds, in order of names."""
        names = {each.target for each in self.relations if each.kind in kinds and not each.is_external}
        return [self.parts[name] for name in sorted(names) if name in self.parts]


def read_package(content: bytes, limits: DocumentLimits) -> Package:
    """The package that some bytes are. Raises NotADocument."""
    with tempfile.NamedTemporaryFile(prefix="archiver-") as stream:
        stream.write(content)
        stream.flush()
        bounds = Limits(
            members=limits.members, size=limits.expanded, ratio=limits.ratio, harmless=min(limits.markup, 64 * 1024**2)
        )
        with Archive(Path(stream.name), bounds) as archive:
            members = archive.members()
            warnings = _judged(archive)
            try:
                return _package(archive, members, warnings, limits)
            except MemberDamaged as damaged:
                raise NotADocument(
                    DocumentTrouble.DAMAGED, f"it is damaged: {damaged.message.rstrip('.')}"
                ) from damaged


def _judged(archive: Archive) -> list[str]:
    """What is odd about the zip file. Raises NotADocument for what no document may be."""
    warnings = []
    for fault in archive.faults.all():
        words = f"{fault.path}: {fault.detail}" if fault.path else fault.detail
        if fault.trouble in {ArchiveTrouble.TRAILING, ArchiveTrouble.PRIVILEGED}:
            warnings.append(f"{fault.trouble.value}: {words}")
            continue
        raise NotADocument(_TROUBLES.get(fault.trouble, DocumentTrouble.HOSTILE), f"{fault.trouble.value}: {words}")
    return warnings


def _package(archive: Archive, members: list[Member], warnings: list[str], limits: DocumentLimits) -> Package:
    reader = _Parts(archive, {member.path: member for member in members}, limits)
    names = tuple(sorted(reader.members))
    if _ROOT_RELATIONS not in reader.members:
        raise NotADocument(DocumentTrouble.DAMAGED, "it is a zip file without _rels/.rels: no Office document")
    roots = relations_of(reader.part(_ROOT_RELATIONS), "", _ROOT_RELATIONS)
    main = next((each.target for each in roots if each.kind == "officeDocument" and not each.is_external), "")
    if main not in reader.members:
        words = f"its main part is missing: {main or 'no relationship names it'}"
        raise NotADocument(DocumentTrouble.DAMAGED, words)
    relations, outside = _all_relations(reader, main)
    wanted = ("styles", "header", "footer", "footnotes", "endnotes", "comments")
    parts = {main: reader.part(main)}
    for each in relations:
        if each.kind in wanted and not each.is_external and each.target in reader.members:
            parts[each.target] = reader.part(each.target)
    for each in roots:
        if each.kind in {"core-properties", "extended-properties"} and each.target in reader.members:
            parts["core" if each.kind[0] == "c" else "app"] = reader.part(each.target)
    return Package(main, parts, names, relations, outside, warnings)


def _all_relations(reader: _Parts, main: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
    """The relationships of the main part, and those of any part that lead outside."""
    own: tuple[Relation, ...] = ()
    outside: list[Relation] = []
    for name in sorted(reader.members):
        folder, _, file_name = name.rpartition("/")
        if not file_name.endswith(".rels") or posixpath.basename(folder) != "_rels" or name == _ROOT_RELATIONS:
            continue
        part = posixpath.join(posixpath.dirname(folder), file_name.removesuffix(".rels"))
        found = relations_of(reader.part(name), posixpath.dirname(part), name)
        outside += [each for each in found if each.is_external]
        if part == main:
            own = found
    return own, tuple(outside)


class _Parts:
    """Parts of an open package, each unpacked once, all of them within one limit."""

    def __init__(self, archive: Archive, members: dict[str, Member], limits: DocumentLimits) -> None:
        self.members = members
        self._archive, self._limits = archive, limits
        self._left, self._tags = limits.markup, limits.tags
        self._read: dict[str, bytes] = {}

    def part(self, name: str) -> bytes:
        """The XML of a part in UTF-8. Raises NotADocument, MemberDamaged."""
        if name not in self._read:
            member = self.members[name]
            self._left -= member.size
            if self._left < 0:
                words = f"its parts have more than {self._limits.markup:,} bytes of XML"
                raise NotADocument(DocumentTrouble.OVERSIZE, words)
            content = _plain(name, b"".join(self._archive.pieces(member)))
            self._tags -= content.count(b"<")
            if self._tags < 0:
                raise NotADocument(DocumentTrouble.OVERSIZE, f"its parts have more than {self._limits.tags:,} tags")
            self._read[name] = content
        return self._read[name]


def _plain(name: str, content: bytes) -> bytes:
    """XML in UTF-8 that declares nothing. Raises NotADocument for what declares entities, or might."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            content = _DECLARATION.sub("", content.decode("utf-16")).encode("utf-8")
        content.decode("utf-8")
    except UnicodeError as error:
        raise NotADocument(DocumentTrouble.DAMAGED, f"{name} is not in the encoding it says: {error}") from error
    encoding = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf")[:1024])
    if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        words = f"{name} declares the encoding {encoding[1][:40].decode('ascii', 'replace')}"
        raise NotADocument(DocumentTrouble.HOSTILE, words)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotADocument(DocumentTrouble.HOSTILE, f"{name} has a document type declaration (DOCTYPE)")
    if b"http://purl.oclc.org/ooxml/" in content[:8192]:
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
    return content


def parsed(content: bytes, name: str) -> Element:
    """The root of a part. Raises NotADocument."""
    try:
        return parse(content)
    except NotWellFormed as error:
        trouble = DocumentTrouble.OVERSIZE if "depth" in error.message.lower() else DocumentTrouble.DAMAGED
        where = f"{name}, line {error.line}" if error.line else name
        raise NotADocument(trouble, f"{where}: {error.message}") from error


def relations_of(content: bytes, folder: str, name: str) -> tuple[Relation, ...]:
    """The relationships of a part that lies in `folder`. Raises NotADocument."""
    found = []
    for element in parsed(content, name):
        if not isinstance(element.tag, str):
            continue
        kind, target = element.get("Type", "").rpartition("/")[2], element.get("Target", "")
        external = element.get("TargetMode", "").lower() == "external"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = {"extendedProperties": "extended-properties"}.get(kind, kind)
        found.append(Relation(kind, target, external))
    return tuple(found)


def packed(package: Package) -> io.BytesIO:
    """The main part, its styles and the properties as a DOCX of our own in memory: nothing else is given on."""
    parts = {"word/document.xml": package.parts[package.main]}
    styles = package.of_kind("styles")
    if styles:
        parts["word/styles.xml"] = styles[0]
    if "core" in package.parts:
        parts["docProps/core.xml"] = package.parts["core"]
    types = "".join(f'<Override PartName="/{name}" ContentType="{_PART_TYPES[name]}"/>' for name in parts)
    default = "application/vnd.openxmlformats-package.relationships+xml"
    types = f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{default}"/>{types}</Types>'
    roots = [(f"{_OFFICE}/officeDocument", "word/document.xml")]
    roots += [(_CORE, "docProps/core.xml")] if "docProps/core.xml" in parts else []
    own = [(f"{_OFFICE}/styles", "styles.xml")] if styles else []
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(_ROOT_RELATIONS, _relations(roots))
        archive.writestr("word/_rels/document.xml.rels", _relations(own))
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def _relations(relations: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'
