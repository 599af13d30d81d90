"""PREMIS events of a package in the making, each from what was observed, at the time it ended.

What was not done is recorded as not performed: never left out, never a success. What happens to the package after it is
sealed (validation, publication, transfer) cannot stand inside it, and stands in the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.corrections.recording import correction_events
from archiver.metadata.observed_deposit import fixity_check, image_validation, unpacking, virus_check
from archiver.model.provenance import Accession, Event, EventOutcome, EventType, Toolchain
from archiver.model.serial import Confidence, Issue, OddityKind

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.model.package import IssueFiles
    from archiver.model.transcript import Deposit, Reading, SourceIssue


@dataclass(frozen=True, slots=True)
class Moments:
    """When each step of the making ended."""

    taken_up: datetime
    described: datetime
    copied: datetime
    identified: datetime
    derived: datetime


@dataclass(frozen=True, slots=True)
class Making:
    """What the events tell of: the issue, its files, where it was read from, by whom, under which accession."""

    issue: Issue
    accession: Accession
    files: IssueFiles
    reading: Reading
    tools: Toolchain
    moments: Moments
    deposit: Deposit | None = None  # what it came in, and its depositor's checksums

    @property
    def source(self) -> SourceIssue:
        """What the issue was read from."""
        return self.reading.source

    @property
    def places(self) -> tuple[str, ...]:
        """Identifiers of the deposited files, a deposited transcript first."""
        return tuple(file.place.value for file in self.files.originals)

    @property
    def words(self) -> tuple[str, ...]:
        """Identifiers of the files that the words of the issue were read from."""
        if not self.source.transcript.taken_from:
            return self.places[:1]
        layouts = {file.place.value: None for _line, file, _block in self.files.blocks}
        return tuple(layouts) or self.places

    @property
    def agents(self) -> tuple[str, ...]:
        """The software, and who ran it."""
        operator = (self.tools.operator.identifier,) if self.tools.operator else ()
        return (self.tools.software.identifier, *operator)


def making_events(making: Making) -> list[Event]:
    """Every event up to the sealing of the package, in order of time."""
    return [
        _taking_up(making),
        *unpacking(making),
        *fixity_check(making),
        *image_validation(making),
        _extraction(making),
        *_corrections(making),
        _digests(making),
        _identification(making),
        *_derivations(making),
        virus_check(making),
    ]


def count_oddities(issue: Issue) -> str:
    """How often each kind of oddity was found, in words: "3 column breaks, 1 gap"."""
    found = [odd.kind for article in issue.articles for odd in article.oddities]
    counted = [(kind, found.count(kind)) for kind in OddityKind if kind in found]
    return ", ".join(f"{count} {kind.value}{'s' if count > 1 else ''}" for kind, count in counted)


def _taking_up(making: Making) -> Event:
    size = sum(file.measured.size for file in making.files.originals)
    return Event(
        EventType.INGESTION_START,
        making.moments.taken_up,
        EventOutcome.SUCCESS,
        f"Deposit taken up under accession {making.accession.number}",
        f"{len(making.places)} file(s), {size} bytes",
        sources=making.places,
        agents=making.agents,
    )


def _extraction(making: Making) -> Event:
    issue = making.issue
    odd = count_oddities(issue) or "no oddities"
    given = [said for said in issue.statements if said.confidence is Confidence.GIVEN]
    printed = len(issue.statements) - len(given)
    read_from = making.source.transcript.taken_from or making.files.originals[0].place.name
    said = (
        f"{printed} masthead statements, {len(given)} statements given, "
        if given
        else f"{printed} masthead statements, "
    )
    detail = f"Masthead and articles read from {read_from} under the profile {issue.serial}"
    if not making.source.transcript.file.content:
        detail = f"Described under the profile {issue.serial} by what was given: the issue came without words"
    return Event(
        EventType.METADATA_EXTRACTION,
        making.moments.described,
        EventOutcome.SUCCESS,
        detail,
        f"{said}{len(issue.articles)} articles, {odd}",
        sources=making.words,
        outcomes=(issue.identifier,),
        agents=making.agents,
    )


def _corrections(making: Making) -> list[Event]:
    """What the archivist corrected in the description."""
    return correction_events(
        making.reading.corrected, making.moments.described, making.agents, issue=making.issue.identifier
    )


def _digests(making: Making) -> Event:
    names = " and ".join(checksum.algorithm.label for checksum in making.files.originals[0].measured.checksums)
    return Event(
        EventType.MESSAGE_DIGEST_CALCULATION,
        making.moments.copied,
        EventOutcome.SUCCESS,
        f"{names} computed in the one read that copied each deposited file",
        sources=making.places,
        agents=making.agents,
    )


def _identification(making: Making) -> Event:
    files = making.files.originals
    unknown = sum(file.format.pronom.value == "UNKNOWN" for file in files)
    warned = sum(bool(file.format.pronom.warning or file.format.mime.warning) for file in files)
    words = [f"{unknown} of {len(files)} file(s) unknown to PRONOM"] if unknown else []
    words += [f"{warned} file(s) identified with a warning"] if warned else []
    identifiers = tuple(agent.identifier for agent in making.tools.identifiers)
    return Event(
        EventType.FORMAT_IDENTIFICATION,
        making.moments.identified,
        EventOutcome.WARNING if words else EventOutcome.SUCCESS,
        "Formats identified by siegfried (PRONOM) and libmagic",
        "; ".join(words),
        sources=making.places,
        agents=(making.agents[0], *identifiers, *making.agents[1:]),
    )


def _derivations(making: Making) -> list[Event]:
    """The transcript and the layout documents that were derived, and the reading text."""
    found = dict(making.files.representations)
    transcript = making.source.transcript
    events = []
    if made := [*found.get("layout", ()), *found.get("transcript", ())]:
        losses = making.source.losses
        events.append(
            _normalization(
                making,
                f"Transcript derived from {transcript.taken_from}",
                "not shown in it: " + "; ".join(losses) if losses else "",
                tuple(file.place.value for file in made),
            )
        )
    if making.files.reading is not None:
        basis = transcript.taken_from or transcript.encoding
        place = making.files.reading.place.value
        words = f"Reading text derived from the transcript ({basis})"
        events.append(_normalization(making, words, count_oddities(making.issue), (place,)))
    return events


def _normalization(making: Making, detail: str, note: str, outcomes: tuple[str, ...]) -> Event:
    return Event(
        EventType.NORMALIZATION,
        making.moments.derived,
        EventOutcome.SUCCESS,
        detail,
        note,
        sources=making.words,
        outcomes=outcomes,
        agents=making.agents,
    )
