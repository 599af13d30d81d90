"""The keys of a BagIt profile, each read into its type (BagIt Profiles Specification 1.1 to 1.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

from archiver.bag_profiles.contradictions import contradictions
from archiver.bag_profiles.strict_json import Members, Number, flaws, kind, parse_json, pointer
from archiver.bag_profiles.values import Values
from archiver.errors import ConfigurationError
from archiver.model.bag_profile import (
    IDENTIFIER,
    INFO_KEYS,
    KEYS,
    LATEST,
    REQUIRED_INFO,
    TAG_KEYS,
    BagProfile,
    Serialization,
    TagRule,
    algorithm_key,
)
from archiver.model.names import escape
from archiver.model.report import Severity

MOST_TOLD = 50  # faults told in one sentence
LONGEST_PATH = 4096  # characters of a path or pattern
_DART = {"acceptBagItVersion", "bagItProfileInfo", "manifestsRequired", "tagManifestsRequired"}
_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")
_T = TypeVar("_T")


def parse_bag_profile(content: bytes, origin: str) -> BagProfile:
    """Read a profile from the bytes of its file; `origin` names the file in messages.

    Raises ConfigurationError: one sentence with every fault, each with its place (a JSON Pointer) and what was
    expected. What is merely odd is kept in `remarks`.
    """
    value, marked = parse_json(content, origin)
    if not isinstance(value, Members):
        raise ConfigurationError(f"{origin}: no BagIt profile: expected an object, found {kind(value)}.")
    if _DART & value.items.keys():
        raise ConfigurationError(
            f"{origin}: a profile in the form of DART, and no BagIt profile.", remedy="Export it from DART as one."
        )
    reader = _Reader(value.items)
    if marked:
        reader.remark("the profile", "it begins with a byte order mark, which JSON has none of")
    profile = reader.profile(origin)
    faults = [*flaws(value), *reader.faults] or contradictions(profile)
    if faults:
        told = [escape(f"{place}: {words}") for place, words in faults[:MOST_TOLD]]
        told += [f"and {len(faults) - MOST_TOLD} more"] if len(faults) > MOST_TOLD else []
        raise ConfigurationError(
            f"{origin}: no BagIt profile that can be used: {'; '.join(told)}.",
            remedy="Ask whoever publishes the profile, or correct your copy: docs/bagit-profiles.md has every key.",
        )
    return profile


class _Reader(Values):
    """Reads the keys of a profile."""

    def __init__(self, data: dict[str, object]) -> None:
        super().__init__()
        self.data = data
        self.info = self.section("BagIt-Profile-Info")
        self.specification = self.version()

    def section(self, key: str) -> dict[str, object]:
        return self.members(self.data[key], key) if key in self.data else {}

    def version(self) -> tuple[int, int, int]:
        """The version of the specification that the profile follows; 1.1.0 when it does not say."""
        keys = ("BagIt-Profile-Info", "BagIt-Profile-Version")
        value = self.info.get(keys[1], "")
        written = value.written if isinstance(value, Number) else value if isinstance(value, str) else None
        if written == "":
            if keys[1] in self.info:
                self.remark(pointer(*keys), "it is empty: the profile is read by 1.1.0", Severity.WARNING)
            return (1, 1, 0)
        match = _VERSION.fullmatch(written) if written is not None else None
        if match is None or written is None:
            self.wrong(keys, f'a version such as "1.4.0", found {kind(value)}')
            return LATEST
        found = (int(match[1]), int(match[2]), int(match[3] or 0))
        if not (1, 0) <= found[:2] < (2, 0):
            self.wrong(keys, f"a version from 1.0 to 1.4, found {written}")
        elif found[:2] > LATEST[:2]:
            words = f"version {written} is not known; the profile is read by 1.4.0"
            self.remark(pointer(*keys), words, Severity.WARNING)
        elif isinstance(value, Number) or match[3] is None or written.startswith("v"):
            self.remark(pointer(*keys), f'expected three numbers in text, such as "1.4.0", found {kind(value)}')
        return min(max(found, (1, 1, 0)), LATEST)

    def profile(self, origin: str) -> BagProfile:
        self.unknown(self.data, KEYS)
        self.unknown(self.info, INFO_KEYS, "BagIt-Profile-Info")
        identifier, organisation, description, version = self.described()
        return BagProfile(
            origin=origin,
            identifier=identifier,
            version=version,
            specification=self.specification,
            organisation=organisation,
            description=description,
            tags=self.tags(),
            manifests_required=self.algorithms("Manifests-Required") or (),
            manifests_allowed=self.algorithms("Manifests-Allowed"),
            tag_manifests_required=self.algorithms("Tag-Manifests-Required") or (),
            tag_manifests_allowed=self.algorithms("Tag-Manifests-Allowed"),
            tag_files_required=self.paths("Tag-Files-Required") or (),
            tag_files_allowed=self.paths("Tag-Files-Allowed"),
            payload_files_required=self.paths("Payload-Files-Required") or (),
            payload_files_allowed=self.paths("Payload-Files-Allowed"),
            allow_fetch=self.known("Allow-Fetch.txt", self.claim, True),
            fetch_required=self.known("Fetch.txt-Required", self.claim, False),
            data_empty=self.known("Data-Empty", self.claim, False),
            serialization=self.serialization(),
            accept_serialization=tuple(value.lower() for value in self.texts("Accept-Serialization") or ()),
            accept_versions=self.versions(),
            remarks=tuple(self.remarks),
        )

    def described(self) -> list[str]:
        """The four required texts of BagIt-Profile-Info, in the order of REQUIRED_INFO."""
        values = []
        for key in REQUIRED_INFO:
            place, value = ("BagIt-Profile-Info", key), self.info.get(key)
            if isinstance(value, Number):
                self.remark(pointer(*place), f"expected text in quotation marks, found {kind(value)}")
                value = value.written
            if key not in self.info:
                self.wrong(place, "a text; it is missing")
            elif not isinstance(value, str):
                self.wrong(place, f"a text, found {kind(value)}")
            elif not value.strip() and key == IDENTIFIER:
                self.wrong(place, "the URI that names the profile, found an empty text")
            elif not value.strip():
                self.remark(pointer(*place), "it is required, and it is empty", Severity.WARNING)
            values.append(value.strip() if isinstance(value, str) else "")
        for key in INFO_KEYS[len(REQUIRED_INFO) + 1 :]:
            if not isinstance(self.info.get(key, ""), str):
                self.wrong(("BagIt-Profile-Info", key), f"a text, found {kind(self.info[key])}")
        self.named(values[0])
        return values

    def named(self, identifier: str) -> None:
        """An identifier is a URI."""
        try:
            scheme = urlsplit(identifier).scheme
        except ValueError:
            scheme = ""
        if identifier and (not scheme or re.search(r"\s", identifier)):
            place = pointer("BagIt-Profile-Info", IDENTIFIER)
            self.remark(place, f"{identifier!r} is no URI", Severity.WARNING)

    def tags(self) -> tuple[TagRule, ...]:
        rules, labels = [], dict[str, str]()
        for label, value in self.section("Bag-Info").items():
            keys = ("Bag-Info", label)
            if not label.strip() or ":" in label or "\n" in label:
                self.wrong(keys, f"the label of a tag, found {label!r}")
            folded = label.strip().lower()
            if folded in labels:
                self.wrong(keys, f"each tag once: labels compare without case, and {labels[folded]} is there already")
            labels[folded] = label
            if folded == IDENTIFIER.lower():
                words = "it should not stand here: every profile requires it"
                self.remark(pointer(*keys), words, Severity.WARNING)
            rules.append(self.tag(label.strip(), self.members(value, *keys)))
        return tuple(rules)

    def tag(self, label: str, rule: dict[str, object]) -> TagRule:
        keys = ("Bag-Info", label)
        self.unknown(rule, TAG_KEYS, *keys)
        description = rule.get("description", "")
        if not isinstance(description, str):
            self.wrong((*keys, "description"), f"a text, found {kind(description)}")
        return TagRule(
            label,
            required=self.claim(rule.get("required", False), *keys, "required"),
            recommended=self.claim(rule.get("recommended", False), *keys, "recommended"),
            values=self.list_of_texts(rule.get("values", []), *keys, "values"),
            repeatable=self.claim(rule.get("repeatable", True), *keys, "repeatable"),
            description=description if isinstance(description, str) else "",
        )

    def known(self, key: str, read: Callable[..., _T], default: _T) -> _T:
        """The value of a key of the profile's version of the specification; a later key means nothing in it."""
        if key not in self.data:
            return default
        value = read(self.data[key], key)
        if KEYS[key] <= self.specification:
            return value
        since = ".".join(map(str, KEYS[key]))
        own = ".".join(map(str, self.specification))
        words = f"the key came with {since}, and the profile follows {own}: it was not applied"
        self.remark(pointer(key), words, Severity.WARNING)
        return default

    def texts(self, key: str) -> tuple[str, ...] | None:
        return self.known(key, self.list_of_texts, None)

    def algorithms(self, key: str) -> tuple[str, ...] | None:
        found = self.texts(key)
        for index, name in enumerate(found or ()):
            if not algorithm_key(name):
                self.wrong((key, index), f"the name of an algorithm, found {name!r}")
            elif algorithm_key(name) != name:
                words = f"{name!r} is read as {algorithm_key(name)}, as names of manifests have it"
                self.remark(pointer(key, index), words)
        return found if found is None else tuple(dict.fromkeys(algorithm_key(name) for name in found))

    def paths(self, key: str) -> tuple[str, ...] | None:
        found = self.texts(key)
        for index, path in enumerate(found or ()):
            reason = "".join(_unusable(path, key))
            if reason:
                self.wrong((key, index), f"a path relative to the bag{reason}, found {path[:60]!r}")
        return found

    def serialization(self) -> Serialization:
        value = self.data.get("Serialization", "optional")
        words = [each.value for each in Serialization]
        if not isinstance(value, str) or value not in words:
            self.wrong(("Serialization",), f"one of {', '.join(words)}, found {kind(value)}")
            return Serialization.OPTIONAL
        if value == "optional" and "Serialization" in self.data and not self.data.get("Accept-Serialization"):
            told = "it should name at least one form, since the bag may be serialised"
            self.remark(pointer("Accept-Serialization"), told, Severity.WARNING)
        return Serialization(value)

    def versions(self) -> tuple[str, ...]:
        key = "Accept-BagIt-Version"
        found = self.texts(key)
        for index, version in enumerate(found or ()):
            if not re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,4}", version):
                self.wrong((key, index), f'a version such as "1.0", found {version!r}')
        if not found and key not in {place.strip("/").split("/")[0] for place, _words in self.faults}:
            self.wrong((key,), "at least one version of BagIt")
        return found or ()


def _unusable(path: str, key: str) -> Iterator[str]:
    """What keeps a text from being a path of a bag, if anything."""
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "" in parts[:-1] or "." in parts or "\0" in path:
        yield " without empty, . and .. parts"
    if len(path) > LONGEST_PATH:
        yield f" of at most {LONGEST_PATH} characters"
    payload, patterns = key.startswith("Payload-"), key.endswith("-Allowed")
    if payload and not patterns and not path.startswith("data/"):
        yield " below data/"
    if path.endswith("/") and (patterns or not payload):
        yield " that ends in a name or a pattern, not in a slash"
