"""The rules for documents: what each finds, and that a good document is found by none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import docx, paragraph, relation, styled, styles

from archiver import plugs
from archiver.documents import examine_document
from archiver.model.documents import (
    DocumentFacts,
    DocumentForm,
    DocumentLoss,
    DocumentProblem,
    DocumentTrouble,
    ExaminedDocument,
    ExaminedDocuments,
)
from archiver.model.report import Finding, Outcome, Severity

GOOD = DocumentFacts(DocumentForm.DOCX, 10_000, characters=1_000, headings=4)
BOXES = DocumentLoss("text box", "text boxes", 3, 200)
PICTURES = DocumentLoss("picture", "pictures", 2)


def trouble(kind: DocumentTrouble, detail: str) -> DocumentFacts:
    return replace(GOOD, problems=(DocumentProblem(kind, detail),))


CASES = {
    "DOC-001 form": (trouble(DocumentTrouble.NOT_DOCUMENT, "neither"), "neither"),
    "DOC-001 damaged": (trouble(DocumentTrouble.DAMAGED, "line 1"), "line 1"),
    "DOC-001 encoding": (trouble(DocumentTrouble.UNDECODABLE, "no encoding"), "no encoding"),
    "DOC-002": (trouble(DocumentTrouble.NOT_READ, "RTF is not read"), "RTF is not read"),
    "DOC-003": (trouble(DocumentTrouble.ENCRYPTED, "a password"), "a password"),
    "DOC-004": (trouble(DocumentTrouble.OVERSIZE, "2,048 deep"), "2,048 deep"),
    "DOC-005": (trouble(DocumentTrouble.HOSTILE, "DOCTYPE"), "DOCTYPE"),
    "DOC-006": (trouble(DocumentTrouble.NO_TEXT, "it has no text"), "it has no text"),
    "DOC-007": (trouble(DocumentTrouble.TRUNCATED, "within a tag"), "within a tag"),
    "DOC-008": (trouble(DocumentTrouble.ENCODING, "declares big5"), "declares big5"),
    "DOC-009 lost": (trouble(DocumentTrouble.LOST_CHARACTERS, "3 characters"), "3 characters"),
    "DOC-009 control": (trouble(DocumentTrouble.CONTROL, "1 control"), "1 control"),
    "DOC-010": (replace(GOOD, macros=("word/vbaProject.bin",)), "it holds macros: word/vbaProject.bin"),
    "DOC-011": (replace(GOOD, embedded=("a.xlsx",)), "1 file is embedded in it: a.xlsx"),
    "DOC-012": (replace(GOOD, insertions=4, deletions=2), "4 insertions, read as text, and 2 deletions, left out"),
    "DOC-013": (replace(GOOD, headings=0), "none of its 1,000 characters stand in a heading"),
    "DOC-014": (replace(GOOD, losses=(PICTURES,)), "not in its text: 2 pictures"),
    "DOC-015": (replace(GOOD, losses=(BOXES,)), "200 of 1,200 characters are not in its text: 3 text boxes (200"),
    "DOC-016": (replace(GOOD, external=tuple(f"page p{n}" for n in range(12))), "page p9 and 2 more"),
}
GRAVE = {"DOC-001", "DOC-002", "DOC-003", "DOC-004", "DOC-005", "DOC-006"}
NOTICES = {"DOC-014", "DOC-016"}


def judged(facts: DocumentFacts) -> tuple[Finding, ...]:
    material = ExaminedDocuments((ExaminedDocument("no12.docx", facts),))
    runs, findings = plugs.run_checks("document", material, subject="deposit")
    assert all(run.outcome is not Outcome.BROKEN for run in runs)
    return findings


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_finds_what_it_is_for(name: str) -> None:
    code = name.split()[0]
    facts, words = CASES[name]
    found = [finding for finding in judged(facts) if finding.code == code]
    assert len(found) == 1
    assert words in found[0].message
    assert found[0].path == "no12.docx"
    assert found[0].remedy.endswith(".")
    expected = Severity.ERROR if code in GRAVE else Severity.NOTICE if code in NOTICES else Severity.WARNING
    assert found[0].severity is expected


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_finds_nothing_else(name: str) -> None:
    also = {"DOC-014"} if name == "DOC-015" else set()
    assert {finding.code for finding in judged(CASES[name][0])} - also == {name.split()[0]}


def test_every_rule_has_a_case() -> None:
    assert {check.rule.code for check in plugs.checks("document")} == {name.split()[0] for name in CASES}


def test_a_good_document_is_found_by_none() -> None:
    content = docx(
        paragraph("Gazette") + styled("Headline", "h") + paragraph("Text."),
        parts={"word/styles.xml": styles(("h", "heading 1", ""))},
        relations=relation(1, "styles", "styles.xml"),
    )
    assert judged(examine_document(content, "a.docx").facts) == ()
    page = b"<!DOCTYPE html><html><body><h1>Gazette</h1><p>No. 1</p><h2>Headline</h2><p>Text.</p></body></html>"
    assert judged(examine_document(page, "a.html").facts) == ()


def test_few_words_in_notes_are_a_notice_alone() -> None:
    facts = replace(GOOD, losses=(replace(BOXES, characters=40), DocumentLoss("comment", "comments", 9, 5_000)))
    assert {finding.code for finding in judged(facts)} == {"DOC-014"}
