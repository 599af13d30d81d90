"""What is counted while a document is read, and the words for it: losses, outside references, problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.documents import DocumentLoss, DocumentProblem

if TYPE_CHECKING:
    from archiver.model.documents import DocumentTrouble

MOST_REFERENCES = 1_000  # outside references that are kept by name
_LONGEST = 200  # characters of a reference
# What is lost, in the order of reports: key, one, several.
_WORDS = {
    "picture": ("picture", "pictures"),
    "drawing": ("drawing", "drawings"),
    "chart": ("chart or diagram", "charts or diagrams"),
    "film": ("film or sound", "films or sounds"),
    "text box": ("text box", "text boxes"),
    "footnote": ("footnote", "footnotes"),
    "endnote": ("endnote", "endnotes"),
    "header": ("page header", "page headers"),
    "footer": ("page footer", "page footers"),
    "comment": ("comment", "comments"),
    "hidden": ("hidden passage", "hidden passages"),
    "deletion": ("deleted passage", "deleted passages"),
    "insertion": ("inserted passage taken as text", "inserted passages taken as text"),
    "row table": ("table read row by row", "tables read row by row"),
    "layout table": ("table read cell by cell", "tables read cell by cell"),
    "list item": ("number or mark of a list item", "numbers or marks of list items"),
    "ruby": ("ruby reading", "ruby readings"),
    "formula": ("formula read as a row of signs", "formulas read as rows of signs"),
    "symbol": ("sign of a symbol font", "signs of symbol fonts"),
    "quotation": ("pair of quotation marks that browsers add", "pairs of quotation marks that browsers add"),
    "embedded": ("embedded document", "embedded documents"),
    "form": ("form field", "form fields"),
    "frame": ("frame of another document", "frames of other documents"),
    "style sheet": ("style sheet", "style sheets"),
    "script": ("script", "scripts"),
    "note": ("comment in the markup", "comments in the markup"),
    "noscript": ("passage for programs without scripts", "passages for programs without scripts"),
    "template": ("template", "templates"),
    "control": ("control character", "control characters"),
}


class Losses:
    """Counts of what is lost, outside references and problems of one document."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._characters: dict[str, int] = {}
        self._external: dict[str, None] = {}
        self._beside: dict[str, None] = {}
        self._problems: list[DocumentProblem] = []

    def count(self, key: str, *, times: int = 1, text: str = "") -> None:
        """Count something that is lost, with the text that goes with it; white space of it is not counted."""
        self._counts[key] = self._counts.get(key, 0) + times
        if text:
            self._characters[key] = self._characters.get(key, 0) + len("".join(text.split()))

    def counted(self, key: str) -> int:
        """How many of a kind there were."""
        return self._counts.get(key, 0)

    def refer(self, what: str, target: str) -> None:
        """Note what the document would load: from elsewhere, or a file beside it. What lies in it is passed over."""
        target = re.sub(r"[\x00-\x20\x7f]+", " ", target).strip()[:_LONGEST]
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", target)
        if not target or target.startswith("#") or (scheme and scheme[1].lower() in {"data", "cid", "about", "blob"}):
            return
        is_drive = scheme is not None and len(scheme[1]) == 1
        if scheme or target.startswith(("//", "\\\\")):
            place = self._external
            if not is_drive and scheme and scheme[1].lower() == "javascript":
                return
        else:
            place = self._beside
        if len(place) < MOST_REFERENCES:
            place[f"{what} {target}" if place is self._external else target] = None

    def trouble(self, trouble: DocumentTrouble, detail: str) -> None:
        """Note a problem."""
        self._problems.append(DocumentProblem(trouble, detail))

    def losses(self) -> tuple[DocumentLoss, ...]:
        """What was lost, in the order of reports."""
        return tuple(
            DocumentLoss(key, words[self._counts[key] != 1], self._counts[key], self._characters.get(key, 0))
            for key, words in _WORDS.items()
            if self._counts.get(key)
        )

    def external(self) -> tuple[str, ...]:
        """What would be loaded from elsewhere, in order of names."""
        return tuple(sorted(self._external))

    def beside(self) -> tuple[str, ...]:
        """Files that the document would load from beside it, in order of names."""
        return tuple(sorted(self._beside))

    def problems(self) -> tuple[DocumentProblem, ...]:
        """Every problem, in the order they were met."""
        return tuple(self._problems)
