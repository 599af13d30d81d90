"""The format of one file of a package, as its maker asks for it; archiver.formats identifies many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.formats.identifying import identify_one
from archiver.formats.tools import Tool, tools
from archiver.model.formats import FileToIdentify

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.values import Format

__all__ = ["Tool", "identify", "tools"]


def identify(path: Path, name: str, head: bytes) -> Format:
    """The format of a measured file: `name` is the depositor's, `head` its first bytes.

    Raises CouldNotFindOut when an identifier is missing or fails.
    """
    return identify_one(FileToIdentify(path, name, head)).format
