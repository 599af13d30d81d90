"""Accession numbers: schemes such as {year}.{serial:03}, their order, and the series they form."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver.errors import ConfigurationError
from archiver.model.register import NumberSeries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFAULT_SCHEME = "{year}.{serial:03}"
_FIELD = re.compile(r"\{(year|serial)(?::0([1-9]))?\}")
_LONGEST = 200  # bytes; file systems end at 255


@dataclass(frozen=True, slots=True)
class Scheme:
    """How accession numbers are formed: literal words around {year} and {serial} ({serial:03} has three digits)."""

    before: str
    after: str
    width: int

    @classmethod
    def of(cls, template: str, year: int) -> Scheme:
        """The scheme of `template` in one year; raises ConfigurationError when no number can be formed with it."""
        rest = _FIELD.sub("", template)
        serials = [match for match in _FIELD.finditer(template) if match.group(1) == "serial"]
        years = [match for match in _FIELD.finditer(template) if match.group(1) == "year"]
        remedy = f"write it like {DEFAULT_SCHEME}"
        if len(serials) != 1 or any(match.group(2) for match in years) or "{" in rest or "}" in rest:
            message = f"the number scheme {template!r} must hold {{serial}} once, and beside it only {{year}} and words"
            raise ConfigurationError(message, remedy=remedy)
        where = serials[0]
        before, after = (
            part.replace("{year}", f"{year:04}") for part in (template[: where.start()], template[where.end() :])
        )
        scheme = cls(before, after, int(where.group(2) or 1))
        if not is_number(scheme.number(1)):
            message = f"the number scheme {template!r} forms {scheme.number(1)!r}, which cannot be the name of a folder"
            raise ConfigurationError(message, remedy=remedy)
        return scheme

    def number(self, serial: int) -> str:
        """The accession number of `serial`."""
        return f"{self.before}{serial:0{self.width}}{self.after}"

    def serial(self, number: str) -> int | None:
        """The serial of `number`, or None when it is not of this scheme. 2026.1 and 2026.001 have the same."""
        pattern = re.escape(self.before) + r"([0-9]{1,18})" + re.escape(self.after)
        match = re.fullmatch(pattern, number)
        return int(match.group(1)) if match else None


@lru_cache(maxsize=65_536)  # a register of ten thousand is listed ten thousand times while a batch goes on
def is_number(name: str) -> bool:
    """Whether `name` can be an accession number: the name of one visible folder, without control characters."""
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return False
    plain = all(unicodedata.category(char) not in {"Cc", "Zl", "Zp"} for char in name)
    visible = bool(name) and name == name.strip() and not name.startswith((".", "-"))
    return plain and visible and "/" not in name and length <= _LONGEST


def order(number: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers as people count: 2026.9 before 2026.10."""
    parts = re.split(r"([0-9]+)", number)
    keyed = tuple((0, int(part[:18]), part) if part.isascii() and part.isdigit() else (1, 0, part) for part in parts)
    return (*keyed, (2, 0, number))


def series(numbers: Iterable[str], schemes: Sequence[Scheme] = ()) -> tuple[NumberSeries, ...]:
    """Numbers grouped by everything but their serial: the one a scheme names, else the last run of digits."""
    groups: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for number in numbers:
        found = _split(number, schemes)
        if found is not None:
            before, digits, after = found
            groups[before, after].setdefault(int(digits), len(digits))
    return tuple(
        NumberSeries(before, after, min(widths.values()), tuple(sorted(widths)))
        for (before, after), widths in sorted(groups.items())
    )


def twins(numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of names that mean one number: by leading zeros, letter case or Unicode normalisation."""
    first: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for number in numbers:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", number).casefold())
        key = re.sub(r"[0-9]+", lambda match: match.group().lstrip("0") or "0", folded)
        known = first.setdefault(key, number)
        if known != number:
            found.append((known, number))
    return tuple(found)


def _split(number: str, schemes: Sequence[Scheme]) -> tuple[str, str, str] | None:
    for scheme in schemes:
        if scheme.serial(number) is not None:
            end = len(number) - len(scheme.after)
            return scheme.before, number[len(scheme.before) : end], scheme.after
    match = re.fullmatch(r"(.*?)([0-9]{1,18})([^0-9]*)", number, re.DOTALL)
    return (match.group(1), match.group(2), match.group(3)) if match else None
