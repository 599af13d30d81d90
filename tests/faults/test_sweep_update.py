"""`archiver bag update` under a kill, a full disk and an I/O error at every system call that changes something.

Where names can be exchanged, a whole bag stands at every moment: the one before or the one after. On the two other ways
there may be a moment without a bag of that name. On all of them the next run completes, with the very bytes of a run
that was never stopped, and the payload files are the same files on the disk, by inode.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sweep import Done, Scene, digests, hidden, run, strace_works, sweep, visible, wrong_with_bag

ROOT = Path(__file__).resolve().parents[2]
SPECIMEN = ROOT / "accessions/2026.001/deposit/qinghe-2021-05-09.txt"
ARCHIVER = (sys.executable, "-c", "from archiver.cli.app import main; main()")
needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")

UPDATE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.errors import ArchiverError
from archiver.model.provenance import Agent, AgentKind
from archiver.model.values import Algorithm
from archiver.packages.bag.resealing import Way
from archiver.updating import Revision, Updating, update_bag
revision = Revision(
    remove_info=("Contact-Name",), set_info=(("Contact-Email", "desk@example.org"),),
    add_info=(("External-Description", "Three pages"),),
    add_algorithms=(Algorithm.SHA3_256,), drop_algorithms=("sha256",),
)
settings = Updating(
    now=lambda: datetime(2026, 1, 1, tzinfo=UTC), software=Agent("archiver", AgentKind.SOFTWARE, "archiver", "1"),
    reason="a test", workers=1, ways=[Way[name] for name in sys.argv[1].split(",")],
)
try:
    report = update_bag(Path("packages/bag"), revision, settings)
except ArchiverError as error:
    print(error.message, file=sys.stderr)
    sys.exit(error.exit_status)
sys.exit(report.exit_status)
"""


@cache
def template(folder: Path) -> Path:
    """A bag with tags to change, and a tag file in a folder of its own."""
    place = folder / "template"
    (place / "deposit" / "pages").mkdir(parents=True)
    (place / "deposit" / "0001.txt").write_bytes(b"first page\n")
    (place / "deposit" / "pages" / "0002.txt").write_bytes("第二页\n".encode() * 4000)
    (place / "deposit" / "empty.txt").write_bytes(b"")
    tags = ("--info", "Contact-Name: A. Archivist", "--info", "Contact-Email: old@example.org")
    done = run([*ARCHIVER, "bag", "deposit", "-o", "packages/bag", *tags], place)
    assert done.status == 0, done.errors
    shutil.rmtree(place / "deposit")
    (place / "packages" / "bag" / "about").mkdir()
    (place / "packages" / "bag" / "about" / "letter.txt").write_bytes(b"Dear archive,\n")
    done = run([*ARCHIVER, "bag", "update", "packages/bag", "--reason", "a letter came"], place)
    assert done.status == 0, done.errors
    return place


def payload(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and inode of every payload file, wherever a folder with a payload is found."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_ino) for path in files}


def scene(ways: str, *, may_be_away: bool) -> Scene:
    """An update by some ways; `may_be_away` when there may be a moment without a bag of that name."""
    inodes: dict[str, dict[str, tuple[bytes, int]]] = {}

    def prepare(folder: Path) -> None:
        shutil.copytree(template(folder.parent), folder, dirs_exist_ok=True)
        inodes[folder.name] = payload(folder / "packages/bag/data")

    def command(_folder: Path) -> list[str]:
        return [sys.executable, "-c", UPDATE, ways]

    def wrong_after_fault(folder: Path, done: Done) -> Iterator[str]:
        bag = folder / "packages/bag"
        if bag.exists():
            yield from wrong_with_bag(bag)
            if payload(bag / "data") != inodes[folder.name]:
                yield "the payload is not, file for file, what it was"
        elif not may_be_away:
            yield "there is no bag"
        elif not done.killed:
            yield f"there is no bag, though the run ended by itself: {done.errors.strip()}"
        if [path.name for path in visible(folder / "packages")] not in (["bag"], []):
            yield f"packages: {visible(folder / 'packages')}"
        if done.status == 0 and len(events(bag)) != 2:
            yield f"success was claimed with {len(events(bag))} events"
        if not done.killed and done.status not in {0, 3}:
            yield f"ended with status {done.status}: {done.errors.strip()}"
        if done.status == 3 and not done.errors.strip():
            yield "ended with status 3 and said nothing"

    def wrong_after_rerun(folder: Path, done: Done) -> Iterator[str]:
        if done.status:
            yield f"ended with status {done.status}: {done.errors.strip()}"
        if not (folder / "packages/bag").exists():
            yield "there is no bag"
            return
        yield from wrong_after_fault(folder, done)
        reference = digests(uninterrupted(folder.parent, ways))
        if digests(folder / "packages/bag") != reference:
            differ = set(digests(folder / "packages/bag").items()) ^ set(reference.items())
            yield f"not the bag of an uninterrupted run: {sorted({path for path, _digest in differ})}"
        if hidden(folder / "packages"):
            yield f"debris: {hidden(folder / 'packages')}"
        links = {path.stat().st_nlink for path in (folder / "packages/bag").rglob("*") if path.is_file()}
        if links != {1}:
            yield f"files have {links} names"

    return Scene(f"update by {ways}", prepare, command, wrong_after_fault, wrong_after_rerun)


@cache
def uninterrupted(folder: Path, ways: str) -> Path:
    """The bag after the same update without a fault."""
    place = folder / f"uninterrupted-{ways}"
    shutil.copytree(template(folder), place)
    done = run([sys.executable, "-c", UPDATE, ways], place)
    assert done.status == 0, done.errors
    bag = place / "packages/bag"
    assert list(wrong_with_bag(bag)) == []
    assert len(events(bag)) == 2
    assert not (bag / "manifest-sha256.txt").exists()
    return bag


def events(bag: Path) -> list[dict[str, object]]:
    """The events in a bag, as anyone can read them."""
    path = bag / "update-events.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


@cache
def workspace(folder: Path) -> Path:
    """A workspace with one accessioned package."""
    place = folder / "workspace"
    assert run([*ARCHIVER, "init", str(place)], folder).status == 0
    (place / "incoming").mkdir()
    shutil.copyfile(SPECIMEN, place / "incoming" / SPECIMEN.name)
    done = run([*ARCHIVER, "accession", "incoming", "--workers", "1"], place)
    assert done.status == 0, done.errors
    return place


def registered() -> Scene:
    """An update, by the command, of a package that an accession record states."""
    words = ("--set-info", "Contact-Name: A. Archivist", "--reason", "the contact was missing", "--workers", "1")

    def the_package(folder: Path) -> Path:
        return next(iter(visible(folder / "packages")))

    def prepare(folder: Path) -> None:
        shutil.copytree(workspace(folder.parent), folder, dirs_exist_ok=True)

    def command(folder: Path) -> list[str]:
        name = the_package(workspace(folder.parent)).name
        return [*ARCHIVER, "bag", "update", f"packages/{name}", *words]

    def wrong_after_fault(folder: Path, done: Done) -> Iterator[str]:
        yield from wrong_with_bag(the_package(folder))
        if done.status == 0:
            verified = run([*ARCHIVER, "register", "verify"], folder)
            if verified.status:
                yield f"success was claimed, and register verify says: {verified.output[-300:]}"
        if not done.killed and done.status not in {0, 3}:
            yield f"ended with status {done.status}: {done.errors.strip()}"

    def wrong_after_rerun(folder: Path, done: Done) -> Iterator[str]:
        if done.status:
            yield f"ended with status {done.status}: {done.errors.strip()}"
        yield from wrong_after_fault(folder, Done(0, done.output, done.errors))
        package = the_package(folder)
        if len(events(package)) != 1:
            yield f"{len(events(package))} events in the bag"
        lines = (folder / "accessions/2026.001/events.jsonl").read_text(encoding="utf-8").splitlines()
        if [json.loads(line)["type"] for line in lines].count("mem") != 1:
            yield "the record does not state one update"
        debris = [*hidden(folder / "packages"), *hidden(folder / "accessions")]
        if debris:
            yield f"debris: {debris}"

    return Scene("update of a registered package", prepare, command, wrong_after_fault, wrong_after_rerun)


SCENES = {
    "exchange": scene("EXCHANGE,RENAMES,MOVE", may_be_away=False),
    "renames": scene("RENAMES,MOVE", may_be_away=True),
    "move": scene("MOVE", may_be_away=True),
    "registered": registered(),
}


def ready(tmp_path: Path) -> None:
    """Make what trials compare with before several of them run at once."""
    template(tmp_path), workspace(tmp_path)
    for ways in ("EXCHANGE,RENAMES,MOVE", "RENAMES,MOVE", "MOVE"):
        uninterrupted(tmp_path, ways)
    os.sync()


@needs_strace
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_some_calls_of_an_update(tmp_path: Path, name: str) -> None:
    ready(tmp_path)
    swept = sweep(SCENES[name], tmp_path, count=10)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials == 10


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_any_call_of_an_update(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    ready(tmp_path)
    swept = sweep(SCENES[name], tmp_path)
    with capsys.disabled():
        print(f"\n{SCENES[name].name}: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit == swept.trials
