"""Who did what, when: agents, events, accessions."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class AgentKind(enum.Enum):
    """PREMIS agent types (id.loc.gov/vocabulary/preservation/agentType)."""

    SOFTWARE = "sof"
    PERSON = "per"
    ORGANIZATION = "org"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody or something that acts."""

    identifier: str
    kind: AgentKind
    name: str
    version: str = ""
    note: str = ""


class EventType(enum.Enum):
    """PREMIS event types (id.loc.gov/vocabulary/preservation/eventType): code and label."""

    ACCESSION = "acc"
    INGESTION_START = "ins"
    MESSAGE_DIGEST_CALCULATION = "mes"
    FORMAT_IDENTIFICATION = "for"
    VIRUS_CHECK = "vir"
    VALIDATION = "val"
    FIXITY_CHECK = "fix"
    UNPACKING = "unp"
    METADATA_EXTRACTION = "mee"
    INFORMATION_PACKAGE_CREATION = "ipc"
    NORMALIZATION = "nor"
    TRANSFER = "tra"
    REPLICATION = "rep"
    METADATA_MODIFICATION = "mem"

    @property
    def label(self) -> str:
        """The term of the vocabulary."""
        return self.name.lower().replace("_", " ")


class EventOutcome(enum.Enum):
    """PREMIS event outcomes (id.loc.gov/vocabulary/preservation/eventOutcome)."""

    SUCCESS = "suc"
    FAIL = "fai"
    WARNING = "war"

    @property
    def label(self) -> str:
        """The term of the vocabulary."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was observed to happen. `at` is the end of the event, with its offset from UTC."""

    type: EventType
    at: datetime
    outcome: EventOutcome
    detail: str
    note: str = ""
    sources: tuple[str, ...] = ()  # identifiers of objects it began from
    outcomes: tuple[str, ...] = ()  # identifiers of objects it made or judged
    agents: tuple[str, ...] = ()  # identifiers of agents; the first is the executing program


@dataclass(frozen=True, slots=True)
class Organisation:
    """The archive that accessions."""

    name: str
    code: str = ""  # ISIL or a local code
    address: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Accession:
    """What an archivist agreed to when a deposit came in. `number` is such as 2026.001."""

    number: str
    source: str  # where the deposit lay, as named
    begun: datetime
    depositor: str = ""
    agreement: str = ""
    rights: str = ""
    access: str = "restricted"
    terms: str = ""
    operator: str = ""
    organisation: Organisation = field(default_factory=lambda: Organisation(""))


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The agents of a run: archiver itself, the programs it identified formats with, and who ran it."""

    software: Agent
    identifiers: tuple[Agent, ...] = ()
    operator: Agent | None = None

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Every agent, the software first."""
        return (self.software, *self.identifiers, *((self.operator,) if self.operator else ()))
