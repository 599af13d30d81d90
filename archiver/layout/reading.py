"""One door for layout documents: recognised by content, read within limits, never trusted.

XML is parsed as every document is (no document type, no entity, no network, 256 levels). hOCR is HTML and has a
document type: the parser for HTML reads no entity declarations, opens nothing and goes as deep.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.layout.notes import Notes
from archiver.metadata.xml import NotWellFormed, parse
from archiver.model.layout import LayoutDocument, LayoutForm, LayoutTrouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.metadata.xml import Element

LARGEST = 64 * 1024 * 1024  # bytes of a document; a newspaper page with every glyph has about 20 MiB
MOST_TAGS = 4_000_000  # signs "<" in a document, its elements at most
_HEAD = 65_536  # bytes in which the root of a document has to begin
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_TEXT_ENCODINGS = re.compile(
    r"utf-?8|utf-?16|us-?ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|gb18030|gbk|gb2312|big5|shift_jis|euc-(?:jp|kr)",
    re.IGNORECASE,
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OCR_PAGE = re.compile(rb"""class\s*=\s*(?:["'][^"'<>]{0,200}\bocr_page\b|ocr_page\b)""")


def recognise(content: bytes) -> LayoutForm | None:
    """The form of a layout document by its root element; None for anything else. Names play no part.

    hOCR is HTML in which an element has the class `ocr_page`.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    head = content[:_HEAD].decode(encoding, "replace")
    position = 0
    while match := _PROLOG.match(head, position):
        position = match.end()
    root = _ROOT.match(head, position)
    name = root.group(1) if root else ""
    if name == "alto":
        return LayoutForm.ALTO
    if name == "PcGts":
        return LayoutForm.PAGE
    plain = content if encoding != "utf-16" else content.replace(b"\0", b"")
    return (
        LayoutForm.HOCR if name.lower() in {"html", "head", "body", "div", "meta"} and _OCR_PAGE.search(plain) else None
    )


def read_layout(content: bytes, name: str) -> LayoutDocument:
    """The layout document that some bytes are; `name` is what to call it, and says nothing of what it is.

    Raises nothing: what is wrong with it is among its `problems`.
    """
    form = recognise(content)
    if form is None:
        return _refused(name, None, LayoutTrouble.NOT_LAYOUT, "it is neither ALTO nor PAGE nor hOCR")
    if len(content) > LARGEST:
        words = f"it has {len(content)} bytes; the limit is {LARGEST}"
        return _refused(name, form, LayoutTrouble.TOO_LARGE, words)
    tags = content.count(b"<")
    if tags > MOST_TAGS:
        return _refused(name, form, LayoutTrouble.TOO_LARGE, f"it has {tags} tags; the limit is {MOST_TAGS}")
    try:
        root = _html(content) if form is LayoutForm.HOCR else parse(content)
    except NotWellFormed as error:
        return _refused(name, form, LayoutTrouble.NOT_WELL_FORMED, error.message, error.line)
    notes = Notes()
    document = _reader(form)(root, name, notes)
    if not document.pages:
        notes.add(LayoutTrouble.EMPTY, "it has no page")
    elif not any(line.text.strip() for page in document.pages for block in page.blocks for line in block.lines):
        notes.add(LayoutTrouble.NO_TEXT, "no page of it has any text")
    return replace(document, problems=notes.problems())


def _refused(
    name: str, form: LayoutForm | None, trouble: LayoutTrouble, words: str, line: int | None = None
) -> LayoutDocument:
    notes = Notes()
    notes.add(trouble, words, line)
    return LayoutDocument(name=name, form=form, problems=notes.problems())


def _reader(form: LayoutForm) -> Callable[[Element, str, Notes], LayoutDocument]:
    from archiver.layout.alto import read_alto
    from archiver.layout.hocr import read_hocr
    from archiver.layout.page import read_page

    return {LayoutForm.ALTO: read_alto, LayoutForm.PAGE: read_page, LayoutForm.HOCR: read_hocr}[form]


def _html(content: bytes) -> Element:
    """The root of an HTML document. Raises NotWellFormed for text that cannot be decoded, or that holds no element."""
    from lxml import etree

    text = _decoded(content)
    parser = etree.HTMLParser(no_network=True, recover=True, huge_tree=False, encoding="utf-8", remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotWellFormed(None, str(error) or "it cannot be parsed") from error
    if root is None:
        raise NotWellFormed(None, "it holds no element")
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":  # the parser left out what lies beyond its limits
            raise NotWellFormed(entry.line, entry.message)
    return root


def _decoded(content: bytes) -> str:
    """The text of an HTML document by its byte order mark, what it declares, or as UTF-8."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not encoding:
        declared = _CHARSET.search(content[:_HEAD])
        encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    if not _TEXT_ENCODINGS.fullmatch(encoding) and encoding != "utf-8-sig":
        raise NotWellFormed(None, f"it declares the encoding {encoding}, which is none for text")
    try:
        return content.decode(encoding).replace("\0", "\ufffd")
    except (UnicodeError, LookupError) as error:
        raise NotWellFormed(None, f"it cannot be decoded as {encoding}: {error}") from error
