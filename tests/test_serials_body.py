"""Bodies: articles, paragraphs and how they tie, lists of headlines, pages, and the reading text made of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from transcripts import QINGHE, SALTMARSH, chinese, english, inspected, issue, oddities, places

from archiver.model.serial import Issue, OddityKind
from archiver.serials.articles import page_label
from archiver.serials.paragraphs import CONTAINMENT, containment, is_terminated
from archiver.serials.reading_text import reading_text

HEAD = 25  # the line on which the first article of `chinese` begins
LONG = "去年秋天涨水的时候,七号墩的围堰两次漫顶,工人们改在夜里低水位时浇筑"


def body(*blocks: str) -> str:
    return "\n\n".join(("## 渡口添了一盏灯", *blocks))


def odd(folder: Path, text: str) -> list[tuple[str, int | None]]:
    return places(inspected(folder, text))


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("灯亮了。", True), ("灯亮了", False), ("“灯亮了。”", True), ("灯亮了?)", True), ("如下:", True),
        ("灯亮了,", False), ("", False), ("。", True), ("”", False), ("灯亮了。 ", True), ("灯……", True),
    ],
)  # fmt: skip
def test_what_ends_a_sentence(text: str, ended: bool) -> None:
    assert is_terminated(text, QINGHE.articles) is ended


def test_a_column_break(tmp_path: Path) -> None:
    text = chinese(body(LONG + ",两岸的便", "道拆掉了。", "完。"))
    assert odd(tmp_path, text) == [("ISS-010", HEAD + 2)]
    (article,) = issue(tmp_path, text).articles
    assert [paragraph.joins_previous for paragraph in article.paragraphs] == [False, True, False]
    (found,) = article.oddities
    assert (found.lines, found.words) == ((HEAD + 2, HEAD + 4), "筑,两岸的便|道拆掉了。")


def test_a_paragraph_over_three_columns(tmp_path: Path) -> None:
    text = chinese(body(LONG, LONG[::-1], "桥就这样造好了。"))
    assert odd(tmp_path, text) == [("ISS-010", HEAD + 2), ("ISS-010", HEAD + 4)]
    derived = reading_text(issue(tmp_path, text), QINGHE.articles).content.decode()
    assert LONG + LONG[::-1] + "桥就这样造好了。\n" in derived


@pytest.mark.parametrize("blank", [1, 2, 3, 4, 9])
def test_a_run_of_blank_lines(tmp_path: Path, blank: int) -> None:
    text = chinese("## 甲\n\n灯亮了。" + "\n" * (blank + 1) + "人们都来看。")
    assert odd(tmp_path, text) == ([("ISS-011", HEAD + 2)] if blank >= 3 else [])
    gaps = oddities(issue(tmp_path, text), OddityKind.GAP)
    assert [gap.lines for gap in gaps] == ([tuple(range(HEAD + 2, HEAD + 3 + blank))] if blank >= 3 else [])


def test_blank_lines_around_a_headline_and_a_byline_are_no_gap(tmp_path: Path) -> None:
    text = chinese("## 甲\n\n\n\n\n灯亮了。\n\n\n\n\n(记者 甲乙)\n\n\n\n\n## 乙\n\n人们都来看。")
    assert odd(tmp_path, text) == []


def test_a_byline_amid_a_body_is_no_gap(tmp_path: Path) -> None:
    assert odd(tmp_path, chinese(body("灯亮了。", "(摄影 闻溪)", "人们都来看。"))) == []
    with_gap = chinese("## 甲\n\n灯亮了。\n\n\n\n(摄影 闻溪)\n\n人们都来看。")
    assert odd(tmp_path, with_gap) == [("ISS-011", HEAD + 2)]


def test_text_lost_at_the_end(tmp_path: Path) -> None:
    text = chinese(body("灯亮了。", LONG + ",而沿塘的几个村眼下能够抽出来的"))
    assert odd(tmp_path, text) == [("ISS-011", HEAD + 4)]
    assert reading_text(issue(tmp_path, text), QINGHE.articles).content.decode().endswith("[…]\n")


def test_a_repeat(tmp_path: Path) -> None:
    text = chinese(body(LONG + "。", LONG[5:] + "。", "完。"))
    assert odd(tmp_path, text) == [("ISS-012", HEAD + 4)]
    (article,) = issue(tmp_path, text).articles
    assert article.oddities[0].length == len(LONG[5:]) + 1
    assert reading_text(issue(tmp_path, text), QINGHE.articles).content.decode().count(LONG[5:]) == 1


def test_a_paragraph_that_stands_three_times(tmp_path: Path) -> None:
    text = chinese(body(LONG + "。", LONG + "。", LONG + "。"))
    assert odd(tmp_path, text) == [("ISS-012", HEAD + 4), ("ISS-012", HEAD + 6)]


def test_a_paragraph_that_goes_on_after_its_repeat(tmp_path: Path) -> None:
    text = chinese(body(LONG, LONG[6:], ",直到天亮。"))
    assert odd(tmp_path, text) == [("ISS-010", HEAD + 2), ("ISS-012", HEAD + 4)]
    assert LONG + ",直到天亮。\n" in reading_text(issue(tmp_path, text), QINGHE.articles).content.decode()
    lost = chinese(body(LONG, LONG[6:]))
    assert odd(tmp_path, lost) == [("ISS-011", HEAD + 2), ("ISS-012", HEAD + 4)]
    assert reading_text(issue(tmp_path, lost), QINGHE.articles).content.decode().endswith("[…]\n")


@pytest.mark.parametrize(
    "blocks",
    [
        ("要点如下:", "- 先修灯", "- 再修桥", "都修好了。"),  # a list
        ("河风不大。", "一条新路", "新路通到渡口。"),  # a subheading
        ("河风不大。", "### 一条新路", "新路通到渡口。"),
        ("他说:“灯亮了。”", "她说:“看见了!”"),  # closing marks after the end
        ("灯亮了。", "灯亮了。"),  # too short to be a repeat
        ("人来。", "人往。", "灯亮。"),
        (LONG + "。", "七号墩的围堰又漫顶了,工人们仍旧在夜里浇筑,只是换了一班人。"),  # alike, and another paragraph
    ],
)
def test_nothing_is_odd(tmp_path: Path, blocks: tuple[str, ...]) -> None:
    assert odd(tmp_path, chinese(body(*blocks))) == []


def test_a_continuation(tmp_path: Path) -> None:
    text = chinese(body("灯亮了。 (下转三版)"), body(LONG + "(下转二版)", "完。"))
    found = issue(tmp_path, text)
    assert [article.continued_on for article in found.articles] == [3, 2]
    assert [(page.number, page.label, page.received) for page in found.pages] == [
        (1, "一版", True), (2, "二版", False), (3, "三版", False),
    ]  # fmt: skip
    assert odd(tmp_path, text) == [(code, line) for code in ("ISS-013", "ISS-015") for line in (HEAD + 2, HEAD + 6)]


def test_words_like_a_continuation_amid_a_sentence(tmp_path: Path) -> None:
    assert odd(tmp_path, chinese(body("这一行写着(下转二版),那一行没有写。"))) == []


def test_headlines_that_point_on(tmp_path: Path) -> None:
    text = chinese(body("灯亮了。"), "- 甲村的桥\n- 乙村的路\n\n(详见二版)", "- 丙村的灯\n\n(详见三版)")
    found = issue(tmp_path, text)
    assert [(entry.identifier, entry.headline, entry.page) for entry in found.index_entries] == [
        ("index-001", "甲村的桥", 2), ("index-002", "乙村的路", 2), ("index-003", "丙村的灯", 3),
    ]  # fmt: skip
    assert [article.paragraphs[-1].text for article in found.articles] == ["灯亮了。"]
    assert [code for code, _line in odd(tmp_path, text)] == ["ISS-014", "ISS-014", "ISS-015", "ISS-015"]


def test_a_pointer_before_its_headlines(tmp_path: Path) -> None:
    text = chinese(body("灯亮了。"), "(详见二版)\n- 甲村的桥\n- 乙村的路\n\n(详见三版)\n- 丙村的灯")
    found = issue(tmp_path, text)
    assert [(entry.headline, entry.page) for entry in found.index_entries] == [
        ("甲村的桥", 2), ("乙村的路", 2), ("丙村的灯", 3),
    ]  # fmt: skip


def test_a_list_that_nothing_points_to_is_text(tmp_path: Path) -> None:
    found = issue(tmp_path, chinese(body("要点如下:", "- 先修灯\n- 再修桥")))
    assert found.index_entries == () and len(found.articles[0].paragraphs) == 2


def test_pages(tmp_path: Path) -> None:
    text = english(
        "## One\n\nThe lamp was lit.", "[Page 2]", "## Two\n\nThe bell rang. (Continued on page 4)", "[Page 3]"
    )
    found = issue(tmp_path, text)
    assert [article.page for article in found.articles] == [1, 2]
    assert [(page.number, page.received) for page in found.pages] == [(1, True), (2, True), (3, True), (4, False)]
    spans = [page.span for page in found.pages if page.span]
    content = text.encode()
    assert b"\n".join(content[span.begin : span.end] for span in spans) == content
    assert all(before.end <= after.begin for before, after in pairwise(spans))
    assert odd(tmp_path, text) == [("ISS-013", 19), ("ISS-015", 19)]


def test_a_paragraph_that_goes_on_on_the_next_page(tmp_path: Path) -> None:
    text = english(
        "## One\n\nThe ferry, which had been out since six, came", "[Page 2]", "home at noon, and everybody cheered."
    )
    (article,) = issue(tmp_path, text).articles
    assert [paragraph.page for paragraph in article.paragraphs] == [1, 2]
    assert article.paragraphs[1].joins_previous
    derived = reading_text(issue(tmp_path, text), SALTMARSH.articles).content.decode()
    assert "came home at noon" in derived


def test_a_hyphen_at_a_column_break_goes(tmp_path: Path) -> None:
    text = english("## One\n\nPassengers on the first boat said they had, all of them, for-\n\ngotten the sound.")
    assert "forgotten the sound." in reading_text(issue(tmp_path, text), SALTMARSH.articles).content.decode()
    assert odd(tmp_path, text) == [("ISS-010", 13)]


def test_a_sentence_that_begins_with_by_is_text(tmp_path: Path) -> None:
    (article,) = issue(tmp_path, english("## One\n\nBy Jane Alder\n\nBy noon the tide had turned.")).articles
    assert [byline.names for byline in article.bylines] == [("Jane Alder",)]
    assert [paragraph.text for paragraph in article.paragraphs] == ["By noon the tide had turned."]


def test_lines_of_one_paragraph(tmp_path: Path) -> None:
    (article,) = issue(tmp_path, english("## One\n\nThe lamp\nwas lit.\nAll saw it.")).articles
    assert [paragraph.text for paragraph in article.paragraphs] == ["The lamp was lit. All saw it."]
    (other,) = issue(tmp_path, chinese("## 甲\n\n灯亮\n了。")).articles
    assert [paragraph.text for paragraph in other.paragraphs] == ["灯亮了。"]


@pytest.mark.parametrize(("page", "label"), [(1, "一版"), (10, "十版"), (12, "十二版"), (100, "100版")])
def test_the_label_of_a_page(page: int, label: str) -> None:
    assert page_label(page, QINGHE.articles) == label
    assert page_label(page, SALTMARSH.articles) == f"Page {page}"


@given(st.text(min_size=12, max_size=200), st.data())
def test_a_part_is_wholly_contained(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    part = text[begin:end]
    assert containment(part, text) == (1.0 if part.split() else 0.0)


@given(st.text(max_size=80), st.text(max_size=80))
def test_containment_is_a_share(part: str, whole: str) -> None:
    share = containment(part, whole)
    assert 0.0 <= share <= 1.0
    if "".join(part.split()) and "".join(part.split()) in "".join(whole.split()):
        assert share == 1.0


@given(st.text("甲乙丙丁戊己庚辛", min_size=60, max_size=200))
def test_other_words_are_not_contained(text: str) -> None:
    assert containment(text.translate(str.maketrans("甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未")), text) < CONTAINMENT


CLEAN = st.lists(
    st.text("山川风月云雨江河湖海花草树木鸟兽虫鱼日星", min_size=6, max_size=30).map(lambda words: words + "。"),
    min_size=1,
    max_size=6,
    unique=True,
)


@given(articles=st.lists(CLEAN, min_size=1, max_size=4))
def test_without_oddities_every_paragraph_stands_unchanged(
    tmp_path_factory: pytest.TempPathFactory, articles: list[list[str]]
) -> None:
    text = chinese(*(body(*paragraphs) for paragraphs in articles))
    described: Issue = issue(tmp_path_factory.mktemp("clean"), text)
    assume(not any(article.oddities for article in described.articles))  # two paragraphs drawn alike
    assert [[paragraph.text for paragraph in article.paragraphs] for article in described.articles] == articles
    derived = reading_text(described, QINGHE.articles)
    for article, paragraphs in zip(described.articles, articles, strict=True):
        span = derived.spans[article.identifier]
        cut = derived.content[span.begin : span.end].decode()
        assert cut == "\n\n".join((f"## {article.headline}", *paragraphs))
        lines = derived.content.decode().split("\n")
        assert "\n".join(lines[span.first_line - 1 : span.last_line]) == cut


def test_the_spans_of_a_reading_text_are_its_parts(qinghe: Path, tmp_path: Path) -> None:
    described = issue(tmp_path, qinghe.read_bytes())
    derived = reading_text(described, QINGHE.articles)
    lines = derived.content.decode().split("\n")
    for identifier, span in derived.spans.items():
        cut = derived.content[span.begin : span.end].decode()
        assert cut == "\n".join(lines[span.first_line - 1 : span.last_line]), identifier
        assert cut.strip() == cut
    for article in described.articles:
        begin = derived.spans[article.identifier].begin
        assert derived.content[begin:].decode().startswith(f"## {article.headline}\n")
        for paragraph in article.paragraphs:
            assert derived.content.decode().count(paragraph.text) == 1
    for entry in described.index_entries:
        span = derived.spans[entry.identifier]
        assert derived.content[span.begin : span.end].decode() == f"- {entry.headline}"
    assert derived.content.endswith(b"\n") and not derived.content.endswith(b"\n\n")
