"""Rows held against one another: files that two of them name, and issues that two of them say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.batch import BatchFault, BatchTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.model.batch import BatchRow, NamedPath

_REMEDY = "Keep one row for each issue."


def same_files(
    rows: Sequence[BatchRow], found: Mapping[tuple[str, int], tuple[NamedPath, str]]
) -> Iterator[BatchFault]:
    """Rows that name the same folder or file, or one within another's. `found`: path and column by sheet and row."""
    by_identity: dict[tuple[int, int], list[BatchRow]] = {}
    by_path: dict[str, BatchRow] = {}
    columns: dict[tuple[str, int], str] = {}
    for row in rows:
        if (row.sheet, row.row) in found:
            named, columns[row.sheet, row.row] = found[row.sheet, row.row]
            by_identity.setdefault(named.identity, []).append(row)
            by_path.setdefault(named.path, row)

    def fault(row: BatchRow, words: str) -> BatchFault:
        place = columns[row.sheet, row.row]
        return BatchFault(BatchTrouble.FOLDER_TWICE, row.sheet, row.row, place, words, _REMEDY, row.line)

    for group in by_identity.values():
        for row in group if len(group) > 1 else ():
            yield fault(row, f"{row.folder!r} is named by {_others(row, group)} too")
    for path, row in by_path.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            outer = by_path.get("/".join(parts[:depth]))
            if outer is not None:
                yield fault(row, f"{path!r} lies within {outer.folder!r}, which {_words(outer, row)} names")
                yield fault(outer, f"{outer.folder!r} holds {path!r}, which {_words(row, outer)} names")


def same_issues(rows: Sequence[BatchRow]) -> Iterator[BatchFault]:
    """Rows that say the same serial, date and numbers. Where no serial or title is said, they may still be two."""
    groups: dict[tuple[str, str, str, str, str, str], list[BatchRow]] = {}
    for row in rows:
        if row.date or row.whole_number:
            name = (row.serial or row.title).casefold()
            key = (name, row.date, row.number, row.whole_number, row.volume, row.edition.casefold())
            groups.setdefault(key, []).append(row)
    for key, group in groups.items():
        for row in group if len(group) > 1 else ():
            said = ", ".join(
                part for part in (row.serial or row.title, row.date, row.whole_number or row.number) if part
            )
            words = f"{said}: {_others(row, group)} says the same issue"
            yield BatchFault(
                BatchTrouble.ISSUE_TWICE, row.sheet, row.row, "", words, _REMEDY, row.line, is_slight=not key[0]
            )


def _others(row: BatchRow, group: Sequence[BatchRow]) -> str:
    others = [_words(other, row) for other in group if other is not row]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return ", ".join(others[:3]) + more


def _words(other: BatchRow, row: BatchRow) -> str:
    return f"row {other.row}" if other.sheet == row.sheet else f"row {other.row} of sheet {other.sheet}"
