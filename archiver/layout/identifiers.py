"""Identifiers: one for everything that can be referred to, fit for XML, each once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.model.layout import LayoutBlock, LayoutDocument, LayoutLine, LayoutPage

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,250}")


def with_identifiers(document: LayoutDocument) -> LayoutDocument:
    """The document with an identifier for every page, block and line, each once and fit for XML.

    What has a sound one of its own keeps it; the others get p1, p1_b2, p1_b2_l3 by their place. Words keep theirs
    where they have a sound one, and need none.
    """
    taken = _Identifiers(document)
    return replace(document, pages=tuple(taken.page(page) for page in document.pages))


class _Identifiers:
    """Identifiers given to what has none, has an unsound one, or has one that stood before."""

    def __init__(self, document: LayoutDocument) -> None:
        self._own = set(_identifiers(document))
        self._used: set[str] = set()

    def page(self, page: LayoutPage) -> LayoutPage:
        base = f"p{page.position}"
        identifier = self._keep(page.identifier, base)
        blocks = tuple(self._block(block, f"{base}_b{index}") for index, block in enumerate(page.blocks, 1))
        return replace(page, identifier=identifier, blocks=blocks)

    def _block(self, block: LayoutBlock, base: str) -> LayoutBlock:
        identifier = self._keep(block.identifier, base)
        lines = tuple(self._line(line, f"{base}_l{index}") for index, line in enumerate(block.lines, 1))
        return replace(block, identifier=identifier, lines=lines)

    def _line(self, line: LayoutLine, base: str) -> LayoutLine:
        identifier = self._keep(line.identifier, base)
        words = tuple(replace(word, identifier=self._keep(word.identifier, "")) for word in line.words)
        return replace(line, identifier=identifier, words=words)

    def _keep(self, own: str, base: str) -> str:
        if _IDENTIFIER.fullmatch(own) and own not in self._used:
            self._used.add(own)
            return own
        given, number = base, 1
        while given and (given in self._own or given in self._used):
            number += 1
            given = f"{base}_{number}"
        if given:
            self._used.add(given)
        return given


class Names:
    """Identifiers for what the model has none for: tags, steps, groups of the reading order."""

    def __init__(self, document: LayoutDocument) -> None:
        self._taken = set(_identifiers(document))

    def free(self, base: str) -> str:
        """`base`, or with a number after it the first that is not taken; taken from now on."""
        given, number = base, 1
        while given in self._taken:
            number += 1
            given = f"{base}_{number}"
        self._taken.add(given)
        return given


def _identifiers(document: LayoutDocument) -> Iterable[str]:
    for page in document.pages:
        yield page.identifier
        for block in page.blocks:
            yield block.identifier
            for line in block.lines:
                yield line.identifier
                yield from (word.identifier for word in line.words)
