"""Issues unlike the specimens: whatever the model can say is written validly, and no rule finds fault with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from metadata_specimens import described, make
from test_metadata import texts, together  # noqa: F401  the fixture of the official schemas

from archiver import plugs
from archiver.metadata.reading import ARTICLES, ISSUE, MODS
from archiver.metadata.reading_mets import read_mets
from archiver.metadata.xml import parse
from archiver.model.report import Outcome
from archiver.model.serial import Confidence, IndexEntry, Issue, Numbering, Page, Span, Statement, Title

Variant = Callable[[Issue], Issue]


def said(field: str, value: str) -> Statement:
    return Statement(field, value, value, (9,), Confidence.PATTERN)


def _all_fields(issue: Issue) -> Issue:
    more = [
        ("issn", "1234-5679"),
        ("cn-number", "CN 41-0001"),
        ("editor", "闻溪"),
        ("place", "青禾"),
        ("price", "一元"),
        ("motto", "惟实"),
        ("recipients", "各街道"),
        ("printer", "青禾印刷厂"),
        ("print-date", "2021年5月8日"),
        ("print-run", "3000"),
        ("page-count", "4"),
    ]
    statements = (*issue.statements, *(said(field, value) for field, value in more))
    return replace(issue, statements=statements, not_transcribed=())


def _bare(issue: Issue) -> Issue:
    """Nothing but what an issue cannot be without."""
    return replace(
        issue,
        title=Title(issue.title.text, "chi"),
        parallel_titles=(),
        publisher="",
        statements=(),
        numbering=Numbering(issue="18"),
        country="",
        script="",
        access="open",
        not_transcribed=(),
        notes=(),
        oddities=(),
        index_entries=(),
    )


def _no_articles(issue: Issue) -> Issue:
    return replace(issue, articles=(), oddities=())


def _combined(issue: Issue) -> Issue:
    numbering = Numbering("3", "第三卷", "9-10", "第9-10期", 412, "总第412-413期", "晚报")
    return replace(issue, numbering=numbering)


def _two_parallel_titles(issue: Issue) -> Issue:
    titles = (Title("青禾周讯", "chi", "Hans", "Qing he zhou xun", "pinyin"), *issue.parallel_titles)
    return replace(issue, parallel_titles=titles)


def _entry_without_a_page(issue: Issue) -> Issue:
    entry = IndexEntry("index-009", "不知何处", 90, None, "详见后版")
    return replace(issue, index_entries=(*issue.index_entries, entry, replace(entry, page=7)))


def _absent_page_without_a_pointer(issue: Issue) -> Issue:
    pages = (*issue.pages, Page(3, "三版", received=False))
    return replace(issue, pages=pages)


def _over_two_pages(issue: Issue) -> Issue:
    """The first article goes on on page 2, which came; the page marker between is part of neither."""
    first = issue.articles[0]
    *own, last = first.paragraphs
    moved = replace(first, paragraphs=(*own, replace(last, page=2)))
    pages = (issue.pages[0], replace(issue.pages[1], received=True, span=last.span, pointed_to_by=()))
    return replace(issue, articles=(moved, *issue.articles[1:]), pages=pages)


def _headline_alone_on_its_page(issue: Issue) -> Issue:
    first = issue.articles[0]
    moved = replace(first, paragraphs=tuple(replace(each, page=2) for each in first.paragraphs))
    pages = (issue.pages[0], replace(issue.pages[1], received=True, span=first.span, pointed_to_by=()))
    return replace(issue, articles=(moved, *issue.articles[1:]), pages=pages)


VARIANTS: dict[str, Variant] = {
    "all fields": _all_fields,
    "bare": _bare,
    "no articles": _no_articles,
    "combined": _combined,
    "two parallel titles": _two_parallel_titles,
    "entry without a page": _entry_without_a_page,
    "absent page without a pointer": _absent_page_without_a_pointer,
    "over two pages": _over_two_pages,
    "headline alone on its page": _headline_alone_on_its_page,
}
each_variant = pytest.mark.parametrize("variant", VARIANTS)


def made(variant: str):  # type: ignore[no-untyped-def]
    return make("qinghe", lambda issue: VARIANTS[variant](issue))


@each_variant
def test_no_rule_finds_fault(variant: str) -> None:
    specimen = made(variant)
    runs, findings = plugs.run_checks("package", specimen.package, subject=variant)
    assert findings == ()
    assert [run for run in runs if run.outcome is Outcome.BROKEN] == []


@pytest.mark.xsd
@each_variant
def test_it_is_valid_by_the_official_schemas_together(variant: str, together) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    for content in made(variant).documents.values():
        together.assertValid(parse(content))


def test_every_field_of_the_masthead_is_kept() -> None:
    record = made("all fields").documents[MODS].decode()
    issue = _all_fields(described("qinghe"))
    lost = [each.field for each in issue.statements if each.value not in record and each.field != "issue-date"]
    assert lost == []
    assert issue.issued.isoformat() in record


def test_parts_of_an_article_on_two_pages_that_came() -> None:
    specimen = made("over two pages")
    content = specimen.contents["data/representations/original/data/qinghe-2021-05-09.txt"]
    facts = read_mets(parse(specimen.documents[ISSUE]), ISSUE)
    parts = [division for division in facts.divisions() if division.kind == "article-part"][:2]
    spans = [part.areas[0].span for part in parts]
    assert spans[0] is not None
    assert spans[1] is not None
    first, second = (content[span.begin : span.end].decode() for span in spans if span is not None)
    article = specimen.issue.articles[0]
    assert first.startswith(f"## {article.headline}")
    assert first.endswith(article.paragraphs[-2].text)
    assert second.startswith(article.paragraphs[-1].text)
    assert second.endswith(article.bylines[0].printed)
    assert (
        texts(specimen.documents[ARTICLES], "mods:mods/mods:relatedItem/mods:part/mods:extent/mods:list")[0] == "1, 2"
    )


def test_a_headline_alone_on_its_page_has_its_own_place() -> None:
    specimen = made("headline alone on its page")
    content = specimen.contents["data/representations/original/data/qinghe-2021-05-09.txt"]
    facts = read_mets(parse(specimen.documents[ISSUE]), ISSUE)
    part = next(division for division in facts.divisions() if division.kind == "article-part")
    span = part.areas[0].span
    assert span is not None
    assert content[span.begin : span.end].decode().strip() == f"## {specimen.issue.articles[0].headline}"


def test_what_takes_no_byte_has_no_place() -> None:
    def empty(issue: Issue) -> Issue:
        return replace(issue, pages=(issue.pages[0], Page(2, "二版", received=True, span=Span(80, 80, 40, 40))))

    facts = read_mets(parse(make("qinghe", empty).documents[ISSUE]), ISSUE)
    page = next(division for division in facts.divisions() if division.identifier == "PHYS_0002")
    assert page.areas == ()


def test_an_entry_without_a_known_page_is_linked_to_the_sequence() -> None:
    facts = read_mets(parse(made("entry without a page").documents[ISSUE]), ISSUE)
    assert [link.end for link in facts.links][-2:] == ["PHYS_0000", "PHYS_0000"]
