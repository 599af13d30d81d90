"""The first real deposit: everything that is in it is found, and nothing else.

The deposit is not part of the repository, and none of its text is: lines, lengths, counts and digests are compared.
"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from transcripts import PROFILES

from archiver import inspection
from archiver.inspection import Inspected
from archiver.model.report import Outcome, Severity
from archiver.model.serial import Agreement, Confidence, Issue, OddityKind
from archiver.serials.reading_text import reading_text

pytestmark = pytest.mark.seed

SERIAL = "shangjie-newsletter"
# headline's line, last line, characters of the headline, names in the byline, its line, lines where paragraphs begin
ARTICLES = [
    (27, 43, 12, 2, 43, (29, 31, 33, 35, 37, 39, 41)),
    (45, 59, 20, 3, 59, (47, 49, 51, 53, 55, 57)),
    (61, 73, 17, 2, 73, (63, 65, 67, 69, 71)),
    (75, 85, 27, 0, None, (77, 79, 81, 85)),
    (87, 97, 24, 0, None, (89, 91, 93, 95, 97)),
    (99, 109, 17, 3, 109, (101, 103, 105, 107)),
    (111, 125, 16, 2, 125, (113, 115, 117, 119, 121, 123)),
]


@pytest.fixture(scope="module", params=[None, SERIAL], ids=["recognised", "named"])
def found(request: pytest.FixtureRequest, seed: Path) -> Inspected:
    return inspection.inspect(seed, PROFILES, request.param)


@pytest.fixture(scope="module")
def issue(found: Inspected) -> Issue:
    (reading,) = found.readings
    assert reading.issue is not None and reading.serial == SERIAL
    return reading.issue


def digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def test_every_finding_and_no_other(found: Inspected) -> None:
    assert [(each.code, each.line) for each in found.findings] == [
        ("TXT-007", None),
        ("SER-007", None),
        ("SER-007", None),
        ("SER-007", None),
        ("SER-007", None),
        ("ISS-010", 33),
        ("ISS-010", 53),
        ("ISS-010", 65),
        ("ISS-011", 81),
        ("ISS-012", 97),
        ("ISS-013", 95),
        ("ISS-014", 127),
        ("ISS-015", 95),
    ]
    warnings = {each.code for each in found.findings if each.severity is Severity.WARNING}
    assert warnings == {"ISS-011", "ISS-012", "ISS-015"}
    assert not [each for each in found.findings if each.severity is Severity.ERROR]
    assert found.acceptable


def test_every_check_ran(found: Inspected) -> None:
    skipped = {run.code for run in found.checks if run.outcome not in {Outcome.PASSED, Outcome.FAILED}}
    # One file, no policy and no third program for formats, no register that was asked.
    assert skipped == {"COR-015", "FMT-001", "FMT-002", "FMT-011", "DUP-002"}


def test_every_field_of_the_masthead(issue: Issue) -> None:
    exact, pattern, joined = Confidence.EXACT, Confidence.PATTERN, Confidence.JOINED
    agrees, unchecked = Agreement.AGREES, Agreement.NOT_CHECKED
    assert [(said.field, said.lines, said.confidence, said.agreement) for said in issue.statements] == [
        ("title", (3,), exact, agrees),
        ("parallel-title", (5,), exact, agrees),
        ("publisher", (7,), pattern, agrees),
        ("issue-date", (9, 11), joined, agrees),
        ("weekday", (13,), pattern, agrees),
        ("lunar-date", (15,), pattern, agrees),
        ("permit-number", (17, 19), joined, unchecked),
        ("issue-number", (21,), pattern, agrees),
        ("whole-number", (21,), pattern, agrees),
        ("access-statement", (23,), exact, unchecked),
        ("hotline", (25,), pattern, unchecked),
    ]


def test_the_values_of_the_masthead(issue: Issue) -> None:
    profile = PROFILES[SERIAL]
    values = {said.field: said.value for said in issue.statements}
    assert (issue.title, issue.parallel_titles) == (profile.title, profile.parallel_titles)
    assert issue.publisher == profile.publisher
    assert issue.issued == date(2020, 3, 15) and issue.issued.weekday() == 6
    assert (issue.numbering.issue, issue.numbering.whole, issue.numbering.volume) == ("9", 636, "")
    assert "628" in next(said.compared for said in issue.statements if said.field == "whole-number")
    assert len(values["permit-number"]) == 20 and values["permit-number"].endswith("00015号")
    assert len(values["hotline"]) == 8 and values["hotline"].isdecimal()
    assert issue.identifier == "shangjie-newsletter_2020-03-15_no00636"
    assert issue.access == "restricted"


def test_nothing_is_recorded_for_what_is_not_there(issue: Issue) -> None:
    assert issue.not_transcribed == ("recipients", "printer", "print-date", "print-run")
    said = {statement.field for statement in issue.statements}
    assert not said & {"issn", "cn-number", "editor", "place", "page-count", "volume", "edition", "price"}


def test_the_articles_with_their_bylines(issue: Issue) -> None:
    assert [
        (
            article.headline_line,
            article.span.last_line,
            len(article.headline),
            sum(len(byline.names) for byline in article.bylines),
            article.bylines[0].lines[0] if article.bylines else None,
            tuple(paragraph.span.first_line for paragraph in article.paragraphs),
        )
        for article in issue.articles
    ] == ARTICLES
    bylines = [byline for article in issue.articles for byline in article.bylines]
    assert {byline.role for byline in bylines} == {"rpt"}
    assert {len(name) for byline in bylines for name in byline.names} == {2, 3}
    assert digest(*sorted({name for byline in bylines for name in byline.names})) == "78ca8d13bc2e4ebc"
    assert digest(*(article.headline for article in issue.articles)) == "5989bfde0b01e083"


def test_breaks_gap_repeat_and_continuation(issue: Issue) -> None:
    assert [
        (position, odd.kind, odd.lines, odd.length, odd.page)
        for position, article in enumerate(issue.articles, 1)
        for odd in article.oddities
    ] == [
        (1, OddityKind.COLUMN_BREAK, (33, 35), 0, None),
        (2, OddityKind.COLUMN_BREAK, (53, 55), 0, None),
        (3, OddityKind.COLUMN_BREAK, (65, 67), 0, None),
        (4, OddityKind.GAP, (81, 82, 83, 84), 0, None),
        (5, OddityKind.CONTINUATION, (95,), 0, 2),
        (5, OddityKind.REPEAT, (97,), 290, None),
    ]
    assert [
        paragraph.span.first_line
        for article in issue.articles
        for paragraph in article.paragraphs
        if paragraph.joins_previous
    ] == [35, 55, 67]


def test_the_headlines_that_point_to_page_two(issue: Issue) -> None:
    assert [(entry.line, entry.page) for entry in issue.index_entries] == [(line, 2) for line in range(127, 133)]
    assert digest(*(entry.headline for entry in issue.index_entries)) == "54ca3974f56a2b66"


def test_the_page_that_was_not_deposited(issue: Issue) -> None:
    first, second = issue.pages
    assert (first.number, first.received, first.pointed_to_by) == (1, True, ())
    assert (second.number, second.received, second.span) == (2, False, None)
    assert second.pointed_to_by == (95, 127, 128, 129, 130, 131, 132)


def test_spans_are_the_bytes_of_the_articles(issue: Issue, seed: Path) -> None:
    content = seed.read_bytes()
    assert len(content) == 19135
    for article in issue.articles:
        cut = content[article.span.begin : article.span.end].decode()
        assert cut.startswith(f"## {article.headline}\n")
        assert cut.count("\n") == article.span.last_line - article.span.first_line
    for before, after in pairwise(article.span for article in issue.articles):
        assert content[before.end : after.begin].strip() == b""
    page = issue.pages[0].span
    assert page is not None and (page.begin, page.end) == (0, len(content))


def test_the_reading_text_joins_and_leaves_out_and_marks(issue: Issue, seed: Path) -> None:
    derived = reading_text(issue, PROFILES[SERIAL].articles)
    text = derived.content.decode()
    original = seed.read_text(encoding="utf-8").split("\n")
    for stop, go in ((33, 35), (53, 55), (65, 67)):
        assert original[stop - 1] + original[go - 1] in text
    assert text.count(original[96]) == 1  # once, within the paragraph that it repeats
    assert text.count("[…]") == 1
    fourth = derived.spans["article-004"]
    assert "[…]" in derived.content[fourth.begin : fourth.end].decode()
