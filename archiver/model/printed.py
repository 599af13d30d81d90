"""Dates and numbers as serials print them: where they stand, what they say, and how sure the reading is."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date


class Calendar(enum.Enum):
    """The calendar that a date is printed in."""

    GREGORIAN = "Gregorian"
    JAPANESE_ERA = "Japanese era"
    REPUBLIC_OF_CHINA = "Republic of China"
    REPUBLICAN = "French Republican"
    CHINESE = "Chinese lunar"


class Certainty(enum.Enum):
    """How far a reading can be trusted."""

    CERTAIN = "certain"  # the form allows one reading
    LIKELY = "likely"  # one reading, but something in the form or against it needs a look
    AMBIGUOUS = "ambiguous"  # several readings, or a date that comes round and cannot be placed
    IMPOSSIBLE = "impossible"  # printed as a date or number, and none


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of the Gregorian calendar as far as it is printed; None for what is not."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> date | None:
        """The day, when year, month and day are known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    def __str__(self) -> str:
        year = f"{self.year:04}" if self.year is not None else "XXXX"
        parts = [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join([year, *parts])


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date, part of a date or weekday in a text. `begin` and `end` count characters from 0, `end` exclusive."""

    begin: int
    end: int
    printed: str
    language: str  # ISO 639-2/B; "und" when figures alone tell none
    calendar: Calendar
    readings: tuple[PartialDate, ...]  # most likely first; none for a weekday alone and for what is impossible
    certainty: Certainty
    native: str = ""  # the date in its own calendar, when that is not the Gregorian one
    weekday: int | None = None  # as printed; 0 is Monday
    agrees: bool | None = None  # whether weekday or Chinese date agree with the day; None when not compared
    trouble: str = ""  # what is odd about it

    @property
    def day(self) -> date | None:
        """The one day that is meant, when there is one reading and it is whole."""
        return self.readings[0].whole if len(self.readings) == 1 else None


class NumberKind(enum.Enum):
    """What a printed number or word of numbering tells."""

    VOLUME = "volume"  # volume, tome, Jahrgang, year of publication
    ISSUE = "issue"
    WHOLE = "whole number"  # counted since the first issue
    SUPPLEMENT = "supplement"
    EXTRA = "extra"
    EDITION = "edition"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FoundNumbering:
    """A piece of numbering in a text. `begin` and `end` count characters from 0, `end` exclusive.

    A combined issue has a first and a last number; of any other number both are the same. A supplement, an extra or an
    edition may have no number.
    """

    begin: int
    end: int
    printed: str
    kind: NumberKind
    language: str  # ISO 639-2/B; "und" when the words tell none
    first: int | None
    last: int | None
    certainty: Certainty
    notation: str = ""  # "arabic", "roman", "han"
    trouble: str = ""
    figures: tuple[int, int] | None = None  # where the number itself stands, without its caption

    @property
    def combined(self) -> bool:
        """Whether it counts for more than one issue."""
        return self.first != self.last

    @property
    def value(self) -> str:
        """The number, or first and last with a hyphen; empty when there is none."""
        if self.first is None:
            return ""
        return f"{self.first}-{self.last}" if self.combined else str(self.first)
