"""Many files read at once, by worker processes: Python's own lock lets threads digest small files no faster than one.

A worker has the one module `reading`, not this whole package, so that it is ready in some ten milliseconds. It holds
whatever lock its parent holds, and ends when its parent does.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from archiver.errors import CouldNotFindOut
from archiver.fixity import reading
from archiver.fixity.pace import Pace
from archiver.fixity.reading import Job, Manner, Result
from archiver.model.progress import QUIET, Progress

WORTH_BYTES = 24 * 1024 * 1024  # to digest less takes no longer than to start a worker
WORTH_FILES = 600
ORDER_FILES = 128  # files of one order, so that handing it over costs little
ORDER_BYTES = 4 * 1024 * 1024
ORDER_NAMES = 16 * 1024  # bytes of the names in one order: two orders fit in a pipe, so that neither side ever waits

_WORKER = """
import sys
sys.path.append({folder!r})
import reading
try:
    reading.serve(sys.stdin.buffer, sys.stdout.buffer)
except BrokenPipeError:
    pass
"""

Order = tuple[Manner, list[Job]]


def orders_of(jobs: Sequence[Job], manner: Manner, workers: int) -> list[Order]:
    """Jobs in orders of like cost, the large files first, so that no worker ends long after the others.

    A large file that is alone gets a thread for each algorithm.
    """
    large = sorted((job for job in jobs if job[1] >= ORDER_BYTES), key=lambda job: -job[1])
    total = sum(job[1] for job in jobs)
    names, head, sync, _apart = manner
    orders: list[Order] = []
    for job in large:
        apart = workers > 1 and job[1] * workers > total  # the others end before it does
        orders.append(((names, head, sync, apart), [job]))
    order: list[Job] = []
    size = length = 0
    for job in jobs:
        if job[1] >= ORDER_BYTES:
            continue
        order.append(job)
        size += job[1]
        length += len(job[0]) + len(job[3]) + 32
        if len(order) >= ORDER_FILES or size >= ORDER_BYTES or length >= ORDER_NAMES:
            orders.append((manner, order))
            order, size, length = [], 0, 0
    return [*orders, (manner, order)] if order else orders


class Readers:
    """Orders being carried out, by so many workers, from the moment the context is entered until `results`.

    With one worker, or little to do, no process is started: `results` does the work itself. `held` are descriptors that
    the workers hold open as long as they live. Leaving the context early ends every worker.
    """

    def __init__(
        self, orders: Sequence[Order], workers: int, progress: Progress = QUIET, held: Sequence[int] = ()
    ) -> None:
        self._orders = orders
        self._waiting = deque(range(len(orders)))
        self._results: list[list[Result]] = [[] for _ in orders]
        self._progress, self._held = progress, tuple(held)
        self._pace = Pace(workers)
        self._threads: list[threading.Thread] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._failed: Exception | None = None
        self._lock = threading.Lock()
        self._apart = workers > 1 and len(orders) > 0 and _is_worth(orders)

    def __enter__(self) -> Self:
        """Begin."""
        if self._apart:
            for _ in range(min(self._pace.workers, len(self._orders))):
                self._add()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every worker that is still at work."""
        self._waiting.clear()
        for process in self._processes:
            if process.poll() is None and kind is not None:
                process.kill()
        for thread in self._threads:
            thread.join()

    def results(self) -> list[list[Result]]:
        """What came of each order, in their order. Raises CouldNotFindOut when a worker ended before its work."""
        if not self._apart:
            for index in range(len(self._orders)):
                self._results[index] = reading.take(self._orders[index], self._told)
                self._progress.advance(len(self._results[index]), 0)
        for thread in self._threads:
            thread.join()
        if self._failed is not None:
            raise self._failed
        return self._results

    def _told(self, size: int) -> None:
        self._progress.advance(0, size)

    def _add(self) -> None:
        thread = threading.Thread(target=self._lead, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _lead(self) -> None:
        """Lead one worker. Small orders are given two at a time, so that it never waits for the next."""
        try:
            with _started(self._held) as process:
                self._processes.append(process)
                assert process.stdin is not None and process.stdout is not None
                given: deque[int] = deque()
                while True:
                    while len(given) < 2 and (index := self._next(ahead=bool(given))) is not None:
                        _send(process.stdin, self._orders[index])
                        given.append(index)
                    if not given:
                        process.stdin.close()
                        return
                    index = given.popleft()
                    self._take_answers(process.stdout, index)
        except (OSError, EOFError, ValueError) as error:
            self._waiting.clear()
            with self._lock:
                self._failed = self._failed or CouldNotFindOut(
                    f"A worker process ended before its work: {error}.", remedy="Run again with --workers 1."
                )

    def _next(self, *, ahead: bool) -> int | None:
        """The next order; none ahead of its time when it is large, for another worker may be free for it sooner."""
        with self._lock:
            if not self._waiting or (ahead and len(self._orders[self._waiting[0]][1]) == 1):
                return None
            return self._waiting.popleft()

    def _take_answers(self, answers: IO[bytes], index: int) -> None:
        """What a worker says until an order is done."""
        told = 0
        while isinstance(answer := _received(answers), int):
            told += answer
            self._progress.advance(0, answer)
        results, busy, wall = answer
        self._results[index] = results
        size = sum(result[1] for result in results if result[0] == reading.READ)
        self._progress.advance(len(results), max(0, size - told))
        with self._lock:
            more = bool(self._waiting) and self._pace.wants_more(size, busy, wall)
        if more:
            self._add()


def _is_worth(orders: Sequence[Order]) -> bool:
    """Whether there is so much to do that workers are started for it."""
    jobs = [job for _manner, order in orders for job in order]
    return len(orders) > 1 and (len(jobs) >= WORTH_FILES or sum(job[1] for job in jobs) >= WORTH_BYTES)


def _started(held: tuple[int, ...]) -> subprocess.Popen[bytes]:
    # -I and -S: nothing of the environment or of installed packages is looked at.
    folder = str(Path(reading.__file__).parent)
    command = [sys.executable, "-I", "-S", "-c", _WORKER.format(folder=folder)]
    return subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=held, bufsize=-1
    )


def _send(commands: IO[bytes], order: Order) -> None:
    content = marshal.dumps(order)
    commands.write(len(content).to_bytes(4, "big") + content)
    commands.flush()


def _received(answers: IO[bytes]) -> Any:
    length = answers.read(4)
    content = answers.read(int.from_bytes(length, "big")) if len(length) == 4 else b""
    if not content:
        raise EOFError("it said no more")
    return marshal.loads(content)  # noqa: S302  our own worker's words
