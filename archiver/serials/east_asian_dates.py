"""Dates in Chinese and Japanese: figures and Chinese numerals, eras, the Republic of China, the lunar calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, Certainty, FoundDate, PartialDate
from archiver.serials import calendars, date_words, eras
from archiver.serials.printed_numbers import HAN, han_value
from archiver.serials.western_dates import placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.serials.folding import Plain

_NUMBER = rf"(?:\d{{1,4}}|[{HAN}]{{1,8}})"
_MONTH = rf" *(?P<month>\d{{1,2}}|[{HAN}正]{{1,3}}) *月"
_DAY = rf" *(?P<day>\d{{1,2}}|[{HAN}初]{{1,3}})"
_MONTH_DAY = rf"{_MONTH}(?:{_DAY}(?: *[日号號](?!刊|报|報))?)?"
_CHINESE_WEEKDAY = "(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_JAPANESE_WEEKDAY = r"[月火水木金土日]曜日?|(?<=\()[月火水木金土日](?=\))"
_WEEKDAY = rf"(?: *[,(]? *(?P<weekday>{_CHINESE_WEEKDAY}|{_JAPANESE_WEEKDAY})\)?)?"
_YEAR = r"(?P<year>(?<!\d)\d{4}|[〇零○一二三四五六七八九]{4}|(?<!\d)\d{2})"
_GREGORIAN = re.compile(rf"(?:公元|西元|西暦)? *{_YEAR} *年(?:{_MONTH_DAY})?{_WEEKDAY}")
_MONTH_AND_DAY = re.compile(rf"(?<![年\d{HAN}])(?P<year>){_MONTH}{_DAY} *[日号號](?!刊|报|報){_WEEKDAY}")
_REPUBLIC = re.compile(rf"(?:中[華华])?民[國国] *(?P<year>元|{_NUMBER}) *年(?:{_MONTH_DAY})?{_WEEKDAY}")
_ERA = re.compile(
    rf"(?P<era>{'|'.join(era.name for era in eras.ERAS)}) *(?P<year>元|{_NUMBER}) *年(?:{_MONTH_DAY})?{_WEEKDAY}"
)
_ERA_INITIAL = re.compile(
    r"(?<![A-Za-z\d.])(?P<era>[MTSHR])(?P<year>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})(?![\d.])"
)
_STEMS, _BRANCHES, _ANIMALS = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "鼠牛虎兔龙龍蛇马馬羊猴鸡雞狗猪豬"
_LUNAR_NAME = r"(?:[农農夏阴陰旧舊][历曆])"
_LUNAR_DAY = "(?:二十|十)[一二三四五六七八九]|(?:初|廿|卅|二|三)?[一二三四五六七八九十]|[廿卅]"
_LUNAR_MONTH = rf"(?P<leap>[闰閏]?)(?P<month>[正一二三四五六七八九十冬腊臘]{{1,2}})月(?P<day>{_LUNAR_DAY})日?"
_LUNAR = (
    re.compile(rf"{_LUNAR_NAME}? *(?P<year>[{_STEMS}][{_BRANCHES}])[{_ANIMALS}]? *年? *{_LUNAR_MONTH}"),
    re.compile(rf"{_LUNAR_NAME} *(?P<year>){_LUNAR_MONTH}"),
)
_WEEKDAY_ALONE = re.compile(
    r"(?P<weekday>(?:星期|礼拜|禮拜)[一二三四五六日天]|(?<![一-鿿])[周週][一二三四五六日天](?![一-鿿])"
    r"|[月火水木金土日]曜日)"
)
_JAPANESE_SIGNS = re.compile(r"[\u3040-\u30ff]|曜|[巻発]|号外|附録|付録")


def east_asian_dates(text: Plain, language: str) -> Iterator[FoundDate]:
    """Every form that fits anywhere, in no order. `language` is taken for dates that are alike in both."""
    tongue = language if language in {"chi", "jpn"} else "jpn" if _JAPANESE_SIGNS.search(text.text) else "chi"
    for pattern in (_GREGORIAN, _MONTH_AND_DAY):
        for match in pattern.finditer(text.text):
            yield _gregorian_date(text, match, tongue)
    for match in _REPUBLIC.finditer(text.text):
        yield _republic_date(text, match)
    for pattern in (_ERA, _ERA_INITIAL):
        for match in pattern.finditer(text.text):
            yield _era_date(text, match)
    for pattern in _LUNAR:
        for match in pattern.finditer(text.text):
            yield _lunar_date(text, match)
    for match in _WEEKDAY_ALONE.finditer(text.text):
        yield _found(text, match, tongue, (), Certainty.CERTAIN)


def chinese_days(printed: str, first_year: int, last_year: int) -> tuple[date, ...]:
    """Every Gregorian day from `first_year` to `last_year` that has a printed Chinese date, such as 庚子年二月廿二.

    A sexagenary year comes round every sixty years; the years say which of its rounds can be meant.
    """
    wanted = calendars.chinese_date_printed(printed)
    found: list[date] = []
    if wanted is None:
        return ()
    for year in range(max(first_year, calendars.FIRST_YEAR), min(last_year, calendars.LAST_YEAR - 1) + 1):
        midsummer = calendars.chinese_date(date(year, 7, 1))
        if midsummer is None or midsummer.year != wanted.year:
            continue
        days = (date(year, 1, 20) + timedelta(days=count) for count in range(400))
        found += [day for day in days if calendars.chinese_date(day) == wanted]
    return tuple(day for day in found if first_year <= day.year <= last_year)


def _parts(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Month and day as printed: 正月 is the first, 廿二 the twenty-second, 初五 the fifth."""
    said = match.groupdict()
    month = 1 if said.get("month") == "正" else _number(said.get("month"))
    return month, _number((said.get("day") or "").removeprefix("初") or None)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else han_value(text)


def _gregorian_date(text: Plain, match: re.Match[str], language: str) -> FoundDate:
    month, day = _parts(match)
    said = match["year"]
    if len(said) != 2:
        return _judged(text, match, language, [_number(said)], month, day)
    # 98年5月9日: of the Republic, or of the nineties with the century left out
    years = [1900 + int(said), 1911 + int(said)] if int(said) else []
    return _judged(text, match, language, years, month, day, trouble="the year has two figures")


def _republic_date(text: Plain, match: re.Match[str]) -> FoundDate:
    month, day = _parts(match)
    year = 1 if match["year"] == "元" else _number(match["year"])
    trouble = eras.republic_trouble(year or 0)
    native = f"民國{year}年" + _tail(month, day)
    years = [] if trouble or year is None else [1911 + year]
    return _judged(
        text, match, "chi", years, month, day, calendar=Calendar.REPUBLIC_OF_CHINA, native=native, trouble=trouble
    )


def _era_date(text: Plain, match: re.Match[str]) -> FoundDate:
    era = eras.era_named(match["era"])
    month, day = _parts(match)
    count = 1 if match["year"] == "元" else _number(match["year"])
    if era is None or not count:
        return _judged(text, match, "jpn", [], month, day, calendar=Calendar.JAPANESE_ERA, trouble="no such year")
    year = era.year + count - 1
    native = f"{era.name}{'元' if count == 1 else count}年" + _tail(month, day)
    begin = placed(year, month, day)[0]
    trouble = ""
    if begin is not None:
        # Of a year or month, some day must lie in the era: its last for the beginning, its first for the end.
        last = date(year, month or 12, day or (31 if (month or 12) == 12 else 28))
        trouble = eras.era_trouble(era, last) if last < era.first or last < eras.JAPAN_GREGORIAN else ""
        trouble = trouble or (
            eras.era_trouble(era, date(year, month or 1, day or 1)) if _over(era, year, month, day) else ""
        )
    unconverted = year < eras.JAPAN_GREGORIAN.year and (month is not None or day is not None)
    years = [] if unconverted else [year]
    return _judged(
        text, match, "jpn", years, month, day, calendar=Calendar.JAPANESE_ERA, native=native, trouble=trouble
    )


def _over(era: eras.Era, year: int, month: int | None, day: int | None) -> bool:
    return era.last is not None and date(year, month or 1, day or 1) > era.last


def _tail(month: int | None, day: int | None) -> str:
    return (f"{month}月" if month else "") + (f"{day}日" if day else "")


def _lunar_date(text: Plain, match: re.Match[str]) -> FoundDate:
    words = f"{match['year']}年" if match["year"] else ""
    native = f"{words}{'闰' if match['leap'] else ''}{match['month'].replace('臘', '腊')}月{match['day']}"
    parts = calendars.chinese_date_printed(native if words else f"甲子年{native}")
    possible = parts is not None and parts.month <= 12 and parts.day <= 30
    if words and _STEMS.index(words[0]) % 2 != _BRANCHES.index(words[1]) % 2:
        return _found(
            text, match, "chi", (), Certainty.IMPOSSIBLE, Calendar.CHINESE, native, f"no year is called {words[:2]}"
        )
    certainty = Certainty.AMBIGUOUS if possible else Certainty.IMPOSSIBLE
    trouble = "comes round every sixty years: compare it, never convert it" if possible else "no such day"
    return _found(text, match, "chi", (), certainty, Calendar.CHINESE, native, trouble)


def _judged(
    text: Plain,
    match: re.Match[str],
    language: str,
    years: list[int | None] | list[int],
    month: int | None,
    day: int | None,
    *,
    calendar: Calendar = Calendar.GREGORIAN,
    native: str = "",
    trouble: str = "",
) -> FoundDate:
    """A date whose year is one of several; none of them when it cannot be converted."""
    printed_month, printed_day = match["month"] if "month" in match.groupdict() else None, match.groupdict().get("day")
    unreadable = (bool(printed_month) and month is None) or (bool(printed_day) and day is None)
    readings = () if unreadable else tuple(found for year in years if (found := placed(year, month, day)[0]))
    if len(readings) > 1:
        certainty = Certainty.AMBIGUOUS
    elif readings:
        certainty = Certainty.LIKELY if trouble else Certainty.CERTAIN
    else:
        certainty = Certainty.AMBIGUOUS if "not converted" in trouble and not unreadable else Certainty.IMPOSSIBLE
    no_day = "no such day" if not readings and not trouble else ""
    return _found(text, match, language, readings, certainty, calendar, native, trouble or no_day)


def _found(
    text: Plain,
    match: re.Match[str],
    language: str,
    readings: tuple[PartialDate, ...],
    certainty: Certainty,
    calendar: Calendar = Calendar.GREGORIAN,
    native: str = "",
    trouble: str = "",
) -> FoundDate:
    whole = match.group()
    lead = len(whole) - len(whole.lstrip())
    begin, end = text.span(match.start() + lead, match.start() + len(whole.rstrip()))
    said = match.groupdict().get("weekday")
    weekday = date_words.any_weekday(said) if said else None
    if said and said[0] in date_words.JAPANESE_WEEKDAYS:
        language = "jpn"
    printed = text.printed[begin:end]
    return FoundDate(begin, end, printed, language, calendar, readings, certainty, native, weekday, None, trouble)
