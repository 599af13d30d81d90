"""The files within an Excel workbook, held against limits before anything opens it, and what only they tell.

openpyxl gets an archive of its own making with the few members it needs, each of them checked: no entity is declared,
no encoding hides one, nothing is larger than stated.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from archiver.archives.opening import Archive, MemberDamaged
from archiver.model.archive import ArchiveKind, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.batch import SheetLimits

_NEEDED = re.compile(
    r"(?i)\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml|"
    r"xl/styles\.xml|xl/worksheets/[^/]+\.xml"
)
_ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class NotAWorkbook(Exception):
    """The file is no workbook that can be read; `hostile` when no spreadsheet program writes such a one."""

    def __init__(self, words: str, *, hostile: bool = False) -> None:
        super().__init__(words)
        self.hostile = hostile


@dataclass(slots=True)
class SheetParts:
    """What the file of one sheet says that openpyxl does not tell when it reads row by row."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)  # from 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # rows and columns, from 1
    no_value: set[tuple[int, int]] = field(default_factory=set)


def checked_members(path: Path, limits: SheetLimits) -> dict[str, bytes]:
    """The members of a workbook that are needed, each checked. Raises NotAWorkbook, StorageError."""
    bounds = Limits(members=limits.members, size=limits.expanded, ratio=200, harmless=64 * 1024**2)
    with Archive(path, bounds) as archive:
        if archive.kind is not ArchiveKind.ZIP:
            raise NotAWorkbook("it is an archive, and no Excel workbook")
        members = archive.members()
        for fault in archive.faults.all():
            words = f"{fault.path}: {fault.detail}" if fault.path else fault.detail
            raise NotAWorkbook(f"{fault.trouble.value}: {words}", hostile=True)
        try:
            found = {
                member.path: b"".join(archive.pieces(member)) for member in members if _NEEDED.fullmatch(member.path)
            }
        except MemberDamaged as damaged:
            raise NotAWorkbook(f"it is damaged: {damaged.message.rstrip('.')}") from damaged
    if not any(name.lower() == "xl/workbook.xml" for name in found):
        raise NotAWorkbook("it is a zip file, and no Excel workbook (.xlsx, .xlsm)")
    for name, content in sorted(found.items()):
        _check_plain(name, content)
    return found


def _check_plain(name: str, content: bytes) -> None:
    """Refuse what declares entities, or might in an encoding that hides it."""
    encoding = _ENCODING.match(content[:1024])
    if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        raise NotAWorkbook(f"{name} is in the encoding {encoding[1][:40].decode('ascii', 'replace')}", hostile=True)
    if b"\0" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotAWorkbook(f"{name} has a document type declaration, or bytes that are no XML", hostile=True)


def packed(members: dict[str, bytes]) -> io.BytesIO:
    """The checked members as a workbook in memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def sheet_members(members: dict[str, bytes]) -> dict[str, str]:
    """The member of each sheet by the sheet's name. Raises NotAWorkbook."""
    places: dict[str, str] = {}
    named: list[tuple[str, str]] = []

    def relation(tag: str, said: dict[str, str]) -> None:
        if tag == "Relationship" and "Id" in said and "Target" in said:
            places[said["Id"]] = posixpath.normpath(posixpath.join("/xl", said["Target"])).lstrip("/")

    def sheet(tag: str, said: dict[str, str]) -> None:
        if tag == "sheet":
            named.append((said.get("name", ""), said.get(_RELATIONS) or said.get(_STRICT_RELATIONS) or ""))

    _walk(members.get("xl/_rels/workbook.xml.rels", b"<none/>"), relation)
    _walk(members.get("xl/workbook.xml", b"<none/>"), sheet)
    return {name: places[identifier] for name, identifier in named if places.get(identifier) in members}


def sheet_parts(content: bytes, limits: SheetLimits) -> SheetParts:
    """Hidden rows and columns, merged cells and formulas without a value, of one sheet. Raises NotAWorkbook."""
    parts = SheetParts()
    cell = [0, 0, 0, 0]  # row and column, whether it has a formula, whether it has a value; within a value, a 1 behind

    def begin(tag: str, said: dict[str, str]) -> None:
        if tag == "row":
            number = said.get("r", "")
            cell[0], cell[1] = (int(number) if number.isdecimal() and len(number) < 8 else cell[0] + 1), 0
            if said.get("hidden") in {"1", "true"} and cell[0] <= limits.rows:
                parts.hidden_rows.add(cell[0])
        elif tag == "c":
            place = _CELL.fullmatch(said.get("r", ""))
            # A formula may give an empty text; of any other kind, a value that is empty was never computed.
            cell[1:] = [_column(place[1]) if place else cell[1] + 1, 0, int(said.get("t") == "str")]
        elif tag == "f":
            cell[2] = 1
        elif tag == "v":
            cell[4:] = [1]
        elif tag == "col" and said.get("hidden") in {"1", "true"}:
            first, last = (int(said[key]) if said.get(key, "").isdecimal() else 0 for key in ("min", "max"))
            parts.hidden_columns.update(range(max(first, 1) - 1, min(last, limits.columns)))
        elif tag == "mergeCell" and len(parts.merged) < limits.rows:
            ends = [_CELL.fullmatch(end) for end in said.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                parts.merged.append((int(ends[0][2]), int(ends[1][2]), _column(ends[0][1]), _column(ends[1][1])))

    def end(tag: str) -> None:
        if tag == "c" and cell[2] and not cell[3] and len(parts.no_value) < limits.rows:
            parts.no_value.add((cell[0], cell[1]))
        elif tag == "v":
            del cell[4:]

    def text(_words: str) -> None:
        if len(cell) > 4:
            cell[3] = 1

    _walk(content, begin, end, text)
    return parts


def _column(name: str) -> int:
    value = 0
    for sign in name:
        value = value * 26 + ord(sign) - 64
    return value


def _walk(content: bytes, begin: Any, end: Any = None, text: Any = None) -> None:
    """Call `begin` and `end` with the local names of elements. No declaration is taken, so none is expanded."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_arguments: Any) -> None:
        raise NotAWorkbook("it has a document type declaration", hostile=True)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, said: begin(name.rpartition(" ")[2], said)
    if end is not None:
        parser.CharacterDataHandler = text
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotAWorkbook(f"it is damaged: {error}") from error
