"""What is there twice: files of a deposit, issues under another name, the same bytes again. Nothing is dropped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcripts import PROFILES, english
from workspaces import archiver, workspace

from archiver.deposit_duplicates import content_digest, same_bytes
from archiver.inspection import inspect
from archiver.listing import list_deposit
from archiver.model.duplicates import HeldIssue


def names(folder: Path) -> list[tuple[str, ...]]:
    return [group.names for group in same_bytes(list_deposit(folder).files, {})]


def test_files_with_the_same_bytes_are_found(tmp_path: Path) -> None:
    large = bytes(range(256)) * 1024
    for name, content in {"a": large, "b": large, "c": large[:-1] + b"x", "d": b"same", "e": b"same", "f": b""}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "g").write_bytes(b"")
    assert names(tmp_path) == [("a", "b"), ("d", "e")]


def test_a_difference_in_the_middle_is_enough(tmp_path: Path) -> None:
    for name, sign in (("a", b"1"), ("b", b"2")):
        (tmp_path / name).write_bytes(bytes(200_000) + sign + bytes(200_000))
    assert names(tmp_path) == []


def test_names_of_one_file_on_disk_are_no_copies(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"words")
    os.link(tmp_path / "a", tmp_path / "b")
    assert names(tmp_path) == []


@given(st.lists(st.text(alphabet="0123456789abcdef", min_size=1, max_size=8), min_size=1))
def test_a_content_digest_does_not_know_names_or_order(digests: list[str]) -> None:
    assert content_digest(digests) == content_digest(list(reversed(digests)))
    assert content_digest(digests) != content_digest([*digests, "f"])


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("courier_1964-07-01_no0031", ("courier", "1964-07-01")),
        ("harbour-bell_1911-01-02", ("harbour-bell", "1911-01-02")),
        ("something else", ("", "")),
    ],
)
def test_names_of_packages_are_taken_apart(name: str, parts: tuple[str, str]) -> None:
    assert HeldIssue(name, "2026.001").serial_and_date == parts


def test_two_pages_with_one_image_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    folder.mkdir()
    (folder / "issue.md").write_text(english(), encoding="utf-8")
    for name in ("one.bin", "two.bin"):
        (folder / name).write_bytes(b"\x01\x02" * 5000)
    found = inspect(folder, PROFILES)
    (fault,) = [each for each in found.findings if each.code == "DUP-001"]
    assert "one.bin, two.bin" in fault.message and found.acceptable


def test_the_register_knows_the_day_and_the_bytes(tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    first = tmp_path / "first.md"
    first.write_text(english(), encoding="utf-8")
    assert archiver("accession", first, cwd=desk).status == 0
    other = tmp_path / "other.md"
    other.write_text(english().replace("No. 18", "No. 19"), encoding="utf-8")
    preview = archiver("inspect", other, cwd=desk)
    assert [code for code, _line in preview.codes() if code == "DUP-002"] == ["DUP-002"]
    done = archiver("accession", other, cwd=desk)
    assert done.status == 0 and "DUP-002" in done.out and "2026.001" in done.out
    # The same bytes once more, into another folder of packages: another fingerprint by the name of the file alone.
    again = tmp_path / "again.md"
    shutil.copy(first, again)
    done = archiver("accession", again, "-p", tmp_path / "elsewhere", cwd=desk)
    assert done.status == 0, done.out
    assert [code for code, _line in done.codes() if code == "DUP-003"] == ["DUP-003"]
    assert len(list((desk / "packages").iterdir())) == 2 and len(list((tmp_path / "elsewhere").iterdir())) == 1
    assert archiver("register", "verify", cwd=desk).status in {0, 1}
