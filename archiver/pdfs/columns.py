"""Columns and reading order by geometry alone: white strips part columns, and what lies across them parts sections.

Words are taken in rows. As long as the rows of a page leave the same white strip free from top to bottom, they are
columns, read one after the other from left to right, each by the same rule; a row across the strip (a headline, a
masthead) ends the section, and what is below it is read after. No order of the file counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.pdfs.words import Word

STRIP = 0.9  # sizes of the font: the narrowest strip between columns
SURE = 2.5  # sizes of the font: a strip so wide parts columns of one or two rows as well
ROWS = 3  # rows that leave a narrower strip free, before it is one
COLUMN = 4.0  # sizes of the font: the narrowest column; narrower are numbers and bullets of lists, figures of tables
DEEPEST = 24  # columns within columns


class Strip(NamedTuple):
    """A part of the plane from left to right."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left


@dataclass
class _Section:
    """Rows that follow one another, what they all leave free, and the strips that part their columns."""

    rows: list[list[Word]]
    free: list[Strip]
    strips: list[Strip] = field(default_factory=list)


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words in rows from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    anchor: Word | None = None
    for word in sorted(words, key=lambda word: (word.middle, word.left, word.text)):
        height = word.bottom - word.top
        if anchor is not None:
            shared = min(anchor.bottom, word.bottom) - max(anchor.top, word.top)
            if shared >= 0.5 * min(anchor.bottom - anchor.top, height):
                rows[-1].append(word)
                if height < 0.7 * (anchor.bottom - anchor.top):  # a large initial does not draw in three lines
                    anchor = word
                continue
        rows.append([word])
        anchor = word
    return [sorted(row, key=lambda word: (word.left, word.right, word.text)) for row in rows]


def columns_of(words: Sequence[Word], depth: int = 0) -> list[list[Word]]:
    """The words of every column, in reading order."""
    if not words:
        return []
    if depth > DEEPEST:
        return [list(words)]
    size = sorted(word.size for word in words)[len(words) // 2]
    found: list[list[Word]] = []
    for section in _sections(rows_of(words), max(size, 1.0)):
        inside = [word for row in section.rows for word in row]
        if not section.strips:
            found.append(inside)
            continue
        for column in _parted(inside, section.strips):
            found.extend(columns_of(column, depth + 1))
    return found


def _parted(words: Sequence[Word], strips: Sequence[Strip]) -> list[list[Word]]:
    """Words in columns by the strips between them."""
    columns: list[list[Word]] = [[] for _ in range(len(strips) + 1)]
    for word in words:
        middle = (word.left + word.right) / 2
        columns[sum(middle > strip.left for strip in strips)].append(word)
    return [column for column in columns if column]


def _sections(rows: Sequence[list[Word]], size: float) -> list[_Section]:
    """Sections from top to bottom; those without strips are one column, and never follow one another."""
    far = max(word.right for row in rows for word in row) + 1.0
    found: list[_Section] = []
    for row in rows:
        free = _free(row, far)
        if found:
            last = found[-1]
            shared = _shared(last.free, free)
            rows_so_far = [*last.rows, row]
            strips = _strips(shared, size)
            alike = not last.strips and not strips and not _strips(free, size)
            if strips or alike:
                found[-1] = _Section(rows_so_far, shared, strips)
                continue
        found.append(_Section([row], free, _strips(free, size)))
    return _joined(found, size)


def _joined(sections: Sequence[_Section], size: float) -> list[_Section]:
    """Sections with the strips that can be relied on; what has none is joined with its like."""
    found: list[_Section] = []
    for section in sections:
        strips = [strip for strip in section.strips if strip.width >= SURE * size or _is_backed(section.rows, strip)]
        if found and not strips and not found[-1].strips:
            found[-1].rows.extend(section.rows)
        else:
            found.append(_Section(list(section.rows), section.free, strips))
    return found


def _is_backed(rows: Sequence[list[Word]], strip: Strip) -> bool:
    """Whether rows enough leave a strip free, and no single row makes it by a wide gap."""
    before = sum(row[0].left < strip.left for row in rows)
    after = sum(row[-1].right > strip.right for row in rows)
    return len(rows) >= ROWS and min(before, after) >= ROWS - 1


def _free(row: Sequence[Word], far: float) -> list[Strip]:
    """What a row leaves free, from far left to far right."""
    free, edge = [], -far
    for word in row:
        if word.left > edge:
            free.append(Strip(edge, word.left))
        edge = max(edge, word.right)
    return [*free, Strip(edge, 2 * far)]


def _shared(one: Sequence[Strip], other: Sequence[Strip]) -> list[Strip]:
    """What both leave free."""
    found, first, second = [], 0, 0
    while first < len(one) and second < len(other):
        left, right = max(one[first].left, other[second].left), min(one[first].right, other[second].right)
        if right > left:
            found.append(Strip(left, right))
        if one[first].right < other[second].right:
            first += 1
        else:
            second += 1
    return found


def _strips(free: Sequence[Strip], size: float) -> list[Strip]:
    """Of what is free, the strips between columns: wide enough, with columns wide enough on both sides."""
    if len(free) < 3:
        return []
    found: list[Strip] = []
    begin, end = free[0].right, free[-1].left
    for strip in free[1:-1]:
        before = found[-1].right if found else begin
        if strip.width >= STRIP * size and min(strip.left - before, end - strip.right) >= COLUMN * size:
            found.append(strip)
    return found
