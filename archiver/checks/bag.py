"""Rules for any bag, by RFC 8493 alone: declaration, payload and payload manifests.

A MUST is an error, a SHOULD a warning. The rules for tag manifests, bag-info.txt and fetch.txt are in bag_tags.py,
those for names in bag_names.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.model.bag import BagContents, BagProblem
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
RESTORE = "Restore the file from another copy of the bag; never change a manifest to fit."
ASK = "Ask whoever made the bag to make it again by RFC 8493."


def told(
    bag: BagContents, *kinds: BagProblem, words: str, remedy: str = ASK, before_1_0: Severity | None = None
) -> Iterator[Fault]:
    """What the reader met of some kinds, in words; `before_1_0` is the severity in bags of earlier versions."""
    severity = before_1_0 if bag.version_number < (1, 0) else None
    for problem in bag.about(*kinds):
        yield Fault(words.format(problem.detail), problem.path, problem.line, remedy, severity)


def need_declaration(bag: BagContents) -> None:
    """Skip a rule that means nothing where there is no bag."""
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
    need_declaration(bag)
    yield from told(bag, BagProblem.DECLARATION_FORM, words="the declaration is malformed: {}")


@check("BAG-003", "The version is known", "RFC 8493 §2.1.1, §3", needs="bag")
def version_known(bag: BagContents) -> Iterator[Fault]:
    """Versions 0.93 to 1.0 are read."""
    need_declaration(bag)
    if bag.version and bag.version not in VERSIONS:
        yield Fault(f"BagIt version {bag.version} is not known ({', '.join(VERSIONS)} are)", "bagit.txt", 1, ASK)


@check("BAG-004", "Tag files are in the declared encoding", "RFC 8493 §2.1.1, §2.3", needs="bag")
def encoding(bag: BagContents) -> Iterator[Fault]:
    """The encoding is one of text, and the bytes are of it."""
    need_declaration(bag)
    yield from told(bag, BagProblem.ENCODING, words="the tag file cannot be read: {}")


@check("BAG-005", "There is a payload folder", "RFC 8493 §2.1.2", needs="bag")
def payload_folder(bag: BagContents) -> Iterator[Fault]:
    """A folder called data stands at the root, be it empty."""
    need_declaration(bag)
    if not bag.has_data:
        yield Fault("there is no folder data", "data", remedy=RESTORE)


@check("BAG-006", "There is a payload manifest", "RFC 8493 §2.1.3", needs="bag")
def payload_manifest(bag: BagContents) -> Iterator[Fault]:
    """At least one manifest-*.txt stands at the root."""
    need_declaration(bag)
    if not bag.manifests:
        yield Fault("there is no payload manifest (manifest-<algorithm>.txt)", remedy=RESTORE)


@check("BAG-007", "Manifest lines are a digest and a path", "RFC 8493 §2.1.3", needs="bag")
def manifest_lines(bag: BagContents) -> Iterator[Fault]:
    """Nothing else may stand in a manifest."""
    yield from told(bag, BagProblem.MANIFEST_LINE, words="the line is not a digest and a path: {}")


@check("BAG-008", "Every manifest can be verified", "RFC 8493 §2.4", needs="bag", severity=Severity.WARNING)
def algorithms_known(bag: BagContents) -> Iterator[Fault]:
    """A manifest of an unknown algorithm proves nothing here; when there is no other, nothing can be said at all."""
    for manifest in (*bag.manifests, *bag.tag_manifests):
        if manifest.algorithm is None:
            yield Fault(f"the algorithm {manifest.algorithm_name!r} is not known here: this manifest was not verified",
                        manifest.name, remedy="Ask for a sha256 or sha512 manifest.")  # fmt: skip
    if bag.manifests and all(manifest.algorithm is None for manifest in bag.manifests):
        names = ", ".join(manifest.algorithm_name for manifest in bag.manifests)
        raise CouldNotFindOut(f"no payload manifest is of an algorithm that can be computed here: {names}")


@check("BAG-009", "Digests are digests of their algorithm", "RFC 8493 §2.1.3", needs="bag")
def digests_well_formed(bag: BagContents) -> Iterator[Fault]:
    """Hexadecimal, of the algorithm's length."""
    yield from told(bag, BagProblem.DIGEST_FORM, words="not a digest: {}", remedy=RESTORE)


@check("BAG-010", "No path leaves the bag", "RFC 8493 §2.1.3, §2.2.3, §5.1", needs="bag")
def paths_inside(bag: BagContents) -> Iterator[Fault]:
    """A path that leaves the bag, or the payload, is never looked at."""
    yield from told(bag, BagProblem.PATH_OUTSIDE, words="the path {}; it was not looked at")


@check("BAG-011", "Paths are paths that a file can have", "RFC 8493 §2.1.3", needs="bag")
def paths_usable(bag: BagContents) -> Iterator[Fault]:
    """No empty part, no NUL, within 255 bytes a part and 4,096 in all."""
    yield from told(bag, BagProblem.PATH_UNUSABLE, words="the path {}")


@check("BAG-012", "No path is listed twice", "RFC 8493 §2.1.3", needs="bag")
def no_duplicates(bag: BagContents) -> Iterator[Fault]:
    """A manifest lists a file once. Before 1.0 a second line with the same digest was no fault."""
    for problem in bag.about(BagProblem.DUPLICATE):
        harmless = bag.version_number < (1, 0) and "same digest" in problem.detail
        yield Fault(problem.detail, problem.path, problem.line, ASK, Severity.WARNING if harmless else None)


@check("BAG-013", "Every listed payload file is there", "RFC 8493 §2.1.3, §3", needs="bag")
def complete(bag: BagContents) -> Iterator[Fault]:
    """A bag is complete when every file of every manifest is present."""
    seen: set[str] = set()
    waiting = {entry.path for entry in bag.fetch}
    special = dict(bag.specials)
    for manifest in bag.manifests:
        for path in manifest.entries:
            if path in bag.payload or path in seen or bag.place(path) is not None or path in special:
                continue
            seen.add(path)
            line = manifest.entries[path][1]
            if path in bag.folders:
                yield Fault(f"{path} is a folder; manifests list files", manifest.name, line, ASK)
            elif path in waiting:
                yield Fault(f"{path} is not here yet: fetch.txt names where it is", manifest.name, line,
                            "Complete the bag: archiver bag fetch BAG -o DIR.")  # fmt: skip
            else:
                yield Fault(f"{path} is missing", manifest.name, line, RESTORE)


@check("BAG-014", "Every payload file is listed", "RFC 8493 §2.1.3, §3", needs="bag")
def all_listed(bag: BagContents) -> Iterator[Fault]:
    """From 1.0 every manifest lists every payload file; before, one of them must."""
    if not bag.manifests:
        raise Skip("there is no payload manifest")
    other_form = {found: stated for stated, found in bag.on_disk.items()}
    unlisted: dict[str, list[str]] = {}
    for manifest in bag.manifests:
        for path in bag.payload:
            if path not in manifest.entries and other_form.get(path) not in manifest.entries:
                unlisted.setdefault(path, []).append(manifest.name)
    for path, missing in sorted(unlisted.items()):
        if len(missing) == len(bag.manifests):
            yield Fault(f"{path} is listed in no manifest", path,
                        remedy="Find out where the file comes from; it is no part of the bag.")  # fmt: skip
        elif bag.version_number >= (1, 0):
            yield Fault(f"{path} is not listed in {', '.join(missing)}", path, remedy=ASK)


@check("BAG-023", "The bag holds only files and folders", "RFC 8493 §2, §5.1", needs="bag")
def no_specials(bag: BagContents) -> Iterator[Fault]:
    """Links and special files are never followed or opened."""
    for path, kind in bag.specials:
        yield Fault(f"{path} is a {kind}, not a file; it was not opened", path, remedy=RESTORE)


@check("BAG-027", "Tag files keep within the limits", "archiver: limits", needs="bag")
def within_limits(bag: BagContents) -> Iterator[Fault]:
    """What is larger than any honest tag file is not read. docs/bagit.md names the limits."""
    yield from told(bag, BagProblem.TOO_LARGE, words="the tag file is beyond the limit: {}")


@check("BAG-028", "Manifests are named for their algorithm", "RFC 8493 §2.1.3, §2.4", needs="bag")
def manifest_names(bag: BagContents) -> Iterator[Fault]:
    """Lower case, letters and digits alone; no two manifests of one algorithm."""
    need_declaration(bag)
    severity = Severity.NOTICE if bag.version_number < (1, 0) else None
    for manifests in (bag.manifests, bag.tag_manifests):
        seen: dict[str, str] = {}
        for manifest in manifests:
            normalised = re.sub(r"[^a-z0-9]", "", manifest.algorithm_name.lower())
            if normalised in seen:
                yield Fault(f"{manifest.name} and {seen[normalised]} are of the same algorithm", manifest.name,
                            remedy=ASK, severity=Severity.WARNING)  # fmt: skip
            seen.setdefault(normalised, manifest.name)
            if normalised != manifest.algorithm_name:
                right = manifest.name.replace(manifest.algorithm_name, normalised)
                yield Fault(f"the manifest is called {manifest.name}; RFC 8493 has {right}", manifest.name,
                            remedy=ASK, severity=severity)  # fmt: skip


@check("BAG-029", "Manifest lines bear no marks of checksum tools", "RFC 8493 §6.1.3", needs="bag",
       severity=Severity.WARNING)  # fmt: skip
def no_legacy_marks(bag: BagContents) -> Iterator[Fault]:
    """Lines as md5sum writes them are understood, and said to fail strict validation."""
    yield from told(bag, BagProblem.LEGACY_MARK, before_1_0=Severity.NOTICE,
                    words="the line has {}; it was understood, but strict validation fails")  # fmt: skip


@check("BAG-030", "Lines have an end", "RFC 8493 §2.3", needs="bag", severity=Severity.WARNING)
def last_lines(bag: BagContents) -> Iterator[Fault]:
    """The last line of a tag file should end as the others do; without it, a cut-off file looks whole."""
    yield from told(bag, BagProblem.LAST_LINE, words="the last line: {}", before_1_0=Severity.NOTICE)


@check("BAG-031", "Tag files in UTF-8 begin with no byte order mark", "RFC 8493 §2.3", needs="bag")
def no_byte_order_mark(bag: BagContents) -> Iterator[Fault]:
    """A mark is allowed only where the encoding needs one."""
    yield from told(bag, BagProblem.BYTE_ORDER_MARK, words="the tag file: {}", before_1_0=Severity.WARNING)


@check("BAG-032", "Tag files are in UTF-8", "RFC 8493 §2.1.1, §2.3", needs="bag", severity=Severity.WARNING)
def utf_8(bag: BagContents) -> Iterator[Fault]:
    """Other encodings are allowed for the sake of old bags."""
    need_declaration(bag)
    if bag.encoding and bag.encoding.upper() != "UTF-8":
        yield Fault(f"the declared encoding is {bag.encoding}, not UTF-8", "bagit.txt", 2, ASK)
