"""A BagIt bag as read: what its tag files say and what lies on the disk, as facts for rules to judge (RFC 8493)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.model.archive import SerialisedAs
    from archiver.model.entries import Entries
    from archiver.model.measurements import Measurements
    from archiver.model.package import Seal
    from archiver.model.values import Algorithm


class BagProblem(enum.Enum):
    """What stood in the way of reading a tag file. Each kind is judged by one rule."""

    DECLARATION_FORM = "the declaration is not two lines of the right form"
    ENCODING = "the encoding is unknown or the bytes are not of it"
    MANIFEST_LINE = "a manifest line is malformed"
    DIGEST_FORM = "a digest is not one of its algorithm"
    PATH_OUTSIDE = "a path leaves the bag or its payload"
    PATH_UNUSABLE = "a path no file system can hold"
    DUPLICATE = "a path stands twice in one manifest"
    LITERAL_PERCENT = "a percent sign that is not encoded"
    LEGACY_MARK = "a line as md5sum and its kin write it"
    LISTED_PAYLOAD = "a payload file in a tag manifest"
    BYTE_ORDER_MARK = "a byte order mark that the encoding does not need"
    LAST_LINE = "a last line without an end"
    INFO_SPACING = "space around a label or colon other than BagIt 1.0 has it"
    INFO_LINE = "a line that is no label and value"
    FETCH_LINE = "a fetch line is malformed"
    CAPITALS = "a digest with capital letters"
    TOO_LARGE = "a tag file or line beyond the limit"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with its place; `detail` names the values."""

    kind: BagProblem
    path: str
    line: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest or tag manifest: for each path, its digest in lower case and its line."""

    name: str
    algorithm_name: str
    algorithm: Algorithm | None  # None: one we do not know
    entries: Entries


@dataclass(frozen=True, slots=True)
class InfoTag:
    """A label and value of bag-info.txt, unfolded, with the line it begins on."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class FetchEntry:
    """A line of fetch.txt; `size` in bytes, None for `-`."""

    url: str
    size: int | None
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class BagContents:
    """Everything read of a bag. Paths are relative to it, `/` between parts, as the file system has them."""

    path: Path
    name: str  # of the bag's folder, or the name it will be published under
    version: str  # "1.0"; "" when the declaration does not say
    encoding: str
    manifests: tuple[Manifest, ...]
    tag_manifests: tuple[Manifest, ...]
    info: tuple[InfoTag, ...]
    fetch: tuple[FetchEntry, ...]
    payload: Mapping[str, int]  # path below data/ → size in bytes
    tag_files: Mapping[str, int]  # every other file → size in bytes
    specials: tuple[tuple[str, str], ...]  # path, kind of what is neither file nor folder
    has_data: bool
    has_declaration: bool
    measured: Measurements  # empty when not measured
    was_measured: bool
    unreadable: tuple[tuple[str, str], ...] = ()  # path, reason
    problems: tuple[Problem, ...] = ()
    on_disk: Mapping[str, str] = field(
        default_factory=dict
    )  # manifest path → path on disk that differs in normalisation
    seal: Seal | None = None
    info_name: str = "bag-info.txt"  # package-info.txt before 0.96
    folders: frozenset[str] = frozenset()
    empty_folders: tuple[str, ...] = ()
    linked: tuple[tuple[str, int], ...] = ()  # path, number of names of the same file
    serialised: SerialisedAs | None = None  # the archive it came in, or None for a folder
    documents: Mapping[str, bytes] = field(
        default_factory=dict
    )  # XML that describes the package, kept as it was measured

    def values(self, label: str) -> tuple[str, ...]:
        """The values of a bag-info label, in order; labels compare without case."""
        return tuple(tag.value for tag in self.info if tag.label.lower() == label.lower())

    def place(self, path: str) -> str | None:
        """Where a path of a manifest lies on the disk, Unicode normalisation allowed for; None when nowhere."""
        if path in self.payload or path in self.tag_files:
            return path
        return self.on_disk.get(path)

    def about(self, *kinds: BagProblem) -> tuple[Problem, ...]:
        """The problems of some kinds, in order of files and lines."""
        return tuple(problem for problem in self.problems if problem.kind in kinds)

    @property
    def version_number(self) -> tuple[int, int]:
        """The version as two numbers; (1, 0) when the declaration does not say."""
        major, _, minor = self.version.partition(".")
        return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (1, 0)
