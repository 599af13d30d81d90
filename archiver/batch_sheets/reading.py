"""A file of issues read: CSV or Excel by its content, every row with what it says, every fault with its place."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.batch_sheets import comparing, rows
from archiver.batch_sheets.delimited import read_delimited
from archiver.errors import SourceChanged
from archiver.fixity.measure import failure, open_regular
from archiver.model.batch import (
    BatchFault,
    BatchRow,
    BatchSheet,
    BatchTrouble,
    NamedPath,
    RawSheet,
    SheetLimits,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from archiver.batch_sheets.headings import Headings

_NO_LIMITS_NAMED = SheetLimits()
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old workbooks, and new ones behind a password
_AS_XLSX = "Save it as an Excel workbook (.xlsx) without a password, or as CSV UTF-8."
_TEMPLATE = "archiver template batch writes an empty sheet with every column."


def read_batch(path: Path, serials: Collection[str], limits: SheetLimits = _NO_LIMITS_NAMED) -> BatchSheet:
    """Every row of a sheet and every fault in it. Reads the sheet and looks at what its rows name; opens none of that.

    `serials` are the IDs of known profiles. Raises UnreadableInput when the file is missing, may not be read or is no
    regular file, StorageError, SourceChanged, and UsageError when a workbook comes and openpyxl is not installed. What
    is wrong with its content is among the faults.
    """
    content = _content(path, limits)
    if content is None:
        words = f"it has more than {limits.size} bytes"
        return _faulty(path, "", BatchTrouble.TOO_LARGE, words, "Divide it into several sheets.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return _faulty(path, "empty file", BatchTrouble.EMPTY, "there is nothing in the file", _TEMPLATE)
    if content.startswith(_OLE):
        words = "it is a workbook of before 2007 (.xls), or one behind a password"
        return _faulty(path, "Excel 97 workbook", BatchTrouble.UNREADABLE, words, _AS_XLSX)
    if content.startswith((b"PK\3\4", b"PK\5\6")):
        return _workbook(path, serials, limits)
    if content.startswith((b"%PDF", b"{\\rtf", b"\x1f\x8b", b"<?xml", b"<html", b"<!DOCTYPE", b"<table")):
        return _faulty(path, "", BatchTrouble.UNREADABLE, "it is neither CSV nor an Excel workbook", _AS_XLSX)
    names = _names_beside(path)
    sheet, basis, delimiter = read_delimited(content, names, limits)
    return _read(path, basis, [sheet], serials, delimiter)


def _content(path: Path, limits: SheetLimits) -> bytes | None:
    descriptor = open_regular(path)
    try:
        with os.fdopen(descriptor, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            content = stream.read(limits.size + 1) if size <= limits.size else b""
    except OSError as error:
        raise failure(error, path, "reading") from error
    if size > limits.size or len(content) > limits.size:
        return None
    if len(content) != size:
        raise SourceChanged(f"{path} changed while it was read.", remedy="Save it, and run the command again.")
    return content


def _names_beside(path: Path) -> list[str]:
    try:
        with os.scandir(path.parent) as entries:
            return [entry.name for _count, entry in zip(range(10_000), entries, strict=False)]
    except OSError:
        return []


def _faulty(path: Path, basis: str, trouble: BatchTrouble, words: str, remedy: str) -> BatchSheet:
    return BatchSheet(path.name, basis, faults=(BatchFault(trouble, "", 0, "", words, remedy),))


def _workbook(path: Path, serials: Collection[str], limits: SheetLimits) -> BatchSheet:
    from archiver.batch_sheets.workbook import read_workbook
    from archiver.batch_sheets.workbook_parts import NotAWorkbook

    basis = "Excel workbook"
    try:
        sheets = read_workbook(path, limits)
    except NotAWorkbook as error:
        trouble = BatchTrouble.HOSTILE if error.hostile else BatchTrouble.UNREADABLE
        return _faulty(path, basis, trouble, str(error), _AS_XLSX)
    return _read(path, basis, list(sheets), serials, ",")


def _read(path: Path, basis: str, sheets: list[RawSheet], serials: Collection[str], delimiter: str) -> BatchSheet:
    faults = [fault for sheet in sheets for fault in sheet.faults]
    blocked = any(fault.refuses for fault in faults)
    with_headings = [(sheet, found) for sheet in sheets if (found := rows.find_headings(sheet)) is not None]
    if not with_headings:
        if not blocked:
            faults.append(_no_headings(sheets))
        return BatchSheet(path.name, basis, faults=tuple(faults), delimiter=delimiter)
    for sheet in sheets:
        if all(sheet is not each for each, _found in with_headings) and any(not row.is_blank for row in sheet.rows):
            words = "no row among the first ten names columns; the sheet was passed over"
            faults.append(BatchFault(BatchTrouble.PASSED_OVER, sheet.name, 0, "", words, _TEMPLATE))
    union = _Union()
    read: list[BatchRow] = []
    named: dict[tuple[str, int], tuple[NamedPath, str]] = {}
    for sheet, (row, heads) in with_headings:
        faults += [*rows.judge_headings(sheet, row, heads), *rows.hidden(sheet, row, heads)]
        faults += rows.mixed_dates(sheet, row, heads)
        reader = rows.SheetReader(sheet, heads, path.parent, path.name, serials)
        mine = list(reader.rows(row))
        faults += reader.faults
        named |= {(sheet.name, number): found for number, found in reader.found.items()}
        read += union.aligned(heads, mine)
    if not read and not any(fault.refuses and not fault.row for fault in faults):
        words = "there is no row below the headings"
        faults.append(BatchFault(BatchTrouble.EMPTY, "", 0, "", words, "Write a row for each issue."))
    faults += [*comparing.same_files(read, named), *comparing.same_issues(read)]
    rows_read = union.padded(read)
    names = tuple(sheet.name for sheet, _found in with_headings)
    return BatchSheet(path.name, basis, union.columns, rows_read, _ordered(faults), names, delimiter)


def _no_headings(sheets: list[RawSheet]) -> BatchFault:
    if all(row.is_blank for sheet in sheets for row in sheet.rows):
        return BatchFault(BatchTrouble.EMPTY, "", 0, "", "there is no row in it", _TEMPLATE)
    words = "no row among the first ten names columns such as folder and date (文件夹, 日期)"
    return BatchFault(BatchTrouble.NO_FOLDERS, "", 0, "", words, _TEMPLATE)


def _ordered(faults: list[BatchFault]) -> tuple[BatchFault, ...]:
    """By sheet in their order of appearance, then by row; those of one row as they were found."""
    sheets = {name: index for index, name in enumerate(dict.fromkeys(fault.sheet for fault in faults))}
    return tuple(sorted(faults, key=lambda fault: (sheets[fault.sheet], fault.row)))


class _Union:
    """The columns of several sheets as those of one: each heading once, as often as one sheet has it."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int], int] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(text for text, _count in self._places)

    def aligned(self, heads: Headings, found: list[BatchRow]) -> list[BatchRow]:
        """Rows with their cells at the places of the union; what a former result added is left out."""
        counts: dict[str, int] = {}
        places: list[int] = []
        for index, text in enumerate(heads.texts):
            if index in heads.result_columns:
                places.append(-1)
                continue
            counts[text] = counts.get(text, 0) + 1
            places.append(self._places.setdefault((text, counts[text]), len(self._places)))
        aligned = []
        for row in found:
            cells = [""] * len(self._places)
            for place, cell in zip(places, row.written, strict=False):
                if place >= 0:
                    cells[place] = cell
            aligned.append(replace(row, written=tuple(cells)))
        return aligned

    def padded(self, found: list[BatchRow]) -> tuple[BatchRow, ...]:
        """Rows with a cell for every column: those of the first sheets do not know those of the last."""
        width = len(self._places)
        return tuple(
            row
            if len(row.written) == width
            else replace(row, written=(*row.written, *("",) * (width - len(row.written))))
            for row in found
        )
