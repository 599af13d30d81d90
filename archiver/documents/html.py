"""HTML and XHTML: read into lines as a browser shows them, without running, loading or resolving anything.

The parser is that of HTML: it declares no entities, opens nothing and repairs as browsers do. What it gives is walked
from start to end without recursion, so that no depth of elements does harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.documents.decoding import decode
from archiver.documents.flow import TEXT, Flow, Label, TooMuch
from archiver.documents.html_elements import (
    BLOCKS,
    FIELDS,
    LEFT_OUT,
    REFERENCES,
    SECTIONS,
    is_hidden,
    language_of,
    without_c1,
)
from archiver.documents.losses import Losses
from archiver.documents.ranks import pieces_of
from archiver.model.documents import DocumentFacts, DocumentForm, DocumentLimits, DocumentTrouble, ReadDocument
from archiver.model.taken import PieceKind, TakenText

if TYPE_CHECKING:
    from archiver.documents.decoding import Decoded
    from archiver.metadata.xml import Element

_HEADING = re.compile(r"h([1-6])")
_CAPTION = Label(PieceKind.CAPTION)
_BYLINE = Label(PieceKind.BYLINE)
_BYLINES = {"byline", "author", "article-author", "byline-name"}
_PRE = {"pre", "xmp", "listing", "plaintext"}


class Unparsable(Exception):
    """The document cannot be parsed; the trouble and why."""

    def __init__(self, trouble: DocumentTrouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


def read_html(content: bytes, limits: DocumentLimits) -> ReadDocument:
    """An HTML document. Raises nothing: what is wrong is among its problems."""
    losses = Losses()
    decoded = decode(content)
    if not decoded.encoding:
        losses.trouble(DocumentTrouble.UNDECODABLE, decoded.trouble)
        return _read(content, decoded, losses, None, None)
    if decoded.trouble:
        losses.trouble(DocumentTrouble.ENCODING, decoded.trouble)
    reader = _Reader(losses, limits)
    try:
        root = _parsed(decoded.text, limits)
        reader.walk(root)
    except Unparsable as why:
        losses.trouble(why.trouble, str(why))
        return _read(content, decoded, losses, None, None)
    except TooMuch as why:
        losses.trouble(DocumentTrouble.OVERSIZE, str(why))
        return _read(content, decoded, losses, reader, None)
    if words := _cut(decoded.text):
        losses.trouble(DocumentTrouble.TRUNCATED, words)
    return _read(content, decoded, losses, reader, reader.flow)


def _read(content: bytes, decoded: Decoded, losses: Losses, reader: _Reader | None, flow: Flow | None) -> ReadDocument:
    pieces = pieces_of(flow.blocks, menus=True) if flow is not None else ()
    if flow is not None and not pieces:
        words = "it has no text"
        if losses.counted("frame"):
            words += f": it shows other documents in frames ({', '.join(losses.beside()[:5]) or 'from elsewhere'})"
        losses.trouble(DocumentTrouble.NO_TEXT, words)
    if flow is not None and flow.lost:
        words = f"{flow.lost:,} characters were lost before it came (U+FFFD stands for them)"
        losses.trouble(DocumentTrouble.LOST_CHARACTERS, words)
    if losses.counted("control"):
        losses.trouble(DocumentTrouble.CONTROL, f"{losses.counted('control'):,} control characters were left out")
    said = reader.said if reader is not None else {}
    facts = DocumentFacts(
        DocumentForm.HTML,
        len(content),
        decoded.encoding,
        decoded.basis,
        decoded.declared,
        title=said.get("title", ""),
        author=said.get("author", ""),
        language=said.get("language", ""),
        program=said.get("generator", ""),
        characters=sum(len("".join(piece.text.split())) for piece in pieces),
        headings=sum(piece.kind is PieceKind.HEADING for piece in pieces),
        external=losses.external(),
        beside=losses.beside(),
        losses=losses.losses(),
        problems=losses.problems(),
    )
    basis = f"HTML, {decoded.encoding} ({decoded.basis})" if decoded.encoding else "HTML"
    return ReadDocument(facts, TakenText(pieces, basis, tuple(str(loss) for loss in facts.losses)))


def _parsed(text: str, limits: DocumentLimits) -> Element:
    """The root of the document. Raises Unparsable."""
    from lxml import etree

    tags = text.count("<")
    if tags > limits.tags:
        raise Unparsable(DocumentTrouble.OVERSIZE, f"it has {tags:,} tags; the limit is {limits.tags:,}")
    parser = etree.HTMLParser(no_network=True, recover=True, huge_tree=True, encoding="utf-8", remove_pis=True)
    try:
        root = etree.fromstring(text.replace("\0", "\ufffd").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unparsable(DocumentTrouble.NO_TEXT, "it holds no element and no text") from error
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            words = (
                f"line {entry.line}: elements within elements, more than {limits.depth:,} deep, or an element too long"
            )
            raise Unparsable(DocumentTrouble.OVERSIZE, words)
    if root is None:
        raise Unparsable(DocumentTrouble.NO_TEXT, "it holds no element and no text")
    return root


def _cut(text: str) -> str:
    """Why a document seems to end early, or ""."""
    tail = text[-100_000:]
    for begin, end, what in (("<!--", "-->", "a comment"), ("<script", "</script", "a script")):
        at = tail.lower().rfind(begin)
        if at >= 0 and end not in tail[at:].lower():
            return f"it ends within {what}"
    if re.search(r"<[/!]?[A-Za-z][^<>]{0,2000}\Z", tail):
        return "it ends within a tag"
    is_whole = re.search(r"</(?:html|body|frameset)\s*>", tail, re.IGNORECASE)
    if not is_whole and re.search(r"<(?:html|body)[\s>]", text[:65_536], re.IGNORECASE):
        return "the end of <body> and <html> is missing"
    return ""


class _Reader:
    """One document while it is walked."""

    def __init__(self, losses: Losses, limits: DocumentLimits) -> None:
        self.flow = Flow(losses, limits)
        self.said: dict[str, str] = {}  # title, author, language, generator
        self._losses = losses
        self._labels: list[tuple[Any, Label]] = []
        self._sections = self._preserved = 0

    def walk(self, root: Element) -> None:
        """Read the document from start to end. Raises TooMuch."""
        from lxml import etree

        events = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in events:
            if event == "comment":
                self._losses.count("note")
                self._text(element.tail)
            elif event == "start" and isinstance(element.tag, str):
                if self._begin(element, element.tag.lower()):
                    self._text(element.text)
                else:
                    events.skip_subtree()
            elif event == "end":
                self._end(element, element.tag.lower())
                if element is not root:
                    self._text(element.tail)
        self.flow.finish()

    def _text(self, words: str | None) -> None:
        if words:
            self.flow.text(without_c1(words))

    def _begin(self, element: Element, tag: str) -> bool:
        """What the start of an element does; False when what it holds is no text that is shown."""
        self._refer(element, tag)
        if tag == "head":
            self._head(element)
            return False
        if tag in LEFT_OUT:
            text = "".join(element.itertext()) if tag in {"noscript", "noframes"} else ""
            self._losses.count(LEFT_OUT[tag], text=text)
            if tag in BLOCKS:
                self.flow.end_block()
            return False
        if is_hidden(element):
            self._losses.count("hidden", text="".join(element.itertext()))
            return False
        if tag == "html":
            self.said.setdefault("language", language_of(element))
        self._structure(element, tag)
        return True

    def _structure(self, element: Element, tag: str) -> None:
        flow = self.flow
        if tag == "br":
            flow.end_line()
        elif tag in FIELDS:
            self._losses.count("form")
        elif tag == "q":
            self._losses.count("quotation")
        elif tag == "math":
            self._losses.count("formula")
        elif tag == "table":
            flow.begin_table()
        elif tag == "tr" and flow.is_in_table:
            flow.begin_row()
        elif tag in {"td", "th"} and flow.is_in_table:
            flow.begin_cell()
        elif tag in BLOCKS:
            flow.end_block()
        if tag == "li":
            self._losses.count("list item")
        if tag in SECTIONS:
            self._sections += 1
        if tag in _PRE:
            self._preserved += 1
            flow.keeps_space = True
        if (label := self._label(element, tag)) is not None:
            flow.end_block()
            self._labels.append((element, label))
            flow.label = label

    def _label(self, element: Element, tag: str) -> Label | None:
        if heading := _HEADING.fullmatch(tag):
            rank = int(heading[1])
            return Label(PieceKind.HEADING, min(rank + self._sections, 6) if rank == 1 else rank)
        if tag in {"figcaption", "caption"}:
            return _CAPTION
        if tag in BLOCKS and _BYLINES.intersection(element.get("class", "").lower().split()):
            return _BYLINE if self.flow.label == TEXT else None
        return None

    def _end(self, element: Element, tag: str) -> None:
        """What the end of an element does."""
        flow = self.flow
        if self._labels and self._labels[-1][0] is element:
            flow.end_block()
            self._labels.pop()
            flow.label = self._labels[-1][1] if self._labels else TEXT
        if tag in LEFT_OUT or tag == "head" or is_hidden(element):
            return
        if tag == "table":
            flow.end_table()
        elif tag in {"td", "th"} and flow.is_in_table:
            flow.end_cell()
        elif tag in BLOCKS:
            flow.end_block()
        if tag in SECTIONS:
            self._sections -= 1
        if tag in _PRE:
            self._preserved -= 1
            flow.keeps_space = self._preserved > 0

    def _refer(self, element: Element, tag: str) -> None:
        for attribute, what in REFERENCES.get(tag, ()):
            if target := element.get(attribute, ""):
                self._losses.refer(what, target)

    def _head(self, head: Element) -> None:
        """What the head says; nothing of it is shown."""
        for element in head.iter():
            tag = element.tag.lower() if isinstance(element.tag, str) else ""
            if not tag:
                self._losses.count("note")
            elif tag in LEFT_OUT:
                self._losses.count(LEFT_OUT[tag])
            if tag == "title":
                self.said.setdefault("title", without_c1(" ".join("".join(element.itertext()).split()))[:1000])
            elif tag == "meta":
                name = element.get("name", "").lower()
                if name in {"author", "generator"}:
                    self.said.setdefault(name, " ".join(element.get("content", "").split())[:1000])
                if element.get("http-equiv", "").lower() == "refresh":
                    self._losses.refer("page", element.get("content", "").partition("=")[2].strip("'\" "))
            if tag == "link" and element.get("rel", "").lower() not in {"stylesheet", "icon", "shortcut icon"}:
                continue
            if element is not head:
                self._refer(element, tag)
