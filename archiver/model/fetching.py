"""What became of the files that fetch.txt names (RFC 8493 §2.2.3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.bag import FetchEntry
    from archiver.model.values import Algorithm, Checksum


class Hindrance(enum.Enum):
    """Why a file was not fetched. All but the last are faults of the bag or of what it points to."""

    ADDRESS = "an address that is not followed"
    UNVERIFIABLE = "no digest to compare with"
    GONE = "the server says that there is no such file"
    SIZE = "another size than stated"
    DIGEST = "another digest than stated"
    UNKNOWN = "it could not be found out"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch, with the digest that each manifest states of it, by manifest name."""

    entry: FetchEntry
    stated: Mapping[str, tuple[Algorithm, str]]

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms it is to be digested by."""
        return tuple(dict.fromkeys(algorithm for algorithm, _digest in self.stated.values()))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is as stated. `resumed_at` is where the last request began, in bytes."""

    entry: FetchEntry
    size: int  # bytes
    checksums: tuple[Checksum, ...]
    address: str  # where it came from after redirects, as it may be shown; "" when it was at hand from an earlier run
    resumed_at: int = 0


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A file that was not fetched, and why."""

    entry: FetchEntry
    hindrance: Hindrance
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Fetching:
    """A run: what became of every file that was missing, in the order of fetch.txt."""

    outcomes: tuple[Fetched | NotFetched, ...]

    def hindered(self, *hindrances: Hindrance) -> tuple[NotFetched, ...]:
        """The files that were not fetched for some reasons."""
        return tuple(
            outcome for outcome in self.outcomes if isinstance(outcome, NotFetched) and outcome.hindrance in hindrances
        )

    @property
    def fetched(self) -> tuple[Fetched, ...]:
        """The files that are there now."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Fetched))
