"""Many files read at once, by worker processes: Python's own lock lets threads digest small files no faster than one.

A worker imports little (worker.py), so that it is ready in some ten milliseconds. It holds
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

import archiver
from archiver.errors import CouldNotFindOut
from archiver.fixity import reading, worker
from archiver.fixity.pace import Pace
from archiver.fixity.reading import Manner, Result
from archiver.model.progress import QUIET, Progress

WORTH_BYTES = 24 * 1024 * 1024  # to digest less takes no longer than to start a worker
WORTH_FILES = 600
ORDER_FILES = 128  # files of one order, so that handing it over costs little
ORDER_BYTES = 4 * 1024 * 1024
ORDER_NAMES = 16 * 1024  # bytes of the names in one order: two orders fit in a pipe, so that neither side ever waits

_WORKER = """
import sys
sys.path.append({folder!r})
from archiver.fixity import worker
try:
    worker.serve(sys.stdin.buffer, sys.stdout.buffer)
except BrokenPipeError:
    pass
"""

Order = tuple[Manner, list[Any]]  # of jobs (reading.Job) or of parts (parts.Part)


def orders_of(jobs: Sequence[Any], manner: Manner, workers: int) -> list[Order]:
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
    order: list[Any] = []
    size = length = 0
    for job in jobs:
        if job[1] >= ORDER_BYTES:
            continue
        order.append(job)
        size += job[1]
        length += len(job[0]) + (len(job[3]) if len(job) == 4 else 0) + 64
        if len(order) >= ORDER_FILES or size >= ORDER_BYTES or length >= ORDER_NAMES:
            orders.append((manner, order))
            order, size, length = [], 0, 0
    return [*orders, (manner, order)] if order else orders


class Readers:
    """Orders being carried out, by so many workers, from the moment they are given until `results`.

    Orders are added while others are carried out; `close` says that there are no more. With one worker, or little to
    do, no process is started: `results` does the work itself. `held` are descriptors that the workers hold open as long
    as they live. A context manager: leaving it early ends every worker.
    """

    def __init__(self, workers: int, progress: Progress = QUIET, held: Sequence[int] = ()) -> None:
        self._orders: list[Order] = []
        self._results: list[list[Result]] = []
        self._waiting: deque[int] = deque()
        self._size = self._files = 0
        self._progress, self._held, self._workers = progress, tuple(held), workers
        self._pace = Pace(workers)
        self._threads: list[threading.Thread] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._failed: Exception | None = None
        self._changed = threading.Condition()
        self._closed = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every worker that is still at work."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for process in self._processes:
            if kind is not None and process.poll() is None:
                process.kill()
        for thread in self._threads:
            thread.join()

    def add(self, orders: Sequence[Order], *, first: bool = False) -> None:
        """More to do, before all that waits if `first`; workers are started as soon as there is enough for them."""
        with self._changed:
            indices = range(len(self._orders), len(self._orders) + len(orders))
            self._orders += orders
            self._results += [[] for _ in orders]
            if first:
                self._waiting.extendleft(reversed(indices))
            else:
                self._waiting.extend(indices)
            self._files += sum(len(jobs) for _manner, jobs in orders)
            self._size += sum(job[1] for _manner, jobs in orders for job in jobs)
            worth = self._workers > 1 and len(self._orders) > 1
            worth = worth and (self._files >= WORTH_FILES or self._size >= WORTH_BYTES)
            self._changed.notify_all()
        if worth:
            while len(self._threads) < min(self._workers, len(self._orders)):
                self._begin()

    def close(self) -> None:
        """There are no more orders."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def results(self) -> list[list[Result]]:
        """What came of each order, in their order. Raises CouldNotFindOut when a worker ended before its work."""
        self.close()
        if not self._threads:
            for index in range(len(self._orders)):
                self._results[index] = worker.take(self._orders[index], self._told)
                self._progress.advance(len(self._results[index]), 0)
        for thread in self._threads:  # one that is added meanwhile is joined as well
            thread.join()
        if self._failed is not None:
            raise self._failed
        return self._results

    def _told(self, size: int) -> None:
        self._progress.advance(0, size)

    def _begin(self) -> None:
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
                    self._take_answers(process.stdout, given.popleft())
        except (OSError, EOFError, ValueError) as error:
            with self._changed:
                self._waiting.clear()
                self._failed = self._failed or CouldNotFindOut(
                    f"A worker process ended before its work: {error}.", remedy="Run again with --workers 1."
                )

    def _next(self, *, ahead: bool) -> int | None:
        """The next order; none ahead of its time when it is large, for another worker may be free for it sooner."""
        with self._changed:
            while not self._waiting:
                if self._closed or ahead:
                    return None
                self._changed.wait()
            if ahead and len(self._orders[self._waiting[0]][1]) == 1:
                return None
            return self._waiting.popleft()

    def _take_answers(self, answers: IO[bytes], index: int) -> None:
        """What a worker says until an order is done."""
        told = 0
        while isinstance(answer := _received(answers), int):
            told += answer
            self._progress.advance(0, answer)
        results, busy, wall, waits = answer
        self._results[index] = results
        size = sum(result[1] for result in results if result[0] == reading.READ)
        self._progress.advance(len(results), max(0, size - told))
        with self._changed:
            more = bool(self._waiting) and self._pace.wants_more(size, busy, wall, waits)
        if more:
            self._begin()


def _started(held: tuple[int, ...]) -> subprocess.Popen[bytes]:
    # -I and -S: nothing of the environment or of installed packages is looked at.
    folder = str(Path(archiver.__file__).parents[1])
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
