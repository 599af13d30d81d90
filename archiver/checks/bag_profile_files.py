"""Rules for a bag and its BagIt profile: manifests, tag files, payload and fetch.txt."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from archiver.model.bag_profile import Allowed, ProfiledBag, algorithm_key, is_standard_tag_file
from archiver.model.report import Fault
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archiver.model.bag import Manifest

_ASK = "Ask whoever made the bag to make it again by the profile."
_RESTORE = "Restore the file from another copy of the bag, or ask whoever made it."
_STRANGE = "Find out where the file comes from; ask whoever made the bag."
_MOST = 1000  # faults of one rule that are told one by one


@check("BPR-007", "Every manifest that the profile requires is there", "BagIt Profiles 1.4, Manifests-Required",
       needs="bag-profile")  # fmt: skip
def manifests_required(bag: ProfiledBag) -> Iterator[Fault]:
    """A payload manifest for each algorithm."""
    yield from _missing("manifest", bag.contents.manifests, bag.profile.manifests_required)


@check("BPR-008", "No manifest is there that the profile does not allow", "BagIt Profiles 1.4, Manifests-Allowed",
       needs="bag-profile")  # fmt: skip
def manifests_allowed(bag: ProfiledBag) -> Iterator[Fault]:
    """No payload manifest of another algorithm."""
    yield from _excess(bag.contents.manifests, bag.profile.manifests_allowed)


@check("BPR-009", "Every tag manifest that the profile requires is there", "BagIt Profiles 1.4, Tag-Manifests-Required",
       needs="bag-profile")  # fmt: skip
def tag_manifests_required(bag: ProfiledBag) -> Iterator[Fault]:
    """A tag manifest for each algorithm."""
    yield from _missing("tagmanifest", bag.contents.tag_manifests, bag.profile.tag_manifests_required)


@check("BPR-010", "No tag manifest is there that the profile does not allow",
       "BagIt Profiles 1.4, Tag-Manifests-Allowed", needs="bag-profile")  # fmt: skip
def tag_manifests_allowed(bag: ProfiledBag) -> Iterator[Fault]:
    """No tag manifest of another algorithm."""
    yield from _excess(bag.contents.tag_manifests, bag.profile.tag_manifests_allowed)


@check("BPR-011", "Every tag file that the profile requires is there", "BagIt Profiles 1.4, Tag-Files-Required",
       needs="bag-profile")  # fmt: skip
def tag_files_required(bag: ProfiledBag) -> Iterator[Fault]:
    """Each path, whether or not a tag manifest lists it."""
    for path in bag.profile.tag_files_required:
        if path not in bag.contents.tag_files:
            yield Fault(f"{path} is missing", path, remedy=_RESTORE)


@check("BPR-012", "No tag file is there that the profile does not allow", "BagIt Profiles 1.4, Tag-Files-Allowed",
       needs="bag-profile")  # fmt: skip
def tag_files_allowed(bag: ProfiledBag) -> Iterator[Fault]:
    """Every file outside data/ but those that RFC 8493 itself names."""
    entries = bag.profile.tag_files_allowed
    if entries is None:
        return  # all of them are
    allowed = Allowed(entries)
    yield from _told(
        Fault(f"{path} is not allowed by the profile", path, remedy=_STRANGE)
        for path in sorted(bag.contents.tag_files)
        if not is_standard_tag_file(path) and path not in allowed
    )


@check("BPR-013", "Every payload file that the profile requires is there", "BagIt Profiles 1.4, Payload-Files-Required",
       needs="bag-profile")  # fmt: skip
def payload_files_required(bag: ProfiledBag) -> Iterator[Fault]:
    """Each file, and each folder with something in it; what fetch.txt promises counts, as in the completed bag."""
    required = bag.profile.payload_files_required
    paths = _payload(bag) if required else set[str]()
    for path in required:
        if not path.endswith("/"):
            if path not in paths and path not in bag.contents.on_disk:
                yield Fault(f"{path} is missing", path, remedy=_RESTORE)
        elif not any(found.startswith(path) for found in (*paths, *bag.contents.folders)):
            words = "is empty" if path.rstrip("/") in bag.contents.folders else "is missing"
            yield Fault(f"the folder {path} {words}", path.rstrip("/"), remedy=_RESTORE)


@check("BPR-014", "No payload file is there that the profile does not allow",
       "BagIt Profiles 1.4, Payload-Files-Allowed", needs="bag-profile")  # fmt: skip
def payload_files_allowed(bag: ProfiledBag) -> Iterator[Fault]:
    """Every file below data/, also what fetch.txt promises."""
    entries = bag.profile.payload_files_allowed
    if entries is None:
        return  # all of them are
    allowed = Allowed(entries)
    yield from _told(
        Fault(f"{path} is not allowed by the profile", path, remedy=_STRANGE)
        for path in sorted(_payload(bag))
        if path not in allowed
    )


@check("BPR-015", "There is no fetch.txt where the profile forbids it", "BagIt Profiles 1.4, Allow-Fetch.txt",
       needs="bag-profile")  # fmt: skip
def fetch_allowed(bag: ProfiledBag) -> Iterator[Fault]:
    """Also when it is empty."""
    if not bag.profile.allow_fetch and "fetch.txt" in bag.contents.tag_files:
        yield Fault("fetch.txt is there; the profile forbids it", "fetch.txt",
                    remedy="Ask for a bag that is complete.")  # fmt: skip


@check("BPR-016", "There is a fetch.txt where the profile requires it", "BagIt Profiles 1.4, Fetch.txt-Required",
       needs="bag-profile")  # fmt: skip
def fetch_required(bag: ProfiledBag) -> Iterator[Fault]:
    """The file; what it promises is for the rules of the bag."""
    if bag.profile.fetch_required and "fetch.txt" not in bag.contents.tag_files:
        yield Fault("fetch.txt is missing; the profile requires it", "fetch.txt", remedy=_RESTORE)


@check("BPR-017", "The payload is empty where the profile requires it", "BagIt Profiles 1.4, Data-Empty",
       needs="bag-profile")  # fmt: skip
def data_empty(bag: ProfiledBag) -> Iterator[Fault]:
    """Nothing below data/, or one file of zero bytes that keeps the folder in being."""
    payload = bag.contents.payload
    if bag.profile.data_empty and (len(payload) > 1 or any(payload.values())):
        size, first = sum(payload.values()), min(payload)
        yield Fault(f"the payload has {len(payload)} files and {size} bytes ({first}, …); the profile requires none, "
                    "or one file of zero bytes", "data", remedy=_ASK)  # fmt: skip


def _missing(kind: str, manifests: Sequence[Manifest], required: Iterable[str]) -> Iterator[Fault]:
    found = {_algorithm(manifest) for manifest in manifests}
    for name in required:
        if name not in found:
            there = ", ".join(manifest.name for manifest in manifests) or "none"
            path = f"{kind}-{name}.txt"
            yield Fault(f"{path} is missing; there is {there}", path, remedy=_RESTORE)


def _excess(manifests: Sequence[Manifest], allowed: Sequence[str] | None) -> Iterator[Fault]:
    if allowed is None:
        return  # all of them are
    for manifest in manifests:
        if _algorithm(manifest) not in allowed:
            told = ", ".join(allowed) or "none"
            yield Fault(f"{manifest.name} is there; allowed: {told}", manifest.name, remedy=_ASK)


def _algorithm(manifest: Manifest) -> str:
    return manifest.algorithm.value if manifest.algorithm is not None else algorithm_key(manifest.algorithm_name)


def _payload(bag: ProfiledBag) -> set[str]:
    return {*bag.contents.payload, *(entry.path for entry in bag.contents.fetch)}


def _told(faults: Iterator[Fault]) -> Iterator[Fault]:
    """The first thousand, and how many more there are."""
    yield from islice(faults, _MOST)
    more = sum(1 for _fault in faults)
    if more:
        yield Fault(f"and {more} more files that the profile does not allow", remedy=_STRANGE)
