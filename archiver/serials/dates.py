"""Every date in a text: Chinese, English, German, French and Japanese, each with its place, readings and certainty.

Dates that are printed with a weekday, or a Chinese date beside a Gregorian one, are compared; a weekday decides
between two readings of figures. What is printed as a date and is none is reported, not left out. Years of two figures
in Western dates are not read: nothing tells their century.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, Certainty, FoundDate
from archiver.serials import calendars
from archiver.serials.east_asian_dates import east_asian_dates
from archiver.serials.folding import Plain
from archiver.serials.western_dates import exactly, western_dates

if TYPE_CHECKING:
    from datetime import date

LONGEST_TEXT = 20_000  # characters in which dates are looked for: a masthead, not a novel
_BETWEEN = re.compile(r"[ ,、·/|()\-]{0,4}")  # what may part a date from its weekday


def read_dates(text: str, language: str = "") -> tuple[FoundDate, ...]:
    """The dates of a text, in its order, none within another.

    `language` (ISO 639-2/B) is the text's own, where known: it decides between forms that two languages share. Only the
    first 20,000 characters are looked at.
    """
    folded = Plain(text[:LONGEST_TEXT])
    candidates = [*east_asian_dates(folded, language), *western_dates(folded)]
    chosen = _without_overlaps(candidates, language)
    chosen = _weekdays_joined(chosen, folded)
    return tuple(_witnessed(chosen))


def day_printed(text: str) -> date | None:
    """The one day that a text prints in whatever calendar; None when it prints none, or several."""
    days = {found.day for found in read_dates(text) if found.day is not None}
    return days.pop() if len(days) == 1 else None


def _without_overlaps(candidates: list[FoundDate], language: str) -> list[FoundDate]:
    """The longest of those that overlap; of two as long, the one in the text's language, then a possible date."""

    def rank(found: FoundDate) -> tuple[bool, int, bool, bool, int]:
        return (
            found.begin == found.end,
            found.begin - found.end,
            found.language != language,
            found.certainty is Certainty.IMPOSSIBLE,
            candidates.index(found),
        )

    kept: list[FoundDate] = []
    for found in sorted(candidates, key=rank):
        if found.begin < found.end and all(found.end <= other.begin or other.end <= found.begin for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: found.begin)


def _weekdays_joined(dates: list[FoundDate], text: Plain) -> list[FoundDate]:
    """Weekdays that stand directly before or after their date become part of it."""
    joined: list[FoundDate] = []
    for found in dates:
        before = joined[-1] if joined else None
        if before is not None and (_is_weekday(before) != _is_weekday(found)):
            dated, named = (before, found) if _is_weekday(found) else (found, before)
            between = text.printed[before.end : found.begin]
            close = _BETWEEN.fullmatch(between) and "\n" not in between
            if close and dated.weekday is None and dated.calendar is not Calendar.CHINESE:
                printed = text.printed[before.begin : found.end]
                language = named.language if dated.language == "und" else dated.language
                joined[-1] = replace(
                    dated, begin=before.begin, end=found.end, printed=printed, weekday=named.weekday, language=language
                )
                continue
        joined.append(found)
    return joined


def _is_weekday(found: FoundDate) -> bool:
    return (
        found.weekday is not None and not found.readings and found.certainty is Certainty.CERTAIN and not found.native
    )


def _witnessed(dates: list[FoundDate]) -> list[FoundDate]:
    """Weekdays and Chinese dates held against the day they stand beside, or the only day of the text."""
    decided = [_decided(found) for found in dates]
    days = {found.day for found in decided if found.day is not None}
    only = days.pop() if len(days) == 1 else None
    return [_compared(found, only) for found in decided]


def _decided(found: FoundDate) -> FoundDate:
    """A date with its weekday: of several readings, the one that the weekday fits."""
    if found.weekday is None or not found.readings:
        return found
    days = [reading.whole for reading in found.readings]
    fitting = [day for day in days if day is not None and day.weekday() == found.weekday]
    if len(days) > 1 and len(fitting) == 1:
        words = "the weekday decides between the readings"
        return replace(found, readings=(exactly(fitting[0]),), certainty=Certainty.LIKELY, agrees=True, trouble=words)
    if found.day is None:
        return found
    return replace(found, agrees=bool(fitting))


def _compared(found: FoundDate, day: date | None) -> FoundDate:
    if day is None:
        return found
    if _is_weekday(found):
        return replace(found, agrees=found.weekday == day.weekday())
    if found.calendar is not Calendar.CHINESE or found.certainty is Certainty.IMPOSSIBLE:
        return found
    computed = calendars.chinese_date(day)
    if computed is None:
        return found
    dated = "年" in found.native
    words = found.native if dated else f"{computed.year}年{found.native}"
    if calendars.chinese_date_printed(words) == computed:
        return replace(found, readings=(exactly(day),), certainty=Certainty.CERTAIN, agrees=True, trouble="")
    return replace(found, agrees=False, trouble=f"{day.isoformat()} is {computed}")
