"""What the register says of itself: the reports behind `archiver register list`, `show` and `verify`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.model.report import Verdict
from archiver.register import Register
from archiver.register.reporting import list_accessions, show_accession, verify_register

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = Register(tmp_path / "accessions")
    record = made.begin(Accession("", "/deposits/a\n\x1b[2Jb", NOW, depositor="青禾"), fingerprint="a")
    record.append(Event(EventType.ACCESSION, NOW, EventOutcome.SUCCESS, "received"))
    package = made.packages / "p"
    package.mkdir(parents=True)
    (package / "tagmanifest-sha512.txt").write_bytes(b"tags")
    seal = "sha512:" + hashlib.sha512(b"tags").hexdigest()
    done = Event(EventType.INFORMATION_PACKAGE_CREATION, NOW, EventOutcome.WARNING, "")
    record.append(done, {"package": made.place(package), "identifier": "p", "seal": seal})
    made.begin(Accession("", "/deposits/b", NOW), fingerprint="b")
    return made


def test_list_says_status_and_packages(register: Register) -> None:
    report = list_accessions(register)
    assert (report.verdict, report.exit_status) == (Verdict.PASSED, 0)
    assert [(line.number, line.status, line.depositor) for line in report.accessions] == [
        ("2026.001", "accessioned", "青禾"),
        ("2026.002", "begun", ""),
    ]
    (package,) = report.accessions[0].packages
    assert (package.path, package.identifier, str(package.seal)[:7]) == ("packages/p", "p", "sha512:")
    assert report.accessions[0].events == ()


def test_list_of_nothing_says_so(tmp_path: Path) -> None:
    report = list_accessions(Register(tmp_path / "accessions"))
    assert report.accessions == () and report.notes == ("the register holds no accession",)
    assert not (tmp_path / "accessions").exists()


def test_list_names_what_cannot_be_relied_on_and_goes_on(register: Register) -> None:
    path = register.accessions / "2026.001" / "accession.toml"
    path.write_bytes(path.read_bytes().replace("青禾".encode(), "青木".encode()))
    report = list_accessions(register)
    assert [line.status for line in report.accessions] == ["damaged", "begun"]
    assert report.exit_status == 3 and "2026.001" in report.error
    path.unlink()
    path.mkdir()
    assert [line.status for line in list_accessions(register).accessions] == ["unreadable", "begun"]


def test_show_says_events_and_head(register: Register) -> None:
    record = register.record("2026.001")
    report = show_accession(register, record)
    assert (report.verdict, report.findings) == (Verdict.PASSED, ())
    assert report.accessions[0].events == (
        "1 2026-01-02T03:04:05+00:00 accession, success: received",
        "2 2026-01-02T03:04:05+00:00 information package creation, warning",
    )
    assert report.accessions[0].source == "/deposits/a\n\x1b[2Jb"  # escaping is the renderer's
    assert report.notes == (f"sha256 of the last line of the record: {record.head}",)


def test_verify_covers_every_record_and_the_register(register: Register) -> None:
    report = verify_register(register)
    assert report.verdict is Verdict.PASSED
    subjects = {subject: sum(run.subject == subject for run in report.checks) for subject in ("2026.001", "accessions")}
    assert subjects == {"2026.001": 9, "accessions": 3}
    assert report.notes == ("2 accession records verified",)
    (register.packages / "p" / "tagmanifest-sha512.txt").write_bytes(b"other tags")
    assert (
        verify_register(register).exit_status,
        show_accession(register, register.record("2026.002")).exit_status,
    ) == (1, 0)
    path = register.accessions / "2026.002" / "accession.toml"
    path.unlink()
    path.mkdir()
    assert verify_register(register).exit_status == 3  # what could not be found out outweighs what was found
