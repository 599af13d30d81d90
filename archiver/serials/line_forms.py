"""Patterns made from a printed line: what changes from issue to issue as named groups, the rest as it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, Certainty, FoundDate, FoundNumbering, NumberKind
from archiver.serials import date_words, republican
from archiver.serials.eras import ERAS
from archiver.serials.folding import plain
from archiver.serials.printed_numbers import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable

_HAN_NUMERAL = "[〇○零一二三四五六七八九十百千廿卅]+"
LUNAR = "(?:[农農夏阴陰旧舊][历曆])?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[闰閏]?[正一二三四五六七八九十冬腊臘]+月[初十廿卅一二三四五六七八九]+日?"  # noqa: E501
_EAST_ASIAN_WEEKDAY = "(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_JAPANESE_WEEKDAY = "[月火水木金土日](?:曜日?)?"
_WORD = r"[^\W\d_]+\.?"
_GROUPS = {NumberKind.VOLUME: "volume", NumberKind.ISSUE: "issue", NumberKind.WHOLE: "whole"}
_TOKEN = re.compile(r"\d+|[^\W\d_]+\.?|\s+|.", re.DOTALL)
_ERA_NAMES = tuple(era.name for era in ERAS)
_OWN_TOKEN = re.compile(rf"{'|'.join(_ERA_NAMES)}|[元{HAN}]+|\d+|\s+|[^\W\d_一-鿿]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters of a line and the pattern that stands for it."""

    begin: int
    end: int
    pattern: str


def line_pattern(line: str, parts: Iterable[Part]) -> str:
    """A pattern of the whole line: each part's own pattern, and between them what is printed, blanks of any width."""
    pieces: list[str] = []
    place = 0
    for part in sorted(parts, key=lambda part: part.begin):
        pieces += [literal(line[place : part.begin]), part.pattern]
        place = part.end
    pieces.append(literal(line[place:]))
    return "".join(pieces)


def literal(text: str) -> str:
    """A pattern of these very words. A blank fits any run of blanks."""
    pieces = re.findall(r"\s+|\S+", text)
    return "".join(piece if piece == " " else r"\s+" if piece.isspace() else re.escape(piece) for piece in pieces)


def numbering_part(found: FoundNumbering, named: bool = True) -> Part:
    """A number with its caption. Combined issues fit the form of single ones, and the other way round."""
    group = _GROUPS.get(found.kind)
    if found.kind is NumberKind.EDITION:
        return Part(
            found.begin, found.end, rf"(?P<edition>{_edition(found.printed)})" if named else literal(found.printed)
        )
    if found.figures is None:
        return Part(found.begin, found.end, literal(found.printed))
    begin, end = found.figures[0] - found.begin, found.figures[1] - found.begin
    thousands = r"\d+(?:[.,'’]\d{3})*" if re.search(r"\d[.,'’]\d{3}", found.printed) else r"\d+"
    one = {"roman": r"(?:[IVXLCDMivxlcdm]+j?|\d+)", "han": rf"(?:{_HAN_NUMERAL}|\d+)"}.get(found.notation, thousands)
    if found.kind is NumberKind.ISSUE:
        between = found.printed[begin:end] if found.combined else ""
        sign = "期?" if "期" in between else "号?" if "号" in between else ""
        one += rf"(?:{sign}\s*[-–—/、,&]\s*{'第?' if '第' in between else ''}{one})?"
    number = f"(?P<{group}>{one})" if group and named else one
    pattern = literal(found.printed[:begin]) + number + literal(found.printed[end:])
    caption = f"(?P<{group}_caption>{pattern})" if group and named else pattern
    return Part(found.begin, found.end, caption)


def _edition(printed: str) -> str:
    """Editions of one serial differ in a word: final edition, late edition; Morgenausgabe, Abendausgabe; 早报, 晚报."""
    if re.fullmatch(r"[一-鿿]{2}", printed):
        return rf"[一-鿿]{printed[1]}" if printed[1] != "外" else re.escape(printed)
    if re.search("ausgabe$", printed, re.IGNORECASE):
        return rf"[^\W\d_-]+-?{printed[-7:]}"
    return r"[^\W\d_][\w'’ -]*"


def date_part(found: FoundDate, *, named: bool = True, partial: bool = False) -> Part:
    """A date. Figures and month names become the groups year, month and day; a date of another calendar, `date`.

    With `partial`, year and month are named though the day is printed elsewhere.
    """
    if found.calendar is Calendar.CHINESE:
        return Part(found.begin, found.end, f"(?P<lunar>{LUNAR})" if named else LUNAR)
    if not found.readings and found.weekday is not None and found.certainty is not Certainty.IMPOSSIBLE:
        pattern = _weekday(found.printed)
        return Part(found.begin, found.end, f"(?P<weekday>{pattern})" if named else pattern)
    whole = partial or (named and any(reading.whole is not None for reading in found.readings))
    if found.calendar is Calendar.GREGORIAN and not any(sign in HAN for sign in _without_weekday(found)):
        return Part(found.begin, found.end, _figures(found, whole))
    return Part(found.begin, found.end, _own_words(found, whole))


def _weekday(printed: str) -> str:
    if re.match("星期|周|週|礼拜|禮拜", printed):
        return _EAST_ASIAN_WEEKDAY
    return _JAPANESE_WEEKDAY if re.match("[月火水木金土日]", printed) else _WORD


_WEEKDAY_PRINTED = re.compile(rf"{_EAST_ASIAN_WEEKDAY}|[月火水木金土日]曜日?|(?<=[((])[月火水木金土日](?=[))])")


def _without_weekday(found: FoundDate) -> str:
    return _WEEKDAY_PRINTED.sub("", found.printed) if found.weekday is not None else found.printed


def _figures(found: FoundDate, named: bool) -> str:
    """Figures and words, one by one: four figures are a year, the others month and day in the order of the reading."""
    group = _Namer(named)
    pieces: list[str] = []
    order = _order(found)
    text = found.printed
    weekday = _WEEKDAY_PRINTED.search(text) if found.weekday is not None else None
    head = text[: weekday.start()] if weekday else text
    for token in _TOKEN.findall(head):
        pieces.append(_token(token, found, group, order))
    if weekday:
        pieces.append(group("weekday", _weekday(weekday.group())))
        pieces.append(literal(text[weekday.end() :]))
    return "".join(pieces)


class _Namer:
    """Names a group the first time; a name may stand once in a pattern."""

    def __init__(self, named: bool) -> None:
        self._named, self._used = named, set[str]()

    def __call__(self, name: str, pattern: str) -> str:
        if not self._named or name in self._used:
            return f"(?:{pattern})" if "|" in pattern else pattern
        self._used.add(name)
        return f"(?P<{name}>{pattern})"


def _order(found: FoundDate) -> list[str]:
    """Which of month and day comes first among the short figures."""
    short = [int(plain(figure)) for figure in re.findall(r"(?<!\d)\d{1,2}(?!\d)", found.printed)]
    if len(short) < 2 or not found.readings:
        return ["month" if found.readings and found.readings[0].day is None else "day"]
    return ["month", "day"] if short == [found.readings[0].month, found.readings[0].day] else ["day", "month"]


def _token(token: str, found: FoundDate, group: _Namer, order: list[str]) -> str:
    if token.isspace():
        return literal(token)
    if token.isdecimal():
        if len(token) == 4:
            return group("year", r"\d{4}")
        name = order.pop(0) if len(order) > 1 else order[0]
        return group(name, r"\d{1,2}") + ("(?:er|ᵉʳ)?" if found.language == "fre" and name == "day" else "")
    if not token[0].isalpha() or found.language not in date_words.MONTHS:
        return re.escape(token)
    return _western_word(token, found, group)


def _western_word(token: str, found: FoundDate, group: _Namer) -> str:
    word = plain(token).rstrip(".").lower()
    weekday = date_words.weekday_number(token, found.language)
    if weekday is not None and weekday == found.weekday:
        return group("weekday", _WORD)
    if date_words.month_number(token, found.language):
        return group("month", _WORD)
    if word in {"st", "nd", "rd", "th"}:
        return "(?:st|nd|rd|th)" + (r"\." if token.endswith(".") else "")
    if found.language == "fre" and word == "er":  # on the first of a month alone; it is part of the day's pattern
        return ""
    if found.language == "fre" and word == "premier":
        return group("day", r"premier|\d{1,2}")
    return group("year", "[MDCLXVI]+") if re.fullmatch("M[MDCLXVI]{3,}", token) else re.escape(token)


def _own_words(found: FoundDate, named: bool) -> str:
    """A date in Chinese numerals, of an era or of the Republican calendar: one group, numbers of any kind in it."""
    weekday = _WEEKDAY_PRINTED.search(found.printed) if found.weekday is not None else None
    text = found.printed[: weekday.start()] if weekday else found.printed
    stripped = re.sub(r"[\s,,((]+$", "", text)
    reader = _republican if found.calendar is Calendar.REPUBLICAN else _east_asian
    pattern = "".join(reader(token) for token in _OWN_TOKEN.findall(stripped))
    date = f"(?P<date>{pattern})" if named else pattern
    if weekday is None:
        return date + literal(text[len(stripped) :])
    said = _weekday(weekday.group())
    said = f"(?P<weekday>{said})" if named else f"(?:{said})"
    return date + literal(text[len(stripped) :]) + said + literal(found.printed[weekday.end() :])


def _republican(token: str) -> str:
    if re.fullmatch("[MDCLXVI]+", token):
        return "[MDCLXVI]+"
    if plain(token) in {"er", "e"}:
        return "(?:er|e)?"
    known = {name.lower() for name in (*republican.MONTHS, *republican.DAYS_OF_DECADE)}
    if plain(token).lower() in {plain(name) for name in known}:
        return _WORD
    if token.isdecimal():
        return r"\d{1,2}(?:er)?"
    return r"\s+" if token.isspace() else re.escape(token)


def _east_asian(token: str) -> str:
    if token in _ERA_NAMES:
        return f"(?:{'|'.join(_ERA_NAMES)})"
    if token.isdecimal() or token[0] in f"元{HAN}":
        return rf"(?:元|\d{{1,4}}|{_HAN_NUMERAL})"
    return r"\s*" if token.isspace() else re.escape(token)
