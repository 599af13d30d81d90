"""What the readers of layout documents share: problems counted, and numbers, zones and spaces judged."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from archiver.model.layout import LayoutPage, LayoutProblem, LayoutTrouble, Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archiver.model.layout import LayoutWord

KEPT = 20  # problems of one kind that are told one by one
FARTHEST = 1e7  # units: 10,000,000 pixels, or a kilometre in tenths of a millimetre
SLACK = 1.0  # units by which rounding may put an edge outside of its page
NARROW = 0.6  # of the height of a line: a gap beside a Chinese character that is smaller is no space
_NUMBERS = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?|[+-]?(?i:nan|inf)\w*")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


class Notes:
    """Problems of one document, gathered while it is read; each kind is told twenty times and then counted."""

    def __init__(self) -> None:
        self._kept: list[LayoutProblem] = []
        self._counts: dict[LayoutTrouble, int] = {}
        self._known: set[str] = set()

    def add(self, trouble: LayoutTrouble, detail: str, line: int | None = None, where: str = "") -> None:
        """Note a problem."""
        count = self._counts.get(trouble, 0) + 1
        self._counts[trouble] = count
        if count <= KEPT:
            self._kept.append(LayoutProblem(trouble, shown(detail, 500), line or None, shown(where)))

    def identifier(self, value: str | None, line: int | None) -> None:
        """Note an identifier; one that was there before is a problem."""
        if not value:
            return
        if value in self._known:
            self.add(LayoutTrouble.DUPLICATE, f"the identifier {shown(value)} stands twice", line, value)
        self._known.add(value)

    def problems(self) -> tuple[LayoutProblem, ...]:
        """Every problem kept, and for each kind how many more there are."""
        more = [
            LayoutProblem(trouble, f"and {count - KEPT} more of this kind ({trouble.value})")
            for trouble, count in self._counts.items()
            if count > KEPT
        ]
        return (*self._kept, *more)

    def measure(self, value: str | None, line: int | None, what: str) -> float | None:
        """A coordinate or size, in units; None and a problem for anything that cannot be one."""
        if value is None:
            return None
        found = number(value)
        if found is None or abs(found) > FARTHEST:
            self.add(LayoutTrouble.COORDINATES, f"{what} is {shown(value)}", line)
            return None
        return found

    def share(self, value: str | None, line: int | None, whole: float = 1.0) -> float | None:
        """A confidence out of `whole` as 0 to 1; None and a problem for anything that cannot be one."""
        if not value:
            return None
        found = number(value)
        if found is None or not 0 <= found <= whole:
            self.add(LayoutTrouble.CONFIDENCE, f"a confidence is {shown(value)}, not 0 to {whole:g}", line)
            return None
        return found / whole

    def zone(self, get: Callable[[str], str | None], names: Sequence[str], line: int | None, where: str) -> Zone | None:
        """The zone of attributes for x, y, width and height; None where one is missing or absurd."""
        values = [value for name in names if (value := get(name)) is not None]
        if len(values) != len(names):
            return None
        try:  # the short way, for the tens of thousands of sound zones of a page
            x, y, width, height = map(float, values)
            sound = -FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST
            if sound and 0 <= width <= FARTHEST and 0 <= height <= FARTHEST and "_" not in "".join(values):
                return Zone(x, y, width, height)
        except ValueError:
            pass
        read = [self.measure(value, line, f"{name} of {where}") for name, value in zip(names, values, strict=True)]
        if read[2] is not None and read[3] is not None and min(read[2], read[3]) < 0:
            self.add(LayoutTrouble.COORDINATES, f"{where} is {read[2]:g} wide and {read[3]:g} high", line, where)
        return None

    def outline(self, points: str, line: int | None, where: str) -> tuple[tuple[float, float], ...]:
        """The corners of a list of points, "1,2 3,4" or "1 2 3 4"; none and a problem where it is absurd."""
        words = _NUMBERS.findall(points)
        values = [number(word) for word in words]
        good = [value for value in values if value is not None and abs(value) <= FARTHEST]
        if len(good) != len(words) or len(good) % 2 or len(good) < 4 or _NUMBERS.sub("", points).strip(", \t\r\n"):
            self.add(LayoutTrouble.COORDINATES, f"the points of {where} are {shown(points)}", line, where)
            return ()
        return tuple(zip(good[::2], good[1::2], strict=True))

    def text(self, words: str, line: int | None, where: str = "") -> str:
        """The text itself; a control character in it is a problem."""
        if not words.isprintable():
            found = _CONTROL.search(words)
            if found is not None:
                sign = f"U+{ord(found.group()):04X}"
                self.add(LayoutTrouble.CONTROL_CHARACTER, f"the text has {sign}", line, where)
        elif "\ufffd" in words:
            self.add(LayoutTrouble.CONTROL_CHARACTER, "the text has U+FFFD, where a character was lost", line, where)
        return words

    def page(self, page: LayoutPage) -> LayoutPage:
        """The page itself; a missing size or unit, and every zone that does not lie on it, is a problem."""
        if not page.width or not page.height:
            self.add(LayoutTrouble.PAGE_SIZE, f"page {page.position} states no width and height", where=page.identifier)
            return page
        if page.unit is None:
            self.add(LayoutTrouble.UNIT, f"page {page.position} has coordinates without a unit", where=page.identifier)
        right, bottom = page.width + SLACK, page.height + SLACK
        for block in page.blocks:
            self._within(block.zone, right, bottom, f"block {block.identifier}", page)
            for line in block.lines:
                self._within(line.zone, right, bottom, f"line {line.identifier}", page)
                for word in line.words:
                    self._within(word.zone, right, bottom, f"word {word.identifier}", page)
        return page

    def _within(self, zone: Zone | None, right: float, bottom: float, what: str, page: LayoutPage) -> None:
        if zone is None or (zone.x >= -SLACK and zone.y >= -SLACK and zone.right <= right and zone.bottom <= bottom):
            return
        place = f"{zone.x:g},{zone.y:g} to {zone.right:g},{zone.bottom:g}"
        detail = f"{what} lies at {place}, page {page.position} is {page.width:g} wide and {page.height:g} high"
        self.add(LayoutTrouble.OUTSIDE, detail, where=what.partition(" ")[2])


def number(value: str) -> float | None:
    """A finite number as XML Schema writes it; None for anything else."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) and "_" not in value else None


def shown(value: str, most: int = 80) -> str:
    """A value as it may stand in a message: not longer than `most`."""
    return value if len(value) <= most else f"{value[: most - 1]}…"


def around(points: Iterable[tuple[float, float]]) -> Zone | None:
    """The zone around some points; None when there are none."""
    corners = list(points)
    if not corners:
        return None
    x, y = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    return Zone(x, y, max(corner[0] for corner in corners) - x, max(corner[1] for corner in corners) - y)


def touches_cjk(before: str, after: str) -> bool:
    """Whether either side of a gap between two words is a Chinese, Japanese or Korean character."""
    return bool(_CJK.match(before[-1:]) or _CJK.match(after[:1]))


def gap_is_space(before: Zone | None, after: Zone | None, line: Zone | None) -> bool:
    """Whether the gap between two words beside a Chinese character is wide enough to be a space.

    OCR programs write every Chinese character or two as a word, so that a word end means nothing there; and the edges
    that tesseract gives such words are off by up to 0.55 of the height of the line, where nothing is printed between
    them. A space of Chinese print is as wide as a character. Without places, no space is assumed.
    """
    if before is None or after is None:
        return False
    size = line or before.union(after)
    if size.height > 2 * size.width:
        return after.y - before.bottom >= NARROW * size.width
    return after.x - before.right >= NARROW * size.height


def joined(words: Iterable[LayoutWord]) -> str:
    """The words of a line with the spaces between them."""
    return "".join(f" {word.text}" if word.space_before else word.text for word in words)
