"""What a target is, and the small language of its inputs: several files in one, and bytes handed on in pieces."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from archiver.model.report import CheckRun, Outcome
from archiver.packages.bag.lines import Problems

CUT = b"\n--8<--\n"  # between the files of one input


@dataclass(frozen=True)
class Target:
    """A parser under test.

    `run` executes one input: it raises on any broken promise, and returns what it saw, by which the engine without
    coverage tells an input that is worth keeping. `seeds` are inputs to begin with, `words` a dictionary.
    """

    name: str
    run: Callable[[bytes], Iterable[Hashable]]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()
    largest: int = 4096  # bytes of an input
    slow: float = 0.0  # how much of the executions it gets: 0 the usual share, else a part of it
    tags: frozenset[str] = field(default_factory=frozenset)


TARGETS: dict[str, Target] = {}


def register(target: Target) -> None:
    assert target.name not in TARGETS
    TARGETS[target.name] = target


def parts(data: bytes, count: int) -> list[bytes]:
    """The files of an input; those that are missing are empty, the last holds the rest."""
    found = data.split(CUT, count - 1)
    return found + [b""] * (count - len(found))


def joined(*files: bytes) -> bytes:
    return CUT.join(files)


def pieces(content: bytes) -> Iterator[bytes]:
    """The content in pieces whose sizes it decides itself: one to eight bytes, sometimes all that is left."""
    state, at = zlib.crc32(content), 0
    while at < len(content):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        size = len(content) if state >> 16 & 31 == 0 else 1 + (state >> 21 & 7)
        yield content[at : at + size]
        at += size


def told(problems: Problems) -> tuple[Hashable, ...]:
    """Problems as facts that can be compared; those of different kinds may come in another order."""
    found = ((each.kind.name, each.path, each.line or 0, each.detail) for each in problems.all())
    return tuple(sorted(found))


def kinds(problems: Problems) -> set[Hashable]:
    return {each.kind for each in problems.all()}


def size_class(number: int) -> int:
    """A number as coarse as novelty should see it."""
    return number.bit_length()


def no_check_crashes(runs: Iterable[CheckRun]) -> None:
    """A check may say that it could not find out; it may not fall over what it was given."""
    crashed = [run for run in runs if run.outcome is Outcome.BROKEN and run.reason.startswith("the check crashed")]
    assert not crashed, crashed
