"""Reading order: what a document states, put on the blocks of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.layout.notes import shown
from archiver.model.layout import LayoutTrouble, OrderBasis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.layout.notes import Notes
    from archiver.model.layout import LayoutBlock

Reference = tuple[str, int | None]  # the identifier named, and the line it is named in


def arrange(
    blocks: Sequence[LayoutBlock], references: Sequence[Reference], parts: Mapping[str, int], notes: Notes
) -> tuple[tuple[LayoutBlock, ...], OrderBasis]:
    """The blocks with their places in the reading order, and where that comes from.

    `parts` tells the index of the block that a line or word is in, for documents that order those. What is named comes
    first, a group with all that is in it and not named itself; what is not named comes after, in order of the document.
    """
    if not references:
        return tuple(blocks), OrderBasis.DOCUMENT
    known = {block.identifier: index for index, block in reversed(list(enumerate(blocks))) if block.identifier}
    named: dict[int, None] = {}
    for identifier, line in references:
        index = known.get(identifier, parts.get(identifier))
        if index is None:
            detail = f"the reading order names {shown(identifier)}, which no block has"
            notes.add(LayoutTrouble.REFERENCE, detail, line, identifier)
        else:
            named.setdefault(index)
    inside: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.parent is not None:
            inside.setdefault(block.parent, []).append(index)
    places: dict[int, int] = {}
    waiting = [*reversed(range(len(blocks))), *reversed(named)]
    while waiting:
        index = waiting.pop()
        if index in places:
            continue
        places[index] = len(places) + 1
        waiting.extend(child for child in reversed(inside.get(index, [])) if child not in named)
    ordered = tuple(replace(block, order=places[index]) for index, block in enumerate(blocks))
    return ordered, OrderBasis.STATED if named else OrderBasis.DOCUMENT


def chained(blocks: Sequence[LayoutBlock], following: Mapping[str, Reference]) -> list[Reference]:
    """References in the order that "this block goes on in that one" gives; a ring of blocks is entered at its first."""
    if not following:
        return []
    continued = {target for target, _ in following.values()}
    heads = [block.identifier for block in blocks if block.identifier and block.identifier not in continued]
    order: dict[str, int | None] = {}
    for start in (*heads, *(block.identifier for block in blocks if block.identifier)):
        here: str | None = start
        line: int | None = None
        while here is not None and here not in order:
            order[here] = line
            here, line = following.get(here, (None, None))
    return list(order.items())
