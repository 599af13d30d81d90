"""Where the masthead of an unknown serial ends, and which of its lines is the title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.printed import Certainty
from archiver.serials.dates import read_dates
from archiver.serials.identifiers import read_identifiers
from archiver.serials.masthead_region import bare
from archiver.serials.masthead_words import PERMIT, STATEMENTS
from archiver.serials.numbering_forms import read_numbering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.transcript import Line

LONGEST_TITLE = 80  # characters
_MOST_LINES = 80
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")


def first_headline(lines: Sequence[Line]) -> tuple[int | None, str]:
    """The index of the first headline (None when no line is marked as one), and the pattern of headlines."""
    heads = [(index, len(match[1])) for index, line in enumerate(lines) if (match := _HEADING.match(line.text.strip()))]
    printed = next((index for index, line in enumerate(lines) if line.text.strip()), None)
    title = heads.pop(0) if heads and heads[0][0] == printed else None
    for index, level in heads:
        if _is_masthead_line(bare(lines[index].text)):
            continue
        if title is not None and level <= title[1]:  # the title and the headlines are marked alike
            words = re.escape(bare(lines[title[0]].text))
            return index, rf"{'#' * level}\s+(?!{words}$)(?P<headline>.+)"
        return index, rf"{'#' * level}\s+(?P<headline>.+)"
    return None, r"##\s+(?P<headline>.+)"


def masthead_end(lines: Sequence[Line]) -> int:
    """Where no line is marked as a headline: how many lines stand before the first that must be a paragraph."""
    for index, line in enumerate(lines[: 2 * _MOST_LINES]):
        text = line.text.strip()
        if len(text) > 160 or (len(text) > 60 and text[-1:] in "。.!?"):
            return index
    return min(len(lines), _MOST_LINES)


def title_line(region: Sequence[Line], language: str) -> Line | None:
    """The line of the title: the first heading, else the first line that says nothing else; None when there is none."""
    for line in region:
        if _HEADING.match(line.text.strip()) and not _is_masthead_line(bare(line.text)):
            return line
    for line in region:
        text = bare(line.text)
        if text and len(text) <= LONGEST_TITLE and not _says_something(text, language):
            return line
    return None


def _says_something(text: str, language: str) -> bool:
    certain = any(found.certainty is Certainty.CERTAIN for found in read_numbering(text, language))
    known = any(re.fullmatch(pattern, text) for _name, pattern in STATEMENTS)
    return bool(certain or known or read_dates(text, language) or read_identifiers(text) or PERMIT.search(text))


def _is_masthead_line(text: str) -> bool:
    """Whether a heading is part of the masthead: nothing but dates, numbers and identifiers."""
    spans = [(found.begin, found.end) for found in read_dates(text)]
    spans += [(found.begin, found.end) for found in read_numbering(text)]
    spans += [(found.begin, found.end) for found in read_identifiers(text)]
    rest = "".join(sign for place, sign in enumerate(text) if not any(begin <= place < end for begin, end in spans))
    return bool(spans) and not re.search(r"[^\W\d_]{3,}|[一-鿿]{2,}", rest)
