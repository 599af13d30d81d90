"""Sheets of issues as they come: CSV in every dress, workbooks made by openpyxl, and what is made to harm."""

from __future__ import annotations

import csv
import datetime
import io
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import plugs
from archiver.batch_sheets import template, values
from archiver.batch_sheets.headings import field_of, letters
from archiver.batch_sheets.reading import read_batch
from archiver.batch_sheets.result import ResultFile, harmless, refuse_taken, write_whole
from archiver.errors import ArchiverError, DestinationTaken, UnreadableInput, UsageError
from archiver.model.batch import (
    REFUSING,
    BatchField,
    BatchSheet,
    BatchTrouble,
    Cell,
    CellKind,
    SheetLimits,
)
from archiver.model.batch_result import RESULT_COLUMNS, RowOutcome, RowResult
from archiver.model.report import Outcome, Severity

SERIALS = ("saltmarsh-courier", "qinghe-newsletter")
HEAD = "folder,date,number,title,rights\r\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with three deposits, one of them called in Chinese."""
    for name in ("a", "b", "青禾/第一期"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "c.txt").write_text("text\n")
    return tmp_path


def read(place: Path, content: str | bytes, name: str = "issues.csv") -> BatchSheet:
    (place / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_batch(place / name, SERIALS)


def told(sheet: BatchSheet) -> list[tuple[str, int, str]]:
    """Kind, row and first letters of the column of every fault."""
    return [(fault.trouble.name, fault.row, fault.column.partition(" ")[0]) for fault in sheet.faults]


def workbook(place: Path, fill: Callable[[Any], None], name: str = "issues.xlsx") -> BatchSheet:
    book = openpyxl.Workbook()
    book.active.title = "Issues"
    fill(book)
    book.save(place / name)
    return read_batch(place / name, SERIALS)


def codes(sheet: BatchSheet) -> dict[str, Severity]:
    """The rules that found something, with the gravest severity each."""
    runs, findings = plugs.run_checks("batch", sheet, subject=sheet.file)
    assert {run.outcome for run in runs} <= {Outcome.PASSED, Outcome.FAILED}
    found: dict[str, Severity] = {}
    for one in findings:
        if one.code not in found or one.severity.at_least(found[one.code]):
            found[one.code] = one.severity
    return found


ROWS = '文件夹,日期,期号,题名,权利,备注\r\n青禾/第一期,2021年5月9日,第18期,青禾时报,依约,"两行\r\n备注"\r\n'


@pytest.mark.parametrize(
    ("encoding", "basis"),
    [
        ("utf-8", "CSV, UTF-8, comma"),
        ("utf-8-sig", "CSV, UTF-8 with byte order mark, comma"),
        ("utf-16", "CSV, UTF-16, comma"),
        ("gb18030", "CSV, GB18030, comma"),
    ],
)
def test_encodings(place: Path, encoding: str, basis: str) -> None:
    sheet = read(place, ROWS.encode(encoding))
    assert sheet.basis == basis
    row = sheet.rows[0]
    assert (row.folder, row.date, row.number, row.title, row.rights) == (
        "青禾/第一期", "2021-05-09", "18", "青禾时报", "依约",
    )  # fmt: skip
    assert row.notes == "两行\r\n备注"
    assert [fault.trouble for fault in sheet.faults] == ([BatchTrouble.ENCODING] if encoding == "gb18030" else [])
    assert codes(sheet) == ({"BAT-009": Severity.NOTICE} if encoding == "gb18030" else {})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("before", ["", "Deposit of 2021\n\n"])
def test_delimiters(place: Path, delimiter: str, before: str) -> None:
    lines = [["folder", "date", "rights"], ["a", "2021-05-09", "of us, and of you; both"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(lines)
    sheet = read(place, before + stream.getvalue())
    assert sheet.delimiter == delimiter and sheet.rows[0].rights == "of us, and of you; both"
    assert sheet.rows[0].row == (4 if before else 2)


def test_a_hint_of_the_delimiter(place: Path) -> None:
    sheet = read(place, "sep=;\r\nfolder;date\r\na;2021-05-09\r\n")
    assert (sheet.delimiter, sheet.rows[0].folder, sheet.rows[0].row, sheet.faults) == (";", "a", 3, ())


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Folder", BatchField.FOLDER), ("文件夹", BatchField.FOLDER), ("date 日期", BatchField.DATE),
        ("题名 (title)", BatchField.TITLE), ("Whole_Number", BatchField.WHOLE_NUMBER),
        ("总期号", BatchField.WHOLE_NUMBER),
        ("期号", BatchField.NUMBER), ("No.", BatchField.NUMBER), ("DATE*", BatchField.DATE),
        ("Jahrgang", BatchField.VOLUME),
        ("権利", BatchField.RIGHTS), ("date of birth", None), ("date 期号", None), ("", None), ("x" * 500, None),
    ],
)  # fmt: skip
def test_headings(heading: str, field: BatchField | None) -> None:
    assert field_of(heading) is field


def test_every_heading_of_the_document_is_understood(repository: Path) -> None:
    text = (repository / "docs/batch.md").read_text(encoding="utf-8").split("## Columns")[1].split("### Dates")[0]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(BatchField)
    for english, chinese, _meaning, others in rows:
        words = [english.strip(" `"), *(word.strip() for word in (chinese + "," + others).split(","))]
        assert {field_of(word) for word in words} == {field_of(words[0])}, words
        assert field_of(words[0]) is not None


@pytest.mark.parametrize("field", BatchField)
def test_the_headings_of_the_template_are_understood(field: BatchField) -> None:
    assert field_of(field.heading) is field


def test_columns_have_the_letters_of_spreadsheet_programs() -> None:
    from openpyxl.utils import get_column_letter

    assert [letters(index) for index in range(1000)] == [get_column_letter(index + 1) for index in range(1000)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-05-09", "2021-05-09"), ("2021/5/9", "2021-05-09"), ("2021.5.9", "2021-05-09"),
        ("20210509", "2021-05-09"),
        ("2021年5月9日", "2021-05-09"), ("2021 年 05 月 09 日", "2021-05-09"), ("２０２１年５月９日", "2021-05-09"),
        ("2021-05-09 00:00:00", "2021-05-09"), ("25/04/2020", "2020-04-25"), ("04/25/2020", "2020-04-25"),
        ("05/05/2020", "2020-05-05"), ("9 May 2021", "2021-05-09"), ("2021年5月9日 星期日", "2021-05-09"),
        ("二〇二一年五月九日", "2021-05-09"), (" 2020-02-29\u200b", "2020-02-29"),
    ],
)  # fmt: skip
def test_days(written: str, day: str) -> None:
    assert values.day_of(Cell(written)).value == day


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("03/04/2020", "2020-04-03 (day first) and as 2020-03-04"), ("3.4.2020", "month first"),
        ("2021-02-29", "no day"),
        ("2021年13月1日", "no day"), ("44325", "as a day of Excel it would be 2021-05-09"),
        ("2021-05", "names no day"),
        ("2021", "names no day"), ("2021年5月", "names no day"), ("9.5.21", "year of two figures"),
        ("soon", "no date"),
        ("about 9 May 2021", "no date"), ("2021-05-09?!x", "no date"), ("32/13/2020", "no day"),
        ("?" * 5000, "no date"),
    ],
)  # fmt: skip
def test_what_is_no_day(written: str, words: str) -> None:
    said = values.day_of(Cell(written))
    assert said.value == "" and words in said.trouble and said.remedy


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("18", "18"), ("018", "18"), ("第18期", "18"), ("总第412期", "412"), ("No. 18", "18"), ("XII", "12"),
        ("十八", "18"),
        ("9-10", "9-10"), ("9–10", "9-10"), ("3/4", "3-4"), ("第9、10期", "9-10"), ("９-１０", "9-10"),
        ("Vol. XII", "12"),
        ("x", ""), ("10-9", ""), ("1,024", ""), ("-3", ""), ("18.5", ""), ("12345678901", ""), ("18 or 19", ""),
    ],
)  # fmt: skip
def test_numbers(written: str, number: str) -> None:
    said = values.number_of(Cell(written))
    assert (said.value, bool(said.trouble)) == (number, not number)


def test_every_fault_names_row_and_column(place: Path) -> None:
    (place / "way").symlink_to(place / "a")
    content = (
        "folder,date,number,serial,access,rihgts\r\n"
        "a,03/04/2020,x,nobody,secret,r\r\n"
        "../a,,,,,\r\n"
        ",2021-05-16,,,,\r\n"
        "nowhere,,,,,\r\n"
        "\r\n"
        "way,,,,,\r\n"
        'b,2021-05-09,"1\r\n8",,,\r\n'
        "/etc,,,,,\r\n"
        "C:\\issues,,,,,\r\n"
        ".,,,,,\r\n"
        "way/x,,,,,\r\n"
    )
    sheet = read(place, content)
    assert told(sheet) == [
        ("UNKNOWN_COLUMN", 1, "F"),
        ("SERIAL", 2, "D"),
        ("DATE", 2, "B"),
        ("NUMBER", 2, "C"),
        ("ACCESS", 2, "E"),
        ("OUTSIDE", 3, "A"),
        ("NO_FOLDER", 4, "A"),
        ("ABSENT", 5, "A"),
        ("SPECIAL", 7, "A"),
        ("NUMBER", 8, "C"),
        ("OUTSIDE", 9, "A"),
        ("OUTSIDE", 10, "A"),
        ("OUTSIDE", 11, "A"),
        ("SPECIAL", 12, "A"),
    ]
    assert [row.row for row in sheet.rows] == [2, 3, 4, 5, 7, 8, 9, 10, 11, 12]
    assert [row.line for row in sheet.rows][-2:] == [12, 13]
    assert sheet.rows[0].folder_written == "a" and sheet.rows[1].folder_written == "../a"
    _runs, findings = plugs.run_checks("batch", sheet, subject="issues.csv")
    ambiguous = next(found for found in findings if found.code == "BAT-016")
    assert ambiguous.message.startswith("row 2, column B (date): '03/04/2020' can be read as 2020-04-03")
    assert (ambiguous.path, ambiguous.line, ambiguous.severity) == ("issues.csv", 2, Severity.ERROR)
    assert all(found.path == "issues.csv" for found in findings)


def test_folders_that_are_files_or_written_otherwise(place: Path) -> None:
    (place / "Café").mkdir()
    sheet = read(place, "folder\r\nc.txt\r\n青禾\\第一期\r\n./a/\r\nCafe\u0301\r\n" + f'"{place / "b"}"\r\n')
    assert [row.folder for row in sheet.rows] == ["c.txt", "青禾/第一期", "a", "Café", "b"]
    assert sheet.faults == ()


def test_folders_named_twice(place: Path) -> None:
    (place / "a" / "inner").mkdir()
    sheet = read(place, "folder\r\na\r\nb\r\n./b\r\na/inner\r\n")
    assert [(kind, row) for kind, row, _column in told(sheet)] == [("FOLDER_TWICE", row) for row in (2, 3, 4, 5)]
    assert "'b' is named by row 4 too" in [fault.words for fault in sheet.faults]


def test_issues_said_twice(place: Path) -> None:
    head = "folder,title,date,number,edition\r\n"
    assert read(place, head + "a,T,2021-05-09,1,\r\nb,t,2021-05-09,1,late\r\n").faults == ()
    assert read(place, head + "a,T,,1,\r\nb,T,,1,\r\n").faults == ()
    twice = read(place, head + "a,T,2021-05-09,1,\r\nb,t,2021/5/9,No. 1,\r\n")
    assert [(kind, row) for kind, row, _column in told(twice)] == [("ISSUE_TWICE", 2), ("ISSUE_TWICE", 3)]
    assert all(fault.refuses for fault in twice.faults)
    of_two = read(place, head + "a,,2021-05-09,1,\r\nb,,2021/5/9,1,\r\n")
    assert codes(of_two) == {"BAT-015": Severity.WARNING} and not any(fault.refuses for fault in of_two.faults)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("", "EMPTY"), ("\ufeff", "EMPTY"), ("\r\n\r\n", "EMPTY"), (HEAD, "EMPTY"), (HEAD + ",,\r\n", "EMPTY"),
        ("date,number\r\n2021-05-09,1\r\n", "NO_FOLDERS"), ("nothing,of,this\r\n1,2,3\r\n", "NO_FOLDERS"),
        ("folder,path\r\na,b\r\n", "TWO_COLUMNS"), (HEAD + 'a,"2021\r\nb,,\r\n', "NOT_UNDERSTOOD"),
        (HEAD + 'a,"x"y,\r\n', "NOT_UNDERSTOOD"), (HEAD + "a\0,,\r\n", "UNREADABLE"),
        (b"\xff\xff\xfe\xfd\x81" * 9, "UNREADABLE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "UNREADABLE"), (b"%PDF-1.7\n", "UNREADABLE"),
        (b"PK\3\4 is no zip", "HOSTILE"), (HEAD + "a" + "," * 300 + "\r\n", "TOO_LARGE"),
        (HEAD + "a," + "x" * 40000 + "\r\n", "TOO_LARGE"), ("<html><table>", "UNREADABLE"),
    ],
)  # fmt: skip
def test_sheets_of_which_no_row_is_taken_up(place: Path, content: str | bytes, kind: str) -> None:
    sheet = read(place, content)
    assert sheet.refused and kind in {fault.trouble.name for fault in sheet.faults}
    assert Severity.ERROR in codes(sheet).values()


def test_limits(place: Path) -> None:
    (place / "issues.csv").write_text(HEAD + "a,,,,\r\n" * 50)
    for limits in (SheetLimits(rows=20), SheetLimits(size=100)):
        sheet = read_batch(place / "issues.csv", SERIALS, limits)
        assert sheet.refused and sheet.faults[0].trouble is BatchTrouble.TOO_LARGE


def test_ragged_rows(place: Path) -> None:
    sheet = read(place, "folder,date,title\r\na,2021-05-09,The Courier, of Saltmarsh\r\nb,2021-05-10\r\n")
    assert [(fault.trouble, fault.row, fault.refuses) for fault in sheet.faults] == [
        (BatchTrouble.RAGGED, 2, True),
        (BatchTrouble.RAGGED, 3, False),
    ]
    assert codes(sheet) == {"BAT-008": Severity.ERROR}
    assert sheet.rows[1].written == ("b", "2021-05-10", "")


def test_what_a_row_gives(place: Path) -> None:
    content = "folder,title,date,number,whole number,volume,edition\r\na,T,2021-05-09,18,412,XII,late\r\n"
    row = read(place, content).rows[0]
    assert row.given.origin == "issues.csv, row 2"
    assert dict(row.given.values) == {
        "title": "T", "issue-date": "2021-05-09", "volume": "12",
        "issue-number": "18", "whole-number": "412", "edition": "late"
    }  # fmt: skip


def test_a_sheet_that_is_no_file(place: Path) -> None:
    (place / "link.csv").symlink_to(place / "c.txt")
    os.mkfifo(place / "pipe.csv")
    for name in ("none.csv", "link.csv", "pipe.csv", "a"):
        with pytest.raises(UnreadableInput):
            read_batch(place / name, SERIALS)


def test_a_workbook(place: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Deposit of 2021"])
        sheet.append(["文件夹", "日期", "期号", "总期号", "mine"])
        sheet.append(["a", datetime.date(2021, 5, 9), 18, 412.0, True])
        sheet.append([])
        sheet.append(["b", "2021年5月16日", "19", None, 0.5])

    sheet = workbook(place, fill)
    assert sheet.basis == "Excel workbook" and sheet.sheets == ("Issues",)
    assert [(row.row, row.folder, row.date, row.number, row.whole_number) for row in sheet.rows] == [
        (3, "a", "2021-05-09", "18", "412"),
        (5, "b", "2021-05-16", "19", ""),
    ]
    assert [row.written for row in sheet.rows] == [
        ("a", "2021-05-09", "18", "412", "TRUE"),
        ("b", "2021年5月16日", "19", "", "0.5"),
    ]
    assert sheet.rows[0].origin == "issues.xlsx, sheet Issues, row 3"
    assert codes(sheet) == {"BAT-007": Severity.WARNING}


def test_dates_of_the_calendar_of_1904(place: Path) -> None:
    def fill(book: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
        book.active.append(["folder", "date"])
        book.active.append(["a", datetime.date(2021, 5, 9)])

    assert workbook(place, fill).rows[0].date == "2021-05-09"


def test_what_only_workbooks_have(place: Path) -> None:
    for name in "defgh":
        (place / name).mkdir()

    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["folder", "date", "number", "rights"])
        sheet.append(["a", datetime.date(2021, 4, 3), 1, "ours"])
        sheet.append(["b", "25/04/2021", datetime.date(2021, 10, 9), None])
        sheet.append(["d", None, 3, "=A1&B1"])
        sheet.append(["e", None, 4, "x", None, "beyond"])
        sheet.append(["f", None, "#REF!", None])
        sheet["C6"].data_type = "e"
        sheet.merge_cells("D2:D3")
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["C"].hidden = True
        book.create_sheet("Notes").append(["something", "else"])
        book.create_sheet("Blank")
        book.create_sheet("Old").append(["folder"])
        book["Old"].sheet_state = "hidden"

    sheet = workbook(place, fill)
    assert sorted((kind, row, column) for kind, row, column in told(sheet)) == [
        ("DATES_MIXED", 1, "B"),
        ("HIDDEN", 0, ""),
        ("HIDDEN", 0, ""),
        ("HIDDEN", 0, ""),
        ("MERGED", 3, "D"),
        ("NO_VALUE", 4, "D"),
        ("NO_VALUE", 6, "C"),
        ("NUMBER", 3, "C"),
        ("PASSED_OVER", 0, ""),
        ("RAGGED", 5, "F"),
    ]
    words = " ".join(fault.words for fault in sheet.faults)
    assert "hidden rows were read as well: 5" in words and "hidden columns were read as well: C (number)" in words
    assert {row.row for row in sheet.rows} - {fault.row for fault in sheet.faults if fault.refuses} == {2, 5}
    assert codes(sheet)["BAT-023"] is Severity.WARNING and codes(sheet)["BAT-024"] is Severity.NOTICE


def test_several_sheets(place: Path) -> None:
    def fill(book: Any) -> None:
        book.active.append(["folder", "date", "mine"])
        book.active.append(["a", "2021-05-09", "x"])
        second = book.create_sheet("二")
        second.append(["日期", "folder", "notes"])
        second.append(["2021-05-09", "b", "n"])
        second.append(["2021-05-10", "a", "m"])

    sheet = workbook(place, fill)
    assert sheet.columns == ("folder", "date", "mine", "日期", "notes")
    assert [(row.sheet, row.written) for row in sheet.rows] == [
        ("Issues", ("a", "2021-05-09", "x", "", "")),
        ("二", ("b", "", "", "2021-05-09", "n")),
        ("二", ("a", "", "", "2021-05-10", "m")),
    ]
    twice = [fault for fault in sheet.faults if fault.trouble is BatchTrouble.FOLDER_TWICE]
    assert [fault.words for fault in twice] == [
        "'a' is named by row 3 of sheet 二 too",
        "'a' is named by row 2 of sheet Issues too",
    ]
    content = ResultFile(place / "r.csv", sheet).content().decode("utf-8-sig")
    assert content.splitlines()[0].startswith("sheet,folder,date,mine,日期,notes,outcome,")


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "entities": lambda content: content.replace(
        b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet', 1
    ),
    "utf-16": lambda content: content.decode().encode("utf-16"),
    "utf-7": lambda content: b'<?xml version="1.0" encoding="UTF-7"?>' + content,
    "bomb": lambda content: content + b" " * 80_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_workbooks_that_are_made_to_harm(place: Path, name: str) -> None:
    workbook(place, lambda book: book.active.append(["folder", "a"]), "good.xlsx")
    rewritten(
        place / "good.xlsx",
        place / "bad.xlsx",
        lambda part, content: HOSTILE[name](content) if part == SHEET else content,
    )
    sheet = read_batch(place / "bad.xlsx", SERIALS)
    assert sheet.refused and [fault.trouble for fault in sheet.faults] == [BatchTrouble.HOSTILE]
    assert codes(sheet) == {"BAT-002": Severity.ERROR}


def test_zip_files_that_are_no_workbook(place: Path) -> None:
    with zipfile.ZipFile(place / "issues.xlsx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    sheet = read_batch(place / "issues.xlsx", SERIALS)
    assert sheet.refused and "no Excel workbook" in sheet.faults[0].words


def test_a_row_number_beyond_all_measure(place: Path) -> None:
    workbook(
        place, lambda book: [book.active.append(["folder", "date"]), book.active.append(["a", "2021-05-09"])], "a.xlsx"
    )

    def far(_part: str, content: bytes) -> bytes:
        return content.replace(b'"2"', b'"99999999"').replace(b'"A2"', b'"A99999999"')

    rewritten(place / "a.xlsx", place / "b.xlsx", far)
    sheet = read_batch(place / "b.xlsx", SERIALS)
    assert sheet.refused and sheet.faults


def test_workbooks_without_the_library(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(place, lambda book: book.active.append(["folder"]))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match="openpyxl, which is not installed") as raised:
        read_batch(place / "issues.xlsx", SERIALS)
    assert "archiver[spreadsheets]" in raised.value.remedy
    assert read(place, "folder\na\n").rows


def test_severities_are_what_refuses() -> None:
    """A kind of fault that keeps its row from being taken up is an error, and no other is."""
    rules = {known.rule.code: known.rule.severity for known in plugs.checks("batch")}
    from archiver.model.batch import BatchFault

    told_by: dict[str, BatchTrouble] = {}
    for trouble in BatchTrouble:
        found = codes(BatchSheet("x", "CSV", faults=(BatchFault(trouble, "", 2, "A", "words"),)))
        assert len(found) == 1, trouble
        code = next(iter(found))
        told_by[code] = trouble
        assert (rules[code] is Severity.ERROR) == (trouble in REFUSING)
    assert set(told_by) == set(rules)


def test_many_faults_are_counted(place: Path) -> None:
    sheet = read(place, "folder\r\n" + "".join(f"no-{number}\r\n" for number in range(500)))
    _runs, findings = plugs.run_checks("batch", sheet, subject="x")
    assert len(findings) == 201 and findings[-1].message.startswith("300 more faults of this kind")


def test_the_template_in_csv(place: Path) -> None:
    template.write_template(place / "t.csv")
    content = (place / "t.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [field.heading for field in BatchField]
    sheet = read_batch(place / "t.csv", SERIALS)
    assert [fault.trouble for fault in sheet.faults] == [BatchTrouble.EMPTY]
    for name, kind in (("t.csv", DestinationTaken), ("t.ods", UsageError)):
        with pytest.raises(kind):
            template.write_template(place / name)


def test_the_template_as_a_workbook(place: Path) -> None:
    assert template.template_workbook() == template.template_workbook()
    template.write_template(place / "t.xlsx")
    book = openpyxl.load_workbook(place / "t.xlsx")
    cells = next(book.active.iter_rows(max_row=1))
    assert [cell.value for cell in cells] == [field.heading for field in BatchField]
    for cell, field in zip(cells, BatchField, strict=True):
        assert cell.comment.text == "\n".join(template.MEANINGS[field])
    assert book.active["D2"].number_format == "yyyy-mm-dd" and book.active["E2"].number_format == "@"
    book.active["A2"], book.active["D2"], book.active["E2"] = "a", datetime.date(2021, 5, 9), "9-10"
    book.save(place / "filled.xlsx")
    sheet = read_batch(place / "filled.xlsx", SERIALS)
    assert sheet.faults == () and (sheet.rows[0].date, sheet.rows[0].number) == ("2021-05-09", "9-10")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-x", "'-x"), ("@a", "'@a"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("-5", "-5"), ("+3.5", "+3.5"), ("a=1", "a=1"), ("", ""), ("'x", "'x"),
    ],
)  # fmt: skip
def test_cells_are_made_harmless(cell: str, shown: str) -> None:
    assert harmless(cell) == shown


def test_a_result_is_a_sheet(place: Path) -> None:
    sheet = read(place, "folder,date,title,mine\r\na,2021-05-09,=T,x\r\nb,2021-05-10,U,-2\r\n")
    file = ResultFile(place / "r.csv", sheet)
    file.set(0, RowResult(RowOutcome.ACCESSIONED, "2026.001", "p", "1 notice", "", "2026-01-05T01:00:00+00:00"))
    file.keep()
    rows = list(csv.reader(io.StringIO((place / "r.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert rows == [
        ["folder", "date", "title", "mine", *RESULT_COLUMNS],
        ["a", "2021-05-09", "'=T", "x", "accessioned", "2026.001", "p", "1 notice", "", "2026-01-05T01:00:00+00:00"],
        ["b", "2021-05-10", "U", "-2", "waiting", "", "", "", "", ""],
    ]
    refuse_taken(place / "r.csv")
    again = read_batch(place / "r.csv", SERIALS)
    assert again.columns == ("folder", "date", "title", "mine")
    assert [fault.trouble for fault in again.faults] == [BatchTrouble.UNKNOWN_COLUMN]  # mine; ours are passed over
    assert [row.folder for row in again.rows] == ["a", "b"] and again.rows[1].written == sheet.rows[1].written


def test_nothing_but_a_result_is_replaced(place: Path) -> None:
    (place / "mine.csv").write_text("folder,outcome\n")
    (place / "link.csv").symlink_to(place / "c.txt")
    for name in ("mine.csv", "link.csv", "a"):
        with pytest.raises(DestinationTaken):
            refuse_taken(place / name)
    refuse_taken(place / "new.csv")
    (place / ".r.csv.partial").write_bytes(b"left by a run that was killed")
    write_whole(place / "r.csv", b"whole")
    assert (place / "r.csv").read_bytes() == b"whole" and not (place / ".r.csv.partial").exists()


def test_long_sheets_are_not_written_row_by_row(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archiver.batch_sheets import result

    written: list[int] = []
    monkeypatch.setattr(result, "write_whole", lambda _path, content: written.append(len(content)))
    for count, most in ((400, 400), (5000, 500)):
        sheet = read(place, "folder\r\n" + "".join(f"no-{number}\r\n" for number in range(count)))
        file = ResultFile(place / "r.csv", sheet)
        written.clear()
        for position in range(count):
            file.set(position, RowResult(RowOutcome.ACCESSIONED))
            file.keep()
        assert len(written) == most


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_values_come_back_as_they_were(rows: list[tuple[str, str]], delimiter: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(
        [["folder", "date", "mine", "yours"], *[["a", "", *r] for r in rows]]
    )
    with tempfile.TemporaryDirectory() as folder:
        sheet = read(Path(folder), stream.getvalue())
        assert [row.written for row in sheet.rows] == [("a", "", *row) for row in rows]
        content = ResultFile(Path(folder) / "r.csv", sheet).content().decode("utf-8-sig")
        again = list(csv.reader(io.StringIO(content, newline=""), delimiter=";" if delimiter == ";" else ","))
        assert [record[2:4] for record in again[1:]] == [[harmless(cell) for cell in row] for row in rows]


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"folder,date\r\n", "文件夹;日期\r\n".encode("gb18030"), b"PK\3\4", b"\xff\xfe"]),
)
def test_whatever_comes_is_facts_or_a_fault(content: bytes, begin: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet = read(Path(folder), begin + content)
        assert sheet.rows or sheet.faults
        assert all(fault.words and "Traceback" not in fault.words for fault in sheet.faults)
        codes(sheet)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_workbooks_with_changed_bytes_are_facts_or_a_fault(seed: int) -> None:
    chance = random.Random(seed)

    def change(part: str, content: bytes) -> bytes:
        if chance.random() < 0.5 and not part.startswith("xl/w"):
            return content
        changed = bytearray(content)
        for _each in range(chance.randint(1, 4)):
            at = chance.randrange(len(changed))
            changed[at : at + chance.randint(0, 3)] = bytes(
                chance.choice(b'<>"/= 0Ax&') for _sign in range(chance.randint(0, 3))
            )
        return bytes(changed)

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "good.xlsx").write_bytes(template.template_workbook())
        rewritten(place / "good.xlsx", place / "bad.xlsx", change)
        try:
            sheet = read_batch(place / "bad.xlsx", SERIALS)
        except ArchiverError as error:
            pytest.fail(f"{error.message} should be a fault")
        assert sheet.rows or sheet.faults


def test_cells_know_their_kind() -> None:
    assert values.number_of(Cell("2021-10-09", CellKind.DATE, datetime.date(2021, 10, 9))).trouble
    assert values.access_of(Cell("开放")).value == "open" and values.access_of(Cell("perhaps")).trouble
