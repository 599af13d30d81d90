"""Engines: the same results in the same order, by one thread or many, by one process or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from archiver.errors import CouldNotFindOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


def ordered_map(work: Callable[[Item], Result], items: Sequence[Item], *, workers: int) -> list[Result]:
    """`work` of every item, in the order of the items; the first exception is raised here, the rest cancelled."""
    if workers <= 1 or len(items) < 2:
        return [work(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor  # late: it takes longer to load than most work here takes

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_WINDOW = 4  # items given to each process ahead of the one it is at
_work: list[Callable[[Any], Any]] = []  # in a worker process, what it does


def in_processes(work: Callable[[Item], Result], items: Sequence[Item], *, jobs: int) -> Iterator[Result]:
    """`work` of every item, by `jobs` processes that are copies of this one; results in the order of the items.

    With one job, or where processes cannot be copied (other systems than Linux), the work is done here, one item after
    another. Few items are given ahead, so that a stop leaves little begun. `work` must not rely on threads, and what it
    returns is sent here by pickle. Raises what `work` raises, and CouldNotFindOut when a process ends before its work.
    """
    import multiprocessing
    import sys

    if jobs <= 1 or len(items) < 2 or sys.platform != "linux":
        yield from map(work, items)
        return
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    copies = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(min(jobs, len(items)), mp_context=copies, initializer=_work.append, initargs=(work,))
    waiting: deque[Future[Result]] = deque()
    rest = iter(items)
    try:
        for item in rest:
            waiting.append(pool.submit(_do, item))
            if len(waiting) >= jobs * _WINDOW:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise CouldNotFindOut(
            "A worker process ended before its work.", remedy="Run the same command again: what is done is not redone."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _do(item: Any) -> Any:
    return _work[-1](item)
