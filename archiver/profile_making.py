"""Serial profiles made from an example: a masthead read, and a commented TOML written that recognises it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import profile_faults, profiles
from archiver.errors import ConfigurationError, DestinationTaken, StorageError, UnreadableInput, UsageError
from archiver.inspection import read_issues
from archiver.model.transcript import Reading
from archiver.profile_text import profile_text
from archiver.serials.description import describe
from archiver.serials.masthead_proposal import propose
from archiver.serials.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archiver.model.printed import FoundDate, FoundNumbering
    from archiver.model.transcript import SourceIssue, Transcript
    from archiver.serials.masthead_proposal import Proposal

IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class MadeProfile:
    """A profile made: its ID and text, what it reads of the very issue it was made from, and what to look at."""

    identifier: str
    text: str
    reading: Reading
    remarks: tuple[str, ...]


def make_profile(source: Path, identifier: str = "") -> MadeProfile:
    """Propose the profile of the serial that an issue belongs to. Writes nothing.

    `identifier` is the serial's ID; without it one is made from the title. The first transcript of the source is read;
    what the profile makes of it is told. Raises UnreadableInput when there is none to read, UsageError when
    `identifier` is no ID or the masthead has no line that can be a title.
    """
    if identifier and not IDENTIFIER.fullmatch(identifier):
        raise UsageError(f"{identifier!r} is no serial ID: small letters, digits and single hyphens.")
    issues = read_issues(source)
    issue = next((each for each in issues if each.transcript.lines), None)
    if issue is None:
        raise _unreadable(source, issues)
    proposal = propose(issue.transcript.lines)
    if proposal.title is None:
        raise UsageError(
            f"{source}: no line before the first headline can be the title of a serial.",
            remedy="Begin the transcript with the masthead, the title in a line of its own.",
        )
    identifier = identifier or _identifier(proposal, issue.transcript)
    text = profile_text(proposal, identifier, issue.transcript.file.name)
    reading = _read(issue, identifier, text)
    return MadeProfile(identifier, text, reading, _remarks(proposal, reading, len(issues)))


def _read(issue: SourceIssue, identifier: str, text: str) -> Reading:
    """What the profile makes of the issue; nothing while a form for the date is wanting."""
    try:
        profile = profiles.parse(text.encode("utf-8"), f"{identifier}.toml")
    except ConfigurationError:
        return Reading(issue, identifier)
    return describe(issue, {identifier: profile})


def write_new(path: Path, text: str) -> None:
    """Write a profile to a new file. Raises DestinationTaken when something stands there, or StorageError."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise DestinationTaken(f"{path} is there already; nothing was changed.", remedy="Name another file.") from error
    except OSError as error:
        raise StorageError(
            f"{path}: the profile cannot be written: {(error.strerror or str(error)).lower()}."
        ) from error


def _unreadable(source: Path, issues: Iterable[SourceIssue]) -> UnreadableInput:
    faults = [fault for issue in issues for fault in issue.transcript.faults]
    why = f"{faults[0].trouble.value}: {faults[0].detail}" if faults else "it holds no transcript"
    return UnreadableInput(f"{source}: no masthead can be read: {why}.")


def _identifier(proposal: Proposal, transcript: Transcript) -> str:
    """An ID from the title, romanised; else from the parallel title; else from the name of the file."""
    title = proposal.title.value if proposal.title else ""
    parallel = proposal.parallel.value if proposal.parallel else ""
    texts = (romanise(title, proposal.tongue.language) or title, parallel, transcript.file.name.rpartition(".")[0])
    return next((slug for text in texts if len(slug := _slug(text)) >= 3), "serial")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("'", "").replace("’", "")).lower()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return "-".join(re.findall("[a-z0-9]+", plain))[:60].strip("-")


def _remarks(proposal: Proposal, reading: Reading, issues: int) -> tuple[str, ...]:
    """What a person should look at before the profile is used."""
    remarks = []
    if issues > 1:
        remarks.append(f"The source holds {issues} transcripts; the first that can be read was taken.")
    if reading.issue is None:
        remarks.append("The profile does not yet describe this issue; archiver inspect says what is missing.")
    elif proposal.issued is not None and reading.issue.issued != proposal.issued:
        remarks.append(f"The profile reads the date as {reading.issue.issued.isoformat()}: compare it with the page.")
    if not proposal.tongue.sure:
        remarks.append("The language is only likely.")
    unread = [str(form.lines[0]) for form in proposal.forms if form.uncertain]
    if unread:
        remarks.append(f"Not understood, and commented out: line {', '.join(unread)}.")
    remarks += [
        f"Line {value.line}: {kind.upper()} {value.value}: {value.remark}."
        for kind, values in sorted(proposal.values.items())
        for value in values
        if value.remark
    ]
    pieces: list[tuple[int, FoundDate | FoundNumbering]] = [*proposal.dates, *proposal.numbers]
    for line, found in pieces:
        if found.trouble:
            remarks.append(f"Line {line}: {found.printed!r}: {found.trouble}.")
    return tuple(dict.fromkeys(remarks))


def check_profiles(paths: Iterable[Path]) -> tuple[list[str], list[ConfigurationError]]:
    """The serial IDs of the profiles that are sound, and every fault of the others, with key and line."""
    sound: list[str] = []
    faults: list[ConfigurationError] = []
    used: dict[str, Path] = {}
    for path in paths:
        found = profile_faults.faults(path)
        if found:
            faults += found
            continue
        profile = profiles.load(path)
        if profile.identifier in used:
            other = used[profile.identifier]
            faults.append(ConfigurationError(f"{path}: the serial ID {profile.identifier!r} is used by {other} too."))
            continue
        used[profile.identifier] = path
        sound.append(profile.identifier)
    return sound, faults
