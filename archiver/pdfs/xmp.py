"""XMP: what the metadata packet of a PDF says, and which standards it claims to keep to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.metadata.xml import NotWellFormed, parse
from archiver.model.pdf import PdfMetadata
from archiver.pdfs.syntax import clean

if TYPE_CHECKING:
    from archiver.metadata.xml import Element

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PDF = "{http://ns.adobe.com/pdf/1.3/}"
_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Packet:
    """What a packet says; `trouble` is a clause where it could not be read."""

    metadata: PdfMetadata
    pdfa: str = ""
    pdfua: str = ""
    trouble: str = ""


def read_packet(content: bytes) -> Packet:
    """The packet of a metadata stream. Raises nothing: what is wrong with it is a clause."""
    try:
        root = parse(content.strip(b" \t\r\n\0"))
    except NotWellFormed as error:
        where = f" in line {error.line}" if error.line else ""
        return Packet(PdfMetadata(), trouble=f"the XMP is not well-formed XML{where}: {clean(error.message)}")
    metadata = PdfMetadata(
        title=_value(root, _DC + "title"),
        author=_value(root, _DC + "creator"),
        subject=_value(root, _DC + "description"),
        keywords=_value(root, _PDF + "Keywords") or _value(root, _DC + "subject"),
        creator=_value(root, _XMP + "CreatorTool"),
        producer=_value(root, _PDF + "Producer"),
        created=_value(root, _XMP + "CreateDate"),
        modified=_value(root, _XMP + "ModifyDate"),
    )
    part, level = _value(root, _PDFA + "part"), _value(root, _PDFA + "conformance")
    pdfa = f"PDF/A-{part}{level.lower()}" if part else ""
    accessible = _value(root, _PDFUA + "part")
    return Packet(metadata, pdfa[:40], f"PDF/UA-{accessible}"[:40] if accessible else "")


def _value(root: Element, tag: str) -> str:
    """A property: an attribute of a description or an element, its members joined; of languages, the default one."""
    for description in root.iter(_RDF + "Description"):
        if description.get(tag):
            return clean(description.get(tag))
        for element in description.iterchildren(tag):
            members = list(element.iter(_RDF + "li"))
            if not members:
                return clean("".join(element.itertext()))
            default = [member for member in members if member.get(_LANGUAGE) == "x-default"]
            chosen = default[:1] or (members[:1] if members[0].get(_LANGUAGE) else members)
            return clean("; ".join("".join(member.itertext()).strip() for member in chosen))
    return ""
