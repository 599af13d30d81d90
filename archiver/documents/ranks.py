"""From blocks to pieces: which heading is the title of the serial, which begin articles, which lie within them.

Documents rank their headings, each in its own way: one has the serial's title as h1 and articles as h2, another the
title in plain print and articles as h1. What counts is how ranks are used, not their numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.taken import Piece, PieceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.documents.flow import Block


def pieces_of(blocks: Sequence[Block], *, menus: bool) -> tuple[Piece, ...]:
    """The blocks as lines, a blank one between two blocks, headings with their kinds.

    `menus` says that words which are none of the issue may stand before its title, as on a page of the web.
    """
    kinds = _kinds(blocks, menus)
    found: list[Piece] = []
    for block, kind in zip(blocks, kinds, strict=True):
        if found:
            found.append(Piece("", page=found[-1].page))
        if kind in {PieceKind.HEADING, PieceKind.SUBHEADING}:
            found.append(Piece(block.text, kind, block.page))
            continue
        blank = False
        for text, page in block.lines:
            if text.strip() or not blank:
                found.append(Piece(text, kind if text.strip() else PieceKind.TEXT, page))
            blank = not text.strip()
    return tuple(found)


def _kinds(blocks: Sequence[Block], menus: bool) -> list[PieceKind]:
    heads = [at for at, block in enumerate(blocks) if block.label.kind is PieceKind.HEADING]
    titles = _titles(blocks, heads, menus)
    ranks = {at: blocks[at].label.rank for at in heads if at not in titles}
    deepest = _deepest_of_articles(blocks, ranks)
    kinds: list[PieceKind] = []
    for at, block in enumerate(blocks):
        kind = block.label.kind
        if at in titles:
            kind = PieceKind.MASTHEAD
        elif at in ranks:
            kind = PieceKind.HEADING if ranks[at] <= deepest else PieceKind.SUBHEADING
        elif kind is PieceKind.MASTHEAD and at and kinds[at - 1] is not PieceKind.MASTHEAD:
            kind = PieceKind.SUBHEADING  # a subtitle that follows no title of the serial
        kinds.append(kind)
    return kinds


def _titles(blocks: Sequence[Block], heads: Sequence[int], menus: bool) -> set[int]:
    """The headings that are the title of the serial, of rank 0 or 1.

    It is the first one, when it stands at the head of the document; behind a menu, when it is the only one of its rank,
    above all others. Titles in the style of that name may be several lines.
    """
    if not heads or blocks[heads[0]].label.rank > 1:
        return set()
    first = heads[0]
    rank = blocks[first].label.rank
    others = [blocks[at].label.rank for at in heads[1:]]
    leads = all(block.label.kind is PieceKind.MASTHEAD for block in blocks[:first])
    alone = (menus or rank == 0) and bool(others) and min(others) > rank
    if not leads and not alone:
        return set()
    titles = {first}
    after = first + 1
    while leads and rank == 0 and after < len(blocks) and blocks[after].label == blocks[first].label:
        titles.add(after)
        after += 1
    return titles


def _deepest_of_articles(blocks: Sequence[Block], ranks: dict[int, int]) -> int:
    """The rank down to which headings begin articles: the highest one with text of its own under any heading.

    Headings that only stand above others name parts of the issue. They begin articles as well, without text: to take
    them for text would put them at the end of the article before.
    """
    found = sorted(set(ranks.values()))
    for rank in found:
        if any(of == rank and at + 1 < len(blocks) and at + 1 not in ranks for at, of in ranks.items()):
            return rank
    return found[0] if found else 0
