"""Rules for sheets of issues: every fault names sheet, row and column, and stops its own row at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.batch import BatchTrouble
from archiver.model.names import escape
from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.batch import BatchFault, BatchSheet

_CLAUSE = "archiver: sheets of issues"
_MOST = 200  # faults of one kind told one by one


def _faults(batch: BatchSheet, *troubles: BatchTrouble) -> Iterator[Fault]:
    found = batch.about(*troubles)
    for fault in found[:_MOST]:
        slight = Severity.WARNING if fault.is_slight else None
        yield Fault(_words(fault), batch.file, fault.line or fault.row or None, fault.remedy, slight)
    rest = found[_MOST:]
    if rest:
        slight = None if any(fault.refuses for fault in rest) else Severity.WARNING
        words = (
            f"{len(rest)} more faults of this kind, in rows {rest[0].row} to {rest[-1].row}; the result has them all"
        )
        yield Fault(words, batch.file, severity=slight if rest[0].is_slight else None)


def _words(fault: BatchFault) -> str:
    return escape(f"{fault.place}: {fault.words}" if fault.place else fault.words)


@check("BAT-001", "A sheet of issues can be read", _CLAUSE, needs="batch")
def readable(batch: BatchSheet) -> Iterator[Fault]:
    """Of a sheet that is damaged, or whose rows may have run together, no row is taken up."""
    yield from _faults(batch, BatchTrouble.UNREADABLE, BatchTrouble.NOT_UNDERSTOOD)


@check("BAT-002", "A workbook is one that a spreadsheet program writes", _CLAUSE, needs="batch")
def honest(batch: BatchSheet) -> Iterator[Fault]:
    """Entities, members that overlap, and sizes beyond all measure are in no workbook of issues."""
    yield from _faults(batch, BatchTrouble.HOSTILE)


@check("BAT-003", "A sheet of issues is within the limits", _CLAUSE, needs="batch")
def within_limits(batch: BatchSheet) -> Iterator[Fault]:
    """Beyond the limits nothing is read, and nothing is taken for read."""
    yield from _faults(batch, BatchTrouble.TOO_LARGE)


@check("BAT-004", "A sheet of issues has a column for folders", _CLAUSE, needs="batch")
def folders_named(batch: BatchSheet) -> Iterator[Fault]:
    """Without it nobody can say which files an issue has."""
    yield from _faults(batch, BatchTrouble.NO_FOLDERS)


@check("BAT-005", "A sheet of issues has a row", _CLAUSE, needs="batch")
def has_rows(batch: BatchSheet) -> Iterator[Fault]:
    """A batch of nothing is no success."""
    yield from _faults(batch, BatchTrouble.EMPTY)


@check("BAT-006", "No two columns say the same", _CLAUSE, needs="batch")
def columns_once(batch: BatchSheet) -> Iterator[Fault]:
    """Of two dates, one is wrong."""
    yield from _faults(batch, BatchTrouble.TWO_COLUMNS)


@check("BAT-007", "Every column is known", _CLAUSE, needs="batch", severity=Severity.WARNING)
def columns_known(batch: BatchSheet) -> Iterator[Fault]:
    """What stands in a column that is not known reaches no record."""
    yield from _faults(batch, BatchTrouble.UNKNOWN_COLUMN)


@check("BAT-008", "Every row has the cells of its headings", _CLAUSE, needs="batch")
def shaped(batch: BatchSheet) -> Iterator[Fault]:
    """A comma within a value moves everything behind it into the next column."""
    yield from _faults(batch, BatchTrouble.RAGGED)


@check("BAT-009", "A sheet says its encoding", _CLAUSE, needs="batch", severity=Severity.NOTICE)
def encoded(batch: BatchSheet) -> Iterator[Fault]:
    """An encoding that was guessed may make other characters of names and titles."""
    yield from _faults(batch, BatchTrouble.ENCODING)


@check("BAT-010", "Every row names its folder", _CLAUSE, needs="batch")
def folder_given(batch: BatchSheet) -> Iterator[Fault]:
    """A row without files is no deposit."""
    yield from _faults(batch, BatchTrouble.NO_FOLDER)


@check("BAT-011", "What a row names is there", _CLAUSE, needs="batch")
def there(batch: BatchSheet) -> Iterator[Fault]:
    """A folder that is absent may be lost, or be called otherwise."""
    yield from _faults(batch, BatchTrouble.ABSENT)


@check("BAT-012", "What a row names lies below the sheet's folder", _CLAUSE, needs="batch")
def within(batch: BatchSheet) -> Iterator[Fault]:
    """A sheet comes from others: it names nothing but what came with it."""
    yield from _faults(batch, BatchTrouble.OUTSIDE)


@check("BAT-013", "What a row names is no link", _CLAUSE, needs="batch")
def no_link(batch: BatchSheet) -> Iterator[Fault]:
    """A link leads to files that are not part of what was handed over."""
    yield from _faults(batch, BatchTrouble.SPECIAL)


@check("BAT-014", "No two rows name the same files", _CLAUSE, needs="batch")
def files_once(batch: BatchSheet) -> Iterator[Fault]:
    """One of the two rows is wrong; which, nobody can say."""
    yield from _faults(batch, BatchTrouble.FOLDER_TWICE)


@check("BAT-015", "No two rows say the same issue", _CLAUSE, needs="batch")
def issues_once(batch: BatchSheet) -> Iterator[Fault]:
    """An issue is accessioned once; two rows for it are a slip of the hand, or two copies to choose from."""
    yield from _faults(batch, BatchTrouble.ISSUE_TWICE)


@check("BAT-016", "A date names one day", _CLAUSE, needs="batch")
def dated(batch: BatchSheet) -> Iterator[Fault]:
    """A date that can be read in two ways is not guessed."""
    yield from _faults(batch, BatchTrouble.DATE)


@check("BAT-017", "Dates of a column are of one kind", _CLAUSE, needs="batch", severity=Severity.WARNING)
def dated_alike(batch: BatchSheet) -> Iterator[Fault]:
    """Spreadsheet programs turn those texts into dates that fit their own order, and leave the others."""
    yield from _faults(batch, BatchTrouble.DATES_MIXED)


@check("BAT-018", "A number is a number", _CLAUSE, needs="batch")
def numbered(batch: BatchSheet) -> Iterator[Fault]:
    """Numbers name the package and sort the issues."""
    yield from _faults(batch, BatchTrouble.NUMBER)


@check("BAT-019", "A serial has a profile", _CLAUSE, needs="batch")
def profiled(batch: BatchSheet) -> Iterator[Fault]:
    """What is true of every issue of a serial is said by its profile."""
    yield from _faults(batch, BatchTrouble.SERIAL)


@check("BAT-020", "Access is open or restricted", _CLAUSE, needs="batch")
def access_known(batch: BatchSheet) -> Iterator[Fault]:
    """Who may see a package is not guessed."""
    yield from _faults(batch, BatchTrouble.ACCESS)


@check("BAT-021", "A cell has a value", _CLAUSE, needs="batch")
def valued(batch: BatchSheet) -> Iterator[Fault]:
    """Formulas are not computed: what a spreadsheet program stored is read."""
    yield from _faults(batch, BatchTrouble.NO_VALUE)


@check("BAT-022", "A cell is one cell", _CLAUSE, needs="batch")
def unmerged(batch: BatchSheet) -> Iterator[Fault]:
    """Of merged cells the first alone has a value; whether it is meant for all is not guessed."""
    yield from _faults(batch, BatchTrouble.MERGED)


@check("BAT-023", "Nothing of a workbook is hidden", _CLAUSE, needs="batch", severity=Severity.WARNING)
def shown(batch: BatchSheet) -> Iterator[Fault]:
    """What people do not see when they look the sheet over, they have not agreed to."""
    yield from _faults(batch, BatchTrouble.HIDDEN)


@check("BAT-024", "Every sheet of a workbook is one of issues", _CLAUSE, needs="batch", severity=Severity.NOTICE)
def all_sheets(batch: BatchSheet) -> Iterator[Fault]:
    """Sheets with other things are passed over, and named, in case their headings are amiss."""
    yield from _faults(batch, BatchTrouble.PASSED_OVER)
