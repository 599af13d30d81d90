"""The region of the masthead: every line before the first headline, or before the section heading above it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.profile import SerialProfile
    from archiver.model.transcript import Line

LONGEST_LINE = 400  # characters; no masthead line is longer, and patterns are tried on short lines only
_LONGEST_MASTHEAD = 80  # printed lines


def bare(text: str) -> str:
    """A line without Markdown heading marks, emphasis and surrounding space."""
    return re.sub(r"^#{1,6}\s+", "", text.strip()).strip("*_ \t\u3000")


def extent(lines: Sequence[Line], profile: SerialProfile) -> int:
    """How many lines lie before the first headline: the masthead's region."""
    printed = 0
    for index, line in enumerate(lines):
        if is_headline(line, profile):
            return _above(lines, index, profile)
        printed += bool(line.text.strip())
        if printed > _LONGEST_MASTHEAD:
            return index
    return len(lines)


def is_headline(line: Line, profile: SerialProfile) -> bool:
    """Whether a line begins an article or an advertisement."""
    forms, text = profile.articles, line.text.strip()
    if len(line.text) > LONGEST_LINE:
        return False
    if forms.advertisement is not None and forms.advertisement.fullmatch(text):
        return not is_masthead_line(text, profile)
    return forms.headline.fullmatch(text) is not None


def begins_body(line: Line, profile: SerialProfile) -> bool:
    """Whether a line begins an article, or is a heading above some."""
    form = profile.articles.section
    heads = form is not None and len(line.text) <= LONGEST_LINE and form.fullmatch(line.text.strip()) is not None
    return heads or is_headline(line, profile)


def _above(lines: Sequence[Line], index: int, profile: SerialProfile) -> int:
    """The index of the section heading above the first headline, if there is one: it is no part of the masthead."""
    form = profile.articles.section
    begin = index
    while form is not None and begin > 0:
        text = lines[begin - 1].text.strip()
        if text and (len(text) > LONGEST_LINE or not form.fullmatch(text) or is_masthead_line(text, profile)):
            break
        begin -= 1
    while begin < index and not lines[begin].text.strip():
        begin += 1
    return begin


def is_masthead_line(text: str, profile: SerialProfile) -> bool:
    """Whether a line is printed as the masthead has it."""
    return any(block.fullmatch(bare(text)) for form in profile.forms for block in form.blocks)
