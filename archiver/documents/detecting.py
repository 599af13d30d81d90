"""The encoding of words that nothing declares: asked of charset-normalizer, and of the letters of languages.

charset-normalizer tells scripts apart well and Latin encodings badly: they differ in a few letters. Those are told by
the alphabets of languages: a text in which è is č and à is ŕ has letters of no one language.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from archiver.documents.labels import is_latin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Asked first: in a short text some rarity often fits as well as what serials are found in.
_USUAL = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1252", "iso8859_15"]
_LARGER: dict[str, tuple[str, ...]] = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("cp950", "big5hkscs", "big5"),
    "shift_jis": ("cp932", "shift_jis"),
    "euc_kr": ("cp949", "euc_kr"),
    "cp1125": ("cp866", "cp1125"),  # the same letters; cp1125 is the Ukrainian variant
    "euc_jis_2004": ("euc_jp", "euc_jis_2004"),
    "euc_jisx0213": ("euc_jp", "euc_jisx0213"),
    "shift_jis_2004": ("cp932", "shift_jis_2004"),
    "shift_jisx0213": ("cp932", "shift_jisx0213"),
}
_ESCAPED: tuple[tuple[re.Pattern[bytes], tuple[str, ...]], ...] = ((re.compile(rb"\x1b\$\)C"), ("iso2022_kr",)),
            (re.compile(rb"\x1b\$[@B]|\x1b\([IJ]"), ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext")))  # fmt: skip
_LATIN = ("cp1252", "cp1250", "iso8859-15", "iso8859-2", "cp1254", "cp1257", "mac-roman", "cp850", "cp437", "cp852",
          "mac-latin2")  # fmt: skip
_LETTERS = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßéà",  # German
    "áéíóúüñ¿¡ªº",  # Spanish
    "àèéìíîòóùú",  # Italian
    "áâãàçéêíóôõúü",  # Portuguese
    "éëïóöüè",  # Dutch
    "àçèéíïòóúü·",  # Catalan
    "åäöéæøüôòèàó",  # Swedish, Danish, Norwegian
    "áéíóúýþæðö",  # Icelandic
    "áčďéěíňóřšťúůýžäöü",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "ąćęłńóśźżäöü",  # Polish
    "áéíóöőúüű",  # Hungarian
    "ăâîșțşţ",  # Romanian
    "čćđšžáéíóúäöü",  # Croatian, Slovene, Bosnian
    "çğıöşüâîûİ",  # Turkish
    "āčēģīķļņšūžõ",  # Latvian
    "ąčęėįšųūž",  # Lithuanian
    "äöõüšž",  # Estonian, Finnish
)
_SIGNS = frozenset("“”„‚‘’«»‹›–—…·•°§©®™€£¥†‡ ¿¡½¼¾²³±×÷ªº\u00ad")
_SAMPLE = 100_000  # characters that letters are counted in


def detect(words: bytes, whole: bytes) -> str:
    """The codec of some words, one that decodes the whole; "" when none fits. Raises nothing."""
    for escape, names in _ESCAPED:
        if escape.search(whole):
            return _first_that_decodes(names, whole)
    from charset_normalizer import from_bytes

    for isolation in (_USUAL, None):
        for match in from_bytes(words, cp_isolation=isolation):
            name = codecs.lookup(match.encoding).name
            names = _latin(words) if is_latin(name) else _LARGER.get(match.encoding, (name,))
            found = _first_that_decodes(names, whole)
            if found:
                return found
    return ""


def _first_that_decodes(names: Iterable[str], whole: bytes) -> str:
    for name in names:
        try:
            whole.decode(name)
        except (UnicodeError, LookupError):
            continue
        return codecs.lookup(name).name
    return ""


def _latin(words: bytes) -> tuple[str, ...]:
    """Latin encodings, those first in which the words have letters of one language."""
    marks = {}
    for name in _LATIN:
        try:
            marks[name] = _likeness(words.decode(name, "replace")[:_SAMPLE])
        except LookupError:
            continue
    return tuple(sorted(marks, key=lambda name: (-marks[name], _LATIN.index(name))))


def _likeness(text: str) -> float:
    """How much of what is not ASCII some one language has, from 0 to 1; signs that all languages have count half."""
    letters: dict[str, int] = {}
    signs = others = 0
    for sign, is_odd in _beyond_ascii(text):
        if is_odd:
            others += 1
        elif sign in _SIGNS:
            signs += 1
        else:
            letters[sign.lower()] = letters.get(sign.lower(), 0) + 1
    count = sum(letters.values())
    best = max(sum(letters.get(letter, 0) for letter in alphabet) for alphabet in _LETTERS)
    return (best + signs / 2) / max(count + signs + others, 1)


def _beyond_ascii(text: str) -> Iterator[tuple[str, bool]]:
    """Characters beyond ASCII, and whether each is where no writer has it: a capital or a sign within a word."""
    before = " "
    for at, sign in enumerate(text):
        if sign > "\x7f":
            after = text[at + 1 : at + 2]
            is_capital = sign.isupper() and before.islower()
            is_within = not sign.isalpha() and sign not in "’\u00ad·" and before.isalpha() and after.isalpha()
            yield sign, is_capital or is_within or sign == "\ufffd"
        before = sign
