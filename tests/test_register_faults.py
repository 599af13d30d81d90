"""The register under faults: flipped bits, torn lines, kills, full disks, missing rights."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import RecordDamaged, StorageError
from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.model.register import RecordStatus
from archiver.model.report import Severity
from archiver.plugs import run_checks
from archiver.register import Record, Register

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MARK = "5" * 64
ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def event(detail: str = "received") -> Event:
    return Event(EventType.ACCESSION, NOW, EventOutcome.SUCCESS, detail)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "accessions")


@pytest.fixture
def record(register: Register) -> Record:
    made = register.begin(Accession("", "/d", NOW), fingerprint=MARK)
    made.append(event("one"), {"n": 1})
    made.append(event("二"))
    return made


def found_codes(register: Register, record: Record) -> set[str]:
    runs, findings = run_checks("record", register.facts(record), subject=record.number)
    assert "broken" not in {run.outcome.value for run in runs}
    return {found.code for found in findings}


@pytest.mark.parametrize("name", ["accession.toml", "events.jsonl"])
def test_every_flipped_bit_is_found_and_stops_writing(register: Register, record: Record, name: str) -> None:
    path = record.folder / name
    whole = path.read_bytes()
    missed = []
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        path.write_bytes(changed)
        facts = register.facts(record)
        runs, findings = run_checks("record", facts, subject=record.number)
        told = any(found.severity is Severity.ERROR for found in findings)
        if not told or facts.status is not RecordStatus.DAMAGED or any(run.reason for run in runs):
            missed.append(place)
    assert missed == [], f"{len(missed)} of {len(whole) * 8} flipped bits missed"
    path.write_bytes(whole)
    assert found_codes(register, record) == set()


def test_a_flipped_bit_stops_append_and_search(register: Register, record: Record) -> None:
    for name in ("accession.toml", "events.jsonl"):
        path = record.folder / name
        whole = path.read_bytes()
        rng = random.Random(name)
        for place in rng.sample(range(len(whole) * 8), 60):
            changed = bytearray(whole)
            changed[place // 8] ^= 1 << place % 8
            path.write_bytes(changed)
            with pytest.raises(RecordDamaged):
                Record(record.folder).append(event())
            with pytest.raises(RecordDamaged):
                register.unfinished(MARK)
            assert path.read_bytes() == changed  # nothing was written
        path.write_bytes(whole)


def test_lines_taken_out_swapped_or_made_up_are_found(register: Register, record: Record) -> None:
    record.append(event("three"))
    path = record.folder / "events.jsonl"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    for lines in ([second, third], [first, third], [second, first, third], [first, first, second, third]):
        path.write_bytes(b"".join(lines))
        assert found_codes(register, record) >= {"REG-001", "REG-004"}
    other = register.begin(Accession("", "/other", NOW), fingerprint="6" * 64)
    other.append(event("one"), {"n": 1})
    path.write_bytes((other.folder / "events.jsonl").read_bytes() + second + third)
    assert found_codes(register, record) == {"REG-001"}


def test_a_statement_taken_away_is_damage(register: Register, record: Record) -> None:
    (record.folder / "accession.toml").unlink()
    assert found_codes(register, record) == {"REG-002"}
    with pytest.raises(RecordDamaged):
        record.reload().append(event())


def test_a_torn_line_is_set_aside_at_every_length(register: Register, record: Record) -> None:
    path = record.folder / "events.jsonl"
    line = path.read_bytes().splitlines(keepends=True)[1]
    first = path.read_bytes()[: -len(line)]
    for length in range(1, len(line)):
        path.write_bytes(first + line[:length])
        before = run_checks("record", register.facts(record), subject="r")[1]
        assert [(found.code, found.severity) for found in before] == [("REG-003", Severity.WARNING)]
        again = record.reload().append(event("again"))
        assert again.sequence == 2
        (aside,) = record.folder.glob("events.torn-*")
        assert aside.name == "events.torn-2" and aside.read_bytes() == line[:length]
        assert path.read_bytes().startswith(first) and path.read_bytes().count(b"\n") == 2
        after = run_checks("record", register.facts(record), subject="r")[1]
        assert [(found.code, found.severity) for found in after] == [("REG-003", Severity.NOTICE)]
        aside.unlink()
        path.write_bytes(first)


def test_a_second_torn_line_at_the_same_place_gets_its_own_file(record: Record) -> None:
    path = record.folder / "events.jsonl"
    whole = path.read_bytes()
    for torn in (b'{"agents"', b'{"age', b'{"age', b"\0\0\0\0"):
        path.write_bytes(whole + torn)
        record.reload().append(event())
        path.write_bytes(whole)
    names = sorted(aside.name for aside in record.folder.glob("events.torn-*"))
    assert names == ["events.torn-3", "events.torn-3-2", "events.torn-3-3"]


_APPEND = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from archiver.model.provenance import Event, EventOutcome, EventType
from archiver.register import Record
record = Record(Path(sys.argv[1]))
now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
for turn in range(int(sys.argv[3])):
    done = record.append(Event(EventType.FIXITY_CHECK, now, EventOutcome.SUCCESS, sys.argv[2]), {"turn": turn})
    print(done.sequence, done.digest, flush=True)
"""


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def test_events_of_many_processes_make_one_chain(register: Register, record: Record) -> None:
    runs = [_start(_APPEND, record.folder, f"process {who}", 15) for who in range(6)]
    acknowledged: dict[int, str] = {}
    for run in runs:
        output, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors
        acknowledged |= {int(line.split()[0]): line.split()[1] for line in output.splitlines()}
    assert sorted(acknowledged) == list(range(3, 93))
    assert found_codes(register, record) == set()
    assert {one.sequence: one.digest for one in record.reload().events[2:]} == acknowledged


def test_a_kill_during_append_loses_no_acknowledged_event(register: Register, record: Record) -> None:
    rng = random.Random(7)
    acknowledged: dict[int, str] = {}
    for _ in range(12):
        run = _start(_APPEND, record.folder, "until killed", 100000)
        assert run.stdout is not None
        lines = [run.stdout.readline()]  # it is at work
        time.sleep(rng.uniform(0, 0.05))
        run.send_signal(signal.SIGKILL)
        lines += run.communicate(timeout=60)[0].splitlines()
        whole = [line.split() for line in lines if len(line.split()) == 2 and len(line.split()[1]) == 64]
        acknowledged |= {int(sequence): digest for sequence, digest in whole}
        assert found_codes(register, record) <= {"REG-003"}
    held = {one.sequence: one.digest for one in record.reload().events}
    assert {sequence: held.get(sequence) for sequence in acknowledged} == acknowledged
    record.append(event("after"))
    assert record.status is RecordStatus.BEGUN


_BEGIN = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.register import Register
now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
record = Register(Path(sys.argv[1])).resume_or_begin(Accession("", "/d", now), fingerprint="5" * 64)
if not record.events:
    record.append(Event(EventType.ACCESSION, now, EventOutcome.SUCCESS, "received"), {"n": 1})
print(record.number)
"""
# Calls that change something, counted per name by strace: every run of the script makes the same ones.
_CALLS = ("mkdir", "openat", "flock", "write", "fsync", "rename", "unlink")


def _strace(*options: str) -> list[str]:
    return ["strace", "-f", "-qq", "-o", "/dev/null", *options]


@pytest.fixture(scope="module")
def can_inject() -> None:
    try:
        command = [*_strace("-e", "inject=getppid:error=EIO:when=99"), "true"]
        subprocess.run(command, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("strace with injection does not work here")


def _points(folder: Path) -> Iterator[tuple[str, int]]:
    """Every state-changing call of a clean run that names the register, by call and count."""
    trace = folder.with_name("trace")
    command = ["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", "trace=" + ",".join(_CALLS)]
    subprocess.run(
        [*command, sys.executable, "-c", _BEGIN, str(folder)], check=True, capture_output=True, env=ENVIRONMENT
    )
    seen: dict[str, int] = {}
    for line in trace.read_text(errors="replace").splitlines():
        name = line.split("(", 1)[0].split()[-1]
        seen[name] = seen.get(name, 0) + 1
        if str(folder) in line and (name != "openat" or "O_CREAT" in line):
            yield name, seen[name]


@pytest.mark.usefixtures("can_inject")
@pytest.mark.parametrize("injection", ["signal=SIGKILL", "error=ENOSPC", "error=EIO"])
def test_stopped_at_every_call_a_second_run_completes(tmp_path: Path, injection: str) -> None:
    points = list(_points(tmp_path / "clean"))
    assert len(points) >= 12
    stopped = 0
    for count, (name, when) in enumerate(points):
        accessions = tmp_path / f"run{count}"
        injected = _strace("-e", f"inject={name}:{injection}:when={when}")
        command = [*injected, sys.executable, "-c", _BEGIN, str(accessions)]
        first = subprocess.run(command, capture_output=True, env=ENVIRONMENT, timeout=60, check=False)
        stopped += first.returncode != 0
        again = subprocess.run(
            [sys.executable, "-c", _BEGIN, str(accessions)],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            check=False,
        )
        where = f"{injection} at {name} {when}"
        assert again.returncode == 0, f"{where}: {again.stderr}"
        register = Register(accessions)
        held = list(register.records())
        begun = [record for record in held if record.status is RecordStatus.BEGUN]
        assert [len(record.events) for record in begun] == [1], where
        assert all(record.status is RecordStatus.CLAIMED for record in held if record not in begun), where
        assert begun[-1].number == again.stdout.strip(), where
        worst = {found.severity for found in register.verify()[1]}
        assert Severity.ERROR not in worst, where
    # Of no consequence are only: not having the shared lock while reading, and not taking a lock file away.
    assert stopped == len(points) if "KILL" in injection else stopped >= len(points) - 2


def test_a_number_claimed_by_a_killed_run_is_finished_only_by_the_same_deposit(register: Register) -> None:
    record = register.begin(Accession("", "/d", NOW), fingerprint=MARK)
    (record.folder / "accession.toml").rename(record.folder / ".accession.toml.partial")
    register = Register(register.accessions)  # as the next run finds it
    assert register.begin(Accession("", "/d", NOW), fingerprint="6" * 64).number == "2026.002"
    assert register.record("2026.001").status is RecordStatus.CLAIMED
    assert register.begin(Accession("", "/d", NOW), fingerprint=MARK).number == "2026.001"
    assert register.record("2026.001").accession.number == "2026.001"


def test_a_full_disk_takes_no_number_and_no_event(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "none", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs needs more rights")
    try:
        register = Register(place / "accessions")
        record = register.begin(Accession("", "/d", NOW), fingerprint=MARK)
        record.append(event())
        whole = (record.folder / "events.jsonl").read_bytes()
        filler = place / "filler"
        with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="space"):
            while True:
                stream.write(b"x" * 512)
        with pytest.raises(StorageError, match="No space"):
            register.begin(Accession("", "/d", NOW), fingerprint="6" * 64)
        with pytest.raises(StorageError, match="No space"):
            record.append(event(), {"long": "x" * 8000})
        assert (record.folder / "events.jsonl").read_bytes() == whole
        assert [one.number for one in register.records()] == ["2026.001"]
        filler.unlink()
        assert register.begin(Accession("", "/d", NOW), fingerprint="6" * 64).number == "2026.002"
        assert record.append(event()).sequence == 2
    finally:
        subprocess.run(["umount", str(place)], check=True)


_AS_NOBODY = """
import os
from pathlib import Path
from archiver.errors import ArchiverError
from archiver.register import Register
os.setgid(65534)
os.setuid(65534)
register = Register(Path(sys.argv[1]))
runs, findings = register.verify()
print(sorted({run.outcome.value for run in runs if run.subject == "2026.001"}))
try:
    register.completed("5" * 64)
except ArchiverError as error:
    print(type(error).__name__, error.exit_status, error.message)
"""


def test_an_unreadable_record_is_not_called_whole(register: Register, record: Record) -> None:
    if os.geteuid() != 0:
        (record.folder / "events.jsonl").chmod(0)
        runs, _ = register.verify()
        assert {run.outcome.value for run in runs if run.subject == "2026.001"} == {"broken"}
        return
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import archiver.plugs; archiver.plugs.checks()\n{_AS_NOBODY}"
    )
    for folder in record.folder.parents:
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o555)
    (record.folder / "accession.toml").chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", code, str(register.accessions)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    outcomes, error = done.stdout.splitlines()
    assert outcomes == "['broken']"
    assert error.startswith("StorageError 3 reading ") and "Permission denied" in error


def test_a_head_stands_for_everything_before_it(record: Record) -> None:
    lines = (record.folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    assert record.head == hashlib.sha256(lines[-1]).hexdigest()
