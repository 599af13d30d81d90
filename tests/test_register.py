"""The register: numbers, accession.toml, the chain of events, and what becomes of interrupted work."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import (
    ConfigurationError,
    DestinationTaken,
    RecordDamaged,
    UnreadableInput,
    UsageError,
)
from archiver.model.provenance import Accession, Event, EventOutcome, EventType, Organisation
from archiver.model.register import RecordStatus
from archiver.register import Record, Register, Scheme, chain, numbers, statement

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=timezone(timedelta(hours=8)))
MARK = hashlib.sha256(b"deposit").hexdigest()
OTHER = hashlib.sha256(b"another deposit").hexdigest()
ROOT = Path(__file__).resolve().parents[1]


def draft(**changes: object) -> Accession:
    organisation = Organisation("青禾档案馆", "CN-QH", contact_email="archive@example.org")
    made = Accession("", "/deposits/青禾 2021", NOW, depositor="Qinghe Office", organisation=organisation)
    return replace(made, **changes)  # type: ignore[arg-type]


def event(
    kind: EventType = EventType.ACCESSION, *, at: datetime = NOW, detail: str = "received", **more: object
) -> Event:
    return Event(kind, at, EventOutcome.SUCCESS, detail, **more)  # type: ignore[arg-type]


def complete(register: Register, record: Record, name: str = "qinghe_2021-05-09") -> Path:
    """Make something with a seal where packages lie, and record it."""
    package = register.packages / name
    package.mkdir(parents=True)
    (package / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (package / "tagmanifest-sha512.txt").write_bytes(name.encode())
    seal = "sha512:" + hashlib.sha512(name.encode()).hexdigest()
    data = {"package": register.place(package), "identifier": name, "seal": seal, "files": 2, "size": 40}
    record.append(event(EventType.INFORMATION_PACKAGE_CREATION, detail="sealed"), data)
    return package


def codes(register: Register) -> list[str]:
    runs, findings = register.verify()
    assert {run.outcome.value for run in runs} <= {"passed", "failed", "skipped"}
    return [found.code for found in findings]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "accessions")


# Numbers


def test_numbers_are_given_in_order_and_never_again(register: Register) -> None:
    assert [register.begin(draft(), fingerprint=MARK).number for _ in range(3)] == ["2026.001", "2026.002", "2026.003"]
    (register.accessions / "2026.007").mkdir()  # a run was stopped right after its claim
    assert register.begin(draft(), fingerprint=MARK).number == "2026.008"
    assert register.record("2026.007").status is RecordStatus.CLAIMED
    assert register.begin(draft(begun=NOW.replace(year=2027)), fingerprint=MARK).number == "2027.001"


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("{year}.{serial:03}", "2026.001"),
        ("{year}-{serial:04}", "2026-0001"),
        ("{serial}", "1"),
        ("X032-WS·{year}-D10-{serial:04}", "X032-WS·2026-D10-0001"),
        ("全宗3-目录1-{serial:03}号", "全宗3-目录1-001号"),
        ("{serial:02}/{year}", None),
        ("{year}", None),
        ("{serial}{serial}", None),
        ("{month}.{serial}", None),
        (".{serial}", None),
        ("-{serial}", None),
        ("a\n{serial}", None),
        ("x" * 250 + "{serial}", None),
        ("{year:02}.{serial}", None),
    ],
)
def test_schemes(register: Register, template: str, number: str | None) -> None:
    if number is None:
        with pytest.raises(ConfigurationError):
            register.begin(draft(), fingerprint=MARK, scheme=template)
        assert not register.accessions.exists()
        return
    first = register.begin(draft(), fingerprint=MARK, scheme=template)
    second = register.begin(draft(), fingerprint=OTHER, scheme=template)
    assert first.number == number
    assert Scheme.of(template, 2026).serial(second.number) == 2
    assert [record.number for record in register.records()] == [first.number, second.number]
    assert codes(Register(register.accessions, scheme=template)) == []


def test_numbers_are_ordered_as_people_count(register: Register) -> None:
    register.accessions.mkdir()
    held = ["2026.9", "2026.10", "2025.100", "2026.1000", "全宗2", "全宗10"]
    for name in held:
        (register.accessions / name).mkdir()
    shown = [record.number for record in register.records()]
    assert shown == ["2025.100", "2026.9", "2026.10", "2026.1000", "全宗2", "全宗10"]


def test_a_serial_outgrows_its_width(register: Register) -> None:
    (register.accessions / "2026.999").mkdir(parents=True)
    assert register.begin(draft(), fingerprint=MARK).number == "2026.1000"


@given(st.lists(st.from_regex(r"[A-Za-z0-9.号·-]{1,12}", fullmatch=True), max_size=8))
def test_order_is_total(names: list[str]) -> None:
    assert sorted(sorted(set(names)), key=numbers.order) == sorted(set(names), key=numbers.order)


def test_gaps_and_twins_are_found(register: Register) -> None:
    for name in ("2026.002", "2026.005", "2026.5"):
        (register.accessions / name).mkdir(parents=True)
    found = [one for one in register.verify()[1] if one.code == "REG-006"]
    assert [(one.severity.value, one.message.split(",")[0]) for one in found] == [
        ("error", "2026.005 and 2026.5 are two ways to write one number"),
        ("notice", "2026.001 is not in the register"),
        ("warning", "2026.003 to 2026.004 are not in the register"),
    ]


def test_a_huge_gap_costs_nothing(register: Register) -> None:
    for name in ("2026.001", "2026.999999999999"):
        (register.accessions / name).mkdir(parents=True)
    assert "REG-006" in codes(register)


_MANY = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from archiver.model.provenance import Accession
from archiver.register import Register
register = Register(Path(sys.argv[1]))
for turn in range(int(sys.argv[3])):
    made = Accession("", "/deposit", datetime(2026, 1, 1, tzinfo=timezone.utc))
    print(register.begin(made, fingerprint=f"{sys.argv[2]}-{turn}").number)
"""


def test_many_processes_never_share_a_number(register: Register) -> None:
    runs = [_start(_MANY, register.accessions, str(who), "12") for who in range(8)]
    given_out = [number for run in runs for number in _output(run).split()]
    assert sorted(given_out) == [f"2026.{serial:03}" for serial in range(1, 97)]
    assert codes(register) == []


_SAME = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from archiver.errors import DestinationTaken
from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.register import Register
now = datetime(2026, 1, 1, tzinfo=timezone.utc)
record = Register(Path(sys.argv[1])).resume_or_begin(Accession("", "/deposit", now), fingerprint="one deposit")
try:
    with record.working():
        if not record.packages:
            data = {"package": "packages/x", "identifier": "x", "seal": ""}
            record.append(Event(EventType.INFORMATION_PACKAGE_CREATION, now, EventOutcome.SUCCESS, ""), data)
except DestinationTaken:
    print("busy", end=" ")
print(record.number)
"""


def test_runs_of_one_deposit_share_one_record(register: Register) -> None:
    outputs = [_output(run) for run in [_start(_SAME, register.accessions) for _ in range(8)]]
    assert {output.split()[-1] for output in outputs} == {"2026.001"}
    assert len(register.record("2026.001").packages) == 1
    assert sorted(path.name for path in register.accessions.rglob("*")) == [
        "2026.001",
        "accession.toml",
        "events.jsonl",
    ]


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def _output(run: subprocess.Popen[str]) -> str:
    output, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    return output


# accession.toml

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EARLIEST, LATEST = datetime(1, 1, 3), datetime(9999, 12, 28)  # noqa: DTZ001  the strategy adds the offset
# TOML knows four-digit years; the edges of the calendar are left out because an offset may lead beyond them.
moments = st.datetimes(EARLIEST, LATEST, timezones=offsets)
sources = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
raw_names = st.binary(min_size=1, max_size=20).map(lambda name: name.decode("utf-8", "surrogateescape"))


@given(
    number=st.from_regex(r"[0-9]{4}\.[0-9]{3}", fullmatch=True),
    texts=st.tuples(words, words, words, words, words, words),
    organisation=st.builds(Organisation, words, words, words, words, words, words),
    source=sources | raw_names,
    begun=moments,
    fingerprint=words,
)
def test_accession_toml_gives_back_what_was_written(
    number: str,
    texts: tuple[str, ...],
    organisation: Organisation,
    source: str,
    begun: datetime,
    fingerprint: str,
) -> None:
    depositor, agreement, rights, access, terms, operator = texts
    written = Accession(
        number, source, begun, depositor, agreement, rights, access, terms, operator, organisation=organisation
    )
    content = statement.render(written, fingerprint)
    read = statement.read(content)
    assert (read.accession, read.fingerprint, read.problems) == (written, fingerprint, ())
    assert read.accession is not None
    assert read.accession.begun.utcoffset() == begun.utcoffset()
    assert read.closing == read.closing_computed
    assert tomllib.loads(content.decode())["operator"] == operator  # any TOML reader reads it
    assert not any(ord(char) < 0x20 and char != "\n" for char in content.decode())
    assert statement.render(read.accession, fingerprint) == content


@given(st.binary(max_size=200))
def test_reading_any_bytes_as_accession_raises_nothing(content: bytes) -> None:
    assert statement.read(content).problems


def test_what_no_text_holds_is_refused_before_a_number_is_used(register: Register) -> None:
    with pytest.raises(UsageError):
        register.begin(draft(depositor="\udcff"), fingerprint=MARK)
    with pytest.raises(UsageError):
        register.begin(draft(begun=NOW.replace(tzinfo=None)), fingerprint=MARK)
    assert not register.accessions.exists()


def test_the_shell_can_verify_accession_toml_and_the_chain(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    record.append(event())
    record.append(event(detail="second"))
    stated = record.folder / "accession.toml"
    shell = f"sed '$d' {stated} | sha256sum; sha256sum {stated}; head -n 1 {record.folder / 'events.jsonl'} | sha256sum"
    try:
        done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system has no sh, sed or sha256sum")
    closing, first, second = [line.split()[0] for line in done.stdout.splitlines()]
    assert stated.read_text().splitlines()[-1] == f"# sha256 {closing}"
    assert [one.previous for one in record.events] == [first, second]


def test_another_json_program_computes_the_digest_of_a_line(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    done = record.append(
        event(detail='中文 "x" \\ 😀 é/\t\n'), {"b": [1, None, True], "a": {"é": 0, "z": 1, "😀": 2, "豈": 3}}
    )
    try:
        command = ["jq", "-cS", "del(.digest)", str(record.folder / "events.jsonl")]
        output = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system has no jq")
    assert hashlib.sha256(output).hexdigest() == done.digest


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("number", None, "does not state number"),
        ("number", "7", "number must be text"),
        ("number", '"2026.009"', "states the number 2026.009"),
        ("begun", "2026-03-15T09:30:00", "offset from UTC"),
        ("begun", '"yesterday"', "offset from UTC"),
        ("format", '"archiver.accession/2"', "archiver.accession/2"),
        ("depositor", "[1]", "depositor must be text"),
        ("fingerprint", None, "does not state fingerprint"),
    ],
)
def test_a_wrong_accession_toml_says_what_is_wrong(register: Register, key: str, value: str | None, said: str) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    path = record.folder / "accession.toml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{key} =")]
    path.write_text("\n".join(([f"{key} = {value}"] if value else []) + kept) + "\n")
    messages = [found.message for found in register.verify()[1] if found.code == "REG-002"]
    assert any(said in message for message in messages)
    with pytest.raises(RecordDamaged, match=r"accession\.toml"):
        assert record.reload().accession


# Events

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(EventType),
    outcome=st.sampled_from(EventOutcome),
    at=moments,
    texts=st.tuples(st.text(max_size=30), st.text(max_size=30)),
    names=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    data=st.dictionaries(st.text(max_size=8), plain_values, max_size=4),
)
def test_an_event_line_gives_back_what_was_written(
    kind: EventType,
    outcome: EventOutcome,
    at: datetime,
    texts: tuple[str, str],
    names: tuple[str, ...],
    data: dict[str, object],
) -> None:
    written = Event(kind, at, outcome, texts[0], note=texts[1], sources=names, outcomes=names, agents=names)
    line = chain.render(written, data, sequence=3, previous="before")
    facts = chain.read_line(line, 3)
    read = facts.event
    assert read is not None and read.digest == facts.event_digest
    assert facts.digest == hashlib.sha256(line).hexdigest()
    assert (read.type, read.at, read.outcome, read.data) == (kind.value, at, outcome.value, data)
    assert (read.detail, read.note, read.sources, read.agents) == (*texts, names, names)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert list(json.loads(line)) == sorted(json.loads(line))


@given(st.binary(max_size=100))
def test_reading_any_bytes_as_events_raises_nothing(content: bytes) -> None:
    lines, torn = chain.split(content)
    assert b"".join(lines) + torn == content
    assert all(facts.event is None and facts.problem for facts in chain.read_lines(lines))


@pytest.mark.parametrize("data", [{"x": float("nan")}, {"x": b"bytes"}, {1: "key"}, {"x": {2: 3}}, {"x": object()}])
def test_data_that_is_no_json_is_refused(register: Register, data: dict[str, object]) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    with pytest.raises(UsageError):
        record.append(event(), data)
    with pytest.raises(UsageError):
        record.append(event(at=NOW.replace(tzinfo=None)))
    assert not (record.folder / "events.jsonl").exists()


def test_an_accession_from_beginning_to_end(register: Register) -> None:
    record = register.resume_or_begin(draft(), fingerprint=MARK)
    assert (record.status, record.accession.number) == (RecordStatus.BEGUN, "2026.001")
    assert register.completed(MARK) is None
    unfinished = register.unfinished(MARK)
    assert unfinished is not None and unfinished.number == "2026.001"
    assert register.unfinished(OTHER) is None
    first = record.append(event(agents=("archiver",)), {"files": 1})
    assert (first.sequence, first.previous) == (1, hashlib.sha256(_bytes(record, "accession.toml")).hexdigest())
    complete(register, record)
    assert record.status is RecordStatus.ACCESSIONED
    assert register.unfinished(MARK) is None
    done = register.completed(MARK)
    assert done is not None
    assert [package.place for package in done.packages] == ["packages/qinghe_2021-05-09"]
    assert register.resume_or_begin(draft(), fingerprint=MARK).number == "2026.001"
    assert done.head == hashlib.sha256(_bytes(record, "events.jsonl").splitlines(keepends=True)[-1]).hexdigest()
    assert codes(register) == []


def test_a_failed_or_partial_package_does_not_complete(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    failed = replace(event(EventType.INFORMATION_PACKAGE_CREATION), outcome=EventOutcome.FAIL)
    record.append(failed, {"package": "packages/x"})
    assert record.status is RecordStatus.BEGUN
    made = event(EventType.INFORMATION_PACKAGE_CREATION)
    record.append(made, {"package": "packages/x", "seal": "", "remaining": 1})
    assert record.status is RecordStatus.BEGUN
    record.append(made, {"package": "packages/y", "seal": "", "remaining": 0})
    assert record.status is RecordStatus.ACCESSIONED


def test_the_same_events_make_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        register = Register(tmp_path / name)
        record = register.begin(draft(), fingerprint=MARK)
        record.append(event(), {"b": 1, "a": [2, 3]})
        made.append((_bytes(record, "accession.toml"), _bytes(record, "events.jsonl")))
    assert made[0] == made[1]


def test_two_records_of_one_process_see_each_others_events(register: Register) -> None:
    one = register.begin(draft(), fingerprint=MARK)
    other = register.record("2026.001")
    one.append(event(detail="a"))
    assert other.append(event(detail="b")).sequence == 2
    assert [said.detail for said in one.reload().events] == ["a", "b"]


def test_a_clock_that_runs_backwards_is_a_warning(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    record.append(event(at=datetime(1970, 1, 1, tzinfo=UTC)))
    record.append(event(at=NOW.astimezone(UTC)))  # the same moment elsewhere is not earlier
    found = register.verify()[1]
    assert [(one.code, one.severity.value, one.line) for one in found] == [("REG-008", "warning", 1)]


def test_only_one_process_works_on_an_accession(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    with record.working(), pytest.raises(DestinationTaken), Record(record.folder).working():
        pass
    with record.working():
        record.append(event())
    assert sorted(path.name for path in record.folder.iterdir()) == ["accession.toml", "events.jsonl"]


# Packages


def test_a_package_that_moved_or_changed_is_found(register: Register) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    package = complete(register, record)
    (package / "tagmanifest-sha512.txt").write_bytes(b"changed")
    (found,) = register.verify()[1]
    assert found.code == "REG-005" and found.line == 1 and "recorded is sha512:" in found.message
    package.rename(register.packages / "elsewhere")
    assert sorted(codes(register)) == ["REG-005", "REG-011"]


def test_a_package_twice_registered_is_found(register: Register) -> None:
    complete(register, register.begin(draft(), fingerprint=MARK))
    again = register.begin(draft(), fingerprint=OTHER)
    data = dict(register.record("2026.001").events[0].data)
    again.append(event(EventType.INFORMATION_PACKAGE_CREATION), data)
    assert codes(register) == ["REG-011"]


@pytest.mark.parametrize("place", ["../outside", "packages/../../outside", "packages//x", ""])
def test_a_place_outside_the_workspace_is_not_looked_at(register: Register, place: str) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    data = {"package": place, "identifier": "x", "seal": "sha512:" + "0" * 128}
    record.append(event(EventType.INFORMATION_PACKAGE_CREATION), data)
    (found,) = register.verify()[1]
    assert found.code == "REG-005" and "leaves the workspace" in found.message


def test_a_package_outside_the_workspace_is_recorded_by_its_whole_path(tmp_path: Path) -> None:
    register = Register(tmp_path / "work" / "accessions", packages=tmp_path / "shelf")
    package = complete(register, register.begin(draft(), fingerprint=MARK))
    assert register.place(package) == package.as_posix()
    assert codes(register) == []


# Input that is not what it should be


def test_nothing_is_created_by_looking(register: Register, tmp_path: Path) -> None:
    assert list(register.records()) == []
    assert codes(register) == []
    assert register.unfinished(MARK) is None
    with pytest.raises(UnreadableInput):
        register.record("2026.001")
    assert list(tmp_path.iterdir()) == []
    record = register.begin(draft(), fingerprint=MARK)
    record.append(event())
    before = _tree(tmp_path)
    codes(register)
    assert record.reload().status is RecordStatus.BEGUN
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("number", ["", ".", "..", "../x", "/etc", "a/b", "x\0y", "x\ny"])
def test_an_odd_number_is_refused(register: Register, number: str) -> None:
    register.begin(draft(), fingerprint=MARK)
    with pytest.raises(UnreadableInput):
        register.record(number)


def test_a_file_where_the_register_should_be(tmp_path: Path) -> None:
    (tmp_path / "accessions").write_text("no folder")
    with pytest.raises(UnreadableInput):
        list(Register(tmp_path / "accessions").records())
    with pytest.raises(UnreadableInput):
        Register(tmp_path / "accessions").begin(draft(), fingerprint=MARK)


def test_links_and_special_files_are_not_opened(register: Register, tmp_path: Path) -> None:
    record = register.begin(draft(), fingerprint=MARK)
    outside = tmp_path / "outside.jsonl"
    outside.write_text("")
    (record.folder / "events.jsonl").symlink_to(outside)
    with pytest.raises(RecordDamaged, match="not a regular file"):
        record.reload().append(event())
    assert outside.read_bytes() == b""
    (record.folder / "events.jsonl").unlink()
    os.mkfifo(record.folder / "events.jsonl")
    with pytest.raises(RecordDamaged, match="not a regular file"):
        record.reload().append(event())
    runs, _ = register.verify()
    assert {run.outcome.value for run in runs if run.subject == "2026.001"} == {"broken"}
    (record.folder / "events.jsonl").unlink()
    (record.folder / "note.txt").symlink_to(outside)
    (register.accessions / "2026.002").symlink_to(record.folder)
    assert sorted(codes(register)) == ["REG-009", "REG-012"]


def test_a_claimed_number_is_shown_and_kept(register: Register) -> None:
    register.begin(draft(), fingerprint=MARK)
    (register.accessions / "2026.002").mkdir()
    found = register.verify()[1]
    assert [(one.code, one.severity.value, one.subject) for one in found] == [("REG-002", "warning", "2026.002")]
    with pytest.raises(RecordDamaged, match="claimed"):
        assert register.record("2026.002").accession
    with pytest.raises(RecordDamaged):
        register.record("2026.002").append(event())
    assert list((register.accessions / "2026.002").iterdir()) == []


def _bytes(record: Record, name: str) -> bytes:
    return (record.folder / name).read_bytes()


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}
