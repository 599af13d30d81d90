"""One read of one file by system calls: digested, counted, and copied when asked. Here, or in a worker process.

Only the standard library is imported, so that a worker process (worker.py) is there in some ten milliseconds. What went
wrong is told by numbers; whoever ordered the read has words.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable
from typing import Any, Self

CHUNK = 1 << 20  # bytes read at once: large enough that hashlib releases the interpreter, small enough for caches
BEHIND = 4  # pieces that a digest may lag behind the reading, when each algorithm has a thread of its own
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

READ, FAILED, SPECIAL, CHANGED, DAMAGED = range(5)  # the first part of every result

Stamp = tuple[int, int, int, int, int]  # device, inode, size in bytes, mtime and ctime in ns
# Where a file is; the bytes to expect; its stamp, when it must not have changed since; where its copy goes, or b"".
Job = tuple[bytes, int, Stamp | None, bytes]
# Names as hashlib has them; bytes of the beginning to keep; whether each copy is put on the disk before it counts;
# whether each algorithm gets a thread of its own.
Manner = tuple[tuple[str, ...], int, bool, bool]
# (READ, size, digests, beginning) or (FAILED, error number, what was done, path) or (SPECIAL, mode) or (CHANGED,) or
# (DAMAGED, words).
Result = tuple[Any, ...]
Told = Callable[[int], None]


class Ended(Exception):
    """A read that ended early, with its result."""

    def __init__(self, *result: Any) -> None:
        super().__init__(result)
        self.result: Result = result


def read(job: Job, manner: Manner, told: Told = lambda _size: None) -> Result:
    """Read one file as ordered; no part of a failed copy is left. `told` hears of bytes as they are read."""
    path, expected, stamp, copy_to = job
    doing, descriptor = "reading", -1
    try:
        if stamp is not None:  # opening some devices does something, so the kind is asked before
            refuse(os.lstat(path), stamp)
        doing = "opening"
        descriptor = os.open(path, READING)
        doing = "reading"
        before = os.fstat(descriptor)
        refuse(before, stamp)
        if copy_to:
            return _copied(descriptor, before, copy_to, manner, told)
        if expected < CHUNK and before.st_size < CHUNK:
            return _small(descriptor, before, manner, told)
        return _large(descriptor, before, manner, told, None)
    except OSError as error:
        return FAILED, error.errno or 0, doing, path
    except Ended as early:
        return early.result
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def stamp_of(status: os.stat_result) -> Stamp:
    """What tells whether a file has changed."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def refuse(status: os.stat_result, stamp: Stamp | None) -> None:
    """End the read of what is no regular file, or not the file that the stamp is of. Raises Ended."""
    if not stat.S_ISREG(status.st_mode):
        raise Ended(SPECIAL, status.st_mode)
    if stamp is not None and stamp_of(status) != stamp:
        raise Ended(CHANGED)


def _check_unchanged(descriptor: int, before: os.stat_result, size: int) -> None:
    after = os.fstat(descriptor)
    if size != before.st_size or after.st_mtime_ns != before.st_mtime_ns or stamp_of(after) != stamp_of(before):
        raise Ended(CHANGED)


def _small(
    descriptor: int, before: os.stat_result, manner: Manner, told: Told, write: Callable[[bytes], None] | None = None
) -> Result:
    """A file that one read takes whole."""
    names, head, _sync, _apart = manner
    content = os.read(descriptor, before.st_size + 1)
    while len(content) < before.st_size:  # some file systems give less than was asked for
        more = os.read(descriptor, CHUNK)
        if not more:
            break
        content += more
    if write is not None:
        write(content)
    _check_unchanged(descriptor, before, len(content))
    told(len(content))
    digests = tuple([hashlib.new(name, content, usedforsecurity=False).digest() for name in names])
    return READ, len(content), digests, content[:head]


def _large(
    descriptor: int,
    before: os.stat_result,
    manner: Manner,
    told: Told,
    write: Callable[[memoryview], None] | None = None,
) -> Result:
    """A file read in pieces, each digested, and handed to `write`, while it is at hand."""
    names, head_size, _sync, apart = manner
    digests = [hashlib.new(name, usedforsecurity=False) for name in names]
    size, head = 0, b""
    with way_of(digests, apart) as way:
        while True:
            buffer = way.buffer()
            count = os.readv(descriptor, [buffer])
            if not count:
                break
            piece = buffer[:count]
            if len(head) < head_size:
                head += bytes(piece[: head_size - len(head)])
            way.take(piece)
            if write is not None:
                write(piece)
            size += count
            told(count)
    _check_unchanged(descriptor, before, size)
    return READ, size, tuple([digest.digest() for digest in digests]), head


def way_of(digests: list[Any], apart: bool) -> _InTurn | _Apart:
    """How pieces get to the digests: one after the other, or a thread for each. A context manager."""
    return _Apart(digests) if apart and digests else _InTurn(digests)


class _InTurn:
    """One buffer; each digest takes a piece after the other."""

    def __init__(self, digests: list[Any]) -> None:
        self._digests = digests
        self._buffer = memoryview(bytearray(CHUNK))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def buffer(self) -> memoryview:
        """Where the next piece goes."""
        return self._buffer

    def take(self, piece: memoryview) -> None:
        """Digest a piece."""
        for digest in self._digests:
            digest.update(piece)


class _Apart:
    """A thread for each digest but the last, which keeps pace with the reading: the slowest digest sets the time."""

    def __init__(self, digests: list[Any]) -> None:
        import queue
        import threading

        self._last = digests[-1]
        self._buffers = [memoryview(bytearray(CHUNK)) for _ in range(BEHIND)]
        self._turn = 0
        self._free = [threading.Semaphore(BEHIND) for _ in digests[:-1]]
        self._queues: list[queue.SimpleQueue[memoryview | None]] = [queue.SimpleQueue() for _ in digests[:-1]]
        self._threads = [
            threading.Thread(target=_digest_all, args=part, daemon=True)
            for part in zip(digests[:-1], self._queues, self._free, strict=True)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for waiting in self._queues:
            waiting.put(None)
        for thread in self._threads:
            thread.join()

    def buffer(self) -> memoryview:
        """Where the next piece goes: the buffer that every thread has done with."""
        for free in self._free:
            free.acquire()
        self._turn = (self._turn + 1) % BEHIND
        return self._buffers[self._turn]

    def take(self, piece: memoryview) -> None:
        """Digest a piece."""
        for waiting in self._queues:
            waiting.put(piece)
        self._last.update(piece)


def _digest_all(digest: Any, waiting: Any, free: Any) -> None:
    while (piece := waiting.get()) is not None:
        digest.update(piece)
        free.release()


def _copied(descriptor: int, before: os.stat_result, copy_to: bytes, manner: Manner, told: Told) -> Result:
    """A file read and written anew, mode 0644. What was written is whole, or gone."""
    out = -1

    def write(piece: bytes | memoryview) -> None:
        done = _writing(copy_to, os.write, out, piece)
        while done < len(piece):
            piece = piece[done:]
            done = _writing(copy_to, os.write, out, piece)

    out = _writing(copy_to, os.open, copy_to, WRITING, 0o644)
    try:
        result = (_small if before.st_size < CHUNK else _large)(descriptor, before, manner, told, write)
        if manner[2]:
            _writing(copy_to, os.fsync, out)
        closing, out = out, -1
        _writing(copy_to, os.close, closing)  # some file systems say only now that the bytes could not be kept
    except BaseException:
        with contextlib.suppress(OSError):
            if out >= 0:
                os.close(out)
        with contextlib.suppress(OSError):
            os.unlink(copy_to)  # noqa: PTH108  a path as the system has it, in bytes
        raise
    return result


def _writing(path: bytes, call: Callable[..., Any], *arguments: Any) -> Any:
    """A system call whose failure is one of writing."""
    try:
        return call(*arguments)
    except OSError as error:
        raise Ended(FAILED, error.errno or 0, "writing", path) from error
