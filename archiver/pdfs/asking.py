"""A question about a PDF, put to a process of its own: parsers of PDF are native code, and deposits may be hostile.

The process (worker.py) is given the open file, never its path, and limits of memory, processor time and files. Whatever
becomes of it, a crash, a bomb, an endless loop, is an answer: what it said so far, and why it says no more.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archiver
from archiver.errors import CouldNotFindOut, StorageError, UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.pdf import PdfLimits

_WORKER = """
import sys
sys.path[:] = {folders!r}
from archiver.pdfs import worker
worker.main(sys.stdin.buffer, sys.stdout.buffer)
"""
_OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PIECE = 1 << 20
_GRACE = 5.0  # seconds of wall time beyond the limit of processor time, for starting


@dataclass(frozen=True, slots=True)
class Answer:
    """What the process said, part by part, and why it stopped before its end; "" when it did not."""

    parts: tuple[dict[str, Any], ...]
    stopped: str = ""

    def named(self, name: str) -> tuple[Any, ...]:
        """The values of the parts of one name."""
        return tuple(part[name] for part in self.parts if name in part)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[int, int]]:
    """The descriptor and size of a plain file. Links, pipes and devices are never opened. Raises UnreadableInput."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise UnreadableInput(f"{path} is not a plain file.")
        descriptor = os.open(path, _OPENING)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(f"{path} cannot be read: {reason.lower()}.") from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableInput(f"{path} is not a plain file.")
        yield descriptor, found.st_size
    finally:
        os.close(descriptor)


def some(descriptor: int, path: Path, offset: int, count: int) -> bytes:
    """At most `count` bytes of the open file from `offset`. Raises StorageError."""
    try:
        return os.pread(descriptor, count, offset)
    except OSError as error:
        raise StorageError(f"{path}: reading failed: {(error.strerror or str(error)).lower()}.") from error


def ask(order: dict[str, Any], descriptor: int, limits: PdfLimits) -> Answer:
    """Have an order carried out on an open file. Raises CouldNotFindOut when the libraries are not installed."""
    for library in ("pypdfium2", "pikepdf"):
        if importlib.util.find_spec(library) is None:
            raise CouldNotFindOut(
                f"PDF files cannot be read: {library} is not installed.", remedy="pip install 'archiver[pdf]'"
            )
    folders = [str(Path(archiver.__file__).parents[1]), *(folder for folder in sys.path if Path(folder).is_absolute())]
    command = [sys.executable, "-I", "-B", "-S", "-c", _WORKER.format(folders=folders)]
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=(descriptor,)
    ) as process:
        try:
            lines, stopped = _conversation(process, json.dumps({**order, "file": descriptor}).encode(), limits)
        finally:
            process.kill()
    parts: list[dict[str, Any]] = []
    for line in lines:
        try:
            part = json.loads(line)
        except (ValueError, RecursionError):
            part = None
        if not isinstance(part, dict):
            return Answer(tuple(parts), "the PDF reader gave an answer that makes no sense")
        parts.append(part)
    ended = bool(parts) and "end" in parts[-1]
    return Answer(tuple(parts), stopped or ("" if ended else "the PDF reader stopped before its end"))


def _conversation(process: subprocess.Popen[bytes], order: bytes, limits: PdfLimits) -> tuple[list[bytes], str]:
    """The whole lines that the process says until it ends, and why it ended early."""
    assert process.stdin is not None and process.stdout is not None
    until = time.monotonic() + limits.seconds + _GRACE
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    said = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = until - time.monotonic()
            if left <= 0 or not waiting.select(left):
                return bytes(said).split(b"\n")[:-1], f"the PDF reader took longer than {limits.seconds} s"
            piece = os.read(process.stdout.fileno(), _PIECE)
            if not piece:
                break
            said += piece
            if len(said) > limits.answer:
                return bytes(said).split(b"\n")[:-1], f"what the PDF reader found is more than {limits.answer} bytes"
    try:
        status = process.wait(max(1.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return bytes(said).split(b"\n")[:-1], f"the PDF reader took longer than {limits.seconds} s"
    return bytes(said).split(b"\n")[:-1], _reason(status, limits)


def _reason(status: int, limits: PdfLimits) -> str:
    """Why a process ended with such a status, as a clause; "" for none."""
    if status == 0:
        return ""
    if status == -signal.SIGXCPU:
        return f"the PDF reader stopped: it used more than {limits.seconds} s of processor time"
    if status < 0:
        try:
            name = f" ({signal.Signals(-status).name})"
        except ValueError:
            name = ""
        return f"the PDF reader stopped: signal {-status}{name}"
    return f"the PDF reader stopped: status {status}"
