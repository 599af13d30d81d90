"""What lies where a cell says, below the sheet's own folder and nowhere else. No link is followed, nothing opened."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING

from archiver.model.batch import NamedKind, NamedPath

if TYPE_CHECKING:
    from pathlib import Path

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_LONGEST = 4096


def find(root: Path, written: str) -> NamedPath:
    """What stands at a path that a cell names, relative to `root`. A path that leaves `root` is not looked at.

    A path in the manner of Windows is tried when there is none in ours, and so are both forms of accents.
    """
    text = written.strip()
    if len(text) > _LONGEST or "\0" in text:
        return NamedPath(text[:80], NamedKind.ABSENT, detail="no file system has such a name")
    if text.startswith(f"{os.path.abspath(root)}/"):  # noqa: PTH100  resolve() would follow links
        text = text[len(os.path.abspath(root)) + 1 :]  # noqa: PTH100
    if text.startswith("/") or _DRIVE.match(text):
        return NamedPath(text, NamedKind.OUTSIDE, detail="the path does not begin at the sheet's folder")
    first = None
    for form in dict.fromkeys((text, text.replace("\\", "/"))):
        for name in dict.fromkeys((form, unicodedata.normalize("NFC", form), unicodedata.normalize("NFD", form))):
            found = _look(root, name)
            if found.kind is not NamedKind.ABSENT:
                return found
            first = first or found
    assert first is not None  # at least one form is looked at
    return first


def _look(root: Path, name: str) -> NamedPath:
    parts = [part for part in name.split("/") if part not in {"", "."}]
    shown = "/".join(parts)
    if ".." in parts:
        return NamedPath(name, NamedKind.OUTSIDE, detail="the path goes up")
    if not parts:
        return NamedPath(name, NamedKind.OUTSIDE, detail="it is the sheet's own folder, which holds the sheet too")
    at = root
    status = None
    for index, part in enumerate(parts):
        at = at / part
        try:
            status = at.lstat()
        except (OSError, ValueError) as error:
            words = (getattr(error, "strerror", "") or str(error)).lower()
            return NamedPath(shown, NamedKind.ABSENT, detail=words)
        if stat.S_ISLNK(status.st_mode):
            return NamedPath(shown, NamedKind.SPECIAL, detail=f"{'/'.join(parts[: index + 1])} is a link")
    assert status is not None  # there is at least one part
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISDIR(status.st_mode):
        return NamedPath(shown, NamedKind.FOLDER, identity)
    if stat.S_ISREG(status.st_mode):
        return NamedPath(shown, NamedKind.FILE, identity)
    return NamedPath(shown, NamedKind.SPECIAL, identity, "it is no folder and no regular file")
