"""Every piece of numbering in a text: volumes, issues, whole numbers, supplements, extras, editions and pages.

Chinese, English, German, French and Japanese words; Arabic, Roman and Chinese numerals; combined issues with their
first and last number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.printed import Certainty, FoundNumbering, NumberKind
from archiver.serials.dates import LONGEST_TEXT, read_dates
from archiver.serials.folding import Plain, plain
from archiver.serials.numbering_words import FORMS, Form
from archiver.serials.printed_numbers import PrintedNumber, printed_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

MOST_COMBINED = 60  # issues that one number may stand for; more is no combined issue but two numbers


def read_numbering(text: str, language: str = "") -> tuple[FoundNumbering, ...]:
    """The pieces of numbering in a text, in its order, none within another and none within a date.

    `language` (ISO 639-2/B) decides between words that two languages share ("No. 7", "Supplement"). Only the first
    20,000 characters are looked at.
    """
    folded = Plain(text[:LONGEST_TEXT])
    dated = [
        (found.begin, found.end)
        for found in read_dates(text, language)
        if found.readings and (found.language != "und" or found.readings[0].month is not None)
    ]
    candidates = [found for form in FORMS for found in _found(form, folded, dated)]
    return tuple(_without_overlaps(candidates, language or _other_language(candidates)))


def number_value(text: str) -> str:
    """The value of a number as a masthead prints it: 14 for XIIII, 9-10 for 9、10; empty when it is none."""
    whole = printed_number(text)
    if whole is not None:
        return str(whole.value)
    match = re.fullmatch(r"(.+?)[^\w]+(?:第)?(.+)", plain(text).replace("期", " ").strip())
    first = printed_number(match[1] if match else text)
    last = printed_number(match[2]) if match else None
    if first is None or (match and last is None):
        return ""
    return str(first.value) if last is None else f"{first.value}-{_spread(first, last, match[2] if match else '')}"


def _found(form: Form, text: Plain, dated: list[tuple[int, int]]) -> Iterator[FoundNumbering]:
    for match in form.pattern.finditer(text.text):
        said = match.groupdict()
        first, last = said.get("first"), said.get("last")
        end = match.end()
        if first is not None and last is not None and form.kind in {NumberKind.SUPPLEMENT, NumberKind.PAGE}:
            last = None
        if first is not None and last is not None and not _goes_on(text, match, dated):
            last, end = None, match.end("first")
        if first is None:  # "Beilage Nr. 3", where the number stands behind
            first, last = last, None
        begin, end = text.span(match.start(), match.start() + len(text.text[match.start() : end].rstrip()))
        if any(begin < stop and start < end for start, stop in dated):
            continue
        figures = text.span(*_figures(match, last)) if first is not None else None
        if text.printed[begin:end].startswith(("supplé", "Supplé", "SUPPLÉ")) and form.language == "eng":
            continue
        yield _judged(form, text.printed[begin:end], begin, end, first, last, figures)


def _figures(match: Match[str], last: str | None) -> tuple[int, int]:
    said = match.groupdict()
    if said.get("first") is None:
        return match.span("last")
    return match.start("first"), match.end("last") if last is not None else match.end("first")


def _goes_on(text: Plain, match: Match[str], dated: list[tuple[int, int]]) -> bool:
    """Whether the second number is the last of a combined issue, not the beginning of a date or a year."""
    begin, end = text.span(*match.span("last"))
    if any(start <= begin < stop or start < end <= stop for start, stop in dated):
        return False
    first, last = printed_number(match["first"]), printed_number(match["last"])
    if first is None or last is None:
        return False
    return first.value < _spread(first, last, match["last"]) <= first.value + MOST_COMBINED


def _spread(first: PrintedNumber, last: PrintedNumber, printed: str) -> int:
    """The last number of 123-4, which is 124; else the number as it is."""
    if last.value >= first.value or last.notation != "arabic":
        return last.value
    digits = str(first.value)
    return int(digits[: len(digits) - len(printed)] + printed) if len(printed) < len(digits) else last.value


def _judged(
    form: Form,
    printed: str,
    begin: int,
    end: int,
    first: str | None,
    last: str | None,
    figures: tuple[int, int] | None,
) -> FoundNumbering:
    if first is None:
        certainty = Certainty.LIKELY if form.likely else Certainty.CERTAIN
        return FoundNumbering(
            begin, end, printed, form.kind, form.language, None, None, certainty, "", form.likely, None
        )
    one = printed_number(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if form.kind is NumberKind.PAGE else first)
    two = printed_number(last) if last is not None else one
    if one is None or two is None:
        trouble = f"{first if one is None else last} is no number"
        return FoundNumbering(
            begin, end, printed, form.kind, form.language, None, None, Certainty.IMPOSSIBLE, "", trouble, figures
        )
    usual = one.usual and two.usual
    trouble = "" if usual else f"not the usual form of {one.value}"
    stop = _spread(one, two, last) if last is not None else one.value
    certain = usual and stop == two.value and not form.likely
    certainty = Certainty.CERTAIN if certain else Certainty.LIKELY
    trouble = trouble or form.likely
    return FoundNumbering(
        begin, end, printed, form.kind, form.language, one.value, stop, certainty, one.notation, trouble, figures
    )


def _other_language(candidates: list[FoundNumbering]) -> str:
    """The language of the words that are of one language alone: "Jahrgang" tells what "No. 7" is."""
    spans: dict[tuple[int, int], set[str]] = {}
    for found in candidates:
        spans.setdefault((found.begin, found.end), set()).add(found.language)
    for languages in spans.values():
        if len(languages) == 1:
            return next(iter(languages))
    return ""


def _without_overlaps(candidates: list[FoundNumbering], language: str) -> list[FoundNumbering]:
    def rank(found: FoundNumbering) -> tuple[int, bool, bool, int]:
        return (
            found.begin - found.end,
            found.certainty is Certainty.IMPOSSIBLE,
            found.language != language,
            candidates.index(found),
        )

    kept: list[FoundNumbering] = []
    for found in sorted(candidates, key=rank):
        if all(found.end <= other.begin or other.end <= found.begin for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: found.begin)
