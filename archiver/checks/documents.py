"""Rules for documents (HTML, DOCX): readable, open, within limits, harmless, and what their text does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.documents import DocumentTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.documents import ExaminedDocument, ExaminedDocuments

_AGAIN = "Take another copy of the file, or ask the depositor for one."
_MOST = 10  # names that one message has
_BODY = frozenset({"text box", "footnote", "endnote"})  # words that belong to the issue and are not in its text
LEFT_OUT_SHARE = 0.05  # of all words: from there on the text is not that of the issue


def _told(documents: ExaminedDocuments, remedy: str, *troubles: DocumentTrouble) -> Iterator[Fault]:
    for document in documents.documents:
        for problem in document.facts.about(*troubles):
            yield Fault(problem.detail, document.path, remedy=remedy)


def _readable(documents: ExaminedDocuments) -> Iterator[ExaminedDocument]:
    return (document for document in documents.documents if document.facts.is_readable)


def _named(names: Sequence[str]) -> str:
    """Some names, the first ten of them."""
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


@check("DOC-001", "The document can be read", "archiver: documents", needs="document")
def readable(documents: ExaminedDocuments) -> Iterator[Fault]:
    """It is HTML or DOCX from its first to its last byte, in characters of some encoding."""
    troubles = (DocumentTrouble.NOT_DOCUMENT, DocumentTrouble.DAMAGED, DocumentTrouble.UNDECODABLE)
    yield from _told(documents, _AGAIN, *troubles)


@check("DOC-002", "The document is of a form that is read", "archiver: documents", needs="document")
def known_form(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Old and other forms are named, and refused."""
    remedy = "Open it in the program it was made with, save it as DOCX or PDF, and deposit that with the original."
    yield from _told(documents, remedy, DocumentTrouble.NOT_READ)


@check("DOC-003", "The document opens without a password", "ECMA-376, 1, 15.2.11", needs="document")
def opens(documents: ExaminedDocuments) -> Iterator[Fault]:
    """A document that asks for a password is kept in vain once the password is lost."""
    yield from _told(documents, "Ask the depositor for a copy without a password.", DocumentTrouble.ENCRYPTED)


@check("DOC-004", "The document is within limits", "archiver: limits", needs="document")
def within_limits(documents: ExaminedDocuments) -> Iterator[Fault]:
    """What is beyond them is not read."""
    remedy = "Find out where it comes from before anybody opens it; a true one that large is better parted by issues."
    yield from _told(documents, remedy, DocumentTrouble.OVERSIZE)


@check("DOC-005", "The document declares and hides nothing", "ECMA-376, 2, 7.2.4", needs="document")
def harmless(documents: ExaminedDocuments) -> Iterator[Fault]:
    """No word processor writes document types, names that leave the file, or parts that share their bytes."""
    remedy = "Do not open it. Ask the depositor where it comes from, and for another copy."
    yield from _told(documents, remedy, DocumentTrouble.HOSTILE)


@check("DOC-006", "The document has text", "archiver: documents", needs="document")
def has_text(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Without text in its body there is nothing to describe."""
    remedy = "Look at it: if its pages are pictures or text boxes, save it as PDF and deposit that."
    yield from _told(documents, remedy, DocumentTrouble.NO_TEXT)


@check("DOC-007", "The document is whole", "archiver: documents", needs="document", severity=Severity.WARNING)
def whole(documents: ExaminedDocuments) -> Iterator[Fault]:
    """It ends where documents end."""
    remedy = "Compare its end with what the serial has there; ask for another copy when something is missing."
    yield from _told(documents, remedy, DocumentTrouble.TRUNCATED)


@check("DOC-008", "The encoding is the declared one", "HTML, 13.2.3", needs="document", severity=Severity.WARNING)
def declared_encoding(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Programs that believe the declaration show other characters."""
    remedy = "Look through the text in the report; if words are wrong, deposit a copy saved as UTF-8 beside it."
    yield from _told(documents, remedy, DocumentTrouble.ENCODING)


@check("DOC-009", "No character is lost", "archiver: documents", needs="document", severity=Severity.WARNING)
def characters_kept(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Marks for lost characters, and characters that print nothing and that XML cannot hold."""
    remedy = "Ask for the document as it was before; where there is none, mark the places as lost in corrections.toml."
    yield from _told(documents, remedy, DocumentTrouble.LOST_CHARACTERS, DocumentTrouble.CONTROL)


@check("DOC-010", "The document holds no programs", "archiver: documents", needs="document", severity=Severity.WARNING)
def no_macros(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Macros may harm whoever opens it."""
    for document in documents.documents:
        if document.facts.macros:
            words = f"it holds macros: {_named(document.facts.macros)}"
            remedy = "Open it with macros switched off; ask the depositor for a copy saved as DOCX without them."
            yield Fault(words, document.path, remedy=remedy)


@check(
    "DOC-011", "The document holds no other files", "archiver: documents", needs="document", severity=Severity.WARNING
)
def nothing_embedded(documents: ExaminedDocuments) -> Iterator[Fault]:
    """What is embedded is looked at by nobody and identified by nothing."""
    for document in documents.documents:
        if document.facts.embedded:
            count = len(document.facts.embedded)
            words = (
                f"{count} {'file is' if count == 1 else 'files are'} embedded in it: {_named(document.facts.embedded)}"
            )
            yield Fault(words, document.path, remedy="Save them as files of their own and deposit them beside it.")


@check("DOC-012", "No change is pending", "archiver: documents", needs="document", severity=Severity.WARNING)
def no_changes_pending(documents: ExaminedDocuments) -> Iterator[Fault]:
    """A document with tracked changes is two texts; it is read as if all of them had been accepted."""
    for document in _readable(documents):
        facts = document.facts
        if facts.insertions or facts.deletions:
            words = (
                f"it has tracked changes: {facts.insertions} insertions, read as text, "
                f"and {facts.deletions} deletions, left out"
            )
            remedy = "Ask the depositor which text was printed, and for a copy in which the changes are settled."
            yield Fault(words, document.path, remedy=remedy)


@check("DOC-013", "Headlines are marked", "archiver: documents", needs="document", severity=Severity.WARNING)
def headlines_marked(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Articles begin at headings; print in large letters is no heading."""
    for document in _readable(documents):
        if not document.facts.headings:
            words = f"none of its {document.facts.characters:,} characters stand in a heading below the title"
            remedy = "Give headlines the style Heading 1 (h2 in HTML) in a copy, or let the serial's profile find them."
            yield Fault(words, document.path, remedy=remedy)


@check("DOC-014", "The text shows what the document does", "archiver: documents", needs="document",
       severity=Severity.NOTICE)  # fmt: skip
def shows_all(documents: ExaminedDocuments) -> Iterator[Fault]:
    """What a text cannot show stays in the deposited document, which is kept."""
    for document in _readable(documents):
        if document.facts.losses:
            words = f"not in its text: {'; '.join(str(loss) for loss in document.facts.losses)}"
            remedy = "Nothing has to be done: the document is kept as it came. Deposit a PDF with it to show its pages."
            yield Fault(words, document.path, remedy=remedy)


@check("DOC-015", "The words stand in the body", "archiver: documents", needs="document", severity=Severity.WARNING)
def words_in_body(documents: ExaminedDocuments) -> Iterator[Fault]:
    """Words in text boxes and notes have no place in the order of reading, and are not in the text."""
    for document in _readable(documents):
        lost = [loss for loss in document.facts.losses if loss.kind in _BODY and loss.characters]
        out, kept = sum(loss.characters for loss in lost), document.facts.characters
        if out > LEFT_OUT_SHARE * (out + kept):
            words = f"{out:,} of {out + kept:,} characters are not in its text: {'; '.join(map(str, lost))}"
            remedy = "Deposit the issue as PDF, which has them in their places, or a copy with them in the body."
            yield Fault(words, document.path, remedy=remedy)


@check("DOC-016", "Nothing comes from elsewhere", "archiver: documents", needs="document", severity=Severity.NOTICE)
def nothing_outside(documents: ExaminedDocuments) -> Iterator[Fault]:
    """What a document loads when it is opened may be gone, or may be something else tomorrow. Nothing was loaded."""
    for document in documents.documents:
        if document.facts.external:
            words = f"it would load from elsewhere: {_named(document.facts.external)}"
            remedy = "Open it without network. What belongs to the issue is to be deposited beside it as a file."
            yield Fault(words, document.path, remedy=remedy)
