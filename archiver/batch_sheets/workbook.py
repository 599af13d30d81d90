"""Excel workbooks of issues, read by openpyxl row by row: values only, nothing is computed and no macro run."""

from __future__ import annotations

import warnings
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from archiver.batch_sheets.workbook_parts import NotAWorkbook, SheetParts, checked_members, packed, sheet_members
from archiver.batch_sheets.workbook_parts import sheet_parts as read_parts
from archiver.errors import UsageError
from archiver.model.batch import EMPTY_CELL, BatchFault, BatchTrouble, Cell, CellKind, RawSheet, SheetRow

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.batch import SheetLimits

_DIVIDE = "Divide it into several sheets, and accession one after the other."


def openpyxl() -> Any:
    """The library that reads and writes workbooks. Raises UsageError where there is none."""
    try:
        import openpyxl as library
    except ImportError as error:
        raise UsageError(
            "Excel workbooks need the library openpyxl, which is not installed.",
            remedy="pip install 'archiver[spreadsheets]', or save the sheet as CSV UTF-8.",
        ) from error
    return library


def read_workbook(path: Path, limits: SheetLimits) -> tuple[RawSheet, ...]:
    """Every sheet of a workbook. Raises NotAWorkbook when it is none, UsageError without openpyxl, StorageError."""
    library = openpyxl()
    members = checked_members(path, limits)
    places = sheet_members(members)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: pictures, checks of input, extensions
        try:
            book = library.load_workbook(packed(members), read_only=True, data_only=True, keep_links=False)
            try:
                return tuple(_sheets(book, members, places, limits))
            finally:
                book.close()
        except NotAWorkbook:
            raise
        except Exception as error:
            raise NotAWorkbook(f"it is damaged: {type(error).__name__}: {str(error)[:200]}") from error


def _sheets(book: Any, members: dict[str, bytes], places: dict[str, str], limits: SheetLimits) -> list[RawSheet]:
    found = []
    for position, sheet in enumerate(book.worksheets):
        name = str(sheet.title)
        if position >= limits.sheets:
            words = f"the workbook has more than {limits.sheets} sheets; this one and those behind it were not read"
            found.append(RawSheet(name, (), (BatchFault(BatchTrouble.TOO_LARGE, name, 0, "", words, _DIVIDE),)))
            break
        if sheet.sheet_state != "visible":
            words = "the sheet is hidden, and was not read"
            remedy = "Show it in the spreadsheet program if its issues are meant, and save the workbook."
            found.append(RawSheet(name, (), (BatchFault(BatchTrouble.HIDDEN, name, 0, "", words, remedy),)))
            continue
        parts = read_parts(members[places[name]], limits) if name in places else SheetParts()
        found.append(_sheet(sheet, name, parts, limits))
    return found


def _sheet(sheet: Any, name: str, parts: SheetParts, limits: SheetLimits) -> RawSheet:
    rows: list[SheetRow] = []
    faults: list[BatchFault] = []
    sheet.reset_dimensions()  # what the file states of its size may be wrong
    for number, values in enumerate(sheet.iter_rows(max_col=limits.columns + 1), 1):
        if number > limits.rows:
            faults.append(
                BatchFault(BatchTrouble.TOO_LARGE, name, 0, "", f"it has more than {limits.rows} rows", _DIVIDE)
            )
            break
        cells = [_cell(value) for value in values]
        while cells and cells[-1].kind is CellKind.EMPTY:
            cells.pop()
        if len(cells) > limits.columns:
            words = f"row {number} has more than {limits.columns} columns"
            faults.append(BatchFault(BatchTrouble.TOO_LARGE, name, 0, "", words, _DIVIDE))
            break
        if any(len(cell.text) > limits.cell for cell in cells):
            words = f"a cell of row {number} has more than {limits.cell} characters"
            faults.append(BatchFault(BatchTrouble.TOO_LARGE, name, 0, "", words, _DIVIDE))
            break
        if cells:
            rows.append(SheetRow(number, tuple(cells)))
    return RawSheet(
        name,
        tuple(rows),
        tuple(faults),
        frozenset(parts.hidden_rows),
        frozenset(parts.hidden_columns),
        tuple(parts.merged),
        frozenset(parts.no_value),
    )


def _cell(found: Any) -> Cell:
    value = found.value
    if value is None or value == "":
        return EMPTY_CELL
    if found.data_type == "e":
        return Cell(str(value), CellKind.ERROR)
    if isinstance(value, bool):
        return Cell(str(value).upper(), CellKind.OTHER)
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return Cell(value.date().isoformat() if midnight else value.isoformat(" "), CellKind.DATE, value.date())
    if isinstance(value, date):
        return Cell(value.isoformat(), CellKind.DATE, value)
    if isinstance(value, int):
        return Cell(str(value), CellKind.NUMBER)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return Cell(str(int(value)) if whole else repr(value), CellKind.NUMBER)
    return Cell(str(value), CellKind.TEXT if isinstance(value, str) else CellKind.OTHER)
