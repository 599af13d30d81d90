"""Dates as METS states them: ISO forms first, then whatever way a date is printed."""

from __future__ import annotations

import re
from datetime import date

from archiver.model.printed import Certainty
from archiver.serials.dates import day_printed, read_dates

_ISO = re.compile(r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:T[\d:.,Z+-]*)?")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")  # nobody dots the month first
_IN_WORDS = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_PARTIAL = re.compile(r"\d{4}(?:-\d\d)?")
LONGEST = 200  # characters of what may be a date


def day_of(written: str) -> date | None:
    """The one day that a date states; None when it states none, several, or one that does not exist."""
    text = written.strip()[:LONGEST]
    figures = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if figures:
        return _day(figures)
    return None if _PARTIAL.fullmatch(text) else day_printed(text)


def is_impossible(written: str) -> bool:
    """Whether a date is written as a day or month that does not exist; a year or a month alone is possible."""
    text = written.strip()[:LONGEST]
    figures = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if figures:
        return _day(figures) is None
    if _PARTIAL.fullmatch(text):
        return len(text) > 4 and not 1 <= int(text[5:]) <= 12
    return any(found.certainty is Certainty.IMPOSSIBLE for found in read_dates(text))


def day_within(text: str) -> str:
    """The ISO date that stands in a label, as written; "" for none."""
    found = _IN_WORDS.search(text[:LONGEST])
    return found.group(0) if found else ""


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
