"""The bytes of a checksum list as text. Most of a list is digits; only names tell an encoding that is not Unicode."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1252", "iso8859_15"]
_TELLING = re.compile(rb"[^\r\n\0]*[\x80-\xff][^\r\n\0]*")
_DIGITS = re.compile(rb"[0-9A-Fa-f]{8,}")
_WORDS = re.compile(r"[^\x00-\x7f]+")
_DETECTION = 1024 * 1024  # bytes of names that are looked at to tell the encoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec that made it, and the number of the first line with bytes that are not of it (0: none).

    Bytes that no codec takes stay as lone surrogates, as file names have them, so that other lines can be used.
    """

    text: str
    encoding: str
    bad_line: int = 0


def decode(content: bytes, known: Iterable[str] = ()) -> Decoded:
    """The text of a list: by its byte order mark, as UTF-16 without one, as UTF-8, or in the codec that fits best.

    `known` are names of files of the deposit, which tell the codec better than any guess.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], name)
    wide = _unmarked(content)
    if wide:
        return _marked(content, wide)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        bad = content.count(b"\n", 0, error.start) + 1
    name = _detect(content, known)
    if name:
        return Decoded(content.decode(name), name)
    return Decoded(content.decode("utf-8", "surrogateescape"), "utf-8", bad)


def _marked(content: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        text = content.decode(encoding, "surrogateescape")
        bad = re.search("[\udc80-\udcff]", text)
    else:
        text = content.decode(encoding, "replace")
        bad = re.search("\ufffd", text)
    return Decoded(text, encoding, text.count("\n", 0, bad.start()) + 1 if bad else 0)


def _unmarked(content: bytes) -> str:
    """UTF-16 without a mark: digits and line ends have a zero byte, all of them on the same side."""
    head = content[:4096]
    if not head or b"\0" not in head:
        return ""
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        low = head[::2] if name == "utf-16-le" else head[1::2]
        if high.count(0) > max(len(head) // 4, 10 * low.count(0)):
            return name
    return ""


def _detect(content: bytes, known: Iterable[str]) -> str:
    """The codec that makes the most names of the deposit, else what charset-normalizer finds; "" for none.

    Detection is a guess: two characters of GB18030 are two characters of Big5 as well. Names of files that are there
    are evidence, so they are asked first.
    """
    telling = b"\n".join(_telling(content))
    names = {run for name in known if not name.isascii() for run in _WORDS.findall(unicodedata.normalize("NFC", name))}
    best, most = "", 0
    for candidate in _CANDIDATES if names else ():
        if _reads(content, candidate):
            found = len(names.intersection(_WORDS.findall(unicodedata.normalize("NFC", telling.decode(candidate)))))
            best, most = (candidate, found) if found > most else (best, most)
    return best or _guess(content, telling)


def _telling(content: bytes) -> list[bytes]:
    """Lines with bytes that are not ASCII, digests left out."""
    lines, size = [], 0
    for match in _TELLING.finditer(content):
        lines.append(_DIGITS.sub(b"", match[0]))
        size += len(lines[-1])
        if size > _DETECTION:
            break
    return lines


def _guess(content: bytes, telling: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(telling, cp_isolation=_CANDIDATES).best()
    name = _codec(best.encoding) if best is not None else ""
    return name if name and _reads(content, name) else ""


def _codec(name: str) -> str:
    """The name of a codec as it is listed here; GBK and GB2312 are subsets of GB18030 and are read as such."""
    found = codecs.lookup(name).name.replace("-", "_")
    return "gb18030" if found in {"gb2312", "gbk", "gb18030"} else found


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
