"""Rules for names: who bears them by the authority file of the serial's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.names import escape
from archiver.model.report import Fault, Severity
from archiver.names.index import names_index
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.names_index import Authorities, IndexedName
    from archiver.model.transcript import Reading

_CLAUSE = "archiver: names"


def _authorities(reading: Reading) -> Authorities | None:
    """The authority file of a serial; without one its names have no identifiers, and nothing is to be judged."""
    known = reading.profile.known_names if reading.profile is not None else None
    return known.authorities if known is not None else None


def _index(reading: Reading) -> tuple[IndexedName, ...]:
    if reading.issue is None or _authorities(reading) is None:
        return ()
    return names_index(reading.issue)


def _fault(reading: Reading, entry: IndexedName, words: str, remedy: str) -> Fault:
    lines = dict.fromkeys(each.lines[0] for each in entry.mentions)
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    message = f"{escape(entry.name)} (line {min(lines)}{more}) {words}"
    return Fault(message, str(reading.source.transcript.file.path), min(lines), remedy)


@check("NAM-001", "A name is borne by one record", _CLAUSE, needs="issue", severity=Severity.WARNING)
def unambiguous(reading: Reading) -> Iterator[Fault]:
    """Of two records that bear a name, archiver does not choose: the name gets no identifier."""
    for entry in _index(reading):
        if entry.candidates:
            bearers = ", ".join(escape(record.shown) for record in entry.candidates)
            yield _fault(
                reading,
                entry,
                f"is borne by {len(entry.candidates)} records of the authority file: {bearers}",
                "Find out who is meant, and correct the byline to a form that only one record has.",
            )


@check("NAM-002", "A name is in the authority file", _CLAUSE, needs="issue", severity=Severity.NOTICE)
def known(reading: Reading) -> Iterator[Fault]:
    """A name that no record bears stands in the description without an identifier."""
    for entry in _index(reading):
        if entry.record is None and not entry.candidates:
            yield _fault(
                reading,
                entry,
                "is in no record of the authority file",
                "Add the name to the authority file, or its form to the variants of who bears it.",
            )


@check("NAM-003", "The authority file can be read", _CLAUSE, needs="issue")
def readable(reading: Reading) -> Iterator[Fault]:
    """Of an authority file with a fault, it is not known whose identifiers are lost."""
    authorities = _authorities(reading)
    for problem in authorities.problems if authorities is not None else ():
        row = f"row {problem.row}" if problem.row else ""
        place = ", ".join(part for part in (row, problem.column and f"column {escape(problem.column)}") if part)
        yield Fault(
            f"{place}: {escape(problem.detail)}" if place else escape(problem.detail),
            authorities.path if authorities is not None else None,
            problem.row or None,
            "Mend the cell that is named; docs/names.md has the columns of an authority file.",
        )
