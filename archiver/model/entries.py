"""The entries of a manifest in little memory: a million of them, with sha512, fit in some 230 MB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


class Entries(Mapping[str, tuple[str, int]]):
    """Path → (digest in lower-case hexadecimal, line). Digests are kept as bytes, one after the other.

    A digest that is none of its algorithm is kept as "": a rule of its own reports it, and nothing is compared with it.
    """

    def __init__(self, digest_size: int) -> None:
        self._width = digest_size  # bytes; 0 when the algorithm is not known, and no digest is kept
        self._lines: dict[str, int] = {}
        self._digests = bytearray()
        self._slots: dict[int, int] = {}  # line → place among the digests, where it is not line - 1

    def add(self, path: str, digest: bytes | None, line: int) -> None:
        """Add an entry whose path is new; `digest` is None when it is malformed."""
        slot = len(self._lines)
        if slot != line - 1:
            self._slots[line] = slot
        self._lines[path] = line
        if digest is None or len(digest) != self._width:
            self._slots[line] = -1
            digest = bytes(self._width)
        self._digests += digest

    def add_all(self, paths: Sequence[str], digests: bytes, first: int) -> None:
        """Add entries whose paths are new and whose digests are well-formed: one a line, from line `first` on."""
        slot = len(self._lines)
        if slot != first - 1:
            self._slots.update(zip(range(first, first + len(paths)), range(slot, slot + len(paths)), strict=True))
        self._lines.update(zip(paths, range(first, first + len(paths)), strict=True))
        self._digests += digests

    def are_new(self, paths: Sequence[str]) -> bool:
        """Whether none of the paths is listed, nor stands twice among them."""
        return self._lines.keys().isdisjoint(paths) and len(set(paths)) == len(paths)

    def line(self, path: str) -> int:
        """The line of a path; KeyError when it is not listed."""
        return self._lines[path]

    def stated(self) -> Iterator[tuple[str, int, bytes | bytearray]]:
        """Each path with its line and its digest in bytes, empty when it is malformed or of an unknown algorithm."""
        slots, digests, width = self._slots, self._digests, self._width
        for path, line in self._lines.items():
            slot = slots.get(line, line - 1) if slots else line - 1
            yield path, line, b"" if slot < 0 else digests[slot * width : (slot + 1) * width]

    def _digest(self, line: int) -> str:
        slot = self._slots.get(line, line - 1)
        return "" if slot < 0 else self._digests[slot * self._width : (slot + 1) * self._width].hex()

    def __getitem__(self, path: str) -> tuple[str, int]:
        line = self._lines[path]
        return self._digest(line), line

    def __contains__(self, path: object) -> bool:
        return path in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)
