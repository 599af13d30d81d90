"""Names of encodings as documents declare them, and the codecs that are meant.

Programs write ISO-8859-1 and mean Windows-1252, GB2312 and mean GBK, Shift_JIS and mean Windows-31J: each name stands
for the largest encoding that was sold under it, as browsers have it (WHATWG Encoding).
"""

from __future__ import annotations

import codecs

_MEANT: dict[str, tuple[str, ...]] = {
    "iso8859-1": ("cp1252",),
    "ascii": ("cp1252",),
    "cp1252": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "cp950": ("cp950", "big5hkscs"),
    "shift_jis": ("cp932", "shift_jisx0213"),
    "cp932": ("cp932", "shift_jisx0213"),
    "euc_jp": ("euc_jp", "euc_jisx0213"),
    "iso2022_jp": ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_3"),
    "euc_kr": ("cp949",),
    "utf-16": ("utf-8",),  # read as ASCII: it is not in UTF-16
    "utf-16-le": ("utf-8",),
    "utf-16-be": ("utf-8",),
    "utf-8-sig": ("utf-8",),
}
_OWN_NAMES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gbk",
    "gb_2312-80": "gb2312",
    "chinese": "gb2312",
    "x-x-big5": "big5",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "euc_kr",
    "ks_c_5601": "euc_kr",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "dos-874": "cp874",
    "unicode": "utf-8",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
}
_NO_ENCODINGS = {"idna", "punycode", "undefined", "unicode_escape", "unicode-escape", "raw_unicode_escape",
                 "raw-unicode-escape", "utf-7", "charmap", "mbcs", "oem"}  # fmt: skip
_LATIN = {"cp1252", "cp1250", "cp1254", "cp1257", "cp437", "cp850", "cp852", "cp858", "iso8859-1", "iso8859-2",
          "iso8859-3", "iso8859-4", "iso8859-9", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16",
          "mac-roman", "mac-latin2", "mac-iceland", "mac-croatian", "mac-romanian", "mac-turkish", "cp775", "cp857",
          "cp860", "cp861", "cp863", "cp865", "cp1258", "hp-roman8"}  # fmt: skip


def codecs_of(label: str) -> tuple[str, ...]:
    """Python's codecs that a declared name may mean, the likeliest first; none for a name that is of no text."""
    try:
        found = codecs.lookup(_OWN_NAMES.get(label.lower(), label))
    except (LookupError, ValueError):
        return ()
    # Codecs such as base64 or idna are none for text, and unicode_escape makes text of what is none.
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_ENCODINGS:
        return ()
    return _MEANT.get(found.name, (found.name,))


def is_latin(name: str) -> bool:
    """Whether a codec is one of Latin letters, in which any byte is some character."""
    return name in _LATIN
