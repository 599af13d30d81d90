"""The logical structure of METS: articles in reading order, with headings, bylines, captions and illustrations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.foreign_mets import kinds
from archiver.foreign_mets.document import tag, type_of
from archiver.foreign_mets.mods import Record, note_untaken, records
from archiver.foreign_mets.notes import shown
from archiver.foreign_mets.pages import PAGE_TYPES
from archiver.model.foreign_mets import ArticleKind, ForeignArticle, ForeignIllustration, ForeignName, ForeignPart
from archiver.model.layout import Zone
from archiver.model.page_files import PageUse
from archiver.model.taken import PieceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.foreign_mets.document import Document
    from archiver.metadata.xml import Element
    from archiver.model.foreign_mets import ForeignFile

MOST_PARTS = 500_000  # areas of one document
_FARTHEST = 1e7  # pixels
_OF_KIND = {
    ArticleKind.ADVERTISEMENT: PieceKind.ADVERT,
    ArticleKind.MASTHEAD: PieceKind.MASTHEAD,
    ArticleKind.ILLUSTRATION: PieceKind.CAPTION,
}


@dataclass(slots=True)
class _Draft:
    """An article in the making."""

    parts: list[ForeignPart] = field(default_factory=list)
    illustrations: list[ForeignIllustration] = field(default_factory=list)
    names: list[ForeignName] = field(default_factory=list)
    linked: set[int] = field(default_factory=set)  # pages by structLink


class Articles:
    """Reads the articles of one issue. `page_of` are the pages of files and of divisions, by identifier."""

    def __init__(self, document: Document, files: Mapping[str, ForeignFile], page_of: Mapping[str, int]) -> None:
        self._document, self._files, self._page_of = document, files, page_of
        self._found: list[ForeignArticle] = []
        self._count = 0

    def read(self, div: Element) -> tuple[ForeignArticle, ...]:
        """The articles of an issue's division, in the order of the document."""
        for child in div.iterchildren(tag("div")):
            self._walk(child, "")
        return tuple(self._found)

    def _walk(self, div: Element, section: str) -> None:
        kind = type_of(div)
        if kind in PAGE_TYPES:
            return  # the one structMap holds pages as well
        if kind in kinds.ARTICLES:
            self._article(div, kinds.ARTICLES[kind], section)
            return
        if kind in kinds.SECTIONS:
            section = _title(records(self._document, div)) or div.get("LABEL", "").strip() or section
        elif not kinds.is_known(kind):
            self._document.notes.lost(f"division of TYPE {div.get('TYPE', '')}", div.get("LABEL") or div.get("ID", ""))
        for child in div.iterchildren(tag("div")):
            self._walk(child, section)

    def _article(self, div: Element, kind: ArticleKind, section: str) -> None:
        draft = _Draft()
        place = len(self._found)
        self._gather(div, _OF_KIND.get(kind, PieceKind.TEXT), draft, section)
        said = records(self._document, div)
        pages = {part.page for part in draft.parts if part.page} | draft.linked
        names = [*(name for record in said for name in record.names), *draft.names]
        article = ForeignArticle(
            identifier=div.get("ID", ""),
            kind=kind,
            stated_kind=div.get("TYPE", ""),
            headline=_title(said) or " ".join(div.get("LABEL", "").split()),
            subtitle=next((record.subtitle for record in said if record.subtitle), ""),
            language=next((record.language for record in said if record.language), ""),
            section=section,
            authors=tuple(dict.fromkeys(names)),
            parts=tuple(draft.parts),
            illustrations=tuple(draft.illustrations),
            pages=tuple(sorted(pages)),
        )
        taken = {article.headline, article.subtitle, article.language, *(author.name for author in article.authors)}
        note_untaken(self._document, said, "an article", taken)
        self._found.insert(place, article)  # before those within it

    def _gather(self, div: Element, kind: PieceKind, draft: _Draft, section: str) -> None:
        """Take the parts of a division and of those in it; an article within an article follows it."""
        for name in self._document.links.get(div.get("ID", ""), ()):
            if name in self._page_of:
                draft.linked.add(self._page_of[name])
        for pointer in div.iterchildren(tag("fptr")):
            self._pointer(pointer, kind, draft)
        for child in div.iterchildren(tag("div")):
            stated = type_of(child)
            if stated in kinds.ARTICLES:
                if kinds.ARTICLES[stated] is ArticleKind.ILLUSTRATION and kind is PieceKind.CAPTION:
                    self._gather(child, kind, draft, section)  # the image of an illustration
                elif kinds.ARTICLES[stated] is ArticleKind.ILLUSTRATION:
                    self._illustration(child, draft, section)
                else:
                    self._article(child, kinds.ARTICLES[stated], section)
                continue
            if not kinds.is_known(stated):
                self._document.notes.lost(f"division of TYPE {child.get('TYPE', '')}", child.get("ID", ""))
            self._gather(child, _kind_within(kind, stated), draft, section)

    def _illustration(self, div: Element, draft: _Draft, section: str) -> None:
        inner = _Draft()
        self._gather(div, PieceKind.CAPTION, inner, section)
        said = records(self._document, div)
        caption = _title(said) or " ".join(div.get("LABEL", "").split())
        draft.names += [name for record in said for name in record.names]
        draft.illustrations.append(ForeignIllustration(tuple(inner.parts), caption, div.get("TYPE", "")))
        note_untaken(self._document, said, "an illustration", {caption, *(each.name for each in draft.names)})
        draft.illustrations += inner.illustrations
        draft.parts += inner.parts
        draft.linked |= inner.linked

    def _pointer(self, pointer: Element, kind: PieceKind, draft: _Draft) -> None:
        for element in self._document.files_of(pointer):
            self._count += 1
            if self._count > MOST_PARTS:
                self._document.notes.lost(f"area beyond the {MOST_PARTS:,}th")
                return
            part = self._part(element, kind)
            if part is not None:
                draft.parts.append(part)

    def _part(self, element: Element, kind: PieceKind) -> ForeignPart | None:
        file_id = element.get("FILEID", "").strip()
        file = self._files.get(file_id)
        if file is None:
            return None  # noted among references to nothing
        begin, end, form = element.get("BEGIN", ""), element.get("END", ""), element.get("BETYPE", "IDREF")
        if begin and form != "IDREF":
            self._document.notes.lost(f"range in {form}", f"{begin} to {end} of {file_id}")
            return None
        zone = _zone(element)
        if zone is not None and not begin:
            self._document.notes.lost("zone on an image", f"{element.get('COORDS', '')} of {file_id}")
        elif element.get("COORDS") and zone is None:
            self._document.notes.lost("shape on an image", shown(f"{element.get('SHAPE')} {element.get('COORDS')}"))
        page = self._page_of.get(file_id, 0)
        if file.use is not PageUse.OCR:
            begin = end = ""
        return ForeignPart(kind, page, file.name, file_id, begin.strip(), (end or begin).strip(), zone)


def _kind_within(kind: PieceKind, stated: str) -> PieceKind:
    """What a division's parts are. Within a heading, plain texts are of the heading."""
    if kind is PieceKind.MASTHEAD:
        return kind
    return kinds.PARTS.get(stated, kind)


def _title(said: list[Record]) -> str:
    return next((record.title for record in said if record.title), "")


def _zone(element: Element) -> Zone | None:
    """A rectangle as SHAPE RECT has it: left, top, right, bottom; None for none, and for what cannot be one."""
    if element.get("SHAPE", "").upper() != "RECT":
        return None
    try:
        values = [float(value) for value in element.get("COORDS", "")[:200].split(",")]
    except ValueError:
        return None
    if len(values) != 4 or not all(abs(value) <= _FARTHEST for value in values):
        return None
    left, top, right, bottom = values
    return Zone(left, top, right - left, bottom - top) if left <= right and top <= bottom else None
