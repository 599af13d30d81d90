"""Words out of the characters of a page: what stands side by side in the order of the file. Places are as shown.

A word is laid on a plane of its own direction, so that whatever puts words into lines sees them upright: text that is
turned by a right angle, and vertical Chinese text, whose lines run downwards and follow one another to the left.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.pdfs.glyphs import Glyph
    from archiver.pdfs.pdfium import Box

SOFT_HYPHEN = "\u00ad"
WIDE = 1.0  # sizes of the font: a gap that parts words although no white space stands in it
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


class Plane(enum.Enum):
    """In which direction lines run: the degrees that the text is turned clockwise; VERTICAL stands upright."""

    UPRIGHT = 0
    DOWNWARDS = 90
    UPSIDE_DOWN = 180
    UPWARDS = 270
    VERTICAL = 1
    SLANTED = -1

    def laid(self, box: Box, size: tuple[float, float]) -> Box:
        """A box of a page of such a size, laid so that lines run to the right and follow one another downwards."""
        left, top, right, bottom = box
        width, height = size
        if self in {Plane.DOWNWARDS, Plane.VERTICAL}:
            return top, width - right, bottom, width - left
        if self is Plane.UPSIDE_DOWN:
            return width - right, height - bottom, width - left, height - top
        if self is Plane.UPWARDS:
            return height - bottom, left, height - top, right
        return box

    def shown(self, box: Box, size: tuple[float, float]) -> Box:
        """The box of the page that `laid` made another of."""
        left, top, right, bottom = box
        width, height = size
        if self in {Plane.DOWNWARDS, Plane.VERTICAL}:
            return width - bottom, left, width - top, right
        if self is Plane.UPSIDE_DOWN:
            return width - right, height - bottom, width - left, height - top
        if self is Plane.UPWARDS:
            return top, height - right, bottom, height - left
        return box


class Gap(enum.Enum):
    """What stands before a word in the file."""

    NONE = 0
    GUESSED = 1  # PDFium saw a gap
    WRITTEN = 2  # white space stands in the file


class Word(NamedTuple):
    """A word on its plane: left, top, right, bottom."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    gap: Gap

    @property
    def box(self) -> Box:
        """Its place."""
        return self.left, self.top, self.right, self.bottom

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2


def words_of(glyphs: Sequence[Glyph], size: tuple[float, float]) -> dict[Plane, list[Word]]:
    """The words of a page of such a size by planes, each in the order of the file."""
    vertical = _vertical(glyphs)
    found: dict[Plane, list[Word]] = {}
    maker = _Maker(size)
    for glyph in glyphs:
        if glyph.text.isspace():
            maker.space(Gap.WRITTEN if glyph.drawn else Gap.GUESSED)
            continue
        if glyph.text == SOFT_HYPHEN:  # a place where a word may be parted; where it is, PDFium gives a hyphen
            continue
        plane = Plane.VERTICAL if glyph.drawn in vertical and glyph.angle == 0 else Plane(glyph.angle)
        maker.add(glyph, plane, found)
    maker.end(found)
    return found


class _Maker:
    """One word while it is made."""

    def __init__(self, size: tuple[float, float]) -> None:
        self._size = size
        self._plane = Plane.UPRIGHT
        self._texts: list[str] = []
        self._box: Box = (0.0, 0.0, 0.0, 0.0)
        self._last: Box = self._box
        self._fonts: list[float] = []
        self._gap = self._next = Gap.NONE

    def space(self, gap: Gap) -> None:
        """White space before whatever comes."""
        if gap.value > self._next.value:
            self._next = gap

    def add(self, glyph: Glyph, plane: Plane, found: dict[Plane, list[Word]]) -> None:
        """One more character: of this word, or the first of the next."""
        box = plane.laid(glyph.box, self._size)
        gap = self._next
        if plane is Plane.VERTICAL and gap is Gap.GUESSED:  # PDFium takes every step down for a new line
            gap = Gap.NONE
        if not self._texts or gap is not Gap.NONE or not self._goes_on(glyph, plane, box):
            self.end(found)
            self._plane, self._box, self._gap = plane, box, gap
        self._next = Gap.NONE
        self._texts.append(glyph.text)
        self._fonts.append(glyph.size)
        self._last = box
        one = self._box
        self._box = (min(one[0], box[0]), min(one[1], box[1]), max(one[2], box[2]), max(one[3], box[3]))

    def end(self, found: dict[Plane, list[Word]]) -> None:
        """The word is whole."""
        if self._texts:
            size = sorted(self._fonts)[len(self._fonts) // 2] or self._box[3] - self._box[1]
            word = Word("".join(self._texts), *self._box, size, self._gap)
            found.setdefault(self._plane, []).append(word)
        self._texts, self._fonts = [], []

    def _goes_on(self, glyph: Glyph, plane: Plane, box: Box) -> bool:
        """Whether a character stands where the next of the word would."""
        last = self._last
        if plane is not self._plane:
            return False
        if box == last or unicodedata.combining(glyph.text):  # the second letter of a ligature, or an accent
            return True
        size = max(glyph.size, 1.0)
        if plane is Plane.SLANTED:
            return abs(box[0] - last[0]) <= 2 * size and abs(box[1] - last[1]) <= 2 * size
        shared = min(box[3], last[3]) - max(box[1], last[1])
        if shared < 0.3 * min(box[3] - box[1], last[3] - last[1]):
            return False
        return -0.5 * size <= box[0] - last[2] <= WIDE * size


def _vertical(glyphs: Sequence[Glyph]) -> set[int]:
    """The text objects whose Chinese characters stand one below the other.

    An object of one character goes the way that most others on the page go.
    """
    downwards: Counter[int] = Counter()
    alone: set[int] = set()
    page = 0  # steps down less steps to the side, of all neighbours
    before: Glyph | None = None
    for glyph in glyphs:
        if not glyph.drawn or not _CJK.match(glyph.text):
            continue
        step = 0 if before is None else 1 if _is_below(before, glyph) else -1
        page += step
        if before is not None and before.drawn == glyph.drawn:
            alone.discard(glyph.drawn)
            downwards[glyph.drawn] += step
        elif glyph.drawn not in downwards:
            alone.add(glyph.drawn)
        before = glyph
    found = {drawn for drawn, balance in downwards.items() if balance > 0}
    return found | alone if page > 0 else found


def _is_below(one: Glyph, other: Glyph) -> bool:
    across = abs((one.box[0] + one.box[2]) - (other.box[0] + other.box[2])) / 2
    down = ((other.box[1] + other.box[3]) - (one.box[1] + one.box[3])) / 2
    size = max(other.size, 1.0)
    return across <= 0.4 * size and 0.5 * size <= down <= 3 * size


def letters(words: Iterable[Word]) -> int:
    """How many characters some words have."""
    return sum(len(word.text) for word in words)
