"""Numbers as they are printed: Roman numerals, strict and as printers set them, and Chinese numerals of any size.

`numerals` reads the plain forms that profiles have always used; this module says besides which notation a number is
in and whether its form is the usual one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_WORTH = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
LARGEST_ROMAN = 4999
# Printers set IIII and VIIII on mastheads as on clocks, XXXX and CCCC in dates, and now and then IIX and XXC.
_AS_PRINTED = re.compile(
    "M{0,4}(?:CM|CD|CCD|D?C{0,4})(?:XC|XL|XXC|XXL|L?X{0,4})(?:IX|IV|IIX|V?I{0,4})", re.ASCII | re.IGNORECASE
)
HAN_DIGITS = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9, "壹": 1, "貳": 2, "贰": 2, "參": 3, "叁": 3, "肆": 4, "伍": 5, "陸": 6, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9, "壱": 1, "弐": 2, "参": 3,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
HAN = "".join((*HAN_DIGITS, *_UNITS, *_TENS, "万萬"))  # every sign of a Chinese numeral


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed: value, notation ("arabic", "roman", "han"), and whether the form is the usual one."""

    value: int
    notation: str
    usual: bool = True


def printed_number(text: str) -> PrintedNumber | None:
    """The number of a text in Arabic, Chinese or Roman numerals, thousands parted or not; None when it is none."""
    text = text.strip()
    digits = re.sub(r"(?<=\d)[.,'’](?=\d{3})", "", text)
    if digits.isdecimal() and len(digits) <= 9:
        return PrintedNumber(int(digits), "arabic")
    han = han_value(text)
    if han is not None:
        return PrintedNumber(han, "han")
    roman = roman_value(text)
    return PrintedNumber(roman, "roman", roman_numeral(roman) == text.upper()) if roman else None


def roman_value(text: str) -> int | None:
    """The value of a Roman numeral, strict or as printed (IIII, MDCCCCX, IIX, viij); None when it is none."""
    numeral = re.sub("j$", "i", text, flags=re.IGNORECASE)
    if not numeral or not _AS_PRINTED.fullmatch(numeral):
        return None
    if not (numeral.isupper() or numeral.islower()):
        return None
    worths = [_WORTH[sign] for sign in numeral.upper()]
    total = 0
    for place, worth in enumerate(worths):
        bigger = max(worths[place + 1 :], default=0)
        total += -worth if worth < bigger else worth
    return total


def roman_numeral(value: int) -> str:
    """The strict Roman numeral of a number from 1 to 4999. Raises ValueError for any other."""
    if not 1 <= value <= LARGEST_ROMAN:
        raise ValueError(f"{value} has no Roman numeral")
    signs = []
    for worth, sign in _SIGNS:
        count, value = divmod(value, worth)
        signs.append(sign * count)
    return "".join(signs)


def han_value(text: str) -> int | None:
    """The value of a Chinese numeral below 100,000,000: 一百零三, 二〇二一, 廿二; None when it is none."""
    if not text or any(sign not in HAN for sign in text):
        return None
    if all(sign in HAN_DIGITS for sign in text):  # figure by figure: 二〇二一
        return int("".join(str(HAN_DIGITS[sign]) for sign in text)) if len(text) <= 8 else None
    head, mark, tail = text.replace("萬", "万").partition("万")
    if mark:
        thousands, rest = _below_ten_thousand(head), _below_ten_thousand(tail) if tail else 0
        return thousands * 10_000 + rest if thousands and rest is not None else None
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last_unit, filled = 0, None, 10_000, False
    for sign in text:
        if sign in _UNITS:
            unit = _UNITS[sign]
            if unit >= last_unit or digit == 0:
                return None
            total += (1 if digit is None else digit) * unit
            last_unit, digit = unit, None
        elif sign in _TENS:
            if last_unit <= 10 or digit not in {None, 0}:
                return None
            total, last_unit, digit = total + _TENS[sign], 10, None
        elif sign in HAN_DIGITS:
            if HAN_DIGITS[sign] and digit:
                return None
            digit, filled = HAN_DIGITS[sign], True
        else:
            return None
    return total + (digit or 0) if filled or total else None
