"""Numbering in five languages: volumes, issues, whole numbers, supplements, extras, editions, pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.printed import Certainty, NumberKind
from archiver.serials.numbering_forms import number_value, read_numbering
from archiver.serials.printed_numbers import roman_numeral

VOLUME, ISSUE, WHOLE = NumberKind.VOLUME, NumberKind.ISSUE, NumberKind.WHOLE
SUPPLEMENT, EXTRA, EDITION, PAGE = NumberKind.SUPPLEMENT, NumberKind.EXTRA, NumberKind.EDITION, NumberKind.PAGE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第9期(总第636期)", [(ISSUE, "chi", "9"), (WHOLE, "chi", "636")]),
        ("第9-10期", [(ISSUE, "chi", "9-10")]),
        ("第9、10期", [(ISSUE, "chi", "9-10")]),
        ("第九、十期合刊", [(ISSUE, "chi", "9-10")]),
        ("第9期、第10期合刊", [(ISSUE, "chi", "9-10")]),
        ("总第631-632期", [(WHOLE, "chi", "631-632")]),
        ("總第六百三十一期", [(WHOLE, "chi", "631")]),
        ("第三卷第十二期", [(VOLUME, "chi", "3"), (ISSUE, "chi", "12")]),
        ("第三年第二十一號", [(VOLUME, "chi", "3"), (ISSUE, "chi", "21")]),
        ("第一版", [(PAGE, "chi", "1")]),
        ("A3版", [(PAGE, "chi", "3")]),
        ("增刊", [(SUPPLEMENT, "chi", "")]),
        ("增刊第2期", [(SUPPLEMENT, "chi", "2")]),
        ("号外", [(EXTRA, "chi", "")]),
        ("早报", [(EDITION, "chi", "")]),
        ("晚刊", [(EDITION, "chi", "")]),
        ("Vol. XII, No. 34", [(VOLUME, "eng", "12"), (ISSUE, "eng", "34")]),
        ("VOL. XIIII.—NO. 34", [(VOLUME, "eng", "14"), (ISSUE, "eng", "34")]),
        ("Volume 3 Number 4", [(VOLUME, "eng", "3"), (ISSUE, "eng", "4")]),
        ("No. 3/4", [(ISSUE, "eng", "3-4")]),
        ("Nos. 3, 4", [(ISSUE, "eng", "3-4")]),
        ("No. 123-4", [(ISSUE, "eng", "123-124")]),
        ("No. 12,345", [(ISSUE, "eng", "12345")]),
        ("No. 7 (whole no. 31)", [(ISSUE, "eng", "7"), (WHOLE, "eng", "31")]),
        ("No. 34 – 4 May 2019", [(ISSUE, "eng", "34")]),
        ("Supplement", [(SUPPLEMENT, "eng", "")]),
        ("Extra", [(EXTRA, "eng", "")]),
        ("Late City Edition", [(EDITION, "eng", "")]),
        ("final edition", [(EDITION, "eng", "")]),
        ("Nr. 34. 12. Jahrgang", [(ISSUE, "ger", "34"), (VOLUME, "ger", "12")]),
        ("XII. Jg.", [(VOLUME, "ger", "12")]),
        ("12. Jg. Nr. 12–13", [(VOLUME, "ger", "12"), (ISSUE, "ger", "12-13")]),
        ("Lfd. Nr. 812", [(WHOLE, "ger", "812")]),
        ("Nr. 12/2019", [(ISSUE, "ger", "12")]),
        ("Beilage zu Nr. 34", [(SUPPLEMENT, "ger", ""), (ISSUE, "ger", "34")]),
        ("2. Beilage", [(SUPPLEMENT, "ger", "2")]),
        ("Extrablatt", [(EXTRA, "ger", "")]),
        ("Morgenausgabe", [(EDITION, "ger", "")]),
        ("tome XII", [(VOLUME, "fre", "12")]),
        ("12e année. — N° 34", [(VOLUME, "fre", "12"), (ISSUE, "fre", "34")]),
        ("XIIe année", [(VOLUME, "fre", "12")]),
        ("n° 3-4", [(ISSUE, "fre", "3-4")]),
        ("Nº 1234", [(ISSUE, "fre", "1234")]),
        ("Supplément", [(SUPPLEMENT, "fre", "")]),
        ("édition du soir", [(EDITION, "fre", "")]),
        ("第1234号", [(ISSUE, "jpn", "1234")]),
        ("通巻第5678号", [(WHOLE, "jpn", "5678")]),
        ("第三巻第四号", [(VOLUME, "jpn", "3"), (ISSUE, "jpn", "4")]),
        ("第9・10号", [(ISSUE, "jpn", "9-10")]),
        ("附録", [(SUPPLEMENT, "jpn", "")]),
        ("夕刊", [(EDITION, "jpn", "")]),
    ],
)
def test_forms(text: str, expected: list[tuple[NumberKind, str, str]]) -> None:
    found = read_numbering(text)
    assert [(each.kind, each.language, each.value) for each in found] == expected
    for each in found:
        assert text[each.begin : each.end] == each.printed
        assert (each.figures is None) == (each.first is None)


def test_the_language_of_the_text_decides_between_words_of_two() -> None:
    assert [read_numbering("No. 7", language)[0].language for language in ("", "eng", "fre")] == ["eng", "eng", "fre"]
    assert read_numbering("Supplement", "ger")[0].language == "eng"


def test_forms_that_need_a_look() -> None:
    (odd,) = read_numbering("Vol. XIIII")
    assert (odd.certainty, odd.notation) == (Certainty.LIKELY, "roman") and "14" in odd.trouble
    (none,) = read_numbering("Vol. XVX")
    assert (none.certainty, none.first) == (Certainty.IMPOSSIBLE, None) and "XVX" in none.trouble
    (name,) = read_numbering("青禾晚报")
    assert (name.kind, name.certainty) == (EDITION, Certainty.LIKELY)
    (pages,) = read_numbering("今日四版")
    assert (pages.kind, pages.first, pages.certainty) == (PAGE, 4, Certainty.LIKELY)


@pytest.mark.parametrize("text", ["The No vote", "CN 11-0001", "an VII", "novel 7", "Notice", "第一", "期", ""])
def test_what_is_no_numbering(text: str) -> None:
    assert read_numbering(text) == ()


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("9、10", "9-10"), ("9期、第10", "9-10"), ("九、十", "9-10"), ("3/4", "3-4"), ("1,204", "1204"),
        ("XIIII", "14"), ("六百", "600"), ("x?", ""), ("", ""),
    ],
)  # fmt: skip
def test_values_of_a_profile_s_groups(printed: str, value: str) -> None:
    assert number_value(printed) == value


@given(st.integers(1, 4999), st.integers(1, 999_999), st.integers(0, 5))
def test_numbers_are_read_back(volume: int, issue: int, more: int) -> None:
    last = f"–{issue + more}" if more else ""
    value = f"{issue}-{issue + more}" if more else str(issue)
    found = read_numbering(f"Vol. {roman_numeral(volume)}, No. {issue}{last}")
    assert [each.value for each in found] == [str(volume), value]
    assert [each.value for each in read_numbering(f"第{volume}卷第{issue}{last}期")] == [str(volume), value]
    assert [each.value for each in read_numbering(f"{volume}. Jahrgang, Nr. {issue}{last}")] == [str(volume), value]


@given(st.text(alphabet="No. Vol第期卷号总12345XIVM、-/ 版刊Jgn°e année", max_size=60))
def test_any_text_is_read_without_fault(text: str) -> None:
    before = 0
    for found in read_numbering(text):
        assert before <= found.begin < found.end <= len(text) and text[found.begin : found.end] == found.printed
        assert found.first is None or (found.last is not None and found.first <= found.last)
        before = found.end


def test_a_word_that_goes_on_is_no_caption() -> None:
    """In "Issued" no issue has the Roman number D."""
    assert read_numbering("Issued by the Reading Room", "eng") == ()
