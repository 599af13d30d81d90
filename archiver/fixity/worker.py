"""A worker process: takes orders to read files, and parts of files, from whoever started it (see readers.py).

Only the standard library, `reading` and `parts` are imported, so that it is there in some ten milliseconds.
"""

from __future__ import annotations

import marshal
import os
import resource
import signal
import time
from typing import Any, BinaryIO

from archiver.fixity import parts, reading

TOLD = 1 << 26  # bytes of one file after which progress is told


def take(order: tuple[reading.Manner, list[Any]], told: reading.Told = lambda _size: None) -> list[reading.Result]:
    """Carry out one order: a manner, and the jobs to do in it, files (Job) or parts of files (Part)."""
    manner, jobs = order
    if jobs and len(jobs[0]) > 4:
        return parts.read_parts(jobs, manner, told)
    return [reading.read(job, manner, told) for job in jobs]


def serve(commands: BinaryIO, answers: BinaryIO) -> None:
    """Take orders until there are no more. Each message is its length in four bytes, and what marshal makes of it.

    An order is answered by numbers, bytes read of a large file so far, and at last by a list: the results, the seconds
    of processor time and of wall time that they took, and how often the work had to wait for something. Ctrl-C is for
    whoever gave the orders to handle; they are dead when the parent changes, and then the work ends where it is, since
    nobody would clear up after it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    since = 0

    def told(size: int) -> None:
        nonlocal since
        since += size
        if since >= TOLD:
            _send(answers, since)
            since = 0
        if os.getppid() != parent:
            raise SystemExit

    while True:
        length = commands.read(4)
        if len(length) < 4:
            return
        begun, busy, waits = time.perf_counter(), time.process_time(), _waits()
        since = 0
        results = take(marshal.loads(commands.read(int.from_bytes(length, "big"))), told)  # noqa: S302  from our parent
        _send(answers, [results, time.process_time() - busy, time.perf_counter() - begun, _waits() - waits])


def _waits() -> int:
    """How often this process has given up the processor of its own accord, as it does to wait for a disk."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


def _send(answers: BinaryIO, message: Any) -> None:
    content = marshal.dumps(message)
    answers.write(len(content).to_bytes(4, "big") + content)
    answers.flush()
