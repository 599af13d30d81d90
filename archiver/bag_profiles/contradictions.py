"""Where a BagIt profile contradicts itself, so that no bag could satisfy it or what it means is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.bag_profiles.strict_json import pointer
from archiver.model.bag_profile import Allowed, BagProfile, Serialization, is_standard_tag_file


def contradictions(profile: BagProfile) -> list[tuple[str, str]]:
    """Place and words of each contradiction, in the order of the specification."""
    return [
        *_manifests("Manifests", profile.manifests_required, profile.manifests_allowed),
        *_manifests("Tag-Manifests", profile.tag_manifests_required, profile.tag_manifests_allowed),
        *_fetch(profile),
        *_serialization(profile),
        *_tag_files(profile),
        *_payload_files(profile),
    ]


def _manifests(kind: str, required: Sequence[str], allowed: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    if allowed is None:
        return
    if not allowed and kind == "Manifests":
        yield pointer(f"{kind}-Allowed"), "no algorithm is allowed, and every bag has a manifest"
    for name in required:
        if name not in allowed:
            yield pointer(f"{kind}-Allowed"), f"{name} is required by {kind}-Required, and is not allowed here"


def _fetch(profile: BagProfile) -> Iterator[tuple[str, str]]:
    if profile.fetch_required and not profile.allow_fetch:
        yield pointer("Fetch.txt-Required"), "fetch.txt is required, and Allow-Fetch.txt forbids it"


def _serialization(profile: BagProfile) -> Iterator[tuple[str, str]]:
    if profile.serialization is Serialization.REQUIRED and not profile.accept_serialization:
        yield pointer("Accept-Serialization"), "Serialization is required, and no form is accepted: name at least one"


def _tag_files(profile: BagProfile) -> Iterator[tuple[str, str]]:
    allowed = Allowed(profile.tag_files_allowed if profile.tag_files_allowed is not None else ("*",))
    for index, path in enumerate(profile.tag_files_required):
        if path == "data" or path.startswith("data/"):
            yield pointer("Tag-Files-Required", index), f"{path} lies in the payload: Payload-Files-Required is for it"
        elif path not in allowed and not is_standard_tag_file(path):
            yield pointer("Tag-Files-Required", index), f"{path} is required, and Tag-Files-Allowed does not allow it"


def _payload_files(profile: BagProfile) -> Iterator[tuple[str, str]]:
    required, entries = profile.payload_files_required, profile.payload_files_allowed
    allowed = Allowed(entries if entries is not None else ("*",))
    for index, path in enumerate(required):
        fits = allowed.reach_below(path) if path.endswith("/") else path in allowed
        if not fits:
            words = f"{path} is required, and Payload-Files-Allowed does not allow it"
            yield pointer("Payload-Files-Required", index), words
    if profile.data_empty and len(required) > 1:
        yield (
            pointer("Data-Empty"),
            f"the payload is to be empty, and Payload-Files-Required has {len(required)} entries",
        )
