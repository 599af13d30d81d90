"""Lists in columns: CSV, TSV and their kin, with a header or without."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from archiver.checksum_lists.algorithms import Named, Taken, named, of_digest
from archiver.checksum_lists.columns import Columns, header, is_digest, unheaded
from archiver.checksum_lists.entries import Kept
from archiver.model.checksum_list import ListTrouble

DELIMITERS = "\t,;|"
_ELLIPSIS = ("...", "…")


def rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The rows with the line each begins on; words where a row cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begun = 1
    while True:
        try:
            row: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = str(error)
        yield begun, row
        begun = reader.line_num + 1


def layout(text: str) -> tuple[str, int, Columns, bool] | None:
    """Delimiter, line, columns and whether that line is a header, of a text that is a table; None when it is none.

    A header may stand below a title or a type line (`#TYPE …`): the first ten rows are looked at.
    """
    for delimiter in sorted(DELIMITERS, key=lambda sign: -text[:4096].count(sign)):
        if delimiter not in text[:65536]:
            continue
        for count, (line, cells) in enumerate(rows(text[:65536], delimiter)):
            if count >= 10:
                break
            if isinstance(cells, str) or len(cells) < 2:
                continue
            found = header(cells)
            if found is not None:
                return delimiter, line, found, True
            bare = unheaded(cells)
            if bare is not None:
                return delimiter, line, bare, False
    return None


def read_table(text: str, kept: Kept, hints: tuple[Named, ...]) -> None:
    """Read a CSV or TSV whose `layout` is known to be found; every row that states no digest is a problem."""
    found = layout(text)
    assert found is not None
    delimiter, first, columns, headed = found
    for line, cells in rows(text, delimiter):
        if isinstance(cells, str):
            kept.problem(ListTrouble.NOT_UNDERSTOOD, line, cells)
        elif (headed and line <= first) or not any(cell.strip() for cell in cells):
            continue
        elif line < first or cells[0].lstrip().startswith("#"):
            if is_row(cells, columns):
                _row(cells, line, columns, kept, hints)
        else:
            _row(cells, line, columns, kept, hints)


def is_row(cells: Sequence[str], columns: Columns) -> bool:
    """Whether a row has a digest where the columns have one."""
    return any(index < len(cells) and is_digest(cells[index]) for index, _named in columns.digests)


def _row(cells: Sequence[str], line: int, columns: Columns, kept: Kept, hints: tuple[Named, ...]) -> None:
    def cell(index: int) -> str:
        return cells[index].strip() if 0 <= index < len(cells) else ""

    path = cell(columns.path)
    folder = cell(columns.folder)
    if folder and path:
        path = f"{folder.rstrip('/' + chr(92))}/{path}"
    stated = [(cell(index).replace(" ", ""), told) for index, told in columns.digests if cell(index)]
    if not path or not stated:
        missing = "no name" if not path else "no digest"
        kept.problem(ListTrouble.NOT_UNDERSTOOD, line, f"{missing}: {' | '.join(cells)}")
        return
    if any(value.endswith(_ELLIPSIS) for value in (path, *(digest for digest, _told in stated))):
        kept.problem(ListTrouble.CUT_OFF, line, " | ".join(cells))
        return
    word = cell(columns.algorithm)
    told_here = (named(word) or Named(word)) if word else None
    size = cell(columns.size)
    kept.state(
        path,
        line,
        [(digest, _taken(digest, told or told_here, hints)) for digest, told in stated],
        int(size) if size.isdecimal() and size.isascii() and len(size) < 19 else None,
    )


def _taken(digest: str, told: Named | None, hints: tuple[Named, ...]) -> Taken | None:
    return Taken(told) if told is not None else of_digest(digest, hints)
