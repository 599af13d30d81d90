"""House rules: what archiver asks of its own packages beyond the standards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.bag import BagProblem
from archiver.model.portable import is_portable
from archiver.model.report import Fault, Severity
from archiver.model.values import Algorithm
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.bag import BagContents

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*_[0-9]{4}-[0-9]{2}-[0-9]{2}(?:_[A-Za-z0-9-]+)+")
_REQUIRED = ("External-Identifier", "Bagging-Date", "Internal-Sender-Identifier", "Payload-Oxum", "Bag-Size")
_AGAIN = "Ask how the package was made, and make it again from the deposit."


@check("HSE-001", "The bag is of version 1.0 in UTF-8", "docs/package-layout.md", needs="house")
def version(bag: BagContents) -> Iterator[Fault]:
    """A version lowered afterwards would switch rules off."""
    if bag.version != "1.0" or bag.encoding.upper() != "UTF-8":
        yield Fault(f"BagIt {bag.version or '?'} in {bag.encoding or '?'}, not 1.0 in UTF-8", "bagit.txt", 1,
                    "Restore bagit.txt from another copy of the package.")  # fmt: skip


@check("HSE-002", "Both algorithms are there, for payload and tag files", "docs/package-layout.md", needs="house")
def both_algorithms(bag: BagContents) -> Iterator[Fault]:
    """sha512 and sha256 manifests and tag manifests; without a tag manifest a package has no seal."""
    for kind, manifests in (("manifest", bag.manifests), ("tagmanifest", bag.tag_manifests)):
        known = {manifest.algorithm for manifest in manifests}
        for algorithm in (Algorithm.SHA512, Algorithm.SHA256):
            if algorithm not in known:
                yield Fault(f"{kind}-{algorithm.value}.txt is missing", f"{kind}-{algorithm.value}.txt",
                            remedy="Restore it from another copy of the package.")  # fmt: skip


@check("HSE-003", "Every tag file is under both tag manifests", "docs/package-layout.md", needs="house")
def tag_files_covered(bag: BagContents) -> Iterator[Fault]:
    """A tag file that no tag manifest lists can change unnoticed."""
    for path in sorted(bag.tag_files):
        if path.startswith("tagmanifest-"):
            continue
        missing = [manifest.name for manifest in bag.tag_manifests if path not in manifest.entries]
        if missing:
            yield Fault(f"{path} is not listed in {', '.join(missing)}", path,
                        remedy="Find out where the file comes from, or restore the tag manifest.")  # fmt: skip


@check("HSE-004", "The package is named for serial, date and number", "docs/package-layout.md", needs="house")
def name(bag: BagContents) -> Iterator[Fault]:
    """The name is readable, sortable, and the identifier that bag-info states."""
    if not _NAME.fullmatch(bag.name):
        yield Fault(f"the name {bag.name!r} is not serial_date_number", remedy="Give the folder its own name again.")
    stated = bag.values("External-Identifier")
    if stated and stated[0] != bag.name:
        yield Fault(f"bag-info.txt states the identifier {stated[0]}, the folder is called {bag.name}",
                    "bag-info.txt", remedy="Give the folder its own name again.")  # fmt: skip


@check("HSE-005", "bag-info.txt says what the package is", "docs/package-layout.md", needs="house")
def info(bag: BagContents) -> Iterator[Fault]:
    """Identifier, date, accession number, and the extent of the payload."""
    for label in _REQUIRED:
        count = len(bag.values(label))
        if count != 1:
            yield Fault(f"{label} stands {count} times, not once", "bag-info.txt", remedy=_AGAIN)


@check("HSE-006", "Payload names are portable", "docs/package-layout.md", needs="house")
def portable(bag: BagContents) -> Iterator[Fault]:
    """ASCII letters, digits, dot, hyphen, underscore."""
    for path in sorted(bag.payload):
        if not all(is_portable(part) for part in path.split("/")):
            yield Fault(f"the name {path!r} is not portable", path, remedy=_AGAIN)


@check("HSE-007", "The deposit is in the package", "docs/package-layout.md", needs="house")
def original(bag: BagContents) -> Iterator[Fault]:
    """The representation original holds what was deposited; a transcript that was derived has its reading text."""
    found = {path.split("/")[2] for path in bag.payload if path.startswith("data/representations/")}
    for use in ("original", "reading") if "transcript" in found else ("original",):
        if use not in found:
            yield Fault(f"the representation {use} is empty", f"data/representations/{use}", remedy=_AGAIN)


@check("HSE-008", "Nothing is to be fetched", "docs/package-layout.md", needs="house")
def nothing_to_fetch(bag: BagContents) -> Iterator[Fault]:
    """Our packages are whole."""
    if bag.fetch:
        yield Fault(f"fetch.txt names {len(bag.fetch)} files to fetch", "fetch.txt", remedy=_AGAIN)


@check("HSE-010", "Digests are in lower case", "docs/package-layout.md", needs="house")
def lower_case(bag: BagContents) -> Iterator[Fault]:
    """So they are written; a capital is a flipped bit that no digest tells, since RFC 8493 allows either."""
    for problem in bag.about(BagProblem.CAPITALS):
        yield Fault(f"the digest has capital letters: {problem.detail}", problem.path, problem.line,
                    "Restore the manifest from another copy of the package.")  # fmt: skip


@check("HSE-009", "The source organisation is stated", "docs/package-layout.md", needs="house",
       severity=Severity.NOTICE)  # fmt: skip
def organisation(bag: BagContents) -> Iterator[Fault]:
    """Whoever finds the package in a hundred years should know whose it was."""
    if not bag.values("Source-Organization"):
        yield Fault("bag-info.txt names no Source-Organization", "bag-info.txt",
                    remedy="Set the name under [organisation] in archiver.toml before the next accession.")  # fmt: skip
