"""Progress: what the engine tells, and what a terminal shows of it."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from bags import BagBuilder
from watching import Watcher

from archiver.cli import progress
from archiver.cli.progress import Bar, duration, line, readable
from archiver.listing import list_deposit
from archiver.model.names import width
from archiver.model.values import PackagePath
from archiver.packages.bag import Bag, BagWriter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def pictures(terminal: Terminal) -> list[str]:
    return [part.removesuffix("\x1b[K") for part in terminal.getvalue().split("\r") if part]


def test_nothing_is_shown_of_a_short_run() -> None:
    terminal, clock = Terminal(), Clock()
    bar = Bar(terminal, clock, 80)
    bar.say("Reading a")
    bar.expect(10, 1000)
    clock.now += 0.9
    bar.advance(10, 1000)
    bar.clear()
    assert terminal.getvalue() == ""


def test_a_long_run_shows_bytes_files_rate_and_time_left() -> None:
    terminal, clock = Terminal(), Clock()
    bar = Bar(terminal, clock, 100)
    bar.say("Validating a")
    bar.expect(10, 100 * 1024 * 1024)
    clock.now += 2
    bar.advance(4, 40 * 1024 * 1024)
    assert pictures(terminal) == [
        "Validating a  40%, 40 MiB of 100 MiB, 4 of 10 files, 20 MiB/s, 3 s left",
    ]
    bar.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_pictures_keep_their_distance() -> None:
    terminal, clock = Terminal(), Clock()
    bar = Bar(terminal, clock, 100)
    clock.now += 5
    for _ in range(1000):
        clock.now += 0.001
        bar.advance(1, 1)
    assert 5 <= len(pictures(terminal)) <= 12


def test_no_terminal_no_words() -> None:
    stream, clock = io.StringIO(), Clock()
    bar = Bar(stream, clock)
    clock.now += 5
    bar.say("a")
    bar.advance(1, 1)
    bar.clear()
    assert stream.getvalue() == ""


def test_a_closed_terminal_hinders_nothing() -> None:
    terminal, clock = Terminal(), Clock()
    bar = Bar(terminal, clock, 80)
    clock.now += 5
    terminal.close()
    bar.say("a")
    bar.advance(1, 1)
    bar.clear()
    Bar(None).say("a")


@pytest.mark.parametrize("columns", [31, 40, 60, 100])
@pytest.mark.parametrize("words", ["Reading 上街时报/第631期.txt " * 9, "Reading \x1b[2J\r\n‮evil"])
def test_a_line_fits_and_obeys_no_name(words: str, columns: int) -> None:
    shown = line(words, "40%, 40 MiB of 100 MiB, 20 MiB/s, 3 s left", columns)
    assert width(shown) <= columns
    assert "\x1b" not in shown
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (3 * 1024**3, "3 GiB")]
)
def test_sizes_are_readable(size: int, words: str) -> None:
    assert readable(size) == words


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (61, "1 min 01 s"), (7260, "2 h 01 min")])
def test_times_are_readable(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize("workers", [1, 2])
def test_every_byte_and_file_is_told_once(workers: int, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(700):
        (source / f"{number:03}").write_bytes(b"x" * number)
    (source / "large").write_bytes(bytes(30 * 1024 * 1024))
    files = list_deposit(source).files
    total = sum(file.stamp.size for file in files)
    watcher = Watcher()
    with BagWriter(tmp_path / "bag", workers=workers, progress=watcher) as writer:
        writer.add_all((file, PackagePath(f"data/{file.name}")) for file in files)
        writer.seal([])
        writer.publish()
    assert watcher.expected == watcher.done == (701, total)
    watcher = Watcher()
    contents = Bag.open(tmp_path / "bag").contents(workers=workers, progress=watcher)
    assert watcher.expected == watcher.done
    assert watcher.done == (701 + 6, total + sum(contents.tag_files.values()))


def test_a_terminal_sees_it_and_standard_output_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command on a real terminal, with no patience so that a short run shows it."""
    bag = BagBuilder().build(tmp_path / "bag")
    code = (
        "from archiver.cli import progress; progress.PATIENCE = 0; progress.BETWEEN = 0\n"
        "from archiver.cli.app import main; main()"
    )
    ours, theirs = pty.openpty()
    seen = bytearray()

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other side was closed
                return
            if not piece:
                return
            seen.extend(piece)

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", str(bag)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    reader.join(timeout=30)
    os.close(ours)
    assert done.returncode == 0
    assert b"\r" not in done.stdout
    assert re.search(rb"100%, .* of .* files", bytes(seen)), bytes(seen)
    assert bytes(seen).endswith(b"\r\x1b[K")


def test_patience_is_a_second() -> None:
    assert progress.PATIENCE == 1.0
