"""Whether the media types that PRONOM registers for a format and the one libmagic tells can both be true.

Two media types agree when they are the same under another name, or one is a kind of the other: Markdown is text, a word
processor's document is a ZIP archive. Two that exclude one another are a disagreement.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from archiver.model.formats import Agreement, FormatMatch

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT, XML, ZIP, OLE = "text/plain", "application/xml", "application/zip", "application/x-ole-storage"
_SILENT = {"", "application/octet-stream"}  # libmagic's words for "I do not know"
_EMPTY = {"application/x-empty", "inode/x-empty"}

# One format under several names, the first of each row standing for all.
_NAMES = (
    (XML, "text/xml"),
    (OLE, "application/cdfv2", "application/cdfv2-corrupt", "application/vnd.ms-office"),
    ("application/cdfv2-encrypted", "application/encrypted"),
    ("image/bmp", "image/x-ms-bmp", "image/x-bmp"),
    ("image/tiff", "image/tiff-fx", "image/x-tiff"),
    ("image/jp2", "image/jpx", "image/jpm", "image/j2c", "image/x-jp2-codestream"),
    ("image/jpeg", "image/pjpeg", "image/jpg"),
    ("image/png", "image/x-png", "image/apng", "image/vnd.mozilla.apng"),
    ("image/vnd.microsoft.icon", "image/x-icon"),
    ("image/vnd.adobe.photoshop", "image/x-photoshop"),
    ("image/vnd.djvu", "image/x-djvu", "image/x.djvu"),
    ("image/heif", "image/heic", "image/heif-sequence", "image/heic-sequence"),
    ("audio/x-wav", "audio/wav", "audio/wave", "audio/vnd.wave"),
    ("audio/x-aiff", "audio/aiff"),
    ("audio/flac", "audio/x-flac"),
    ("audio/midi", "audio/x-midi"),
    ("video/mp4", "audio/mp4", "audio/x-m4a", "video/x-m4v", "application/mp4", "video/quicktime"),
    ("video/x-msvideo", "video/avi", "video/vnd.avi"),
    ("video/x-ms-asf", "video/x-ms-wmv", "audio/x-ms-wma", "application/vnd.ms-asf"),
    ("video/x-matroska", "audio/x-matroska", "video/webm", "video/matroska"),
    ("application/ogg", "audio/ogg", "video/ogg"),
    ("application/rtf", "text/rtf"),
    ("application/javascript", "text/javascript", "application/x-javascript"),
    ("application/gzip", "application/x-gzip"),
    ("application/x-bzip2", "application/x-bzip"),
    ("application/x-tar", "application/x-gtar"),
    ("application/vnd.rar", "application/x-rar", "application/x-rar-compressed"),
    ("application/x-7z-compressed", "application/7z"),
    ("application/vnd.microsoft.portable-executable", "application/x-dosexec", "application/x-msdownload"),
    ("application/postscript", "application/eps", "image/x-eps"),
    ("application/x-iso9660-image", "application/x-iso-image"),
    ("message/rfc822", "application/mbox"),
    ("font/sfnt", "font/ttf", "font/otf", "application/vnd.ms-opentype", "application/x-font-ttf"),
    ("application/x-shockwave-flash", "application/vnd.adobe.flash-movie"),
)
_FIRST_NAME = {name: row[0] for row in _NAMES for name in row}

# What a format is a kind of, where its name does not show it.
_KIND_OF = {
    XML: TEXT,
    "application/json": TEXT,
    "application/javascript": TEXT,
    "application/rtf": TEXT,
    "application/postscript": TEXT,
    "application/toml": TEXT,
    "application/yaml": TEXT,
    "application/sql": TEXT,
    "application/x-ndjson": TEXT,
    "application/x-tex": TEXT,
    "application/x-subrip": TEXT,
    "application/x-sh": TEXT,
    "application/x-csh": TEXT,
    "application/x-perl": TEXT,
    "application/x-wine-extension-ini": TEXT,
    "application/csv": TEXT,
    "application/pgp": TEXT,
    "application/pgp-encrypted": TEXT,
    "application/pgp-keys": TEXT,
    "application/pgp-signature": TEXT,
    "application/mbox": TEXT,
    "message/rfc822": TEXT,
    "image/x-xpixmap": TEXT,
    "image/x-portable-bitmap": TEXT,
    "application/java-archive": ZIP,
    "application/vnd.android.package-archive": ZIP,
    "application/msword": OLE,
    "application/x-msi": OLE,
    "application/cdfv2-encrypted": OLE,
    "application/vnd.visio": OLE,
}
_FAMILIES = (
    ("+xml", XML),
    ("+json", "application/json"),
    ("+zip", ZIP),
)
_PREFIXES = (
    ("text/", TEXT),
    ("application/vnd.openxmlformats-officedocument", ZIP),
    ("application/vnd.oasis.opendocument", ZIP),
    ("application/vnd.ms-xpsdocument", ZIP),
    ("application/vnd.ms-", OLE),
)


def agreement(match: FormatMatch | None, mime: str) -> Agreement:
    """What the PRONOM identification and libmagic's media type say of one another."""
    mime = mime.lower()
    if match is None or mime in _EMPTY:
        return Agreement.UNTOLD
    weak = match.basis.startswith("extension match") and "only" in match.warning
    stated = _stated(match)
    if weak and any(is_text(each) for each in stated):
        # PRONOM looked at the name alone: whatever is text may be it, and what is not cannot be.
        return _of_text(stated, mime)
    if mime in _SILENT or not stated:
        return Agreement.UNTOLD
    if any(_first(each) == _first(mime) for each in stated):
        return Agreement.SAME
    if any(_first(mime) in kinds(each) or _first(each) in kinds(mime) for each in stated):
        return Agreement.COMPATIBLE
    return Agreement.DIFFERENT


def is_text(mime: str) -> bool:
    """Whether a media type is a kind of text."""
    return TEXT in kinds(mime)


@lru_cache(maxsize=1024)
def kinds(mime: str) -> frozenset[str]:
    """A media type and all that it is a kind of, each under the name that stands for all its names."""
    found: list[str] = []
    at: str | None = _first(mime.lower())
    while at is not None and at not in found:
        found.append(at)
        at = _parent(at)
    return frozenset(found)


def _of_text(stated: Sequence[str], mime: str) -> Agreement:
    if any(_first(each) == _first(mime) for each in stated):
        return Agreement.SAME
    return Agreement.COMPATIBLE if is_text(mime) else Agreement.DIFFERENT


def _stated(match: FormatMatch) -> tuple[str, ...]:
    if match.mimes:
        return match.mimes
    return (TEXT,) if match.family.startswith("Text") else ()


def _first(mime: str) -> str:
    return _FIRST_NAME.get(mime, mime)


def _parent(mime: str) -> str | None:
    if mime in _KIND_OF:
        return _KIND_OF[mime]
    for suffix, kind in _FAMILIES:
        if mime.endswith(suffix):
            return kind
    for prefix, kind in _PREFIXES:
        if mime.startswith(prefix) and mime != kind:
            return kind
    return None
