"""Lines and blocks of a column, and the blocks of a page as the model of layout has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archiver.layout.notes import gap_is_space, joined, touches_cjk
from archiver.model.layout import BlockKind, LayoutBlock, LayoutLine, LayoutWord, Zone
from archiver.pdfs.columns import columns_of, rows_of
from archiver.pdfs.words import Gap, Plane, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.pdfs.pdfium import Box
    from archiver.pdfs.words import Word

OTHER_SIZE = 1.15  # a font this many times larger or smaller begins another block
APART = 0.5  # sizes of the font: white space that much larger than the usual one begins another block
INCH = 1200  # units of the layout: 1/1200 inch


class Scale(NamedTuple):
    """From the page as shown to the unit of the layout: size of the page, and units by unit of the page."""

    width: float
    height: float
    factor: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in units of the page."""
        return self.width, self.height

    def zone(self, box: Box) -> Zone:
        """A box as shown as a zone: whole units, within the page."""
        left, right = (self._units(x, self.width) for x in (box[0], box[2]))
        top, bottom = (self._units(y, self.height) for y in (box[1], box[3]))
        return Zone(left, top, max(right - left, 1), max(bottom - top, 1))

    def _units(self, value: float, most: float) -> int:
        return round(min(max(value, 0.0), most) * self.factor)


class SizedBlock(NamedTuple):
    """A block and the size of its font, in points of the page."""

    block: LayoutBlock
    size: float


def blocks_of(words: Sequence[Word], plane: Plane, scale: Scale) -> list[SizedBlock]:
    """The blocks of the words of one plane, in reading order."""
    columns = [[word] for word in words] if plane is Plane.SLANTED else columns_of(words)
    found = []
    for column in columns:
        for rows in _blocks(rows_of(column)):
            found.append(_block(rows, plane, scale))
    return found


def _blocks(rows: Sequence[list[Word]]) -> list[list[list[Word]]]:
    """The rows of a column in blocks: a wide gap or another size of font begins the next."""
    gaps = sorted(_gap(rows[index], rows[index + 1]) for index in range(len(rows) - 1))
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    found: list[list[list[Word]]] = []
    for index, row in enumerate(rows):
        size = size_of(row)
        if index:
            before = size_of(rows[index - 1])
            ratio = max(size, before) / max(min(size, before), 0.1)
            apart = _gap(rows[index - 1], row) > max(0.0, usual) + APART * min(size, before)
            if ratio <= OTHER_SIZE and not apart:
                found[-1].append(row)
                continue
        found.append([row])
    return found


def _gap(above: Sequence[Word], below: Sequence[Word]) -> float:
    return min(word.top for word in below) - max(word.bottom for word in above)


def size_of(words: Sequence[Word]) -> float:
    """The size of the font of most characters."""
    half, so_far = letters(words) / 2, 0
    for word in sorted(words, key=lambda word: word.size):
        so_far += len(word.text)
        if so_far >= half:
            return word.size
    return 0.0


def _block(rows: Sequence[list[Word]], plane: Plane, scale: Scale) -> SizedBlock:
    lines = tuple(_line(row, plane, scale) for row in rows)
    zone = lines[0].zone
    for line in lines[1:]:
        assert zone is not None and line.zone is not None
        zone = zone.union(line.zone)
    turned = float(360 - plane.value) if plane.value >= 90 else None  # the model counts anticlockwise
    block = LayoutBlock("", BlockKind.TEXT, zone, lines=lines, rotation=turned)
    return SizedBlock(block, size_of([word for row in rows for word in row]))


def _line(row: Sequence[Word], plane: Plane, scale: Scale) -> LayoutLine:
    words: list[LayoutWord] = []
    before: Word | None = None
    around = None
    for word in row:
        zone = scale.zone(plane.shown(word.box, scale.size))
        space = before is not None and _is_space(before, word)
        words.append(LayoutWord(word.text, zone, space_before=space))
        around = zone if around is None else around.union(zone)
        before = word
    return LayoutLine(joined(words), around, words=tuple(words))


def _is_space(before: Word, after: Word) -> bool:
    """Whether a space stands between two words of a line.

    Beside a Chinese character only where one is written in the file or the gap is as wide as a character.
    """
    if not touches_cjk(before.text, after.text) or after.gap is Gap.WRITTEN:
        return after.gap is not Gap.NONE or after.left - before.right > 0.15 * after.size
    one = Zone(before.left, before.top, before.right - before.left, before.bottom - before.top)
    other = Zone(after.left, after.top, after.right - after.left, after.bottom - after.top)
    return gap_is_space(one, other, one.union(other))
