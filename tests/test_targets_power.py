"""Targets when the power fails: what was called held is held after the cut, the rest is finished by the next run."""

from __future__ import annotations

import fcntl
import hashlib
import json
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
from shipments import DISPATCH, destination, make_bag, shipment
from test_targets_killed import ENVIRONMENT

from archiver import plugs
from archiver.model.package import Holding

pytestmark = pytest.mark.faults

_SHUTDOWN = 0x8004587D  # the ioctl of ext4 and xfs
_LOG_LOST, _LOG_KEPT = 2, 1  # without, and with, writing the log
_WORK = """
import sys
from pathlib import Path
from shipments import DISPATCH, destination, shipment
from archiver import plugs
kind, where = sys.argv[1], Path(sys.argv[2])
target = {part.kind: part for part in plugs.discover("archiver.targets", "TARGET").values()}[kind]
for bag in sys.argv[3:]:
    target.hold(shipment(Path(bag)), destination(kind, where), DISPATCH)
    print(bag, flush=True)
"""


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60)


def _unmount(disk: Path) -> None:
    for _ in range(100):
        if subprocess.run(["umount", str(disk)], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError(f"{disk} stays busy")


@pytest.fixture(params=["ext4", "xfs"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    image, disk = tmp_path / "disk.img", tmp_path / "disk"
    with image.open("wb") as stream:
        stream.truncate(320 * 1024 * 1024)
    disk.mkdir()
    try:
        _run(f"mkfs.{request.param}", "-q", image)
        _run("mount", "-o", "loop", image, disk)
    except (OSError, subprocess.SubprocessError):
        pytest.skip(f"mounting an image of {request.param} needs more rights")
    yield disk
    _unmount(disk)


def _cut(disk: Path, how: int) -> None:
    descriptor = os.open(disk, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", how))
    finally:
        os.close(descriptor)


def is_held(kind: str, place: Path, bag: Path) -> bool:
    """Whether a target holds a bag, as found without our code: the folder, or a version of an object."""
    wanted = {path.relative_to(bag).as_posix(): path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    if kind == "file":
        copy = place / bag.name
        found = {path.relative_to(copy).as_posix(): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
        return found == wanted
    digest = hashlib.sha256(bag.name.encode()).hexdigest()
    folder = place / digest[:3] / digest[3:6] / digest[6:9] / digest
    newest = max(folder.glob("v*/inventory.json"), key=lambda path: int(path.parent.name[1:]))
    table = json.loads(newest.read_bytes())
    for version in table["versions"].values():
        places = {name: table["manifest"][digest][0] for digest, names in version["state"].items() for name in names}
        if wanted == {name: (folder / path).read_bytes() for name, path in places.items()}:
            return True
    return False


@pytest.mark.parametrize("kind", ["file", "ocfl"])
def test_what_was_called_held_survives_a_power_cut(kind: str, disk: Path, tmp_path: Path) -> None:
    target = {part.kind: part for part in plugs.discover("archiver.targets", "TARGET").values()}[kind]
    rng = random.Random(5)
    called = 0
    for turn in range(12):
        # In OCFL every second bag is a changed package of the same name: cuts fall into the making of versions too.
        bags = [make_bag(tmp_path / f"{turn}-{number}" / f"bag{turn}-{number // 2}", {"a.txt": b"%d" % number})
                for number in range(0, 8, 1 if kind == "ocfl" else 2)]  # fmt: skip
        where = destination(kind, disk / "there")
        command = [sys.executable, "-c", _WORK, kind, where.place, *map(str, bags)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT)
        assert run.stdout is not None
        time.sleep(0.15 + rng.uniform(0, 0.3))
        _cut(disk, _LOG_LOST if turn % 2 else _LOG_KEPT)
        run.send_signal(signal.SIGKILL)
        held = run.communicate(timeout=60)[0].split()
        _unmount(disk)
        _run("mount", "-o", "loop", tmp_path / "disk.img", disk)
        for bag in map(Path, held):
            assert is_held(kind, disk / "there", bag), f"{bag} was called held and is lost"
        for bag in bags:
            again = target.hold(shipment(bag), where, DISPATCH)
            assert again.holding is Holding.ALREADY_HELD or kind == "ocfl" or str(bag) not in held
        called += len(held)
    print(f"{kind}: {called} called held before 12 power cuts, 0 lost")
