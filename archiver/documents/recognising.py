"""Which form of document some bytes are: by content, and by the name only where the first bytes cannot tell."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from archiver.formats import ole
from archiver.model.documents import DocumentForm

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 65_536  # bytes that are looked at
_ZIP = b"PK\3\4"
_LOCAL = struct.Struct("<4s5H3L2H")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_PROLOG = re.compile(r"\s+|<\?xml\b.*?\?>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:(html|head|body|title|meta|frameset)|([a-z][a-z0-9]*))(?=[\s/>])", re.IGNORECASE)
_LATER = re.compile(r"<(?:html|body|head)(?=[\s>])", re.IGNORECASE)
_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
_WORD_XML = re.compile(
    r"<\?mso-application\s+progid=[\"']Word\.Document|<w:wordDocument\b|<pkg:package\b|<office:document\b"
)
_DOCX_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
_DOC_SUFFIXES = (".doc", ".dot", ".wps")
_MIME_KINDS = (
    (b"application/vnd.oasis.opendocument.text", DocumentForm.ODT, (".odt", ".ott")),
    (b"application/epub+zip", DocumentForm.EPUB, (".epub",)),
)


def recognise(head: bytes, name: str = "") -> DocumentForm | None:
    """The form of a document by its first bytes (64 KiB are enough); None for anything else.

    The name counts where content leaves it open: a fragment of HTML is also Markdown, and an OLE container whose
    directory lies at its end could be anything. Raises nothing.
    """
    head, suffix = head[:HEAD], name.lower()
    if head.startswith(_ZIP):
        return _zipped(head, suffix)
    if head.startswith(ole.MAGIC):
        return _compound(head, suffix)
    if head.startswith(b"{\\rtf"):
        return DocumentForm.RTF
    if head.startswith(b"\xffWPC"):
        return DocumentForm.WORDPERFECT
    return _marked_up(text_of(head), suffix)


def text_of(head: bytes) -> str:
    """The first bytes as text in which markup can be looked for, whatever the encoding of the words."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    for encoding, sign in (("utf-16-le", b"<\0"), ("utf-16-be", b"\0<")):
        if head.startswith(sign):
            return head.decode(encoding, "replace")
    return head.decode("latin-1")


def _marked_up(text: str, name: str) -> DocumentForm | None:
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    if _WORD_XML.match(text, position):
        return DocumentForm.WORD_XML
    if _DOCTYPE.match(text, position):
        return DocumentForm.HTML
    root = _ROOT.match(text, position)
    if root is not None and (root[1] or _is_fragment(root[2], text, name)):
        return DocumentForm.HTML
    if name.endswith(_HTML_SUFFIXES) and _LATER.search(text):  # a program's message may stand before it
        return DocumentForm.HTML
    is_message = re.match(r"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,50}", text)
    if is_message and re.search(r"(?im)^content-type:\s*multipart/related", is_message[0]):
        return DocumentForm.MHTML
    return None


def _is_fragment(tag: str, text: str, name: str) -> bool:
    """Whether markup without head or body is HTML: its name says so, and its first element is none of an XML form."""
    return name.endswith(_HTML_SUFFIXES) and ("xmlns" not in text[:1000] or tag.lower() in {"div", "p", "table"})


def _zipped(head: bytes, name: str) -> DocumentForm | None:
    names = [member for member, _content in _members(head)]
    first = next(_members(head), ("", b""))
    if first[0] == "mimetype":
        return next(
            (form for kind, form, ends in _MIME_KINDS if first[1].startswith(kind) or name.endswith(ends)), None
        )
    if any(member.lower().startswith("word/") for member in names):
        return DocumentForm.DOCX
    if any(member.startswith("Index/") and member.endswith(".iwa") for member in names) and name.endswith(".pages"):
        return DocumentForm.PAGES
    others = ("xl/", "ppt/", "visio/")
    is_office = any(member in {"[Content_Types].xml", "_rels/.rels"} for member in names)
    if is_office and name.endswith(_DOCX_SUFFIXES) and not any(member.startswith(others) for member in names):
        return DocumentForm.DOCX
    return None


def _members(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Names in the local headers that the first bytes of a zip file hold, with what follows of each (64 bytes)."""
    at = 0
    while (at := head.find(_ZIP, at)) >= 0 and at + _LOCAL.size <= len(head):
        *_numbers, length, extra = _LOCAL.unpack_from(head, at)
        begin = at + _LOCAL.size
        content = begin + length + extra
        yield head[begin : begin + length].decode("utf-8", "replace"), head[content : content + 64]
        at += 4


def _compound(head: bytes, name: str) -> DocumentForm | None:
    """By names of the directory that happen to lie in the first bytes, else by the name of the file."""
    if "EncryptedPackage".encode("utf-16-le") in head:
        return DocumentForm.ENCRYPTED
    if "WordDocument".encode("utf-16-le") in head or name.endswith(_DOC_SUFFIXES):
        return DocumentForm.DOC
    return DocumentForm.ENCRYPTED if name.endswith(_DOCX_SUFFIXES) else None
