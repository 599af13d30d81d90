"""From a transcript to a described issue, under the profile that its masthead is recognised by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.model.profile import PackageNumber, SerialProfile
from archiver.model.serial import Issue, Numbering, Span, Title
from archiver.model.transcript import MastheadFault, MastheadTrouble, Reading, SourceIssue, Transcript
from archiver.serials.articles import read_body
from archiver.serials.masthead import Masthead, lacks_name, read_masthead, recognises, second_mastheads
from archiver.serials.romanise import romanised_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def describe(source: SourceIssue, profiles: Mapping[str, SerialProfile], serial: str | None = None) -> Reading:
    """Read one issue. `serial` names the profile; without it the masthead is looked for among all of them.

    Raises UsageError when `serial` is no known profile. What is wrong with the transcript is in the Reading's faults.
    """
    if serial is not None and serial not in profiles:
        known = ", ".join(profiles) or "none"
        raise UsageError(
            f"No profile has the serial ID {serial!r}; known are: {known}.",
            remedy="Name one of these, or put a profile into profiles/.",
        )
    lines = source.transcript.lines
    if not lines:
        return Reading(source, serial or "")
    candidates = [profiles[serial]] if serial else list(profiles.values())
    fitting = [profile for profile in candidates if recognises(lines, profile)]
    if len(fitting) != 1:
        return Reading(source, serial or "", faults=(_unrecognised(serial, profiles, [p.identifier for p in fitting]),))
    profile = fitting[0]
    masthead = read_masthead(lines, profile)
    seconds = second_mastheads(lines, profiles.values(), max(masthead.line_count, 1))
    faults = masthead.faults + tuple(MastheadFault(MastheadTrouble.SECOND, "", number) for number in seconds)
    issue = None
    if masthead.issued is not None and not seconds and not lacks_name(masthead.statements, profile):
        issue = _issue(source.transcript, profile, masthead, masthead.issued)
    return Reading(source, profile.identifier, masthead.statements, faults, issue, profile)


def package_name(profile: SerialProfile, issued: date, numbering: Numbering) -> str:
    """The name of an issue's package, readable and sortable: serial, date, number."""
    name = f"{profile.identifier}_{issued.isoformat()}"
    width = profile.number_width
    if profile.package_number is PackageNumber.WHOLE and numbering.whole is not None:
        name += f"_no{numbering.whole:0{width}}"
    elif profile.package_number is PackageNumber.VOLUME_ISSUE:
        name += f"_v{_padded(numbering.volume, 3)}-no{_padded(numbering.issue, width)}"
    else:
        name += f"_no{_padded(numbering.issue, width)}"
    return name


def _padded(value: str, width: int) -> str:
    portable = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in value)
    return portable.rjust(width, "0") if portable.isdigit() else portable


def _unrecognised(serial: str | None, profiles: Mapping[str, SerialProfile], fitting: list[str]) -> MastheadFault:
    if len(fitting) > 1:
        return MastheadFault(MastheadTrouble.AMBIGUOUS, ", ".join(fitting))
    tried = serial or ", ".join(profiles) or "none: there is no profile"
    return MastheadFault(MastheadTrouble.NONE_KNOWN, tried)


def _issue(transcript: Transcript, profile: SerialProfile, masthead: Masthead, issued: date) -> Issue:
    lines = transcript.lines
    body = read_body(lines, profile, masthead.line_count)
    values = {said.field: said for said in masthead.statements}
    numbering = _numbering(masthead)
    region = [line for line in lines[: masthead.line_count] if line.text.strip()]
    publisher = values.get("publisher")
    return Issue(
        identifier=package_name(profile, issued, numbering),
        serial=profile.identifier,
        source=transcript.file.name,
        title=romanised_title(profile.title),
        parallel_titles=tuple(
            _parallel(title, masthead) for title in profile.parallel_titles if _printed(title, masthead)
        ),
        publisher=publisher.value if publisher else "",
        issued=issued,
        date_printed=values["issue-date"].printed,
        numbering=numbering,
        statements=masthead.statements,
        pages=body.pages,
        articles=body.articles,
        index_entries=body.index_entries,
        masthead=Span(region[0].number, region[-1].number, region[0].begin, region[-1].end),
        language=profile.language,
        script=profile.script,
        country=profile.country,
        genre=profile.genre,
        access=profile.access,
        oddities=body.oddities,
        not_transcribed=tuple(name for name in _expected(profile) if name not in values),
        notes=(*profile.notes, *_notes(transcript)),
        encoding=transcript.encoding,
    )


def _expected(profile: SerialProfile) -> tuple[str, ...]:
    """What the masthead should say: what the profile names, and the Chinese date of a serial that prints one."""
    return tuple(dict.fromkeys((*(("lunar-date",) if profile.lunar_calendar else ()), *profile.expected)))


def _numbering(masthead: Masthead) -> Numbering:
    values = {said.field: said for said in masthead.statements}
    volume, issue, whole = values.get("volume"), values.get("issue-number"), values.get("whole-number")
    edition = values.get("edition")
    return Numbering(
        volume=volume.value if volume else "",
        volume_caption=volume.printed if volume else "",
        issue=issue.value if issue else "",
        issue_caption=issue.printed if issue else "",
        whole=int(whole.value) if whole and whole.value.isdecimal() else None,
        whole_caption=whole.printed if whole else "",
        edition=edition.value if edition else "",
    )


def _printed(title: Title, masthead: Masthead) -> bool:
    return any(said.field == "parallel-title" and said.value == title.text for said in masthead.statements)


def _parallel(title: Title, masthead: Masthead) -> Title:
    """The parallel title with its romanised form, when it is Chinese."""
    return romanised_title(title) if _printed(title, masthead) else title


def _notes(transcript: Transcript) -> tuple[str, ...]:
    notes = []
    if transcript.folded_punctuation:
        notes.append(
            "The transcript has ASCII punctuation between Chinese characters "
            f"({transcript.folded_punctuation} signs): it was normalised (NFKC) before it was deposited. "
            "It is kept as it came."
        )
    if transcript.encoding != "utf-8":
        notes.append(f"The transcript is encoded in {transcript.encoding} ({transcript.encoding_basis}).")
    return tuple(notes)
