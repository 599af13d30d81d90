"""Bags when the power fails: what was published is whole after the cut, with few files and with many."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from test_targets_power import _LOG_KEPT, _LOG_LOST, _cut, _run, disk  # noqa: F401  disk is a fixture

from archiver.errors import StorageError
from archiver.fixity import durability
from archiver.listing import list_deposit
from archiver.model.values import PackagePath
from archiver.packages.bag import BagWriter


def deposit(place: Path, files: int) -> Path:
    place.mkdir()
    for number in range(files):
        (place / f"{number:04}.txt").write_bytes(b"page %d\n" % number * 100)
    return place


@pytest.mark.faults
@pytest.mark.parametrize("how", [_LOG_LOST, _LOG_KEPT])
@pytest.mark.parametrize("files", [3, 300])
@pytest.mark.parametrize("form", ["bag", "bag.zip"])
def test_what_was_published_outlives_a_power_cut(
    disk: Path,  # noqa: F811
    tmp_path: Path,
    files: int,
    how: int,
    form: str,
) -> None:
    source = deposit(tmp_path / "source", files)
    command = [sys.executable, "-m", "archiver.cli", "bag", str(source), "-o", str(disk / form)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    _cut(disk, how)
    image = tmp_path / "disk.img"
    for _ in range(100):
        if subprocess.run(["umount", str(disk)], capture_output=True, check=False).returncode == 0:
            break
    _run("mount", "-o", "loop", image, disk)
    assert form in {path.name for path in disk.iterdir()}
    judged = subprocess.run([sys.executable, "-m", "archiver.cli", "validate", str(disk / form)], capture_output=True)
    assert judged.returncode == 0, judged.stdout
    if form == "bag":
        assert bagit.Bag(str(disk / form)).is_valid()
        assert len(list((disk / form / "data").iterdir())) == files


@pytest.mark.skipif(not durability.can_sync_at_once(), reason="this system cannot put many files on the disk at once")
def test_many_files_that_cannot_be_put_on_the_disk_are_no_bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = deposit(tmp_path / "source", durability.MANY)

    def failing(_self: durability.FileSystem) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(durability.FileSystem, "sync", failing)
    with pytest.raises(StorageError, match="input/output error"), BagWriter(tmp_path / "bag") as writer:
        writer.add_all((file, PackagePath(f"data/{file.name}")) for file in list_deposit(source).files)
        writer.seal([])
        writer.publish()
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_few_files_are_put_on_the_disk_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = deposit(tmp_path / "source", 3)
    opened = []
    monkeypatch.setattr(durability.FileSystem, "__init__", lambda _self, folder: opened.append(folder))
    with BagWriter(tmp_path / "bag") as writer:
        writer.add_all((file, PackagePath(f"data/{file.name}")) for file in list_deposit(source).files)
        writer.seal([])
        writer.publish()
    assert opened == []
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
