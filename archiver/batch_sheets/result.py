"""The result of a batch: the sheet with a column more for each thing that came of its rows, as a CSV that Excel opens.

It is whole at any moment: every version of it is written beside the last and takes its place in one rename.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError, DestinationTaken
from archiver.fixity.durability import sync_folder
from archiver.fixity.measure import failure, open_regular
from archiver.model.batch_result import RESULT_COLUMNS, RowResult

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.batch import BatchSheet

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OBEYED = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet program takes for a formula
_PLAIN_NUMBER = re.compile(r"[+-]\d+(?:[.,]\d+)?")
_HEAD = 1 << 18  # bytes in which the headings of a former result stand
_WRITES = 500  # versions written of a long sheet, at most: writing must not take longer than the work


class ResultFile:
    """The result of one run, in memory row by row and on the disk as often as `keep` is called and it is time."""

    def __init__(self, path: Path, sheet: BatchSheet) -> None:
        self.path, self._sheet = path, sheet
        self._several = len(sheet.sheets) > 1
        self._delimiter = sheet.delimiter if sheet.delimiter == ";" else ","
        columns = ("sheet", *sheet.columns) if self._several else sheet.columns
        self._head = self._line((*columns, *RESULT_COLUMNS))
        self._lines = [self._record(position, RowResult()) for position in range(len(sheet.rows))]
        self._every = max(1, len(sheet.rows) // _WRITES)
        self._changed = 0

    def set(self, position: int, result: RowResult) -> None:
        """Note what came of a row."""
        self._lines[position] = self._record(position, result)
        self._changed += 1

    def keep(self, *, now: bool = False) -> None:
        """Write what is known to the disk: after every row, in long sheets after every few, with `now` in any case.

        Raises StorageError.
        """
        if now or self._changed >= self._every:
            write_whole(self.path, self.content())
            self._changed = 0

    def content(self) -> bytes:
        """The result as it stands: UTF-8 with byte order mark, line ends of CSV (RFC 4180)."""
        return b"".join((BYTE_ORDER_MARK, self._head, *self._lines))

    def _record(self, position: int, result: RowResult) -> bytes:
        row = self._sheet.rows[position]
        cells = (row.sheet, *row.written) if self._several else row.written
        return self._line((*cells, *result.cells))

    def _line(self, cells: tuple[str, ...]) -> bytes:
        return csv_line(cells, self._delimiter)


def csv_line(cells: tuple[str, ...], delimiter: str = ",") -> bytes:
    """A record of a CSV in UTF-8, every cell made harmless."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return stream.getvalue().encode("utf-8", "backslashreplace")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: what begins like one gets an apostrophe before it."""
    if cell.startswith(_OBEYED) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def refuse_taken(path: Path) -> None:
    """Raise DestinationTaken when something stands at `path` that is not the result of a former run."""
    if not (path.is_symlink() or path.exists()):
        return
    if not _is_result(path):
        raise DestinationTaken(
            f"{path} is there already and is not the result of a batch; nothing was changed.",
            remedy="Name another file with --result.",
        )


def _is_result(path: Path) -> bool:
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            head = stream.read(_HEAD)
    except (OSError, ArchiverError):
        return False
    if not head.startswith(BYTE_ORDER_MARK):
        return False
    text = head[len(BYTE_ORDER_MARK) :].decode("utf-8", "replace")
    for delimiter in (",", ";"):
        with contextlib.suppress(csv.Error, StopIteration):
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            if tuple(cells[-len(RESULT_COLUMNS) :]) == RESULT_COLUMNS:
                return True
    return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before, whatever happens. Raises StorageError."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()  # what a run that was killed left
        with partial.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise failure(error, path, "writing") from error
