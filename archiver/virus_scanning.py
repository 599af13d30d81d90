"""Files of a deposit shown to a clamd, piece by piece over its socket (INSTREAM): it needs no right to read them.

The protocol is that of clamd's manual: commands begin with `z` and end with NUL, a stream is sent in pieces with their
length before them, and a piece of no bytes ends it.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.fixity.measure import chunks, open_regular
from archiver.model.progress import QUIET, Progress
from archiver.model.viruses import Infection, VirusScan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archiver.model.package import SourceFile
    from archiver.model.viruses import Scanner

_PIECE = 1 << 18  # bytes in one piece of a stream
_LONGEST_ANSWER = 64 * 1024  # bytes
_FOUND = re.compile(r"stream: (?P<signature>.+) FOUND")


def scan(files: Sequence[SourceFile], scanner: Scanner, *, progress: Progress = QUIET) -> VirusScan:
    """Show every file to the scanner, one after another.

    Raises CouldNotFindOut when the scanner cannot be reached, gives no answer in time, or one that is none; and what
    reading a file raises.
    """
    version = _ask(scanner, b"zVERSION\0", ())
    progress.expect(len(files), sum(file.stamp.size for file in files))
    infections, unscanned = [], []
    for file in files:
        said = _ask(scanner, b"zINSTREAM\0", _content(file))
        found = _FOUND.fullmatch(said)
        if found is not None:
            infections.append(Infection(file.name, found["signature"]))
        elif said != "stream: OK":
            if not said.endswith("ERROR"):
                raise _unheard(scanner, f"it answered {said[:100]!r}")
            unscanned.append((file.name, said.removesuffix("ERROR").strip().rstrip(".")))
        progress.advance(1, file.stamp.size)
    return VirusScan(version, len(files), tuple(infections), tuple(unscanned))


def _ask(scanner: Scanner, command: bytes, pieces: Iterable[bytes]) -> str:
    """The answer to one command; a stream is broken off when the scanner has heard enough of it."""
    try:
        with _connected(scanner) as connection:
            connection.sendall(command)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its answer says why
                for piece in pieces:
                    connection.sendall(len(piece).to_bytes(4, "big") + piece)
                if b"STREAM" in command:
                    connection.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                more = connection.recv(4096)
                if not more:
                    break
                answer += more
    except TimeoutError as error:
        raise _unheard(scanner, f"it gave no answer within {scanner.seconds:g} seconds") from error
    except OSError as error:
        raise _unheard(scanner, (error.strerror or str(error)).lower()) from error
    said = answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()
    if not said:
        raise _unheard(scanner, "it said nothing")
    return said


def _connected(scanner: Scanner) -> socket.socket:
    if scanner.socket is None:
        return socket.create_connection((scanner.host, scanner.port), scanner.seconds)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(scanner.seconds)
        connection.connect(str(scanner.socket))
    except BaseException:
        connection.close()
        raise
    return connection


def _content(file: SourceFile) -> Iterator[bytes]:
    if file.content is not None:
        for begin in range(0, len(file.content), _PIECE):
            yield file.content[begin : begin + _PIECE]
        return
    descriptor = open_regular(file.path)
    try:
        for piece in chunks(descriptor, file.path, file.stamp.size):
            for begin in range(0, len(piece), _PIECE):
                yield piece[begin : begin + _PIECE]
    finally:
        os.close(descriptor)


def _unheard(scanner: Scanner, why: str) -> CouldNotFindOut:
    return CouldNotFindOut(
        f"The virus scanner at {scanner.shown} could not be asked: {why}.",
        remedy="Start clamd, or mend clamd under [virus-check] in archiver.toml; without the key no check is made.",
    )
