"""Fault sweeps: run a command once cleanly under strace, then once for every system call that changed something,
with a kill or an error at just that call, and look at what is left; then run it again and look once more.

A trial is a scene (a folder made anew), a point (the n-th call of its name in a process) and a fault. Kills fall on the
entry of the call: what the calls before did is there, what the call itself would do is not.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAULTS = ("SIGKILL", "ENOSPC", "EIO")
KILLED = {-9, 137}
LONGEST_RUN = 120  # seconds; a run that takes longer hangs
CALLS = (
    "openat,openat2,creat,write,pwrite64,writev,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,link,"
    "linkat,symlink,symlinkat,truncate,ftruncate,fallocate,fsync,fdatasync,copy_file_range,sendfile,chmod,fchmod,"
    "fchmodat,utimensat,syncfs,sync_file_range"
)
READS = "openat,read,readv,pread64,preadv,getdents64,newfstatat,fstat,lstat,statx"
_OPENED_TO_WRITE = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC|O_APPEND")
_RELATIVE = re.compile(r'"[^/]')  # mkdir("packages": the command runs in the folder
_LINE = re.compile(r"^(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)$")


@dataclass(frozen=True)
class Point:
    """The n-th call of this name in its process, as the clean run made it."""

    call: str
    nth: int
    shown: str


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    status: int
    output: str
    errors: str

    @property
    def killed(self) -> bool:
        return self.status in KILLED


@dataclass(frozen=True)
class Scene:
    """What is tried.

    `prepare` fills an empty folder; `command` gives the words to run in it; `wrong_after_fault` and `wrong_after_rerun`
    look at the folder and yield what is wrong, in words.
    """

    name: str
    prepare: Callable[[Path], None]
    command: Callable[[Path], Sequence[str]]
    wrong_after_fault: Callable[[Path, Done], Iterable[str]]
    wrong_after_rerun: Callable[[Path, Done], Iterable[str]]
    calls: str = CALLS  # those that change something, or READS


@dataclass(frozen=True)
class Swept:
    """The result: how many trials, how many of them hit their point, and what was wrong."""

    points: int
    trials: int
    hit: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.wrong)} wrong of {self.trials} faults ({self.hit} hit) at {self.points} system calls"


@cache
def strace_works() -> bool:
    """Whether strace is installed and may trace and inject here."""
    if shutil.which("strace") is None:
        return False
    probe = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=mkdir", "-e", "inject=mkdir:error=EIO", "mkdir", "."]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return "Input/output error" in done.stderr


def surroundings() -> dict[str, str]:
    """The same for every run, so that the n-th call is the same call."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    fixed = {
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": "1767225600",
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
    }
    return {**kept, **fixed}


def run(words: Sequence[str], folder: Path) -> Done:
    """Run to the end in `folder`; a run that hangs is a status of its own."""
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=LONGEST_RUN,
        )
    except subprocess.TimeoutExpired:
        return Done(-1000, "", f"did not end in {LONGEST_RUN} s")
    return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def points(scene: Scene, folder: Path) -> list[Point]:
    """Every call of one clean run that changes (or reads) something below `folder`, in order, each place once."""
    _afresh(scene, folder)
    log = folder.parent / f"{folder.name}.strace"
    words = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-s",
        "256",
        "-o",
        str(log),
        "-e",
        f"trace={scene.calls}",
        "--",
        *scene.command(folder),
    ]
    done = run(words, folder)
    assert done.status == 0, f"{scene.name}: the clean run failed: {done.status} {done.errors}"
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, int], Point] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = _LINE.match(line)
        if match is None:  # "<... resumed>" and exits
            continue
        call, rest = match["call"], match["rest"]
        counts[match["pid"], call] += 1
        nth = counts[match["pid"], call]
        meant = scene.calls == READS or call not in {"openat", "openat2"} or _OPENED_TO_WRITE.search(rest)
        # What a call works on, without the folder that relative names begin at.
        place = re.sub(r"AT_FDCWD<[^>]*>, ", "", rest)
        if meant and (str(folder) in place or _RELATIVE.match(place)):
            found.setdefault((call, nth), Point(call, nth, rest.replace(str(folder), "")[:90]))
    return list(found.values())


def spread(trials: Sequence[tuple[Point, str]], count: int) -> list[tuple[Point, str]]:
    """About `count` of the trials, evenly spread, first and last among them."""
    if count >= len(trials):
        return list(trials)
    return [trials[round(index * (len(trials) - 1) / (count - 1))] for index in range(count)]


def sweep(scene: Scene, folder: Path, *, faults: Sequence[str] = FAULTS, count: int | None = None) -> Swept:
    """Try every point with every fault, or `count` trials spread evenly; several at once, each in its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    known = points(scene, folder / "clean")
    trials = [(point, fault) for point in known for fault in faults]
    if count is not None:  # each point with one fault, the faults in turn
        trials = spread([(point, faults[at % len(faults)]) for at, point in enumerate(known)], count)
    workers = max(1, os.cpu_count() or 1) if count is None else 1
    with ThreadPoolExecutor(workers) as pool:
        parts = [
            pool.submit(_try_all, scene, folder / f"trial-{worker}", trials[worker::workers])
            for worker in range(workers)
        ]
        results = [result for part in parts for result in part.result()]
    hit = sum(was_hit for was_hit, _wrong in results)
    return Swept(len(known), len(trials), hit, tuple(words for _hit, wrong in results for words in wrong))


def _try_all(scene: Scene, folder: Path, trials: Sequence[tuple[Point, str]]) -> list[tuple[bool, list[str]]]:
    return [_try(scene, folder, point, fault) for point, fault in trials]


def _try(scene: Scene, folder: Path, point: Point, fault: str) -> tuple[bool, list[str]]:
    _afresh(scene, folder)
    what = f"signal={fault}" if fault.startswith("SIG") else f"error={fault}"
    log = folder.parent / f"{folder.name}.strace"
    inject = f"inject={point.call}:{what}:when={point.nth}"
    words = [
        "strace",
        "-f",
        "-qq",
        "-o",
        str(log),
        "-e",
        f"trace={point.call}",
        "-e",
        inject,
        "--",
        *scene.command(folder),
    ]
    done = run(words, folder)
    hit = done.killed if fault.startswith("SIG") else "(INJECTED)" in log.read_text(encoding="utf-8", errors="replace")
    began = "Could not import runpy" not in done.errors  # else Python itself ended before our first line
    wrong = list(scene.wrong_after_fault(folder, done)) if began else []
    if began and "Traceback" in done.errors:
        wrong.append(f"traceback: {done.errors.splitlines()[-1]}")
    again = run(scene.command(folder), folder)
    wrong += [f"after the re-run: {words}" for words in scene.wrong_after_rerun(folder, again)]
    return hit, [f"{scene.name}, {fault} at {point.call} {point.nth} {point.shown}: {words}" for words in wrong]


def _afresh(scene: Scene, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    scene.prepare(folder)


# What a scene looks at. All of it is independent of archiver: files and digests only.


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder, and "folder" for every folder, by relative path."""
    return {
        path.relative_to(folder).as_posix(): "folder"
        if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
    }


def wrong_with_bag(bag: Path) -> Iterator[str]:
    """What keeps a folder from being a whole bag: digests by hashlib over both kinds of manifest, no file unlisted."""
    tags = sorted(bag.glob("tagmanifest-sha512.txt"))
    manifests = sorted(bag.glob("manifest-sha512.txt"))
    if not (bag / "bagit.txt").is_file() or not tags or not manifests:
        yield f"{bag.name} lacks bagit.txt, a manifest or a tag manifest"
        return
    listed = set()
    for manifest in (*tags, *manifests):
        for line in manifest.read_text(encoding="utf-8").splitlines():
            digest, path = line.split("  ", 1)
            listed.add(path)
            file = bag / path
            if not file.is_file():
                yield f"{bag.name}: {path} is missing"
            elif hashlib.sha512(file.read_bytes()).hexdigest() != digest:
                yield f"{bag.name}: {path} has other bytes than {manifest.name} says"
    there = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    unlisted = {path for path in there - listed if not path.startswith("tagmanifest-")}
    if unlisted:
        yield f"{bag.name}: unlisted {sorted(unlisted)}"


def visible(folder: Path) -> list[Path]:
    """What a person or program sees in a folder: names without a leading dot."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def hidden(folder: Path) -> list[str]:
    """Debris: hidden names anywhere below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob(".*")) if folder.is_dir() else []
