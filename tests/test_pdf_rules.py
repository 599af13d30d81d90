"""The rules for PDF: what each finds, and that a good PDF is found by none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archiver import plugs
from archiver.model.pdf import (
    ExaminedPdf,
    ExaminedPdfs,
    PdfAttachment,
    PdfEncryption,
    PdfFacts,
    PdfFont,
    PdfMetadata,
    PdfPage,
    PdfPageKind,
    PdfProblem,
    PdfSecurity,
    PdfTrouble,
)
from archiver.model.report import Outcome, Severity

GOOD = PdfFacts(
    1000,
    "1.7",
    2,
    tuple(PdfPage(number, 595, 842, kind=PdfPageKind.BORN_DIGITAL, characters=900) for number in (1, 2)),
    pdfa="PDF/A-2b",
    fonts=(PdfFont("SimSun", "Type0", True, 1),),
)
SCANS = tuple(PdfPage(number, 595, 842, kind=PdfPageKind.SCANNED) for number in (1, 2, 4))


def trouble(kind: PdfTrouble, detail: str, page: int = 0, times: int = 1) -> PdfFacts:
    return replace(GOOD, problems=(PdfProblem(kind, detail, page),) * times)


CASES = {
    "PDF-001 damaged": (trouble(PdfTrouble.DAMAGED, "it has no pages"), "it has no pages"),
    "PDF-001 page": (trouble(PdfTrouble.PAGE, "it cannot be read", 3, 2), "page 3: it cannot be read; and 1 more"),
    "PDF-001 crash": (trouble(PdfTrouble.STOPPED, "the PDF reader stopped: signal 11", 2), "page 2: the PDF reader"),
    "PDF-001 text": (trouble(PdfTrouble.NOT_PDF, "the file is empty"), "the file is empty"),
    "PDF-002 cut": (trouble(PdfTrouble.TRUNCATED, "no end mark"), "no end mark"),
    "PDF-002 stream": (trouble(PdfTrouble.CONTENT, "object 20 0"), "object 20 0"),
    "PDF-003": (trouble(PdfTrouble.REPAIRED, "file is damaged"), "file is damaged"),
    "PDF-004": (trouble(PdfTrouble.ENCRYPTED, "it cannot be opened"), "it cannot be opened"),
    "PDF-006": (trouble(PdfTrouble.OVERSIZE, "it has more than 5000 pages"), "more than 5000 pages"),
    "PDF-007": (replace(GOOD, actions=("JavaScript (3)",)), "it holds actions: JavaScript (3)"),
    "PDF-008 file": (replace(GOOD, attachments=(PdfAttachment("a.exe"),)), "1 file is embedded in it: a.exe"),
    "PDF-008 media": (replace(GOOD, media=("Sound (1)",)), "it holds media: Sound (1)"),
    "PDF-009": (replace(GOOD, fonts=(PdfFont("Song", "Type0", False, 2),)), "first on page 2: Song"),
    "PDF-010": (replace(GOOD, pages=SCANS), "3 of 3 pages scanned, without text: pages 1-2, 4"),
    "PDF-011": (replace(GOOD, pages=(replace(GOOD.pages[0], unmapped=9),)), "9 of 900 characters are not known, on"),
    "PDF-012": (replace(GOOD, pdfa=""), "it is PDF 1.7 and claims no PDF/A"),
    "PDF-013": (replace(GOOD, actions=("Launch (1)",)), "it claims PDF/A-2b, and it holds actions"),
    "PDF-014": (replace(GOOD, fields=2, signatures=("",)), "a form of 2 fields and 1 signatures (no name)"),
    "PDF-015 titles": (replace(GOOD, info=PdfMetadata("A"), xmp=PdfMetadata("B")), "A by Info and B by XMP"),
    "PDF-015 packet": (trouble(PdfTrouble.METADATA, "the XMP is no XML"), "the XMP is no XML"),
    "PDF-016": (trouble(PdfTrouble.SURROUNDED, "7 bytes stand before"), "7 bytes stand before"),
}  # fmt: skip
LOCKED = PdfSecurity(PdfEncryption.OWNER, "AES, 256 bits", ("printing",))


def findings(facts: PdfFacts) -> list[tuple[str, str, Severity]]:
    subject = ExaminedPdfs((ExaminedPdf("gazette.pdf", facts),))
    runs, found = plugs.run_checks("pdf", subject, subject="deposit")
    assert {run.outcome for run in runs} <= {Outcome.PASSED, Outcome.FAILED}
    assert all(finding.path == "gazette.pdf" and finding.remedy for finding in found)
    return [(finding.code, finding.message, finding.severity) for finding in found]


def test_a_good_file_is_found_by_none() -> None:
    assert findings(GOOD) == []
    assert len(plugs.checks("pdf")) == 16


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_fault_is_found_by_its_rule(name: str) -> None:
    facts, words = CASES[name]
    code = name.split(" ", maxsplit=1)[0]
    found = [message for rule, message, _severity in findings(facts) if rule == code]
    assert len(found) == 1
    assert words in found[0]


def test_a_restriction_is_told_and_belies_pdfa() -> None:
    found = {code: message for code, message, _severity in findings(replace(GOOD, security=LOCKED))}
    assert found == {
        "PDF-005": "it is encrypted (AES, 256 bits), opens without a password and forbids printing",
        "PDF-013": "it claims PDF/A-2b, and it is encrypted",
    }


def test_what_cannot_be_read_is_told_once() -> None:
    facts = PdfFacts(9, "1.4", problems=(PdfProblem(PdfTrouble.ENCRYPTED, "it cannot be opened without a password"),))
    assert [(code, severity) for code, _message, severity in findings(facts)] == [("PDF-004", Severity.ERROR)]
