"""Faults of an archive, gathered within limits, and the names of members judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.archive import ArchiveFault, ArchiveTrouble, Member, MemberKind

if TYPE_CHECKING:
    from archiver.model.archive import Limits

MOST = 1000  # faults of one kind; the rest are counted
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
            self._found.append(ArchiveFault(trouble, path, detail))

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
        self._seen: dict[str, MemberKind] = {}
        self.size = 0

    def admit(self, member: Member, packed: int) -> bool:
        """Whether to go on after this member; `packed` are the bytes of the archive it and those before it took.

        A member whose name is refused is left out of everything, but what comes after it is still looked at.
        """
        self.size += member.size
        if len(self._seen) >= self._limits.members:
            self._faults.add(ArchiveTrouble.EXPANDS, "", f"more than {self._limits.members:,} members")
            return False
        if self.size > self._limits.size:
            self._faults.add(ArchiveTrouble.EXPANDS, "", f"more than {self._limits.size:,} bytes when unpacked")
            return False
        if self.size > self._limits.harmless and self.size > self._limits.ratio * max(packed, 1):
            detail = f"{self.size:,} bytes out of {packed:,}: more than {self._limits.ratio} for each"
            self._faults.add(ArchiveTrouble.EXPANDS, member.path, detail)
            return False
        return True

    def take(self, member: Member) -> bool:
        """Whether a member may be looked at: its name stays inside and is its own, and it is a file or folder."""
        path = member.path
        if reason := _outside(path):
            self._faults.add(ArchiveTrouble.OUTSIDE, path, reason)
            return False
        name = path.rstrip("/")
        before = self._seen.get(name)
        if before is not None and not (before is member.kind is MemberKind.FOLDER):
            self._faults.add(ArchiveTrouble.DUPLICATE, path, "the path stands twice in the archive")
            return False
        self._seen[name] = member.kind
        if member.kind not in {MemberKind.FILE, MemberKind.FOLDER}:
            self._faults.add(ArchiveTrouble.SPECIAL, path, member.kind.value)
            return False
        if member.kind is MemberKind.FILE and member.mode & 0o6000:
            self._faults.add(ArchiveTrouble.PRIVILEGED, path, f"mode {member.mode:o}")
        return True

    def files_as_folders(self) -> None:
        """Find members that lie below one that is a file."""
        for path in self._seen:
            parent = path.rpartition("/")[0]
            while parent:
                if self._seen.get(parent, MemberKind.FOLDER) is not MemberKind.FOLDER:
                    self._faults.add(ArchiveTrouble.DUPLICATE, path, f"{parent} is a file, and cannot hold it")
                    break
                parent = parent.rpartition("/")[0]


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
    return ""
