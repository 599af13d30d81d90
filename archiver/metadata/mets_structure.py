"""The two structures of an issue METS, pages and articles, and the links between them.

`area` places are bytes of the transcript counted from 0, BEGIN and END both included, or blocks of a layout document by
their identifiers. A page that is known and was not deposited keeps its place, without a file, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.article_places import part_spans
from archiver.metadata.mets_root import label
from archiver.metadata.mods_parts import article_pages
from archiver.metadata.xml import Element, add
from archiver.model.serial import Article, Issue, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.model.package import IssueFiles, PageFiles, PayloadFile


class Structure:
    """The two structures of an issue and the links between them."""

    def __init__(self, issue: Issue, files: IssueFiles, ids: Mapping[str, str], spans: Mapping[str, Span]) -> None:
        """`ids` are the METS IDs of files by place, `spans` places in the reading text by identifier."""
        self.issue, self.ids, self.spans = issue, ids, spans
        self.original = ids[files.transcript.place.value] if files.transcript is not None else ""
        self.reading = ids[files.reading.place.value] if files.reading is not None else ""
        self.pages = {page.number: page for page in files.pages}
        self.blocks: dict[int, list[tuple[PayloadFile, str]]] = {}
        for line, file, block in files.blocks:
            self.blocks.setdefault(line, []).append((file, block))
        self.linked: list[tuple[str, str]] = []

    def physical(self, root: Element) -> None:
        """The sequence of pages; one that was not deposited has no file."""
        structure = add(root, "mets:structMap", {"ID": "STRUCT_PHYSICAL", "TYPE": "PHYSICAL", "LABEL": "Pages"})
        sequence = add(structure, "mets:div", {"ID": "PHYS_0000", "TYPE": "physSequence", "LABEL": label(self.issue)})
        for order, page in enumerate(self.issue.pages, 1):
            words = page.label if page.received else f"{page.label} (not deposited)"
            entry = add(sequence, "mets:div", {
                "ID": self.page_id(page.number),
                "TYPE": "page",
                "ORDER": str(order),
                "ORDERLABEL": str(page.number),
                "LABEL": words,
            })  # fmt: skip
            if page.span is not None:
                self.area(entry, self.original, page.span)
            for span in page.further:
                self.area(entry, self.original, span)
            if page.number in self.pages:
                self.shown(entry, self.pages[page.number])

    def logical(self, root: Element) -> None:
        """Masthead, articles with a part for each page they stand on, and headlines that point elsewhere."""
        structure = add(root, "mets:structMap", {"ID": "STRUCT_LOGICAL", "TYPE": "LOGICAL", "LABEL": "Articles"})
        top = add(structure, "mets:div", {
            "ID": "LOG_ISSUE", "TYPE": "issue", "LABEL": label(self.issue),
            "ORDERLABEL": self.issue.issued.isoformat(), "DMDID": "DMD_ISSUE", "ADMID": "AMD_PREMIS",
        })  # fmt: skip
        self.linked.append(("LOG_ISSUE", "PHYS_0000"))
        for page in self.issue.pages:
            self.linked.append(("LOG_ISSUE", self.page_id(page.number)))
        masthead = add(top, "mets:div", {"ID": "LOG_MASTHEAD", "TYPE": "masthead", "ORDER": "1", "LABEL": "Masthead"})
        self.areas(masthead, self.issue.masthead, "masthead")
        self.linked.append(("LOG_MASTHEAD", self.page_id(self.issue.pages[0].number)))
        for number, article in enumerate(self.issue.articles, 1):
            self.article(top, number, article)
        for number, entry in enumerate(self.issue.index_entries, 1):
            order = str(1 + len(self.issue.articles) + number)
            identifier = f"LOG_INDEX_{number:03}"
            division = add(top, "mets:div", {
                "ID": identifier, "TYPE": "index-entry", "ORDER": order,
                "ORDERLABEL": entry.printed, "LABEL": entry.headline,
            })  # fmt: skip
            if entry.identifier in self.spans:
                self.area(division, self.reading, self.spans[entry.identifier])
            known = entry.page in {page.number for page in self.issue.pages}
            self.linked.append((identifier, self.page_id(entry.page or 0) if known else "PHYS_0000"))

    def article(self, top: Element, number: int, article: Article) -> None:
        """An article; where it stands on several pages, a part for each, also for a page that was not deposited."""
        identifier = f"LOG_ARTICLE_{number:03}"
        division = add(top, "mets:div", {
            "ID": identifier, "TYPE": article.kind.value, "ORDER": str(number + 1),
            "LABEL": article.headline, "DMDID": f"DMD_{number:03}",
        })  # fmt: skip
        pages = article_pages(self.issue, article)
        if len(pages) == 1:
            self.areas(division, article.span, article.identifier, article.further)
            self.linked.append((identifier, self.page_id(pages[0].number)))
            self.within(division, identifier, article)
            return
        for order, page in enumerate(pages, 1):
            part_id = f"{identifier}_{order}"
            words = page.label if page.received else f"{page.label} (not deposited)"
            part = add(division, "mets:div", {
                "ID": part_id, "TYPE": "article-part", "ORDER": str(order), "LABEL": words,
            })  # fmt: skip
            spans = part_spans(article, page.number, self.issue.pages)
            for span in spans:
                self.area(part, self.original, span)
            self.zones(part, *spans)
            if order == 1 and article.identifier in self.spans:
                self.area(part, self.reading, self.spans[article.identifier])
            self.linked += [(identifier, self.page_id(page.number)), (part_id, self.page_id(page.number))]
        self.within(division, identifier, article)

    def within(self, division: Element, identifier: str, article: Article) -> None:
        """The subheads and illustrations of an article, in order, each with its place."""
        for number, each in enumerate((*article.subheads, *article.illustrations), len(division.findall("{*}div")) + 1):
            part_id = f"{identifier}_{number}"
            part = add(division, "mets:div", {
                "ID": part_id, "TYPE": each.kind.value, "ORDER": str(number), "LABEL": each.words or each.text,
            })  # fmt: skip
            self.area(part, self.original, each.span)
            self.zones(part, each.span)
            self.linked.append((part_id, self.page_id(each.page)))

    def links(self, root: Element) -> None:
        """Links from every logical division to its pages."""
        section = add(root, "mets:structLink")
        for begin, end in self.linked:
            add(section, "mets:smLink", {"xlink:from": begin, "xlink:to": end})

    def areas(self, division: Element, span: Span, identifier: str, further: Sequence[Span] = ()) -> None:
        """Where a division stands in the transcript, and in the reading text; `further` is where it goes on."""
        for run in (span, *further):
            self.area(division, self.original, run)
        if identifier in self.spans:
            self.area(division, self.reading, self.spans[identifier])
        self.zones(division, span, *further)

    def zones(self, division: Element, *spans: Span) -> None:
        """The blocks of layout documents that some lines were taken from, in reading order."""
        lines = (line for span in spans for line in range(span.first_line, span.last_line + 1))
        found = dict.fromkeys(place for line in lines for place in self.blocks.get(line, ()))
        if not found:
            return
        pointer = add(division, "mets:fptr")
        parent = add(pointer, "mets:seq") if len(found) > 1 else pointer
        for file, block in found:
            add(parent, "mets:area", {"FILEID": self.ids[file.place.value], "BETYPE": "IDREF", "BEGIN": block})

    def shown(self, division: Element, page: PageFiles) -> None:
        """The files that show a page: an image together with its layout, then whatever else there is."""
        images = [self.ids[file.place.value] for file in page.images]
        if images and page.layout is not None:
            together = add(add(division, "mets:fptr"), "mets:par")
            for identifier in (images.pop(0), self.ids[page.layout.place.value]):
                add(together, "mets:area", {"FILEID": identifier})
        elif page.layout is not None:
            images.append(self.ids[page.layout.place.value])
        for identifier in (*images, *(self.ids[file.place.value] for file in page.others)):
            add(division, "mets:fptr", {"FILEID": identifier})

    def area(self, division: Element, file: str, span: Span) -> None:
        """A run of bytes of a file, END included; what takes no byte has no place in the file."""
        if file and span.end > span.begin:
            ends = {"BETYPE": "BYTE", "BEGIN": str(span.begin), "END": str(span.end - 1)}
            add(add(division, "mets:fptr"), "mets:area", {"FILEID": file, **ends})

    @staticmethod
    def page_id(number: int) -> str:
        """The ID of a page's division."""
        return f"PHYS_{number:04}"
