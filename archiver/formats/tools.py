"""The identifiers: libmagic and siegfried, each with its version. One that is missing is told with its cure."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.errors import CouldNotFindOut
from archiver.model.formats import FormatMatch
from archiver.model.values import Identification

if TYPE_CHECKING:
    from collections.abc import Sequence

_EMPTY = "empty source"  # siegfried's words for a file of no bytes
_CURE = (
    "Install libmagic: apt-get install libmagic1 (Debian, Ubuntu), brew install libmagic, or pip install pylibmagic."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that identifies formats: its version, and the signatures it works with."""

    name: str
    version: str
    detail: str

    @property
    def said(self) -> str:
        """How it is named beside what it said."""
        return f"{self.name} {self.version}" + (f" ({self.detail})" if self.name == "siegfried" else "")


@dataclass(frozen=True, slots=True)
class Matches:
    """What siegfried said of one file: the formats it takes it for, and the warning when there is none."""

    found: tuple[FormatMatch, ...]
    warning: str = ""


def tools() -> tuple[Tool, ...]:
    """The identifiers that work here. Raises CouldNotFindOut when one is missing."""
    return libmagic(), siegfried()


def media_type(head: bytes) -> Identification:
    """The media type by libmagic, of the first bytes of a file. Raises CouldNotFindOut when libmagic is missing."""
    said = libmagic().said
    if not head:
        return Identification(said, "application/x-empty", basis="0 bytes")
    return Identification(said, _media_type(head), basis=f"content, first {len(head)} bytes")


@lru_cache(maxsize=32)  # the same profile goes with every package of a batch
def _media_type(head: bytes) -> str:
    return str(_magic().from_buffer(head))


def pronom_matches(paths: Sequence[Path], *, workers: int = 1) -> list[Matches]:
    """What siegfried takes files for, in their order, told by their content and their extension.

    Raises CouldNotFindOut when a file could not be looked at.
    """
    import pygfried

    if not paths:
        return []
    try:
        said = pygfried.identify_many([os.fspath(path) for path in paths], workers=workers)
    except (pygfried.GoError, OSError, UnicodeEncodeError) as error:
        raise CouldNotFindOut(f"siegfried could not identify {paths[0]} and others: {error}.") from error
    by_name: dict[str, dict[str, Any]] = {found["filename"]: dict(found) for found in said["files"]}
    return [_matches(path, by_name.get(os.fspath(path))) for path in paths]


def _matches(path: Path, said: dict[str, Any] | None) -> Matches:
    # An empty file is still matched by its name. Of a file that can be read, an error tells of its content: a damaged
    # OLE file has no format that siegfried could tell, and that is a fault of the file.
    if said is None or (said["errors"] not in {"", _EMPTY} and not os.access(path, os.R_OK)):
        reason = said["errors"] if said is not None else "it said nothing"
        raise CouldNotFindOut(f"{path}: siegfried could not identify it: {reason}.")
    found = tuple(
        FormatMatch(
            each["id"],
            each["format"],
            each["version"],
            tuple(part.strip().lower() for part in each["mime"].split(",") if part.strip()),
            each["class"],
            each["basis"],
            "; ".join(part for part in (each["warning"], said["errors"]) if part),
        )
        for each in said["matches"]
    )
    return Matches(found, str(said["errors"]))


@lru_cache(maxsize=1)
def _magic() -> Any:
    """libmagic by python-magic: the system's, else the one that pylibmagic brings."""
    if _source() == "pylibmagic":
        importlib.import_module("pylibmagic")
    try:
        import magic

        return magic.Magic(mime=True)
    except (ImportError, OSError) as error:
        raise CouldNotFindOut(f"libmagic cannot be used: {error}.", remedy=_CURE) from error


def _source() -> str:
    if ctypes.util.find_library("magic") or importlib.util.find_spec("pylibmagic") is None:
        return "system"
    return "pylibmagic"


@lru_cache(maxsize=1)
def libmagic() -> Tool:
    """libmagic. Raises CouldNotFindOut when it is missing."""
    _magic()
    import magic

    number = int(magic.version())  # type: ignore[no-untyped-call]  # python-magic ships no types
    return Tool("libmagic", f"{number // 100}.{number % 100:02}", f"from {_source()}")


@lru_cache(maxsize=1)
def siegfried() -> Tool:
    """siegfried, with the names of its signature files."""
    import pygfried

    probe = pygfried.identify(os.fspath(Path(__file__)), detailed=True)
    details = re.sub(r"\s+", " ", str(probe["identifiers"][0]["details"]))
    return Tool("siegfried", str(probe["siegfried"]), details)
