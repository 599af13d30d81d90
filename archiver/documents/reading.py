"""One door for documents: recognised by content, read within limits, never trusted."""

from __future__ import annotations

from archiver.documents.recognising import recognise
from archiver.formats import ole
from archiver.imaging.octets import Held
from archiver.model.documents import (
    GRAVE,
    DocumentFacts,
    DocumentForm,
    DocumentLimits,
    DocumentProblem,
    DocumentTrouble,
    ReadDocument,
)
from archiver.model.taken import TakenText
from archiver.model.transcript import TextFault, TextTrouble

_LIMITS = DocumentLimits()
_REFUSED = "{form} is not read: save it as DOCX or PDF, and deposit that beside it"


def read_document(content: bytes, name: str, limits: DocumentLimits = _LIMITS) -> TakenText:
    """The text of a document. What is wrong with it is among its faults.

    Raises CouldNotFindOut when it is a DOCX and python-docx is not installed; nothing else.
    """
    return examine_document(content, name, limits).taken


def examine_document(content: bytes, name: str, limits: DocumentLimits = _LIMITS) -> ReadDocument:
    """What a document is, for the rules, and its text. Raises as `read_document`."""
    form = recognise(content, name)
    if form is None:
        return _refused(None, content, DocumentTrouble.NOT_DOCUMENT, "it is neither HTML nor DOCX")
    largest = limits.package if form is DocumentForm.DOCX else limits.size
    if form.is_read and len(content) > largest:
        words = f"it has {len(content):,} bytes; the limit is {largest:,}"
        return _refused(form, content, DocumentTrouble.OVERSIZE, words)
    if form is DocumentForm.HTML:
        from archiver.documents.html import read_html

        return _with_faults(read_html(content, limits))
    if form is DocumentForm.DOCX:
        from archiver.documents.docx import read_docx

        return _with_faults(read_docx(content, limits))
    if form in {DocumentForm.DOC, DocumentForm.ENCRYPTED} and (lock := ole.encryption(Held(content))):
        return _refused(form, content, DocumentTrouble.ENCRYPTED, f"it asks for a password: {lock}")
    if form is DocumentForm.ENCRYPTED:
        words = "it is an OLE container and no DOCX: an encrypted document that is damaged, or a file with a wrong name"
        return _refused(form, content, DocumentTrouble.DAMAGED, words)
    return _refused(form, content, DocumentTrouble.NOT_READ, _REFUSED.format(form=form.value))


def _refused(form: DocumentForm | None, content: bytes, trouble: DocumentTrouble, words: str) -> ReadDocument:
    facts = DocumentFacts(form, len(content), problems=(DocumentProblem(trouble, words),))
    return _with_faults(ReadDocument(facts, TakenText((), form.value if form else "")))


def _with_faults(read: ReadDocument) -> ReadDocument:
    """The document; where it gives no text, the reason is why there will be no transcript."""
    if read.facts.is_readable:
        return read
    why = read.facts.about(*GRAVE)[0]
    kinds = {DocumentTrouble.OVERSIZE: TextTrouble.TOO_LARGE, DocumentTrouble.NO_TEXT: TextTrouble.EMPTY}
    fault = TextFault(kinds.get(why.trouble, TextTrouble.UNDECODABLE), f"the document gives no text: {why.detail}")
    return ReadDocument(read.facts, TakenText((), read.taken.basis, read.taken.losses, (fault,)))
