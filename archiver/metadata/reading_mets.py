"""What a METS document says, as typed facts: files, sections, divisions with their places, links, identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.metadata.reading import number, resolve
from archiver.metadata.xml import NS, Element
from archiver.model.serial import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_METS, _XLINK = f"{{{NS['mets']}}}", f"{{{NS['xlink']}}}"
_XPOINTER = re.compile(r"xpointer\(id\('([^']+)'\)\)")


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file or document that a METS refers to: its path in the bag ("" when it leaves it), and what is said of it."""

    line: int
    identifier: str  # of the file, or of the section that holds the reference
    href: str
    path: str
    size: str
    checksum: str
    checksum_type: str
    mime: str
    is_metadata: bool  # an mdRef
    element: str = ""  # the ID within the document that @XPTR names


@dataclass(frozen=True, slots=True)
class Area:
    """Where a division stands: a file by its ID, and the bytes or the block in it. `begin` and `end` are as written.

    `kind` is the BETYPE: BYTE, IDREF for a block; empty for a file as a whole.
    """

    line: int
    file: str
    begin: str | None
    end: str | None
    kind: str = ""

    @property
    def span(self) -> Span | None:
        """The bytes, `end` exclusive as everywhere in our types; None when the area is no run of bytes."""
        begin, end = number(self.begin), number(self.end)
        if begin is None or end is None or end < begin:
            return None
        return Span(0, 0, begin, end + 1)


@dataclass(frozen=True, slots=True)
class Division:
    """A division of a structure, with its places and the divisions in it."""

    line: int
    identifier: str
    kind: str
    order: str
    order_label: str
    label: str
    described_by: tuple[str, ...]
    areas: tuple[Area, ...]
    divisions: tuple[Division, ...]

    def walk(self) -> Iterator[Division]:
        """This division and every one below it, in order of the document."""
        yield self
        for division in self.divisions:
            yield from division.walk()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two divisions (smLink)."""

    line: int
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class MetsFacts:
    """What a METS document says. `structures` are the top divisions by TYPE of their structure."""

    path: str
    line: int
    identifier: str
    references: tuple[FileReference, ...]
    structures: tuple[tuple[str, Division], ...]
    links: tuple[Link, ...]
    identifiers: tuple[tuple[str, int], ...]  # ID, line
    pointers: tuple[tuple[str, str, int], ...]  # attribute, ID named, line

    def structure(self, kind: str) -> Division | None:
        """The top division of the first structure of TYPE `kind`."""
        return next((top for found, top in self.structures if found == kind), None)

    def divisions(self) -> Iterator[Division]:
        """Every division of every structure."""
        for _kind, top in self.structures:
            yield from top.walk()


def read_mets(root: Element, path: str) -> MetsFacts:
    """Read the root of a METS document that lies at `path` in the bag."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    tops = [(found, found.find(f"{_METS}div")) for found in root.iter(f"{_METS}structMap")]
    return MetsFacts(
        path=path,
        line=root.sourceline or 0,
        identifier=root.get("OBJID", ""),
        references=tuple(_references(root, path)),
        structures=tuple((found.get("TYPE", ""), _division(top)) for found, top in tops if top is not None),
        links=tuple(
            Link(link.sourceline or 0, link.get(f"{_XLINK}from", ""), link.get(f"{_XLINK}to", ""))
            for link in root.iter(f"{_METS}smLink")
        ),
        identifiers=tuple((element.get("ID"), element.sourceline or 0) for element in elements if element.get("ID")),
        pointers=tuple(pointer for element in elements for pointer in _pointers(element)),
    )


def _references(root: Element, path: str) -> Iterator[FileReference]:
    for element in root.iter(f"{_METS}FLocat", f"{_METS}mdRef", f"{_METS}mptr"):
        is_metadata = element.tag == f"{_METS}mdRef"
        owner = element.getparent() if element.tag == f"{_METS}FLocat" else element
        pointed = _XPOINTER.fullmatch(element.get("XPTR", ""))
        href = element.get(f"{_XLINK}href", "")
        yield FileReference(
            line=element.sourceline or 0,
            identifier=element.getparent().get("ID", ""),
            href=href,
            path=resolve(href, path),
            size=owner.get("SIZE", ""),
            checksum=owner.get("CHECKSUM", ""),
            checksum_type=owner.get("CHECKSUMTYPE", ""),
            mime=owner.get("MIMETYPE", ""),
            is_metadata=is_metadata,
            element=pointed.group(1) if pointed else "",
        )


def _division(element: Element) -> Division:
    return Division(
        line=element.sourceline or 0,
        identifier=element.get("ID", ""),
        kind=element.get("TYPE", ""),
        order=element.get("ORDER", ""),
        order_label=element.get("ORDERLABEL", ""),
        label=element.get("LABEL", ""),
        described_by=tuple(element.get("DMDID", "").split()),
        areas=tuple(area for pointer in element.findall(f"{_METS}fptr") for area in _areas(pointer)),
        divisions=tuple(_division(child) for child in element.findall(f"{_METS}div")),
    )


def _areas(pointer: Element) -> Iterator[Area]:
    """The places of one pointer: a file as a whole, or areas, alone, side by side or one after another."""
    if pointer.get("FILEID"):
        yield Area(pointer.sourceline or 0, pointer.get("FILEID"), None, None)
    for area in pointer.iter(f"{_METS}area"):
        kind = area.get("BETYPE", "")
        yield Area(area.sourceline or 0, area.get("FILEID", ""), area.get("BEGIN"), area.get("END"), kind)


def _pointers(element: Element) -> Iterator[tuple[str, str, int]]:
    line = element.sourceline or 0
    for attribute in ("DMDID", "ADMID", "FILEID"):
        for identifier in element.get(attribute, "").split():
            yield attribute, identifier, line
    if element.tag == f"{_METS}smLink":
        for end in ("from", "to"):
            yield f"smLink {end}", element.get(f"{_XLINK}{end}", ""), line
