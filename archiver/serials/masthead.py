"""The masthead: lines of a transcript read by the forms of a serial profile, and compared with one another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from archiver.model.profile import GROUPS, MastheadForm, SerialProfile
from archiver.model.serial import Agreement, Confidence, Statement
from archiver.model.transcript import Line, MastheadFault, MastheadTrouble
from archiver.serials import calendars, dates, numbering_forms, numerals
from archiver.serials.masthead_region import LONGEST_LINE, bare, begins_body, extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SECOND_MASTHEAD = 30  # lines after a title in which the date of another masthead is looked for
_MOST_SECONDS = 100  # other mastheads named in one file


@dataclass(frozen=True, slots=True)
class Match:
    """A form matched at some lines, with the values of its named groups."""

    form: MastheadForm
    lines: tuple[int, ...]
    printed: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Masthead:
    """A masthead as read: statements, what is wrong, the issue date, and how many lines of the transcript it takes."""

    statements: tuple[Statement, ...]
    faults: tuple[MastheadFault, ...]
    issued: date | None
    line_count: int


def recognises(lines: Sequence[Line], profile: SerialProfile) -> bool:
    """Whether the region before the first headline bears the serial's title."""
    region = lines[: extent(lines, profile)]
    return any("title" in dict(match.values) for match in _matches(region, profile)[0])


def read_masthead(lines: Sequence[Line], profile: SerialProfile) -> Masthead:
    """Read the masthead of a transcript. Every line before the first headline is accounted for."""
    count = extent(lines, profile)
    matches, unmatched = _matches(lines[:count], profile)
    faults = [MastheadFault(MastheadTrouble.LINE_NOT_UNDERSTOOD, line.text.strip(), line.number) for line in unmatched]
    statements, conflicts = _statements(matches)
    faults += conflicts
    issued, date_faults = _issue_date(matches)
    faults += date_faults
    if issued is not None:
        statements = compared(statements, issued, profile)
    faults += [MastheadFault(MastheadTrouble.MISSING_FIELD, name) for name in _missing(statements, profile)]
    faults += [MastheadFault(MastheadTrouble.LINE_NOT_UNDERSTOOD, *lost) for lost in _beyond(lines[count:], profile)]
    return Masthead(tuple(statements), tuple(faults), issued, count)


def compared(statements: Sequence[Statement], issued: date, profile: SerialProfile) -> list[Statement]:
    """The statements, each held against the date, the other numbers or the profile, as far as there is anything."""
    found = [_dated(said, issued) for said in statements]
    found = [_numbered(said, found, profile) for said in found]
    return [_confirmed(said, found, profile) for said in found]


def lacks_name(statements: Sequence[Statement], profile: SerialProfile) -> bool:
    """Whether a number that the name of the issue's package needs is missing, or is no number."""
    values = {said.field: said.value for said in statements}
    unnumbered = "whole-number" in profile.naming_fields and not values.get("whole-number", "").isdecimal()
    return unnumbered or not values.keys() >= set(profile.naming_fields)


def _missing(statements: Sequence[Statement], profile: SerialProfile) -> list[str]:
    """Required fields that were not read. What an issue is named by is required, whatever the profile says."""
    said = {statement.field for statement in statements}
    needed = dict.fromkeys((*profile.required, *profile.naming_fields))
    missing = [name for name in needed if name not in said and name != "issue-date"]
    if not missing and lacks_name(statements, profile):
        missing.append("whole-number in digits")
    return missing


def _beyond(rest: Sequence[Line], profile: SerialProfile) -> list[tuple[str, int]]:
    """The first printed line between the longest masthead and the first headline: it belongs to neither."""
    first = next((line for line in rest if line.text.strip()), None)
    if first is None or begins_body(first, profile):
        return []
    return [(f"{first.text.strip()[:40]}… (and what follows up to the first headline)", first.number)]


def second_mastheads(lines: Sequence[Line], profiles: Iterable[SerialProfile], after: int) -> list[int]:
    """Numbers of lines, from index `after` on, where another masthead begins: a title, and a date before a headline."""
    found: set[int] = set()
    for profile in profiles:
        is_title = _Bearing("title", profile)
        is_dated = _Bearing("year", profile)
        for index in range(after, len(lines)):
            if not is_title(lines[index]) or len(found) == _MOST_SECONDS:
                continue
            region = lines[index : index + _SECOND_MASTHEAD]
            if not any(is_dated(line) for line in region):
                continue
            region = region[: 1 + extent(region[1:], profile)]
            if any("year" in dict(match.values) for match in _matches(region, profile)[0]):
                found.add(lines[index].number)
    return sorted(found)


class _Bearing:
    """Tells whether a line bears a group of the masthead's forms. The same words are asked of the patterns once."""

    def __init__(self, group: str, profile: SerialProfile) -> None:
        blocks = [block for form in profile.forms for block in form.blocks]
        self._patterns = [block for block in blocks if group in block.groupindex]
        self._known: dict[str, bool] = {}

    def __call__(self, line: Line) -> bool:
        if len(line.text) > LONGEST_LINE:
            return False
        if line.text not in self._known:
            text = bare(line.text)
            self._known[line.text] = any(pattern.fullmatch(text) for pattern in self._patterns)
        return self._known[line.text]


def _matches(region: Sequence[Line], profile: SerialProfile) -> tuple[list[Match], list[Line]]:
    """Every form matched in the region, first line first, and the printed lines that no form matched."""
    printed = [line for line in region if line.text.strip()]
    matches: list[Match] = []
    unmatched: list[Line] = []
    index = 0
    while index < len(printed):
        match = next((found for form in profile.forms if (found := _match(form, printed[index:]))), None)
        if match is None:
            unmatched.append(printed[index])
            index += 1
        else:
            matches.append(match)
            index += len(match.lines)
    return matches, unmatched


def _match(form: MastheadForm, lines: Sequence[Line]) -> Match | None:
    if len(lines) < len(form.blocks):
        return None
    values: dict[str, str] = {}
    texts: list[str] = []
    for pattern, line in zip(form.blocks, lines, strict=False):
        text = bare(line.text)
        found = pattern.fullmatch(text) if len(text) <= LONGEST_LINE else None
        if not found:
            return None
        texts.append(text)
        for group, value in found.groupdict().items():
            if value is not None:
                values[group] = values[group] + form.join + value.strip() if group in values else value.strip()
    numbers = tuple(line.number for line in lines[: len(form.blocks)])
    return Match(form, numbers, form.join.join(texts), tuple(values.items()))


def _statements(matches: Sequence[Match]) -> tuple[list[Statement], list[MastheadFault]]:
    found: dict[str, Statement] = {}
    conflicts: list[MastheadFault] = []
    for match in matches:
        for name, said in _said(match):
            before = found.get(name)
            if before is None:
                found[name] = said
            elif before.value != said.value:
                detail = (
                    f"{name}: {before.printed!r} in line {before.lines[0]}, {said.printed!r} in line {said.lines[0]}"
                )
                conflicts.append(MastheadFault(MastheadTrouble.CONFLICT, detail, said.lines[0]))
    return list(found.values()), conflicts


def _said(match: Match) -> list[tuple[str, Statement]]:
    values = dict(match.values)
    confidence = Confidence.PATTERN
    if len(match.lines) > 1:
        confidence = Confidence.JOINED
    elif match.form.confidence_exact:
        confidence = Confidence.EXACT
    said: list[tuple[str, Statement]] = []
    for group, value in values.items():
        name = GROUPS[group]
        if group.endswith("_caption") or group in {"month", "day"}:
            continue
        if group == "year":
            value = "-".join(values.get(part, "") for part in ("year", "month", "day"))
        if group in {"issue", "whole", "volume"}:
            value = str(numerals.number(value) or numbering_forms.number_value(value) or value)
        printed = values.get(f"{group}_caption", match.printed)
        said.append((name, Statement(name, value, printed, match.lines, confidence)))
    return said


def _issue_date(matches: Sequence[Match]) -> tuple[date | None, list[MastheadFault]]:
    for match in matches:
        values = dict(match.values)
        if "date" in values:
            issued = dates.day_printed(values["date"])
            fault = MastheadFault(MastheadTrouble.IMPOSSIBLE_DATE, match.printed, match.lines[0])
            return issued, [] if issued else [fault]
        if not {"year", "month", "day"} <= values.keys():
            continue
        year, day = numerals.number(values["year"]), numerals.number(values["day"])
        month = numerals.month(values["month"])
        try:
            return date(year or 0, month or 0, day or 0), []
        except ValueError:
            return None, [MastheadFault(MastheadTrouble.IMPOSSIBLE_DATE, match.printed, match.lines[0])]
    return None, [MastheadFault(MastheadTrouble.NO_DATE, "")]


def _dated(said: Statement, issued: date) -> Statement:
    """Compare weekday and Chinese date with the Gregorian date, and give the date its ISO form."""
    if said.field == "issue-date":
        return replace(said, value=issued.isoformat())
    if said.field == "weekday":
        name = calendars.weekday_name(issued, said.value)
        agrees = calendars.weekday_printed(said.value) == issued.weekday()
        return _compared(said, agrees, f"{issued.isoformat()} is a {name}")
    if said.field == "lunar-date":
        computed = calendars.chinese_date(issued)
        if computed is None:
            return said
        agrees = calendars.chinese_date_printed(said.value) == computed
        return _compared(said, agrees, f"{issued.isoformat()} is {computed}")
    return said


def _numbered(said: Statement, all_said: Sequence[Statement], profile: SerialProfile) -> Statement:
    """Compare the number within the year with the whole number."""
    values = {statement.field: statement.value for statement in all_said}
    issue, whole = values.get("issue-number", ""), values.get("whole-number", "")
    if said.field not in {"issue-number", "whole-number"} or not (issue.isdecimal() and whole.isdecimal()):
        return said
    first = int(whole) - int(issue) + 1
    unit = "volume" if profile.number_restarts == "volume" else "year"
    return _compared(said, first >= 1 and int(issue) >= 1, f"issue 1 of the {unit} would be whole number {first}")


def _confirmed(said: Statement, all_said: Sequence[Statement], profile: SerialProfile) -> Statement:
    """Compare title and publisher with the profile, and the date with weekday and Chinese date."""
    known = {"title": profile.title.text, "publisher": profile.publisher}.get(said.field)
    if said.field == "parallel-title":
        known = next((title.text for title in profile.parallel_titles if title.text == said.value), "")
    if known:
        return _compared(said, said.value == known, f"profile: {known}")
    if said.field != "issue-date":
        return said
    checked = [other for other in all_said if other.agreement is not Agreement.NOT_CHECKED]
    witnesses = [other for other in checked if other.field in {"weekday", "lunar-date"}]
    if not witnesses:
        return said
    agree = all(other.agreement is Agreement.AGREES for other in witnesses)
    return _compared(said, agree, " and ".join(other.field for other in witnesses))


def _compared(said: Statement, agrees: bool, compared: str) -> Statement:
    return replace(said, agreement=Agreement.AGREES if agrees else Agreement.DISAGREES, compared=compared)
