"""The tree of pages, walked within limits: a tree may be a ring, or name one page a billion times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archiver.pdfs.syntax import Thing, get, identity, is_mapping, items, kind, name, number

if TYPE_CHECKING:
    from archiver.model.pdf import PdfLimits

DEEPEST = 64  # knots from the root to a page
SPARE = 20  # knots by page that may be empty or lead nowhere
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


class Leaf(NamedTuple):
    """A page: its dictionary, and what it has from the knots above."""

    page: Thing
    inherited: dict[str, Thing]

    def get(self, key: str) -> Thing:
        """The value of a key, of the page itself or inherited."""
        found = get(self.page, key)
        return self.inherited.get(key) if found is None else found

    @property
    def user_unit(self) -> float:
        """Points by unit of its coordinates, 1 unless it states a sound other value."""
        unit = number(get(self.page, "/UserUnit"))
        return unit if unit is not None and 0.001 <= unit <= 75_000 else 1.0


@dataclass
class Tree:
    """The pages of a tree, and what is wrong with it."""

    leaves: list[Leaf] = field(default_factory=list)
    stated: int | None = None  # by the /Count of its root
    ring: str = ""  # a clause where a knot holds itself
    beyond: str = ""  # a clause where it goes beyond a limit
    broken: int = 0  # members that are no pages


def walk(root: Thing, limits: PdfLimits) -> Tree:
    """The pages below the root of the tree, in order."""
    tree = Tree()
    stated = number(get(root, "/Count"))
    tree.stated = int(stated) if stated is not None and abs(stated) < 1 << 60 else None
    knots = 0
    # Each step is a knot or page, what it inherits, and the knots above it by their identity.
    waiting: list[tuple[Thing, dict[str, Thing], tuple[tuple[int, int], ...]]] = [(root, {}, ())]
    while waiting:
        thing, inherited, above = waiting.pop()
        knots += 1
        if len(tree.leaves) >= limits.pages:
            tree.beyond = f"it has more than {limits.pages} pages, which is the limit"
        elif knots > limits.pages * SPARE:
            tree.beyond = f"its page tree has more than {limits.pages * SPARE} knots, which is the limit"
        elif len(above) > DEEPEST:
            tree.beyond = f"its page tree is deeper than {DEEPEST} knots, which is the limit"
        if tree.beyond:
            return tree
        if not is_mapping(thing):
            tree.broken += 1
        elif kind(get(thing, "/Kids")) != "array":
            _leaf(tree, thing, inherited)
        elif identity(thing) in above and identity(thing) != (0, 0):
            tree.ring = f"its page tree is a ring: object {identity(thing)[0]} holds itself"
        else:
            own = {key: value for key in _INHERITED if (value := get(thing, key)) is not None}
            if len(waiting) + len(get(thing, "/Kids")) > limits.pages * SPARE:
                tree.beyond = f"its page tree has more than {limits.pages * SPARE} knots, which is the limit"
                return tree
            line, own = (*above, identity(thing)), inherited | own
            waiting.extend(reversed([(member, own, line) for member in items(get(thing, "/Kids"))]))
    return tree


def _leaf(tree: Tree, thing: Thing, inherited: dict[str, Thing]) -> None:
    if name(get(thing, "/Type")) == "Pages":  # a knot without members
        return
    tree.leaves.append(Leaf(thing, inherited))
