"""Bags in archives are judged as the same bags in folders are, and their archives by rules of their own."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import test_bag_rules
from archives import Zip, Zipped, packed, pax, tar, tar_header, tar_member
from bags import BagBuilder, tree
from watching import Watcher

from archiver import plugs, validation
from archiver.model.report import Finding, Outcome, Report, Severity
from archiver.packages.bag import Bag, streamed

SUFFIXES = ["zip", "tar", "tar.gz", "tar.zst"]
ROOT = Path(__file__).resolve().parents[1]


def serialised(bag: Path, suffix: str) -> Path:
    """The bag in an archive beside it, made by Python's own modules."""
    place = bag.with_name(f"{bag.name}.{suffix}")
    if suffix == "zip":
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            for found in [bag, *sorted(bag.rglob("*"))]:
                archive.write(found, found.relative_to(bag.parent).as_posix())
        return place
    with tarfile.open(bag.with_name("plain.tar"), "w") as plain:
        plain.add(bag, bag.name)
    place.write_bytes(packed(bag.with_name("plain.tar").read_bytes(), suffix))
    return place


def found_in(bag: Path) -> list[Finding]:
    runs, findings = plugs.run_checks("bag", Bag.open(bag).contents(), subject="")
    assert [f"{run.code}: {run.reason}" for run in runs if run.outcome is Outcome.BROKEN] == []
    return sorted(findings, key=repr)


def report(*paths: Path) -> Report:
    return validation.validate(paths)


def errors(path: Path) -> set[str]:
    return {found.code for found in report(path).findings if found.severity is Severity.ERROR}


def archive_of(place: Path, files: dict[str, bytes], suffix: str = "tar") -> Path:
    members = (tar_member(f"bag/{path}".encode(), content) for path, content in files.items())
    place.write_bytes(packed(tar(*members), suffix))
    return place


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """Path → content of a right bag."""
    return tree(BagBuilder().build(tmp_path / "made" / "bag"))


# zipfile and tarfile refuse to write what is neither file nor folder, or make of it what it is not.
CASES = [name for name in test_bag_rules.CASES if name != "backslash before the digest"]  # refused in archives: BAG-042
FOLDERS = [name for name in test_bag_rules.CHANGES if not any(word in name for word in ("pipe", "link", "loop"))]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", [*CASES, *FOLDERS])
def test_a_bag_in_an_archive_is_judged_as_it_is_in_a_folder(tmp_path: Path, name: str, suffix: str) -> None:
    if name in test_bag_rules.CASES:
        bag = test_bag_rules.CASES[name][0].build(tmp_path / "bag")
    else:
        bag = test_bag_rules.CHANGES[name][0](tmp_path)
    try:
        archive = serialised(bag, suffix)
    except (UnicodeEncodeError, ValueError):
        pytest.skip("Python's own module cannot write such a name")
    in_folder, in_archive = found_in(bag), found_in(archive)
    assert [(one.code, one.severity, one.path, one.line, one.message) for one in in_archive] == [
        (one.code, one.severity, one.path, one.line, one.message) for one in in_folder
    ]
    assert Bag.open(archive).seal() == Bag.open(bag).seal()
    assert list(Bag.open(archive).payload()) == list(Bag.open(bag).payload())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_right_bag_passes_every_rule_for_archives(tmp_path: Path, suffix: str) -> None:
    said = report(serialised(BagBuilder().build(tmp_path / "bag"), suffix))
    assert said.findings == ()
    assert said.exit_status == 0
    outcomes = {run.code: run.outcome for run in said.checks}
    assert {outcomes[known.rule.code] for known in plugs.checks("archive")} == {Outcome.PASSED}
    assert said.packages[0].seal is not None


def test_the_rules_for_archives_are_skipped_for_a_folder(tmp_path: Path) -> None:
    said = report(BagBuilder().build(tmp_path / "bag"))
    outcomes = {run.code: run.outcome for run in said.checks}
    assert {outcomes[known.rule.code] for known in plugs.checks("archive")} == {Outcome.SKIPPED}


def _with(*more: bytes, end: bytes = bytes(1024)) -> Callable[[dict[str, bytes]], bytes]:
    return lambda files: tar(*(tar_member(f"bag/{path}".encode(), files[path]) for path in files), *more, end=end)


def _zipped(*more: Zipped, **parts: object) -> Callable[[dict[str, bytes]], bytes]:
    return lambda files: Zip(
        [*(Zipped(f"bag/{path}".encode(), content) for path, content in files.items()), *more],
        **parts,  # type: ignore[arg-type]
    ).build()


# name → the archive made of the files of a right bag, its suffix, and the errors found
HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str, set[str]]] = {
    "a file beside the bag": (_with(tar_member(b"readme.txt")), "tar", {"BAG-040"}),
    "a folder beside the bag": (_with(tar_member(b"__MACOSX/x")), "tar", {"BAG-040"}),
    "no folder": (lambda files: tar(*(tar_member(path.encode(), files[path]) for path in files)), "tar", {"BAG-040"}),
    "nothing": (lambda files: Zip([]).build(), "zip", {"BAG-040"}),
    "zip slip": (_zipped(Zipped(b"bag/../../evil")), "zip", {"BAG-042"}),
    "tar slip": (_with(tar_member(b"/etc/cron.d/evil")), "tar", {"BAG-042"}),
    "link": (_with(tar_member(b"bag/l", b"", b"2", link=b"/etc/passwd")), "tar", {"BAG-043"}),
    "hard link": (_with(tar_member(b"bag/l", b"", b"1", link=b"bag/bagit.txt")), "tar.gz", {"BAG-043"}),
    "device": (_with(tar_member(b"bag/l", b"", b"3")), "tar", {"BAG-043"}),
    "link in a zip": (_zipped(Zipped(b"bag/l", b"/etc/passwd", mode=0o120777)), "zip", {"BAG-043"}),
    "setuid": (_with(tar_member(b"bag/about/x", mode=0o4755)), "tar", {"BAG-043"}),
    "duplicate": (_with(tar_member(b"bag/data/a.txt", b"other")), "tar", {"BAG-044"}),
    "duplicate in a zip": (_zipped(Zipped(b"bag/data/a.txt", b"other")), "zip", {"BAG-044"}),
    "bomb": (_zipped(Zipped(b"bag/data/z", bytes(40_000_000), deflated=True)), "zip", {"BAG-045"}),
    "bomb in a tar": (_with(tar_member(b"bag/data/z", bytes(40_000_000))), "tar.gz", {"BAG-045"}),
    "overlap": (_zipped(Zipped(b"bag/o", b"x", stored=99, size=99)), "zip", {"BAG-045"}),
    "extension of a gigabyte": (_with(tar_header(b"x", 2**30, b"x")), "tar", {"BAG-045"}),
    "cut off": (_with(end=b""), "tar", {"BAG-046"}),
    "cut off, compressed": (_with(end=bytes(512)), "tar.zst", {"BAG-046"}),
    "appended": (_zipped(suffix=b"more"), "zip", {"BAG-046"}),
    "hidden": (_zipped(before_directory=b"more"), "zip", {"BAG-046"}),
    "wrong CRC": (_zipped(Zipped(b"bag/about/x", b"x", deflated=True, crc=1)), "zip", {"BAG-046"}),
    "two names": (_zipped(Zipped(b"bag/about/x", local_name=b"bag/about/y")), "zip", {"BAG-046"}),
    "encrypted": (_zipped(Zipped(b"bag/about/x", b"x", flags=1)), "zip", {"BAG-047"}),
    "bzip2": (_zipped(Zipped(b"bag/about/x", b"x", method=12)), "zip", {"BAG-047"}),
    "not what the manifest says": (
        lambda files: tar(*(
            tar_member(f"bag/{path}".encode(), content.replace(b"first", b"other")) for path, content in files.items()
        )), "tar", {"FIX-001"},
    ),
    "unlisted": (_with(pax(path="bag/data/unlisted.txt"), tar_member(b"x", b"x")), "tar.gz", {"BAG-014", "BAG-019"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_by_its_code(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    make, suffix, expected = HOSTILE[name]
    place = tmp_path / f"bag.{suffix}"
    place.write_bytes(packed(make(files), suffix))
    said = report(place)
    found = {each.code for each in said.findings if each.severity is Severity.ERROR}
    assert said.exit_status == 1
    assert [f"{run.code}: {run.reason}" for run in said.checks if run.outcome is Outcome.BROKEN] == []
    of_archives = {known.rule.code for known in plugs.checks("archive")}
    assert found & of_archives == expected & of_archives, said.findings
    assert expected <= found


def test_every_rule_for_archives_is_seen_to_find_something(tmp_path: Path, files: dict[str, bytes]) -> None:
    codes = {known.rule.code for known in plugs.checks("archive")}
    assert codes - set().union(*(expected for _make, _suffix, expected in HOSTILE.values())) == {"BAG-041"}
    renamed = archive_of(tmp_path / "other.tar", files)
    assert [(found.code, found.severity) for found in report(renamed).findings] == [("BAG-041", Severity.WARNING)]


def test_a_flipped_bit_in_an_archive_is_never_missed(tmp_path: Path) -> None:
    """What may change unseen changes nothing that is kept: dates, owners, rights. The seal tells the rest."""
    bag = BagBuilder(payload={"a.txt": b"first " * 50, "b.bin": bytes(range(256))}).build(tmp_path / "bag")
    seal = Bag.open(bag).seal()
    want = tree(bag)
    for suffix in SUFFIXES:
        place = serialised(bag, suffix)
        whole = place.read_bytes()
        chance = random.Random(suffix)
        for _ in range(300):
            flipped = bytearray(whole)
            at = chance.randrange(len(whole))
            flipped[at] ^= 1 << chance.randrange(8)
            place.write_bytes(flipped)
            said = report(place)
            assert "Traceback" not in said.error
            if said.exit_status or not said.packages or said.packages[0].seal != seal:
                continue
            contents = Bag.open(place).contents()
            assert {**contents.payload, **contents.tag_files} == {path: len(content) for path, content in want.items()}


def test_an_archive_is_read_once_and_nothing_is_written(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    bag = BagBuilder(payload={f"{n}.bin": random.Random(n).randbytes(700_000) for n in range(5)}).build(
        tmp_path / "bag"
    )
    for suffix in SUFFIXES:
        place, trace = serialised(bag, suffix), tmp_path / "trace"
        calls = "pread64,openat,unlink,rename,mkdir,creat,mknod,symlink,link,truncate,ftruncate"
        command = [sys.executable, "-c", "from archiver.cli.app import main; main()", "validate", str(place)]
        done = subprocess.run(
            ["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", f"trace={calls}", *command],
            cwd=ROOT, capture_output=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        if done.returncode == 1 and b"PTRACE" in done.stderr:
            pytest.skip("this machine lets nobody trace")
        assert done.returncode == 0, done.stderr.decode()
        lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
        made = [line for line in lines if "pread64" not in line and ("openat" not in line or "O_CREAT" in line)]
        assert [line for line in made if "ENOENT" not in line and "+++" not in line and "SIG" not in line] == []
        read = [int(line.rsplit("=", 1)[1]) for line in lines if "pread64" in line and str(place) in line]
        assert place.stat().st_size <= sum(read) + 100_000
        assert sum(read) <= place.stat().st_size + 200_000  # headers and tag files, and no payload twice


_MEMORY = """
import resource, sys
from pathlib import Path
from archiver import validation
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said = validation.validate([Path(sys.argv[1])], workers=int(sys.argv[2]))
after = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(after - before, said.exit_status)
"""


@pytest.mark.parametrize("suffix", ["zip", "tar", "tar.gz"])
def test_a_large_file_takes_little_memory(tmp_path: Path, suffix: str) -> None:
    noise = random.Random(1).randbytes(1 << 20)
    bag = BagBuilder(payload={"large.bin": noise * 200}).build(tmp_path / "bag")
    place = serialised(bag, suffix)
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(place), "2"], cwd=ROOT, capture_output=True, check=True
    )  # fmt: skip
    memory, status = map(int, done.stdout.split())
    assert status == 0
    assert memory * 1024 < 100 << 20


def test_other_algorithms_are_read_a_second_time_only_from_compressed_archives(tmp_path: Path) -> None:
    bag = BagBuilder(algorithms=("md5", "blake2b")).build(tmp_path / "bag")
    for suffix in SUFFIXES:
        said = report(serialised(bag, suffix))
        assert {found.code for found in said.findings if found.severity is Severity.ERROR} == set()
        assert said.exit_status == 0


def test_a_fault_of_an_archive_that_is_read_twice_is_told_once(tmp_path: Path) -> None:
    files = tree(BagBuilder(algorithms=("md5",)).build(tmp_path / "made"))
    place = tmp_path / "bag.tar.gz"
    place.write_bytes(packed(_with(tar_member(b"bag/l", b"", b"2"))(files), "tar.gz"))
    assert [found.code for found in report(place).findings if found.severity is Severity.ERROR] == ["BAG-043"]


def test_large_manifests_of_a_compressed_archive_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = BagBuilder(payload={f"{n}.txt": b"x" for n in range(50)}).build(tmp_path / "bag")
    monkeypatch.setattr(streamed, "MOST_KEPT", 3000)
    for suffix in ("tar.gz", "tar.zst"):
        assert found_in(serialised(bag, suffix)) == found_in(bag)
        assert Bag.open(serialised(bag, suffix)).seal() == Bag.open(bag).seal()
    monkeypatch.setattr(streamed, "MOST_PASSES", 0)
    contents = Bag.open(serialised(bag, "tar.gz")).contents()
    assert [path for path, _reason in contents.unreadable] == ["manifest-sha256.txt", "manifest-sha512.txt"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_progress_is_told(tmp_path: Path, suffix: str) -> None:
    bag = BagBuilder(payload={f"{n}.bin": bytes(40_000) for n in range(30)}).build(tmp_path / "bag")
    watcher = Watcher()
    Bag.open(serialised(bag, suffix)).contents(progress=watcher)
    assert watcher.expected[0] in {0, watcher.done[0]}
    assert watcher.done[0] >= 30
    assert watcher.done[1] >= 30 * 40_000
