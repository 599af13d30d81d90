"""The bag writer, and a careless writer that the sweep has to catch, under a fault at every system call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep import Done, Scene, digests, hidden, strace_works, sweep, visible, wrong_with_bag

needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")

BAG = """
import sys
from pathlib import Path
from archiver.errors import ArchiverError, DestinationTaken
from archiver.listing import list_deposit
from archiver.model.values import PackagePath
from archiver.packages.bag import BagWriter
files = list_deposit(Path("deposit")).files
there = Path("packages/bag").exists()
try:
    with BagWriter(Path("packages/bag").absolute()) as writer:
        writer.copy_all([(file, PackagePath(f"data/{file.name}")) for file in files])
        writer.seal([("Source-Organization", "Test")])
        writer.publish()
except DestinationTaken as error:
    sys.exit(0 if there else error.exit_status)
except ArchiverError as error:
    print(error.message, file=sys.stderr)
    sys.exit(error.exit_status)
"""

CARELESS = """
import hashlib
from pathlib import Path
bag = Path("packages/bag")
bag.mkdir(parents=True, exist_ok=True)
lines = {}
(bag / "bagit.txt").write_text("BagIt-Version: 1.0\\nTag-File-Character-Encoding: UTF-8\\n")
(bag / "data").mkdir(exist_ok=True)
for file in sorted(Path("deposit").iterdir()):
    (bag / "data" / file.name).write_bytes(file.read_bytes())
    lines[f"data/{file.name}"] = hashlib.sha512(file.read_bytes()).hexdigest()
def manifest(name, lines):
    (bag / name).write_text("".join(f"{digest}  {path}\\n" for path, digest in sorted(lines.items())))
manifest("manifest-sha512.txt", lines)
names = ("bagit.txt", "manifest-sha512.txt")
manifest("tagmanifest-sha512.txt", {name: hashlib.sha512((bag / name).read_bytes()).hexdigest() for name in names})
"""
DEPOSIT = {"0001.txt": b"first page\n", "0002.txt": "第二页\n".encode() * 4000, "empty.txt": b""}


def prepare(folder: Path) -> None:
    (folder / "deposit").mkdir()
    for name, content in DEPOSIT.items():
        (folder / "deposit" / name).write_bytes(content)


def wrong_after_fault(folder: Path, done: Done) -> Iterator[str]:
    """The deposit as it was; no package, or a whole one; success only with a package."""
    if {path.name: path.read_bytes() for path in (folder / "deposit").iterdir()} != DEPOSIT:
        yield "the deposit has changed"
    packages = visible(folder / "packages")
    for package in packages:
        yield from wrong_with_bag(package)
    if done.status == 0 and not packages:
        yield "success was claimed without a package"
    if not done.killed and done.status not in {0, 2, 3}:
        yield f"ended with status {done.status}"


def wrong_after_rerun(folder: Path, done: Done) -> Iterator[str]:
    """Completed, and nothing else left than the package."""
    if done.status:
        yield f"ended with status {done.status}: {done.errors.strip()}"
    yield from wrong_after_fault(folder, done)
    if [path.name for path in visible(folder / "packages")] != ["bag"]:
        yield f"packages: {sorted(digests(folder / 'packages'))}"
    if hidden(folder / "packages"):
        yield f"debris: {hidden(folder / 'packages')}"


def scene(script: str) -> Scene:
    name = "bag writer" if script is BAG else "careless writer"
    return Scene(name, prepare, lambda folder: [sys.executable, "-c", script], wrong_after_fault, wrong_after_rerun)


@needs_strace
def test_the_sweep_catches_a_careless_writer(tmp_path: Path) -> None:
    swept = sweep(scene(CARELESS), tmp_path, count=12)
    assert swept.hit == swept.trials == 12
    assert len(swept.wrong) > swept.trials // 2, swept


@needs_strace
def test_a_fault_at_some_calls_leaves_no_half_made_bag(tmp_path: Path) -> None:
    swept = sweep(scene(BAG), tmp_path, count=12)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials == 12


@needs_strace
@pytest.mark.faults
def test_a_fault_at_any_call_leaves_no_half_made_bag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept = sweep(scene(BAG), tmp_path)
    with capsys.disabled():
        print(f"\nbag writer: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials
