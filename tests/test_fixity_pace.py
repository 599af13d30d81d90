"""When one more reader is added: where readers wait for a disk, as long as it pays."""

from __future__ import annotations

from archiver.fixity.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def windows(pace: Pace, clock: Clock, speeds: list[float], *, busy: float = 0.1, waits: int = 50) -> list[bool]:
    """One order a window, of so many bytes a second."""
    asked = []
    for speed in speeds:
        clock.now += 0.3
        asked.append(pace.wants_more(int(speed * 0.3), busy, 0.3, waits))
    return asked


def test_readers_that_wait_get_company_as_long_as_it_pays() -> None:
    clock = Clock()
    pace = Pace(2, clock)
    assert windows(pace, clock, [1e8, 1.5e8, 2e8, 2.05e8, 4e8]) == [True, True, True, False, False]
    assert pace.workers == 5


def test_busy_readers_stay_as_many_as_they_are() -> None:
    clock = Clock()
    assert not any(windows(Pace(2, clock), clock, [1e8, 2e8, 4e8], busy=0.29))


def test_readers_without_a_processor_are_not_readers_that_wait() -> None:
    clock = Clock()
    assert not any(windows(Pace(2, clock), clock, [1e8, 2e8, 4e8], waits=1))


def test_there_is_a_most() -> None:
    clock = Clock()
    pace = Pace(2, clock)
    assert windows(pace, clock, [1e8 * 2**n for n in range(12)]).count(True) == 6
    assert pace.workers == 8
