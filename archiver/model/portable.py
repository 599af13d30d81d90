"""Portable names: what a payload file is called inside a package, on every system and for a hundred years.

ASCII letters, digits, dot, hyphen and underscore, none of the names that Windows keeps for itself, at most 100
characters. The depositor's own name is kept in PREMIS originalName and in METS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PORTABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")


def is_portable(part: str) -> bool:
    """Whether one part of a path is portable as it is."""
    return bool(_PORTABLE.fullmatch(part)) and not part.endswith(".") and not _RESERVED.fullmatch(part)


def portable_names(names: Sequence[str]) -> list[str]:
    """A portable path for every relative path, in the same order; paths that are portable stay as they are.

    A part that is not portable becomes its number among the parts of its folder, with the extension when that is
    portable: 上街时报.txt as the second of its folder becomes 0002.txt. The result depends on the names alone, and no
    two results are equal, nor equal but for case, when the names given are not.
    """
    tree: dict[str, set[str]] = {}
    for name in names:
        parts = name.split("/")
        for depth, part in enumerate(parts):
            tree.setdefault(_folder(parts, depth), set()).add(part)
    renamed = {folder: _renamed(sorted(parts)) for folder, parts in tree.items()}
    return [_path(name, renamed) for name in names]


def _path(name: str, renamed: dict[str, dict[str, str]]) -> str:
    parts = name.split("/")
    return "/".join(renamed[_folder(parts, depth)][part] for depth, part in enumerate(parts))


def _folder(parts: Sequence[str], depth: int) -> str:
    """The folder of a part; folders that differ only in case are one where systems know no case."""
    return "/".join(parts[:depth]).casefold()


def _renamed(parts: Sequence[str]) -> dict[str, str]:
    result: dict[str, str] = {}
    taken: set[str] = {part.casefold() for part in parts if is_portable(part)}
    for number, part in enumerate(parts, 1):
        if is_portable(part):
            result[part] = part
            continue
        dot = part.rfind(".")
        extension = part[dot:] if dot > 0 and _EXTENSION.fullmatch(part[dot:]) else ""
        candidate = f"{number:04}{extension}"
        while candidate.casefold() in taken:
            candidate = f"0{candidate}"
        taken.add(candidate.casefold())
        result[part] = candidate
    return result
