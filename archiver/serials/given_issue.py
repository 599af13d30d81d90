"""What is given of an issue from outside, brought together with what its masthead says.

A masthead goes before names of folders and files, which are hints. What a sheet or METS says must agree with the
masthead; where the masthead says nothing, or there is none, it stands for it and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.model.serial import Agreement, Confidence, Statement
from archiver.model.transcript import MastheadFault, MastheadTrouble
from archiver.serials import dates
from archiver.serials.masthead import Masthead, lacks_name, read_masthead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from archiver.model.given import Given
    from archiver.model.profile import SerialProfile
    from archiver.model.transcript import Line, SourceIssue, Transcript

_FIRST_LINES = 60  # printed lines of recognised text without headings in which a masthead is looked for
_ABOUT_DATE = {MastheadTrouble.NO_DATE, MastheadTrouble.IMPOSSIBLE_DATE}


def profile_by_title(given: Iterable[Given], profiles: Mapping[str, SerialProfile]) -> SerialProfile | None:
    """The profile of the serial whose title (in any form) or ID is given; None when there is none, or several."""
    titles = [title for each in given if (title := each.value("title"))]
    # Cataloguers add the place to a title: "The Saltmarsh Courier (Saltmarsh, Kent)".
    wanted = {_folded(form) for title in titles for form in (title, title.partition(" (")[0])}
    found = [profile for profile in profiles.values() if wanted & {_folded(name) for name in _names(profile)}]
    return found[0] if len(found) == 1 else None


def read_issue_masthead(source: SourceIssue, profile: SerialProfile) -> Masthead:
    """The masthead of an issue, from its transcript and from what is given of it."""
    masthead = _printed_masthead(source.transcript, profile)
    return _completed(masthead, source, profile)


def masthead_lines(transcript: Transcript) -> Sequence[Line]:
    """The lines among which a masthead is looked for."""
    if transcript.has_headings:
        return transcript.lines
    second = next((start.line for start in transcript.page_starts[1:]), len(transcript.lines) + 1)
    printed = [line for line in transcript.lines[: second - 1] if line.text.strip()][:_FIRST_LINES]
    return transcript.lines[: printed[-1].number] if printed else ()


def _printed_masthead(transcript: Transcript, profile: SerialProfile) -> Masthead:
    """What is printed. Recognised text is searched for a masthead; it is not one masthead up to the first headline."""
    lines = masthead_lines(transcript)
    if not lines:
        return Masthead((), (MastheadFault(MastheadTrouble.NO_DATE, ""),), None, 0)
    masthead = read_masthead(lines, profile)
    if not transcript.places:
        return masthead
    faults = tuple(each for each in masthead.faults if each.trouble is not MastheadTrouble.LINE_NOT_UNDERSTOOD)
    if transcript.has_headings:
        return replace(masthead, faults=faults)
    last = max((line for said in masthead.statements for line in said.lines), default=0)
    return replace(masthead, faults=faults, line_count=last)


def _completed(masthead: Masthead, source: SourceIssue, profile: SerialProfile) -> Masthead:
    """The masthead with what is given; a number that nobody gives leaves the issue named by its date."""
    statements = {said.field: said for said in masthead.statements}
    faults = list(masthead.faults)
    for each in source.given:
        for field, value in each.values:
            said = statements.get(field)
            if said is None:
                statements[field] = _given(field, value, each)
            elif each.is_correction:
                statements[field] = replace(said, value=value, confidence=Confidence.CORRECTED)
            elif not _same(said, value):
                faults.append(_differs(said, value, each))
            elif said.agreement is Agreement.NOT_CHECKED and said.confidence is not Confidence.GIVEN:
                statements[field] = replace(said, agreement=Agreement.AGREES, compared=f"{each.origin}: {value}")
    issued = masthead.issued or _issued(statements)
    if not source.given:
        return masthead
    if issued is not None and masthead.issued is None:
        faults = [fault for fault in faults if fault.trouble not in _ABOUT_DATE]
    faults = [fault for fault in faults if not _is_said_now(fault, statements)]
    ordered = tuple(statements.values())
    if issued is not None and masthead.issued is None:
        # Described by what is given: what the page does not say is named as not transcribed, and is no fault of it.
        missing = [fault.detail for fault in faults if fault.trouble is MastheadTrouble.MISSING_FIELD]
        faults = [fault for fault in faults if fault.trouble is not MastheadTrouble.MISSING_FIELD]
        if lacks_name(ordered, profile):
            wanted = [name for name in missing if name in profile.naming_fields]
            faults.append(MastheadFault(MastheadTrouble.UNNUMBERED, ", ".join(wanted) or "number"))
    return replace(masthead, statements=ordered, faults=tuple(faults), issued=issued)


def _given(field: str, value: str, source: Given) -> Statement:
    confidence = Confidence.CORRECTED if source.is_correction else Confidence.GIVEN
    origin = "" if source.is_correction else f"given by {source.origin}"
    return Statement(field, value, "", (), confidence, Agreement.NOT_CHECKED, origin)


def _differs(said: Statement, value: str, source: Given) -> MastheadFault:
    where = f"printed {said.printed!r}" if said.printed else said.compared
    trouble = MastheadTrouble.HINT_DIFFERS if source.is_hint else MastheadTrouble.GIVEN_DIFFERS
    detail = f"{said.field}: {source.origin} says {value}; the issue has {said.value} ({where})"
    return MastheadFault(trouble, detail, said.lines[0] if said.lines else None)


def _is_said_now(fault: MastheadFault, statements: Mapping[str, Statement]) -> bool:
    return fault.trouble is MastheadTrouble.MISSING_FIELD and fault.detail in statements


def _same(said: Statement, value: str) -> bool:
    """Whether a statement and a given value are the same; a title may be given in any of its forms."""
    if said.field == "title":
        return True  # the profile was found by it, or the masthead was recognised
    if said.value.isdecimal() and value.isdecimal():
        return int(said.value) == int(value)
    return _folded(said.value) == _folded(value)


def _issued(statements: Mapping[str, Statement]) -> date | None:
    said = statements.get("issue-date")
    return dates.day_printed(said.value) if said is not None else None


def _names(profile: SerialProfile) -> tuple[str, ...]:
    titles = (profile.title, *profile.parallel_titles)
    return (profile.identifier, *(name for title in titles for name in (title.text, title.romanised) if name))


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
