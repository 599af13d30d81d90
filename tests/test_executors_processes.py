"""Work by several processes: results in order, exceptions told, a process that dies is no result."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from archiver.errors import CouldNotFindOut, UsageError
from archiver.executors import in_processes


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_results_come_in_the_order_of_the_items(jobs: int, count: int) -> None:
    assert list(in_processes(lambda item: item * item, range(count), jobs=jobs)) == [
        each * each for each in range(count)
    ]


def _fails(item: int) -> int:
    if item == 3:
        raise UsageError("not this one")
    return item


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_is_raised_here(jobs: int) -> None:
    found = []
    with pytest.raises(UsageError, match="not this one"):
        for each in in_processes(_fails, range(9), jobs=jobs):
            found.append(each)
    assert found == [0, 1, 2]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
def test_a_process_that_is_killed_is_no_result() -> None:
    def work(item: int) -> int:
        if item == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(CouldNotFindOut, match="ended before its work"):
        list(in_processes(work, range(8), jobs=2))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
def test_the_work_is_done_by_others() -> None:
    assert os.getpid() not in set(in_processes(lambda _item: os.getpid(), range(6), jobs=2))
