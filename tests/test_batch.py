"""Batches by the command line: rows that fail, runs that are killed, results that are whole."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from workspaces import CHECKOUT, EPOCH, SALTMARSH, archiver, tree, workspace

from archiver.batching import Batch, default_result, run_batch
from archiver.errors import StorageError, UnreadableInput, UsageError
from archiver.model.batch import BatchRow
from archiver.model.batch_result import RESULT_COLUMNS
from archiver.model.report import Finding, PackageLine, Report, Severity

FIRST = date(2019, 4, 27)
NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return workspace(tmp_path / "desk")


def deposits(desk: Path, count: int) -> Path:
    """Issues of the Saltmarsh Weekly Courier in folders no-17 and on; the folder that holds them."""
    text = SALTMARSH.read_text(encoding="utf-8")
    for index in range(count):
        folder = desk / "incoming" / f"no-{17 + index}"
        folder.mkdir(parents=True)
        day = FIRST + timedelta(weeks=index)
        issue = text.replace("4 May 2019", f"{day.day} {day:%B} {day.year}").replace("No. 18", f"No. {17 + index}")
        (folder / "courier.txt").write_text(issue, encoding="utf-8")
    return desk / "incoming"


def sheet(incoming: Path, rows: list[str], head: str = "folder,date,number,rights") -> Path:
    path = incoming / "issues.csv"
    path.write_bytes(("\ufeff" + "\r\n".join([head, *rows]) + "\r\n").encode())
    return path


def plain_rows(count: int) -> list[str]:
    return [f"no-{17 + index},{FIRST + timedelta(weeks=index)},{17 + index},By agreement" for index in range(count)]


def result(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def outcomes(path: Path) -> list[str]:
    return [row["outcome"] for row in result(path)]


def numbers(desk: Path) -> list[str]:
    return sorted(path.name for path in (desk / "accessions").iterdir() if not path.name.startswith("."))


def test_three_rows_and_one_of_them_bad(desk: Path) -> None:
    incoming = deposits(desk, 3)
    sheet(incoming, ["no-17,2019-04-27,17,Ours", "no_18,05/04/2019,18,", "no-19,2019年5月11日,第19期,=Theirs"])
    before = tree(incoming)
    done = archiver("accession", "--batch", "incoming/issues.csv", "--rights", "By default", cwd=desk)
    assert done.status == 1
    assert {code for code, _line in done.codes("error")} == {"BAT-011", "BAT-016"}
    assert [line["identifier"] for line in done.data["packages"]] == [
        "saltmarsh-courier_2019-04-27_v012-no0017",
        "saltmarsh-courier_2019-05-11_v012-no0019",
    ]
    found = result(incoming / "issues.result.csv")
    assert list(found[0]) == ["folder", "date", "number", "rights", *RESULT_COLUMNS]
    assert [(row["folder"], row["rights"], row["outcome"], row["accession number"]) for row in found] == [
        ("no-17", "Ours", "accessioned", "2026.001"),
        ("no_18", "", "not accessioned", ""),
        ("no-19", "'=Theirs", "accessioned", "2026.002"),
    ]
    assert found[1]["findings"] == "2 errors" and "column B (date): '05/04/2019' can be read" in found[1]["message"]
    assert found[0]["package"] == "saltmarsh-courier_2019-04-27_v012-no0017" and found[0]["finished"].startswith(
        "2026-"
    )
    table = next(note for note in done.data["notes"] if "outcome" in note)
    assert [line.split()[:2] for line in table.splitlines()[2:]] == [["2", "no-17"], ["3", "no_18"], ["4", "no-19"]]
    assert "3 rows: 2 accessioned, 1 not accessioned." in " ".join(done.data["notes"])
    assert tree(incoming) == before | {"issues.result.csv": (incoming / "issues.result.csv").read_bytes()}
    records = [(desk / "accessions" / number / "accession.toml").read_text() for number in numbers(desk)]
    assert 'rights = "Ours"' in records[0] and 'rights = "=Theirs"' in records[1]
    assert archiver("validate", *(desk / "packages").iterdir(), cwd=desk).status == 0
    assert archiver("register", "verify", cwd=desk).status == 0

    sheet(incoming, ["no-17,2019-04-27,17,Ours", "no-18,2019-05-04,18,", "no-19,2019年5月11日,第19期,=Theirs"])
    packages = {path.name: path.stat().st_ino for path in (desk / "packages").iterdir()}
    again = archiver("accession", "--batch", "incoming/issues.csv", "--rights", "By default", cwd=desk)
    assert again.status == 0
    assert outcomes(incoming / "issues.result.csv") == ["accessioned before", "accessioned", "accessioned before"]
    assert [row["accession number"] for row in result(incoming / "issues.result.csv")] == [
        "2026.001", "2026.003", "2026.002",
    ]  # fmt: skip
    assert packages.items() <= {path.name: path.stat().st_ino for path in (desk / "packages").iterdir()}.items()
    assert 'rights = "By default"' in (desk / "accessions/2026.003/accession.toml").read_text()


def test_a_workbook_with_a_deposit_that_has_errors(desk: Path) -> None:
    incoming = deposits(desk, 2)
    (incoming / "no-18" / "courier.txt").write_text("no masthead at all\n")
    book = openpyxl.Workbook()
    book.active.append(["文件夹", "日期", "期号", "开放范围", "缴送者", "serial"])
    book.active.append(["no-17", FIRST, 17, "受限", "Ida Marsh", "saltmarsh-courier"])
    book.active.append(["no-18", FIRST + timedelta(weeks=1), 18, None, None, None])
    book.save(incoming / "issues.xlsx")
    done = archiver("accession", "--batch", "incoming/issues.xlsx", "--result", "out.csv", cwd=desk)
    assert done.status == 1
    assert outcomes(desk / "out.csv") == ["accessioned", "not accessioned"]
    assert result(desk / "out.csv")[0]["日期"] == "2019-04-27"
    assert re.match(r"[A-Z]{3}-\d{3} ", result(desk / "out.csv")[1]["message"])
    assert 'depositor = "Ida Marsh"' in (desk / "accessions/2026.001/accession.toml").read_text()
    assert not (incoming / "issues.result.csv").exists()


def test_a_dry_run_writes_the_result_alone(desk: Path) -> None:
    incoming = deposits(desk, 2)
    sheet(incoming, [*plain_rows(2), "gone,,,"])
    before = tree(desk)
    done = archiver("accession", "--dry-run", "--batch", "incoming/issues.csv", cwd=desk)
    assert done.status == 1 and tree(desk) == before
    assert "Preview only; nothing was written." in done.data["notes"]
    named = archiver("accession", "--dry-run", "--batch", "incoming/issues.csv", "--result", "out.csv", cwd=desk)
    assert named.status == 1 and tree(desk) == before | {"out.csv": (desk / "out.csv").read_bytes()}
    assert outcomes(desk / "out.csv") == ["would be accessioned", "would be accessioned", "not accessioned"]


def test_calls_that_contradict_themselves(desk: Path) -> None:
    incoming = deposits(desk, 1)
    path = sheet(incoming, plain_rows(1))
    before = tree(desk)
    for arguments, words in (
        (["--batch", path, incoming / "no-17"], "Deposits and --batch are both given"),
        ([], "No deposit is named"),
        (["--result", "out.csv", incoming / "no-17"], "no --batch is given"),
        (["--batch", path, "--result", path], "is the sheet itself"),
        (["--batch", path, "--result", incoming / "no-17" / "out.csv"], "within"),
        (["--batch", path, "--result", "archiver.toml"], "is not the result of a batch"),
        (["--batch", path, "--result", "no/such/folder.csv"], "no such file"),
        (["--batch", "none.csv"], "none.csv"),
    ):
        done = archiver("accession", *arguments, cwd=desk)
        assert done.status in {2, 3} and words in done.err, (arguments, done.err)
        assert "Traceback" not in done.err and tree(desk) == before


def test_a_sheet_of_which_nothing_is_taken_up(desk: Path) -> None:
    incoming = deposits(desk, 1)
    sheet(incoming, ['no-17,"2019-04-27,17,'])
    before = tree(desk)
    done = archiver("accession", "--batch", "incoming/issues.csv", cwd=desk)
    assert done.status == 1 and "BAT-001" in {code for code, _line in done.codes()} and tree(desk) == before
    assert "no row was taken up" in " ".join(done.data["notes"])


KILLER = """
import os, signal, sys
from archiver.cli import progress
words, left = sys.argv[1], [int(sys.argv[2])]
say = progress.Bar.say
def counting(self, said):
    if said.startswith(words):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    say(self, said)
progress.Bar.say = counting
from archiver.cli.app import main
sys.argv = ["archiver", *sys.argv[3:]]
main()
"""
SURROUNDINGS = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "ARCHIVER_OPERATOR": "A. Archivist"}


@pytest.mark.parametrize(("step", "count"), [("Row", 3), ("Making", 3), ("Validating", 3), ("Row", 5)])
def test_a_run_that_is_killed_is_resumed(desk: Path, step: str, count: int) -> None:
    incoming = deposits(desk, 5)
    sheet(incoming, plain_rows(5))
    command = [sys.executable, "-c", KILLER, step, str(count), "accession", "--batch", "incoming/issues.csv"]
    killed = subprocess.run(
        command,
        cwd=desk,
        env={**SURROUNDINGS, "ARCHIVER_SCHEMAS": str(desk / "none")},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    done = count - 1
    assert outcomes(incoming / "issues.result.csv") == ["accessioned"] * done + ["waiting"] * (5 - done)
    whole = {path.name: path.stat().st_ino for path in (desk / "packages").iterdir() if not path.name.startswith(".")}
    assert len(whole) == done
    again = archiver("accession", "--batch", "incoming/issues.csv", cwd=desk)
    assert again.status == 0, again.out + again.err
    assert outcomes(incoming / "issues.result.csv") == ["accessioned before"] * done + ["accessioned"] * (5 - done)
    assert [row["accession number"] for row in result(incoming / "issues.result.csv")] == [
        f"2026.00{index}" for index in range(1, 6)
    ]
    after = {path.name: path.stat().st_ino for path in (desk / "packages").iterdir()}
    assert len(after) == 5 and whole.items() <= after.items(), "what was done is not redone, and no debris is left"
    assert archiver("register", "verify", cwd=desk).status == 0
    assert archiver("validate", *sorted((desk / "packages").iterdir()), cwd=desk).status == 0


def test_the_result_is_whole_at_any_moment(desk: Path) -> None:
    incoming = deposits(desk, 4)
    sheet(incoming, plain_rows(4))
    file = incoming / "issues.result.csv"
    command = [sys.executable, "-m", "archiver.cli", "accession", "--batch", "incoming/issues.csv"]
    running = subprocess.Popen(
        command, cwd=desk, env=SURROUNDINGS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen = set()
    try:
        while running.poll() is None:
            if file.exists():
                rows = outcomes(file)
                assert len(rows) == 4
                seen.add(rows.count("accessioned"))
                if rows.count("accessioned") >= 2:
                    running.send_signal(signal.SIGKILL)
            time.sleep(0.001)
    finally:
        running.kill()
        running.wait()
    assert seen & {2, 3} and len(outcomes(file)) == 4
    assert archiver("accession", "--batch", "incoming/issues.csv", cwd=desk).status == 0
    assert numbers(desk)[:4] == [f"2026.00{index}" for index in range(1, 5)]


def test_a_result_run_as_a_sheet(desk: Path) -> None:
    incoming = deposits(desk, 2)
    sheet(incoming, ["no-17,2019-04-27,17,", "no_18,2019-05-04,18,"])
    assert archiver("accession", "--batch", "incoming/issues.csv", cwd=desk).status == 1
    file = incoming / "issues.result.csv"
    file.write_bytes(file.read_bytes().replace(b"no_18", b"no-18"))
    done = archiver("accession", "--batch", file, cwd=desk)
    assert done.status == 0 and "BAT-007" not in {code for code, _line in done.codes()}
    found = result(incoming / "issues.result.result.csv")
    assert list(found[0]) == ["folder", "date", "number", "rights", *RESULT_COLUMNS]
    assert [row["outcome"] for row in found] == ["accessioned before", "accessioned"]


def test_the_template_by_the_command_line(desk: Path) -> None:
    shown = archiver("template", "batch", cwd=desk, json_report=False)
    assert shown.status == 0 and shown.out.startswith("\ufefffolder 文件夹,")
    for name in ("issues.csv", "issues.xlsx"):
        assert archiver("template", "batch", "-o", name, cwd=desk, json_report=False).status == 0
        again = archiver("template", "batch", "-o", name, cwd=desk, json_report=False)
        assert again.status == 2 and "is there already" in again.err
        empty = archiver("accession", "--batch", name, cwd=desk)
        assert empty.status == 1 and [code for code, _line in empty.codes()] == ["BAT-005"]
    assert shown.out.encode() == (desk / "issues.csv").read_bytes()
    assert archiver("template", "batch", "-o", "issues.ods", cwd=desk, json_report=False).status == 2


def test_the_worked_example_of_the_document(desk: Path) -> None:
    text = (CHECKOUT / "docs/batch.md").read_text(encoding="utf-8").split("## A worked example")[1]
    incoming = deposits(desk, 3)
    (incoming / "issues.csv").write_text(re.findall(r"```csv\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    shown = re.findall(r"```text\n\$ archiver (.*?)\n(.*?)```", text, re.DOTALL)[0]
    done = archiver(*shown[0].split(), cwd=desk, json_report=False)
    assert done.status == 1
    said = [re.sub(r" {2,}", "", line) for line in done.out.splitlines()]
    for line in shown[1].splitlines():
        assert line == "…" or any(each.startswith(re.sub(r" {2,}", "", line)) for each in said), line


def run(place: Path, work: Callable[[BatchRow, Path], Report], **changed: Any) -> Report:
    batch = Batch(place / "issues.csv", (), default_result(place / "issues.csv"), lambda: NOW)
    return run_batch(replace(batch, **changed), work)


def accessioned(row: BatchRow, source: Path) -> Report:
    return Report("accession", packages=(PackageLine(f"packages/{row.folder}", row.folder, None, "accession 1"),))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in "abcd":
        (tmp_path / name).mkdir()
    (tmp_path / "issues.csv").write_text("folder\na\nb\nc\nd\n")
    return tmp_path


def test_a_row_that_fails_keeps_no_other_from_its_turn(place: Path) -> None:
    turns: list[str] = []

    def work(row: BatchRow, source: Path) -> Report:
        turns.append(row.folder)
        assert source == place / row.folder
        if row.folder == "a":
            raise UnreadableInput("a may not be read.", remedy="Give the right.")
        if row.folder == "b":
            raise StorageError("the disk failed.")
        if row.folder == "c":
            raise ZeroDivisionError("ours")
        return accessioned(row, source)

    report = run(place, work)
    assert turns == list("abcd")
    assert outcomes(place / "issues.result.csv") == [
        "refused",
        "could not find out",
        "could not find out",
        "accessioned",
    ]
    assert report.error_status == 3 and "issues.csv, row 2: a may not be read." in report.error
    assert "row 4: archiver met a fault of its own: ZeroDivisionError: ours." in report.error


def test_an_interruption_ends_the_run_and_leaves_the_result(place: Path) -> None:
    def work(row: BatchRow, source: Path) -> Report:
        if row.folder == "c":
            raise KeyboardInterrupt
        return accessioned(row, source)

    with pytest.raises(KeyboardInterrupt):
        run(place, work)
    assert outcomes(place / "issues.result.csv") == ["accessioned", "accessioned", "waiting", "waiting"]


def test_outcomes_by_the_report_of_a_row(place: Path) -> None:
    line = PackageLine("packages/x", "x", None, "accession 2026.001")
    error = Finding("ISS-001", Severity.ERROR, "wrong")
    reports = {
        "a": Report("accession", findings=(Finding("ISS-013", Severity.NOTICE, "n"),), packages=(line, line)),
        "b": Report("accession", packages=(replace(line, note="already accession 2026.002"),)),
        "c": Report("accession", findings=(error, error), notes=("c: accessioned as 9; not accessioned.",)),
        "d": Report("accession", error="taken", error_status=2),
    }
    run(place, lambda row, _source: reports[row.folder])
    found = [tuple(row.values())[1:6] for row in result(place / "issues.result.csv")]
    assert found == [
        ("accessioned", "2026.001", "x; x", "1 notice", ""),
        ("accessioned before", "2026.002", "x", "", ""),
        ("not accessioned", "", "", "2 errors", "ISS-001 wrong"),
        ("refused", "", "", "", "taken"),
    ]
    stands = Report("accession", packages=(replace(line, note="stands there already"),))
    run(place, lambda _row, _source: stands, dry_run=True)
    assert set(outcomes(place / "issues.result.csv")) == {"its package stands there already"}


def test_a_result_that_can_no_longer_be_written(place: Path) -> None:
    def work(row: BatchRow, source: Path) -> Report:
        if row.folder == "b":
            (place / "issues.result.csv").unlink()
            (place / "issues.result.csv").mkdir()
        return accessioned(row, source)

    report = run(place, work)
    assert report.error_status == 3 and len(report.packages) == 4 and "issues.result.csv" in report.error
    shutil.rmtree(place / "issues.result.csv")
    with pytest.raises(UsageError):
        run(place, work, result=place / "a" / "r.csv")


def test_the_table_of_a_long_batch_has_what_needs_somebody(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"no-{number}").mkdir()
    (tmp_path / "issues.csv").write_text("folder\n" + "".join(f"no-{number}\n" for number in range(300)) + "gone\n")
    report = run(tmp_path, accessioned)
    table = next(note for note in report.notes if "outcome" in note)
    assert [line.split()[:2] for line in table.splitlines()[2:]] == [["302", "gone"]]
    assert outcomes(tmp_path / "issues.result.csv").count("accessioned") == 300


def test_rows_at_the_same_time(desk: Path) -> None:
    incoming = deposits(desk, 6)
    listing = sheet(incoming, plain_rows(6))
    done = archiver("accession", "--batch", listing, "--jobs", "2", cwd=desk)
    assert done.status == 0, done.out + done.err
    rows = result(listing.with_name(f"{listing.stem}.result.csv"))
    assert [row["outcome"] for row in rows] == ["accessioned"] * 6
    assert sorted(row["accession number"] for row in rows) == numbers(desk)
    assert archiver("register", "verify", cwd=desk).status in {0, 1}
    again = archiver("accession", "--batch", listing, "--jobs", "2", cwd=desk)
    assert again.status == 0 and numbers(desk) == sorted(row["accession number"] for row in rows)
