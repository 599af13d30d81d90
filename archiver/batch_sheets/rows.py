"""From the cells of a sheet to what each row says of an issue, with every fault at its sheet, row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.batch_sheets import places, values
from archiver.batch_sheets.headings import LOOKED_AT, Headings, headings, nearest
from archiver.model.batch import (
    EMPTY_CELL,
    BatchFault,
    BatchField,
    BatchRow,
    BatchTrouble,
    Cell,
    CellKind,
    NamedKind,
    NamedPath,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from archiver.model.batch import RawSheet, SheetRow

_SHOWN = 10
_NAMED = {
    NamedKind.ABSENT: (BatchTrouble.ABSENT, "is not there", "Mend the name, or put the files there."),
    NamedKind.OUTSIDE: (
        BatchTrouble.OUTSIDE,
        "does not lie below the sheet's folder",
        "Put the sheet into the folder that holds all folders of issues, and name them relative to it.",
    ),
    NamedKind.SPECIAL: (BatchTrouble.SPECIAL, "is refused", "Name the folder or file itself; links are not followed."),
}


class SheetReader:
    """Reads the rows of one sheet whose headings are known. `found`: the path that each row names, with its column."""

    def __init__(self, sheet: RawSheet, heads: Headings, root: Path, file: str, serials: Collection[str]) -> None:
        self._sheet, self._heads, self._root, self._file = sheet, heads, root, file
        self._serials = serials
        self._covered = _covered(sheet)
        self.faults: list[BatchFault] = []
        self.found: dict[int, tuple[NamedPath, str]] = {}

    def rows(self, from_row: int) -> Iterator[BatchRow]:
        """Every row below the headings that says something."""
        for row in self._sheet.rows:
            if row.number > from_row and not row.is_blank:
                yield self._row(row)

    def _fault(self, trouble: BatchTrouble, row: SheetRow, column: int, words: str, remedy: str = "", *,
               slight: bool = False) -> None:  # fmt: skip
        place = self._heads.place(column) if column >= 0 else ""
        self.faults.append(
            BatchFault(trouble, self._sheet.name, row.number, place, words, remedy, row.line, is_slight=slight)
        )

    def _row(self, row: SheetRow) -> BatchRow:
        self._judge_shape(row)
        said = {field: self._said(field, row) for field in BatchField}
        texts = tuple(cell.text for cell in row.cells)
        return BatchRow(
            sheet=self._sheet.name,
            row=row.number,
            file=self._file,
            folder=said[BatchField.FOLDER],
            serial=said[BatchField.SERIAL],
            title=said[BatchField.TITLE],
            date=said[BatchField.DATE],
            number=said[BatchField.NUMBER],
            whole_number=said[BatchField.WHOLE_NUMBER],
            volume=said[BatchField.VOLUME],
            edition=said[BatchField.EDITION],
            rights=said[BatchField.RIGHTS],
            access=said[BatchField.ACCESS],
            depositor=said[BatchField.DEPOSITOR],
            notes=said[BatchField.NOTES],
            checksums=said[BatchField.CHECKSUMS],
            folder_written=self._written(BatchField.FOLDER, row),
            written=(*texts, *("",) * (len(self._heads.texts) - len(texts))),
            line=row.line,
        )

    def _written(self, field: BatchField, row: SheetRow) -> str:
        columns = self._heads.columns_of(field)
        return row.cells[columns[0]].text.strip() if columns and columns[0] < len(row.cells) else ""

    def _judge_shape(self, row: SheetRow) -> None:
        """Cells beyond the headings, or fewer: a sign that a delimiter stands within a value."""
        width = len(self._heads.texts)
        beyond = [index for index, cell in enumerate(row.cells) if index >= width and cell.text.strip()]
        is_csv = bool(row.line)
        if beyond:
            words = f"{row.cells[beyond[0]].text[:60]!r} stands beyond the last heading, {self._heads.place(width - 1)}"
            remedy = "Put values that hold the delimiter between quotation marks." if is_csv else "Give it a heading."
            self._fault(BatchTrouble.RAGGED, row, beyond[0], words, remedy, slight=not is_csv)
        elif is_csv and len(row.cells) < width:
            words = (
                f"the row has {len(row.cells)} cells, the heading {width}; those that are missing are taken as empty"
            )
            self._fault(BatchTrouble.RAGGED, row, -1, words, slight=True)

    def _said(self, field: BatchField, row: SheetRow) -> str:
        columns = self._heads.columns_of(field)
        if not columns:
            return ""
        column = columns[0]
        cell = row.cells[column] if column < len(row.cells) else EMPTY_CELL
        if (row.number, column + 1) in self._covered:
            remedy = "Take the cells apart, and write the value into each row."
            words = "the cell is one with others, and only the first of them has a value"
            self._fault(BatchTrouble.MERGED, row, column, words, remedy)
            return ""
        if cell.kind is CellKind.ERROR:
            self._fault(BatchTrouble.NO_VALUE, row, column, f"the formula gives {cell.text}", "Write the value itself.")
            return ""
        if (row.number, column + 1) in self._sheet.no_value:
            remedy = "Open and save the workbook in a spreadsheet program, or write the value itself."
            words = "the cell has a formula whose value was never computed"
            self._fault(BatchTrouble.NO_VALUE, row, column, words, remedy)
            return ""
        if not cell.text.strip():
            if field is BatchField.FOLDER:
                remedy = "Name the folder or file that holds the issue."
                self._fault(BatchTrouble.NO_FOLDER, row, column, "the cell is empty", remedy)
            return ""
        return self._value(field, cell, row, column)

    def _value(self, field: BatchField, cell: Cell, row: SheetRow, column: int) -> str:
        if field in {BatchField.FOLDER, BatchField.CHECKSUMS}:
            return self._path(field, cell, row, column)
        if field is BatchField.DATE:
            said, trouble = values.day_of(cell), BatchTrouble.DATE
        elif field in {BatchField.NUMBER, BatchField.WHOLE_NUMBER, BatchField.VOLUME}:
            said, trouble = values.number_of(cell), BatchTrouble.NUMBER
        elif field is BatchField.ACCESS:
            said, trouble = values.access_of(cell), BatchTrouble.ACCESS
        else:
            text = " ".join(cell.text.split()) if field is not BatchField.NOTES else cell.text.strip()
            if field is BatchField.SERIAL and text not in self._serials:
                known = ", ".join(sorted(self._serials)[:_SHOWN]) or "none"
                words = f"no profile has the serial ID {text[:60]!r}; known are: {known}"
                self._fault(BatchTrouble.SERIAL, row, column, words, "Write the ID of a profile, or leave it empty.")
            return text
        if said.trouble:
            self._fault(trouble, row, column, said.trouble, said.remedy)
        return said.value

    def _path(self, field: BatchField, cell: Cell, row: SheetRow, column: int) -> str:
        named = places.find(self._root, cell.text)
        if named.kind in _NAMED:
            trouble, words, remedy = _NAMED[named.kind]
            detail = f": {named.detail}" if named.detail else ""
            self._fault(trouble, row, column, f"{cell.text.strip()[:200]!r} {words}{detail}", remedy)
            return ""
        if field is BatchField.FOLDER:
            self.found[row.number] = (named, self._heads.place(column))
        elif named.kind is not NamedKind.FILE:
            words = f"{cell.text.strip()!r} is a folder, and no checksum list"
            self._fault(BatchTrouble.SPECIAL, row, column, words, "Name the file.")
            return ""
        return named.path


def _covered(sheet: RawSheet) -> frozenset[tuple[int, int]]:
    """Rows and columns, from 1, that merged cells cover, the first of each left out; only of rows that are there."""
    if not sheet.merged:
        return frozenset()
    numbers = [row.number for row in sheet.rows]
    widest = max((len(row.cells) for row in sheet.rows), default=0)
    found: set[tuple[int, int]] = set()
    for first_row, last_row, first_column, last_column in sheet.merged:
        for number in numbers:
            if first_row <= number <= last_row:
                columns = range(first_column, min(last_column, widest) + 1)
                found.update((number, column) for column in columns if (number, column) != (first_row, first_column))
        if len(found) > 1_000_000:  # more than any sheet of issues merges; the rows are refused all the same
            break
    return frozenset(found)


def find_headings(sheet: RawSheet) -> tuple[int, Headings] | None:
    """The row that names the columns, among the first ten that are not blank."""
    shown = [row for row in sheet.rows if not row.is_blank][:LOOKED_AT]
    best: tuple[int, Headings] | None = None
    for row in shown:
        found = headings([cell.text for cell in row.cells])
        if found is not None and (best is None or found.known > best[1].known):
            best = (row.number, found)
    return best


def judge_headings(sheet: RawSheet, row: int, heads: Headings) -> Iterator[BatchFault]:
    """Columns that are missing, named twice or not known."""
    line = next((each.line for each in sheet.rows if each.number == row), 0)
    if not heads.columns_of(BatchField.FOLDER):
        named = ", ".join(heads.texts)
        remedy = "Name a column folder (文件夹): it has the folder or file of each issue, relative to the sheet."
        words = f"row {row} names no column for folders: {named[:200]}"
        yield BatchFault(BatchTrouble.NO_FOLDERS, sheet.name, 0, "", words, remedy, line)
    for field in BatchField:
        columns = heads.columns_of(field)
        if len(columns) > 1:
            places_ = " and ".join(heads.place(column) for column in columns)
            words = f"columns {places_} both say the {field.english}"
            yield BatchFault(BatchTrouble.TWO_COLUMNS, sheet.name, 0, "", words, "Name one of them otherwise.", line)
    for index, (text, said) in enumerate(zip(heads.texts, heads.fields, strict=True)):
        if said is None and index not in heads.result_columns and (text or _is_used(sheet, row, index)):
            yield _unknown(sheet, row, index, text, heads, line)


def _unknown(sheet: RawSheet, row: int, index: int, text: str, heads: Headings, line: int) -> BatchFault:
    like = nearest(text) if text else None
    near = f"; perhaps {like.english} ({like.chinese}) is meant" if like is not None else ""
    name = f"the heading {text[:60]!r} is not known" if text else "the column has no heading"
    words = f"{name}{near}; its values are kept in the result and not used"
    return BatchFault(BatchTrouble.UNKNOWN_COLUMN, sheet.name, row, heads.place(index), words, "", line)


def _is_used(sheet: RawSheet, row: int, column: int) -> bool:
    return any(column < len(each.cells) and each.cells[column].text.strip() for each in sheet.rows if each.number > row)


def mixed_dates(sheet: RawSheet, row: int, heads: Headings) -> Iterator[BatchFault]:
    """Dates of the program's own beside texts with the year last: it may have changed over their day and month."""
    for column in heads.columns_of(BatchField.DATE):
        cells = [(each.number, each.cells[column]) for each in sheet.rows
                 if each.number > row and column < len(each.cells)]  # fmt: skip
        texts = [number for number, cell in cells if cell.kind is CellKind.TEXT
                 and values.YEAR_LAST.fullmatch(values.plain(cell.text))]  # fmt: skip
        doubtful = [number for number, cell in cells if cell.day is not None and cell.day.day <= 12]
        if texts and doubtful:
            words = (
                f"the dates of rows {_some(texts)} are texts with the year last, those of rows {_some(doubtful)} are "
                "dates: the program may have changed over day and month of these"
            )
            remedy = "Compare these dates with the mastheads, and write them all as 2021-05-09."
            yield BatchFault(BatchTrouble.DATES_MIXED, sheet.name, row, heads.place(column), words, remedy)


def hidden(sheet: RawSheet, row: int, heads: Headings) -> Iterator[BatchFault]:
    """Rows and columns that people do not see when they look at the sheet; they are read."""
    rows = [each.number for each in sheet.rows
            if each.number > row and not each.is_blank and each.number in sheet.hidden_rows]  # fmt: skip
    if rows:
        words = f"hidden rows were read as well: {_some(rows)}"
        remedy = "Take them out of the sheet if their issues are not meant; a filter hides rows and keeps them."
        yield BatchFault(BatchTrouble.HIDDEN, sheet.name, 0, "", words, remedy)
    columns = [index for index, field in enumerate(heads.fields) if field and index in sheet.hidden_columns]
    if columns:
        words = f"hidden columns were read as well: {', '.join(heads.place(index) for index in columns)}"
        yield BatchFault(BatchTrouble.HIDDEN, sheet.name, 0, "", words, "Look at what they say.")


def _some(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return ", ".join(str(number) for number in numbers[:_SHOWN]) + more
