"""bag-info.txt changed in its elements alone: every other byte, order, folding and line end stays (RFC 8493 §2.2.2)."""

from __future__ import annotations

import re

from archiver.errors import UsageError
from archiver.packages.bag.writer import one_line

COMPUTED = frozenset({"payload-oxum", "bag-size"})  # labels whose values nobody gives
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_END = re.compile(r"\r\n|\n|\r")


class InfoFile:
    """The elements of a bag-info.txt, each as it is written, with its continuation lines."""

    def __init__(self, text: str) -> None:
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._blocks: list[str] = []
        for line in _LINE.findall(text.removeprefix("\ufeff")):
            if line[:1] in {" ", "\t"} and self._blocks:
                self._continue(line)
            elif line:
                self._blocks.append(line)
        end = _END.search(text)
        self._end = end.group() if end else "\n"

    def text(self) -> str:
        """The whole file."""
        return self._mark + "".join(self._blocks)

    def values(self, label: str) -> list[str]:
        """The values of a label, unfolded, in order."""
        return [
            " ".join(part.strip() for part in block.partition(":")[2].splitlines()).strip()
            for block in self._blocks
            if _label(block) == label.lower()
        ]

    def remove(self, label: str) -> bool:
        """Take out every element of a label; whether there was one."""
        kept = [block for block in self._blocks if _label(block) != label.lower()]
        had_it = len(kept) < len(self._blocks)
        self._blocks = kept
        return had_it

    def set(self, label: str, value: str) -> None:
        """Give a label one value: where it stands first, or at the end. What is so already stays."""
        element = self._element(label, value)
        if self.values(label) == [one_line(value)]:
            return
        places = [index for index, block in enumerate(self._blocks) if _label(block) == label.lower()]
        if not places:
            self._append(element)
            return
        self._blocks[places[0]] = element
        self._blocks = [block for index, block in enumerate(self._blocks) if index not in places[1:]]

    def add(self, label: str, value: str) -> None:
        """Add an element at the end, unless the label has that value already: a run that is repeated adds nothing."""
        element = self._element(label, value)
        if one_line(value) not in self.values(label):
            self._append(element)

    def respace(self) -> None:
        """Write every label without space around it and one space after its colon, as BagIt 1.0 has it."""
        self._mark = ""
        for index, block in enumerate(self._blocks):
            label, colon, rest = block.partition(":")
            if colon and label.strip() and not _END.search(label):
                value = rest.lstrip(" \t")
                self._blocks[index] = f"{label.strip()}:{'' if _END.match(value) or not value else ' '}{value}"

    def _continue(self, line: str) -> None:
        """A line that continues an element, also over empty lines between them, as it is read."""
        while len(self._blocks) > 1 and not self._blocks[-1].strip():
            line = self._blocks.pop() + line
        self._blocks[-1] += line

    def _element(self, label: str, value: str) -> str:
        if not label or ":" in label or label != one_line(label) or not one_line(value):
            raise UsageError(f"{label!r} and {value!r} are no label and value of bag-info.txt.")
        return f"{label}: {one_line(value)}{self._end}"

    def _append(self, element: str) -> None:
        if self._blocks and not _END.search(self._blocks[-1][-1:]):
            self._blocks[-1] += self._end
        self._blocks.append(element)


def _label(block: str) -> str:
    label, colon, _value = block.partition(":")
    return label.strip().lower() if colon else ""
