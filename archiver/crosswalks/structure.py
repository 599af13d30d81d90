"""The structures of an issue METS as crosswalks use them: pages with their files, articles with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.export import ExportedFile, ExportedPage, ExportedPlace

if TYPE_CHECKING:
    from archiver.metadata.reading_mets import Area, Division, MetsFacts

_NOT_DEPOSITED = " (not deposited)"
Placed = tuple[tuple[str, tuple[ExportedPlace, ...]], ...]

_ARTICLES = {"article", "advertisement"}


class Structure:
    """Pages and articles of one issue METS. A METS without such a structure has none of either."""

    def __init__(self, mets: MetsFacts, files: tuple[ExportedFile, ...]) -> None:
        self.files = files
        self._by_id = {file.identifier: file for file in files}
        self._links: dict[str, list[str]] = {}
        for link in mets.links:
            self._links.setdefault(link.begin, []).append(link.end)
        physical, logical = mets.structure("PHYSICAL"), mets.structure("LOGICAL")
        divisions = physical.divisions if physical is not None else ()
        self.pages = tuple(self._page(division) for division in divisions if division.kind == "page")
        self._order = {page.identifier: place for place, page in enumerate(self.pages)}
        self._page_of = {file.identifier: page.identifier for page in self.pages for file in page.files}
        found = logical.walk() if logical is not None else ()
        self.articles = tuple(self._article(division) for division in found if division.kind in _ARTICLES)

    def _page(self, division: Division) -> ExportedPage:
        label = division.label.removesuffix(_NOT_DEPOSITED)
        whole = [self._by_id[area.file] for area in division.areas if not area.kind and area.file in self._by_id]
        return ExportedPage(
            identifier=division.identifier,
            number=division.order_label,
            label=label,
            received=not division.label.endswith(_NOT_DEPOSITED),
            files=tuple(dict.fromkeys(whole)),
            places=tuple(place for area in division.areas if (place := self._place(area)).begin is not None),
        )

    def _article(self, division: Division) -> tuple[Division, tuple[str, ...], Placed]:
        """An article, its pages in order, and its places by page."""
        known = {page for page in self._links.get(division.identifier, ()) if page in self._order}
        pages = tuple(sorted(known, key=lambda page: self._order[page]))
        placed: dict[str, list[ExportedPlace]] = {page: [] for page in pages}
        for part in division.walk():
            linked = [page for page in self._links.get(part.identifier, ()) if page in self._order]
            for area in part.areas:
                place = self._place(area)
                page = self._page_of.get(area.file) if place.block else None
                page = page or (linked[0] if linked else "")
                if page and area.file in self._by_id:
                    placed.setdefault(page, []).append(place)
        return division, pages, tuple((page, tuple(places)) for page, places in placed.items())

    @staticmethod
    def _place(area: Area) -> ExportedPlace:
        span = area.span if area.kind == "BYTE" else None
        if span is not None:
            return ExportedPlace(area.file, span.begin, span.end)
        return ExportedPlace(area.file, block=(area.begin or "") if area.kind == "IDREF" else "")
