"""Numbers as serials print them: Chinese numerals, Roman numerals, month names."""

from __future__ import annotations

import re

from archiver.serials.date_words import any_month

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN = "零一二三四五六七八九"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip  # noqa: E501


def number(text: str) -> int | None:
    """The number a text stands for, in Arabic (full-width too), Chinese (below 100) or Roman numerals, else None."""
    text = text.strip()
    if text.isdecimal() and len(text) <= 9:
        return int(text)
    chinese = chinese_number(text)
    return chinese if chinese is not None else roman_number(text)


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below 100 (十二 → 12, 二十 → 20, 一〇 → 10); None when it is none."""
    match = re.fullmatch(r"(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", text)
    if match and text:
        tens = (_DIGITS[match.group(1)] if match.group(1) else 1) if match.group(2) else 0
        return tens * 10 + (_DIGITS[match.group(3)] if match.group(3) else 0)
    if re.fullmatch(r"[〇零一二三四五六七八九]{2,4}", text):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    return None


def han(value: int) -> str:
    """A number from 0 to 99 in Chinese numerals; Arabic digits above."""
    if not 0 <= value < 100:
        return str(value)
    tens, units = divmod(value, 10)
    if tens == 0:
        return _HAN[units]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[units] if units else "")


def roman_number(text: str) -> int | None:
    """The value of a well-formed Roman numeral in capitals; None when it is none."""
    if not text or not re.fullmatch(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", text):
        return None
    value, rest = 0, text
    for worth, sign in _ROMAN:
        while rest.startswith(sign):
            value, rest = value + worth, rest[len(sign) :]
    return value


def month(text: str) -> int | None:
    """The month of a number or of a name, English (by three letters or more), German or French; None when neither."""
    value = number(text)
    if value is not None:
        return value
    name = text.strip(" .").lower()
    found = [index for index, full in enumerate(_MONTHS, 1) if len(name) >= 3 and full.startswith(name)]
    return found[0] if len(found) == 1 else any_month(name)
