"""A text made plain for patterns: full-width signs, accents, dashes and blanks as one form, every place kept.

Patterns look at the plain text; what they find is told in characters of the text as it was printed.
"""

from __future__ import annotations

import unicodedata

_ALIKE = {
    "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "~": "-", "～": "-", "〜": "-", "－": "-",
    "’": "'", "º": "°", "ᵒ": "°", "ᵉ": "e", "ʳ": "r", "ʰ": "h", "ˢ": "s", "ᵗ": "t",
    "：": ":", "，": ",", "（": "(", "）": ")", "ſ": "s",
}  # fmt: skip


class Plain:
    """The plain form of a text, and the way back to the characters of the text."""

    def __init__(self, text: str) -> None:
        self.printed = text
        signs: list[str] = []
        self._places: list[int] = []
        for place, sign in enumerate(text):
            if unicodedata.combining(sign) and signs:  # of a decomposed letter: é as e and its accent
                continue
            signs.append(_plain(sign))
            self._places.append(place)
        self._places.append(len(text))
        self.text = "".join(signs)

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The characters of the text, `end` exclusive, that a part of the plain text stands for."""
        return self._places[begin], self._places[end]


def plain(text: str) -> str:
    """The plain form of a text alone."""
    return Plain(text).text


def _plain(sign: str) -> str:
    if sign.isascii():
        return " " if sign == "\t" else "-" if sign == "~" else sign
    if sign in _ALIKE:
        return _ALIKE[sign]
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    letter = unicodedata.normalize("NFD", sign)[0]
    return letter if letter.isascii() and letter.isalpha() else sign
