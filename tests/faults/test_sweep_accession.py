"""`archiver accession` under a kill, a full disk and an I/O error at every system call that changes something.

The deposit holds both specimens, so that one accession makes two packages and a stop may fall between them. A run
that is killed between claiming a number and stating what it is for leaves the number used and empty (docs/register.md);
the next run takes the next one. Anything else under accessions/ is a record that can be read.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sweep import Done, Scene, digests, hidden, run, strace_works, sweep, visible, wrong_with_bag

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = sorted((ROOT / "accessions").glob("2026.00[12]/deposit/*.txt"))
ARCHIVER = (sys.executable, "-c", "from archiver.cli.app import main; main()")
needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")


@cache
def template(folder: Path) -> Path:
    """A workspace with the deposit in incoming/."""
    done = run([*ARCHIVER, "init", str(folder / "template")], folder)
    assert done.status == 0, done.errors
    incoming = folder / "template" / "incoming"
    incoming.mkdir()
    for specimen in SPECIMENS:
        shutil.copyfile(specimen, incoming / specimen.name)
    return folder / "template"


def command(_folder: Path) -> list[str]:
    """One worker: the n-th call is the same call each time."""
    return [*ARCHIVER, "accession", "incoming", "--workers", "1", "--output-format", "json"]


def prepare(folder: Path) -> None:
    shutil.copytree(template(folder.parent), folder, dirs_exist_ok=True)


def records(folder: Path) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Number and events of every accession record, as anyone can read them; a torn last line is left out."""
    for record in visible(folder / "accessions"):
        if is_claimed(record):
            continue
        tomllib.loads((record / "accession.toml").read_text(encoding="utf-8"))
        events = record / "events.jsonl"
        lines = events.read_text(encoding="utf-8", errors="replace").split("\n") if events.is_file() else [""]
        yield record.name, [json.loads(line) for line in lines[:-1]]


def is_claimed(record: Path) -> bool:
    """A number without a record: an empty folder, or one with a statement that never got its name."""
    return {path.name for path in record.iterdir()} <= {".accession.toml.partial"}


def wrong_with_deposit(folder: Path) -> Iterator[str]:
    held = {path.name: path.read_bytes() for path in (folder / "incoming").iterdir()}
    if held != {specimen.name: specimen.read_bytes() for specimen in SPECIMENS}:
        yield "the deposit has changed"


def wrong_after_fault(folder: Path, done: Done) -> Iterator[str]:
    """The deposit as it was, records readable, every package in sight whole, no success claimed without them."""
    yield from wrong_with_deposit(folder)
    packages = visible(folder / "packages")
    for package in packages:
        yield from wrong_with_bag(package)
    try:
        known = dict(records(folder))
    except (OSError, ValueError) as error:
        yield f"a record cannot be read: {error}"
        return
    if len(known) > 1:
        yield f"more than one number was taken: {sorted(known)}"
    said = json.dumps(list(known.values()), ensure_ascii=False)
    if done.status == 0 and (len(packages) != 2 or not all(package.name in said for package in packages)):
        yield f"success was claimed with {len(packages)} packages"
    if not done.killed and done.status not in {0, 3}:
        yield f"ended with status {done.status}: {done.errors.strip()}"
    if done.status == 3 and not done.errors.strip():
        yield "ended with status 3 and said nothing"


def wrong_after_rerun(folder: Path, done: Done) -> Iterator[str]:
    """Completed under the one number, with the very bytes of a run that was never stopped, and no debris."""
    if done.status:
        yield f"ended with status {done.status}: {done.errors.strip()}"
    yield from wrong_after_fault(folder, done)
    claimed = [record for record in visible(folder / "accessions") if is_claimed(record)]
    numbers = [number for number, _events in records(folder)]
    if len(claimed) > 1 or numbers != [f"2026.{len(claimed) + 1:03}"]:
        yield f"records {numbers}, claimed {[record.name for record in claimed]}"
    reference = digests(uninterrupted(folder.parent, len(claimed)) / "packages")
    if digests(folder / "packages") != reference:
        differ = sorted(set(digests(folder / "packages").items()) ^ set(reference.items()))
        yield f"packages differ from those of an uninterrupted run: {sorted({path for path, _digest in differ})[:6]}"
    whole = ["packages", *(f"accessions/{number}" for number in numbers)]
    debris = [f"{place}/{name}" for place in whole for name in hidden(folder / place)]
    if debris:
        yield f"debris: {debris}"
    verified = run([*ARCHIVER, "register", "verify"], folder)
    if verified.status:
        yield f"register verify ended with status {verified.status}: {verified.output[-300:]}"


@cache
def uninterrupted(folder: Path, claimed: int) -> Path:
    """A workspace in which the same command ran without a fault, the first number being claimed already or not."""
    place = folder / f"uninterrupted-{claimed}"
    shutil.copytree(template(folder), place)
    for number in range(claimed):
        (place / "accessions" / f"2026.{number + 1:03}").mkdir()
    done = run(command(place), place)
    assert done.status == 0, done.errors
    packages = visible(place / "packages")
    assert len(packages) == 2
    assert [problem for package in packages for problem in wrong_with_bag(package)] == []
    return place


SCENE = Scene("accession", prepare, command, wrong_after_fault, wrong_after_rerun)


@needs_strace
def test_a_fault_at_some_calls_of_an_accession(tmp_path: Path) -> None:
    uninterrupted(tmp_path, 0), uninterrupted(tmp_path, 1)
    swept = sweep(SCENE, tmp_path, count=12)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials == 12


@needs_strace
@pytest.mark.faults
def test_a_fault_at_any_call_of_an_accession(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uninterrupted(tmp_path, 0), uninterrupted(tmp_path, 1)
    swept = sweep(SCENE, tmp_path)
    with capsys.disabled():
        print(f"\naccession of two issues: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials
