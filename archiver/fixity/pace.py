"""How many files to read at once: as many as there are workers, and more where the workers wait for the disk.

From a cold disk or a network share, eight readers can take two thirds of the time of two; where the bytes are at hand,
more readers than processors only get in one another's way. So the readers tell how long they worked and how often they
waited, and one is added at a time as long as that pays. A reader that has no processor to itself waits as well, but not
of its own accord.
"""

from __future__ import annotations

import time
from collections.abc import Callable

MOST = 16  # readers, whatever they wait for
WINDOW = 0.25  # seconds between two looks
WAITS = 8  # times a reader waits of its own accord in one order, if it waits for a disk
WAITING = 0.6  # of the wall time spent at work: below this share the readers mostly wait
PAYS = 1.1  # times as many bytes a second as before, or the last reader added was one too many


class Pace:
    """Decides when one more reader would help. `wants_more` is told of every order that was carried out."""

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.workers = workers
        self._most = min(MOST, workers * 4)
        self._clock = clock
        self._since = clock()
        self._size = 0
        self._busy = self._wall = 0.0
        self._waits = self._orders = 0
        self._before = 0.0  # bytes a second in the window before

    def wants_more(self, size: int, busy: float, wall: float, waits: int) -> bool:
        """Whether to add a reader now, after an order of `size` bytes.

        It took `busy` seconds of processor time in `wall` seconds, and waited `waits` times of its own accord.
        """
        self._size += size
        self._waits += waits
        self._orders += 1
        self._busy += busy
        self._wall += wall
        passed = self._clock() - self._since
        if passed < WINDOW or self.workers >= self._most:
            return False
        speed = self._size / passed
        waiting = self._busy < WAITING * self._wall and self._waits >= WAITS * self._orders
        pays = speed >= PAYS * self._before
        if waiting and not pays:
            self._most = self.workers  # the last one did not help: leave it at that
        self._since, self._size, self._busy, self._wall, self._before = self._clock(), 0, 0.0, 0.0, speed
        self._waits = self._orders = 0
        if waiting and pays:
            self.workers += 1
            return True
        return False
