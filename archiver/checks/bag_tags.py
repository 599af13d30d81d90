"""Rules for any bag, by RFC 8493 alone: tag manifests, bag-info.txt and fetch.txt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from archiver.checks.bag import ASK, RESTORE, told
from archiver.model.bag import BagContents, BagProblem
from archiver.model.report import Fault, Severity
from archiver.model.web import has_credentials, is_near, shown
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONCE = ("Bagging-Date", "Bag-Size", "Bag-Group-Identifier", "Bag-Count")
_TAG_MANIFEST = re.compile(r"tagmanifest-[^/]+\.txt")


@check("BAG-015", "Every listed tag file is there", "RFC 8493 §2.2.1, §3", needs="bag")
def tag_files_present(bag: BagContents) -> Iterator[Fault]:
    """A tag manifest lists files that are present."""
    special = dict(bag.specials)
    for manifest in bag.tag_manifests:
        for path, (_digest, line) in manifest.entries.items():
            if bag.place(path) is None and path not in special:
                yield Fault(f"{path} is missing", manifest.name, line, RESTORE)


@check("BAG-016", "Tag manifests list the payload manifests, no payload and no tag manifest", "RFC 8493 §2.2.1",
       needs="bag")  # fmt: skip
def tag_manifest_scope(bag: BagContents) -> Iterator[Fault]:
    """Every payload manifest is under every tag manifest."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    severity = Severity.WARNING if bag.version_number < (1, 0) else None
    for manifest in bag.tag_manifests:
        for payload in bag.manifests:
            if payload.name not in manifest.entries:
                yield Fault(f"{payload.name} is not listed", manifest.name, remedy=ASK, severity=severity)
        for other in bag.tag_manifests:
            if other.name in manifest.entries:
                line = manifest.entries[other.name][1]
                yield Fault(f"the tag manifest {other.name} is listed", manifest.name, line, ASK, severity)
    yield from told(bag, BagProblem.LISTED_PAYLOAD, words="a payload file is listed: {}", before_1_0=Severity.WARNING)


@check("BAG-017", "Every tag file is listed in every tag manifest", "RFC 8493 §2.2.1", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def tag_files_listed(bag: BagContents) -> Iterator[Fault]:
    """A tag file that no tag manifest lists can change unnoticed."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    payload_manifests = {manifest.name for manifest in bag.manifests}
    other_form = {found: stated for stated, found in bag.on_disk.items()}
    for path in sorted(bag.tag_files):
        if _TAG_MANIFEST.fullmatch(path) or path in payload_manifests:
            continue
        missing = [
            manifest.name
            for manifest in bag.tag_manifests
            if path not in manifest.entries and other_form.get(path) not in manifest.entries
        ]
        if missing:
            yield Fault(f"{path} is not listed in {', '.join(missing)}", path, remedy=ASK)


@check("BAG-033", "Payload and tag manifests use the same algorithms", "RFC 8493 §2.2.1", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def same_algorithms(bag: BagContents) -> Iterator[Fault]:
    """A tag manifest of a weaker algorithm is the weak place of the whole bag."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    payload = {manifest.algorithm_name.lower() for manifest in bag.manifests}
    tags = {manifest.algorithm_name.lower() for manifest in bag.tag_manifests}
    if payload != tags:
        yield Fault(f"payload manifests use {', '.join(sorted(payload)) or 'nothing'}, "
                    f"tag manifests {', '.join(sorted(tags))}", bag.tag_manifests[0].name, remedy=ASK)  # fmt: skip


@check("BAG-018", "Lines of bag-info.txt are labels and values", "RFC 8493 §2.2.2", needs="bag")
def info_lines(bag: BagContents) -> Iterator[Fault]:
    """A label, a colon, one space or tab, a value; or a continuation. Before 1.0 more space was allowed."""
    yield from told(bag, BagProblem.INFO_LINE, words="the line is no label and value: {}")
    if bag.version_number >= (1, 0):
        yield from told(
            bag, BagProblem.INFO_SPACING, words="one space or tab follows the colon, none stands before: {}"
        )


@check("BAG-034", "Elements that stand once do not stand twice", "RFC 8493 §2.2.2", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def info_repeats(bag: BagContents) -> Iterator[Fault]:
    """Bagging-Date, Bag-Size, Bag-Group-Identifier, Bag-Count."""
    for label in _ONCE:
        tags = [tag for tag in bag.info if tag.label.lower() == label.lower()]
        if len(tags) > 1:
            values = ", ".join(repr(tag.value) for tag in tags[:5])
            yield Fault(f"{label} stands {len(tags)} times: {values}", bag.info_name, tags[1].line, ASK)


@check("BAG-019", "Payload-Oxum is right", "RFC 8493 §2.2.2", needs="bag")
def oxum(bag: BagContents) -> Iterator[Fault]:
    """Octets and files of the payload are those stated; when not, the files that explain it are named."""
    tags = [tag for tag in bag.info if tag.label.lower() == "payload-oxum"]
    if not tags:
        raise Skip(f"{bag.info_name} states no Payload-Oxum")
    if len(tags) > 1:
        yield Fault(f"Payload-Oxum stands {len(tags)} times", bag.info_name, tags[1].line, ASK)
    holey = any(bag.place(entry.path) is None for entry in bag.fetch)
    size, files = sum(bag.payload.values()), len(bag.payload)
    for tag in tags:
        match = re.fullmatch(r"([0-9]{1,19})\.([0-9]{1,19})", tag.value)
        if match is None:
            yield Fault(f"Payload-Oxum is {tag.value[:80]!r}, not octets.files", bag.info_name, tag.line, ASK)
        elif (int(match.group(1)), int(match.group(2))) != (size, files) and not holey:
            yield Fault(f"Payload-Oxum states {tag.value}; the payload has {size} bytes in {files} files"
                        f"{_suspects(bag)}", bag.info_name, tag.line, RESTORE)  # fmt: skip


def _suspects(bag: BagContents) -> str:
    """The files that explain a wrong sum: unlisted, missing, or with bytes that are not the listed ones."""
    listed = {bag.place(path) or path for manifest in bag.manifests for path in manifest.entries}
    names = sorted(listed ^ bag.payload.keys())
    for manifest in bag.manifests:
        for path, (digest, _line) in manifest.entries.items():
            found = bag.measured.get(bag.place(path) or "")
            if manifest.algorithm and found and digest and found.digest(manifest.algorithm) != digest:
                names.append(path)
    named = list(dict.fromkeys(names))
    more = f" and {len(named) - 10} more" if len(named) > 10 else ""
    return f": look at {', '.join(named[:10])}{more}" if named else ""


@check("BAG-020", "Lines of fetch.txt are a URL, a length and a path", "RFC 8493 §2.2.3", needs="bag")
def fetch_lines(bag: BagContents) -> Iterator[Fault]:
    """Nothing is fetched to find this out."""
    yield from told(bag, BagProblem.FETCH_LINE, words="the line is no URL, length and path: {}")
    for entry in bag.fetch:
        address = _address(entry.url)
        if address is None or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", address.scheme):
            yield Fault(f"{shown(entry.url)!r} is no absolute address", "fetch.txt", entry.line, ASK)


@check("BAG-021", "Files to fetch are listed in every manifest", "RFC 8493 §2.2.3", needs="bag")
def fetch_listed(bag: BagContents) -> Iterator[Fault]:
    """What is fetched must be verifiable, and stands in fetch.txt once."""
    seen: dict[str, int] = {}
    for entry in bag.fetch:
        missing = [manifest.name for manifest in bag.manifests if entry.path not in manifest.entries]
        if missing:
            yield Fault(f"{entry.path} is to be fetched but not listed in {', '.join(missing)}",
                        "fetch.txt", entry.line, ASK)  # fmt: skip
        if entry.path in seen:
            yield Fault(f"{entry.path} is to be fetched twice, the first time in line {seen[entry.path]}",
                        "fetch.txt", entry.line, ASK, Severity.WARNING)  # fmt: skip
        seen.setdefault(entry.path, entry.line)
        size = bag.payload.get(entry.path)
        if entry.size is not None and size is not None and size != entry.size:
            yield Fault(f"{entry.path} has {size} bytes, fetch.txt states {entry.size}", "fetch.txt", entry.line,
                        "Its digest decides; if that is right, ask who made the bag.", Severity.WARNING)  # fmt: skip


@check("BAG-022", "Files to fetch lie on the public web", "RFC 8493 §5.2", needs="bag", severity=Severity.WARNING)
def fetch_addresses(bag: BagContents) -> Iterator[Fault]:
    """Only http and https addresses of other machines would ever be followed, and only when asked."""
    for entry in bag.fetch:
        address = _address(entry.url)
        if address is None or not address.scheme:
            continue
        if address.scheme.lower() not in {"http", "https"} or not address.hostname:
            yield Fault(f"{shown(entry.url)!r} is no http or https address; it will not be fetched",
                        "fetch.txt", entry.line, ASK)  # fmt: skip
        elif has_credentials(address):
            yield Fault(f"{shown(entry.url)!r} holds a user name or password; it will not be fetched",
                        "fetch.txt", entry.line, "Ask whoever made the bag for an address without one, and tell "
                        "them that the password is known now.")  # fmt: skip
        elif is_near(address.hostname):
            yield Fault(f"{shown(entry.url)!r} names this machine or network; it is not fetched unasked",
                        "fetch.txt", entry.line, "Ask whoever made the bag for an address on the public web; "
                        "archiver bag fetch --allow-host names a server of your own.")  # fmt: skip


def _address(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
