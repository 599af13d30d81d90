"""Dates in English, German and French words, in figures, and of the French Republic."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, Certainty, FoundDate, PartialDate
from archiver.serials import date_words, republican
from archiver.serials.printed_numbers import printed_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.serials.folding import Plain

_YEAR = r"(?P<year>\d{4}|(?-i:M[MDCLXVI]{3,}))(?![\d])"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _forms(language: str, *forms: str) -> tuple[re.Pattern[str], ...]:
    months = rf"(?P<month>{date_words.months_pattern(language)})"
    weekday = rf"(?:(?<![a-z])(?P<weekday>{date_words.weekdays_pattern(language)}),? +)?"
    return tuple(
        _compiled(
            form.replace("<month>", months).replace("<weekday>", weekday).replace("<year>", _YEAR)
            .replace("<day>", _DAY)
        )
        for form in forms
    )  # fmt: skip


# Of each language: the full forms first, then those without a year, then month and year.
_WORDS = {
    "eng": _forms(
        "eng",
        r"<weekday>(?:the +)?<day>(?:st|nd|rd|th)?(?: +day)?(?: +of)? +(?<![a-z])<month>(?:,? +<year>)?",
        r"<weekday>(?<![a-z])<month> +(?:the +)?<day>(?:st|nd|rd|th)?(?![\d:])(?:,? +<year>)?",
        r"(?<![a-z])<month>,? +<year>",
    ),
    "ger": _forms(
        "ger",
        r"<weekday>(?:d[ae][nmr]|am|vom)? *<day>(?:\.|ten|sten|ste|te) *<month>(?:,? *<year>)?",
        r"<weekday>(?:den +)?<day> +<month> +<year>",
        r"(?<![a-z])<month>,? +<year>",
    ),
    "fre": _forms(
        "fre",
        r"<weekday>(?:le +)?(?:<day>(?:er)?|(?P<first>premier)) +<month>(?:,? +<year>)?",
        r"(?<![a-z])<month>,? +<year>",
    ),
}
_ALONE = {
    language: _compiled(rf"(?<![a-z])(?P<weekday>{date_words.weekdays_pattern(language, alone=True)})")
    for language in date_words.WEEKDAYS
}
_YEAR_FIRST = re.compile(
    r"(?<![\d./-])(?P<year>\d{4})(?P<sep>[-./])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-]|\.\d)"
)
_YEAR_LAST = re.compile(
    r"(?<![\d./-])(?P<one>\d{1,2})(?P<sep>[-./]) ?(?P<two>\d{1,2})(?P=sep) ?(?P<year>\d{4})(?![\d/-]|\.\d)"
)
_ROMAN_YEAR = re.compile(r"(?<![A-Za-z])(?<!\. )M[MDCLXVI]{2,}(?![A-Za-z])")
_FIRST_PRINTED_YEAR, _LAST_PRINTED_YEAR = 1450, 2100
_FRENCH_MONTHS = tuple(name.replace("é", "e").replace("ô", "o") for name in republican.MONTHS)
_FRENCH_YEAR = (
    r"(?:de +)?(?:l')?an +(?P<year>[MDCLXVI]+|\d{1,2})(?:e|eme)?(?![a-z\d])(?: +de +la +republique(?: +francaise)?)?"
)
_DECADE = "(?:(?:" + "|".join(name.replace("é", "e") for name in republican.DAYS_OF_DECADE) + "),? +)?(?:le +)?"
_REPUBLICAN = (
    _compiled(rf"{_DECADE}{_DAY}(?:er|e)? +(?P<month>{'|'.join(_FRENCH_MONTHS)})(?:,? +{_FRENCH_YEAR})?"),
    _compiled(rf"{_DECADE}{_DAY}(?:er|re|e|eme)? +jour +complementaire(?:,? +{_FRENCH_YEAR})?"),
    _compiled(rf"(?<![a-z])(?P<month>{'|'.join(_FRENCH_MONTHS)}),? +{_FRENCH_YEAR}"),
    _compiled(rf"(?<![a-z']){_FRENCH_YEAR}"),
)


def western_dates(text: Plain) -> Iterator[FoundDate]:
    """Every form that fits anywhere, in no order; the same words may be found by several forms."""
    yield from _in_figures(text)
    yield from _republican_dates(text)
    for language, forms in _WORDS.items():
        for form in forms:
            for match in form.finditer(text.text):
                found = _in_words(text, match, language)
                if found is not None:
                    yield found
        for match in _ALONE[language].finditer(text.text):
            weekday = date_words.weekday_number(match["weekday"], language)
            yield _found(text, match, language, (), Certainty.CERTAIN, weekday=weekday)


def _in_words(text: Plain, match: re.Match[str], language: str) -> FoundDate | None:
    said = match.groupdict()
    if match["month"].islower() and language != "fre":  # "may 4", "march 10": a verb, not a month
        return None
    day = 1 if said.get("first") else _number(said.get("day"))
    year = _number(said["year"])
    month = date_words.month_number(match["month"], language)
    if day is None and year is None:
        return None
    weekday = date_words.weekday_number(said["weekday"], language) if said.get("weekday") else None
    reading, trouble = placed(year, month, day)
    certainty = Certainty.CERTAIN if reading else Certainty.IMPOSSIBLE
    return _found(text, match, language, (reading,) if reading else (), certainty, weekday=weekday, trouble=trouble)


def _in_figures(text: Plain) -> Iterator[FoundDate]:
    for match in _YEAR_FIRST.finditer(text.text):
        reading, trouble = placed(int(match["year"]), int(match["month"]), int(match["day"]))
        certainty = Certainty.CERTAIN if reading else Certainty.IMPOSSIBLE
        yield _found(text, match, "und", (reading,) if reading else (), certainty, trouble=trouble)
    for match in _YEAR_LAST.finditer(text.text):
        one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
        tried = dict.fromkeys(((two, one), (one, two)))  # (month, day): the day first, as in most of the world
        readings = tuple(found for month, day in tried if (found := placed(year, month, day)[0]))
        certainty = (Certainty.IMPOSSIBLE, Certainty.CERTAIN, Certainty.AMBIGUOUS)[len(readings)]
        trouble = {0: "no such day", 2: "day and month may be either way round"}.get(len(readings), "")
        yield _found(text, match, "und", readings, certainty, trouble=trouble)

    for match in _ROMAN_YEAR.finditer(text.text):
        numeral = printed_number(match.group())
        if numeral is not None and _FIRST_PRINTED_YEAR <= numeral.value <= _LAST_PRINTED_YEAR:
            trouble = "" if numeral.usual else f"not the usual form of {numeral.value}"
            yield _found(text, match, "und", (PartialDate(numeral.value),), Certainty.LIKELY, trouble=trouble)


def _republican_dates(text: Plain) -> Iterator[FoundDate]:
    for form in _REPUBLICAN:
        for match in form.finditer(text.text):
            said = match.groupdict()
            year, day = _number(said["year"]), _number(said.get("day"))
            if said["year"] and year is None:
                continue
            if said.get("month"):
                month = _FRENCH_MONTHS.index(said["month"].lower()) + 1
            else:
                month = republican.COMPLEMENTARY if day is not None else 0
            yield _republican_date(text, match, year, month, day)


def _republican_date(text: Plain, match: re.Match[str], year: int | None, month: int, day: int | None) -> FoundDate:
    readings: tuple[PartialDate, ...] = ()
    native, certainty, trouble = match.group(), Certainty.AMBIGUOUS, ""
    if year is not None and day is not None and month:
        whole = republican.RepublicanDate(year, month, day)
        trouble = republican.trouble(whole)
        found = republican.gregorian(whole)
        if found is not None:
            readings, native = (exactly(found),), str(whole)
            certainty = Certainty.LIKELY if trouble else Certainty.CERTAIN
        else:
            certainty = Certainty.IMPOSSIBLE
    elif year is not None:
        known = year in republican.FIRST_DAYS
        certainty = Certainty.CERTAIN if known else Certainty.IMPOSSIBLE
        trouble = "" if known else f"year {year} of the Republican calendar: nobody dated by it then"
        if known:  # a Republican year lies in two Gregorian ones, a month in two months
            begin = republican.gregorian(republican.RepublicanDate(year, month or 1, 1)) or republican.FIRST_DAYS[year]
            readings = (PartialDate(begin.year),) if not month else (PartialDate(begin.year, begin.month),)
            certainty, trouble = Certainty.LIKELY, f"begins on {begin.isoformat()}"
    else:
        trouble = "the year is not printed"
    return _found(text, match, "fre", readings, certainty, Calendar.REPUBLICAN, native=native, trouble=trouble)


def placed(year: int | None, month: int | None, day: int | None) -> tuple[PartialDate | None, str]:
    """The date as far as it is given, or why there is none. 29 February without a year is a date."""
    try:
        date(year if year is not None else 2000, month or 1, day if day is not None else 1)
    except ValueError:
        return None, "no such day"
    if month == 0:
        return None, "no such month"
    return PartialDate(year, month, day), ""


def exactly(day: date) -> PartialDate:
    """A whole date."""
    return PartialDate(day.year, day.month, day.day)


def _number(text: str | None) -> int | None:
    found = printed_number(text) if text else None
    return found.value if found else None


def _found(
    text: Plain,
    match: re.Match[str],
    language: str,
    readings: tuple[PartialDate, ...],
    certainty: Certainty,
    calendar: Calendar = Calendar.GREGORIAN,
    *,
    native: str = "",
    weekday: int | None = None,
    trouble: str = "",
) -> FoundDate:
    lead = len(match.group()) - len(match.group().lstrip())
    begin, end = text.span(match.start() + lead, match.start() + len(match.group().rstrip()))
    printed = text.printed[begin:end]
    return FoundDate(begin, end, printed, language, calendar, readings, certainty, native, weekday, None, trouble)
