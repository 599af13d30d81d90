"""Faults of an archive, gathered within limits, and the names of members judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.archive import ArchiveFault, ArchiveTrouble, Member, MemberKind

if TYPE_CHECKING:
    from archiver.model.archive import Limits

MOST = 1000  # faults of one kind; the rest are counted
LONGEST_PATH, LONGEST_PART = 4096, 255  # bytes, as file systems have it
_SHOWN = 200  # characters of a path that is longer than any may be
_DRIVE = re.compile(r"[A-Za-z]:")


class Faults:
    """Faults in the order they were met."""

    def __init__(self) -> None:
        self._found: list[ArchiveFault] = []
        self._counts: dict[ArchiveTrouble, int] = {}

    def add(self, trouble: ArchiveTrouble, path: str, detail: str) -> None:
        """Note one fault."""
        count = self._counts[trouble] = self._counts.get(trouble, 0) + 1
        if count <= MOST:
            shown = path if len(path) <= LONGEST_PATH else path[:_SHOWN] + "…"
            self._found.append(ArchiveFault(trouble, shown, detail))

    def all(self) -> tuple[ArchiveFault, ...]:
        """Every fault, and how many more there are of a kind that was cut off."""
        more = [
            ArchiveFault(trouble, "", f"and {count - MOST} more")
            for trouble, count in self._counts.items()
            if count > MOST
        ]
        return (*self._found, *more)


class Roll:
    """The members met so far: judges each name, counts, and tells when there is more than an honest archive has."""

    def __init__(self, faults: Faults, limits: Limits) -> None:
        self._faults, self._limits = faults, limits
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._size = self._count = self._names = 0  # bytes of all members, their number, characters of their names

    def passes(self, unpacked: int, packed: int, path: str = "") -> bool:
        """Whether so many bytes may come of so many packed ones."""
        if unpacked <= self._limits.harmless or unpacked <= self._limits.ratio * max(packed, 1):
            return True
        detail = f"{unpacked:,} bytes out of {packed:,}: more than {self._limits.ratio} for each"
        self._faults.add(ArchiveTrouble.EXPANDS, path, detail)
        return False

    def admit(self, member: Member, packed: int) -> bool:
        """Whether to go on after this member, in an archive of `packed` bytes.

        A member whose name is refused is left out of everything, but what comes after it is still looked at.
        """
        self._size += member.size
        self._count += 1
        self._names += len(member.path)
        if self._count > self._limits.members:
            self._faults.add(ArchiveTrouble.EXPANDS, "", f"more than {self._limits.members:,} members")
            return False
        if self._size > self._limits.size:
            self._faults.add(ArchiveTrouble.EXPANDS, "", f"more than {self._limits.size:,} bytes when unpacked")
            return False
        if self._names > self._limits.names:
            self._faults.add(ArchiveTrouble.EXPANDS, "", f"names of more than {self._limits.names:,} characters")
            return False
        return self.passes(self._size, packed, member.path)

    def take(self, member: Member) -> bool:
        """Whether a member may be looked at: its name stays inside and is its own, and it is a file or folder."""
        path, is_folder = member.path, member.kind is MemberKind.FOLDER
        if reason := _outside(path) or ("" if is_folder or path[-1] != "/" else "it ends as a folder's, and is none"):
            self._faults.add(ArchiveTrouble.OUTSIDE, path, reason)
            return False
        name = path.rstrip("/")
        if name in self._files or (name in self._folders and not is_folder):
            self._faults.add(ArchiveTrouble.DUPLICATE, path, "the path stands twice in the archive")
            return False
        if file := self._note_folders(name if is_folder else name.rpartition("/")[0]):
            self._faults.add(ArchiveTrouble.DUPLICATE, path, f"{file} is a file, and cannot hold it")
            return False
        if not is_folder:
            self._files.add(name)
        if not is_folder and member.kind is not MemberKind.FILE:
            self._faults.add(ArchiveTrouble.SPECIAL, path, member.kind.value)
            return False
        if member.kind is MemberKind.FILE and member.mode & 0o6000:
            self._faults.add(ArchiveTrouble.PRIVILEGED, path, f"mode {member.mode:o}")
        return True

    def _note_folders(self, folder: str) -> str:
        """Note a folder and those above it; the one among them that is a file, or ""."""
        while folder and folder not in self._folders:
            if folder in self._files:
                return folder
            self._folders.add(folder)
            self._names += len(folder)
            folder = folder.rpartition("/")[0]
        return ""


def _outside(path: str) -> str:
    """Why a member's path is refused, or ""."""
    parts = path.rstrip("/").split("/")
    if not path.strip("/") or "\0" in path:
        return "the path is empty or has a NUL"
    if path.startswith("/") or _DRIVE.match(path):
        return "the path is absolute or names a drive"
    if "\\" in path:
        return "the path has a backslash, which some programs take for a folder's end"
    if ".." in parts:
        return "the path has the part .."
    if "" in parts or "." in parts:
        return "the path has an empty part or the part ."
    if len(path) > LONGEST_PART // 4:  # shorter ones are short in any characters
        encoded = path.encode("utf-8", "surrogateescape")
        if len(encoded) > LONGEST_PATH or max(map(len, encoded.split(b"/"))) > LONGEST_PART:
            return f"the path is over {LONGEST_PATH} bytes long, or a part of it over {LONGEST_PART}"
    return ""
