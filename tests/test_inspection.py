"""Deposits as they come: what may lie in one, what is refused, and that nothing in it is ever opened or changed."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path

import pytest
from transcripts import PROFILES, chinese, english

from archiver import inspection
from archiver.errors import UnreadableInput
from archiver.inspection import Inspected
from archiver.listing import DEEPEST, list_deposit
from archiver.model.report import Outcome, Severity
from archiver.model.transcript import EntryKind

NOISE = {"TXT-007", "SER-007"}


@pytest.fixture
def deposit(tmp_path: Path) -> Path:
    """A folder with one issue."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    (folder / "issue.txt").write_text(chinese(), encoding="utf-8")
    return folder


def judged(folder: Path) -> Inspected:
    return inspection.inspect(folder, PROFILES)


def codes(found: Inspected) -> list[str]:
    return [each.code for each in found.findings if each.code not in NOISE]


def paths(found: Inspected, code: str) -> list[str | None]:
    return [each.path for each in found.findings if each.code == code]


def test_a_file_and_a_folder_are_the_same_deposit(deposit: Path) -> None:
    folder, file = judged(deposit), judged(deposit / "issue.txt")
    assert codes(folder) == codes(file) == []
    assert folder.acceptable and file.acceptable
    assert folder.readings[0].issue == file.readings[0].issue


def test_every_rule_ran_or_says_why_not(deposit: Path) -> None:
    found = judged(deposit)
    known = {run.code for run in found.checks}
    assert {code.split("-")[0] for code in known} == {"COR", "DEP", "TXT", "SER", "ISS", "FMT", "DUP", "NAM"}
    skipped = {run.code for run in found.checks if run.outcome not in {Outcome.PASSED, Outcome.FAILED}}
    assert skipped == {"FMT-001", "FMT-002", "FMT-011", "DUP-002"}  # no policy, no third program, no register
    (deposit / "issue.txt").write_bytes(b"")
    empty = judged(deposit)
    assert {run.code for run in empty.checks} == known
    assert all(run.reason for run in empty.checks if run.outcome is Outcome.SKIPPED)


def test_links_of_every_kind(deposit: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    for name, target in {
        "out.txt": "../outside.txt", "absolute": "/etc/hostname", "dangling": "gone", "loop": "loop",
        "inner.txt": "issue.txt", "folder": ".", "up": "..",
    }.items():  # fmt: skip
        (deposit / name).symlink_to(target)
    found = judged(deposit)
    assert codes(found) == ["DEP-001"] * 7 and not found.acceptable
    assert len(found.readings) == 1  # a link called .txt is no transcript
    assert all("symbolic link" in each.message for each in found.findings if each.code == "DEP-001")
    assert paths(found, "DEP-001") == sorted(
        str(deposit / name) for name in ("absolute", "dangling", "folder", "inner.txt", "loop", "out.txt", "up")
    )


def test_special_files_are_named_and_never_opened(deposit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(deposit)  # the name of a socket may have 108 bytes
    os.mkfifo("pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        found = judged(deposit)
    assert codes(found) == ["DEP-001", "DEP-001"]
    messages = [each.message for each in found.findings if each.code == "DEP-001"]
    assert "pipe.txt is a named pipe" in messages[0] and "socket.txt is a socket" in messages[1]


def test_a_device(deposit: Path) -> None:
    try:
        os.mknod(deposit / "null.txt", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("no right to make a device")
    found = judged(deposit)
    assert codes(found) == ["DEP-001"] and "device" in found.findings[0].message


@pytest.mark.parametrize("kind", ["link to a file", "link to a folder", "dangling link", "pipe"])
def test_what_is_no_file_named_as_the_deposit_itself(deposit: Path, kind: str) -> None:
    source = deposit.parent / "source.txt"
    if kind == "pipe":
        os.mkfifo(source)
    else:
        source.symlink_to(
            {"link to a file": deposit / "issue.txt", "link to a folder": deposit}.get(kind, Path("gone"))
        )
    found = judged(source)
    assert codes(found) == ["DEP-001", "DEP-009"] and not found.acceptable
    assert paths(found, "DEP-001") == [str(source)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\nb.bin", "DEP-003"),
        ("a\rb.bin", "DEP-003"),
        ("\x1b[2J.bin", "DEP-003"),
        ("a\u202egnp.bin", "DEP-003"),
        ("a\u2028b.bin", "DEP-003"),
        ("a\u2066b.bin", "DEP-003"),
        ("a%0Ab.bin", "DEP-003"),
        ("a%0db.bin", "DEP-003"),
        ("a%250Ab.bin", "DEP-003"),
        ("trailing ", "DEP-003"),
        (" leading", "DEP-003"),
        ("tab\t", "DEP-003"),
    ],
)
def test_names_that_mislead(deposit: Path, name: str, code: str) -> None:
    (deposit / name).write_bytes(b"x")
    found = judged(deposit)
    assert codes(found) == [code, "DEP-011"] and found.acceptable
    assert next(each for each in found.findings if each.code == code).severity is Severity.WARNING


@pytest.mark.parametrize(
    "name", ["*star", "-dash", "=sum", "~tilde", "#hash", "50%", "a%b", "照片 一.bin", "é.bin", "a b"]
)
def test_names_that_are_odd_and_harmless(deposit: Path, name: str) -> None:
    (deposit / name).write_bytes(b"x")
    assert codes(judged(deposit)) == ["DEP-011"]


def test_a_name_that_is_not_utf8(deposit: Path) -> None:
    Path(os.fsdecode(os.fsencode(deposit) + b"/\xff\xfe.bin")).write_bytes(b"x")
    found = judged(deposit)
    assert codes(found) == ["DEP-002", "DEP-011"] and not found.acceptable
    found.findings[0].message.encode()  # can be shown


def test_names_that_differ_by_case_or_normalisation_only(deposit: Path) -> None:
    for name in ("Photo.bin", "photo.BIN", "caf\u00e9.bin", "cafe\u0301.bin", "straße.bin", "STRASSE.bin"):
        (deposit / name).write_bytes(name.encode())
    if len(list(deposit.iterdir())) != 7:
        pytest.skip("this file system does not tell such names apart")
    found = judged(deposit)
    assert [code for code in codes(found) if code != "DEP-011"] == ["DEP-004"] * 3 and not found.acceptable


def test_twins_in_other_folders_are_none(deposit: Path) -> None:
    for folder in ("one", "two"):
        (deposit / folder).mkdir()
        (deposit / folder / "a.bin").write_bytes(folder.encode())
    assert codes(judged(deposit)) == ["DEP-011", "DEP-011"]


def test_what_an_operating_system_leaves_behind(deposit: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._issue.txt"):
        (deposit / name).write_bytes(b"x")
    (deposit / ".Trashes").mkdir()
    (deposit / ".Trashes" / "old.txt").write_bytes(b"x")
    found = judged(deposit)
    assert codes(found) == ["DEP-005"] * 5 and found.acceptable
    assert [file.name for file in list_deposit(deposit).files] == ["issue.txt"]


def test_an_empty_folder_is_named_once(deposit: Path) -> None:
    (deposit / "photos" / "spring").mkdir(parents=True)
    found = judged(deposit)
    assert codes(found) == ["DEP-006"] and found.acceptable
    assert paths(found, "DEP-006") == [str(deposit / "photos/spring")]
    assert [(entry.name, entry.kind) for entry in found.deposit.entries] == [
        ("issue.txt", EntryKind.FILE),
        ("photos", EntryKind.FOLDER),
        ("photos/spring", EntryKind.EMPTY_FOLDER),
    ]


def test_hard_links(deposit: Path) -> None:
    (deposit / "a.bin").write_bytes(b"x")
    os.link(deposit / "a.bin", deposit / "b.bin")
    os.link(deposit / "a.bin", deposit / "c.bin")
    found = judged(deposit)
    assert codes(found) == ["DEP-007", "DEP-007", "DEP-011", "DEP-011", "DEP-011"] and found.acceptable


def test_an_empty_file_beside_the_transcript(deposit: Path) -> None:
    (deposit / "scan.tif").write_bytes(b"")
    found = judged(deposit)
    assert [(each.code, each.severity) for each in found.findings if each.code == "DEP-011"] == [
        ("DEP-011", Severity.NOTICE), ("DEP-011", Severity.WARNING),
    ]  # fmt: skip


def test_a_bag(deposit: Path) -> None:
    (deposit / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    found = judged(deposit)
    assert "DEP-008" in codes(found) and not found.acceptable and not found.readings


def test_a_file_called_bagit_is_no_bag(tmp_path: Path) -> None:
    path = tmp_path / "bagit.txt"
    path.write_text(chinese(), encoding="utf-8")
    assert codes(judged(path)) == []


def test_no_transcript(tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    assert codes(judged(folder)) == ["DEP-009"]
    for name in ("a.tif", "b.tif"):
        (folder / name).write_bytes(name.encode())
    found = judged(folder)
    assert codes(found) == ["DEP-009"] and "2 files" in found.findings[0].message


@pytest.mark.parametrize("name", ["issue", "issue.TXT", "issue.Md", "issue.markdown", "issue.text", "第18期.txt"])
def test_one_file_of_whatever_name_is_a_transcript(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(chinese(), encoding="utf-8")
    assert judged(tmp_path).acceptable


def test_several_issues_in_one_folder(deposit: Path) -> None:
    (deposit / "later.txt").write_text(
        chinese(day="16", lunar="辛丑年四月初五", numbers="第19期(总第413期)"), encoding="utf-8"
    )
    (deposit / "weekly.txt").write_text(english(), encoding="utf-8")
    found = judged(deposit)
    assert codes(found) == [] and found.acceptable
    assert [reading.issue and reading.issue.identifier for reading in found.readings] == [
        "qinghe-newsletter_2021-05-09_no00412",
        "qinghe-newsletter_2021-05-16_no00413",
        "saltmarsh-courier_2019-05-04_v012-no0018",
    ]
    (deposit / "stray.tif").write_bytes(b"x")
    stray = judged(deposit)
    assert codes(stray) == ["DEP-010"] and paths(stray, "DEP-010") == [str(deposit / "stray.tif")]


def test_the_same_issue_under_another_name(deposit: Path) -> None:
    shutil.copy(deposit / "issue.txt", deposit / "copy.txt")
    found = judged(deposit)
    assert codes(found) == ["DEP-012", "DUP-001"] and not found.acceptable
    assert "qinghe-newsletter_2021-05-09_no00412" in next(e.message for e in found.findings if e.code == "DEP-012")


def test_one_bad_transcript_among_good_ones(deposit: Path) -> None:
    (deposit / "empty.txt").write_bytes(b"")
    found = judged(deposit)
    assert codes(found) == ["TXT-001", "FMT-008"] and not found.acceptable
    assert [reading.issue is not None for reading in found.readings] == [False, True]


def test_the_place_of_an_entry_with_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    (folder / "deposit").symlink_to("gone")
    assert paths(judged(folder), "DEP-001") == [str(folder / "deposit")]


def test_folders_within_folders(tmp_path: Path) -> None:
    deep = tmp_path / "deposit"
    inner = deep.joinpath(*["d"] * DEEPEST)
    inner.mkdir(parents=True)
    (inner / "issue.txt").write_text(chinese(), encoding="utf-8")
    assert judged(deep).acceptable
    (inner / "d").mkdir()
    with pytest.raises(UnreadableInput, match="64 deep"):
        judged(deep)


def test_entries_come_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b", "a.txt", "ä", "B", "10", "9"):
        (tmp_path / name).write_bytes(b"x")
    names = [entry.name for entry in list_deposit(tmp_path).entries]
    assert names == sorted(names)


def test_nothing_in_a_deposit_is_changed(deposit: Path) -> None:
    (deposit / "photo.bin").write_bytes(b"x")
    before = {path: (path.lstat(), path.read_bytes()) for path in deposit.iterdir()}
    folder = deposit.stat()
    judged(deposit)
    after = {path: (path.lstat(), path.read_bytes()) for path in deposit.iterdir()}
    assert {path: (status.st_mtime_ns, status.st_ino, data) for path, (status, data) in before.items()} == {
        path: (status.st_mtime_ns, status.st_ino, data) for path, (status, data) in after.items()
    }
    assert deposit.stat().st_mtime_ns == folder.st_mtime_ns


def test_the_report_says_that_nothing_was_written(deposit: Path) -> None:
    found = judged(deposit)
    made = inspection.report([found])
    assert made.exit_status == 0 and made.notes == ("Nothing was written.",)
    assert [issue.identifier for issue in made.issues] == ["qinghe-newsletter_2021-05-09_no00412"]
    (deposit / "issue.txt").write_bytes(b"")
    assert inspection.report([judged(deposit)]).exit_status == 1
