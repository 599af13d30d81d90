"""Years counted by eras: Japan since Meiji, and the Republic of China; verified against the Gregorian calendar.

An era ends on the day the next begins or on the day before: 30 July 1912 is both Meiji 45 and Taishō 1, 25 December
1926 both Taishō 15 and Shōwa 1; 7 January 1989 is the last day of Shōwa, 30 April 2019 of Heisei.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Japan took the Gregorian calendar on this day. An earlier Japanese date is one of the old lunisolar calendar, whose
# months are others; it is reported and never converted.
JAPAN_GREGORIAN = date(1873, 1, 1)
REPUBLIC_BEGAN = date(1912, 1, 1)


@dataclass(frozen=True, slots=True)
class Era:
    """An era: name, initial (H31.4.30), first year, first and last day (None while it lasts)."""

    name: str
    initial: str
    year: int
    first: date
    last: date | None


ERAS = (
    Era("明治", "M", 1868, date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", 1912, date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", 1926, date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", 1989, date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", 2019, date(2019, 5, 1), None),
)


def era_named(name: str) -> Era | None:
    """The era of a name (平成) or initial (H)."""
    return next((era for era in ERAS if name in {era.name, era.initial}), None)


def eras_of(day: date) -> tuple[tuple[Era, int], ...]:
    """Every era that a day belongs to with its year there, the older first: two on some days of change, else one.

    Empty before 1873, when Japan had another calendar.
    """
    if day < JAPAN_GREGORIAN:
        return ()
    fitting = [era for era in ERAS if era.first <= day and (era.last is None or day <= era.last)]
    return tuple((era, day.year - era.year + 1) for era in fitting)


def era_trouble(era: Era, day: date) -> str:
    """Why a day is none of an era; empty when it is one."""
    if day < JAPAN_GREGORIAN:
        return "Japan had another calendar before 1 January 1873: not converted"
    if day < era.first:
        return f"{era.name} began on {era.first.isoformat()}"
    if era.last is not None and day > era.last:
        return f"{era.name} ended on {era.last.isoformat()}"
    return ""


def republic_trouble(year: int) -> str:
    """Why a year (of the Republic) is none; empty when it is one."""
    return "" if year >= 1 else "the Republic of China counts from year 1, 1912"
