"""The layout of pages as OCR or a PDF gives it: blocks, lines and words with their places, and what was in the way.

Places are in the unit of the page, from its upper left corner: x to the right, y downwards. Angles are in degrees, the
content turned anticlockwise. Confidence runs from 0 to 1.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.transcript import Line

DOUBTFUL = 0.5  # a word below this confidence is more likely wrong than right


class LayoutForm(enum.Enum):
    """The forms of layout documents that are read."""

    ALTO = "ALTO"
    PAGE = "PAGE"
    HOCR = "hOCR"


class Unit(enum.Enum):
    """What coordinates count; the values are those of ALTO's MeasurementUnit."""

    PIXEL = "pixel"
    MM10 = "mm10"  # tenths of a millimetre
    INCH1200 = "inch1200"  # 1/1200 of an inch


class BlockKind(enum.Enum):
    """What a block of a page is."""

    TEXT = "text"
    ILLUSTRATION = "illustration"
    GRAPHIC = "graphic"
    ADVERT = "advert"
    SEPARATOR = "separator"
    TABLE = "table"
    GROUP = "group"  # holds other blocks and says no more
    OTHER = "other"


class OrderBasis(enum.Enum):
    """Where the reading order of a page comes from."""

    STATED = "stated"  # ReadingOrder, or IDNEXT from block to block
    DOCUMENT = "order of the document"


class LayoutTrouble(enum.Enum):
    """What is wrong with a layout document."""

    NOT_LAYOUT = "not a layout document"
    NOT_WELL_FORMED = "not well formed"
    TOO_LARGE = "too large"
    EMPTY = "no pages"
    NO_TEXT = "no text"
    VERSION = "unknown version"
    COORDINATES = "absurd coordinates"
    OUTSIDE = "outside of the page"
    DUPLICATE = "duplicate identifier"
    REFERENCE = "reference to nothing"
    CONFIDENCE = "absurd confidence"
    PAGE_SIZE = "no page size"
    UNIT = "no unit"
    CONTROL_CHARACTER = "control character"


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """One trouble with its words; `where` is the identifier of the element, `line` counts from 1."""

    trouble: LayoutTrouble
    detail: str
    line: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle on a page, in the unit of the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.height

    def union(self, other: Zone) -> Zone:
        """The smallest zone that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Zone(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)


@dataclass(frozen=True, slots=True)
class LayoutWord:
    """A word as printed. `whole` is the word it is a part of, where the document joins what a line end parted."""

    text: str
    zone: Zone | None = None
    confidence: float | None = None
    identifier: str = ""
    space_before: bool = False
    part: int = 0  # 1 or 2 of a hyphenated word, else 0
    whole: str = ""


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A line as printed, a hyphen at its end included. `words` is empty where the document goes no deeper."""

    text: str
    zone: Zone | None = None
    identifier: str = ""
    words: tuple[LayoutWord, ...] = ()
    confidence: float | None = None
    hyphen: str = ""  # the sign that the document marks as a hyphen
    language: str = ""


@dataclass(frozen=True, slots=True)
class LayoutBlock:
    """A block: `order` is its place in the reading order of the page, from 1; `parent` the index of what it is in."""

    identifier: str
    kind: BlockKind
    zone: Zone | None = None
    order: int = 0
    lines: tuple[LayoutLine, ...] = ()
    parent: int | None = None
    label: str = ""  # what the document calls it: heading, caption, page-number …
    language: str = ""
    rotation: float | None = None
    outline: tuple[tuple[float, float], ...] = ()  # the corners, where the document gives a shape


@dataclass(frozen=True, slots=True)
class LayoutPage:
    """A page: its place in the document from 1, the image it names, its size, its blocks in order of the document."""

    position: int
    blocks: tuple[LayoutBlock, ...] = ()
    identifier: str = ""
    image: str = ""  # as written in the document: a name, a path or an address
    width: float | None = None
    height: float | None = None
    unit: Unit | None = None
    dpi: float | None = None
    language: str = ""
    rotation: float | None = None
    physical_number: int | None = None  # as stated; some programs count from 0
    printed_number: str = ""
    confidence: float | None = None
    order_basis: OrderBasis = OrderBasis.DOCUMENT

    def in_reading_order(self) -> tuple[LayoutBlock, ...]:
        """Its blocks as they are to be read."""
        return tuple(sorted(self.blocks, key=lambda block: block.order))

    def words(self) -> Iterator[LayoutWord]:
        """Every word, in order of the document."""
        for block in self.blocks:
            for line in block.lines:
                yield from line.words


@dataclass(frozen=True, slots=True)
class Processing:
    """A step by which a layout document came to be, as it says itself; dates are as written."""

    software: str = ""
    version: str = ""
    creator: str = ""
    date: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """What a document says of its own certainty: `mean` is None where it says nothing."""

    words: int
    stated: int
    mean: float | None
    doubtful: int  # words below 0.5


@dataclass(frozen=True, slots=True)
class LayoutDocument:
    """A layout document as read. `form` is None when it is none, and `pages` is empty when `problems` say why."""

    name: str
    form: LayoutForm | None
    version: str = ""  # "4.4", "2019-07-15"; "" when it states none
    pages: tuple[LayoutPage, ...] = ()
    processing: tuple[Processing, ...] = ()
    problems: tuple[LayoutProblem, ...] = ()

    def about(self, *troubles: LayoutTrouble) -> Iterator[LayoutProblem]:
        """Its problems of some kinds."""
        return (problem for problem in self.problems if problem.trouble in troubles)

    @property
    def is_read(self) -> bool:
        """Whether it could be read at all."""
        refused = (LayoutTrouble.NOT_LAYOUT, LayoutTrouble.NOT_WELL_FORMED, LayoutTrouble.TOO_LARGE)
        return self.form is not None and not any(self.about(*refused))

    def confidence(self) -> Confidence:
        """The certainty of its words; of its lines where no word states any."""
        lines = [line for page in self.pages for block in page.blocks for line in block.lines]
        words = [word for line in lines for word in line.words]
        stated = [word.confidence for word in words if word.confidence is not None]
        if not stated:
            words_or_lines = len(words) or len(lines)
            stated = [line.confidence for line in lines if line.confidence is not None]
        else:
            words_or_lines = len(words)
        mean = sum(stated) / len(stated) if stated else None
        return Confidence(words_or_lines, len(stated), mean, sum(value < DOUBTFUL for value in stated))


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A layout document of a deposit and the image it lies beside: what the rules of layout judge.

    `image` is the name of the image in the deposit, "" when there is none; `image_size` its width and height in pixels.
    """

    document: LayoutDocument
    path: str
    image: str = ""
    image_size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of the text of layout documents, and where it stands. Blank lines part the blocks and stand nowhere."""

    line: Line
    document: int = 0  # index of the layout document
    page: int = 0  # place of the page in its document, from 1
    order: int = 0  # of the block in its page; 0 for a blank line
    block: str = ""  # its identifier, for METS area BEGIN
    zone: Zone | None = None
    confidence: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The text of layout documents as UTF-8 with LF, and its lines: line N is `lines[N - 1]`."""

    content: bytes
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page that some lines of text stand on: one block, and the zone of those lines in it."""

    document: int
    page: int
    order: int
    block: str
    zone: Zone | None
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class JoinedWord:
    """A word that a line end parts: whole, and the numbers of the two lines. `is_stated` when the document joins it."""

    text: str
    first_line: int
    second_line: int
    is_stated: bool
