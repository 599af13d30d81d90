"""XML: namespaces, a builder, one safe parser and one serialiser for every document archiver reads or writes.

lxml is imported where it is used, so that commands which touch no document do not wait for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NS: Mapping[str, str] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "marc": "http://www.loc.gov/MARC21/slim",
    "mets": "http://www.loc.gov/METS/",
    "mix": "http://www.loc.gov/mix/v20",
    "mods": "http://www.loc.gov/mods/v3",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "premis": "http://www.loc.gov/premis/v3",
    "xlink": "http://www.w3.org/1999/xlink",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
}
LARGEST = 256 * 1024 * 1024  # bytes of a document
DEEPEST = 256  # elements within elements
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Element = Any  # lxml ships no types of its own; its elements are passed through here only


class NotWellFormed(Exception):
    """A document that is not well formed, or that does what no document may: the line (from 1) and why."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def name(tag: str) -> str:
    """The full name of `prefix:local`."""
    prefix, _, local = tag.rpartition(":")
    return f"{{{NS[prefix]}}}{local}" if prefix else local


def make(tag: str, attributes: Mapping[str, str | None] | None = None, text: str | None = None) -> Element:
    """A new root element `prefix:local`; attributes that are None or empty are left out."""
    from lxml import etree

    used = {prefix: NS[prefix] for prefix in _prefixes(tag)}
    return _fill(etree.Element(name(tag), nsmap=used), attributes, text)


def add(
    parent: Element, tag: str, attributes: Mapping[str, str | None] | None = None, text: str | None = None
) -> Element:
    """A new last child of `parent`; attributes that are None or empty are left out."""
    from lxml import etree

    return _fill(etree.SubElement(parent, name(tag)), attributes, text)


def clean(text: str) -> str:
    """Text with the characters that XML 1.0 cannot hold written as \\xNN or \\uNNNN (§2.2)."""
    return _ILLEGAL.sub(lambda match: match.group(0).encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def serialise(root: Element) -> bytes:
    """The one serialiser: UTF-8 with declaration, two spaces a level, LF, a final line end."""
    from lxml import etree

    etree.indent(root, space="  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def parse(data: bytes) -> Element:
    """The root of a document. No document type, no entity, no network.

    Raises NotWellFormed for a DOCTYPE, for more than 256 levels, more than 256 MiB or 10 MB of text in one place, and
    for anything XML 1.0 forbids.
    """
    from lxml import etree

    if len(data) > LARGEST:
        raise NotWellFormed(None, f"the document has {len(data)} bytes; the limit is {LARGEST}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise NotWellFormed(line, str(error.msg or "it cannot be parsed")) from error
    except ValueError as error:
        raise NotWellFormed(None, str(error)) from error
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None or tree.docinfo.doctype:
        line = data.count(b"\n", 0, max(data.find(b"<!DOCTYPE"), 0)) + 1
        raise NotWellFormed(line, "it has a document type declaration (DOCTYPE), which is never read")
    return root


def _fill(element: Element, attributes: Mapping[str, str | None] | None, text: str | None) -> Element:
    for key, value in (attributes or {}).items():
        if value:
            element.set(name(key), clean(value))
    if text is not None:
        element.text = clean(text)
    return element


def _prefixes(tag: str) -> tuple[str, ...]:
    prefix = tag.partition(":")[0]
    others = {"mets": ("mets", "xlink", "csip", "xsi"), "premis": ("premis", "xsi"), "oai_dc": ("oai_dc", "dc", "xsi")}
    return others.get(prefix, (prefix,))
