"""Targets killed, or failed by the storage, at any state-changing call: what was held stays whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import bagit
import pytest
from ocfl.validator import Validator
from shipments import FILES, make_bag, tree

ROOT = Path(__file__).resolve().parents[1]
CALLS = "openat,write,rename,renameat,renameat2,mkdir,unlink,unlinkat,rmdir,fsync,link,linkat,ftruncate,flock"
CHANGED = {**FILES, "original/0002.txt": b"two, corrected\n"}
CODE = """
import sys
from pathlib import Path
from shipments import DISPATCH, destination, shipment
from archiver import plugs
from archiver.errors import ArchiverError
kind, bag, where = sys.argv[1:]
target = {part.kind: part for part in plugs.discover("archiver.targets", "TARGET").values()}[kind]
goods = shipment(Path(bag))
Path(where).parent.joinpath("mark").write_bytes(b"")  # what is before is no work of the target
try:
    print(target.hold(goods, destination(kind, Path(where), prefix="urn:x:"), DISPATCH).holding.name)
except ArchiverError as error:
    print(error.message)
    sys.exit(error.exit_status)
"""
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


@cache
def strace_works() -> bool:
    if shutil.which("strace") is None:
        return False
    probe = ["strace", "-f", "-o", os.devnull, "-e", "inject=rename:error=EIO:when=1", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def hold(kind: str, bag: Path, where: Path, *strace: str) -> subprocess.CompletedProcess[str]:
    command = [*strace, sys.executable, "-c", CODE, kind, str(bag), str(where)]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def points(kind: str, bag: Path, where: Path, log: Path) -> list[tuple[str, int]]:
    """The state-changing calls of a clean run that touch the target."""
    done = hold(kind, bag, where, "strace", "-f", "-y", "-o", str(log), "-e", f"trace={CALLS}")
    assert done.returncode == 0, done.stderr
    return listed(log, where)


def listed(log: Path, where: Path) -> list[tuple[str, int]]:
    """The calls of a trace after the mark that change something below `where`: name, and how manieth of that name."""
    counted: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    begun = False
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"\d+\s+([a-z0-9]+)\((.*)", line)
        if not match:
            continue
        name, rest = match.groups()
        counted[name] += 1
        begun = begun or "/mark" in rest
        changes = name != "openat" or "O_CREAT" in rest
        if begun and changes and str(where) in rest:
            found.append((name, counted[name]))
    return found


def spread(found: list[tuple[str, int]], count: int) -> list[tuple[str, int]]:
    """About `count` of the points, evenly, and always those around the publishing renames."""
    if len(found) <= count:
        return found
    even = {round(number * (len(found) - 1) / (count - 1)) for number in range(count)}
    moves = {number for number, (name, _) in enumerate(found) if name.startswith("rename")}
    return [found[number] for number in sorted(even | moves)]


def bag_files(bag: Path) -> dict[str, bytes]:
    return {path.relative_to(bag).as_posix(): path.read_bytes() for path in bag.rglob("*") if path.is_file()}


def version_files(folder: Path, version: str) -> dict[str, bytes]:
    table = json.loads((folder / version / "inventory.json").read_bytes())
    files = {}
    for digest, names in table["versions"][version]["state"].items():
        content = (folder / table["manifest"][digest][0]).read_bytes()
        assert hashlib.sha512(content).hexdigest() == digest
        files |= dict.fromkeys(names, content)
    return files


class Scene:
    """A target in a state, and what must be true of it after a fault and after the re-run."""

    def __init__(self, folder: Path, kind: str, update: bool) -> None:
        self.kind, self.update = kind, update
        self.folder = folder
        self.old = make_bag(folder / "old" / "bag")
        self.new = make_bag(folder / "new" / "bag", CHANGED)
        self.bag = self.new if update else self.old
        self.start = folder / "start"
        self.start.mkdir()
        if update:
            assert hold(kind, self.old, self.start / "there").stdout == "STORED\n"
        self.before = tree(self.folder / "new"), tree(self.folder / "old")

    def place(self, name: str) -> Path:
        """A fresh copy of the target, for one fault."""
        folder = self.folder / name
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(self.start, folder)
        return folder / "there"

    def judge_fault(self, where: Path) -> None:
        """After the fault: what was held is whole; nothing half-made can be taken for a copy; the bag is untouched."""
        assert (tree(self.folder / "new"), tree(self.folder / "old")) == self.before
        if self.kind == "file":
            if (where / "bag").exists():
                assert bag_files(where / "bag") == bag_files(self.bag)
            return
        for declared in where.rglob("0=ocfl_object_*"):
            if "archiver-staging" in declared.parts:
                continue
            table = json.loads((declared.parent / "inventory.json").read_bytes())
            assert version_files(declared.parent, "v1") == bag_files(self.old)
            if table["head"] == "v2":
                assert version_files(declared.parent, "v2") == bag_files(self.new)

    def judge_end(self, where: Path) -> None:
        """After the re-run: the copy is whole, and there is no debris."""
        hidden = [path for path in where.rglob("*") if "partial" in path.name or "staging" in path.name]
        assert hidden == []
        assert [path.name for path in where.rglob("*.lock")] == []
        if self.kind == "file":
            assert sorted(path.name for path in where.iterdir()) == ["bag"]
            assert bagit.Bag(str(where / "bag")).validate()
            return
        folders = [path.parent for path in where.rglob("0=ocfl_object_*")]
        assert len(folders) == 1
        validator = Validator(log_warnings=True)
        assert validator.validate_object(str(folders[0])), validator.status_str()
        assert validator.status_str() == ""
        versions = ["v1", "v2"] if self.update else ["v1"]
        assert sorted(path.name for path in folders[0].glob("v*")) == versions
        assert version_files(folders[0], versions[-1]) == bag_files(self.bag)


SCENES = [
    pytest.param("file", False, id="directory"),
    pytest.param("ocfl", False, id="new root and object"),
    pytest.param("ocfl", True, id="new version"),
]


def sweep(scene: Scene, faults: list[str], count: int) -> int:
    """Run every fault at every chosen point, then a clean run; return how many were tried."""
    tried = 0
    for name, number in spread(points(scene.kind, scene.bag, scene.place("clean"), scene.folder / "log"), count):
        for fault in faults:
            where = scene.place("tried")
            inject = ["-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={number}"]
            done = hold(scene.kind, scene.bag, where, "strace", "-f", "-o", os.devnull, *inject)
            assert "Traceback" not in done.stderr, (name, number, fault, done.stderr)
            assert fault.startswith("signal") or done.returncode in {0, 3}, (name, number, fault, done.stdout)
            scene.judge_fault(where)
            again = hold(scene.kind, scene.bag, where)
            assert again.stdout.strip() in {"STORED", "NEW_VERSION", "ALREADY_HELD"}, (name, number, fault, again)
            scene.judge_end(where)
            tried += 1
    return tried


@pytest.mark.parametrize(("kind", "update"), SCENES)
def test_killed_at_some_points(kind: str, update: bool, tmp_path: Path) -> None:
    if not strace_works():
        pytest.skip("strace cannot inject faults here")
    assert sweep(Scene(tmp_path, kind, update), ["signal=SIGKILL"], 8) >= 8


@pytest.mark.faults
@pytest.mark.parametrize(("kind", "update"), SCENES)
def test_killed_and_failed_at_every_point(kind: str, update: bool, tmp_path: Path) -> None:
    if not strace_works():
        pytest.skip("strace cannot inject faults here")
    tried = sweep(Scene(tmp_path, kind, update), ["signal=SIGKILL", "error=ENOSPC", "error=EIO"], 10_000)
    print(f"{kind}: 0 wrong of {tried} faults")
    assert tried > 100
