"""All files that are missing, fetched several at a time: each gets its name when it is known to be right."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.errors import ArchiverError
from archiver.model.fetching import Fetched, Hindrance, NotFetched, Wanted
from archiver.retrieval.connection import Line, Way
from archiver.retrieval.download import Download, Effort
from archiver.retrieval.keeping import Keep
from archiver.retrieval.record import FetchRecord

Waiting = Callable[[threading.Event, float], object]  # waits for so many seconds, or until the event


class _Ended(Exception):
    """The run is to end; whoever ended it knows why."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Where files come from and where they go."""

    keep: Keep
    folder: Path  # the bag that they complete
    record: FetchRecord
    way: Way
    waiting: Waiting
    effort: Effort
    lines: int = 2  # files at a time


def fetch(errand: Errand, wanted: Sequence[Wanted]) -> tuple[Fetched | NotFetched, ...]:
    """Fetch files and put each that is right into the bag; what became of each, in the same order.

    One that fails keeps none of the others back. An interruption ends all of them at once; what came is kept.
    """
    run = _Run(errand)
    lines = min(errand.lines, len(wanted))
    if lines <= 1:
        try:
            return tuple(run.fetch(each) for each in wanted)
        finally:
            run.close()
    pool = ThreadPoolExecutor(lines)
    try:
        futures = [pool.submit(run.fetch, each) for each in wanted]
        return tuple(future.result() for future in futures)
    except BaseException:
        run.end()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        run.close()


class _Run:
    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._is_over = threading.Event()
        self._of_thread = threading.local()
        self._lines: list[Line] = []
        self._effort = replace(errand.effort, wait=self._wait, check=self._check)

    def fetch(self, wanted: Wanted) -> Fetched | NotFetched:
        self._check()
        part = self._errand.keep.part(wanted.entry.path)
        try:
            outcome = Download(wanted, part, self._line(), self._effort).run()
            if isinstance(outcome, Fetched):
                # In this order, a file that is in the bag is in the record; killed between, it is noted again.
                self._errand.record.append(outcome)
                part.place(self._errand.folder, wanted.entry.path)
                self._effort.progress.advance(1, 0)
        except ArchiverError as error:
            return NotFetched(wanted.entry, Hindrance.UNKNOWN, error.message, error.remedy)
        return outcome

    def end(self) -> None:
        """End every download at once."""
        self._is_over.set()
        for line in list(self._lines):
            line.hang_up()

    def close(self) -> None:
        for line in self._lines:
            line.close()

    def _line(self) -> Line:
        line: Line | None = getattr(self._of_thread, "line", None)
        if line is None:
            line = self._of_thread.line = Line(self._errand.way)
            self._lines.append(line)
        return line

    def _check(self) -> None:
        if self._is_over.is_set():
            raise _Ended

    def _wait(self, seconds: float) -> None:
        self._errand.waiting(self._is_over, seconds)
        self._check()
