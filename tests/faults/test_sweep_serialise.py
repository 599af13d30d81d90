"""Bags written into a zip and a tar under a fault at every system call: whole, or not there."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep import Done, Scene, hidden, strace_works, sweep, visible, wrong_with_bag

needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")
FILES = {"0001.txt": b"first page\n", "0002.txt": "第二页\n".encode() * 4000, "large.tif": bytes(3 << 20), "e": b""}
KINDS = ("zip", "tar", "tar.gz")


def archiver(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "archiver.cli", *arguments]


def prepare(folder: Path) -> None:
    (folder / "deposit").mkdir()
    (folder / "out").mkdir()
    for name, content in FILES.items():
        (folder / "deposit" / name).write_bytes(content)


def prepare_bag(folder: Path) -> None:
    prepare(folder)
    made = archiver("bag", str(folder / "deposit"), "-o", str(folder / "bag"), "--workers", "1")
    subprocess.run(made, check=True, capture_output=True)


def wrong_with_archive(archive: Path) -> Iterator[str]:
    """Whether programs of others unpack a whole bag of it."""
    place = archive.parent.parent / "unpacked"
    try:
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(place)
        else:
            with tarfile.open(archive) as opened_tar:
                opened_tar.extractall(place, filter="data")
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        yield f"{archive.name} cannot be unpacked: {error}"
        return
    yield from wrong_with_bag(place / "x")
    subprocess.run(["rm", "-rf", str(place)], check=True)


def after_fault(folder: Path, done: Done) -> Iterator[str]:
    if {path.name: path.read_bytes() for path in (folder / "deposit").iterdir()} != FILES:
        yield "the deposit has changed"
    if (folder / "bag").exists():
        yield from wrong_with_bag(folder / "bag")
    made = visible(folder / "out")
    for archive in made:
        yield from wrong_with_archive(archive)
    if done.status == 0 and not made:
        yield "success was claimed without an archive"
    if not done.killed and done.status not in {0, 2, 3}:
        yield f"ended with status {done.status}: {done.errors}"


def after_rerun(folder: Path, done: Done) -> Iterator[str]:
    """Complete, or the first run was: then the second refuses to replace it."""
    yield from after_fault(folder, done)
    if done.status not in {0, 2} or (done.status == 2 and "exists" not in done.errors):
        yield f"ended with status {done.status}: {done.errors.strip()}"
    if len(visible(folder / "out")) != 1:
        yield f"archives: {visible(folder / 'out')}"
    if done.status == 0 and hidden(folder / "out"):
        yield f"debris: {hidden(folder / 'out')}"


def scene(kind: str, *, from_bag: bool) -> Scene:
    words = ("bag", "serialise", "bag") if from_bag else ("bag", "deposit")
    command = archiver(*words, "-o", f"out/x.{kind}", "--workers", "1")
    name = f"{kind} of a {'bag' if from_bag else 'folder'}"
    return Scene(name, prepare_bag if from_bag else prepare, lambda _folder: command, after_fault, after_rerun)


@needs_strace
def test_a_fault_at_some_calls_leaves_no_half_made_archive(tmp_path: Path) -> None:
    swept = sweep(scene("zip", from_bag=False), tmp_path, count=6)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials == 6


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize("from_bag", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_call_leaves_no_half_made_archive(
    kind: str, from_bag: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what = scene(kind, from_bag=from_bag)
    swept = sweep(what, tmp_path)
    with capsys.disabled():
        print(f"\n{what.name}: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials
