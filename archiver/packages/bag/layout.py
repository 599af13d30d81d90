"""The members of an archive seen as the files of a bag: those below its one folder (RFC 8493 §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.archive import Member, MemberKind, SerialisedAs
from archiver.packages.bag.listing import Listing

if TYPE_CHECKING:
    from archiver.archives.opening import Archive


class Layout:
    """The members of an archive as the files of a bag: those below its one folder."""

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive, self._name = archive, name
        self.listing = Listing()
        self.files: dict[str, Member] = {}
        self.top = ""
        self._tops: dict[str, bool] = {}  # name → whether it is a folder
        self._folders: dict[str, None] = {}

    @property
    def is_bag_shaped(self) -> bool:
        """Whether all of it lies in one folder."""
        return list(self._tops.values()) == [True]

    def take(self, member: Member) -> str:
        """Note a member; its path in the bag, or "" when it is no file of it."""
        top, _, path = member.path.rstrip("/").partition("/")
        folder = bool(path) or member.kind is MemberKind.FOLDER
        self._tops[top] = self._tops.get(top, False) or folder
        self.top = self.top or top
        if top != self.top or not path:
            return ""
        parent = path if member.kind is MemberKind.FOLDER else path.rpartition("/")[0]
        while parent and parent not in self._folders:
            self._folders[parent] = None
            self.listing.folders.append(parent)
            parent = parent.rpartition("/")[0]
        if member.kind is MemberKind.FOLDER:
            return ""
        self.files[path] = member
        (self.listing.payload if path.startswith("data/") else self.listing.tag_files)[path] = member.size
        return path

    def facts(self) -> SerialisedAs:
        """What rules ask about the archive."""
        occupied = {path.rpartition("/")[0] for path in (*self.files, *self._folders)}
        self.listing.empty_folders[:] = sorted(path for path in self._folders if path not in occupied)
        self.listing.folders.sort()
        return SerialisedAs(
            self._archive.kind,
            self._name,
            tuple(self._tops),
            tuple(name for name, is_folder in self._tops.items() if not is_folder),
            self._archive.faults.all(),
        )
