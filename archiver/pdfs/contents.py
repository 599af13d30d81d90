"""What lies in a PDF besides pages: actions, media, files, forms, signatures. Every object is looked at once.

Objects that nothing refers to are looked at as well: what hides in a file need not be reachable from its pages.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.model.pdf import PdfAttachment
from archiver.pdfs.syntax import Thing, clean, get, is_mapping, items, kind, name, number, text

if TYPE_CHECKING:
    from archiver.model.pdf import PdfLimits

# Actions that do more than lead to a page or an address.
_RUNNING = {"JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE"}
_PLAYING = {"Rendition", "Sound", "Movie", "RichMediaExecute"}
_MEDIA = {"RichMedia", "3D", "Movie", "Sound", "Screen"}
_FIELDS = {"Btn", "Tx", "Ch", "Sig"}
DEEPEST = 8  # dictionaries directly in one another
KEPT = 1_000  # attachments and signatures that are told one by one


@dataclass
class Contents:
    """What was found."""

    actions: Counter[str] = field(default_factory=Counter)
    media: Counter[str] = field(default_factory=Counter)
    attachments: list[PdfAttachment] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    fields: int = 0
    has_xfa: bool = False
    unread: int = 0  # objects that could not be read
    beyond: str = ""  # a clause where a limit ended the search


def look(objects: Thing, limits: PdfLimits) -> Contents:
    """What lies in some objects."""
    found = Contents()
    values = 0
    for index in range(len(objects)):
        try:
            thing = objects[index]
        except Exception:  # noqa: BLE001  an object that is damaged: counted, and the others go on
            found.unread += 1
            continue
        waiting = [(thing, 0)]
        while waiting:
            thing, depth = waiting.pop()
            values += 1
            if values > limits.values:
                found.beyond = f"its objects have more than {limits.values} values; only the first were looked at"
                return found
            if depth < DEEPEST:
                waiting.extend((member, depth + 1) for member in _inside(thing, found))
    return found


def _inside(thing: Thing, found: Contents) -> list[Thing]:
    """Judge one thing, and give what stands directly in it."""
    what = kind(thing)
    if what == "array":
        inside = list(items(thing))
    elif what in {"dictionary", "stream"}:
        _judge(thing, found)
        inside = [get(thing, key) for key in thing.keys()]  # noqa: SIM118  pikepdf's objects iterate over nothing
    else:
        return []
    return [member for member in inside if getattr(member, "objgen", None) == (0, 0)]


def _judge(thing: Thing, found: Contents) -> None:
    action, subtype, form = name(get(thing, "/S")), name(get(thing, "/Subtype")), name(get(thing, "/FT"))
    if action in _RUNNING | _PLAYING:
        found.actions[action] += 1
    elif get(thing, "/JS") is not None:
        found.actions["JavaScript"] += 1
    if subtype in _MEDIA and get(thing, "/Rect") is not None:
        found.media[subtype] += 1
    if form in _FIELDS:
        found.fields += 1
    if get(thing, "/XFA") is not None:
        found.has_xfa = True
    if get(thing, "/ByteRange") is not None and get(thing, "/Contents") is not None and len(found.signatures) < KEPT:
        found.signatures.append(text(get(thing, "/Name")))
    if is_mapping(get(thing, "/EF")) and len(found.attachments) < KEPT:
        found.attachments.append(_attachment(thing))


def _attachment(thing: Thing) -> PdfAttachment:
    called = text(get(thing, "/UF")) or text(get(thing, "/F")) or "(without a name)"
    held = get(get(thing, "/EF"), "/UF") or get(get(thing, "/EF"), "/F")
    size = number(get(get(held, "/Params"), "/Size"))
    media_type = clean(name(get(held, "/Subtype")))
    return PdfAttachment(called, int(size) if size is not None and 0 <= size < 1 << 60 else None, media_type)
