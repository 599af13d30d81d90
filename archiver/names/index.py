"""The index of the names of an issue: who stands in bylines and credits, which listed names its articles mention."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.model.names_index import IndexedName, Mention, NameType, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.names_index import AuthorityRecord, KnownNames
    from archiver.model.serial import Article, Issue

PHOTOGRAPHER = "pht"  # MARC relator code of who made an illustration
AGENTS = (NameType.PERSONAL, NameType.CORPORATE)


def names_index(issue: Issue) -> tuple[IndexedName, ...]:
    """Every name of an issue with where it stands, in the order in which they first stand."""
    known = issue.known_names
    found: dict[object, IndexedName] = {}
    for article in issue.articles:
        for name, kinds, mention in (*_named(article), *_mentioned(article, known)):
            candidates = bearers(known, name, *kinds)
            record = candidates[0] if len(candidates) == 1 else None
            kind = record.type if record is not None else kinds[0]
            key: object = record.row if record is not None else (kind, folded(name))
            entry = found.get(key) or IndexedName(
                record.name if record is not None else name, kind, (), record, () if record is not None else candidates
            )
            printed = entry.printed if name in entry.printed else (*entry.printed, name)
            found[key] = replace(entry, mentions=(*entry.mentions, mention), printed=printed)
    return tuple(found.values())


def bearers(known: KnownNames | None, name: str, *kinds: NameType) -> tuple[AuthorityRecord, ...]:
    """Every record of the authority file that bears a name; none without such a file."""
    authorities = known.authorities if known is not None else None
    return authorities.candidates(name, *kinds) if authorities is not None else ()


def sole_bearer(known: KnownNames | None, name: str, *kinds: NameType) -> AuthorityRecord | None:
    """The record of a name, when there is one and no other: an ambiguous name has none."""
    found = bearers(known, name, *kinds)
    return found[0] if len(found) == 1 else None


def mentioned(article: Article, known: KnownNames | None) -> tuple[tuple[str, NameType], ...]:
    """The listed persons and places that an article names, each once, as the profile has them."""
    return tuple(dict.fromkeys((name, kinds[0]) for name, kinds, _mention in _mentioned(article, known)))


def _named(article: Article) -> Iterator[tuple[str, Sequence[NameType], Mention]]:
    """Names of bylines and credits with their roles."""
    for byline in article.bylines:
        for name in byline.names:
            yield name, AGENTS, Mention(article.identifier, _page(article, byline.lines[0]), byline.lines, byline.role)
    for picture in article.illustrations:
        for name in picture.credits:
            lines = tuple(dict.fromkeys((picture.span.first_line, picture.span.last_line)))
            yield name, AGENTS, Mention(article.identifier, picture.page, lines, PHOTOGRAPHER)


def _mentioned(article: Article, known: KnownNames | None) -> Iterator[tuple[str, Sequence[NameType], Mention]]:
    """Listed names in headline and paragraphs, each once in a paragraph."""
    if known is None or not (known.persons or known.places):
        return
    pattern, sought = known.sought
    texts: list[tuple[str, int, tuple[int, ...]]] = [(article.headline, article.page, (article.headline_line,))]
    texts += [
        (each.text, each.page, (each.span.first_line, each.span.last_line))
        for each in article.paragraphs
        if not each.repeats_previous
    ]
    for text, page, lines in texts:
        for name, kind in dict.fromkeys(sought[match.group()] for match in pattern.finditer(folded(text))):
            yield name, (kind,), Mention(article.identifier, page, tuple(dict.fromkeys(lines)))


def _page(article: Article, line: int) -> int:
    """The page of a byline: that of the paragraph above it, else the article's first."""
    above = [each for each in article.paragraphs if each.span.first_line <= line]
    return max(above, key=lambda each: each.span.first_line).page if above else article.page
