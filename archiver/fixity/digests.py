"""Digests by several algorithms over the same bytes, side by side when the file is large."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archiver.model.values import Algorithm, Checksum

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# bytes: below this, handing pieces to a second thread costs more than it saves
SIDE_BY_SIDE = 16 * 1024 * 1024


@cache
def is_available(algorithm: Algorithm) -> bool:
    """Whether this Python can compute the algorithm: SM3 needs an OpenSSL that has it, MD5 one that allows it."""
    try:
        hashlib.new(algorithm.hashlib_name, usedforsecurity=False)
    except ValueError:
        return False
    return True


class Digests:
    """Digests in the making. `expected_size`, in bytes, decides whether each algorithm gets a thread of its own.

    hashlib gives the interpreter free while it works, so the second algorithm runs while the first does. A context
    manager: leaving it ends the threads. Raises ValueError for an algorithm that is not available here.
    """

    def __init__(self, algorithms: Sequence[Algorithm], expected_size: int = 0) -> None:
        self._digests = [
            (algorithm, hashlib.new(algorithm.hashlib_name, usedforsecurity=False)) for algorithm in algorithms
        ]
        self._threads: ThreadPoolExecutor | None = None
        if len(self._digests) > 1 and expected_size >= SIDE_BY_SIDE:
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(len(self._digests) - 1)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the threads, if there are any."""
        if self._threads is not None:
            self._threads.shutdown()

    def update(self, piece: bytes) -> None:
        """Take the next bytes into every digest."""
        if self._threads is None:
            for _algorithm, digest in self._digests:
                digest.update(piece)
            return
        others = [self._threads.submit(digest.update, piece) for _algorithm, digest in self._digests[1:]]
        self._digests[0][1].update(piece)
        for other in others:
            other.result()

    def digests(self) -> tuple[bytes, ...]:
        """The digests in bytes, in the order of the algorithms."""
        return tuple(digest.digest() for _algorithm, digest in self._digests)

    def checksums(self) -> tuple[Checksum, ...]:
        """The digests, in the order of the algorithms."""
        return tuple(Checksum(algorithm.value, digest.hexdigest()) for algorithm, digest in self._digests)


def checksums_of(content: bytes, algorithms: Sequence[Algorithm]) -> tuple[Checksum, ...]:
    """The digests of bytes at hand, in the order of the algorithms: the short way for small files."""
    return tuple(
        Checksum(algorithm.value, hashlib.new(algorithm.hashlib_name, content, usedforsecurity=False).hexdigest())
        for algorithm in algorithms
    )


def checksums(algorithms: Sequence[Algorithm], digests: Sequence[bytes]) -> tuple[Checksum, ...]:
    """Digests in bytes as checksums."""
    return tuple(Checksum(algorithm.value, digest.hex()) for algorithm, digest in zip(algorithms, digests, strict=True))
