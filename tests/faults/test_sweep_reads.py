"""Reading under a fault: after an error at a read, listing or opening, nobody says what the bag is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep import READS, Done, Scene, digests, strace_works, sweep
from test_sweep_serialise import archiver, prepare_bag

needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")
ERRORS = ("EIO", "EACCES", "SIGKILL")


def prepare(folder: Path) -> None:
    prepare_bag(folder)
    import subprocess

    made = archiver("bag", "serialise", str(folder / "bag"), "-o", str(folder / "bag.tar"), "--workers", "1")
    subprocess.run(made, check=True, capture_output=True)


def after_fault(_folder: Path, done: Done) -> Iterator[str]:
    """Neither valid nor not valid: nobody could find out. An error that concerned nothing that was needed may pass."""
    if done.status == 1:
        yield f"a bag that could not be read was called not valid: {done.output[-400:]}"
    if not done.killed and done.status not in {0, 2, 3}:
        yield f"ended with status {done.status}: {done.errors}"
    if done.status in {2, 3} and not (done.errors + done.output).strip():
        yield "no word of what failed"


def after_rerun(_folder: Path, done: Done) -> Iterator[str]:
    if done.status:
        yield f"ended with status {done.status}: {done.errors.strip()}"


def scene(name: str) -> Scene:
    command = [*archiver("validate", name, "--workers", "1")]
    return Scene(f"validate {name}", prepare, lambda _folder: command, after_fault, after_rerun, calls=READS)


@needs_strace
@pytest.mark.parametrize("name", ["bag", "bag.tar"])
def test_some_reads_that_fail_are_told(name: str, tmp_path: Path) -> None:
    swept = sweep(scene(name), tmp_path, faults=ERRORS, count=6)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials == 6


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize("name", ["bag", "bag.tar"])
def test_every_read_that_fails_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept = sweep(scene(name), tmp_path, faults=ERRORS)
    with capsys.disabled():
        print(f"\n{sys.platform} validate {name}: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials


def test_the_scene_is_what_it_seems(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert {"bag", "bag.tar", "deposit", "out"} <= digests(tmp_path).keys()
