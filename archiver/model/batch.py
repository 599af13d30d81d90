"""A sheet of issues, as facts: its columns, its rows with what each says of an issue, and what is wrong with them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.given import given

if TYPE_CHECKING:
    from datetime import date

    from archiver.model.given import Given


class BatchField(enum.Enum):
    """What a column of a sheet says: the English heading, and the Chinese one."""

    FOLDER = ("folder", "文件夹")
    SERIAL = ("serial", "连续出版物")
    TITLE = ("title", "题名")
    DATE = ("date", "日期")
    NUMBER = ("number", "期号")
    WHOLE_NUMBER = ("whole number", "总期号")
    VOLUME = ("volume", "卷号")
    EDITION = ("edition", "版次")
    RIGHTS = ("rights", "权利")
    ACCESS = ("access", "开放范围")
    DEPOSITOR = ("depositor", "缴送者")
    NOTES = ("notes", "备注")
    CHECKSUMS = ("checksums", "校验清单")

    @property
    def english(self) -> str:
        """The English heading."""
        return self.value[0]

    @property
    def chinese(self) -> str:
        """The Chinese heading."""
        return self.value[1]

    @property
    def heading(self) -> str:
        """The heading of a new sheet: both."""
        return f"{self.english} {self.chinese}"


class BatchTrouble(enum.Enum):
    """What can be wrong with a sheet. Each kind is judged by one rule."""

    UNREADABLE = "the sheet cannot be read"
    HOSTILE = "the workbook is not one that a spreadsheet program writes"
    ENCODING = "the encoding is a guess"
    NO_FOLDERS = "no column names the folders"
    TWO_COLUMNS = "two columns say the same"
    UNKNOWN_COLUMN = "a column is not known"
    EMPTY = "the sheet has no row"
    TOO_LARGE = "the sheet is larger than a sheet of issues is"
    RAGGED = "a row has other cells than the heading"
    NOT_UNDERSTOOD = "a row cannot be read"
    DATE = "a date is none"
    DATES_MIXED = "dates of one column may have day and month changed over"
    NUMBER = "a number is none"
    SERIAL = "a serial has no profile"
    ACCESS = "a word for access is none"
    NO_FOLDER = "a row names no folder"
    ABSENT = "what a row names is not there"
    OUTSIDE = "what a row names lies elsewhere"
    SPECIAL = "what a row names is a link or a special file"
    FOLDER_TWICE = "two rows name the same files"
    ISSUE_TWICE = "two rows say the same issue"
    NO_VALUE = "a formula has no value, or an error"
    MERGED = "a cell covers several rows"
    HIDDEN = "something is hidden"
    PASSED_OVER = "a sheet of the workbook is no sheet of issues"


# With these the row is not taken up, or, when they are of no row, none is. The others are warnings and notices.
REFUSING = frozenset(BatchTrouble) - {
    BatchTrouble.ENCODING,
    BatchTrouble.UNKNOWN_COLUMN,
    BatchTrouble.DATES_MIXED,
    BatchTrouble.HIDDEN,
    BatchTrouble.PASSED_OVER,
}


@dataclass(frozen=True, slots=True)
class BatchFault:
    """Something wrong, at its place: `sheet` "" in a CSV file, `row` as spreadsheet programs count (0: the whole).

    `column` is such as "D (date)", "" for the whole row; `line` counts lines of a CSV file, from 1. `is_slight` marks a
    fault that does not keep its row from being taken up, although others of its kind do.
    """

    trouble: BatchTrouble
    sheet: str
    row: int
    column: str
    words: str
    remedy: str = ""
    line: int = 0
    is_slight: bool = False

    @property
    def refuses(self) -> bool:
        """Whether its row, or the sheet, is not taken up."""
        return self.trouble in REFUSING and not self.is_slight

    @property
    def place(self) -> str:
        """Sheet, row and column in words."""
        parts = [f"sheet {self.sheet}" if self.sheet else "", f"row {self.row}" if self.row else ""]
        parts.append(f"column {self.column}" if self.column else "")
        return ", ".join(part for part in parts if part)


class CellKind(enum.Enum):
    """What a cell of a spreadsheet holds. The cells of a CSV file are text, all of them."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    OTHER = "other"  # true or false, a time, a span of time
    ERROR = "error"  # #REF! and its like


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it shows as text (dates in ISO 8601), what kind it is, and the day when it is a date."""

    text: str
    kind: CellKind = CellKind.TEXT
    day: date | None = None


EMPTY_CELL = Cell("", CellKind.EMPTY)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it stands in a sheet: its number there, from 1; the line of a CSV file that it begins on, else 0."""

    number: int
    cells: tuple[Cell, ...]
    line: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was read: rows in order, and what its file alone can tell."""

    name: str  # "" in a CSV file
    rows: tuple[SheetRow, ...]
    faults: tuple[BatchFault, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()  # from 0
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first and last row, first and last column (from 1)
    no_value: frozenset[tuple[int, int]] = frozenset()  # row and column (from 1) of formulas without a value


class NamedKind(enum.Enum):
    """What stands where a cell says."""

    FOLDER = "folder"
    FILE = "file"
    ABSENT = "nothing"
    OUTSIDE = "outside"
    SPECIAL = "link or special file"


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A path that a cell names, relative to the sheet's folder, `/` between parts, as it is on the disk."""

    path: str
    kind: NamedKind
    identity: tuple[int, int] = (0, 0)  # device and inode
    detail: str = ""  # what is in the way


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What one row says of one issue. Dates are ISO 8601, numbers such as "18" or "9-10"; empty: nothing is said."""

    sheet: str
    row: int
    file: str  # the name of the sheet's file
    folder: str = ""  # relative to the sheet's folder, `/` between parts; empty when what is written cannot be taken
    folder_written: str = ""
    serial: str = ""
    title: str = ""
    date: str = ""
    number: str = ""
    whole_number: str = ""
    volume: str = ""
    edition: str = ""
    rights: str = ""
    access: str = ""
    depositor: str = ""
    notes: str = ""
    checksums: str = ""  # a checksum list, relative to the sheet's folder
    written: tuple[str, ...] = ()  # every cell as it stands, in the order of the sheet
    line: int = 0

    @property
    def origin(self) -> str:
        """Where it stands, in words: issues.xlsx, sheet Issues, row 7."""
        return f"{self.file}, sheet {self.sheet}, row {self.row}" if self.sheet else f"{self.file}, row {self.row}"

    @property
    def given(self) -> Given:
        """What the row says of the issue's description; notes are about the deposit, and not among it."""
        return given(
            self.origin,
            title=self.title,
            issue_date=self.date,
            issue_number=self.number,
            whole_number=self.whole_number,
            volume=self.volume,
            edition=self.edition,
        )


@dataclass(frozen=True, slots=True)
class BatchSheet:
    """A file of issues as read: every row that says something, in order, and everything that is wrong.

    `columns` are the headings of its sheets, one after the other, each once; `written` of a row has a cell for each.
    """

    file: str
    basis: str  # "CSV, UTF-8 with byte order mark, comma", "Excel workbook"
    columns: tuple[str, ...] = ()
    rows: tuple[BatchRow, ...] = ()
    faults: tuple[BatchFault, ...] = ()
    sheets: tuple[str, ...] = ()  # those that were read; ("",) of a CSV file
    delimiter: str = ","

    @property
    def refused(self) -> bool:
        """Whether a fault of the whole keeps every row from being taken up."""
        return any(fault.refuses and not fault.row for fault in self.faults)

    def about(self, *troubles: BatchTrouble) -> tuple[BatchFault, ...]:
        """The faults of some kinds, in order."""
        return tuple(fault for fault in self.faults if fault.trouble in troubles)


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """The most that a sheet may hold; sizes in bytes."""

    size: int = 64 * 1024**2
    expanded: int = 256 * 1024**2  # of a workbook, unpacked
    members: int = 5000  # files within a workbook
    rows: int = 100_000
    columns: int = 200
    cell: int = 32_767  # characters, as in Excel
    sheets: int = 100
