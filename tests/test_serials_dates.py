"""Dates in five languages and their calendars, with other implementations as referees."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.printed import Calendar, Certainty, FoundDate
from archiver.serials import date_words, eras, republican
from archiver.serials.dates import LONGEST_TEXT, day_printed, read_dates
from archiver.serials.east_asian_dates import chinese_days
from archiver.serials.folding import Plain
from archiver.serials.printed_numbers import han_value, printed_number, roman_numeral, roman_value

days = st.dates(date(1000, 1, 1), date(2399, 12, 31))


def one(text: str, language: str = "") -> FoundDate:
    (found,) = read_dates(text, language)
    assert text[found.begin : found.end] == found.printed
    return found


@pytest.mark.parametrize(
    ("text", "language", "kind", "readings"),
    [
        ("2021年5月9日", "chi", Calendar.GREGORIAN, ["2021-05-09"]),
        ("２０２１年５月９日", "chi", Calendar.GREGORIAN, ["2021-05-09"]),
        ("二〇二一年五月九日", "chi", Calendar.GREGORIAN, ["2021-05-09"]),
        ("二○二一年十二月廿一日", "chi", Calendar.GREGORIAN, ["2021-12-21"]),
        ("2021 年 5 月", "chi", Calendar.GREGORIAN, ["2021-05"]),
        ("5月9日", "chi", Calendar.GREGORIAN, ["XXXX-05-09"]),
        ("中華民國一百一十年五月九日", "chi", Calendar.REPUBLIC_OF_CHINA, ["2021-05-09"]),
        ("民國元年一月一日", "chi", Calendar.REPUBLIC_OF_CHINA, ["1912-01-01"]),
        ("民国38年5月9日", "chi", Calendar.REPUBLIC_OF_CHINA, ["1949-05-09"]),
        ("民國三十八年", "chi", Calendar.REPUBLIC_OF_CHINA, ["1949"]),
        ("令和元年五月四日", "jpn", Calendar.JAPANESE_ERA, ["2019-05-04"]),
        ("平成31年", "jpn", Calendar.JAPANESE_ERA, ["2019"]),
        ("昭和六十四年一月七日", "jpn", Calendar.JAPANESE_ERA, ["1989-01-07"]),
        ("大正十二年九月一日", "jpn", Calendar.JAPANESE_ERA, ["1923-09-01"]),
        ("明治6年1月1日", "jpn", Calendar.JAPANESE_ERA, ["1873-01-01"]),
        ("H31.4.30", "jpn", Calendar.JAPANESE_ERA, ["2019-04-30"]),
        ("4th May 2019", "eng", Calendar.GREGORIAN, ["2019-05-04"]),
        ("May 4, 2019", "eng", Calendar.GREGORIAN, ["2019-05-04"]),
        ("the 6th day of June, 1885", "eng", Calendar.GREGORIAN, ["1885-06-06"]),
        ("Sept. 1899", "eng", Calendar.GREGORIAN, ["1899-09"]),
        ("4 May MDCCCXCII", "eng", Calendar.GREGORIAN, ["1892-05-04"]),
        ("den 4. Mai 2019", "ger", Calendar.GREGORIAN, ["2019-05-04"]),
        ("1. März 1848", "ger", Calendar.GREGORIAN, ["1848-03-01"]),
        ("3. Jänner 1901", "ger", Calendar.GREGORIAN, ["1901-01-03"]),
        ("1er mai 1900", "fre", Calendar.GREGORIAN, ["1900-05-01"]),
        ("le 1ᵉʳ août 1914", "fre", Calendar.GREGORIAN, ["1914-08-01"]),
        ("le 1er Fe\u0301vrier 1903", "fre", Calendar.GREGORIAN, ["1903-02-01"]),
        ("18 brumaire an VIII", "fre", Calendar.REPUBLICAN, ["1799-11-09"]),
        ("9 thermidor, l'an II de la République française", "fre", Calendar.REPUBLICAN, ["1794-07-27"]),
        ("6e jour complémentaire an III", "fre", Calendar.REPUBLICAN, ["1795-09-22"]),
        ("an VII", "fre", Calendar.REPUBLICAN, ["1798"]),
        ("2019-05-04", "und", Calendar.GREGORIAN, ["2019-05-04"]),
        ("31/12/2019", "und", Calendar.GREGORIAN, ["2019-12-31"]),
        ("MDCCCXCII", "und", Calendar.GREGORIAN, ["1892"]),
    ],
)
def test_forms(text: str, language: str, kind: Calendar, readings: list[str]) -> None:
    found = one(text)
    assert (found.language, found.calendar, [str(each) for each in found.readings]) == (language, kind, readings)
    assert found.certainty in {Certainty.CERTAIN, Certainty.LIKELY}


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("2021年5月9日 星期日", 6),
        ("2021年5月9日 禮拜天", 6),
        ("民國三十八年五月九號 週一", 0),
        ("2019年5月4日(土)", 5),
        ("令和元年五月四日 土曜日", 5),
        ("Saturday, May 4, 2019", 5),
        ("Sat., 4 May 2019", 5),
        ("Sonnabend, den 4. Mai 2019", 5),
        ("Samstag, 4. Mai 2019", 5),
        ("SAMEDI 4 MAI 2019", 5),
        ("dimanche 1er mai 1904", 6),
    ],
)
def test_a_weekday_is_part_of_its_date_and_is_compared(text: str, weekday: int) -> None:
    found = one(text)
    assert (found.printed, found.weekday, found.agrees) == (text, weekday, True)


def test_a_wrong_weekday_and_one_of_its_own() -> None:
    assert one("Friday, May 4, 2019").agrees is False
    assert one("2021年5月9日 星期一").agrees is False
    dated, named = read_dates("2021年5月9日\n\n星期一")
    assert (dated.day, named.weekday, named.agrees) == (date(2021, 5, 9), 0, False)
    assert one("Sonntag").readings == () and one("日曜日").language == "jpn"


def test_figures_that_can_be_read_either_way() -> None:
    found = one("4.5.2019")
    assert [str(each) for each in found.readings] == ["2019-05-04", "2019-04-05"]
    assert found.certainty is Certainty.AMBIGUOUS and found.day is None
    decided = one("Saturday 4.5.2019")
    assert (decided.day, decided.certainty) == (date(2019, 5, 4), Certainty.LIKELY)
    assert one("4.4.2019").certainty is Certainty.CERTAIN
    assert [str(each) for each in one("98年5月9日").readings] == ["1998-05-09", "2009-05-09"]


@pytest.mark.parametrize(
    "text",
    [
        "2021年2月30日", "二〇二一年十三月一日", "31.2.2019", "32 May 2019", "30. Februar 1900", "29 février 1900",
        "2019-13-01", "昭和2年2月29日", "辛寅年二月廿二", "辛丑年四月卅一", "6e jour complémentaire an IV",
        "3 nivôse an XXX",
    ],
)  # fmt: skip
def test_what_is_no_day_is_told(text: str) -> None:
    found = one(text)
    assert (found.certainty, found.readings, bool(found.trouble)) == (Certainty.IMPOSSIBLE, (), True)


@pytest.mark.parametrize("text", ["march 10", "we may 4 times", "No. 34", "12.5.19", "192.168.10.2000", "an idea", ""])
def test_what_is_no_date(text: str) -> None:
    assert read_dates(text) == ()


def test_several_dates_in_one_text_keep_their_places() -> None:
    text = "Vol. XII, No. 34, 4 May 2019; Paris, le 12 mars 1904 – 昭和元年12月25日"
    found = read_dates(text)
    assert [text[each.begin : each.end] for each in found] == ["4 May 2019", "le 12 mars 1904", "昭和元年12月25日"]


# Chinese lunar dates


def test_a_lunar_date_is_compared_and_never_converted_alone() -> None:
    alone = one("庚子年二月廿二")
    assert (alone.certainty, alone.readings, alone.agrees) == (Certainty.AMBIGUOUS, (), None)
    good = read_dates("2020年3月15日 星期日 庚子年二月廿二")[-1]
    assert (good.agrees, good.day, good.certainty) == (True, date(2020, 3, 15), Certainty.CERTAIN)
    bad = read_dates("2020年3月15日 農曆二月廿三")[-1]
    assert bad.agrees is False and "庚子年二月廿二" in bad.trouble


def test_the_rounds_of_a_sexagenary_year_by_borax() -> None:
    from borax.calendars.lunardate import LunarDate

    found = chinese_days("庚子年二月廿二", 1900, 2024)
    assert found == (date(1900, 3, 22), date(1960, 3, 19), date(2020, 3, 15))
    for day in found:
        lunar = LunarDate.from_solar(day)
        assert (lunar.gz_year, lunar.month, lunar.day, lunar.leap) == ("庚子", 2, 22, 0)
    assert chinese_days("庚子年闰二月廿二", 1900, 2024) == ()


# In 2057 and 2097 a new moon falls within seconds of midnight, and published tables part for a month.
@given(st.dates(date(1901, 3, 1), date(2056, 12, 31)))
def test_lunar_dates_by_borax(day: date) -> None:
    from borax.calendars.lunardate import LunarDate

    lunar = LunarDate.from_solar(day)
    printed = f"{lunar.gz_year}年{'闰' if lunar.leap else ''}"
    months = "正二三四五六七八九十冬腊"
    tens = ["初", "十", "廿"]
    if lunar.day in {10, 20, 30}:
        name = {10: "初十", 20: "二十", 30: "三十"}[lunar.day]
    else:
        name = tens[lunar.day // 10] + "一二三四五六七八九"[lunar.day % 10 - 1]
    printed += f"{months[lunar.month - 1]}月{name}"
    found = read_dates(f"{day.year}年{day.month}月{day.day}日 {printed}")[-1]
    assert (found.calendar, found.agrees) == (Calendar.CHINESE, True)


# Japanese eras


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1872, 12, 31), []),
        (date(1873, 1, 1), ["明治6"]),
        (date(1912, 7, 29), ["明治45"]),
        (date(1912, 7, 30), ["明治45", "大正1"]),
        (date(1912, 7, 31), ["大正1"]),
        (date(1926, 12, 24), ["大正15"]),
        (date(1926, 12, 25), ["大正15", "昭和1"]),
        (date(1926, 12, 26), ["昭和1"]),
        (date(1989, 1, 7), ["昭和64"]),
        (date(1989, 1, 8), ["平成1"]),
        (date(2019, 4, 30), ["平成31"]),
        (date(2019, 5, 1), ["令和1"]),
    ],
)
def test_the_days_on_which_an_era_changes(day: date, expected: list[str]) -> None:
    assert [f"{era.name}{year}" for era, year in eras.eras_of(day)] == expected
    for era, year in eras.eras_of(day):
        found = one(f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日")
        assert (found.day, found.certainty) == (day, Certainty.CERTAIN)


@given(st.dates(date(1873, 1, 1), date(2199, 12, 31)))
def test_every_day_since_1873_has_an_era_that_is_read_back(day: date) -> None:
    found = eras.eras_of(day)
    assert 1 <= len(found) <= 2
    for era, year in found:
        assert one(f"{era.name}{year}年{day.month}月{day.day}日").day == day
        assert eras.era_trouble(era, day) == ""


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("平成31年5月1日", "ended on 2019-04-30", date(2019, 5, 1)),
        ("昭和64年1月8日", "ended on 1989-01-07", date(1989, 1, 8)),
        ("令和元年4月30日", "began on 2019-05-01", date(2019, 4, 30)),
        ("明治五年十二月二日", "another calendar", None),
    ],
)
def test_a_day_outside_its_era_is_told(text: str, words: str, day: date | None) -> None:
    found = one(text)
    assert words in found.trouble and found.day == day and found.certainty is not Certainty.CERTAIN


# The French Republican calendar


def test_the_republican_calendar_by_convertdate() -> None:
    from convertdate import french_republican

    day = republican.FIRST_DAYS[1]
    while day <= republican.LAST_DAY:
        found = republican.republican(day)
        assert found is not None
        assert (found.year, found.month, found.day) == french_republican.from_gregorian(day.year, day.month, day.day)
        assert republican.gregorian(found) == day and republican.trouble(found) == ""
        assert one(str(found)).day == day
        day += timedelta(days=1)
    assert republican.republican(day) is None


def test_days_the_republican_calendar_did_not_have() -> None:
    assert republican.gregorian(republican.RepublicanDate(7, 1, 31)) is None
    assert republican.gregorian(republican.RepublicanDate(7, 13, 6)) == date(1799, 9, 22)
    assert republican.gregorian(republican.RepublicanDate(79, 8, 16)) == date(1871, 5, 6)
    late = one("11 nivôse an XIV")
    assert (late.day, late.certainty) == (date(1806, 1, 1), Certainty.LIKELY) and "ended" in late.trouble


# Names by CLDR


@pytest.mark.parametrize(("language", "locale"), [("eng", "en"), ("ger", "de"), ("ger", "de_AT"), ("fre", "fr")])
def test_month_and_weekday_names_by_babel(language: str, locale: str) -> None:
    from babel.dates import get_day_names, get_month_names

    for width in ("wide", "abbreviated"):
        for number, name in get_month_names(width, "format", locale).items():
            assert date_words.month_number(name, language) == number, name
        for number, name in get_day_names(width, "format", locale).items():
            assert date_words.weekday_number(name, language) == number, name


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant", "ja"])
def test_east_asian_weekday_names_by_babel(locale: str) -> None:
    from babel.dates import get_day_names

    for number, name in get_day_names("wide", "format", locale).items():
        assert date_words.any_weekday(name) == number


PRINTED_BY_BABEL = [
    ("en", "eng", "EEEE, MMMM d, y"), ("en", "eng", "d MMM y"), ("de", "ger", "EEEE, 'den' d. MMMM y"),
    ("de", "ger", "d. MMM y"), ("fr", "fre", "EEEE d MMMM y"), ("zh_Hans", "chi", "y年M月d日 EEEE"),
    ("zh_Hant", "chi", "y年M月d日EEEE"), ("ja", "jpn", "y年M月d日(EEEE)"),
]  # fmt: skip


@given(days, st.sampled_from(PRINTED_BY_BABEL))
def test_dates_that_babel_prints_are_read_back(day: date, form: tuple[str, str, str]) -> None:
    from babel.dates import format_date

    locale, language, pattern = form
    found = one(format_date(day, pattern, locale))
    assert (found.day, found.certainty, found.language) == (day, Certainty.CERTAIN, language)
    assert found.agrees is (True if "EEEE" in pattern else None)


@given(days)
def test_dates_in_chinese_numerals_are_read_back(day: date) -> None:
    digits = "〇一二三四五六七八九"
    tens = ["", "十", "二十", "三十"]

    def numeral(value: int) -> str:
        return tens[value // 10] + (digits[value % 10] if value % 10 else "")

    printed = "".join(digits[int(sign)] for sign in f"{day.year:04}") + f"年{numeral(day.month)}月{numeral(day.day)}日"
    assert one(printed).day == day == day_printed(printed)
    if day.year >= 1912:
        year = numeral(day.year - 1911) if day.year <= 1950 else str(day.year - 1911)
        assert day_printed(f"民國{year}年{day.month}月{day.day}日") == day


# Numerals


@given(st.integers(1, 4999))
def test_roman_numerals_round(value: int) -> None:
    numeral = roman_numeral(value)
    assert roman_value(numeral) == value == roman_value(numeral.lower())
    found = printed_number(numeral)
    assert found is not None and (found.value, found.notation, found.usual) == (value, "roman", True)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("IIII", 4), ("VIIII", 9), ("XIIII", 14), ("MDCCCX", 1810), ("MDCCCCX", 1910), ("IIX", 8), ("XXXX", 40),
        ("viij", 8), ("XVX", None), ("IIIII", None), ("Xi", None), ("", None), ("VV", None),
    ],
)  # fmt: skip
def test_roman_numerals_as_printed(printed: str, value: int | None) -> None:
    assert roman_value(printed) == value


def test_roman_numerals_have_bounds() -> None:
    for value in (0, 5000):
        with pytest.raises(ValueError, match="no Roman numeral"):
            roman_numeral(value)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("一百零三", 103), ("二〇二一", 2021), ("六三一", 631), ("六百三十一", 631), ("廿二", 22), ("卅", 30),
        ("一千零一", 1001), ("一万二千三百四十五", 12345), ("十二", 12), ("二十", 20), ("百十", 110),
        ("十百", None), ("元", None), ("", None),
    ],
)  # fmt: skip
def test_chinese_numerals(printed: str, value: int | None) -> None:
    assert han_value(printed) == value


# Hostile and long


@given(st.text(max_size=200))
def test_any_text_is_read_without_fault_and_places_are_true(text: str) -> None:
    before = 0
    for found in read_dates(text):
        assert before <= found.begin < found.end <= len(text) and text[found.begin : found.end] == found.printed
        before = found.end


@given(st.text(alphabet="年月日0123456789一二十 .-/MayaiSat4日(元令和民國an VI", max_size=80))
def test_texts_of_the_same_signs(text: str) -> None:
    for found in read_dates(text):
        assert text[found.begin : found.end] == found.printed
        assert (found.certainty is Certainty.IMPOSSIBLE) <= (not found.readings)
        assert all(calendar.isleap(each.year or 4) or (each.month, each.day) != (2, 29) for each in found.readings)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert read_dates("x" * LONGEST_TEXT + " 4 May 2019") == ()
    assert Plain("Fe\u0301vrier").span(1, 2) == (1, 3)
