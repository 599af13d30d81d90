"""The one read: digests, copies, refusals, and what happens when the world changes or the disk fills meanwhile."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from bags import source
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import ArchiverError, DestinationTaken, SourceChanged, StorageError, UnreadableInput
from archiver.fixity import digests
from archiver.fixity.measure import CHUNK, HEAD, measure, measure_here, stamp, write
from archiver.model.package import SourceFile
from archiver.model.values import Algorithm

BOTH = (Algorithm.SHA512, Algorithm.SHA256)
IS_ROOT = os.geteuid() == 0


@settings(deadline=None)
@given(st.binary(max_size=3 * HEAD), st.lists(st.sampled_from(list(Algorithm)), min_size=1, unique=True))
def test_every_digest_is_that_of_hashlib(content: bytes, algorithms: list[Algorithm]) -> None:
    algorithms = [algorithm for algorithm in algorithms if digests.is_available(algorithm)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        found = measure(source(path), algorithms, copy_to=path.with_name("copy"), sync=False)
        assert path.with_name("copy").read_bytes() == content
    assert (found.size, found.head) == (len(content), content[:HEAD])
    for algorithm in algorithms:
        assert found.digest(algorithm) == hashlib.new(algorithm.hashlib_name, content).hexdigest()
        assert len(found.digest(algorithm)) == algorithm.hex_length


def test_a_large_file_is_digested_side_by_side_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    path.write_bytes(os.urandom(5 * CHUNK + 17))
    alone = measure(source(path), BOTH)
    monkeypatch.setattr(digests, "SIDE_BY_SIDE", 1)
    assert measure(source(path), BOTH) == alone
    assert measure_here(path, BOTH) == alone


def test_content_that_was_read_already_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"held")
    held = replace(source(path), content=b"held")
    assert (
        measure(held, BOTH, copy_to=tmp_path / "copy").digest(Algorithm.SHA256) == hashlib.sha256(b"held").hexdigest()
    )
    assert (tmp_path / "copy").read_bytes() == b"held"
    path.write_bytes(b"other")
    with pytest.raises(SourceChanged):
        measure(held, BOTH, copy_to=tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(DestinationTaken):
        measure(source(tmp_path / "a"), BOTH, copy_to=tmp_path / "b")
    with pytest.raises(DestinationTaken):
        write(b"new", tmp_path / "b", BOTH)
    assert (tmp_path / "b").read_bytes() == b"old"


def test_a_file_that_changed_since_it_was_found_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    found = source(path)
    path.write_bytes(b"after!")
    os.utime(path, ns=(0, found.stamp.mtime_ns))  # the time of the last change of content can be forged, ctime cannot
    with pytest.raises(SourceChanged, match="changed while it was read"):
        measure(found, BOTH, copy_to=tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("change", ["longer", "shorter", "same length", "replaced"])
def test_a_file_that_changes_while_it_is_read_leaves_no_copy(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3 * CHUNK))
    found, readv, calls = source(path), os.readv, []

    def meddling(descriptor: int, buffers: list[memoryview]) -> int:
        calls.append(descriptor)
        if len(calls) == 2:
            with path.open("r+b") as file:
                if change == "longer":
                    file.seek(0, os.SEEK_END)
                    file.write(b"more")
                elif change == "shorter":
                    file.truncate(2 * CHUNK)
                else:
                    file.write(b"x")
        return readv(descriptor, buffers)

    monkeypatch.setattr(os, "readv", meddling)
    with pytest.raises(SourceChanged):
        measure(found, BOTH, copy_to=tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def special(path: Path, kind: str) -> Path:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.with_name("target").write_bytes(b"x")
        path.symlink_to("target")
    elif kind == "dangling link":
        path.symlink_to("nothing")
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "folder":
        path.mkdir()
    else:
        path = Path("/dev/null")
    return path


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling link", "loop", "folder", "device"])
def test_what_is_no_regular_file_is_refused_and_never_opened(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = special(tmp_path / "special", kind)
    opened = []
    monkeypatch.setattr(os, "open", lambda name, *rest: opened.append(name))
    with pytest.raises(UnreadableInput):
        measure(source(path), BOTH, copy_to=tmp_path / "copy")
    assert opened == []


def test_a_pipe_put_in_place_of_a_file_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the opening: lstat is made to tell of the file that was there."""
    path = tmp_path / "a"
    path.write_bytes(b"x")
    found, before = source(path), path.lstat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "lstat", lambda _path: before)
    with pytest.raises(UnreadableInput, match="not a regular file"):
        measure(found, BOTH)


def test_a_missing_file_is_unreadable_input(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no such file"):
        stamp(tmp_path / "nothing")


UNPRIVILEGED = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
READ = """
import sys
from pathlib import Path
from archiver.errors import ArchiverError
from archiver.fixity.measure import measure, stamp
from archiver.model.package import SourceFile
from archiver.model.values import Algorithm
path = Path(sys.argv[1])
try:
    measure(SourceFile(path, path.name, stamp(path)), (Algorithm.SHA512,))
except ArchiverError as error:
    print(type(error).__name__, error.message, error.remedy)
    sys.exit(error.exit_status)
"""


def test_a_file_without_the_right_to_read_is_unreadable_input() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret"
        path.write_bytes(b"x")
        path.chmod(0)
        command = [sys.executable, "-c", READ, str(path)]
        if IS_ROOT:
            if shutil.which("setpriv") is None:
                pytest.skip("setpriv is not installed, and root may read everything")
            command = [*UNPRIVILEGED, *command]
            probe = subprocess.run([*UNPRIVILEGED, sys.executable, "-c", "import archiver"], capture_output=True)
            if probe.returncode:
                pytest.skip("an account without rights cannot run Python or read the checkout here")
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stdout.split()[0]) == (2, "UnreadableInput"), done
    assert "permission denied" in done.stdout
    assert str(path) in done.stdout


@pytest.mark.parametrize(("when", "status"), [("write", "ENOSPC"), ("fsync", "EIO"), ("close", "EDQUOT")])
def test_a_failing_copy_is_a_storage_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, status: str
) -> None:
    import errno

    (tmp_path / "a").write_bytes(b"x" * 1000)
    found, real = source(tmp_path / "a"), getattr(os, when)
    create, copies = os.open, []

    def opening(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = create(path, flags, mode)
        if flags & os.O_CREAT:
            copies.append(descriptor)
        return descriptor

    def failing(descriptor: int, *rest: bytes) -> object:
        if descriptor not in copies:
            return real(descriptor, *rest)
        if when == "close":
            real(descriptor)
        number = getattr(errno, status)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, when, failing)
    with pytest.raises(StorageError) as caught:
        measure(found, BOTH, copy_to=tmp_path / "copy")
    monkeypatch.undo()
    assert os.strerror(getattr(errno, status)).lower() in caught.value.message
    assert str(tmp_path / "copy") in caught.value.message
    assert caught.value.remedy
    assert caught.value.exit_status == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_a_write_that_takes_only_part_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = os.urandom(10_000)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, piece: real(descriptor, piece[:777]))
    write(content, tmp_path / "copy", BOTH)
    assert (tmp_path / "copy").read_bytes() == content


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    for doing in (lambda: stamp(tmp_path / "no"), lambda: measure_here(tmp_path, BOTH)):
        with pytest.raises(ArchiverError) as caught:
            doing()
        assert caught.value.remedy
        assert isinstance(caught.value, UnreadableInput)


def test_a_source_of_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    found = measure(SourceFile(tmp_path / "empty", "empty", stamp(tmp_path / "empty")), BOTH, copy_to=tmp_path / "copy")
    assert (found.size, found.head) == (0, b"")
    assert (tmp_path / "copy").read_bytes() == b""
