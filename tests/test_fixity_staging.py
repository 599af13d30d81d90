"""Hidden work: nothing half-made is ever seen, one builder at a time, debris of the dead is cleared."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.errors import DestinationTaken, StorageError
from archiver.fixity import staging
from archiver.fixity.staging import Staging


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_work_is_hidden_until_it_is_published(tmp_path: Path) -> None:
    with Staging(tmp_path / "made") as work:
        (work.folder / "a").write_bytes(b"x")
        assert names(tmp_path) == [".made.lock", ".made.partial"]
        work.publish()
        assert (tmp_path / "made" / "a").read_bytes() == b"x"
    assert names(tmp_path) == ["made"]


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt, SystemExit])
def test_work_that_ends_otherwise_leaves_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    with pytest.raises(stop), Staging(tmp_path / "made") as work:
        (work.folder / "deep").mkdir()
        (work.folder / "deep" / "a").write_bytes(b"x")
        raise stop
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_stands_at_the_destination_is_left_alone(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "made"
    {"file": place.touch, "folder": place.mkdir, "dangling link": lambda: place.symlink_to("nothing")}[kind]()
    with pytest.raises(DestinationTaken), Staging(place):
        raise AssertionError
    assert names(tmp_path) == ["made"]


def test_what_comes_to_stand_there_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(DestinationTaken), Staging(tmp_path / "made") as work:
        (tmp_path / "made").mkdir()  # an empty folder is what a plain rename would replace
        work.publish()
    assert names(tmp_path) == ["made"]
    assert names(tmp_path / "made") == []


def test_without_renameat2_a_look_comes_before_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging.ctypes, "CDLL", lambda *_args, **_kinds: object())
    with Staging(tmp_path / "made") as work:
        work.publish()
    (tmp_path / "old").mkdir()
    with pytest.raises(OSError) as caught:
        staging.rename_new(tmp_path / "old", tmp_path / "made")
    assert caught.value.errno == errno.EEXIST


def test_a_second_live_builder_is_refused_and_the_first_keeps_its_lock(tmp_path: Path) -> None:
    """A refused builder must not take the lock file away with it: the third would then clear the first one's work."""
    with Staging(tmp_path / "made") as first:
        (first.folder / "a").write_bytes(b"x")
        for _builder in range(3):
            with pytest.raises(DestinationTaken, match="Another run"), Staging(tmp_path / "made"):
                raise AssertionError
            assert (first.folder / "a").read_bytes() == b"x"
            assert names(tmp_path) == [".made.lock", ".made.partial"]
        first.publish()
    assert names(tmp_path) == ["made"]


def build(destination: str, gate: object, results: object) -> None:
    gate.wait()  # type: ignore[attr-defined]
    try:
        with Staging(Path(destination)) as work:
            (work.folder / "by").write_text(str(os.getpid()))
            work.publish()
        results.put((os.getpid(), "made"))  # type: ignore[attr-defined]
    except DestinationTaken:
        results.put((os.getpid(), "refused"))  # type: ignore[attr-defined]


def test_of_many_builders_at_once_one_wins(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for attempt in range(3):
        gate, results = context.Barrier(4), context.Queue()
        place = tmp_path / str(attempt) / "made"
        place.parent.mkdir()
        builders = [context.Process(target=build, args=(str(place), gate, results)) for _number in range(4)]
        for builder in builders:
            builder.start()
        outcomes = dict(results.get(timeout=60) for _builder in builders)
        for builder in builders:
            builder.join()
        winners = [str(pid) for pid, outcome in outcomes.items() if outcome == "made"]
        assert [(place / "by").read_text()] == winners
        assert names(place.parent) == ["made"]


KILLED = """
import os, signal, sys
from pathlib import Path
from archiver.fixity.staging import Staging
with Staging(Path(sys.argv[1])) as work:
    (work.folder / "half").write_bytes(b"x")
    if sys.argv[2] == "published":
        work.publish()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(place: Path, when: str) -> None:
    assert subprocess.run([sys.executable, "-c", KILLED, str(place), when]).returncode == -9


def test_debris_of_a_killed_run_is_cleared(tmp_path: Path) -> None:
    killed(tmp_path / "made", "early")
    assert names(tmp_path) == [".made.lock", ".made.partial"]
    with Staging(tmp_path / "made") as work:
        assert names(work.folder) == []
        work.publish()
    assert names(tmp_path) == ["made"]


def test_the_work_of_a_run_killed_after_it_published_stands(tmp_path: Path) -> None:
    killed(tmp_path / "made", "published")
    with pytest.raises(DestinationTaken), Staging(tmp_path / "made"):
        raise AssertionError
    assert names(tmp_path) == ["made"]
    assert names(tmp_path / "made") == ["half"]


def test_a_name_that_could_not_be_put_on_the_disk_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = staging.sync_folder

    def failing(folder: Path) -> None:
        if folder == tmp_path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(folder)

    with pytest.raises(StorageError, match="input/output error"), Staging(tmp_path / "made") as work:
        monkeypatch.setattr(staging, "sync_folder", failing)
        work.publish()
    assert names(tmp_path) == []


def test_missing_folders_above_are_made_and_put_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    real = staging.sync_folder
    monkeypatch.setattr(staging, "sync_folder", lambda folder: (synced.append(folder), real(folder)))
    with Staging(tmp_path / "x" / "y" / "made") as work:
        (work.folder / "deep").mkdir()
        work.publish()
    assert synced[:2] == [tmp_path, tmp_path / "x"]
    assert synced[2:] == [work.folder / "deep", work.folder, tmp_path / "x" / "y"]


def test_a_link_where_the_hidden_folder_would_be_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    (tmp_path / ".made.partial").symlink_to("elsewhere")
    with pytest.raises(StorageError), Staging(tmp_path / "made"):
        raise AssertionError
    assert names(tmp_path / "elsewhere") == ["precious"]
