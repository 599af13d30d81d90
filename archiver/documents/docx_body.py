"""The body of a DOCX, walked from start to end: paragraphs, tables, tracked changes, and what is not text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.documents.docx_styles import W
from archiver.documents.flow import Flow

if TYPE_CHECKING:
    from archiver.documents.docx_styles import Styles
    from archiver.documents.losses import Losses
    from archiver.metadata.xml import Element
    from archiver.model.documents import DocumentLimits

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_CHARTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
)
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_PROPERTIES = frozenset(
    f"{W}{name}"
    for name in ("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "rubyPr",
                 "customXmlPr", "smartTagPr")
)  # fmt: skip
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
_SHOWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_LINE_ENDS = frozenset({f"{W}br", f"{W}cr"})
_LOADING = re.compile(r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)\b", re.IGNORECASE)
_FIELD = 200  # characters of a field that are shown


class Body:
    """The body of one document while it is walked."""

    def __init__(self, styles: Styles, losses: Losses, limits: DocumentLimits, pages: int) -> None:
        """`pages` is the number of pages that the program stored, 0 for none."""
        self.flow = Flow(losses, limits)
        self._styles, self._losses, self._pages = styles, losses, pages
        self._paragraph: Element | None = None  # its properties
        self._goes_on = False  # the end of the paragraph before was deleted

    def walk(self, body: Element) -> None:
        """Read the body. Raises TooMuch."""
        from lxml import etree

        # Word marks where pages began when it last laid out the document. The marks are believed when they make as
        # many pages as it counted then; explicit breaks alone leave out the pages that ran full.
        marks = sum(1 for _mark in body.iter(f"{W}lastRenderedPageBreak"))
        self.flow.page = 1 if marks and marks + 1 == self._pages else 0
        events = etree.iterwalk(body, events=("start", "end"))
        for event, element in events:
            if event == "end":
                self._end(element)
            elif not isinstance(element.tag, str) or not self._begin(element):
                events.skip_subtree()
        self.flow.finish()
        if self.flow.page != self._pages:  # marks stood in text boxes or deleted text, which are passed over
            self.flow.forget_pages()

    def _begin(self, element: Element) -> bool:
        """What the start of an element does; False when nothing in it is text that is shown."""
        tag = element.tag
        if tag in _PROPERTIES:
            return False
        if tag == f"{W}r":
            return self._is_shown(element)
        if tag in {f"{W}t", f"{_M}t"}:
            self.flow.text(element.text or "")
        elif tag in _LINE_ENDS:
            self.flow.end_line()
        elif tag == f"{W}tab":
            self.flow.text("\t")
        elif tag == f"{W}noBreakHyphen":
            self.flow.text("-")
        elif tag == f"{W}sym":
            self._losses.count("symbol")
        elif tag == f"{W}lastRenderedPageBreak":
            if self.flow.page:
                self.flow.end_page()
        else:
            return self._begin_more(element, tag)
        return False

    def _begin_more(self, element: Element, tag: str) -> bool:
        losses = self._losses
        if tag == f"{W}p":
            self._begin_paragraph(element)
        elif tag in _DELETED:
            losses.count("deletion", text=_words(element))
            return False
        elif tag in _INSERTED:
            losses.count("insertion", text=_words(element))
        elif tag in _SHOWN:
            self._count_shown(element)
            return False
        elif tag == f"{W}rt":
            losses.count("ruby")
            return False
        elif tag == f"{W}altChunk":
            losses.count("embedded")
        elif tag == f"{W}instrText":
            self._field(element.text or "")
        elif tag == f"{W}fldSimple":
            self._field(element.get(f"{W}instr", ""))
        elif tag == f"{_M}oMath":
            losses.count("formula")
        elif tag == f"{_MC}Fallback":
            return element.getparent().find(f"{_MC}Choice") is None  # it says the same once more, for older programs
        else:
            return self._begin_table_part(element, tag)
        return True

    def _begin_table_part(self, element: Element, tag: str) -> bool:
        if tag == f"{W}tbl":
            self._goes_on = False
            self.flow.begin_table()
        elif tag == f"{W}tr" and self.flow.is_in_table:
            if element.find(f"{W}trPr/{W}del") is not None:
                self._losses.count("deletion", text=_words(element))
                return False
            self.flow.begin_row()
        elif tag == f"{W}tc" and self.flow.is_in_table:
            self._goes_on = False
            self.flow.begin_cell()
        return True

    def _begin_paragraph(self, element: Element) -> None:
        properties = element.find(f"{W}pPr")
        self._paragraph = properties
        if not self._goes_on:
            self.flow.end_block()
        # Two paragraphs whose parting was deleted are one, of the kind of the second.
        self.flow.label = self._styles.label(properties)
        if self._styles.is_numbered(properties) and next(element.iter(f"{W}t"), None) is not None:
            self._losses.count("list item")

    def _end(self, element: Element) -> None:
        """What the end of an element does."""
        tag = element.tag
        if tag == f"{W}p":
            mark = self._paragraph.find(f"{W}rPr/{W}del") if self._paragraph is not None else None
            self._goes_on = mark is not None
            if not self._goes_on:
                self.flow.end_block()
        elif tag == f"{W}tbl":
            self.flow.end_table()
        elif tag == f"{W}tc" and self.flow.is_in_table:
            self._goes_on = False
            self.flow.end_cell()

    def _is_shown(self, run: Element) -> bool:
        properties = run.find(f"{W}rPr")
        if not self._styles.is_hidden(properties, self._paragraph):
            return True
        if words := _words(run):
            self._losses.count("hidden", text=words)
        if self.flow.page:
            for _mark in run.iter(f"{W}lastRenderedPageBreak"):
                self.flow.end_page()
        return False

    def _count_shown(self, element: Element) -> None:
        """Pictures, text boxes, charts and embedded objects; what is none of them is a drawing."""
        losses = self._losses
        boxes = [box for box in element.iter(f"{W}txbxContent") if not _is_doubled(box, element)]
        for box in boxes:
            losses.count("text box", text=_words(box))
        objects = sum(1 for _found in element.iter(_OLE))
        charts = sum(1 for _found in element.iter(*_CHARTS))
        pictures = sum(1 for found in element.iter(_PICTURE, _IMAGE) if not _is_doubled(found, element))
        for key, count in (("embedded", objects), ("chart", charts), ("picture", 0 if objects else pictures)):
            if count:
                losses.count(key, times=count)
        if not (boxes or objects or charts or pictures):
            losses.count("drawing")

    def _field(self, instruction: str) -> None:
        """A field that loads something when it is brought up to date."""
        if found := _LOADING.match(instruction):
            self._losses.refer("field", f"field:{found[1].upper()} {instruction[found.end() : _FIELD].strip()}")


def _words(element: Any) -> str:
    """The text of an element, deleted or not, but not what it holds twice."""
    return "".join(
        found.text or "" for found in element.iter(f"{W}t", f"{W}delText") if not _is_doubled(found, element)
    )


def _is_doubled(element: Any, top: Any) -> bool:
    """Whether an element lies in a fallback below `top`, whose choice says the same, or in a text box within one."""
    above = element.getparent()
    while above is not None and above is not top:
        if above.tag == f"{_MC}Fallback" and above.getparent().find(f"{_MC}Choice") is not None:
            return True
        above = above.getparent()
    return False
