"""The fonts that pages use, and whether they are in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.pdf import PdfFont
from archiver.pdfs.syntax import Thing, clean, get, identity, is_mapping, items, name, path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.pdfs.tree import Leaf

DEEPEST = 8  # forms in forms
KEPT = 2_000  # fonts of one file
_PART = re.compile(r"[A-Z]{6}\+")


def fonts_of(leaves: list[Leaf]) -> tuple[PdfFont, ...]:
    """The fonts of pages and of the forms drawn on them, in order of their first page and their names."""
    found: dict[tuple[str, str, bool], PdfFont] = {}
    seen: set[tuple[int, int]] = set()
    for number, leaf in enumerate(leaves, 1):
        for font in _in_resources(leaf.get("/Resources"), seen, 0):
            known = _font(font, number)
            if len(found) < KEPT:
                found.setdefault((known.name, known.kind, known.is_embedded), known)
    return tuple(sorted(found.values(), key=lambda font: (font.first_page, font.name, font.kind, font.is_embedded)))


def _in_resources(resources: Thing, seen: set[tuple[int, int]], depth: int) -> Iterator[Thing]:
    """Font dictionaries of resources that were not seen before."""
    if not _fresh(resources, seen) or depth > DEEPEST:
        return
    fonts = get(resources, "/Font")
    for key in _keys(fonts):
        font = get(fonts, key)
        if _fresh(font, seen):
            yield font
            yield from _in_resources(get(font, "/Resources"), seen, depth + 1)  # of a Type 3 font
    for group in ("/XObject", "/Pattern"):
        things = get(resources, group)
        for key in _keys(things):
            thing = get(things, key)
            if name(get(thing, "/Subtype")) != "Image" and _fresh(thing, seen):
                yield from _in_resources(get(thing, "/Resources"), seen, depth + 1)


def _fresh(thing: Thing, seen: set[tuple[int, int]]) -> bool:
    """Whether a thing has keys and was not seen before; direct ones are new wherever they stand."""
    if not is_mapping(thing):
        return False
    known = identity(thing)
    if known == (0, 0):
        return True
    if known in seen:
        return False
    seen.add(known)
    return True


def _keys(thing: Thing) -> list[str]:
    return sorted(thing.keys()) if is_mapping(thing) else []


def _font(font: Thing, page: int) -> PdfFont:
    kind = name(get(font, "/Subtype")) or "(unknown)"
    called = clean(_PART.sub("", name(get(font, "/BaseFont")) or name(get(font, "/Name")), count=1))
    described = font
    if kind == "Type0":
        described = next(items(get(font, "/DescendantFonts")), None)
    files = (path(described, "/FontDescriptor", key) for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    embedded = kind == "Type3" or any(file is not None for file in files)
    return PdfFont(called or "(without a name)", kind, embedded, page)
