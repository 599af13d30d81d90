"""The register when the power fails: on a file system that is cut off, what was acknowledged is there afterwards."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.model.register import RecordStatus
from archiver.register import Register

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[1]
_SHUTDOWN = 0x8004587D  # the ioctl of ext4 and xfs; 2: without writing the log
_WORK = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.register import Register
now = datetime(2026, 1, 1, tzinfo=timezone.utc)
register = Register(Path(sys.argv[1]))
for turn in range(10000):
    record = register.begin(Accession("", "/d", now), fingerprint=f"{sys.argv[2]}-{turn}")
    print(record.number, record.head, flush=True)
    for _ in range(3):
        done = record.append(Event(EventType.ACCESSION, now, EventOutcome.SUCCESS, "received"), {"turn": turn})
        print(record.number, record.head, flush=True)
"""


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    made = tmp_path / "disk.img"
    with made.open("wb") as stream:
        stream.truncate(48 * 1024 * 1024)
    try:
        _run("mkfs.ext4", "-q", made)
        (tmp_path / "disk").mkdir()
        _run("mount", "-o", "loop", made, tmp_path / "disk")
        _run("umount", tmp_path / "disk")
    except (OSError, subprocess.SubprocessError):
        pytest.skip("mounting an image needs more rights")
    return made


def _cut(disk: Path) -> None:
    descriptor = os.open(disk, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", 2))
    finally:
        os.close(descriptor)


def _unmount(disk: Path) -> None:
    for _ in range(100):
        if subprocess.run(["umount", str(disk)], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError(f"{disk} stays busy")


def _acknowledged(disk: Path, turn: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Work on the disk, cut it off at some moment, and give what was acknowledged before: number and head."""
    command = [sys.executable, "-c", _WORK, str(disk / "accessions"), str(turn)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert run.stdout is not None
    lines = [run.stdout.readline()]
    time.sleep(rng.uniform(0, 0.4))
    _cut(disk)
    run.send_signal(signal.SIGKILL)
    lines += run.communicate(timeout=60)[0].splitlines()
    yield from ((parts[0], parts[1]) for line in lines if len(parts := line.split()) == 2 and len(parts[1]) == 64)


def test_no_acknowledged_event_is_lost_in_a_power_cut(image: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    rng = random.Random(3)
    heads: dict[str, list[str]] = {}
    for turn in range(12):
        _run("mount", "-o", "loop", image, disk)
        try:
            for number, head in _acknowledged(disk, turn, rng):
                heads.setdefault(number, []).append(head)
        finally:
            _unmount(disk)
        _run("mount", "-o", "loop", image, disk)
        try:
            _judge(Register(disk / "accessions"), heads)
        finally:
            _unmount(disk)
    assert sum(len(found) for found in heads.values()) > 50


def _judge(register: Register, heads: dict[str, list[str]]) -> None:
    """Every acknowledged head is the start of the chain or the digest of one of its lines; nothing is damaged."""
    for number, acknowledged in heads.items():
        facts = register.record(number).facts
        assert facts.status is RecordStatus.BEGUN, f"{number}: {list(facts.damages())}"
        assert facts.statement is not None
        held = {facts.statement.digest, *(line.digest for line in facts.lines)}
        assert held >= set(acknowledged), f"{number} lost acknowledged events"
    assert {found.severity.value for found in register.verify()[1]} <= {"warning", "notice"}
