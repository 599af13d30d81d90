"""What came of the rows of a sheet of issues, as the columns that a result adds to it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

# The columns that a result adds to those of the sheet, in this order.
RESULT_COLUMNS = ("outcome", "accession number", "package", "findings", "message", "finished")


class RowOutcome(enum.Enum):
    """What came of a row."""

    WAITING = "waiting"
    ACCESSIONED = "accessioned"
    BEFORE = "accessioned before"
    PREVIEWED = "would be accessioned"
    STANDS = "its package stands there already"
    NOT_ACCESSIONED = "not accessioned"  # the row or the deposit has errors
    REFUSED = "refused"  # the deposit could not be taken up as things are
    UNKNOWN = "could not find out"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for the row."""
        return self in {RowOutcome.ACCESSIONED, RowOutcome.BEFORE, RowOutcome.PREVIEWED}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of a row, in the words of the columns that a result adds."""

    outcome: RowOutcome = RowOutcome.WAITING
    number: str = ""
    package: str = ""
    findings: str = ""
    message: str = ""
    finished: str = ""  # ISO 8601 with the offset from UTC

    @property
    def cells(self) -> tuple[str, ...]:
        """One for each of RESULT_COLUMNS."""
        return (self.outcome.value, self.number, self.package, self.findings, self.message, self.finished)
