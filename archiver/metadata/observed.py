"""PREMIS events of a package in the making, each from what was observed, at the time it ended.

What was not done is recorded as not performed: never left out, never a success. What happens to the package after it is
sealed (validation, publication, transfer) cannot stand inside it, and stands in the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.provenance import Accession, Event, EventOutcome, EventType, Toolchain
from archiver.model.serial import Issue, OddityKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archiver.model.package import PayloadFile


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
    """What the events tell of: the issue, its deposited files and the reading text, by whom, under which accession."""

    issue: Issue
    accession: Accession
    originals: Sequence[PayloadFile]
    derived: PayloadFile
    encoding: str
    tools: Toolchain
    moments: Moments

    @property
    def places(self) -> tuple[str, ...]:
        """Identifiers of the deposited files, the transcript first."""
        return tuple(file.place.value for file in self.originals)

    @property
    def agents(self) -> tuple[str, ...]:
        """The software, and who ran it."""
        operator = (self.tools.operator.identifier,) if self.tools.operator else ()
        return (self.tools.software.identifier, *operator)


def making_events(making: Making) -> list[Event]:
    """Every event up to the sealing of the package, in order of time."""
    return [
        _taking_up(making),
        _extraction(making),
        _digests(making),
        _identification(making),
        _derivation(making),
        _virus_check(making),
    ]


def count_oddities(issue: Issue) -> str:
    """How often each kind of oddity was found, in words: "3 column breaks, 1 gap"."""
    found = [odd.kind for article in issue.articles for odd in article.oddities]
    counted = [(kind, found.count(kind)) for kind in OddityKind if kind in found]
    return ", ".join(f"{count} {kind.value}{'s' if count > 1 else ''}" for kind, count in counted)


def _taking_up(making: Making) -> Event:
    size = sum(file.measured.size for file in making.originals)
    return Event(
        EventType.INGESTION_START,
        making.moments.taken_up,
        EventOutcome.SUCCESS,
        f"Deposit taken up under accession {making.accession.number}",
        f"{len(making.originals)} file(s), {size} bytes",
        sources=making.places,
        agents=making.agents,
    )


def _extraction(making: Making) -> Event:
    issue = making.issue
    odd = count_oddities(issue) or "no oddities"
    return Event(
        EventType.METADATA_EXTRACTION,
        making.moments.described,
        EventOutcome.SUCCESS,
        f"Masthead and articles read from {making.originals[0].place.name} under the profile {issue.serial}",
        f"{len(issue.statements)} masthead statements, {len(issue.articles)} articles, {odd}",
        sources=making.places[:1],
        outcomes=(issue.identifier,),
        agents=making.agents,
    )


def _digests(making: Making) -> Event:
    names = " and ".join(checksum.algorithm.label for checksum in making.originals[0].measured.checksums)
    return Event(
        EventType.MESSAGE_DIGEST_CALCULATION,
        making.moments.copied,
        EventOutcome.SUCCESS,
        f"{names} computed in the one read that copied each deposited file",
        sources=making.places,
        agents=making.agents,
    )


def _identification(making: Making) -> Event:
    unknown = sum(file.format.pronom.value == "UNKNOWN" for file in making.originals)
    warned = sum(bool(file.format.pronom.warning or file.format.mime.warning) for file in making.originals)
    words = [f"{unknown} of {len(making.originals)} file(s) unknown to PRONOM"] if unknown else []
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


def _derivation(making: Making) -> Event:
    return Event(
        EventType.NORMALIZATION,
        making.moments.derived,
        EventOutcome.SUCCESS,
        f"Reading text derived from the transcript ({making.encoding})",
        count_oddities(making.issue),
        sources=making.places[:1],
        outcomes=(making.derived.place.value,),
        agents=making.agents,
    )


def _virus_check(making: Making) -> Event:
    return Event(
        EventType.VIRUS_CHECK,
        making.moments.derived,
        EventOutcome.WARNING,
        "Virus check",
        "not performed: no scanner is configured",
        sources=making.places,
        agents=making.agents,
    )
