"""Weekdays and the Chinese calendar: what a masthead prints, compared with what the Gregorian date says.

The Chinese date is computed from the Gregorian one and compared; the sexagenary year alone is never turned into a
year, because it comes round every sixty years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.serials.date_words import any_weekday, weekday_like
from archiver.serials.numerals import chinese_number

if TYPE_CHECKING:
    from datetime import date

FIRST_YEAR, LAST_YEAR = 1600, 2400  # for which the Chinese date is computed
_CHINESE_WEEKDAYS = "一二三四五六日"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_DAYS = {"初": 0, "廿": 20, "卅": 30}


def weekday_printed(text: str) -> int | None:
    """The weekday a text names, 0 for Monday: 星期日, 周三, Sunday, Sun., Sonntag; None when it names none."""
    text = text.strip()
    match = re.fullmatch(r"(?:星期|周|週|礼拜|禮拜)([一二三四五六日天])", text)
    if match:
        return _CHINESE_WEEKDAYS.index(match.group(1).replace("天", "日"))
    name = text.rstrip(".").lower()
    found = [day for day, full in enumerate(WEEKDAYS) if len(name) >= 3 and full.lower().startswith(name)]
    return found[0] if len(found) == 1 else any_weekday(text)


def weekday_name(day: date, like: str) -> str:
    """The weekday of a date, in the language and form of the printed example `like`."""
    match = re.match(r"星期|周|週|礼拜|禮拜", like.strip())
    if match:
        return match.group(0) + _CHINESE_WEEKDAYS[day.weekday()]
    return weekday_like(day.weekday(), like) or WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class ChineseDate:
    """A day of the Chinese calendar: sexagenary year, month (from 1, `leap` when intercalary) and day."""

    year: str
    month: int
    leap: bool
    day: int

    def __str__(self) -> str:
        month_name = {1: "正", 11: "冬", 12: "腊"}.get(self.month) or "一二三四五六七八九十"[self.month - 1]
        return f"{self.year}年{'闰' if self.leap else ''}{month_name}月{_day_name(self.day)}"


def chinese_date(day: date) -> ChineseDate | None:
    """The Chinese date of a Gregorian date, by lunar-python; None outside the years 1600–2400, where it is not sure.

    Where a new moon falls within minutes of midnight, published tables may differ by a day: in 2089 and 2097.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = int(lunar.getMonth())
    return ChineseDate(str(lunar.getYearInGanZhi()), abs(month), month < 0, int(lunar.getDay()))


def chinese_date_printed(text: str) -> ChineseDate | None:
    """The Chinese date a text prints (庚子年二月廿二, 辛丑年闰四月初一, 甲辰年腊月三十); None when it prints none."""
    match = re.fullmatch(
        r"(?:[农農夏阴陰旧舊][历曆])?([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年([闰閏]?)"
        r"([正一二三四五六七八九十冬腊臘]+)月([初廿卅一二三四五六七八九十]+)日?",
        re.sub(r"\s", "", text),
    )
    if not match:
        return None
    month = _MONTHS.get(match.group(3)) or chinese_number(match.group(3))
    day = _day_number(match.group(4))
    if not month or not day:
        return None
    return ChineseDate(match.group(1), month, bool(match.group(2)), day)


def _day_number(text: str) -> int | None:
    if text[0] in _DAYS:
        rest = chinese_number(text[1:]) if len(text) > 1 else 0
        return None if rest is None else _DAYS[text[0]] + rest
    return chinese_number(text)


def _day_name(day: int) -> str:
    digits = "一二三四五六七八九十"
    if day <= 10:
        return "初" + digits[day - 1]
    if day < 20:
        return "十" + digits[day - 11]
    if day == 20:
        return "二十"
    return "三十" if day == 30 else "廿" + digits[day - 21]
