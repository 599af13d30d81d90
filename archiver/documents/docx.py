"""DOCX by python-docx: the text of its body in order, and what of it the text does not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.documents.docx_body import Body
from archiver.documents.docx_package import NotADocument, packed, parsed, read_package
from archiver.documents.docx_styles import Styles, W
from archiver.documents.flow import TooMuch
from archiver.documents.losses import Losses
from archiver.documents.ranks import pieces_of
from archiver.errors import CouldNotFindOut
from archiver.model.documents import DocumentFacts, DocumentForm, DocumentLimits, DocumentTrouble, ReadDocument
from archiver.model.taken import PieceKind, TakenText

if TYPE_CHECKING:
    from archiver.documents.docx_package import Package
    from archiver.documents.flow import Flow

_EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_LOADED = {"image": "picture", "oleObject": "object", "attachedTemplate": "template", "frame": "page",
           "subDocument": "document", "video": "film", "audio": "sound", "aFChunk": "document",
           "externalLinkPath": "document"}  # fmt: skip
_PARTS = (("footnotes", "footnote", "footnote"), ("endnotes", "endnote", "endnote"), ("comments", "comment", "comment"))


def library() -> Any:
    """The library that reads DOCX. Raises CouldNotFindOut where there is none."""
    try:
        import docx
    except ImportError as error:
        raise CouldNotFindOut(
            "DOCX files need the library python-docx, which is not installed.",
            remedy="pip install 'archiver[documents]'",
        ) from error
    return docx


def read_docx(content: bytes, limits: DocumentLimits) -> ReadDocument:
    """A DOCX. What is wrong with it is among its problems. Raises CouldNotFindOut without python-docx."""
    found = library()
    losses = Losses()
    package: Package | None = None
    body: Body | None = None
    try:
        package = read_package(content, limits)
        pages, program = _stored(package)
        _count_parts(package, losses)
        document = _opened(found, package)
        body = Body(Styles(document), losses, limits, pages)
        body.walk(document.element.body)
        _troubles(body.flow, package, losses)
    except NotADocument as why:
        losses.trouble(why.trouble, str(why))
        return _read(content, losses, package, None, None, "")
    except TooMuch as why:
        losses.trouble(DocumentTrouble.OVERSIZE, str(why))
        return _read(content, losses, package, None, None, "")
    return _read(content, losses, package, body, document, program)


def _opened(found: Any, package: Package) -> Any:
    """The document of python-docx. Raises NotADocument for whatever it cannot read."""
    name = package.main
    try:
        document = found.Document(packed(package))
        body = document.element.body
        styles = document.styles.element  # without a part of its own, python-docx gives that of an empty document
    except Exception as error:
        words = " ".join(str(error).split())[:200] or type(error).__name__
        trouble = DocumentTrouble.OVERSIZE if "depth" in words.lower() else DocumentTrouble.DAMAGED
        raise NotADocument(trouble, f"{name} cannot be read: {words}") from error
    if body is None or styles is None:
        raise NotADocument(DocumentTrouble.DAMAGED, f"{name} has no body")
    return document


def _stored(package: Package) -> tuple[int, str]:
    """The number of pages that the program stored (0: none), and the program."""
    if "app" not in package.parts:
        return 0, ""
    try:
        root = parsed(package.parts["app"], "docProps/app.xml")
    except NotADocument:  # nothing of the text depends on it
        return 0, ""
    pages = root.findtext(f"{_EXTENDED}Pages", "")
    words = [root.findtext(f"{_EXTENDED}{name}", "").strip() for name in ("Application", "AppVersion")]
    return (int(pages) if re.fullmatch(r"[0-9]{1,5}", pages) else 0), " ".join(filter(None, words))[:200]


def _count_parts(package: Package, losses: Losses) -> None:
    """What lies in parts of its own: headers, notes, comments; and what leads outside."""
    for kind in ("header", "footer"):
        for content in package.of_kind(kind):
            if text := _text(parsed(content, kind)):
                losses.count(kind, text=text)
    for kind, tag, key in _PARTS:
        for content in package.of_kind(kind):
            for note in parsed(content, kind).iterfind(f"{W}{tag}"):
                if note.get(f"{W}type", "normal") == "normal":
                    losses.count(key, text=_text(note))
    for relation in package.outside:
        if relation.kind in _LOADED:
            losses.refer(_LOADED[relation.kind], relation.target)


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def _troubles(flow: Flow, package: Package, losses: Losses) -> None:
    for words in package.warnings:
        losses.trouble(DocumentTrouble.TRUNCATED, words)
    if not flow.blocks:
        boxes = losses.counted("text box")
        more = (
            f": all of it stands in {boxes} text box{'es' * (boxes != 1)}, whose order nothing tells" if boxes else ""
        )
        losses.trouble(DocumentTrouble.NO_TEXT, f"its body has no text{more}")
    if flow.lost:
        words = f"{flow.lost:,} characters were lost before it came (U+FFFD stands for them)"
        losses.trouble(DocumentTrouble.LOST_CHARACTERS, words)
    if losses.counted("control"):
        losses.trouble(DocumentTrouble.CONTROL, f"{losses.counted('control'):,} control characters were left out")


def _read(
    content: bytes, losses: Losses, package: Package | None, body: Body | None, document: Any, program: str
) -> ReadDocument:
    pieces = pieces_of(body.flow.blocks, menus=False) if body is not None else ()
    names = package.names if package is not None else ()
    facts = DocumentFacts(
        DocumentForm.DOCX,
        len(content),
        title=_property(package, document, "title"),
        author=_property(package, document, "author"),
        language=_property(package, document, "language"),
        program=program,
        characters=sum(len("".join(piece.text.split())) for piece in pieces),
        headings=sum(piece.kind is PieceKind.HEADING for piece in pieces),
        pages=body.flow.page if body is not None else 0,
        insertions=losses.counted("insertion"),
        deletions=losses.counted("deletion"),
        macros=tuple(name for name in names if re.search(r"(?i)(?:vbaProject\w*\.bin|vbaData\.xml)\Z", name)),
        embedded=tuple(name for name in names if re.search(r"(?i)/(?:embeddings|activeX)/[^/]+(?<!\.rels)\Z", name)),
        external=losses.external(),
        beside=losses.beside(),
        losses=losses.losses(),
        problems=losses.problems(),
    )
    basis = f"DOCX, {facts.pages} pages" if facts.pages else "DOCX"
    return ReadDocument(facts, TakenText(pieces, basis, tuple(str(loss) for loss in facts.losses)))


def _property(package: Package | None, document: Any, name: str) -> str:
    """A property of the document; what python-docx cannot read is not known, and what it would invent is not asked."""
    if package is None or document is None or "core" not in package.parts:
        return ""
    try:
        return " ".join(str(getattr(document.core_properties, name) or "").split())[:1000]
    except (ValueError, KeyError, AttributeError, TypeError):
        return ""
