"""Rules for a package and the policy of the archive, as its package profile states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.bag import Manifest
    from archiver.model.package_profile import FixityEvidence

_SHOWN = 5  # files named in a sentence


@check("FIX-010", "The digests count as fixity evidence", "docs/package-profiles.md", needs="package-profile")
def accepted_evidence(bag: FixityEvidence) -> Iterator[Fault]:
    """Every payload file is under a manifest of an accepted algorithm; so are the tag files, where there is a seal."""
    contents, policy = bag.contents, bag.profile
    accepted = ", ".join(algorithm.label for algorithm in policy.accepted)
    severity = policy.otherwise
    for kind, manifests in (("payload", contents.manifests), ("tag", contents.tag_manifests)):
        if not _accepted(bag, manifests) and (manifests or kind == "payload"):
            stated = ", ".join(manifest.algorithm_name for manifest in manifests)
            words = f"the {kind} manifests are {stated} only" if stated else "there is no payload manifest"
            path = manifests[0].name if manifests else None
            yield Fault(f"{words}; {policy.identifier} accepts {accepted}", path, remedy=_REMEDY, severity=severity)
    counted = _accepted(bag, contents.manifests)
    if not counted or len(counted) == len(contents.manifests):
        return
    stated_paths = {path for manifest in contents.manifests for path in manifest.entries}
    bare = sorted(path for path in stated_paths if not any(path in manifest.entries for manifest in counted))
    if bare:
        shown = ", ".join(bare[:_SHOWN]) + (f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else "")
        yield Fault(f"listed only in manifests that do not count: {shown}; {policy.identifier} accepts {accepted}",
                    counted[0].name, remedy=_REMEDY, severity=severity)  # fmt: skip


_REMEDY = "Ask for the bag with an accepted digest; or, once it is valid, make a bag of it again with one."


def _accepted(bag: FixityEvidence, manifests: Sequence[Manifest]) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest.algorithm in bag.profile.accepted]
