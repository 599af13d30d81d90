"""The progress of a run, on a terminal: what is done, how much of it, how fast, and how long it still takes."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable
from typing import TextIO

from archiver.model.names import cut, escape, width

PATIENCE = 1.0  # seconds without a word: most runs are over by then
BETWEEN = 0.1  # seconds between two pictures
_SHORTEST = 30  # columns: on less, nothing is drawn
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class Bar:
    """One line that is drawn over and over (model/progress.py says what each method means).

    Nothing is shown where `stream` is no terminal, nor before `PATIENCE` has passed, and nothing is left of it.
    """

    def __init__(
        self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic, columns: int | None = None
    ) -> None:
        self._stream, self._clock, self._columns = stream, clock, columns
        self._begun = self._drawn = clock()
        self._words = ""
        self._files = self._size = self._all_files = self._all_size = 0
        self._turn = threading.Lock()
        self._visible = False
        self._shown = _is_terminal(stream)

    def say(self, words: str) -> None:
        """Name what is done now."""
        with self._turn:
            self._words = words
            self._draw()

    def expect(self, files: int, size: int) -> None:
        """So many more files and bytes."""
        with self._turn:
            self._all_files += files
            self._all_size += size
            self._draw()

    def advance(self, files: int, size: int) -> None:
        """So many files and bytes are done."""
        with self._turn:
            self._files += files
            self._size += size
            self._draw()

    def clear(self) -> None:
        """Take the line away, so that what is printed next begins on a clean one."""
        with self._turn:
            self._shown = False
            if self._visible:
                self._write("\r\x1b[K")
                self._visible = False

    def _draw(self) -> None:
        now = self._clock()
        if not self._shown or now - self._begun < PATIENCE or (self._visible and now - self._drawn < BETWEEN):
            return
        columns = (self._columns or shutil.get_terminal_size().columns) - 1
        if columns < _SHORTEST:
            return
        self._drawn, self._visible = now, True
        self._write("\r" + line(self._words, self._figures(now - self._begun), columns) + "\x1b[K")

    def _figures(self, passed: float) -> str:
        parts = []
        if self._all_size:
            share = min(100, 100 * self._size // self._all_size)
            parts = [f"{share}%", f"{readable(self._size)} of {readable(self._all_size)}"]
        elif self._size:
            parts = [readable(self._size)]
        if self._all_files:
            parts.append(f"{self._files:,} of {self._all_files:,} files")
        if self._size and passed > 0:
            speed = self._size / passed
            parts.append(f"{readable(int(speed))}/s")
            if self._all_size > self._size:
                parts.append(f"{duration((self._all_size - self._size) / speed)} left")
        return ", ".join(parts)

    def _write(self, words: str) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # whether it is seen never changes what is done
            self._stream.write(words)  # type: ignore[union-attr]
            self._stream.flush()  # type: ignore[union-attr]


def line(words: str, figures: str, columns: int) -> str:
    """Words and figures in at most so many columns; names in the words are shown escaped, and cut if need be."""
    room = columns - width(figures) - 2
    if room < 10:
        return cut(figures or escape(words), columns)
    return f"{cut(escape(words), room)}  {figures}" if figures else cut(escape(words), columns)


def readable(size: int) -> str:
    """A size in bytes as people read it, in powers of 1024."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{size} B" if unit == 0 else f"{value:.3g} {_UNITS[unit]}"


def duration(seconds: float) -> str:
    """A time still to wait, as people say it."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def _is_terminal(stream: TextIO | None) -> bool:
    with contextlib.suppress(ValueError, AttributeError):
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    return False
