"""Identifiers as mastheads print them: ISSN with its check digit, LCCN, and the CN number of Chinese serials."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ISSN = re.compile(
    r"(?:e-?|p-?)?ISSN(?: *\((?:online|print)\))?[ :：-]*(?P<number>\d{4} ?[-–‐] ?\d{3}[\dXx])", re.IGNORECASE
)
_LCCN = re.compile(
    r"(?:LCCN|L\.? ?C\.? +(?:card|control) +(?:no\.?|number))[ :：]*"
    r"(?P<number>(?:[a-z]{1,3} ?)?(?:\d{8}|\d{10}|\d{2}-\d{1,6}|\d{4}-\d{1,6}))(?!\d)",
    re.IGNORECASE,
)
_CN = re.compile(r"CN *(?P<number>\d{2}[-–]\d{4}(?:[/／][A-Z]{1,2}\d{0,2})?)(?!\d)")


@dataclass(frozen=True, slots=True)
class FoundIdentifier:
    """An identifier in a text: its kind ("issn", "lccn", "cn"), normal form, place in characters, and what is wrong."""

    kind: str
    value: str
    begin: int
    end: int
    number_begin: int  # where the number itself begins; it ends where the whole ends
    trouble: str = ""


def read_identifiers(text: str) -> tuple[FoundIdentifier, ...]:
    """Every identifier of a text, in its order."""
    found: list[FoundIdentifier] = []
    for kind, pattern in (("issn", _ISSN), ("lccn", _LCCN), ("cn", _CN)):
        for match in pattern.finditer(text):
            value = re.sub(r"[ ]", "", match["number"]).replace("–", "-").replace("‐", "-")
            value = lccn(value) if kind == "lccn" else value.upper()
            trouble = issn_trouble(value) if kind == "issn" else ""
            found.append(FoundIdentifier(kind, value, match.start(), match.end(), match.start("number"), trouble))
    return tuple(sorted(found, key=lambda each: each.begin))


def issn_check_digit(digits: str) -> str:
    """The eighth sign of an ISSN for its first seven digits: weights 8 to 2, modulo 11 (ISO 3297)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    rest = -total % 11
    return "X" if rest == 10 else str(rest)


def issn_trouble(issn: str) -> str:
    """Why an ISSN is none; empty when its check digit is right."""
    digits = issn.replace("-", "").upper()
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        return "not eight signs"
    right = issn_check_digit(digits[:7])
    return "" if digits[7] == right else f"the check digit {digits[7]} should be {right}"


def lccn(printed: str) -> str:
    """The normal form of an LCCN: no blanks, the serial part filled up to six digits (sn 83-45 → sn83000045)."""
    whole = re.sub(r"\s", "", printed).lower()
    head, mark, tail = whole.partition("-")
    return head + tail.rjust(6, "0") if mark else whole
