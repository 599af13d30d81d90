"""Archives as found: zip and tar files, their members, and what is wrong with them, as facts for rules to judge."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NamedTuple


class ArchiveKind(enum.Enum):
    """A form of archive: the suffix of its files, and its media type."""

    ZIP = ("zip", "application/zip")
    TAR = ("tar", "application/x-tar")
    TAR_GZ = ("tar.gz", "application/gzip")
    TAR_ZST = ("tar.zst", "application/zstd")

    @property
    def suffix(self) -> str:
        """What names of such files end in, without the dot."""
        return self.value[0]

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.value[1]

    @property
    def is_stream(self) -> bool:
        """Whether it can only be read from its beginning to its end."""
        return self in {ArchiveKind.TAR_GZ, ArchiveKind.TAR_ZST}


class MemberKind(enum.Enum):
    """What a member of an archive is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    HARD_LINK = "hard link"
    DEVICE = "device"
    FIFO = "named pipe"
    SPARSE = "sparse file"
    OTHER = "member of an unknown kind"


class Member(NamedTuple):
    """A member: its path as the archive has it, `/` between parts; sizes and offsets in bytes."""

    path: str
    kind: MemberKind
    size: int
    offset: int = 0  # where its bytes begin in the archive, for those that can be read in any order
    stored: int = 0  # bytes it takes there
    deflated: bool = False
    crc: int = -1  # CRC-32 of its bytes, -1 where the archive has none
    mode: int = 0o644


class ArchiveTrouble(enum.Enum):
    """What can be wrong with an archive. Each kind is judged by one rule."""

    OUTSIDE = "a path leaves the archive"
    SPECIAL = "a member is neither file nor folder"
    PRIVILEGED = "a member has the rights of its owner when it is run"
    DUPLICATE = "a path stands twice"
    EXPANDS = "more than an honest archive has"
    OVERLAP = "members share bytes"
    TRUNCATED = "the archive ends too early"
    TRAILING = "bytes that belong to no member"
    DAMAGED = "bytes that are not what the archive says"
    DISAGREES = "directory and member say different things"
    ENCRYPTED = "a member is encrypted"
    METHOD = "a method of compression that is not read"


@dataclass(frozen=True, slots=True)
class ArchiveFault:
    """One trouble with the member it concerns, "" for the archive itself; `detail` has the values."""

    trouble: ArchiveTrouble
    path: str
    detail: str


# With these nothing of the archive is read: it is made to harm, or nobody can say what it holds.
UNREADABLE = frozenset(
    {
        ArchiveTrouble.EXPANDS,
        ArchiveTrouble.OVERLAP,
        ArchiveTrouble.ENCRYPTED,
        ArchiveTrouble.METHOD,
        ArchiveTrouble.DISAGREES,
    }
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that an archive may hold."""

    members: int = 2_000_000
    size: int = 16 * 1024**4  # bytes of all members
    ratio: int = 100  # bytes of all members for each byte of the archive
    harmless: int = 32 * 1024**2  # bytes: below this the ratio does not matter
    name: int = 1024**2  # bytes of the names and extensions of one member
    names: int = 128 * 1024**2  # characters of the paths of all members and of their folders


@dataclass(frozen=True, slots=True)
class SerialisedAs:
    """The archive that a bag came in, as far as rules ask about it."""

    kind: ArchiveKind
    file_name: str
    tops: tuple[str, ...]  # names at the top of the archive
    top_files: tuple[str, ...]  # those of them that are no folder
    faults: tuple[ArchiveFault, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it was read."""
        return any(fault.trouble in UNREADABLE for fault in self.faults)

    def about(self, *troubles: ArchiveTrouble) -> tuple[ArchiveFault, ...]:
        """The faults of some kinds."""
        return tuple(fault for fault in self.faults if fault.trouble in troubles)
