"""Rules for any bag, by RFC 8493 alone: a MUST is an error, a SHOULD a warning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from archiver.model.bag import BagContents, BagProblem
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
_RESTORE = "Restore the file from another copy of the bag; never change a manifest to fit."
_RULE = "Ask whoever made the bag to make it again by RFC 8493."


def _problems(bag: BagContents, *kinds: BagProblem, words: str, remedy: str = _RULE) -> Iterator[Fault]:
    for problem in bag.about(*kinds):
        yield Fault(words.format(problem.detail), problem.path, problem.line, remedy)


def _need_declaration(bag: BagContents) -> None:
    if not bag.has_declaration:
        raise Skip("there is no bagit.txt, so this is no bag")


@check("BAG-001", "The bag is declared", "RFC 8493 §2.1.1", needs="bag")
def declared(bag: BagContents) -> Iterator[Fault]:
    """bagit.txt stands at the root."""
    if not bag.has_declaration:
        yield Fault("there is no bagit.txt: this folder is not a bag", "bagit.txt", remedy="Name the folder of a bag.")


@check("BAG-002", "The declaration has its two lines", "RFC 8493 §2.1.1", needs="bag")
def declaration_form(bag: BagContents) -> Iterator[Fault]:
    """Version, then encoding, nothing else, no byte order mark."""
    _need_declaration(bag)
    yield from _problems(bag, BagProblem.DECLARATION_FORM, words="the declaration is malformed: {}")


@check("BAG-003", "The version is known", "RFC 8493 §2.1.1, §3", needs="bag")
def version_known(bag: BagContents) -> Iterator[Fault]:
    """Versions 0.93 to 1.0 are read."""
    _need_declaration(bag)
    if bag.version and bag.version not in VERSIONS:
        yield Fault(f"BagIt version {bag.version} is not known ({', '.join(VERSIONS)} are)", "bagit.txt", 1, _RULE)


@check("BAG-004", "Tag files are in the declared encoding", "RFC 8493 §2.1.1", needs="bag")
def encoding(bag: BagContents) -> Iterator[Fault]:
    """The encoding is one of text, and the bytes are of it."""
    _need_declaration(bag)
    yield from _problems(bag, BagProblem.ENCODING, words="the tag file cannot be read: {}")


@check("BAG-005", "There is a payload folder", "RFC 8493 §2.1.2", needs="bag")
def payload_folder(bag: BagContents) -> Iterator[Fault]:
    """A folder called data stands at the root, be it empty."""
    if not bag.has_data:
        yield Fault("there is no folder data", "data", remedy=_RESTORE)


@check("BAG-006", "There is a payload manifest", "RFC 8493 §2.1.3", needs="bag")
def payload_manifest(bag: BagContents) -> Iterator[Fault]:
    """At least one manifest-*.txt stands at the root, and one of them is of an algorithm that can be verified."""
    if not bag.manifests:
        yield Fault("there is no payload manifest (manifest-<algorithm>.txt)", remedy=_RESTORE)
    elif all(manifest.algorithm is None for manifest in bag.manifests):
        names = ", ".join(manifest.algorithm_name for manifest in bag.manifests)
        yield Fault(f"no manifest is of an algorithm that archiver can verify: {names}", remedy=_RULE)


@check("BAG-007", "Manifest lines are a digest and a path", "RFC 8493 §2.1.3", needs="bag")
def manifest_lines(bag: BagContents) -> Iterator[Fault]:
    """Nothing else may stand in a manifest."""
    yield from _problems(bag, BagProblem.MANIFEST_LINE, words="the line is not a digest and a path: {}")


@check("BAG-008", "Every manifest can be verified", "RFC 8493 §2.4", needs="bag", severity=Severity.WARNING)
def algorithms_known(bag: BagContents) -> Iterator[Fault]:
    """A manifest of an unknown algorithm proves nothing here."""
    for manifest in (*bag.manifests, *bag.tag_manifests):
        if manifest.algorithm is None:
            yield Fault(
                f"the algorithm {manifest.algorithm_name!r} is not known: this manifest was not verified",
                manifest.name,
                remedy="Ask for a sha256 or sha512 manifest.",
            )


@check("BAG-009", "Digests are digests of their algorithm", "RFC 8493 §2.1.3", needs="bag")
def digests_well_formed(bag: BagContents) -> Iterator[Fault]:
    """Hexadecimal, of the algorithm's length."""
    yield from _problems(bag, BagProblem.DIGEST_FORM, words="not a digest: {}", remedy=_RESTORE)


@check("BAG-010", "No path leaves the bag", "RFC 8493 §2.1.3, §5.1", needs="bag")
def paths_inside(bag: BagContents) -> Iterator[Fault]:
    """A path that leaves the bag is never looked at."""
    yield from _problems(bag, BagProblem.PATH_OUTSIDE, words="the path {}; it was not looked at")


@check("BAG-011", "Paths are paths that a file can have", "RFC 8493 §2.1.3", needs="bag")
def paths_usable(bag: BagContents) -> Iterator[Fault]:
    """No empty part, no NUL, within 255 bytes a part and 4,096 in all."""
    yield from _problems(bag, BagProblem.PATH_UNUSABLE, words="the path {}")


@check("BAG-012", "No path is listed twice", "RFC 8493 §2.1.3", needs="bag")
def no_duplicates(bag: BagContents) -> Iterator[Fault]:
    """A manifest lists a file once."""
    yield from _problems(bag, BagProblem.DUPLICATE, words="{}")


@check("BAG-013", "Every listed payload file is there", "RFC 8493 §3", needs="bag")
def complete(bag: BagContents) -> Iterator[Fault]:
    """A bag is complete when every file of every manifest is present."""
    seen: set[str] = set()
    waiting = {entry.path for entry in bag.fetch}
    for manifest in bag.manifests:
        for path, (_digest, line) in manifest.entries.items():
            if path in seen or bag.place(path) is not None:
                continue
            seen.add(path)
            if path in waiting:
                yield Fault(f"{path} is not here yet: fetch.txt names where it is", manifest.name, line,
                            "Bring it with archiver, or complete the bag where it was made.")  # fmt: skip
            else:
                yield Fault(f"{path} is missing", manifest.name, line, _RESTORE)


@check("BAG-014", "Every payload file is listed", "RFC 8493 §2.1.3, §3", needs="bag")
def all_listed(bag: BagContents) -> Iterator[Fault]:
    """From 1.0 every manifest lists every payload file; before, one of them must."""
    if not bag.manifests:
        raise Skip("there is no payload manifest")
    places = [{bag.place(path) or path for path in manifest.entries} for manifest in bag.manifests]
    for path in sorted(bag.payload):
        missing = [m.name for m, listed in zip(bag.manifests, places, strict=True) if path not in listed]
        if len(missing) == len(places):
            yield Fault(
                f"{path} is listed in no manifest",
                path,
                remedy="Find out where the file comes from; it is no part of the bag.",
            )
        elif missing and bag.version_number >= (1, 0):
            yield Fault(f"{path} is not listed in {', '.join(missing)}", path, remedy=_RULE)


@check("BAG-015", "Every listed tag file is there", "RFC 8493 §2.2.1, §3", needs="bag")
def tag_files_present(bag: BagContents) -> Iterator[Fault]:
    """A tag manifest lists files that are present."""
    for manifest in bag.tag_manifests:
        for path, (_digest, line) in manifest.entries.items():
            if bag.place(path) is None:
                yield Fault(f"{path} is missing", manifest.name, line, _RESTORE)


@check("BAG-016", "Tag manifests list the payload manifests and no tag manifest", "RFC 8493 §2.2.1", needs="bag")
def tag_manifest_scope(bag: BagContents) -> Iterator[Fault]:
    """Every payload manifest is under every tag manifest."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    for manifest in bag.tag_manifests:
        for payload in bag.manifests:
            if payload.name not in manifest.entries:
                yield Fault(f"{payload.name} is not listed", manifest.name, remedy=_RULE,
                            severity=None if bag.version_number >= (1, 0) else Severity.WARNING)  # fmt: skip
        for other in bag.tag_manifests:
            if other.name in manifest.entries:
                yield Fault(f"the tag manifest {other.name} is listed", manifest.name,
                            manifest.entries[other.name][1], _RULE)  # fmt: skip


@check("BAG-017", "Every tag file is listed in every tag manifest", "RFC 8493 §2.2.1", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def tag_files_listed(bag: BagContents) -> Iterator[Fault]:
    """A tag file that no tag manifest lists can change unnoticed."""
    if not bag.tag_manifests:
        raise Skip("there is no tag manifest")
    for path in sorted(bag.tag_files):
        if re.fullmatch(r"tagmanifest-[^/]+\.txt", path) or any(m.name == path for m in bag.manifests):
            continue
        missing = [manifest.name for manifest in bag.tag_manifests if path not in manifest.entries]
        if missing:
            yield Fault(f"{path} is not listed in {', '.join(missing)}", path, remedy=_RULE)


@check("BAG-018", "Lines of bag-info.txt are labels and values", "RFC 8493 §2.2.2", needs="bag")
def info_lines(bag: BagContents) -> Iterator[Fault]:
    """A label, a colon, a value; or a continuation."""
    yield from _problems(bag, BagProblem.INFO_LINE, words="the line is no label and value: {}")


@check("BAG-019", "Payload-Oxum is right", "RFC 8493 §2.2.2", needs="bag")
def oxum(bag: BagContents) -> Iterator[Fault]:
    """Octets and files of the payload are those stated; when not, the files that differ are named by BAG-013, -014."""
    tags = [tag for tag in bag.info if tag.label.lower() == "payload-oxum"]
    if not tags:
        raise Skip("bag-info.txt states no Payload-Oxum")
    if len(tags) > 1:
        yield Fault(f"Payload-Oxum stands {len(tags)} times", "bag-info.txt", tags[1].line, _RULE)
    size, files = sum(bag.payload.values()), len(bag.payload)
    for tag in tags:
        match = re.fullmatch(r"([0-9]{1,19})\.([0-9]{1,19})", tag.value)
        if match is None:
            yield Fault(f"Payload-Oxum is {tag.value!r}, not octets.files", "bag-info.txt", tag.line, _RULE)
        elif (int(match.group(1)), int(match.group(2))) != (size, files) and not _is_holey(bag):
            yield Fault(
                f"Payload-Oxum states {tag.value}; the payload has {size} bytes in {files} files{_suspects(bag)}",
                "bag-info.txt",
                tag.line,
                _RESTORE,
            )


def _is_holey(bag: BagContents) -> bool:
    return any(bag.place(entry.path) is None for entry in bag.fetch)


def _suspects(bag: BagContents) -> str:
    """The files that explain a wrong sum: unlisted, missing, or with bytes that are not the listed ones."""
    listed = {bag.place(path) or path for manifest in bag.manifests for path in manifest.entries}
    names = sorted(listed ^ set(bag.payload))
    for manifest in bag.manifests:
        for path, (digest, _line) in manifest.entries.items():
            found = bag.measured.get(bag.place(path) or "")
            if manifest.algorithm and found and found.digest(manifest.algorithm) != digest:
                names.append(path)
    shown = list(dict.fromkeys(names))[:10]
    return f": look at {', '.join(shown)}" if shown else ""


@check("BAG-020", "Lines of fetch.txt are a URL, a length and a path", "RFC 8493 §2.2.3", needs="bag")
def fetch_lines(bag: BagContents) -> Iterator[Fault]:
    """Nothing is fetched to find this out."""
    yield from _problems(bag, BagProblem.FETCH_LINE, words="the line is no URL, length and path: {}")


@check("BAG-021", "Files to fetch are listed in every manifest", "RFC 8493 §2.2.3", needs="bag")
def fetch_listed(bag: BagContents) -> Iterator[Fault]:
    """What is fetched must be verifiable."""
    for entry in bag.fetch:
        missing = [manifest.name for manifest in bag.manifests if entry.path not in manifest.entries]
        if missing:
            yield Fault(f"{entry.path} is to be fetched but not listed in {', '.join(missing)}",
                        "fetch.txt", entry.line, _RULE)  # fmt: skip


@check("BAG-022", "Files to fetch lie on the web", "RFC 8493 §2.2.3, §5.4", needs="bag")
def fetch_schemes(bag: BagContents) -> Iterator[Fault]:
    """Only http and https addresses are ever followed, and only when asked."""
    for entry in bag.fetch:
        try:
            parts = urlsplit(entry.url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            yield Fault(f"{entry.url!r} is no http or https address; it will not be fetched",
                        "fetch.txt", entry.line, _RULE)  # fmt: skip


@check("BAG-023", "The bag holds only files and folders", "RFC 8493 §2, §5.1", needs="bag")
def no_specials(bag: BagContents) -> Iterator[Fault]:
    """Links and special files are never followed or opened."""
    for path, kind in bag.specials:
        yield Fault(f"{path} is a {kind}, not a file; it was not opened", path, remedy=_RESTORE)


@check("BAG-024", "No two paths differ only by case or normalisation", "RFC 8493 §5.2", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def distinct(bag: BagContents) -> Iterator[Fault]:
    """Such twins are one file on other systems."""
    seen: dict[str, str] = {}
    for path in sorted(bag.payload):
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            yield Fault(f"{path!r} and {seen[folded]!r} differ only by case or Unicode normalisation", path,
                        remedy="Keep the bag on a system that tells them apart.")  # fmt: skip
        seen.setdefault(folded, path)


@check("BAG-025", "Paths are normalised as on the disk", "RFC 8493 §5.2", needs="bag", severity=Severity.WARNING)
def normalised(bag: BagContents) -> Iterator[Fault]:
    """A path found only by allowing for Unicode normalisation (NFC, NFD)."""
    for stated, found in sorted(bag.on_disk.items()):
        yield Fault(f"the manifest has {stated!r}, the disk {found!r}: the same name in another normalisation", found,
                    remedy="Nothing is lost; copy the bag with a tool that keeps names as they are.")  # fmt: skip


@check("BAG-026", "Percent signs in paths are encoded", "RFC 8493 §2.1.3", needs="bag", severity=Severity.WARNING)
def percent_encoded(bag: BagContents) -> Iterator[Fault]:
    """Older tools write % as it is; such a path is read as it stands."""
    yield from _problems(
        bag, BagProblem.LITERAL_PERCENT, words="the path {} has a % that encodes nothing; read as it stands"
    )


@check("BAG-027", "Tag files keep within the limits", "archiver: limits", needs="bag")
def within_limits(bag: BagContents) -> Iterator[Fault]:
    """512 MiB a tag file, 1,048,576 characters a line."""
    yield from _problems(bag, BagProblem.TOO_LARGE, words="the tag file is beyond the limit: {}")
