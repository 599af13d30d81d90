"""What a scanner for viruses said of the files of a deposit, as facts for rules and events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd to be asked: the path of its socket, or host and port; `seconds` that one answer may take."""

    socket: Path | None = None
    host: str = ""
    port: int = 3310
    seconds: float = 120.0

    @property
    def shown(self) -> str:
        """Where it is, in words."""
        return str(self.socket) if self.socket is not None else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Infection:
    """A file in which a signature was found."""

    name: str
    signature: str


@dataclass(frozen=True, slots=True)
class VirusScan:
    """What came of scanning a deposit: the scanner with its signatures, files asked about, what was found.

    `unscanned` are files that the scanner did not look at to their end, with its reason.
    """

    version: str  # "ClamAV 1.0.7/27480/…"
    files: int
    infections: tuple[Infection, ...] = ()
    unscanned: tuple[tuple[str, str], ...] = ()
