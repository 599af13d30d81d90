"""The physical structure of METS: pages in their order, with labels, sections and files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.foreign_mets.document import tag, type_of, whole_number
from archiver.foreign_mets.mods import note_untaken, records
from archiver.foreign_mets.notes import shown
from archiver.model.foreign_mets import Convention, ForeignFile, ForeignPage, MetsTrouble
from archiver.model.page_files import PageUse

if TYPE_CHECKING:
    from archiver.foreign_mets.document import Document
    from archiver.metadata.xml import Element

PAGE_TYPES = {"page", "doublepage", "double_page", "side", "seite"}
MOST_GIVEN = 1_000_000  # pages and their files; issues may share them
_UNCOUNTED = re.compile(r"[\s\-–—\[\]]*|uncounted|unnumbered|ungezählt|\[?ohne zählung\]?", re.IGNORECASE)


def physical(document: Document) -> Element | None:
    """The structMap that pages are read from: the physical one, else the first that has pages."""
    maps = document.structures()
    stated = [each for each in maps if each.get("TYPE", "").strip().upper() == "PHYSICAL"]
    paged = [each for each in maps if any(type_of(div) in PAGE_TYPES for div in each.iter(tag("div")))]
    return next(iter(stated or paged), None)


def page_divs(structure: Element) -> list[Element]:
    """The divisions that are pages, in order of the document: by TYPE, else those under the whole that have files."""
    divs = list(structure.iter(tag("div")))
    typed = [div for div in divs if type_of(div) in PAGE_TYPES]
    if typed:
        return [div for div in typed if not any(type_of(above) in PAGE_TYPES for above in div.iterancestors())]
    return [div for div in divs if div.find(tag("fptr")) is not None and div.find(tag("div")) is None]


class Pages:
    """The pages of a METS document by the identifiers of their divisions."""

    def __init__(self, document: Document, files: dict[str, ForeignFile], convention: Convention | None) -> None:
        self._document, self._files, self._convention = document, files, convention
        self.structure = physical(document)
        self.divs = page_divs(self.structure) if self.structure is not None else []
        self._known: dict[Element, ForeignPage] = {}
        self._given = 0  # pages and files of pages, once for every issue that has them
        self._within: dict[Element, list[int]] | None = None
        self._by_name: dict[str, list[int]] = {}
        self._by_file: dict[str, list[int]] = {}
        orders = [whole_number(div.get("ORDER")) for div in self.divs]
        self._judge(orders)
        if None not in orders and len(set(orders)) == len(orders):  # else the order of the document is all there is
            self.divs.sort(key=lambda div: whole_number(div.get("ORDER")) or 0)

    def of_issue(self, divs: list[Element]) -> tuple[ForeignPage, ...]:
        """The pages of one issue, numbered from 1."""
        found = []
        for number, div in enumerate(divs, 1):
            page = self._known.get(div)
            if page is None:
                page = self._known[div] = self._page(div, number)
            self._given += 1 + len(page.files)
            if self._given > MOST_GIVEN:
                self._document.notes.lost("page of an issue beyond the limit of the METS", page.identifier)
                break
            found.append(replace(page, number=number))
        return tuple(found)

    def below(self, div: Element) -> list[Element]:
        """The pages of one of several issues: within its division, else tied to it, else those of its articles."""
        if self._within is None:
            self._index()
        assert self._within is not None  # made by _index
        found = self._within.get(div, [])
        if not found:
            links = self._document.links
            wanted = [to for each in div.iter(tag("div")) for to in links.get(each.get("ID", ""), ())]
            found = [place for name in dict.fromkeys(wanted) for place in self._by_name.get(name, ())]
        if not found:
            named = [each.get("FILEID") for each in div.iter() if isinstance(each.tag, str) and each.get("FILEID")]
            found = [place for name in dict.fromkeys(named) for place in self._by_file.get(name, ())]
        return [self.divs[place] for place in sorted(set(found))]

    def _index(self) -> None:
        """Find pages by what they lie in, by identifiers of divisions, and by files."""
        self._within = {}
        for place, page in enumerate(self.divs):
            names = [page.get("ID", "")]
            for above in page.iterancestors(tag("div")):
                self._within.setdefault(above, []).append(place)
                if type_of(above) != "physsequence":
                    names.append(above.get("ID", ""))
            for name in filter(None, names):
                self._by_name.setdefault(name, []).append(place)
            for each in page.iter(tag("fptr"), tag("area")):
                self._by_file.setdefault(each.get("FILEID", ""), []).append(place)

    def whole(self) -> tuple[ForeignFile, ...]:
        """Files that the structure names outside of pages: of the issue as a whole."""
        if self.structure is None:
            return ()
        inside = {each for div in self.divs for each in div.iter(tag("fptr"))}
        pointers = [each for each in self.structure.iter(tag("fptr")) if each not in inside]
        return self._named(pointers)

    def _page(self, div: Element, number: int) -> ForeignPage:
        files = self._named(list(div.iter(tag("fptr"))))
        found = records(self._document, div)
        said = [record.part for record in found]
        label = _label(div.get("ORDERLABEL")) or next((part["page"] for part in said if "page" in part), "")
        label = label or _label(div.get("LABEL"))
        section = next((part["section"] for part in said if "section" in part), "")
        note_untaken(self._document, found, "a page", {label, section, *(part.get("page", "") for part in said)})
        inner = list(div.iterdescendants(tag("div")))
        if inner:
            self._document.notes.lost("division within a page", type_of(inner[0]), len(inner))
        for file in files:
            if file.use is None:
                self._document.notes.lost(f"file of use {file.stated_use or 'not stated'}", file.name or file.href)
        if not any(file.name for file in files):
            what = (
                f"page {number} ({shown(label or div.get('ID', '') or 'without a label')}) has no file in the deposit"
            )
            self._document.problem(MetsTrouble.PAGES, what, div)
        order = whole_number(div.get("ORDER"))
        return ForeignPage(number, order, label, section, div.get("ID", ""), files, self._layout(files))

    def _named(self, pointers: list[Element]) -> tuple[ForeignFile, ...]:
        named = [each.get("FILEID") for pointer in pointers for each in self._document.files_of(pointer)]
        return tuple(self._files[name] for name in dict.fromkeys(named) if name in self._files)

    def _layout(self, files: tuple[ForeignFile, ...]) -> str:
        """The layout document a page is read from; the others are lost.

        In OCR-D a workflow adds a group a step: ground truth goes first, then the last step that recognised text.
        """
        found = [file for file in files if file.use is PageUse.OCR and file.name]
        if not found:
            return ""
        chosen = found[0]
        if self._convention is Convention.OCRD:
            chosen = max(enumerate(found), key=lambda each: (_grade(each[1].stated_use), each[0]))[1]
        for file in found:
            if file is not chosen:
                self._document.notes.lost(f"further text of a page ({file.stated_use})", file.name)
        return chosen.name

    def _judge(self, orders: list[int | None]) -> None:
        """Note pages that are missing from ORDER, or doubled in it."""
        document = self._document
        stated = [order for order in orders if order is not None]
        for order, count in Counter(stated).items():
            if count > 1:
                div = self.divs[orders.index(order)]
                document.problem(MetsTrouble.PAGES, f"{count} pages have ORDER {order}", div)
        if stated and max(stated) - min(stated) < 100_000:
            missing = sorted(set(range(min(stated), max(stated) + 1)) - set(stated))
            if missing:
                words = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
                what = f"ORDER runs from {min(stated)} to {max(stated)} without {words}"
                document.problem(MetsTrouble.PAGES, what, self.divs[0])


def _grade(use: str) -> int:
    """How good the text of an OCR-D group is for reading: ground truth, then recognised text, then the rest."""
    folded = use.upper()
    if "EVAL" in folded or "SEG" in folded.replace("GT-SEG", ""):
        return 0
    return 3 if "-GT-" in f"{folded}-" else 2 if folded.startswith("OCR-D-OCR") or "COR" in folded else 1


def _label(value: str | None) -> str:
    """A printed page number; "" for the marks by which pages without one are labelled."""
    text = " ".join((value or "").split())
    return "" if _UNCOUNTED.fullmatch(text) else text
