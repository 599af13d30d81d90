"""Issues whose words are in one document: a PDF with its pages and zones, a DOCX, an HTML page."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from archiver.listing import read_content
from archiver.model.documents import ExaminedDocument, ExaminedDocuments
from archiver.model.gathered import FileKind, GatheredPage
from archiver.model.pdf import ExaminedPdf, ExaminedPdfs, PdfTrouble
from archiver.model.report import Unavailable
from archiver.model.taken import TakenText
from archiver.model.transcript import DerivedFile, SourceIssue, TextFault, TextTrouble
from archiver.sources.deriving import derive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.gathered import SortedFile
    from archiver.model.package import SourceFile
    from archiver.model.pdf import PdfFacts

_ALTO = "application/xml"
LARGEST = 256 * 1024 * 1024  # bytes of a document; most of a large one are pictures


def read_pdf(pdf: SortedFile, companions: Sequence[SourceFile]) -> SourceIssue:
    """The issue that a PDF is: its pages, a layout document for each page with text, a transcript derived from them.

    Raises CouldNotFindOut when the libraries for PDF are not installed, and what reading the file raises.
    """
    from archiver.pdfs import alto_of, examine, layouts, taken_text

    path = pdf.file.path
    facts = examine(path)
    documents = layouts(path, facts) if facts.is_readable else ()
    worded = [document for document in documents if any(page.blocks for page in document.pages)]
    taken = _judged(taken_text(documents, facts), facts)
    made = {document.name for document in worded}
    pages = tuple(
        GatheredPage(page.number, page.label, layout=name if name in made else "", documents=(pdf.name,))
        for page, name in zip(facts.pages, [document.name for document in documents], strict=False)
    )
    return SourceIssue(
        derive(taken, path),
        (pdf.file, *companions),
        name=str(path),
        pages=pages,
        derived=tuple(DerivedFile(each.name, alto_of(each), _ALTO, (pdf.name,)) for each in worded),
        losses=taken.losses,
        materials=(("pdf", ExaminedPdfs((ExaminedPdf(str(path), facts),))),),
    )


def read_document(document: SortedFile, companions: Sequence[SourceFile]) -> SourceIssue:
    """The issue that a DOCX or an HTML page is: its text, headings and pages where it tells them.

    Raises CouldNotFindOut when the library for DOCX is not installed, and what reading the file raises.
    """
    from archiver.documents import examine_document

    file = document.file
    if file.stamp.size > LARGEST:
        fault = TextFault(TextTrouble.TOO_LARGE, f"{file.stamp.size} bytes; a document may have {LARGEST}")
        return SourceIssue(derive(TakenText((), "document", (), (fault,)), file.path), (file, *companions))
    content = read_content(file, LARGEST)
    read = examine_document(content, str(file.path))
    return SourceIssue(
        derive(read.taken, file.path),
        (file, *companions),
        name=str(file.path),
        losses=read.taken.losses,
        materials=(("document", ExaminedDocuments((ExaminedDocument(str(file.path), read.facts),))),),
    )


def other_materials(files: Sequence[SortedFile]) -> tuple[tuple[str, object], ...]:
    """What the rules for PDF and for documents judge of files that no words were read from."""
    return (*pdf_materials(files), *document_materials(files))


def document_materials(files: Sequence[SortedFile]) -> tuple[tuple[str, object], ...]:
    """What the rules for documents judge of the documents beside the words of an issue."""
    documents = [each for each in files if each.kind is FileKind.DOCUMENT]
    if not documents:
        return ()
    if importlib.util.find_spec("docx") is None:
        return (("document", Unavailable("python-docx is not installed (pip install 'archiver[documents]')")),)
    from archiver.documents import examine_document

    found = []
    for file in (each.file for each in documents if each.file.stamp.size <= LARGEST):
        content = read_content(file, LARGEST)
        found.append(ExaminedDocument(str(file.path), examine_document(content, str(file.path)).facts))
    return (("document", ExaminedDocuments(tuple(found))),)


def pdf_materials(files: Sequence[SortedFile]) -> tuple[tuple[str, object], ...]:
    """What the rules for PDF judge of the PDF files beside the words of an issue."""
    pdfs = [each.file for each in files if each.kind is FileKind.PDF]
    if not pdfs:
        return ()
    if any(importlib.util.find_spec(name) is None for name in ("pikepdf", "pypdfium2")):
        return (("pdf", Unavailable("the libraries for PDF are not installed (pip install 'archiver[pdf]')")),)
    from archiver.pdfs import examine

    return (("pdf", ExaminedPdfs(tuple(ExaminedPdf(str(file.path), examine(file.path)) for file in pdfs))),)


def _judged(taken: TakenText, facts: PdfFacts) -> TakenText:
    """The text of a PDF; where none could be taken because of a trouble, the trouble is why there is no transcript."""
    if facts.is_readable or taken.faults:
        return taken
    grave = facts.about(PdfTrouble.ENCRYPTED, PdfTrouble.DAMAGED, PdfTrouble.NOT_PDF, PdfTrouble.STOPPED)
    grave = grave or facts.problems
    detail = grave[0].detail if grave else "it has no pages"
    fault = TextFault(TextTrouble.UNDECODABLE, f"the PDF gives no text: {detail}")
    return type(taken)(taken.pieces, taken.basis or "PDF", taken.losses, (fault,))
