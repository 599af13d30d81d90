"""Articles that go on on another page, and the parts that say where they come from: which belong together.

Two are put together only when nothing else fits: one article that sends the reader to that page, one part there that
says it comes from this one; where there are several, the headline that is printed again decides. Else both stay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.serial import ArticleKind, OddityKind, ParagraphKind
from archiver.serials.paragraphs import read_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.model.profile import ArticleForms
    from archiver.serials.drafts import Draft
    from archiver.serials.paragraphs import Block

_MOST = 500  # parts, or articles that go on, in one issue; where there are more, nothing is put together
_SHORTEST = 2  # characters of a headline that another may hold


@dataclass(frozen=True, slots=True)
class _Pointer:
    """Words that send the reader on: their line, the pages they stand on and lead to, the draft they stand in."""

    line: int
    page: int
    leads_to: int
    draft: Draft


def resolve(drafts: Sequence[Draft], forms: ArticleForms) -> dict[int, int]:
    """The line of each "continued from" that has its article: that line → the line that sent the reader there."""
    pointers = list(_pointers(drafts, forms))
    parts = [draft for draft in drafts if draft.resumes is not None and _first_words(draft) is not None]
    found: dict[int, int] = {}
    if len(parts) > _MOST or len(pointers) > _MOST:
        return found
    names = {id(draft): {_folded(_own_headline(draft))} - {""} for draft in drafts}
    for by_headline in (True, False):
        while True:
            taken = set(found.values())
            open_parts = [part for part in parts if _line(part) not in found]
            fitting = {_line(part): _candidates(part, pointers, taken) for part in open_parts}
            if by_headline:
                fitting = {
                    _line(part): [each for each in fitting[_line(part)] if _alike(part, names[id(each.draft)])]
                    for part in open_parts
                }
            wanted = Counter(each.line for candidates in fitting.values() for each in candidates)
            soles = [(part, fitting[_line(part)][0]) for part in open_parts if len(fitting[_line(part)]) == 1]
            pairs = [(part, pointer) for part, pointer in soles if wanted[pointer.line] == 1]
            if not pairs:
                break
            for part, pointer in pairs:
                found[_line(part)] = pointer.line
                names[id(part)] |= names[id(pointer.draft)]  # a part that goes on again bears both headlines
    return found


def join(drafts: Sequence[Draft], resolved: Mapping[int, int]) -> list[Draft]:
    """The drafts with every part that was resolved put behind its article."""
    owners = {line.number: draft for draft in drafts for block in draft.blocks for line in block.lines}
    roots: dict[int, Draft] = {}
    kept: list[Draft] = []
    for draft in drafts:
        pointing = resolved.get(draft.resumes.line) if draft.resumes is not None else None
        if draft.resumes is None or pointing is None:
            kept.append(draft)
            continue
        owner = owners[pointing]
        root = roots.get(id(owner), owner)
        roots[id(draft)] = root
        taken_up = _first_words(draft)
        if taken_up is not None:
            taken_up.resumes = (draft.resumes.line, pointing)
        root.blocks.extend(draft.blocks)
        root.bylines.extend(draft.bylines)
        root.parts.append(draft)
    return kept


def _first_words(draft: Draft) -> Block | None:
    """The first paragraph of its text: a picture or a subhead takes up nothing."""
    return next((block for block in draft.blocks if block.kind is ParagraphKind.TEXT), None)


def _pointers(drafts: Sequence[Draft], forms: ArticleForms) -> Iterator[_Pointer]:
    for draft in drafts:
        if draft.kind is ArticleKind.ADVERTISEMENT:
            continue
        pages = {block.lines[-1].number: block.page for block in draft.blocks}
        for odd in read_paragraphs(draft.blocks, forms)[1]:
            if odd.kind is OddityKind.CONTINUATION and odd.page is not None:
                yield _Pointer(odd.lines[0], pages[odd.lines[0]], odd.page, draft)


def _candidates(part: Draft, pointers: Sequence[_Pointer], taken: set[int]) -> list[_Pointer]:
    """The words that may have sent the reader to a part: before it, to its page, from the page it names."""
    assert part.resumes is not None
    return [
        each
        for each in pointers
        if each.draft is not part
        and each.line < part.line.number
        and each.leads_to == part.page
        and part.resumes.page in {None, each.page}
        and each.line not in taken
    ]


def _line(part: Draft) -> int:
    assert part.resumes is not None
    return part.resumes.line


def _own_headline(draft: Draft) -> str:
    return draft.resumes.headline if draft.resumes is not None else draft.headline


def _alike(part: Draft, headlines: set[str]) -> bool:
    """Whether the headline that a part repeats is one of these, or a piece of one."""
    own = _folded(_own_headline(part))
    return len(own) >= _SHORTEST and any(
        own == each or (len(each) >= _SHORTEST and (own in each or each in own)) for each in headlines
    )


def _folded(headline: str) -> str:
    return "".join(sign for sign in headline.casefold() if sign.isalnum())
