"""Storage layouts of OCFL roots: where an object lies, by its identifier. Community extensions 0002, 0003 and 0004."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archiver.errors import ConfigurationError, UsageError

FLAT = "0002-flat-direct-storage-layout"
HASH_AND_ID = "0003-hash-and-id-n-tuple-storage-layout"
HASHED = "0004-hashed-n-tuple-storage-layout"
KNOWN = (FLAT, HASH_AND_ID, HASHED)
DEFAULT = HASHED
_DESCRIPTIONS: Mapping[str, str] = {
    FLAT: "Each object lies directly below the root, in a folder named by its identifier.",
    HASH_AND_ID: "Objects lie in folders named by parts of a digest of the identifier, and there by the identifier.",
    HASHED: "Objects lie in folders named by parts of a digest of the identifier, and there by the whole digest.",
}
_HASHES: Mapping[str, str] = {
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha512": "sha512",
    "sha512/256": "sha512_256",
    "blake2b-512": "blake2b",
}
_UNSAFE = re.compile(rb"[^A-Za-z0-9_-]")
_MOST = 32  # of tupleSize and numberOfTuples
_NAME_LIMIT = 100  # characters of an encoded identifier in layout 0003


@dataclass(frozen=True, slots=True)
class Layout:
    """A storage layout with its parameters. The defaults are those of the extensions."""

    name: str
    digest_algorithm: str = "sha256"
    tuple_size: int = 3
    tuples: int = 3
    short_root: bool = False

    @property
    def description(self) -> str:
        """One sentence for ocfl_layout.json."""
        return _DESCRIPTIONS[self.name]

    @property
    def parameters(self) -> dict[str, str | int | bool]:
        """What the config.json of the extension states; nothing for a layout without parameters."""
        if self.name == FLAT:
            return {}
        stated: dict[str, str | int | bool] = {
            "extensionName": self.name,
            "digestAlgorithm": self.digest_algorithm,
            "tupleSize": self.tuple_size,
            "numberOfTuples": self.tuples,
        }
        if self.name == HASHED:
            stated["shortObjectRoot"] = self.short_root
        return stated

    def place(self, identifier: str) -> tuple[str, ...]:
        """The parts of an object's path below the root. Raises UsageError when this layout has no place for it."""
        try:
            octets = identifier.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"the identifier {identifier!r} is not Unicode text and names no OCFL object") from error
        if self.name == FLAT:
            return (_plain(identifier, octets),)
        digest = hashlib.new(_HASHES[self.digest_algorithm], octets, usedforsecurity=False).hexdigest()
        parts = tuple(digest[at * self.tuple_size : (at + 1) * self.tuple_size] for at in range(self.tuples))
        if self.name == HASH_AND_ID:
            return (*parts, _encoded(octets, digest))
        return (*parts, digest[self.tuples * self.tuple_size :] if self.short_root else digest)


def _plain(identifier: str, octets: bytes) -> str:
    impossible = "/" in identifier or "\0" in identifier or identifier in {"", ".", "..", "extensions"}
    if impossible or len(octets) > 255:
        raise UsageError(f"layout {FLAT} has no place for the identifier {identifier!r}: it cannot name a folder there")
    return identifier


def _encoded(octets: bytes, digest: str) -> str:
    encoded = _UNSAFE.sub(lambda match: b"%%%02x" % match.group()[0], octets).decode("ascii")
    return encoded if len(encoded) <= _NAME_LIMIT else f"{encoded[:_NAME_LIMIT]}-{digest}"


def named(option: str) -> Layout:
    """The layout an option names, by number (0004) or in full, with the extension's default parameters.

    Raises ConfigurationError when there is none of that name.
    """
    for name in _DESCRIPTIONS:
        if option in {name, name[:4]}:
            return Layout(name)
    known = ", ".join(name[:4] for name in _DESCRIPTIONS)
    raise ConfigurationError(
        f"layout = {option!r} names no OCFL storage layout known here", remedy=f"Use one of {known}."
    )


def stated(extension: str, config: Mapping[str, Any], where: str) -> Layout:
    """The layout that a root states in ocfl_layout.json and in the config.json of the extension.

    `where` names the file for people. Raises UsageError for a layout we do not know, or parameters it does not allow.
    """
    if extension not in _DESCRIPTIONS:
        raise UsageError(
            f"{where}: the layout {extension!r} is not known here, so where an object belongs cannot be told",
            remedy=f"Transfer to a root with one of: {', '.join(_DESCRIPTIONS)}.",
        )
    if config.get("extensionName", extension) != extension:
        raise UsageError(f"{where}: extensionName is {config['extensionName']!r}, and must be {extension!r}")
    layout = Layout(
        extension,
        config.get("digestAlgorithm", "sha256"),
        config.get("tupleSize", 3),
        config.get("numberOfTuples", 3),
        config.get("shortObjectRoot", False),
    )
    problem = _fault(layout)
    if problem:
        raise UsageError(f"{where}: {problem}", remedy="Ask those who keep the root to mend its configuration.")
    return layout


def _fault(layout: Layout) -> str:
    size, tuples = layout.tuple_size, layout.tuples
    if not isinstance(layout.digest_algorithm, str) or layout.digest_algorithm not in _HASHES:
        return f"digestAlgorithm {layout.digest_algorithm!r} is not known here"
    for key, value in (("tupleSize", size), ("numberOfTuples", tuples)):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
            return f"{key} is {value!r}, and must be a whole number from 0 to {_MOST}"
    if not isinstance(layout.short_root, bool):
        return f"shortObjectRoot is {layout.short_root!r}, and must be true or false"
    length = 2 * hashlib.new(_HASHES[layout.digest_algorithm], usedforsecurity=False).digest_size
    if (size == 0) != (tuples == 0):
        return f"tupleSize is {size} and numberOfTuples {tuples}: if one is 0, both must be"
    if size * tuples > length:
        return f"tupleSize {size} times numberOfTuples {tuples} is more than the {length} digits of the digest"
    if layout.short_root and size * tuples == length:
        return "shortObjectRoot leaves no name for the object's folder"
    return ""
