"""Formats: MIME type by libmagic and PRONOM identification by siegfried, each with its basis."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from archiver.errors import CouldNotFindOut
from archiver.model.values import Format, Identification

UNKNOWN = "UNKNOWN"
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


def identify(path: Path, name: str, head: bytes) -> Format:
    """The format of a measured file: `name` is the depositor's, `head` its first bytes.

    Raises CouldNotFindOut when an identifier is missing or fails.
    """
    return Format(mime=_mime(head), pronom=_pronom(path, name))


def tools() -> tuple[Tool, ...]:
    """The identifiers that work here. Raises CouldNotFindOut when one is missing."""
    return _libmagic_tool(), _siegfried_tool()


def _mime(head: bytes) -> Identification:
    tool = _libmagic_tool()
    said = f"{tool.name} {tool.version}"
    if not head:
        return Identification(said, "application/x-empty", basis="0 bytes")
    mime = _magic().from_buffer(head)
    return Identification(said, mime, basis=f"content, first {len(head)} bytes")


def _pronom(path: Path, name: str) -> Identification:
    import pygfried

    tool = _siegfried_tool()
    said = f"{tool.name} {tool.version} ({tool.detail})"
    try:
        result: dict[str, Any] = dict(pygfried.identify(os.fspath(path), detailed=True))
    except (pygfried.GoError, OSError) as error:
        raise CouldNotFindOut(f"{path}: siegfried could not identify it: {error}.") from error
    found = result["files"][0]
    # An empty file is still matched by its name; any other error means that the file was not looked at.
    if found["errors"] not in {"", _EMPTY}:
        raise CouldNotFindOut(f"{path}: siegfried could not identify it: {found['errors']}.")
    if not found["matches"]:
        return Identification(said, UNKNOWN, warning=str(found["errors"]))
    match = found["matches"][0]
    warning = "; ".join(part for part in (match["warning"], found["errors"]) if part)
    if path.name != name.rsplit("/", 1)[-1] and path.suffix != Path(name).suffix:
        warning = "; ".join(part for part in (warning, f"identified under the name {path.name}") if part)
    return Identification(said, match["id"], match["format"], match["version"], match["basis"], warning)


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
def _libmagic_tool() -> Tool:
    _magic()
    import magic

    number = int(magic.version())  # type: ignore[no-untyped-call]  # python-magic ships no types
    return Tool("libmagic", f"{number // 100}.{number % 100:02}", f"from {_source()}")


@lru_cache(maxsize=1)
def _siegfried_tool() -> Tool:
    import pygfried

    probe = pygfried.identify(os.fspath(Path(__file__)), detailed=True)
    details = re.sub(r"\s+", " ", str(probe["identifiers"][0]["details"]))
    return Tool("siegfried", str(probe["siegfried"]), details)
