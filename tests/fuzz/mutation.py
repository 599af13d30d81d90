"""Mutations for the engine without coverage: what bytes become, decided by a generator of random numbers alone."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_NUMBER = re.compile(rb"[0-9]+")
_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 63, (1 << 64) - 1)


class Mutator:
    """Makes inputs of others: the same seed, inputs and words give the same ones, in the same order."""

    def __init__(self, seed: int, words: Sequence[bytes], largest: int) -> None:
        self.random = random.Random(seed)
        self._words, self._largest = tuple(words) or (b"\0",), largest
        self._ways = (
            self._flip, self._overwrite, self._insert, self._word, self._word, self._remove, self._repeat, self._move,
            self._digits, self._edge, self._borrow, self._truncate,
        )  # fmt: skip

    def mutate(self, data: bytes, others: Sequence[bytes]) -> bytes:
        """Another input: one to eight changes, of the kinds that break parsers."""
        for _change in range(1 + min(self.random.getrandbits(3), self.random.getrandbits(3))):
            data = self.random.choice(self._ways)(data, others)
        return data[: self._largest]

    def _at(self, data: bytes) -> int:
        return self.random.randrange(len(data) + 1)

    def _span(self, data: bytes) -> tuple[int, int]:
        begin = self._at(data)
        return begin, min(len(data), begin + 1 + self.random.getrandbits(self.random.choice((1, 3, 6))))

    def _flip(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        if not data:
            return data
        at = self.random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << self.random.getrandbits(3)]) + data[at + 1 :]

    def _overwrite(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        at = self._at(data)
        return data[:at] + bytes([self.random.getrandbits(8)]) + data[at + 1 :]

    def _insert(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        at = self._at(data)
        return data[:at] + self.random.randbytes(1 + self.random.getrandbits(2)) + data[at:]

    def _word(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        at, word = self._at(data), self.random.choice(self._words)
        return data[:at] + word + data[at + (len(word) if self.random.getrandbits(1) else 0) :]

    def _remove(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        begin, end = self._span(data)
        return data[:begin] + data[end:]

    def _repeat(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        begin, end = self._span(data)
        return data[:end] + data[begin:end] * (1 + self.random.getrandbits(2)) + data[end:]

    def _move(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        begin, end = self._span(data)
        at, rest = self._at(data), data[:begin] + data[end:]
        return rest[:at] + data[begin:end] + rest[at:]

    def _digits(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        found = list(_NUMBER.finditer(data))
        if not found:
            return data
        match = self.random.choice(found)
        number = int(match.group()[:18]) + self.random.choice((-1, 1, 8, 1 << 31, 1 << 63))
        return data[: match.start()] + str(number).encode() + data[match.end() :]

    def _edge(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        width = self.random.choice((1, 2, 4, 8))
        number = self.random.choice(_EDGES) & (1 << 8 * width) - 1
        at = self._at(data)
        return data[:at] + number.to_bytes(width, self.random.choice(("little", "big"))) + data[at + width :]

    def _borrow(self, data: bytes, others: Sequence[bytes]) -> bytes:
        other = self.random.choice(others) if others else data
        begin, at = self._at(other), self._at(data)
        end = begin + 1 + self.random.getrandbits(7)
        return data[:at] + other[begin:end] + data[at + (end - begin if self.random.getrandbits(1) else 0) :]

    def _truncate(self, data: bytes, _others: Sequence[bytes]) -> bytes:
        return data[: self._at(data)] if not self.random.getrandbits(3) else data
