"""hashdeep's own form, with its header or without: size, digests, name."""

from __future__ import annotations

import re

from archiver.checksum_lists.algorithms import Named, Taken, named, of_digest
from archiver.checksum_lists.columns import is_digest
from archiver.checksum_lists.entries import LONGEST_PATH, Kept
from archiver.model.checksum_list import ListTrouble

HEAD = re.compile(r"%%%% (?:HASHDEEP-\d+\.\d+|size,[a-z0-9,]+,filename)")
ROW = re.compile(r"\d+,(?:[0-9A-Fa-f]{32,128},)+[^,].*", re.DOTALL)


def read_hashdeep(text: str, kept: Kept) -> None:
    """Read hashdeep's own form. Names are neither quoted nor escaped: all that follows the last digest is the name."""
    names: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if line.startswith("%%%%"):
            if line.startswith("%%%% size,"):
                names = line.removeprefix("%%%% ").split(",")
            continue
        if not line.strip() or line.startswith("##"):
            continue
        count = len(names) - 1 if names else 1 + _leading_digests(line)
        parts = line.split(",", count)
        if len(parts) != count + 1 or not parts[0].isdigit() or count < 2 or len(line) > LONGEST_PATH:
            kept.problem(ListTrouble.NOT_UNDERSTOOD, number, line)
            continue
        told = [named(name) or Named(name) for name in names[1:-1]] if names else None
        digests = parts[1:-1]
        taken = [Taken(one) for one in told] if told else [of_digest(digest) for digest in digests]
        size = int(parts[0]) if len(parts[0]) < 19 else None
        kept.state(parts[-1], number, list(zip(digests, taken, strict=True)), size)


def _leading_digests(line: str) -> int:
    """How many digests follow the size; what looks like one at the very end is the name."""
    cells = line.split(",")[1:-1]
    return next((index for index, cell in enumerate(cells) if not is_digest(cell)), len(cells))
