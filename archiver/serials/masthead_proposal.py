"""A masthead nobody has described yet: title, forms and values proposed from the lines before the first headline.

Nothing is taken for known: every form and value carries the line it was read from, and what is only likely says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, Certainty, FoundDate, FoundNumbering, NumberKind
from archiver.serials import line_forms
from archiver.serials.dates import read_dates
from archiver.serials.identifiers import FoundIdentifier, read_identifiers
from archiver.serials.masthead_extent import LONGEST_TITLE, first_headline, masthead_end, title_line
from archiver.serials.masthead_region import bare
from archiver.serials.masthead_words import PERMIT, PERMIT_NUMBER, PRICE, STATEMENTS
from archiver.serials.numbering_forms import read_numbering
from archiver.serials.tongues import Tongue, tongue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from archiver.model.transcript import Line

_LONGEST_LINE = 400  # characters; a longer line is no part of a masthead
_DAY_ALONE = re.compile(r"(?P<day>\d{1,2})(?P<sign>日|号|號)?")
_IDENTIFIER_PATTERNS = {
    "issn": r"\d{4}\s?[-–]\s?\d{3}[\dXx]",
    "cn": r"\d{2}[-–]\d{4}(?:[//][A-Z]{1,2}\d{0,2})?",
    "lccn": r"(?:[a-z]{1,3}\s?)?\d[\d-]+",
}


@dataclass(frozen=True, slots=True)
class ProposedForm:
    """A form of the masthead: patterns, the lines they were made from, what to know of it."""

    lines: tuple[int, ...]
    printed: tuple[str, ...]
    patterns: tuple[str, ...]
    exact: bool = False
    uncertain: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A value with the line it was read from (None when from none) and what to know of it."""

    value: str
    line: int | None = None
    printed: str = ""
    remark: str = ""


@dataclass(slots=True)
class Proposal:
    """Everything proposed from one masthead."""

    tongue: Tongue
    headline: str  # the pattern of headlines
    headline_line: int | None
    title: ProposedValue | None = None
    parallel: ProposedValue | None = None
    forms: list[ProposedForm] = field(default_factory=list)
    values: dict[str, list[ProposedValue]] = field(default_factory=dict)  # by field of the profile
    dates: list[tuple[int, FoundDate]] = field(default_factory=list)  # with their lines
    numbers: list[tuple[int, FoundNumbering]] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)  # printed anywhere in the masthead

    def add(self, name: str, value: str, line: int, printed: str, remark: str = "") -> None:
        """Note a value of a field."""
        self.values.setdefault(name, []).append(ProposedValue(value, line, printed, remark))

    @property
    def issued(self) -> date | None:
        """The issue date: the first whole one, by its likeliest reading."""
        for _line, found in self.dates:
            days = [reading.whole for reading in found.readings if reading.whole is not None]
            if days:
                return days[0]
        return None

    def number(self, kind: NumberKind) -> tuple[int, FoundNumbering] | None:
        """The first number of a kind with its line."""
        return next(((line, found) for line, found in self.numbers if found.kind is kind and found.value), None)


def propose(lines: Sequence[Line]) -> Proposal:
    """Read the masthead of a transcript whose serial is not known."""
    first, pattern = first_headline(lines)
    region = [line for line in lines[: first if first is not None else masthead_end(lines)] if line.text.strip()]
    body = "\n".join(line.text for line in lines[:400])
    proposal = Proposal(tongue(body), pattern, lines[first].number if first is not None else None)
    title = title_line(region, proposal.tongue.language)
    proposal.weekdays = {
        found.weekday
        for line in region
        for found in read_dates(bare(line.text)[:_LONGEST_LINE], proposal.tongue.language)
        if found.weekday is not None
    }
    index = 0
    while index < len(region):
        if region[index] is title:
            _title(proposal, region[index])
            index += 1
        else:
            index += _line(proposal, region, index)
    _compare(proposal)
    return proposal


def _compare(proposal: Proposal) -> None:
    """Hold weekdays and Chinese dates against the issue date, and say by each form what is odd about its line."""
    issued = proposal.issued
    for index, (line, found) in enumerate(proposal.dates):
        witness = found.calendar is Calendar.CHINESE or (found.weekday is not None and not found.readings)
        if issued is not None and witness:
            beside = read_dates(f"{issued.isoformat()}\n{found.printed}", proposal.tongue.language)[-1]
            trouble = beside.trouble
            if beside.agrees is False and not trouble:
                trouble = f"{issued.isoformat()} is another weekday"
            proposal.dates[index] = (line, replace(found, agrees=beside.agrees, trouble=trouble))
        elif found.agrees is False:
            proposal.dates[index] = (line, replace(found, trouble=found.trouble or "the date is another weekday"))
    for index, form in enumerate(proposal.forms):
        if not form.remark:
            proposal.forms[index] = replace(form, remark=_remarks(proposal, form.lines[0]))


def _title(proposal: Proposal, line: Line) -> None:
    text = bare(line.text)
    proposal.title = ProposedValue(text, line.number, text)
    pattern = f"(?P<title>{line_forms.literal(text)})"
    proposal.forms.append(ProposedForm((line.number,), (text,), (pattern,), exact=True))


def _line(proposal: Proposal, region: Sequence[Line], index: int) -> int:
    """Propose a form for the line at `index` and perhaps the next; how many lines it took."""
    line = region[index]
    text = bare(line.text)
    following = bare(region[index + 1].text) if index + 1 < len(region) else ""
    if len(text) > _LONGEST_LINE:
        return 1
    if _split_date(proposal, line, text, region[index + 1] if following else None):
        return 2
    if PERMIT.search(text):
        return _permit(proposal, region, index, text, following)
    parts = _parts(text, proposal.tongue.language, proposal, line.number)
    if not parts and _statement(proposal, line, text):
        return 1
    if parts:
        pattern = line_forms.line_pattern(text, parts)
        proposal.forms.append(ProposedForm((line.number,), (text,), (pattern,)))
    elif not _parallel(proposal, line, text):
        remark = "not understood; if every issue bears these words, take the marks away"
        pattern = f"(?P<motto>{line_forms.literal(text)})"
        proposal.forms.append(ProposedForm((line.number,), (text,), (pattern,), uncertain=True, remark=remark))
    return 1


def _split_date(proposal: Proposal, line: Line, text: str, following: Line | None) -> bool:
    """A date of which the day is printed in a line of its own."""
    day = _DAY_ALONE.fullmatch(bare(following.text)) if following is not None else None
    found = read_dates(text, proposal.tongue.language)
    month_only = len(found) == 1 and found[0].readings and found[0].readings[0].day is None
    if day is None or following is None or not month_only or found[0].readings[0].month is None:
        return False
    joined = read_dates(f"{text}{day['day']}日" if "月" in text else f"{day['day']} {text}", proposal.tongue.language)
    if len(joined) != 1 or joined[0].day is None:
        return False
    proposal.dates.append((line.number, joined[0]))
    first = line_forms.line_pattern(text, [line_forms.date_part(found[0], partial=True)])
    second = r"(?P<day>\d{1,2})" + ("[日号號]?" if "月" in text else "")
    printed = (text, bare(following.text))
    proposal.forms.append(ProposedForm((line.number, following.number), printed, (first, second)))
    return True


def _permit(proposal: Proposal, region: Sequence[Line], index: int, text: str, following: str) -> int:
    """A permit number, in one line or in two."""
    line = region[index]
    if not re.search(r"\d{3}", text) and PERMIT_NUMBER.fullmatch(following):
        numbers = (line.number, region[index + 1].number)
        patterns = (f"(?P<permit>{line_forms.literal(text)})", f"(?P<permit>{_any_figures(following)})")
        proposal.forms.append(ProposedForm(numbers, (text, following), patterns))
        proposal.add("permit-number", text + following, line.number, text)
        return 2
    proposal.forms.append(ProposedForm((line.number,), (text,), (f"(?P<permit>{_any_figures(text)})",)))
    proposal.add("permit-number", text, line.number, text)
    return 1


def _any_figures(text: str) -> str:
    """A pattern of these words with figures of any value and the same count."""
    pieces = re.findall(r"\d+|\D+", text)
    return "".join(rf"\d{{{len(piece)}}}" if piece.isdecimal() else line_forms.literal(piece) for piece in pieces)


def _parts(text: str, language: str, proposal: Proposal, number: int) -> list[line_forms.Part]:
    """Dates, numbers, identifiers and a price in a line; each field is named once in the masthead's first place."""
    parts: list[line_forms.Part] = []
    identifiers = read_identifiers(text)
    for identifier in identifiers:
        parts.append(_identifier(proposal, identifier, text, number))
    have_date = proposal.issued is not None
    for found in (_decided(each, proposal.weekdays) for each in read_dates(text, language)):
        if _free(parts, found.begin, found.end):
            parts.append(
                line_forms.date_part(
                    found, named=found.calendar is Calendar.CHINESE or not found.readings or not have_date
                )
            )
            proposal.dates.append((number, found))
            have_date = have_date or proposal.issued is not None
    seen: set[NumberKind] = set()
    for piece in read_numbering(text, language):
        likely = piece.certainty is not Certainty.CERTAIN and piece.first is None
        if _free(parts, piece.begin, piece.end) and not likely:
            parts.append(line_forms.numbering_part(piece, named=piece.kind not in seen))
            proposal.numbers.append((number, piece))
            seen.add(piece.kind)
    price = PRICE.search(text)
    if parts and price and _free(parts, price.start(), price.end()):
        pattern = line_forms.literal(text[price.start() : price.start("price")]) + "(?P<price>[^,;|·]+)"
        parts.append(line_forms.Part(price.start(), price.end(), pattern))
    return parts


def _decided(found: FoundDate, weekdays: set[int]) -> FoundDate:
    """Of several readings the one that falls on a weekday printed elsewhere in the masthead."""
    days = [reading for reading in found.readings if reading.whole is not None]
    fitting = tuple(reading for reading in days if reading.whole is not None and reading.whole.weekday() in weekdays)
    if len(days) < 2 or len(fitting) != 1:
        return found
    return replace(found, readings=fitting, trouble="the weekday decides between the readings")


def _free(parts: Sequence[line_forms.Part], begin: int, end: int) -> bool:
    return all(end <= part.begin or part.end <= begin for part in parts)


def _identifier(proposal: Proposal, found: FoundIdentifier, text: str, number: int) -> line_forms.Part:
    proposal.add(found.kind, found.value, number, text[found.begin : found.end], found.trouble)
    caption = line_forms.literal(text[found.begin : found.number_begin])
    return line_forms.Part(found.begin, found.end, f"{caption}(?P<{found.kind}>{_IDENTIFIER_PATTERNS[found.kind]})")


def _remarks(proposal: Proposal, line: int) -> str:
    odd = [found.trouble for number, found in proposal.dates if number == line and found.trouble]
    odd += [found.trouble for number, found in proposal.numbers if number == line and found.trouble]
    odd += [
        f"{kind.upper()}: {value.remark}"
        for kind, values in proposal.values.items()
        for value in values
        if value.line == line and value.remark
    ]
    return "; ".join(dict.fromkeys(odd))


def _statement(proposal: Proposal, line: Line, text: str) -> bool:
    for name, pattern in STATEMENTS:
        match = re.fullmatch(pattern, text)
        if match is None:
            continue
        groups = {group: value for group, value in match.groupdict().items() if value}
        for group, value in groups.items():
            proposal.add(group.replace("_", "-"), value.strip(), line.number, text)
        exact = name == "statement"
        chosen = f"(?P<statement>{line_forms.literal(text)})" if exact else pattern
        proposal.forms.append(ProposedForm((line.number,), (text,), (chosen,), exact=exact))
        return True
    return False


def _parallel(proposal: Proposal, line: Line, text: str) -> bool:
    """A title in another script beside the first: 时报 and TIMES."""
    if proposal.title is None or proposal.parallel is not None or len(text) > LONGEST_TITLE:
        return False
    latin = bool(re.search(r"[A-Za-zÀ-ɏ]{2}", text)) and not re.search(r"[一-鿿]", text)
    title_latin = not re.search(r"[一-鿿\u3040-\u30ff]", proposal.title.value)
    if latin == title_latin:
        return False
    proposal.parallel = ProposedValue(text, line.number, text)
    pattern = f"(?P<parallel_title>{line_forms.literal(text)})"
    proposal.forms.append(ProposedForm((line.number,), (text,), (pattern,), exact=True))
    return True
