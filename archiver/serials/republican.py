"""The calendar of the French Republic, for the years in which it was in use: I to XIV, and 79 under the Commune.

Twelve months of thirty days, then five complementary days, six in the years III, VII and XI. A year began on the day
of the autumn equinox in Paris; the first days below are those that were decreed, not computed, so nothing is said of
years in which nobody dated by this calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAYS = {
    1: date(1792, 9, 22), 2: date(1793, 9, 22), 3: date(1794, 9, 22), 4: date(1795, 9, 23), 5: date(1796, 9, 22),
    6: date(1797, 9, 22), 7: date(1798, 9, 22), 8: date(1799, 9, 23), 9: date(1800, 9, 23), 10: date(1801, 9, 23),
    11: date(1802, 9, 23), 12: date(1803, 9, 24), 13: date(1804, 9, 23), 14: date(1805, 9, 23), 79: date(1870, 9, 23),
}  # fmt: skip
_SIX_COMPLEMENTARY_DAYS = {3, 7, 11}
MONTHS = (
    "vendémiaire", "brumaire", "frimaire", "nivôse", "pluviôse", "ventôse",
    "germinal", "floréal", "prairial", "messidor", "thermidor", "fructidor",
)  # fmt: skip
COMPLEMENTARY = 13  # the "month" of the complementary days
DAYS_OF_DECADE = (
    "primidi", "duodi", "tridi", "quartidi", "quintidi", "sextidi", "septidi", "octidi", "nonidi", "décadi",
)  # fmt: skip
LAST_DAY = date(1805, 12, 31)  # 10 nivôse an XIV; the Gregorian calendar came back on the next day


@dataclass(frozen=True, slots=True)
class RepublicanDate:
    """A day: year, month (13 for the complementary days) and day of the month, each from 1."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        from archiver.serials.printed_numbers import roman_numeral

        if self.month == COMPLEMENTARY:
            return f"{self.day}e jour complémentaire an {roman_numeral(self.year)}"
        return f"{self.day} {MONTHS[self.month - 1]} an {roman_numeral(self.year)}"


def gregorian(day: RepublicanDate) -> date | None:
    """The Gregorian date; None for a day that the calendar does not have or a year in which it was not in use."""
    begin = FIRST_DAYS.get(day.year)
    longest = 30
    if day.month == COMPLEMENTARY:
        longest = 6 if day.year in _SIX_COMPLEMENTARY_DAYS else 5
    if begin is None or not 1 <= day.month <= COMPLEMENTARY or not 1 <= day.day <= longest:
        return None
    return begin + timedelta(days=(day.month - 1) * 30 + day.day - 1)


def republican(day: date) -> RepublicanDate | None:
    """The Republican date of a Gregorian one, from 22 September 1792 to 31 December 1805; None on any other day."""
    if not FIRST_DAYS[1] <= day <= LAST_DAY:
        return None
    year = max(year for year, begin in FIRST_DAYS.items() if begin <= day and year <= 14)
    month, rest = divmod((day - FIRST_DAYS[year]).days, 30)
    return RepublicanDate(year, month + 1, rest + 1)


def trouble(day: RepublicanDate) -> str:
    """Why a printed date is none of the calendar, or of a time when it was not in use; empty when it is sound."""
    if day.year not in FIRST_DAYS:
        return f"year {day.year} of the Republican calendar: nobody dated by it then"
    found = gregorian(day)
    if found is None:
        return "the Republican calendar has no such day"
    if day.year == 14 and found > LAST_DAY:
        return "the Republican calendar ended with 10 nivôse an XIV"
    return ""
