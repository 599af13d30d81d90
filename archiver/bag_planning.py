"""What a bag that is to satisfy a BagIt profile will have, known before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import UsageError
from archiver.fixity.digests import is_available
from archiver.model.bag import BagContents, InfoTag, Manifest
from archiver.model.bag_profile import IDENTIFIER, BagProfile, Serialization
from archiver.model.entries import Entries
from archiver.model.measurements import Measurements
from archiver.model.package import SourceFile
from archiver.model.package_profile import ChosenProfile
from archiver.model.values import Algorithm
from archiver.packages.bag.writer import human_size, one_line

USUAL = (Algorithm.SHA512, Algorithm.SHA256)
_COMPUTED = {"bag-size", "payload-oxum"}  # labels that the writer fills in
_STRONGEST = (
    *USUAL,
    Algorithm.SHA3_512,
    Algorithm.BLAKE2B,
    Algorithm.SHA384,
    Algorithm.SHA3_384,
    Algorithm.SHA3_256,
    Algorithm.SHA1,
    Algorithm.MD5,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The algorithms of a bag, strongest first, and the tags of its bag-info.txt but those that are computed."""

    algorithms: tuple[Algorithm, ...]
    info: tuple[tuple[str, str], ...]

    def foreseen(self, destination: Path, files: Sequence[SourceFile]) -> BagContents:
        """The bag as it will be read, for the rules of a profile to judge."""
        payload = {f"data/{file.name}": file.stamp.size for file in files}
        size = sum(payload.values())
        computed = (("Bag-Size", human_size(size)), ("Payload-Oxum", f"{size}.{len(payload)}"))
        written = [(label, one_line(value)) for label, value in (*self.info, *computed) if one_line(value)]
        manifests, tags = self._manifests("manifest"), self._manifests("tagmanifest")
        names = ("bagit.txt", "bag-info.txt", *(manifest.name for manifest in (*manifests, *tags)))
        return BagContents(
            path=destination,
            name=destination.name,
            version="1.0",
            encoding="UTF-8",
            manifests=manifests,
            tag_manifests=tags,
            info=tuple(InfoTag(label, value, line) for line, (label, value) in enumerate(written, 1)),
            fetch=(),
            payload=payload,
            tag_files=dict.fromkeys(names, 0),
            specials=(),
            has_data=True,
            has_declaration=True,
            measured=Measurements(),
            was_measured=False,
            folders=frozenset(_folders(payload)),
        )

    def _manifests(self, kind: str) -> tuple[Manifest, ...]:
        return tuple(Manifest(f"{kind}-{each.value}.txt", each.value, each, Entries(0)) for each in self.algorithms)


def plan_bag(
    chosen: ChosenProfile,
    algorithms: Sequence[Algorithm],
    given: Sequence[tuple[str, str]],
    own: Sequence[tuple[str, str]],
) -> Plan:
    """The plan by a profile: `algorithms` as asked for, or none; tags as `given`, and our `own` where none is given.

    A tag that the profile requires and for which it accepts one value alone gets that value. Raises UsageError when no
    set of algorithms satisfies the profile.
    """
    info = list(given)
    taken = {label.lower() for label, _value in given} | _COMPUTED
    if chosen.bag is not None:
        info += _fixed(chosen.bag, taken | {label.lower() for label, _value in own})
        identifiers = [value.strip() for label, value in given if label.lower() == IDENTIFIER.lower()]
        if chosen.bag.identifier not in identifiers:
            info.append((IDENTIFIER, chosen.bag.identifier))
    info += [tag for tag in own if tag[0].lower() not in taken]
    return Plan(tuple(algorithms) or _algorithms(chosen), tuple(info))


def needs_one_file(chosen: ChosenProfile) -> str | None:
    """The first form of serialisation that is accepted, where the profile requires one; else None."""
    bag = chosen.bag
    required = bag is not None and bag.serialization is Serialization.REQUIRED
    return bag.accept_serialization[0] if bag is not None and required else None


def _fixed(profile: BagProfile, taken: set[str]) -> list[tuple[str, str]]:
    return [
        (rule.label, rule.values[0])
        for rule in profile.tags
        if rule.required and len(set(rule.values)) == 1 and rule.label.lower() not in taken
    ]


def _algorithms(chosen: ChosenProfile) -> tuple[Algorithm, ...]:
    """Those that the profile requires, for payload and tag files alike; else the usual ones that it allows."""
    bag, package = chosen.bag, chosen.package
    required = {*bag.manifests_required, *bag.tag_manifests_required} if bag is not None else set[str]()
    known = {algorithm.value: algorithm for algorithm in Algorithm if is_available(algorithm)}
    for name in sorted(required - known.keys()):
        raise UsageError(f"The profile requires {name}, which is not known here.", remedy=f"Known: {', '.join(known)}.")
    found = {known[name] for name in required}
    accepted = package.accepted if package is not None else _STRONGEST
    if not found or not found & set(accepted):
        fitting = [each for each in _STRONGEST if each in accepted and each in known.values() and _allowed(bag, each)]
        found |= set([each for each in USUAL if each in fitting] if not found else ()) or set(fitting[:1])
    if not found:
        raise UsageError("The profile allows no algorithm that is known here.", remedy="Name one with --algorithm.")
    rest = [each for each in Algorithm if each not in _STRONGEST]
    return tuple(each for each in (*_STRONGEST, *rest) if each in found)


def _allowed(bag: BagProfile | None, algorithm: Algorithm) -> bool:
    lists = (bag.manifests_allowed, bag.tag_manifests_allowed) if bag is not None else ()
    return all(allowed is None or algorithm.value in allowed for allowed in lists)


def _folders(payload: dict[str, int]) -> set[str]:
    found = {"data"}
    for path in payload:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return found
