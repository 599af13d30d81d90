"""Each byte of a payload is read once when a bag is made and once when it is validated: counted at the system calls."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workspaces import QINGHE, workspace

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
_BEGUN = re.compile(r"^(?P<pid>\d+) .*\b(?:read|readv|pread64|preadv)\(\d+<(?P<path>[^>]*)>")
_ENDED = re.compile(r"^(?P<pid>\d+) .* = (?P<count>\d+)$")
SIZES = {"a.txt": 5, "b/large.tif": 9 * 1024 * 1024 + 7, "b/empty": 0, **{f"c/{n:03}": 4096 for n in range(800)}}


def bytes_read(words: list[str], cwd: Path, log: Path) -> dict[str, int]:
    """Bytes that a command and its workers read of each file."""
    command = ["strace", "-f", "-qq", "-y", "-s", "0", "-e", "trace=read,readv,pread64,preadv", "-o", str(log)]
    done = subprocess.run([*command, sys.executable, "-m", "archiver.cli", *words], cwd=cwd, capture_output=True)
    if b"ptrace" in done.stderr.lower():
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = {}
    at: dict[str, str] = {}  # process → file: a call of one process may end after one of another began
    for line in log.read_text(errors="replace").splitlines():
        if begun := _BEGUN.match(line):
            at[begun["pid"]] = begun["path"]
        if ended := _ENDED.match(line):
            path = at[ended["pid"]]
            found[path] = found.get(path, 0) + int(ended["count"])
    return found


def of(found: dict[str, int], folder: Path) -> dict[str, int]:
    """What was read below a folder, by relative path."""
    prefix = f"{folder}/"
    return {path.removeprefix(prefix): count for path, count in found.items() if path.startswith(prefix) and count}


@needs_strace
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_bag_is_made_of_one_read_and_validated_by_one(workers: str, tmp_path: Path) -> None:
    source, bag = tmp_path / "source", tmp_path / "bag"
    for name, size in SIZES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(b"x" * size)
    wanted = {name: size for name, size in SIZES.items() if size}
    log = tmp_path / "log"
    found = bytes_read(["bag", str(source), "-o", str(bag), "--workers", workers], tmp_path, log)
    assert of(found, source) == wanted
    assert of(found, tmp_path / ".bag.partial" / "data") == wanted  # the independent second read
    found = bytes_read(["validate", str(bag), "--workers", workers], tmp_path, log)
    assert of(found, bag / "data") == wanted
    archive = tmp_path / "bag.tar"
    found = bytes_read(["bag", "serialise", str(bag), "-o", str(archive), "--workers", workers], tmp_path, log)
    assert of(found, bag / "data") == wanted


@needs_strace
def test_a_deposit_is_copied_and_digested_in_one_read(tmp_path: Path) -> None:
    """Of what is no image, the making of the package reads every byte once; before it, formats take but the ends."""
    place = workspace(tmp_path / "archive")
    deposit = tmp_path / "deposit"
    deposit.mkdir()
    shutil.copy(QINGHE, deposit / "issue.txt")
    (deposit / "sound.wav").write_bytes(b"RIFF\0\0\0\0WAVEfmt " + bytes(6 * 1024 * 1024))
    found = of(bytes_read(["accession", str(deposit)], place, tmp_path / "log"), deposit)
    sizes = {file.name: file.stat().st_size for file in deposit.iterdir()}
    assert found["issue.txt"] <= sizes["issue.txt"] + 65_536  # the head that tells what it is
    assert sizes["sound.wav"] <= found["sound.wav"] <= sizes["sound.wav"] + 4 * 65_536
    (package,) = (place / "packages").iterdir()
    found = bytes_read(["validate", str(package)], place, tmp_path / "log")
    payload = {path.relative_to(package).as_posix(): path.stat().st_size for path in package.rglob("data/**/*")
               if path.is_file()}  # fmt: skip
    assert {path: count for path, count in of(found, package).items() if path.startswith("data/")} == payload
