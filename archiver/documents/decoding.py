"""The characters of an HTML document: by byte order mark, by what it declares, else by what its bytes show.

What is declared is believed as long as the bytes do not belie it. Pages were saved by programs, sent and edited by
others, and many declare an encoding that they are not in.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from archiver.documents.labels import codecs_of, is_latin

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})"""
    rb"""|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARING = 65_536  # bytes in which it may be declared; browsers look at 1,024 and are kinder than that
_TAG = re.compile(rb"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[!/?A-Za-z][^<>]{0,4000}>", re.DOTALL | re.IGNORECASE)
_SAMPLE = 400_000  # bytes that an encoding is told from
_SURE = 10  # sequences of several bytes that are all UTF-8: no text of another encoding has so many by chance
_LATIN_SHARE = 0.3  # of the bytes of words that a Latin text has beyond ASCII, at most
_ISO_2022 = re.compile(rb"\x1b\$[@B]|\x1b\$\)C|\x1b\([BJ]")
_FEW = 12  # bytes beyond ASCII: from so few no encoding can be told


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a document. With `trouble` the declaration is belied; without `encoding` there is no text."""

    text: str
    encoding: str
    basis: str
    declared: str = ""
    trouble: str = ""


def decode(content: bytes) -> Decoded:
    """The text of an HTML document, whole or not at all: no byte is replaced. Raises nothing."""
    declared = _declared(content)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _by_mark(content[len(mark) :], name, declared)
    for sign, name in _UNMARKED:
        if content.startswith(sign) and (text := _strictly(content, name)) is not None:
            return Decoded(text, name, "its first bytes", declared)
    named = codecs_of(declared) if declared else ()
    if named == ("hz",) and (text := _strictly(content, "hz")) is not None:  # it looks like ASCII
        return Decoded(text, "hz", "declared", declared)
    utf8 = _strictly(content, "utf-8")
    sequences = _sequences(content) if utf8 is not None else 0
    if utf8 is not None and not sequences and not _ISO_2022.search(content):
        return Decoded(utf8, "utf-8", "it is ASCII alone", declared)
    if "utf-8" in named and utf8 is not None:
        return Decoded(utf8, "utf-8", "declared", declared)
    if utf8 is not None and sequences >= _SURE:
        words = f"it declares {declared}, and its bytes are UTF-8" if named else _unknown(declared)
        return Decoded(utf8, "utf-8", "valid UTF-8", declared, words)
    for name in () if _belied(content, named) else named:
        if (text := _strictly(content, name)) is not None:
            return Decoded(text, name, "declared", declared)
    if utf8 is not None and not _ISO_2022.search(content):
        words = f"it declares {declared}, and its bytes are UTF-8" if named else _unknown(declared)
        return Decoded(utf8, "utf-8", "valid UTF-8", declared, words)
    return _detected(content, declared, bool(named))


def _by_mark(content: bytes, name: str, declared: str) -> Decoded:
    text = _strictly(content, name)
    if text is None:
        return Decoded("", "", "", declared, f"its byte order mark says {name.upper()}, and its bytes are not")
    return Decoded(text, name, "byte order mark", declared)


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:_DECLARING])
    return (found[1] or found[2]).decode("ascii") if found else ""


def _unknown(declared: str) -> str:
    return f"it declares {declared}, which is the name of no encoding for text" if declared else ""


def _strictly(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, LookupError):
        return None


def _sequences(content: bytes) -> int:
    """How many characters beyond ASCII some UTF-8 has."""
    return sum(map(content.count, (bytes([first]) for first in range(0xC2, 0xF5))))


def _belied(content: bytes, named: tuple[str, ...]) -> bool:
    """Whether a text that is declared as Latin has more accents than letters: it is something else.

    Every byte is a character in Latin encodings, so that decoding alone belies nothing.
    """
    if not named or not is_latin(named[0]):
        return False
    words = re.sub(rb"[\x00-\x40]+", b"", _bare(content))
    beyond = sum(byte > 127 for byte in words)
    return beyond > _FEW and beyond > _LATIN_SHARE * len(words)


def _bare(content: bytes) -> bytes:
    """Some of the document without its markup, whose Latin letters would hide what the words are in."""
    return _TAG.sub(b" ", content[:_SAMPLE])


def _detected(content: bytes, declared: str, known: bool) -> Decoded:
    from archiver.documents.detecting import detect

    name = detect(_bare(content), content)
    text = _strictly(content, name) if name else None
    if text is None:
        why = f"it declares {declared}, which its bytes are not, and no other encoding fits" if known else ""
        return Decoded("", "", "", declared, why or "no encoding fits its bytes")
    words = f"it declares {declared}, and its bytes look like {name}" if known else _unknown(declared)
    return Decoded(text, name, "detected by content (charset-normalizer)", declared, words)
