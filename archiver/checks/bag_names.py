"""Rules for any bag, by RFC 8493 alone: names of files on the disk and in manifests."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from archiver.checks.bag import told
from archiver.model.bag import BagContents, BagProblem
from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?")
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
# What makes a path worth a closer look; most paths have none of it.
_UNUSUAL = re.compile(r'(?i)[^ -~]|[<>:"|?*\\]|[. ](?:/|$)|/(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:[./]|$)')
_SHOWN = 5


@check("BAG-024", "No two paths differ only by case or normalisation", "RFC 8493 §6.1.1.3", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def distinct(bag: BagContents) -> Iterator[Fault]:
    """Such twins are one file on other systems. Looked for on the disk and in each manifest."""
    told_of: set[tuple[str, str]] = set()
    lists = [(manifest.entries, manifest.name) for manifest in bag.manifests]
    # A manifest that lists nothing but what is on the disk has no twins that the disk has not.
    more = [(names, name) for names, name in lists if not all(path in bag.payload for path in names)]
    for names, where in ((bag.payload, None), *more):
        seen: dict[str, str] = {}
        for path in names:
            folded = path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
            first = seen.setdefault(folded, path)
            if first is not path and (first, path) not in told_of:
                told_of.add((first, path))
                yield Fault(f"{path!a} and {first!a} differ only by case or Unicode normalisation", where or path,
                            remedy="Keep the bag on a system that tells them apart.")  # fmt: skip


@check("BAG-025", "Paths are normalised as on the disk", "RFC 8493 §6.1.1.3", needs="bag", severity=Severity.WARNING)
def normalised(bag: BagContents) -> Iterator[Fault]:
    """A path found only by allowing for Unicode normalisation (NFC, NFD)."""
    for stated, found in sorted(bag.on_disk.items()):
        yield Fault(f"the manifest has {stated!a}, the disk {found!a}: the same name in another normalisation", found,
                    remedy="Nothing is lost; copy the bag with a tool that keeps names as they are.")  # fmt: skip


@check("BAG-026", "Percent signs in paths are encoded", "RFC 8493 §2.1.3", needs="bag")
def percent_encoded(bag: BagContents) -> Iterator[Fault]:
    """Older tools write % as it is; the file was found under the name as it stands."""
    yield from told(bag, BagProblem.LITERAL_PERCENT, before_1_0=Severity.NOTICE,
                    words="the path {} has a % that is not written as %25")  # fmt: skip


@check("BAG-035", "Names of payload files are possible everywhere", "RFC 8493 §6.1.2", needs="bag",
       severity=Severity.NOTICE)  # fmt: skip
def possible_everywhere(bag: BagContents) -> Iterator[Fault]:
    """Names that Windows cannot hold, control characters, and names that are no Unicode."""
    unusual = [path for path in bag.payload if _UNUSUAL.search(path)]
    awkward = [path for path in unusual if not all(_is_possible(part) for part in path.split("/"))]
    if awkward:
        more = f" and {len(awkward) - _SHOWN} more" if len(awkward) > _SHOWN else ""
        shown = ", ".join(ascii(path) for path in awkward[:_SHOWN])
        yield Fault(f"names that not every system can hold: {shown}{more}", awkward[0],
                    remedy="Keep the bag where these names are possible, or ask for others.")  # fmt: skip


def _is_possible(part: str) -> bool:
    hidden = any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in part)
    return not (hidden or _FORBIDDEN.search(part) or part[-1] in ". " or _RESERVED.fullmatch(part))


@check("BAG-036", "No folder is empty, and no file has two names", "RFC 8493 §2.1.3", needs="bag",
       severity=Severity.NOTICE)  # fmt: skip
def accounted_for(bag: BagContents) -> Iterator[Fault]:
    """Manifests list files: an empty folder, or that two names are one file, is lost when the bag is copied."""
    for path in bag.empty_folders:
        if path != "data":
            yield Fault(f"{path} is an empty folder; no manifest can list it", path,
                        remedy="If it matters, ask for the bag with a file in it.")  # fmt: skip
    for path, names in bag.linked:
        yield Fault(f"{path} is one of {names} names of the same file (hard links)", path,
                    remedy="Copies of the bag will hold the file once for each name.")  # fmt: skip
