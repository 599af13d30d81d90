"""A watcher of progress that remembers what it was told."""

from __future__ import annotations

import threading


class Watcher:
    """Counts what was expected and what was done (model/progress.py), from any thread."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.expected = (0, 0)
        self.done = (0, 0)
        self.steps: list[tuple[int, int]] = []
        self._turn = threading.Lock()

    def say(self, words: str) -> None:
        self.words.append(words)

    def expect(self, files: int, size: int) -> None:
        with self._turn:
            self.expected = (self.expected[0] + files, self.expected[1] + size)

    def advance(self, files: int, size: int) -> None:
        with self._turn:
            self.done = (self.done[0] + files, self.done[1] + size)
            self.steps.append(self.done)
