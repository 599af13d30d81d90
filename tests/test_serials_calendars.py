"""Weekdays, Chinese dates and numerals: every form that is printed, against a second computation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.serials import calendars, numerals
from archiver.serials.calendars import ChineseDate, chinese_date, chinese_date_printed, weekday_name, weekday_printed

# The second computation is borax: tables of months, where lunar-python computes the moon.
FIRST, LAST = date(1900, 1, 31), date(2100, 12, 1)


@pytest.mark.parametrize(
    ("printed", "weekday"),
    [
        ("星期一", 0), ("星期日", 6), ("星期天", 6), ("周三", 2), ("週六", 5), ("礼拜天", 6), ("禮拜二", 1),
        ("Monday", 0), ("Sun.", 6), ("TUES", 1), ("thu", 3), (" Saturday ", 5), ("Wednes", 2),
        ("", None), ("星期八", None), ("Mo", None), ("S", None), ("day", None), ("星期", None), ("Sundays", None),
    ],
)  # fmt: skip
def test_weekdays_as_printed(printed: str, weekday: int | None) -> None:
    assert weekday_printed(printed) == weekday


@given(st.dates(), st.sampled_from(["星期一", "周一", "週一", "礼拜一", "禮拜一", "Monday", "Mon"]))
def test_the_weekday_of_a_date_in_the_words_of_the_serial(day: date, like: str) -> None:
    name = weekday_name(day, like)
    assert weekday_printed(name) == day.weekday()
    assert name[0] == like[0] or like.isascii()


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2020, 3, 15), "庚子年二月廿二"),
        (date(2021, 5, 9), "辛丑年三月廿八"),
        (date(2021, 2, 11), "庚子年腊月三十"),  # the last day of a year
        (date(2021, 2, 12), "辛丑年正月初一"),
        (date(2020, 5, 23), "庚子年闰四月初一"),
        (date(2020, 4, 23), "庚子年四月初一"),
        (date(2023, 3, 22), "癸卯年闰二月初一"),
        (date(2017, 7, 23), "丁酉年闰六月初一"),
        (date(2033, 12, 22), "癸丑年闰冬月初一"),  # the leap month on which the rules are put to the test
        (date(2022, 1, 31), "辛丑年腊月廿九"),  # a last month without a thirtieth
        (date(1985, 2, 20), "乙丑年正月初一"),
        (date(2000, 2, 5), "庚辰年正月初一"),
    ],
)
def test_chinese_dates(day: date, printed: str) -> None:
    assert str(chinese_date(day)) == printed
    assert chinese_date_printed(printed) == chinese_date(day)


def test_two_centuries_of_chinese_months_by_a_second_computation() -> None:
    """First and last day of every month. Where a new moon falls within minutes of midnight, the two differ by a day."""
    borax = pytest.importorskip("borax.calendars.lunardate", reason="borax is not installed")
    different: set[date] = set()
    first = FIRST
    while first <= LAST:
        for day in (first, first + timedelta(days=28), first + timedelta(days=29)):
            other = borax.LunarDate.from_solar(day)
            if chinese_date(day) != ChineseDate(other.gz_year, other.month, bool(other.leap), other.day):
                different.add(first)
        first = day if other.day == 1 else day + timedelta(days=1)
    assert {month.year for month in different} == {2089, 2097} and len(different) == 4


@given(st.dates(date(1600, 1, 1), date(2400, 12, 31)))
def test_a_chinese_date_is_read_back_as_it_was_written(day: date) -> None:
    computed = chinese_date(day)
    assert computed is not None
    assert chinese_date_printed(str(computed)) == computed
    assert chinese_date_printed(f"农历{computed}日") == computed


@pytest.mark.parametrize(
    ("printed", "month", "leap", "day"),
    [
        ("甲辰年臘月三十", 12, False, 30),
        ("甲辰年十二月卅", 12, False, 30),
        ("甲辰年十一月廿", 11, False, 20),
        ("甲辰年閏二月二十一", 2, True, 21),
        ("农历 甲辰年 正月 十五日", 1, False, 15),
        ("甲辰年十月初十", 10, False, 10),
    ],
)
def test_other_ways_to_print_a_chinese_date(printed: str, month: int, leap: bool, day: int) -> None:
    assert chinese_date_printed(printed) == ChineseDate("甲辰", month, leap, day)


@pytest.mark.parametrize("printed", ["", "庚子年", "二月廿二", "庚卯", "2020年2月22日", "庚子年月初", "庚子年二月初初"])
def test_words_that_are_no_chinese_date(printed: str) -> None:
    assert chinese_date_printed(printed) is None


@pytest.mark.parametrize("day", [date.min, date(1599, 12, 31), date(2401, 1, 1), date.max])
def test_no_chinese_date_is_given_for_years_where_it_is_not_sure(day: date) -> None:
    assert chinese_date(day) is None


def test_the_sexagenary_year_names_no_year() -> None:
    """One printed date fits two days sixty years apart, so it is compared with the issue date only."""
    assert chinese_date(date(1960, 3, 19)) == chinese_date(date(2020, 3, 15))


@given(st.integers(0, 99))
def test_chinese_numerals_there_and_back(value: int) -> None:
    assert numerals.chinese_number(numerals.han(value)) == value or (value == 0 and numerals.han(0) == "零")
    assert value == 0 or numerals.number(numerals.han(value)) == value


@given(st.integers(100, 10**9) | st.integers(-100, -1))
def test_numbers_beyond_chinese_numerals_stay_as_they_are(value: int) -> None:
    assert numerals.han(value) == str(value)


ROMAN = [("I", "V", "X"), ("X", "L", "C"), ("C", "D", "M")]


def roman(value: int) -> str:
    """A second way to write them: digit by digit."""
    text = "M" * (value // 1000)
    for place in (2, 1, 0):
        one, five, ten = ROMAN[place]
        digit = value // 10**place % 10
        text += ["", one, one * 2, one * 3, one + five, five, five + one, five + one * 2, five + one * 3, one + ten][
            digit
        ]
    return text


@given(st.integers(1, 3999))
def test_roman_numerals(value: int) -> None:
    assert numerals.roman_number(roman(value)) == value
    assert numerals.number(roman(value)) == value


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "xii", "MMMM", "ABC", "IVI"])
def test_words_that_are_no_roman_numeral(text: str) -> None:
    assert numerals.roman_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), (" 007 ", 7), ("18", 18), ("十", 10), ("十二", 12), ("二十", 20), ("二〇二一", 2021), ("一〇", 10),
        ("九十九", 99), ("", None), ("百", None), ("十十", None), ("²", None), ("1.5", None), ("-1", None),
        ("1234567890", None), ("第九", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert numerals.number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("May", 5),
        ("sept.", 9),
        ("DECEMBER", 12),
        ("Jan", 1),
        ("3", 3),
        ("三", 3),
        ("Ju", None),
        ("Mayor", None),
        ("", None),
    ],
)
def test_months(text: str, value: int | None) -> None:
    assert numerals.month(text) == value


@given(st.text())
def test_no_words_upset_the_calendars(text: str) -> None:
    weekday_printed(text)
    chinese_date_printed(text)
    assert numerals.number(text) is None or numerals.number(text) >= 0  # type: ignore[operator]
    numerals.month(text)
    calendars.weekday_name(date(2021, 5, 9), text)
