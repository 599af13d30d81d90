"""An end to waiting: a server that sends a byte now and then would otherwise hold a run for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Patience:
    """Calls `give_up` when `quota` bytes have not come within `seconds`, the first of them with the answer itself.

    A socket's own timeout begins anew with every byte; this one does not.
    """

    def __init__(
        self, give_up: Callable[[], None], seconds: float, quota: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._give_up, self._seconds, self._quota, self._clock = give_up, seconds, quota, clock
        self._until = clock() + seconds
        self._brought = 0
        self._ended = threading.Event()
        self.is_out = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no longer."""
        self._ended.set()
        self._thread.join()

    def reward(self, size: int) -> None:
        """So many bytes have come."""
        self._brought += size
        if self._brought >= self._quota:
            self._brought = 0
            self._until = self._clock() + self._seconds

    def _watch(self) -> None:
        while not self._ended.wait(max(0.0, self._until - self._clock())):
            if self._clock() >= self._until:
                self.is_out = True
                self._give_up()
                self._ended.wait(0.1)  # what is dialled only now is ended too
