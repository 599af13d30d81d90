"""The rules of layout: each finds what it should, says where, and leaves good documents alone."""

from __future__ import annotations

from dataclasses import replace

import layouts
import pytest

from archiver import plugs
from archiver.layout.reading import read_layout
from archiver.model.layout import PageLayout
from archiver.model.report import Finding, Outcome, Severity

WHOLE = {
    "alto": layouts.alto("4.2"),
    "page": layouts.page(),
    "hocr": layouts.hocr(),
}


def layout(content: bytes, image: str = "0001.jp2", size: tuple[int, int] | None = (1000, 800)) -> PageLayout:
    return PageLayout(read_layout(content, "0001.xml"), "ocr/0001.xml", image, size)


def findings(subject: PageLayout) -> list[Finding]:
    return list(plugs.run_checks("layout", subject, subject="x")[1])


def without_confidence(content: bytes) -> bytes:
    return content.replace(b"WC=", b"CS_=")


@pytest.mark.parametrize("name", WHOLE)
def test_a_good_document_has_no_faults(name: str) -> None:
    codes = {found.code for found in findings(layout(WHOLE[name]))}
    assert codes <= {"LAY-009"}  # the samples have doubtful words
    assert all(found.severity is Severity.NOTICE for found in findings(layout(WHOLE[name])))


ALTO = WHOLE["alto"]
CASES = [
    ("LAY-001", Severity.ERROR, layout(b"no layout"), "neither ALTO nor PAGE nor hOCR"),
    ("LAY-001", Severity.ERROR, layout(ALTO[:800]), "cannot be read"),
    ("LAY-002", Severity.ERROR, layout(b'<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"/>'), "no page"),
    ("LAY-002", Severity.WARNING, layout(layouts.alto_with("")), "no page of it has any text"),
    ("LAY-003", Severity.WARNING, layout(ALTO.replace(b'"4.2"', b'"4.9"')), "ALTO 4.9"),
    ("LAY-004", Severity.ERROR, layout(ALTO.replace(b'HPOS="500"', b'HPOS="-INF"', 1)), "HPOS of CB1 is -INF"),
    ("LAY-005", Severity.WARNING, layout(ALTO.replace(b'HPOS="500"', b'HPOS="-90"', 1)), "block CB1 lies at -90,20"),
    ("LAY-006", Severity.ERROR, layout(ALTO.replace(b'"S3"', b'"S1"')), "S1 stands twice"),
    ("LAY-007", Severity.ERROR, layout(WHOLE["page"].replace(b'Ref="r1"', b'Ref="r9"')), "names r9"),
    ("LAY-008", Severity.NOTICE, layout(without_confidence(ALTO)), "none of 4 words"),
    ("LAY-009", Severity.NOTICE, layout(ALTO.replace(b'WC="1"', b'WC="0.1"')), "0.45 (below 0.80); 1 of 3 words"),
    ("LAY-010", Severity.WARNING, layout(ALTO.replace(b'HEIGHT="800" PC', b"PC")), "no width and height"),
    ("LAY-010", Severity.WARNING, layout(ALTO.replace(b"pixel", b"")), "without a unit"),
    ("LAY-011", Severity.WARNING, layout(ALTO, "0002.tif"), "of master/0001.tif, the image is 0002.tif"),
    ("LAY-012", Severity.WARNING, layout(ALTO, size=(2000, 1600)), "1000 × 800, the image 2000 × 1600"),
    ("LAY-013", Severity.WARNING, layout(ALTO.replace(b"Seife", "\u0085".encode())), "U+0085"),
    ("LAY-014", Severity.WARNING, layout(ALTO.replace(b'WC="1"', b'WC="100"')), "a confidence is 100, not 0 to 1"),
]


@pytest.mark.parametrize(("code", "severity", "subject", "words"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_what_it_should(code: str, severity: Severity, subject: PageLayout, words: str) -> None:
    found = [finding for finding in findings(subject) if finding.code == code]
    assert [finding.severity for finding in found] == [severity]
    assert words in found[0].message
    assert found[0].path == "ocr/0001.xml"
    assert found[0].remedy


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == {known.rule.code for known in plugs.checks("layout")}


def test_what_could_not_be_read_is_not_green() -> None:
    runs, found = plugs.run_checks("layout", layout(b"?"), subject="x")
    assert [finding.code for finding in found] == ["LAY-001"]
    assert {run.outcome for run in runs if run.code != "LAY-001"} == {Outcome.SKIPPED}


def test_without_an_image_its_rules_are_skipped() -> None:
    runs, _ = plugs.run_checks("layout", layout(ALTO, "", None), subject="x")
    assert {run.code for run in runs if run.outcome is Outcome.SKIPPED} == {"LAY-011", "LAY-012"}


@pytest.mark.parametrize(
    ("named", "same"),
    [
        ("0001.tif", True),
        ("/mnt/scans/0001.TIF", True),
        ("D:\\scans\\0001.tif", True),
        ("https://example.org/iiif/0001.jpg?size=full", True),
        ("Stra%C3%9Fe/0001.png", True),
        ("0001", True),
        ("00010.tif", False),
        ("0001.tif.png", False),
    ],
)
def test_images_are_compared_by_name(named: str, same: bool) -> None:
    subject = layout(ALTO)
    page = replace(subject.document.pages[0], image=named)
    subject = replace(subject, document=replace(subject.document, pages=(page,)))
    assert ("LAY-011" in {finding.code for finding in findings(subject)}) is not same
