"""A BagIt profile as read: what a bag must, may and should have (BagIt Profiles Specification 1.1 to 1.4)."""

from __future__ import annotations

import enum
import fnmatch
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.model.bag import BagContents
    from archiver.model.report import Severity

IDENTIFIER = "BagIt-Profile-Identifier"  # the tag of bag-info.txt that names the profile of a bag
LATEST = (1, 4, 0)
# Every key of a profile, and the version of the specification that brought it. docs/bagit-profiles.md explains each.
KEYS: Mapping[str, tuple[int, int, int]] = {
    "BagIt-Profile-Info": (1, 1, 0),
    "Bag-Info": (1, 1, 0),
    "Manifests-Required": (1, 1, 0),
    "Manifests-Allowed": (1, 3, 0),
    "Tag-Manifests-Required": (1, 1, 0),
    "Tag-Manifests-Allowed": (1, 3, 0),
    "Tag-Files-Required": (1, 1, 0),
    "Tag-Files-Allowed": (1, 2, 0),
    "Payload-Files-Required": (1, 4, 0),
    "Payload-Files-Allowed": (1, 4, 0),
    "Allow-Fetch.txt": (1, 1, 0),
    "Fetch.txt-Required": (1, 4, 0),
    "Data-Empty": (1, 4, 0),
    "Serialization": (1, 1, 0),
    "Accept-Serialization": (1, 1, 0),
    "Accept-BagIt-Version": (1, 1, 0),
}
# The keys of BagIt-Profile-Info. The first four are required, the fifth from 1.2.0.
INFO_KEYS = (
    IDENTIFIER,
    "Source-Organization",
    "External-Description",
    "Version",
    "BagIt-Profile-Version",
    "Contact-Name",
    "Contact-Phone",
    "Contact-Email",
)
REQUIRED_INFO = INFO_KEYS[:4]
# `recommended` is no word of the specification, but of profiles in wide use (Beyond the Repository).
TAG_KEYS = ("required", "recommended", "values", "repeatable", "description")
# The form of a serialised bag → every MIME type that profiles in use give it, the registered or most used one first.
FORMS: Mapping[str, tuple[str, ...]] = {
    "zip": ("application/zip", "application/x-zip", "application/x-zip-compressed"),
    "tar": ("application/x-tar", "application/tar"),
    "tar.gz": (
        "application/gzip",
        "application/x-gzip",
        "application/x-gtar",
        "application/tar+gzip",
        "application/x-tar+gzip",
        "application/x-gzip-compressed",
    ),
    "tar.zst": ("application/zstd", "application/x-zstd", "application/tar+zstd", "application/x-tar+zstd"),
}
_STANDARD = frozenset({"bagit.txt", "bag-info.txt", "package-info.txt", "fetch.txt"})
_MANIFEST = re.compile(r"(?:tag)?manifest-[^/]+\.txt")
_WILD = re.compile(r"[*?[]")


class Serialization(enum.Enum):
    """Whether a bag may be one file."""

    FORBIDDEN = "forbidden"
    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class TagRule:
    """What a profile says of one tag of bag-info.txt; no `values` means any."""

    label: str
    required: bool = False
    recommended: bool = False
    values: tuple[str, ...] = ()
    repeatable: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A flaw of the profile that does not keep it from being used; `place` is a JSON Pointer (RFC 6901)."""

    place: str
    words: str
    severity: Severity
    unknown_key: bool = False


@dataclass(frozen=True, slots=True)
class BagProfile:
    """A BagIt profile. None in a list of what is allowed means that everything is."""

    origin: str  # the file it was read from
    identifier: str
    version: str
    specification: tuple[int, int, int]
    organisation: str
    description: str
    tags: tuple[TagRule, ...] = ()
    manifests_required: tuple[str, ...] = ()  # names of algorithms, lower case, as in names of manifests
    manifests_allowed: tuple[str, ...] | None = None
    tag_manifests_required: tuple[str, ...] = ()
    tag_manifests_allowed: tuple[str, ...] | None = None
    tag_files_required: tuple[str, ...] = ()
    tag_files_allowed: tuple[str, ...] | None = None
    payload_files_required: tuple[str, ...] = ()
    payload_files_allowed: tuple[str, ...] | None = None
    allow_fetch: bool = True
    fetch_required: bool = False
    data_empty: bool = False
    serialization: Serialization = Serialization.OPTIONAL
    accept_serialization: tuple[str, ...] = ()  # MIME types, lower case
    accept_versions: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def specification_label(self) -> str:
        """The version of the specification, as "1.4.0"."""
        return ".".join(map(str, self.specification))


@dataclass(frozen=True, slots=True)
class ProfiledBag:
    """A bag with the profile it is judged by; `serialization` is its MIME type when it is a file, None for a folder."""

    contents: BagContents
    profile: BagProfile
    serialization: str | None = None


def algorithm_key(name: str) -> str:
    """The name of an algorithm as names of manifests have it: sha256 for SHA-256 (RFC 8493 §2.4)."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def same_form(one: str, other: str) -> bool:
    """Whether two MIME types name the same form of a serialised bag."""
    one, other = one.lower(), other.lower()
    return one == other or any(one in types and other in types for types in FORMS.values())


def is_standard_tag_file(path: str) -> bool:
    """Whether RFC 8493 itself gives a file its name: no profile needs to allow it."""
    return path in _STANDARD or _MANIFEST.fullmatch(path) is not None


@lru_cache(maxsize=64)
def _pattern(entries: tuple[str, ...]) -> re.Pattern[str] | None:
    """The patterns among some entries as one; kept, since a batch is judged by the same profile again and again."""
    patterns = [fnmatch.translate(entry) for entry in entries if _WILD.search(entry)]
    return re.compile("|".join(patterns)) if patterns else None


class Allowed:
    """The entries of an "allowed" list: paths, and patterns with `*`, `?` or `[…]`.

    An asterisk stands for any characters, also for slashes: the specification gives `*` for "every file", and its
    reference validator reads it so. An entry that is a path to the letter fits that path, whatever else it means.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = tuple(entries)
        self._paths = frozenset(self._entries)
        self._pattern = _pattern(self._entries)

    def __contains__(self, path: str) -> bool:
        """Whether a path fits at least one entry."""
        return path in self._paths or (self._pattern is not None and self._pattern.match(path) is not None)

    def reach_below(self, folder: str) -> bool:
        """Whether some path below a folder (named with its slash) could fit; in doubt, yes."""
        for entry in self._entries:
            wild = _WILD.search(entry)
            plain = entry[: wild.start()] if wild else entry
            if (plain.startswith(folder) and entry != folder) or (wild is not None and folder.startswith(plain)):
                return True
        return False
