"""Rules for bags that come in an archive (RFC 8493 §4), and for archives that are made to harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.archive import ArchiveKind, ArchiveTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.archive import SerialisedAs

_ASK = "Ask whoever made the archive to make it again from the bag."
_COPY = "Take another copy of the archive."
_LOOK = "Do not unpack it; find out where it comes from."


def _told(archive: SerialisedAs, *troubles: ArchiveTrouble, words: str, remedy: str) -> Iterator[Fault]:
    for fault in archive.about(*troubles):
        yield Fault(words.format(fault.detail), fault.path, remedy=remedy)


@check("BAG-040", "The archive holds one folder, the bag", "RFC 8493 §4", needs="archive")
def one_folder(archive: SerialisedAs) -> Iterator[Fault]:
    """Whoever unpacks it must find the bag, and nothing beside it."""
    if archive.is_refused:
        raise Skip("the archive was not read")
    for name in archive.top_files:
        yield Fault(f"{name} lies at the top of the archive, outside of any folder", name, remedy=_ASK)
    folders = [name for name in archive.tops if name not in archive.top_files]
    if len(folders) > 1:
        shown = ", ".join(folders[:5])
        yield Fault(f"the archive has {len(folders)} folders at its top ({shown}), not one", remedy=_ASK)
    if not archive.tops:
        yield Fault("the archive holds no folder", remedy=_ASK)


@check("BAG-041", "The folder is called as the archive is", "RFC 8493 §4", needs="archive", severity=Severity.WARNING)
def same_name(archive: SerialisedAs) -> Iterator[Fault]:
    """The name of the archive without its suffix."""
    if len(archive.tops) != 1:
        raise Skip("the archive holds not one folder")
    suffixes = {f".{kind.suffix}" for kind in ArchiveKind} | {".tgz", ".tzst"}
    stems = {archive.file_name.removesuffix(suffix) for suffix in suffixes if archive.file_name.endswith(suffix)}
    if archive.tops[0] not in (stems or {archive.file_name}):
        yield Fault(f"the folder is called {archive.tops[0]}, the archive {archive.file_name}",
                    archive.tops[0], remedy="Give the archive the name of its bag.")  # fmt: skip


@check("BAG-042", "No member leaves the archive", "RFC 8493 §4, §5.1", needs="archive")
def inside(archive: SerialisedAs) -> Iterator[Fault]:
    """Unpacked elsewhere, such a member would be written over somebody's file. It was not looked at."""
    yield from _told(archive, ArchiveTrouble.OUTSIDE, words="{}; the member was not looked at", remedy=_LOOK)


@check("BAG-043", "Members are files and folders", "RFC 8493 §4, §5.1", needs="archive")
def plain_members(archive: SerialisedAs) -> Iterator[Fault]:
    """Links, devices, pipes, sparse files, and files that run with the rights of their owner."""
    yield from _told(archive, ArchiveTrouble.SPECIAL, words="the member is a {}, not a file", remedy=_ASK)
    yield from _told(archive, ArchiveTrouble.PRIVILEGED, remedy=_LOOK,
                     words="the member would run with the rights of its owner or group ({})")  # fmt: skip


@check("BAG-044", "No member stands twice", "RFC 8493 §4", needs="archive")
def once(archive: SerialisedAs) -> Iterator[Fault]:
    """Of two members with one path, one program unpacks the first and another the last."""
    yield from _told(archive, ArchiveTrouble.DUPLICATE, words="{}", remedy=_ASK)


@check("BAG-045", "The archive expands within limits", "archiver: limits", needs="archive")
def honest_size(archive: SerialisedAs) -> Iterator[Fault]:
    """Archives that are small and unpack to fill a disk, and members that share their bytes."""
    yield from _told(archive, ArchiveTrouble.EXPANDS, words="the archive holds {}; it was not read", remedy=_LOOK)
    yield from _told(archive, ArchiveTrouble.OVERLAP, words="{}; the archive was not read", remedy=_LOOK)


@check("BAG-046", "The archive is whole", "archiver: archives", needs="archive")
def whole(archive: SerialisedAs) -> Iterator[Fault]:
    """It ends where it should, its directory and its members agree, and compressed bytes have their CRC."""
    for trouble in (ArchiveTrouble.TRUNCATED, ArchiveTrouble.TRAILING, ArchiveTrouble.DAMAGED):
        yield from _told(archive, trouble, words="{}", remedy=_COPY)
    yield from _told(archive, ArchiveTrouble.DISAGREES, words="{}; the archive was not read", remedy=_COPY)


@check("BAG-047", "Members can be read", "archiver: archives", needs="archive")
def readable(archive: SerialisedAs) -> Iterator[Fault]:
    """Neither encrypted nor compressed in a way that archiver does not read."""
    for trouble in (ArchiveTrouble.ENCRYPTED, ArchiveTrouble.METHOD):
        yield from _told(archive, trouble, words="{}; the archive was not read", remedy=_ASK)
