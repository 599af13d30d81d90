"""How work tells of its progress: what is being done, how much there is, and how much is done."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Whoever watches. Every method may be called from any thread, and none ever raises.

    A run may `expect` several times: what it expects adds up, since a bag is first written and then read again.
    """

    def say(self, words: str) -> None:
        """Name what is done now."""

    def expect(self, files: int, size: int) -> None:
        """So many more files and bytes are going to be read or written."""

    def advance(self, files: int, size: int) -> None:
        """So many files are finished and so many bytes done since the last call."""


class Unwatched:
    """Nobody watches."""

    def say(self, words: str) -> None:
        """Tell nobody."""

    def expect(self, files: int, size: int) -> None:
        """Tell nobody."""

    def advance(self, files: int, size: int) -> None:
        """Tell nobody."""


QUIET: Progress = Unwatched()
