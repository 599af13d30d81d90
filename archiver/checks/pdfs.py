"""Rules for PDF files: readable, whole, open, quiet, with their fonts and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.pdf import PdfEncryption, PdfPageKind, PdfTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archiver.model.pdf import ExaminedPdf, ExaminedPdfs

_AGAIN = "Take another copy of the file, or ask whoever made it to make it again."
_MOST = 10  # pages, fonts or files that one message names
UNKNOWN_SHARE = 0.01  # of the characters of a page: from there on its text cannot be relied on


def _told(pdfs: ExaminedPdfs, remedy: str, *troubles: PdfTrouble, severity: Severity | None = None) -> Iterator[Fault]:
    """The problems of some kinds: the first of each kind and file in full, the others counted."""
    for pdf in pdfs.pdfs:
        for trouble in troubles:
            found = pdf.facts.about(trouble)
            if not found:
                continue
            first, more = found[0], len(found) - 1
            where = f"page {first.page}: " if first.page else ""
            words = f"{where}{first.detail}" + (f"; and {more} more of the kind" if more else "")
            yield Fault(words, pdf.path, remedy=remedy, severity=severity)


def _readable(pdfs: ExaminedPdfs) -> Iterator[ExaminedPdf]:
    return (pdf for pdf in pdfs.pdfs if pdf.facts.is_readable)


def _named(names: Sequence[str]) -> str:
    """Some names, the first ten of them."""
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _numbers(numbers: Iterable[int]) -> str:
    """Numbers of pages, runs of them as "2-5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return _named([f"{first}" if first == last else f"{first}-{last}" for first, last in runs])


@check("PDF-001", "The PDF can be read", "ISO 32000-1, 7.5", needs="pdf")
def readable(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Header, table of objects and page tree are there, and every page opens."""
    yield from _told(pdfs, _AGAIN, PdfTrouble.NOT_PDF, PdfTrouble.DAMAGED, PdfTrouble.PAGE, PdfTrouble.STOPPED)


@check("PDF-002", "The PDF is whole", "ISO 32000-1, 7.5.5", needs="pdf")
def whole(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """It goes to its end mark, and its streams can be decoded."""
    yield from _told(pdfs, _AGAIN, PdfTrouble.TRUNCATED, PdfTrouble.CONTENT)


@check("PDF-003", "The PDF is read without repair", "ISO 32000-1, 7.5.4", needs="pdf", severity=Severity.WARNING)
def unrepaired(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """What one program repairs, another shows differently or not at all."""
    remedy = "Compare it with the original page by page; better, ask for a copy that was not damaged."
    yield from _told(pdfs, remedy, PdfTrouble.REPAIRED)


@check("PDF-004", "The PDF opens without a password", "ISO 32000-1, 7.6", needs="pdf")
def opens(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """A file that asks for a password is kept in vain once the password is lost."""
    yield from _told(pdfs, "Ask the depositor for a copy without encryption.", PdfTrouble.ENCRYPTED)


@check("PDF-005", "Nothing in the PDF is forbidden", "ISO 32000-1, 7.6.3.2", needs="pdf", severity=Severity.WARNING)
def unrestricted(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """It opens, and asks programs not to print it or take out its text."""
    for pdf in pdfs.pdfs:
        security = pdf.facts.security
        if security.encryption is PdfEncryption.OWNER:
            denied = f" and forbids {', '.join(security.denied)}" if security.denied else ""
            words = f"it is encrypted ({security.method}), opens without a password{denied}"
            yield Fault(
                words, pdf.path, remedy="Ask the depositor for a copy without encryption; keep this one as it came."
            )


@check("PDF-006", "The PDF is within limits", "archiver: limits", needs="pdf")
def within_limits(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """What is beyond them is not read."""
    remedy = "Find out where it comes from before anybody opens it; a true one that large is better parted by issues."
    yield from _told(pdfs, remedy, PdfTrouble.OVERSIZE)


@check("PDF-007", "The PDF does nothing by itself", "ISO 19005-2, 6.5.1", needs="pdf", severity=Severity.WARNING)
def quiet(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Programs and commands in a page may harm whoever opens it, and will not run in a hundred years."""
    for pdf in pdfs.pdfs:
        if pdf.facts.actions:
            words = f"it holds actions: {_named(pdf.facts.actions)}"
            yield Fault(
                words, pdf.path, remedy="Ask the depositor what they are for; open it in a viewer without JavaScript."
            )


@check("PDF-008", "The PDF holds nothing but pages", "ISO 19005-2, 6.8", needs="pdf", severity=Severity.WARNING)
def pages_alone(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Files and films inside a PDF are looked at by nobody and identified by nothing."""
    for pdf in pdfs.pdfs:
        count, held = len(pdf.facts.attachments), [attachment.name for attachment in pdf.facts.attachments]
        if held:
            words = f"{count} {'file is' if count == 1 else 'files are'} embedded in it: {_named(held)}"
            yield Fault(words, pdf.path, remedy="Take them out with a PDF program and deposit them beside it.")
        if pdf.facts.media:
            yield Fault(
                f"it holds media: {_named(pdf.facts.media)}", pdf.path, remedy="Ask for them as files beside it."
            )


@check("PDF-009", "The fonts are embedded", "ISO 19005-2, 6.2.11.4", needs="pdf", severity=Severity.WARNING)
def fonts_embedded(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Where a font is missing, a viewer takes another: other widths, or no characters at all."""
    for pdf in _readable(pdfs):
        missing = [font for font in pdf.facts.fonts if not font.is_embedded]
        if missing:
            names = _named(sorted({font.name for font in missing}))
            words = f"fonts are not embedded, first on page {missing[0].first_page}: {names}"
            yield Fault(words, pdf.path, remedy="Ask for a PDF with all fonts embedded (PDF/A asks for that).")


@check("PDF-010", "Every page has text", "archiver: PDF", needs="pdf", severity=Severity.WARNING)
def has_text(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """What is an image, or letters drawn as lines, cannot be searched or described."""
    for pdf in _readable(pdfs):
        for kind in (PdfPageKind.SCANNED, PdfPageKind.DRAWN):
            pages = pdf.facts.pages_of(kind)
            if pages:
                word = "page" if len(pages) == 1 else "pages"
                words = f"{len(pages)} of {len(pdf.facts.pages)} pages {kind.value}: {word} "
                words += _numbers(page.number for page in pages)
                yield Fault(words, pdf.path, remedy="Have the text recognised (OCR), and deposit it beside the PDF.")


@check("PDF-011", "The PDF says what its characters are", "ISO 32000-1, 9.10", needs="pdf", severity=Severity.WARNING)
def characters_known(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """A glyph without a meaning looks right on the page and is another letter, or none, in the text."""
    for pdf in _readable(pdfs):
        pages = [page for page in pdf.facts.pages if page.unmapped and page.unmapped >= UNKNOWN_SHARE * page.characters]
        if pages:
            unknown, all_of_them = sum(page.unmapped for page in pages), sum(page.characters for page in pages)
            words = f"{unknown} of {all_of_them} characters are not known, on page{'' if len(pages) == 1 else 's'} "
            words += _numbers(page.number for page in pages)
            remedy = "Read the text against the page; if it is wrong, have the page recognised (OCR)."
            yield Fault(words, pdf.path, remedy=remedy)


@check("PDF-012", "The PDF claims to be PDF/A", "ISO 19005-2, 6.6.4", needs="pdf", severity=Severity.NOTICE)
def claims_pdfa(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """PDF/A is the form of PDF made for keeping."""
    for pdf in _readable(pdfs):
        if not pdf.facts.pdfa:
            version = f"PDF {pdf.facts.version}"
            yield Fault(
                f"it is {version} and claims no PDF/A", pdf.path, remedy="Ask for PDF/A next time; keep this as it is."
            )


@check("PDF-013", "Nothing belies the claim of PDF/A", "ISO 19005-2", needs="pdf", severity=Severity.WARNING)
def pdfa_not_belied(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """What is plainly against PDF/A; whether the claim is right, only a validator can tell."""
    for pdf in _readable(pdfs):
        facts = pdf.facts
        if not facts.pdfa:
            continue
        against = []
        if facts.security.encryption is not PdfEncryption.NONE:
            against.append("it is encrypted")
        if any(not font.is_embedded for font in facts.fonts):
            against.append("fonts are not embedded")
        if facts.actions:
            against.append("it holds actions")
        if facts.media:
            against.append("it holds media")
        if facts.has_xfa:
            against.append("it holds an XFA form")
        if facts.attachments and facts.pdfa.startswith("PDF/A-1"):
            against.append("files are embedded in it")
        if against:
            words = f"it claims {facts.pdfa}, and {', '.join(against)}"
            yield Fault(words, pdf.path, remedy="Have it judged by a validator for PDF/A; do not rely on the claim.")


@check(
    "PDF-014", "The PDF is no form and bears no signature", "ISO 32000-1, 12.7", needs="pdf", severity=Severity.NOTICE
)
def no_form(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """A form can be filled in; a signature is worth no more than a certificate that ends."""
    for pdf in pdfs.pdfs:
        facts, told = pdf.facts, []
        if facts.fields or facts.has_xfa:
            told.append(f"a form of {facts.fields} fields" + (" (XFA)" if facts.has_xfa else ""))
        if facts.signatures:
            told.append(
                f"{len(facts.signatures)} signatures ({_named([name or 'no name' for name in facts.signatures])})"
            )
        if told:
            yield Fault(f"it holds {' and '.join(told)}", pdf.path, remedy="Note it: signatures are not verified here.")


@check("PDF-015", "The metadata can be read and agree", "ISO 16684-1", needs="pdf", severity=Severity.NOTICE)
def metadata_agree(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Info and XMP say the same in two places; where they differ, one of them is old."""
    yield from _told(pdfs, "Nothing has to be done: archiver describes from the pages.", PdfTrouble.METADATA)
    for pdf in pdfs.pdfs:
        info, xmp = pdf.facts.info.title, pdf.facts.xmp.title
        if info and xmp and info != xmp:
            words = f"its title is {info[:100]} by Info and {xmp[:100]} by XMP"
            yield Fault(
                words, pdf.path, remedy="Look which is right; archiver takes neither for the title of the issue."
            )


@check("PDF-016", "Nothing stands around the PDF", "ISO 32000-1, 7.5.1", needs="pdf", severity=Severity.NOTICE)
def nothing_around(pdfs: ExaminedPdfs) -> Iterator[Fault]:
    """Bytes before the header or after the end are shown by no viewer."""
    yield from _told(pdfs, "Find out what they are; the file is kept as it came.", PdfTrouble.SURROUNDED)
