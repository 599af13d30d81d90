"""From a transcript to a described issue, under the profile that its masthead is recognised by."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.model.profile import PackageNumber, SerialProfile
from archiver.model.serial import Confidence, Issue, Numbering, Page, Span, Title
from archiver.model.transcript import MastheadFault, MastheadTrouble, Reading, SourceIssue
from archiver.serials.articles import Body, page_label, read_body
from archiver.serials.given_issue import masthead_lines, profile_by_title, read_issue_masthead
from archiver.serials.masthead import Masthead, lacks_name, recognises, second_mastheads
from archiver.serials.masthead_region import bare
from archiver.serials.romanise import romanised_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from archiver.model.gathered import GatheredPage
    from archiver.model.transcript import Line

_HEADING = re.compile(r"##\s+(?P<headline>.+)")
_SUBHEADING = re.compile(r"###\s+(?P<subhead>.+)")
_HEAD_LINES = 120  # of a derived transcript, among which a heading may be the title of the serial
_NOWHERE = Span(1, 0, 0, 0)  # of a masthead that no text has


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
    if not lines and not source.pages:
        return Reading(source, serial or "")
    profile, fault = _profile(source, profiles, serial)
    if profile is None:
        return Reading(source, serial or "", faults=(fault,) if fault else ())
    masthead = read_issue_masthead(source, profile)
    seconds = second_mastheads(lines, profiles.values(), max(masthead.line_count, 1)) if not source.pages else []
    faults = masthead.faults + tuple(MastheadFault(MastheadTrouble.SECOND, "", number) for number in seconds)
    issue = None
    named = bool(source.given) or not lacks_name(masthead.statements, profile)
    if masthead.issued is not None and not seconds and named:
        issue = _issue(source, profile, masthead, masthead.issued)
    return Reading(source, profile.identifier, masthead.statements, faults, issue, profile)


def _profile(
    source: SourceIssue, profiles: Mapping[str, SerialProfile], serial: str | None
) -> tuple[SerialProfile | None, MastheadFault | None]:
    """The profile of an issue: by its masthead; else the one that is named, or whose title is given."""
    lines = masthead_lines(source.transcript)
    candidates = [profiles[serial]] if serial else list(profiles.values())
    if source.transcript.taken_from and source.transcript.has_headings:
        candidates = [_marked(profile, lines) for profile in candidates]
    fitting = [profile for profile in candidates if lines and recognises(lines, profile)]
    if len(fitting) == 1:
        return fitting[0], None
    if not fitting and any(each.value("issue-date") for each in source.given):
        known = {profile.identifier: profile for profile in candidates}
        named = known[serial] if serial else profile_by_title(source.given, known)
        if named is not None:
            return named, None
    return None, _unrecognised(serial, profiles, [profile.identifier for profile in fitting])


def _marked(profile: SerialProfile, lines: Sequence[Line]) -> SerialProfile:
    """The profile for a derived transcript: headings are marked as in Markdown, and some may be the masthead's own."""
    forms = [block for form in profile.forms for block in form.blocks]
    heads = [bare(line.text) for line in lines[:_HEAD_LINES] if _HEADING.fullmatch(line.text)]
    own = [re.escape(text) for text in heads if any(form.fullmatch(text) for form in forms)]
    headline = re.compile(rf"##\s+(?!(?:{'|'.join(own)})$)(?P<headline>.+)") if own else _HEADING
    subhead = _SUBHEADING if profile.articles.subhead is not None else None
    return replace(profile, articles=replace(profile.articles, headline=headline, subhead=subhead))


def package_name(profile: SerialProfile, issued: date, numbering: Numbering) -> str:
    """The name of an issue's package, readable and sortable: serial, date, number."""
    name = f"{profile.identifier}_{issued.isoformat()}"
    width = profile.number_width
    if profile.package_number is PackageNumber.WHOLE and numbering.whole is not None:
        name += f"_no{numbering.whole:0{width}}"
    elif profile.package_number is PackageNumber.VOLUME_ISSUE and numbering.volume and numbering.issue:
        name += f"_v{_padded(numbering.volume, 3)}-no{_padded(numbering.issue, width)}"
    elif numbering.issue:
        name += f"_no{_padded(numbering.issue, width)}"
    elif numbering.edition:
        name += f"_ed{_padded(numbering.edition, 2)}"
    return name


def _padded(value: str, width: int) -> str:
    portable = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in value)
    return portable.rjust(width, "0") if portable.isdigit() else portable


def _unrecognised(serial: str | None, profiles: Mapping[str, SerialProfile], fitting: list[str]) -> MastheadFault:
    if len(fitting) > 1:
        return MastheadFault(MastheadTrouble.AMBIGUOUS, ", ".join(fitting))
    tried = serial or ", ".join(profiles) or "none: there is no profile"
    return MastheadFault(MastheadTrouble.NONE_KNOWN, tried)


def _issue(source: SourceIssue, profile: SerialProfile, masthead: Masthead, issued: date) -> Issue:
    transcript = source.transcript
    lines = transcript.lines
    body = read_body(lines, profile, masthead.line_count, transcript.page_starts) if lines else Body((), (), (), ())
    values = {said.field: said for said in masthead.statements}
    numbering = _numbering(masthead)
    region = [line for line in lines[: masthead.line_count] if line.text.strip()]
    publisher = values.get("publisher")
    return Issue(
        identifier=package_name(profile, issued, numbering),
        serial=profile.identifier,
        source=transcript.file.name,
        title=romanised_title(profile.title, profile.romanised_words),
        parallel_titles=tuple(
            romanised_title(title, profile.romanised_words)
            for title in profile.parallel_titles
            if _printed(title, masthead)
        ),
        publisher=publisher.value if publisher else "",
        issued=issued,
        date_printed=values["issue-date"].printed,
        numbering=numbering,
        statements=masthead.statements,
        pages=_with_files(body.pages, source.pages, profile),
        articles=body.articles,
        index_entries=body.index_entries,
        masthead=Span(region[0].number, region[-1].number, region[0].begin, region[-1].end) if region else _NOWHERE,
        language=profile.language,
        script=profile.script,
        country=profile.country,
        genre=profile.genre,
        access=profile.access,
        oddities=body.oddities,
        not_transcribed=tuple(name for name in _expected(profile, masthead) if name not in values),
        notes=(*profile.notes, *_notes(source, masthead)),
        encoding=transcript.encoding,
        was_transcribed=not transcript.taken_from,
        known_names=profile.known_names,
    )


def _expected(profile: SerialProfile, masthead: Masthead) -> tuple[str, ...]:
    """What the masthead should say: what the profile names, and the Chinese date of a serial that prints one.

    Of an issue that is described by what was given, what every masthead must say counts as well.
    """
    given = any(said.field == "issue-date" and said.confidence is Confidence.GIVEN for said in masthead.statements)
    lunar = ("lunar-date",) if profile.lunar_calendar else ()
    return tuple(dict.fromkeys((*(profile.required if given else ()), *lunar, *profile.expected)))


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


def _with_files(read: Sequence[Page], gathered: Sequence[GatheredPage], profile: SerialProfile) -> tuple[Page, ...]:
    """The pages that the text has, with those that files show: one that neither has was not deposited."""
    if not gathered:
        return tuple(read)
    pages = {page.number: page for page in read if page.span is not None or not page.received}
    for each in gathered:
        label = each.label or page_label(each.number, profile.articles)
        known = pages.get(each.number)
        if known is None:
            pages[each.number] = Page(each.number, label, bool(each.files))
        elif each.files:
            pages[each.number] = replace(known, received=True, label=label)
    return tuple(pages[number] for number in sorted(pages))


def _notes(source: SourceIssue, masthead: Masthead) -> tuple[str, ...]:
    transcript = source.transcript
    notes = []
    if transcript.folded_punctuation:
        notes.append(
            "The transcript has ASCII punctuation between Chinese characters "
            f"({transcript.folded_punctuation} signs): it was normalised (NFKC) before it was deposited. "
            "It is kept as it came."
        )
    if transcript.taken_from and transcript.lines:
        notes.append(f"The transcript was derived from what was deposited: {transcript.taken_from}.")
    elif transcript.encoding != "utf-8":
        notes.append(f"The transcript is encoded in {transcript.encoding} ({transcript.encoding_basis}).")
    notes += [f"The derived transcript does not show: {loss}." for loss in source.losses]
    by_origin: dict[str, list[str]] = {}
    for said in masthead.statements:
        if said.confidence is Confidence.GIVEN:
            by_origin.setdefault(said.compared, []).append(said.field)
    notes += [
        f"Not read from the issue itself, but {origin}: {', '.join(names)}." for origin, names in by_origin.items()
    ]
    return tuple(notes)
