"""What cells say: days, numbers and words for access. What is none is refused in words, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from archiver.model.batch import Cell, CellKind

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?Z?")
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_CHINESE = re.compile(r"(\d{4}) *年 *(\d{1,2}) *月 *(\d{1,2}) *[日号號]?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_NO_DAY = re.compile(r"\d{4}(?:[-/.]\d{1,2}|\d{2}| *年(?: *\d{1,2} *月?)?)?")
_NO_CENTURY = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}")
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of Excel, as it counts after the day that never was, 29 February 1900
_NUMBER = re.compile(r"\d{1,9}")
_COMBINED = re.compile(r"(\d{1,9})(?: *[-–—/、&+] *|至|和)(\d{1,9})")
_CAPTION = re.compile(r"(?:no|nr|vol|n°|№|#)[. ]*(.+)|(?:总|總)?第? *(.+?) *[期号號卷辑輯]?", re.IGNORECASE)
_OPEN = frozenset({"open", "public", "开放", "公开", "開放", "公開", "offen", "öffentlich", "ouvert"})
_RESTRICTED = frozenset(
    {"restricted", "closed", "internal", "受限", "限制", "内部", "內部", "不开放", "不開放", "不公开"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """A value, or why there is none and what to write."""

    value: str = ""
    trouble: str = ""
    remedy: str = ""


_WRITE_DATE = "Write the date as 2021-05-09 or 2021年5月9日."


def plain(text: str) -> str:
    """A cell's text without what surrounds it, full-width signs made plain."""
    return unicodedata.normalize("NFKC", text).strip().strip("\u200b\ufeff")


def day_of(cell: Cell) -> Said:
    """The day that a cell names, in ISO 8601."""
    if cell.day is not None:
        return Said(cell.day.isoformat())
    text = plain(cell.text)
    for form in (_YEAR_FIRST, _EIGHT, _CHINESE):
        match = form.fullmatch(text)
        if match:
            figures = [group for group in match.groups() if group.isdecimal()]
            return _calendar(int(figures[0]), int(figures[1]), int(figures[2]), cell.text)
    last = YEAR_LAST.fullmatch(text)
    if last:
        return _year_last(int(last[1]), int(last[3]), int(last[4]), cell.text)
    if _NO_DAY.fullmatch(text):
        return Said("", f"{cell.text!r} names no day", f"{_WRITE_DATE} The day is on the masthead.")
    if _NO_CENTURY.fullmatch(text):
        return Said("", f"{cell.text!r} has a year of two figures", _WRITE_DATE)
    if _SERIAL.fullmatch(text):
        day = (_FIRST_DAY + timedelta(days=int(float(text)))).isoformat()
        words = f"{cell.text!r} is a number; as a day of Excel it would be {day}"
        return Said("", words, f"Give the column the format of a date, or write {day} if that is the day.")
    return _worded(text, cell.text)


def _calendar(year: int, month: int, day: int, printed: str) -> Said:
    try:
        return Said(date(year, month, day).isoformat())
    except ValueError:
        return Said("", f"{printed!r} is no day of the calendar", _WRITE_DATE)


def _year_last(first: int, second: int, year: int, printed: str) -> Said:
    """Figures with the year last: a day only when there is but one way to read them."""
    readings = []
    for month, day in ((second, first), (first, second)):
        found = _calendar(year, month, day, printed)
        if found.value and found.value not in readings:
            readings.append(found.value)
    if len(readings) == 1:
        return Said(readings[0])
    if not readings:
        return Said("", f"{printed!r} is no day of the calendar", _WRITE_DATE)
    words = f"{printed!r} can be read as {readings[0]} (day first) and as {readings[1]} (month first)"
    return Said("", words, f"Write {readings[0]} or {readings[1]}, whichever is meant.")


def _worded(text: str, printed: str) -> Said:
    """A day written with words or in another calendar: taken when it is all that the cell says."""
    from archiver.serials.dates import read_dates

    found = read_dates(text) if len(text) <= 80 else ()
    if len(found) == 1 and found[0].day is not None and found[0].agrees is not False and found[0].end <= len(text):
        around = text[: found[0].begin] + text[found[0].end :]
        if not re.search(r"\w", around):
            return Said(found[0].day.isoformat())
    return Said("", f"{printed!r} is no date", _WRITE_DATE)


def number_of(cell: Cell) -> Said:
    """The number that a cell names: 18, 第18期, No. 18, XII; 9-10 for a combined issue."""
    if cell.kind is CellKind.DATE:
        words = f"the cell holds the date {cell.text}: spreadsheet programs make one of numbers such as 9-10"
        return Said("", words, "Give the column the format of text, and write the number again.")
    text = plain(cell.text)
    bare = _bare(text)
    if not bare:
        caption = _CAPTION.fullmatch(text)
        bare = _bare(next((group for group in caption.groups() if group), "")) if caption else ""
    if bare:
        return Said(bare)
    return Said("", f"{cell.text!r} is no number", "Write the number alone: 18, or 9-10 for a combined issue.")


def _bare(text: str) -> str:
    from archiver.serials.numerals import number

    if _NUMBER.fullmatch(text):
        return str(int(text))
    combined = _COMBINED.fullmatch(text)
    if combined:
        first, last = int(combined[1]), int(combined[2])
        return f"{first}-{last}" if first < last else ""
    value = number(text) if len(text) <= 20 else None
    return str(value) if value is not None else ""


def access_of(cell: Cell) -> Said:
    """Who may see a package: open or restricted."""
    word = plain(cell.text).lower()
    if word in _OPEN:
        return Said("open")
    if word in _RESTRICTED:
        return Said("restricted")
    return Said("", f"{cell.text!r} is neither open nor restricted", "Write open (开放) or restricted (受限).")
