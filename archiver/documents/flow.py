"""Text as it flows out of a document: blocks of lines with their labels and pages, tables in rows.

The readers of HTML and DOCX say what begins and ends; this keeps the white space, the limits and the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.model.taken import PieceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.documents.losses import Losses
    from archiver.model.documents import DocumentLimits

_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"  # Chinese, Japanese, their signs
_BREAK_IN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NO_PRINT = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphen, spaces of no width, byte order mark: print nothing
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_MOST_BLOCKS = 4  # in a cell of a table that is one of figures or words; more are columns of a page
_LONGEST_CELL = 600  # characters of such a cell


class TooMuch(Exception):
    """A limit was passed; the words say which."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a block is. `rank` is that of a heading: 0 for the title, 1 to 9."""

    kind: PieceKind = PieceKind.TEXT
    rank: int = 0


TEXT = Label()
SUBTITLE = Label(PieceKind.MASTHEAD)


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item or row: its lines, each with the page it begins on."""

    label: Label
    lines: list[tuple[str, int]]

    @property
    def text(self) -> str:
        """All of it in one line."""
        return joined(text for text, _page in self.lines)

    @property
    def page(self) -> int:
        """The page it begins on."""
        return self.lines[0][1]


@dataclass(slots=True)
class _Table:
    """A table while it is read: rows of cells of blocks, and where its text goes when it ends."""

    into: list[Block]
    rows: list[list[list[Block]]] = field(default_factory=list)
    holds_table: bool = False


class Flow:
    """Collects the text of one document in reading order."""

    def __init__(self, losses: Losses, limits: DocumentLimits) -> None:
        self.blocks: list[Block] = []
        self.page = 0
        self.label = TEXT
        self.keeps_space = False
        self.lost = 0  # characters that stand for lost ones
        self._losses, self._limits = losses, limits
        self._into = self.blocks
        self._tables: list[_Table] = []
        self._parts: list[str] = []
        self._lines: list[tuple[str, int]] = []
        self._count = self._characters = 0

    def text(self, words: str) -> None:
        """Add words to the line that is being read. Raises TooMuch."""
        self._characters += len(words)
        if self._characters > self._limits.characters:
            raise TooMuch(f"it has more than {self._limits.characters:,} characters")
        self._parts.append(words)

    def end_line(self) -> None:
        """End the line, not the paragraph. Raises TooMuch."""
        text = self._printed("".join(self._parts))
        self._parts = []
        for line in text.split("\n"):
            self._count += 1
            if self._count > self._limits.lines:
                raise TooMuch(f"it has more than {self._limits.lines:,} lines")
            self._lines.append((line, self.page))

    def end_page(self) -> None:
        """Begin the next page, where pages are known; within a paragraph, its line ends there."""
        if any(part.strip() for part in self._parts):
            self.end_line()
        self.page += 1

    def end_block(self) -> None:
        """End the paragraph, if one was begun. Raises TooMuch."""
        if not self._parts and not self._lines:
            return
        self.end_line()
        lines, self._lines = self._lines, []
        while lines and not lines[-1][0].strip():
            lines.pop()
        begin = next((at for at, (text, _page) in enumerate(lines) if text.strip()), len(lines))
        if lines[begin:]:
            self._into.append(Block(self.label, lines[begin:]))

    def begin_table(self) -> None:
        """Begin a table, in a cell of another one or not."""
        self.end_block()
        if self._tables:
            self._tables[-1].holds_table = True
        self._tables.append(_Table(self._into))

    @property
    def is_in_table(self) -> bool:
        """Whether rows and cells have a table."""
        return bool(self._tables)

    def begin_row(self) -> None:
        """Begin a row; what stands between rows (a caption) goes before the table."""
        self._leave_cell()
        self._tables[-1].rows.append([])

    def begin_cell(self) -> None:
        """Begin a cell."""
        self._leave_cell()
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        self._into = []
        table.rows[-1].append(self._into)

    def end_cell(self) -> None:
        """End a cell; what stands between cells is none of theirs."""
        self._leave_cell()

    def end_table(self) -> None:
        """End the table and give its text: row by row, or cell by cell where it lays out a page."""
        self._leave_cell()
        table = self._tables.pop()
        self._into = table.into
        rows = table.rows
        if not any(cell for row in rows for cell in row):
            return
        if _lays_out(rows, table.holds_table):
            self._losses.count("layout table")
            self._into.extend(block for row in rows for cell in row for block in cell)
            return
        self._losses.count("row table")
        for row in rows:
            cells = [joined(block.text for block in cell) for cell in row]
            filled = [cell for cell in row if cell]
            if filled:
                line = "\t".join(text.replace("\t", " ") for text in cells).strip()
                self._into.append(Block(TEXT, [(line, filled[0][0].page)]))

    def finish(self) -> None:
        """End what is still open."""
        self.end_block()
        while self._tables:
            self.end_table()

    def forget_pages(self) -> None:
        """Take away the numbers of pages, which turned out not to be known."""
        self.page = 0
        for block in self.blocks:
            block.lines = [(text, 0) for text, _page in block.lines]

    def _leave_cell(self) -> None:
        self.end_block()
        self._into = self._tables[-1].into

    def _printed(self, text: str) -> str:
        """A line as a reader sees it: white space as one space, nothing that prints nothing, no control characters."""
        text = text.replace("\xa0", " ")
        if self.keeps_space:
            text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").expandtabs(8)
        else:
            text = _SPACE.sub(" ", _BREAK_IN_WIDE.sub("", text)).strip()
        text, count = _CONTROL.subn("", _NO_PRINT.sub("", text))
        if count:
            self._losses.count("control", times=count)
        self.lost += text.count("\ufffd")
        return text if self.keeps_space else text.strip()


def joined(texts: Iterable[str]) -> str:
    """Lines as one: with a space between them, or nothing between two wide characters."""
    found = ""
    for text in texts:
        parted = found and text and not (re.match(f"[{_WIDE}]", found[-1]) and re.match(f"[{_WIDE}]", text[0]))
        found += (" " if parted else "") + text
    return found


def _lays_out(rows: list[list[list[Block]]], holds_table: bool) -> bool:
    """Whether a table is no table but the columns of a page: it holds others, headings, or long texts."""
    cells = [cell for row in rows for cell in row if cell]
    return (
        holds_table
        or len(cells) == 1
        or any(block.label != TEXT for cell in cells for block in cell)
        or any(len(cell) > _MOST_BLOCKS or sum(len(block.text) for block in cell) > _LONGEST_CELL for cell in cells)
    )
