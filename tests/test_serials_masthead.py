"""Mastheads: every line accounted for, dates and numbers compared, nothing guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from transcripts import ARTICLE, PROFILES, QINGHE, SALTMARSH, chinese, english, inspected, issue, places, reading

from archiver import profiles
from archiver.errors import UsageError
from archiver.model.serial import Agreement, Confidence
from archiver.model.transcript import Line
from archiver.serials.bylines import read_bylines
from archiver.serials.masthead_region import bare


def test_a_whole_masthead_has_no_finding(tmp_path: Path) -> None:
    assert places(inspected(tmp_path, chinese())) == []
    assert places(inspected(tmp_path, english())) == []


def test_a_date_in_two_lines_and_in_one(tmp_path: Path) -> None:
    split = reading(tmp_path, chinese())
    one = reading(tmp_path, chinese(month="2021年5月9日", day=None))
    for found, lines, confidence in ((split, (7, 9), Confidence.JOINED), (one, (7,), Confidence.PATTERN)):
        assert found.issue is not None and found.issue.issued == date(2021, 5, 9)
        said = found.issue.statement("issue-date")
        assert said is not None
        assert (said.value, said.lines, said.confidence) == ("2021-05-09", lines, confidence)
    assert split.issue is not None and split.issue.date_printed == "2021年5月9"


def test_digits_may_be_of_full_width(tmp_path: Path) -> None:
    found = issue(tmp_path, chinese(month="2021年5月", day="9", numbers="第18期(总第412期)"))
    assert (found.issued, found.numbering.issue, found.numbering.whole) == (date(2021, 5, 9), "18", 412)
    assert found.identifier == "qinghe-newsletter_2021-05-09_no00412"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"month": None, "day": None}, [("SER-003", None)]),
        ({"day": None}, [("SER-003", None), ("SER-006", 7)]),
        ({"month": "2021年2月", "day": "30"}, [("SER-003", 7)]),
        ({"month": "2020年2月30日", "day": None}, [("SER-003", 7)]),
        ({"month": "2021年13月"}, [("SER-003", 7)]),
        ({"month": "0000年5月"}, [("SER-003", 7)]),
        ({"numbers": None}, [("SER-004", None), ("SER-004", None)]),
        ({"numbers": "第18期"}, [("SER-004", None), ("SER-004", None), ("SER-006", 19)]),
        ({"weekday": "星期一"}, [("ISS-001", 11)]),
        ({"lunar": "辛丑年三月廿九"}, [("ISS-002", 13)]),
        ({"lunar": "庚子年三月廿八"}, [("ISS-002", 13)]),
        ({"lunar": "辛丑年闰三月廿八"}, [("ISS-002", 13)]),
        ({"day": "8", "weekday": "星期六", "lunar": "辛丑年三月廿七"}, [("ISS-004", 7)]),
        ({"numbers": "第18期(总第17期)"}, [("ISS-003", 19)]),
        ({"numbers": "第0期(总第412期)"}, [("ISS-003", 19)]),
        ({"extra": "第19期(总第413期)"}, [("SER-005", 25), ("SER-005", 25)]),
        ({"extra": "星期一"}, [("SER-005", 25)]),
        ({"extra": "星期日"}, []),
        ({"extra": "今日四版"}, [("SER-006", 25)]),
        ({"permit": "禾川省连续性内资"}, [("SER-006", 15)]),
        ({"title": "# 青禾晚报"}, [("SER-001", None)]),
        ({"month": "2999年5月", "weekday": None}, [("ISS-004", 7)]),
    ],
)
def test_one_line_of_the_masthead_is_otherwise(
    tmp_path: Path, changed: dict[str, str | None], expected: list[tuple[str, int | None]]
) -> None:
    assert places(inspected(tmp_path, chinese(**changed))) == expected


def test_both_values_are_said(tmp_path: Path) -> None:
    found = inspected(tmp_path, chinese(weekday="星期一", lunar="辛丑年三月廿九", numbers="第18期(总第17期)"))
    words = {each.code: each.message for each in found.findings}
    assert "星期一" in words["ISS-001"] and "星期日" in words["ISS-001"]
    assert "三月廿九" in words["ISS-002"] and "三月廿八" in words["ISS-002"]
    assert "18" in words["ISS-003"] and "17" in words["ISS-003"]
    described = found.readings[0].issue
    assert described is not None
    assert [said.field for said in described.statements if said.agreement is Agreement.DISAGREES] == [
        "issue-date", "weekday", "lunar-date", "issue-number", "whole-number",
    ]  # fmt: skip


def test_a_conflict_names_both_lines(tmp_path: Path) -> None:
    (found,) = [each for each in inspected(tmp_path, chinese(extra="星期一")).findings if each.code == "SER-005"]
    assert "'星期日' in line 11" in found.message and "'星期一' in line 25" in found.message


def test_a_date_without_a_chinese_date_is_a_notice(tmp_path: Path) -> None:
    found = inspected(tmp_path, chinese(lunar=None))
    assert any("lunar-date" in each.message for each in found.findings if each.code == "SER-007")
    assert found.readings[0].issue is not None and "lunar-date" in found.readings[0].issue.not_transcribed


def test_a_second_masthead(tmp_path: Path) -> None:
    first, second = chinese(), chinese(day="16", numbers="第19期(总第413期)")
    found = inspected(tmp_path, first + second)
    assert places(found) == [("SER-002", first.count("\n") + 1)]
    assert not found.acceptable and found.readings[0].issue is None
    other = inspected(tmp_path, first + english())
    assert places(other) == [("SER-002", first.count("\n") + 1)]


def test_the_title_within_an_article_is_no_masthead(tmp_path: Path) -> None:
    article = "## 一份报纸\n\n本报的名字是什么?\n\n青禾时报\n\n这四个字写在门口。"
    assert "SER-002" not in dict(places(inspected(tmp_path, chinese(article))))


def test_the_mastheads_of_two_serials(tmp_path: Path) -> None:
    both = "# The Saltmarsh Weekly Courier\n\n" + chinese()
    found = inspected(tmp_path, both)
    assert places(found) == [("SER-001", None)]
    assert "qinghe-newsletter, saltmarsh-courier" in found.findings[-1].message or any(
        "qinghe-newsletter, saltmarsh-courier" in each.message for each in found.findings
    )
    named = inspected(tmp_path, both, "qinghe-newsletter")
    assert ("SER-006", 1) in places(named) and named.readings[0].issue is not None


def test_the_serial_that_is_named_is_the_only_one_tried(tmp_path: Path) -> None:
    found = inspected(tmp_path, chinese(), "saltmarsh-courier")
    assert places(found) == [("SER-001", None)] and "saltmarsh-courier" in found.findings[-1].message
    with pytest.raises(UsageError, match=r"no-such.*qinghe-newsletter"):
        reading(tmp_path, chinese(), "no-such")


def test_lines_between_a_very_long_masthead_and_the_first_headline_are_named(tmp_path: Path) -> None:
    lost = "\n".join(f"行{number}" for number in range(100))
    found = places(inspected(tmp_path, chinese(lost + "\n\n" + ARTICLE)))
    assert [code for code, _line in found] == ["SER-006"] * (80 - 12 + 1)
    assert found[-1][1] == found[-2][1] + 1  # type: ignore[operator]


def test_without_a_headline_there_are_no_articles(tmp_path: Path) -> None:
    found = reading(tmp_path, chinese("没有标题的一段话。"))
    assert found.issue is not None and found.issue.articles == ()
    assert [fault.line for fault in found.faults] == [25]


def test_volume_number_place_and_price(tmp_path: Path) -> None:
    found = issue(tmp_path, english())
    assert (found.numbering.volume, found.numbering.volume_caption) == ("12", "Vol. XII")
    assert (found.numbering.issue, found.numbering.issue_caption, found.numbering.whole) == ("18", "No. 18", None)
    values = {said.field: said.value for said in found.statements}
    assert (values["place"], values["price"], found.publisher) == (
        "Quay Street, Saltmarsh", "40p", "Saltmarsh Harbour Press",
    )  # fmt: skip
    assert found.identifier == "saltmarsh-courier_2019-05-04_v012-no0018"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"date": "Friday, 4 May 2019"}, [("ISS-001", 5)]),
        ({"date": "Saturday, 31 April 2019"}, [("SER-003", 5)]),
        ({"date": "Sunday, 5 May 2019"}, [("ISS-004", 5)]),
        ({"numbers": "No. 18"}, [("SER-004", None), ("SER-004", None), ("SER-006", 3)]),
        ({"numbers": None}, [("SER-004", None), ("SER-004", None)]),
    ],
)
def test_one_line_of_an_english_masthead_is_otherwise(
    tmp_path: Path, changed: dict[str, str | None], expected: list[tuple[str, int | None]]
) -> None:
    assert places(inspected(tmp_path, english(**changed))) == expected


def test_a_number_that_the_package_is_named_by_is_required_whatever_the_profile_says(tmp_path: Path) -> None:
    text = QINGHE.text.decode().replace('"issue-date", "issue-number", "whole-number"', '"issue-date"')
    text = text.replace(r"(?P<whole>\d+)", r"(?P<whole>.+)")
    profile = profiles.parse(text.encode(), "changed.toml")
    from archiver.model.transcript import MastheadTrouble, SourceIssue
    from archiver.serials.description import describe

    for numbers, detail in ((None, "whole-number"), ("第18期(总第若干期)", "whole-number in digits")):
        source = reading(tmp_path, chinese(numbers=numbers)).source.transcript
        found = describe(SourceIssue(source), {profile.identifier: profile})
        assert found.issue is None
        faults = [fault.detail for fault in found.faults if fault.trouble is MastheadTrouble.MISSING_FIELD]
        assert faults == [detail]


@pytest.mark.parametrize(
    ("line", "words"),
    [("# 青禾时报", "青禾时报"), ("**青禾时报**", "青禾时报"), ("  ###  A_b ", "A_b"), ("#青禾", "#青禾"), ("", "")],
)
def test_marks_around_a_line(line: str, words: str) -> None:
    assert bare(line) == words


def bylines(text: str, serial: str) -> list[tuple[str, tuple[str, ...]]]:
    forms = PROFILES[serial].articles
    assert forms.byline is not None and forms.byline.fullmatch(text), text
    found = read_bylines(Line(7, text, 0, len(text)), forms)
    assert all(byline.lines == (7,) and byline.printed == text for byline in found)
    return [(byline.role, byline.names) for byline in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(记者 柳听澜)", [("rpt", ("柳听澜",))]),
        ("(记者 柳听澜 秦小渡)", [("rpt", ("柳听澜", "秦小渡"))]),
        ("(记者 柳听澜、秦小渡,宁舟)", [("rpt", ("柳听澜", "秦小渡", "宁舟"))]),
        ("(记者 柳听澜 通讯员 阮半夏)", [("rpt", ("柳听澜",)), ("ctb", ("阮半夏",))]),
        ("(记者 秦小渡 宁舟 摄影 闻溪)", [("rpt", ("秦小渡", "宁舟")), ("pht", ("闻溪",))]),
        ("(通讯员 阮半夏)", [("ctb", ("阮半夏",))]),
        ("(本报记者 柳听澜)", [("rpt", ("柳听澜",))]),
        ("(记者柳听澜 秦小渡)", [("rpt", ("柳听澜", "秦小渡"))]),
        ("(本报记者柳听澜 通讯员阮半夏)", [("rpt", ("柳听澜",)), ("ctb", ("阮半夏",))]),
        ("(文/图 闻溪)", [("rpt", ("闻溪",))]),
    ],
)
def test_chinese_bylines(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert bylines(text, "qinghe-newsletter") == expected
    assert bylines(text, "shangjie-newsletter") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jane Alder", [("aut", ("Jane Alder",))]),
        ("By Jane Alder, Staff Reporter", [("rpt", ("Jane Alder",))]),
        ("By Tobias Wren and Jane Alder, Staff Reporters", [("rpt", ("Tobias Wren", "Jane Alder"))]),
        ("By T. R. Wren, Jane Alder and Odile van Marrack, Staff Reporters",
         [("rpt", ("T. R. Wren", "Jane Alder", "Odile van Marrack"))]),
        ("By Odile Marrack, Correspondent, and Tom O’Hay, Photographer",
         [("rpt", ("Odile Marrack",)), ("pht", ("Tom O’Hay",))]),
        ("By Jane Alder, Staff Reporter and Tobias Wren", [("rpt", ("Jane Alder",)), ("aut", ("Tobias Wren",))]),
    ],
)  # fmt: skip
def test_english_bylines(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert bylines(text, "saltmarsh-courier") == expected


@pytest.mark.parametrize("text", ["By noon the tide had turned.", "By and by the rain stopped", "By ", "Bye Jane"])
def test_sentences_that_begin_like_a_byline(text: str) -> None:
    assert SALTMARSH.articles.byline is not None
    assert SALTMARSH.articles.byline.fullmatch(text) is None
