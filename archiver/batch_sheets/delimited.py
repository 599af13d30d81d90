"""CSV files of issues: any encoding that can be told, comma, semicolon or tab, quoted line ends."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from archiver.batch_sheets.headings import LOOKED_AT, headings
from archiver.checksum_lists.decoding import decode
from archiver.model.batch import BatchFault, BatchTrouble, Cell, CellKind, RawSheet, SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.model.batch import SheetLimits

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "upright stroke"}
_HINT = re.compile(r"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_HEAD = 1 << 16  # characters in which the delimiter is looked for
_ENCODINGS = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32",
              "utf-32-be": "UTF-32", "gb18030": "GB18030", "big5": "Big5"}  # fmt: skip
_SAVE_UTF8 = "Save the sheet as UTF-8: in Excel, as CSV UTF-8 (comma delimited)."
_SAVE_AGAIN = "Mend the quotation marks, or open the file in a spreadsheet program and save it as CSV UTF-8."


def read_delimited(content: bytes, names: Iterable[str], limits: SheetLimits) -> tuple[RawSheet, str, str]:
    """The rows of a CSV file, the basis in words, and the delimiter.

    `names` of files that lie beside the sheet tell its encoding better than a guess does. Nothing is raised: what
    cannot be read is a fault of the sheet.
    """
    decoded = decode(content, names)
    encoding = _ENCODINGS.get(decoded.encoding, decoded.encoding)
    faults: list[BatchFault] = []
    if decoded.bad_line or "\0" in decoded.text:
        line = decoded.bad_line or decoded.text.count("\n", 0, decoded.text.find("\0")) + 1
        words = f"line {line} has bytes that are text in no encoding"
        faults.append(BatchFault(BatchTrouble.UNREADABLE, "", 0, "", words, _SAVE_UTF8, line))
        return RawSheet("", (), tuple(faults)), f"CSV, {encoding}", ","
    if not encoding.startswith("UTF-"):
        words = f"nothing in the file says its encoding; it is read as {encoding}"
        faults.append(BatchFault(BatchTrouble.ENCODING, "", 0, "", words, f"{_SAVE_UTF8} Look at names and titles."))
    text = decoded.text.removeprefix("\ufeff")
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, limits, faults)
    mark = " with byte order mark" if content.startswith(b"\xef\xbb\xbf") else ""
    basis = f"CSV, {encoding}{mark}, {_DELIMITERS.get(delimiter, repr(delimiter))}"
    return RawSheet("", tuple(rows), tuple(faults)), basis, delimiter


def _delimiter(text: str) -> str:
    """The sign that makes headings of one of the first rows; the one that a first line `sep=` names."""
    hint = _HINT.match(text)
    if hint:
        return hint[1]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        for count, (_line, _end, cells) in enumerate(_records(text[:_HEAD], delimiter)):
            if count >= LOOKED_AT:
                break
            found = headings(cells) if isinstance(cells, list) else None
            if found is not None:
                if found.known > most:
                    best, most = delimiter, found.known
                break
    return best


def _records(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str] | str]]:
    """First and last line of every record with its cells; words where it cannot be read."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (TypeError, ValueError) as error:  # a delimiter that is a quotation mark or a line end
        yield 1, 1, str(error)
        return
    while True:
        begun = reader.line_num + 1
        try:
            row: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = str(error)
        yield begun, max(reader.line_num, begun), row


def _rows(text: str, delimiter: str, limits: SheetLimits, faults: list[BatchFault]) -> list[SheetRow]:
    rows: list[SheetRow] = []
    for number, (line, end, cells) in enumerate(_records(text, delimiter), 1):
        if number > limits.rows:
            faults.append(_too_large(f"it has more than {limits.rows} rows"))
            break
        if isinstance(cells, str):
            lines = f"line {line}" if line == end else f"lines {line} to {end}"
            words = f"row {number} ({lines}) cannot be taken apart: {cells}; rows may have run together"
            faults.append(BatchFault(BatchTrouble.NOT_UNDERSTOOD, "", 0, "", words, _SAVE_AGAIN, line))
        elif len(cells) > limits.columns:
            faults.append(_too_large(f"row {number} has {len(cells)} columns, more than {limits.columns}", line))
        elif any(len(cell) > limits.cell for cell in cells):
            faults.append(_too_large(f"a cell of row {number} has more than {limits.cell} characters", line))
        else:
            held = tuple(Cell(cell, CellKind.TEXT if cell else CellKind.EMPTY) for cell in cells)
            rows.append(SheetRow(number, held, line))
        if len(faults) > limits.columns:
            break
    return rows


def _too_large(words: str, line: int = 0) -> BatchFault:
    remedy = "Divide it into several sheets, and accession one after the other."
    return BatchFault(BatchTrouble.TOO_LARGE, "", 0, "", words, remedy, line)
