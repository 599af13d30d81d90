"""An empty sheet of issues, with every column: CSV, or an Excel workbook whose headings tell what goes there.

The same version of archiver writes the same bytes always.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.batch_sheets.result import BYTE_ORDER_MARK, csv_line
from archiver.batch_sheets.workbook import openpyxl
from archiver.errors import DestinationTaken, UsageError
from archiver.fixity.measure import failure
from archiver.model.batch import BatchField

if TYPE_CHECKING:
    from pathlib import Path

_DAY = datetime(1980, 1, 1)  # noqa: DTZ001  the first that a zip file can state; times in workbooks have no zone
_ROWS = 500  # rows that are given the formats of their columns
_AUTHOR = "archiver"

MEANINGS = {
    BatchField.FOLDER: (
        "Needed. The folder or file of one issue, relative to the folder that this sheet lies in: 1964/no-31.",
        "必填。一期所在的文件夹或文件,相对于本表所在的文件夹:1964/no-31。",
    ),
    BatchField.SERIAL: (
        "The ID of the serial's profile. Empty: the masthead tells.",
        "刊物规则的代码。留空则由报头判定。",
    ),
    BatchField.TITLE: ("The title of the serial, as printed.", "刊物题名,照录。"),
    BatchField.DATE: (
        "The day of issue: 2021-05-09, 2021年5月9日 or a date of the program. 03/04/2020 is refused.",
        "出版日期:2021-05-09、2021年5月9日,或表格程序的日期。03/04/2020 有歧义,不予接受。",
    ),
    BatchField.NUMBER: (
        "The number within the year or volume: 18; 9-10 for a combined issue.",
        "当年或当卷的期号:18;合刊写 9-10。",
    ),
    BatchField.WHOLE_NUMBER: ("The number since the first issue: 412.", "创刊以来的总期号:412。"),
    BatchField.VOLUME: ("The volume: 12.", "卷号:12。"),
    BatchField.EDITION: (
        "The edition, for a place or an hour: Morning edition. Not a page.",
        "版本:如地方版、晨版。不是版面。",
    ),
    BatchField.RIGHTS: ("Rights, as agreed with the depositor.", "权利,按与缴送者的约定。"),
    BatchField.ACCESS: ("open or restricted.", "开放 或 受限。"),
    BatchField.DEPOSITOR: ("Who deposits.", "缴送者。"),
    BatchField.NOTES: ("Anything that people should know.", "其他说明。"),
    BatchField.CHECKSUMS: (
        "The depositor's list of checksums for this issue: a file, relative to the sheet's folder.",
        "缴送者为本期提供的校验清单:文件,相对于本表所在的文件夹。",
    ),
}


def template_csv() -> bytes:
    """An empty sheet as CSV, in UTF-8 with byte order mark, so that Excel reads it as such."""
    return BYTE_ORDER_MARK + csv_line(tuple(field.heading for field in BatchField))


def template_workbook() -> bytes:
    """An empty sheet as an Excel workbook. Raises UsageError when openpyxl is not installed."""
    library = openpyxl()
    book = library.Workbook()
    book.properties.creator = _AUTHOR
    book.properties.created = book.properties.modified = _DAY
    sheet = book.active
    sheet.title = "issues"
    sheet.freeze_panes = "B2"
    _headings(sheet)
    _formats(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return _dated(stream.getvalue())


def write_template(path: Path) -> None:
    """Write an empty sheet to a new file, by its suffix a CSV or a workbook.

    Raises UsageError for another suffix or without openpyxl, DestinationTaken, StorageError.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise UsageError(f"{path}: a sheet is written as .csv or .xlsx.", remedy="Name such a file.")
    content = template_csv() if suffix == ".csv" else template_workbook()
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise DestinationTaken(f"{path} is there already; nothing was changed.", remedy="Name another file.") from error
    except OSError as error:
        raise failure(error, path, "writing") from error


def _headings(sheet: Any) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    for column, field in enumerate(BatchField, 1):
        cell = sheet.cell(1, column, field.heading)
        cell.font = Font(bold=True)
        cell.comment = Comment("\n".join(MEANINGS[field]), _AUTHOR, height=130, width=320)
        widths = {BatchField.FOLDER: 32, BatchField.NOTES: 32, BatchField.TITLE: 24, BatchField.RIGHTS: 24}
        sheet.column_dimensions[cell.column_letter].width = widths.get(field, 18)


def _formats(sheet: Any) -> None:
    """Dates are shown as they are to be written; numbers are texts, so that 9-10 becomes no date."""
    formats = dict.fromkeys(BatchField, "@") | {BatchField.DATE: "yyyy-mm-dd"}
    for column, field in enumerate(BatchField, 1):
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].number_format = formats[field]
        for row in range(2, _ROWS + 2):
            sheet.cell(row, column).number_format = formats[field]


def _dated(content: bytes) -> bytes:
    """The workbook with one day for all of its parts: openpyxl writes the hour at which it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(stream, "w") as archive:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, _DAY.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            archive.writestr(part, _modified(name, made.read(name)))
    return stream.getvalue()


def _modified(name: str, content: bytes) -> bytes:
    """The properties of the workbook with its day; openpyxl sets the time of saving."""
    if name != "docProps/core.xml":
        return content
    stamp = _DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
