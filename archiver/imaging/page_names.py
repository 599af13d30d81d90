"""One name of a file in a folder of page images: which issue, which page, which use it tells."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from archiver.model.page_files import PageNumber, PageUse

_GROUPS = {
    PageUse.MASTER: {"master", "masters", "archive", "archival", "preservation", "tif", "tiff", "tiffs", "orig",
                     "original", "originals", "ms"},
    PageUse.SERVICE: {"service", "access", "derivative", "derivatives", "jp2", "jp2k", "jpg", "jpeg", "png", "web",
                      "reference", "presentation", "sc", "thumb", "thumbs", "thumbnail", "thumbnails", "max"},
    PageUse.OCR: {"ocr", "alto", "hocr", "page", "pagexml", "page-xml", "xml"},
    PageUse.TEXT: {"text", "txt", "fulltext", "texts"},
    PageUse.DOCUMENT: {"pdf", "pdfs"},
}  # fmt: skip
_ANY = {"images", "image", "img", "pages", "scans", "data", "files", "bilder"}  # folders that say nothing
_FORMATS = {"tif": "tif", "tiff": "tif", "tiffs": "tif", "jp2": "jp2", "jp2k": "jp2", "jpg": "jpg", "jpeg": "jpg",
            "png": "png"}  # fmt: skip
USES = {group: use for use, groups in _GROUPS.items() for group in groups}
IMAGES = ("tif", "tiff", "jp2", "j2k", "j2c", "jpx", "jpf", "jpc", "png", "jpg", "jpeg", "jpe", "gif", "webp")
_SUFFIXES = {**dict.fromkeys(IMAGES), "xml": PageUse.OCR, "hocr": PageUse.OCR, "html": PageUse.OCR,
             "htm": PageUse.OCR, "alto": PageUse.OCR, "txt": PageUse.TEXT, "text": PageUse.TEXT, "md": PageUse.TEXT,
             "pdf": PageUse.DOCUMENT}  # fmt: skip
_WHOLE = {"pdf", "xml", "txt", "text", "md", "html", "htm", "docx"}  # an issue as one file
_INNER = {*_SUFFIXES, "ocr", "page"}  # suffixes before the last one: 0001.alto.xml, 0001.tif.txt
_TAILS = re.compile(r"[-_. ](alto|hocr|ocr|text|txt|master|service|access|thumb|archive|pagexml)$", re.IGNORECASE)
_COMPANION = re.compile(
    r"(?:.*\.(?:md5|sha1|sha256|sha512|sums?|csv|tsv|xlsx|ods|json|toml|ya?ml|rdf|xsd|dtd|xmp)"
    r"|(?:.*[-_.])?(?:mets|mods|premis|dc|marc|metadata|issue|batch|manifest)\w*\.xml"
    r"|(?:md5|sha1|sha256|sha512)sums?(?:\.txt)?|manifest.*\.txt|checksums?\.\w+|readme(?:\.\w+)?|licen[cs]e(?:\.\w+)?)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_TEN = re.compile(r"(1[5-9]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d\d)")  # NDNP: date and edition
_EDITION = re.compile(r"[-_. ](?:ed(?:ition)?[-_. ]?)?([0-9]{1,2}|[a-z]{2,20})$", re.IGNORECASE)
_EDITION_IN_FILE = re.compile(r"^[-_. ]ed(?:ition)?[-_. ]?([0-9]{1,2})(?=[-_. ])", re.IGNORECASE)
_WORD = r"(?:page|pages|pag|pg|p|seite|scan|image|img|dsc|dscn|dscf|seq|fol|folio|f|s|blatt|bl|版|第)"
_SIDE = r"(?:[-_. ]?(?P<side>[abrv]))?"
_SPREAD = r"(?:[-–](?P<last>\d{1,4}))?"
_PAGE = (
    re.compile(rf"(?:^|.*[-_. ]){_WORD}[-_. ]?(?P<number>\d{{1,5}}){_SPREAD}{_SIDE}$", re.IGNORECASE),
    re.compile(rf".*第(?P<number>\d{{1,4}})[版页頁面]{_SIDE}$", re.IGNORECASE),
    re.compile(rf"(?:^|.*[-_. ])(?P<section>[A-Z])(?P<number>\d{{2}}){_SIDE}$"),
    re.compile(rf"(?:^|.*[-_. ])(?P<number>\d{{1,5}}){_SPREAD}{_SIDE}$", re.IGNORECASE),
    re.compile(rf".*[^\d](?P<number>\d{{3,5}}){_SIDE}$", re.IGNORECASE),
)


class Placed(NamedTuple):
    """What the folders of a file tell: the issue's folder, the use, the format that a group is called by, the date."""

    folder: tuple[str, ...]
    use: PageUse | None
    date: date | None
    edition: str


class Named(NamedTuple):
    """What a name tells. `number` is None for a file of no page, `name` what stands before the page."""

    path: str
    placed: Placed
    suffix: str
    number: PageNumber | None
    name: str
    use: PageUse | None  # told by suffix or folder; None for an image that only its neighbours can place
    date: date | None  # in the name of the file
    edition: str
    is_companion: bool


def read_name(path: str) -> Named:
    """Take one path (`/` between parts) apart."""
    *folders, file = path.split("/")
    placed = _placed(folders)
    stem, suffix, tail = _stem(file)
    if _COMPANION.fullmatch(file):
        return Named(path, placed, suffix, None, "", None, None, "", is_companion=True)
    day, edition, rest = _dated(stem)
    number, name = _page(rest) if suffix in _SUFFIXES else (None, "")
    telling = day is not None or stem in folders[-1:]  # 1905010401/1905010401.xml, 1905-01-04.txt
    whole = number is None and (suffix == "pdf" or (telling and suffix in _WHOLE))
    use = _use(suffix, tail, placed)
    return Named(path, placed, suffix, number, name, use, day, edition, is_companion=whole)


def calendar_day(year: str, month: str, day: str) -> date | None:
    """The day, when there is one."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _placed(folders: list[str]) -> Placed:
    """Groups by use are taken out of the folders; a date may be one folder (2020-03-15_2) or three (2020/03/15)."""
    kept: list[str] = []
    use = None
    for part in folders:
        folded = part.lower()
        if folded in USES:
            use = USES[folded] if folded not in _FORMATS else use or None
        elif folded not in _ANY:
            kept.append(part)
    for index in range(len(kept) - 1, -1, -1):
        found = _folder_date(kept[index])
        if found is not None:
            return Placed(tuple(kept), use, *found)
    for index in range(len(kept) - 2):
        three = kept[index : index + 3]
        if re.fullmatch(r"(1[5-9]|20)\d\d", three[0]) and all(re.fullmatch(r"\d{1,2}", part) for part in three[1:]):
            day = calendar_day(*three)
            if day is not None:
                return Placed(tuple(kept), use, day, "")
    return Placed(tuple(kept), use, None, "")


def _folder_date(part: str) -> tuple[date, str] | None:
    ten = _TEN.fullmatch(part)
    if ten is not None:
        day = calendar_day(*ten.groups()[:3])
        return (day, str(int(ten[4]))) if day is not None else None
    match = next(reversed(list(_DATE.finditer(part))), None)  # the last date: a title may hold another
    day = calendar_day(match[1], match[3], match[4]) if match is not None else None
    if match is None or day is None:
        return None
    edition = _EDITION.fullmatch(part[match.end() :])
    return day, (edition[1].lstrip("0") or "0") if edition is not None else ""


def _stem(file: str) -> tuple[str, str, PageUse | None]:
    """Name without suffixes, the last suffix, and the use that a word at the end tells (0001_alto.xml)."""
    stem, dot, suffix = file.rpartition(".")
    if not dot or not stem:
        return file, "", None
    told = None
    while True:
        inner, dot, before = stem.rpartition(".")
        if not (dot and inner and before.lower() in _INNER):
            break
        stem = inner
        told = USES.get(before.lower()) if before.lower() not in _FORMATS else told
    tail = _TAILS.search(stem)
    if tail is not None:
        stem, told = stem[: tail.start()], USES.get(tail[1].lower(), told)
    return stem, suffix.lower(), told


def _dated(stem: str) -> tuple[date | None, str, str]:
    """A date in the name of a file, with its edition, and the name without them."""
    for match in _DATE.finditer(stem):
        day = calendar_day(match[1], match[3], match[4])
        if day is None:
            continue
        behind, edition = stem[match.end() :], ""
        told = _EDITION_IN_FILE.match(behind)
        if told is not None:
            behind, edition = behind[told.end() :], told[1].lstrip("0") or "0"
        return day, edition, stem[: match.start()].rstrip("-_. ") + behind
    return None, "", stem


def _page(stem: str) -> tuple[PageNumber | None, str]:
    """The page at the end of a name, and what stands before it."""
    for form in _PAGE:
        match = form.fullmatch(stem)
        if match is None:
            continue
        parts = match.groupdict()
        number, last = int(parts["number"]), int(parts.get("last") or parts["number"])
        if last != number and last != number + 1:  # 2020-12 is no spread: the last figure is the page
            number, last = last, last
        before = stem[
            : match.start("last") if last != int(parts["number"]) and number == last else match.start("number")
        ]
        name = re.sub(rf"(?:^|[-_. ]){_WORD}?[-_. ]?$", "", before, flags=re.IGNORECASE).rstrip("-_. ")
        section = parts.get("section") or ""
        if section:
            name = name.removesuffix(section).rstrip("-_. ")
        return PageNumber(section, number, last, (parts.get("side") or "").lower()), name
    return None, ""


def _use(suffix: str, tail: PageUse | None, placed: Placed) -> PageUse | None:
    """Words are what their suffix says; images what a word in the name or their folder says, if anything does."""
    told = _SUFFIXES.get(suffix)
    if told is not None:
        if told is PageUse.TEXT and tail is PageUse.OCR:
            return PageUse.TEXT
        return told
    if tail is not None and tail.is_image:
        return tail
    if placed.use is not None:
        return placed.use if placed.use.is_image else PageUse.SERVICE  # what was given to OCR, or came out of a PDF
    return None
