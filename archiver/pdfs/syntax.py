"""Objects of a PDF as pikepdf gives them, looked at without trust: every type may be another than it should be."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import pikepdf

from archiver.model.pdf import PdfMetadata

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1_000  # characters of one text that are kept
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_DATE = re.compile(
    r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:([+-])(\d\d)'?(\d\d)?'?|(Z)[0-9']*)?", re.ASCII
)
_KINDS = (
    (pikepdf.Dictionary, "dictionary"),
    (pikepdf.Array, "array"),
    (pikepdf.Name, "name"),
    (pikepdf.String, "string"),
    (pikepdf.Stream, "stream"),
)
Thing = Any  # what stands in a PDF: pikepdf's Object, or a number, a bool, None


def kind(thing: Thing) -> str:
    """What a thing is: "dictionary", "array", "stream", "name", "string", or Python's name of a plain type."""
    if isinstance(thing, pikepdf.Object):
        for form, called in _KINDS:
            if isinstance(thing, form):
                return called
    return type(thing).__name__


def is_mapping(thing: Thing) -> bool:
    """Whether it has keys."""
    return kind(thing) in {"dictionary", "stream"}


def get(thing: Thing, key: str) -> Thing:
    """The value of a key; None where the thing has no keys, or not that one, or it cannot be read."""
    if not is_mapping(thing):
        return None
    try:
        return thing.get(key)
    except Exception:  # noqa: BLE001  a reference into damaged bytes: as if it were not there
        return None


def path(thing: Thing, *keys: str) -> Thing:
    """The value at the end of some keys, one in the other."""
    for key in keys:
        thing = get(thing, key)
    return thing


def items(thing: Thing) -> Iterator[Thing]:
    """The members of an array that can be read."""
    if kind(thing) != "array":
        return
    for index in range(len(thing)):
        with contextlib.suppress(Exception):  # as in get
            yield thing[index]


def name(thing: Thing) -> str:
    """A name without its slash; "" for anything else."""
    return clean(str(thing)[1:]) if kind(thing) == "name" else ""


def text(thing: Thing) -> str:
    """A text string, cleaned; "" for anything else."""
    if kind(thing) != "string":
        return ""
    try:
        return clean(str(thing))
    except (UnicodeError, ValueError):
        return clean(bytes(thing).decode("latin-1"))


def number(thing: Thing) -> float | None:
    """A number; None for anything else."""
    if isinstance(thing, bool) or kind(thing) not in {"int", "float", "Decimal", "integer", "real"}:
        return None
    try:
        return float(thing)
    except (ValueError, OverflowError):
        return None


def identity(thing: Thing) -> tuple[int, int]:
    """The number and generation of an indirect object; (0, 0) for what stands directly in another."""
    found = getattr(thing, "objgen", None)
    return (int(found[0]), int(found[1])) if found else (0, 0)


def clean(words: str) -> str:
    """Words without control characters, and not longer than 1,000."""
    return _CONTROL.sub(" ", words).strip()[:LONGEST]


def iso_date(words: str) -> str:
    """A date of PDF, D:20200315093000+08'00', in ISO 8601 as far as it goes; anything else as it is."""
    found = _DATE.fullmatch(words.strip())
    if found is None:
        return words
    year, month, day, hour, minute, second, sign, hours, minutes, zulu = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if not hour:
        return date
    zone = "Z" if zulu else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    return f"{date}T{hour}:{minute or '00'}:{second or '00'}{zone}"


def info_of(dictionary: Thing) -> PdfMetadata:
    """What the Info dictionary says."""
    return PdfMetadata(
        title=text(get(dictionary, "/Title")),
        author=text(get(dictionary, "/Author")),
        subject=text(get(dictionary, "/Subject")),
        keywords=text(get(dictionary, "/Keywords")),
        creator=text(get(dictionary, "/Creator")),
        producer=text(get(dictionary, "/Producer")),
        created=iso_date(text(get(dictionary, "/CreationDate"))),
        modified=iso_date(text(get(dictionary, "/ModDate"))),
    )
