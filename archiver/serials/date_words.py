"""Names of months and weekdays in English, German and French, as mastheads print them: in full, short, and old."""

from __future__ import annotations

import re
from functools import cache

from archiver.serials.folding import plain

MONTHS: dict[str, tuple[str, ...]] = {  # names without accents; the first of each is the usual one
    "eng": (
        "january jan", "february febr feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug", "september sept sep", "october oct", "november nov", "december dec",
    ),
    "ger": (
        "januar janner jenner jan", "februar feber hornung febr feb", "marz maerz mrz", "april apr", "mai",
        "juni juny juno jun", "juli july julei jul", "august aug", "september sept sep", "oktober october okt oct",
        "november nov", "dezember december dez dec",
    ),
    "fre": (
        "janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil",
        "aout aoust", "septembre sept", "octobre oct", "novembre nov", "decembre dec",
    ),
}  # fmt: skip
WEEKDAYS: dict[str, tuple[str, ...]] = {  # Monday first
    "eng": (
        "monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu", "friday fri",
        "saturday sat", "sunday sun",
    ),
    "ger": (
        "montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr", "samstag sonnabend sa", "sonntag so",
    ),
    "fre": (
        "lundi lun", "mardi mar", "mercredi mer", "jeudi jeu", "vendredi ven", "samedi sam", "dimanche dim",
    ),
}  # fmt: skip
EAST_ASIAN_WEEKDAYS = "一二三四五六日"
JAPANESE_WEEKDAYS = "月火水木金土日"
# Weekdays that stand for themselves; short forms count only beside a date, because so many words are like them.
_SHORTEST_ALONE = 5


@cache
def _numbers(language: str, weekdays: bool) -> dict[str, int]:
    table = (WEEKDAYS if weekdays else MONTHS)[language]
    first = 0 if weekdays else 1
    return {name: number for number, names in enumerate(table, first) for name in names.split()}


def month_number(name: str, language: str) -> int | None:
    """The month (1 to 12) that a name means in a language ("eng", "ger", "fre"); None when it means none."""
    return _numbers(language, False).get(plain(name).strip(". ").lower())


def weekday_number(name: str, language: str) -> int | None:
    """The weekday (0 is Monday) that a name means in a language; None when it means none."""
    return _numbers(language, True).get(plain(name).strip(". ").lower())


def any_month(name: str) -> int | None:
    """The month that a name means in any of the languages: none of the names means two."""
    found = {number for language in MONTHS if (number := month_number(name, language))}
    return found.pop() if len(found) == 1 else None


def any_weekday(name: str) -> int | None:
    """The weekday a word names in English, German, French, Chinese or Japanese, in full; None when it names none."""
    word = plain(name).strip()
    match = re.fullmatch(r"(?:星期|周|週|礼拜|禮拜)([一二三四五六日天])", word)
    if match:
        return EAST_ASIAN_WEEKDAYS.index(match.group(1).replace("天", "日"))
    match = re.fullmatch(r"\(?([月火水木金土日])(?:曜日?)?\)?", word)
    if match:
        return JAPANESE_WEEKDAYS.index(match.group(1))
    if len(word.rstrip(".")) < 3:
        return None
    found = {number for language in WEEKDAYS if (number := weekday_number(word, language)) is not None}
    return found.pop() if len(found) == 1 else None


def weekday_like(day: int, like: str) -> str:
    """The weekday (0 is Monday) in the language of the printed example: German, French or Japanese; else empty."""
    word = plain(like).strip()
    if "曜" in word:
        return JAPANESE_WEEKDAYS[day] + "曜日"
    for language in ("ger", "fre"):
        if weekday_number(word, language) is not None and weekday_number(word, "eng") is None:
            name = WEEKDAYS[language][day].split()[0]
            return name.capitalize() if word[:1].isupper() else name
    return ""


def months_pattern(language: str) -> str:
    """A pattern of every month name of a language, longest first, an abbreviation with its full stop or without."""
    return _alternatives(_numbers(language, False))


def weekdays_pattern(language: str, *, alone: bool = False) -> str:
    """A pattern of every weekday name; with `alone`, of those long enough to stand without a date."""
    names = _numbers(language, True)
    return _alternatives({name: day for name, day in names.items() if not alone or len(name) >= _SHORTEST_ALONE})


def _alternatives(names: dict[str, int]) -> str:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return r"(?:" + "|".join(rf"{name}\.?" if len(name) <= 5 else name for name in ordered) + r")(?![a-z])"
