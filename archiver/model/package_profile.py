"""A package profile as read: what an archive asks of packages beyond the standards, and the BagIt profile it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.bag import BagContents
    from archiver.model.bag_profile import BagProfile
    from archiver.model.formats import FormatPolicy
    from archiver.model.values import Algorithm

# Every key of a package profile. docs/package-profiles.md explains each; a test holds the two together.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("package", "fixity", "formats"),
    "package": ("id", "description", "bagit-profile"),
    "fixity": ("accepted", "otherwise"),
    "formats": ("accepted", "tolerated", "refused", "others"),
}
FORMAT_KEYS = ("puid", "reason")  # of each table in the three lists of [formats]


@dataclass(frozen=True, slots=True)
class PackageProfile:
    """The policy of an archive for one kind of package."""

    origin: str  # the file it was read from
    identifier: str
    accepted: tuple[Algorithm, ...]  # digests that count as fixity evidence, as the archive decided
    otherwise: Severity = Severity.ERROR  # of a package whose digests do not count
    description: str = ""
    bag_profile: BagProfile | None = None
    formats: FormatPolicy | None = None  # None: the archive decided nothing about formats


@dataclass(frozen=True, slots=True)
class ChosenProfile:
    """What `--profile` named: a package profile, a BagIt profile, or a package profile with its BagIt profile."""

    package: PackageProfile | None = None
    bag: BagProfile | None = None


@dataclass(frozen=True, slots=True)
class FixityEvidence:
    """A bag with the package profile that says which of its digests count."""

    contents: BagContents
    profile: PackageProfile
