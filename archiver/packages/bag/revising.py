"""The tag files of a bag after an update: what is written anew, what goes, what differs from what was sealed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.fixity.digests import checksums_of
from archiver.fixity.measure import chunks, open_regular
from archiver.model.update import EVENTS, ChangedTagFile, Revision, TagFileChange
from archiver.model.values import Algorithm, Checksum
from archiver.packages.bag.encoding import encode, encode_older
from archiver.packages.bag.infofile import InfoFile
from archiver.packages.bag.lines import text_codec
from archiver.packages.bag.reader import LARGEST_MANIFEST, LARGEST_TAG_FILE, STRONGEST
from archiver.packages.bag.tagfiles import DECLARATION as DECLARATION_FILE
from archiver.packages.bag.writer import DECLARATION, encodable, human_size

if TYPE_CHECKING:
    from archiver.model.bag import BagContents, Manifest

_TAG_MANIFEST = re.compile(r"tagmanifest-[^/]+\.txt")


@dataclass(frozen=True, slots=True)
class Revised:
    """The tag files to be: those written anew with their bytes, those that go, and how manifests are written.

    Tag manifests are in neither: they are all made again, of the algorithms in `sealing`, strongest first.
    """

    written: Mapping[str, bytes]
    left_out: frozenset[str]
    sealing: tuple[Algorithm, ...]
    codec: str
    encode: Callable[[str], str]
    said: tuple[str, ...]  # what is done besides, in words
    needless: tuple[str, ...] = ()  # what was asked for and is so already

    def manifest(self, digests: Mapping[str, str]) -> bytes:
        """The bytes of a manifest of these digests by path. Raises UsageError for a name its encoding cannot hold."""
        rows = []
        for path in sorted(digests):
            encodable(path)
            rows.append(f"{digests[path]}  {self.encode(path)}\n")
        try:
            return "".join(rows).encode(self.codec)
        except UnicodeEncodeError as error:
            raise UsageError(
                f"A manifest in {self.codec} cannot hold {error.object[error.start : error.end]!r}.",
                remedy="Update the bag to BagIt 1.0 in UTF-8 with --to-1.0.",
            ) from error


def is_tag_manifest(path: str) -> bool:
    """Whether a tag file is, by its name, a tag manifest."""
    return _TAG_MANIFEST.fullmatch(path) is not None


def read_tag_file(contents: BagContents, path: str) -> bytes:
    """The bytes of a tag file, b"" when there is none. Raises UsageError beyond the limit, and what reading raises."""
    size = contents.tag_files.get(path)
    if size is None:
        return b""
    limit = LARGEST_MANIFEST if path in {"fetch.txt", EVENTS} else LARGEST_TAG_FILE
    if size > limit:
        raise UsageError(f"{path} has {size:,} bytes; at most {limit:,} are read.")
    place = contents.path / path
    descriptor = open_regular(place)
    with open(descriptor, "rb"):  # noqa: PTH123  it is open already; this closes it
        return b"".join(chunks(descriptor, place, size))


def revise(contents: BagContents, revision: Revision) -> Revised:
    """What the tag files will be. The payload has been measured, by the added algorithms too, and is right.

    Raises UsageError for what cannot be done to this bag.
    """
    to_1_0 = revision.to_1_0 and (contents.version != "1.0" or contents.encoding.upper() != "UTF-8")
    older = contents.version_number < (1, 0) and not to_1_0
    codec = "utf-8" if to_1_0 else text_codec(contents.encoding) or "utf-8"
    needless: list[str] = []
    dropped = _dropped(contents, revision, needless)
    payload, sealing = _algorithms(contents, revision, dropped)
    said: list[str] = []
    written: dict[str, bytes] = {}
    left_out = set(dropped) & contents.tag_files.keys()
    plan = Revised(written, frozenset(), sealing, codec, encode_older if older else encode, ())
    for algorithm in payload:
        held = next((found for found in contents.manifests if found.algorithm is algorithm), None)
        if held is None or held.name in dropped or to_1_0:
            name = f"manifest-{algorithm.value}.txt"
            written[name] = plan.manifest(_payload_digests(contents, algorithm))
            if held is not None and held.name != name:
                left_out.add(held.name)
    info_name = contents.info_name
    if to_1_0:
        said.append(f"BagIt {contents.version or '?'} in {contents.encoding or '?'} becomes 1.0 in UTF-8")
        written[DECLARATION_FILE] = DECLARATION
        if info_name != "bag-info.txt" and info_name in contents.tag_files:
            left_out.add(info_name)
            said.append(f"{info_name} becomes bag-info.txt")
        info_name = "bag-info.txt"
        if "fetch.txt" in contents.tag_files:
            written["fetch.txt"] = _recoded(contents, "fetch.txt", codec)
    info = _info(contents, revision, to_1_0, said, needless)
    if info is not None:
        written[info_name] = _encoded(info, codec, info_name)
    left_out |= {path for path in contents.tag_files if is_tag_manifest(path)}
    return Revised(
        written, frozenset(left_out - written.keys()), sealing, codec, plan.encode, tuple(said), tuple(needless)
    )


def differences(
    contents: BagContents, written: Mapping[str, bytes], left_out: frozenset[str], *, with_events: bool = False
) -> tuple[ChangedTagFile, ...]:
    """Every tag file that is not, or with these changes will not be, what the tag manifests say, in order of paths.

    The file of events is looked at only when asked, since an update always adds to it.
    """
    known = sorted((one for one in contents.tag_manifests if one.algorithm), key=lambda one: _rank(one.algorithm))
    stated = {contents.on_disk.get(path, path) for one in known for path in one.entries}
    paths = (stated | contents.tag_files.keys() | written.keys()) - ({EVENTS} if not with_events else set())
    found = []
    for path in sorted(paths):
        if is_tag_manifest(path) or path.startswith("data/"):
            continue
        changed = _difference(contents, known, path, written.get(path), gone=path in left_out)
        if changed is not None:
            found.append(changed)
    return tuple(found)


def _difference(
    contents: BagContents, known: list[Manifest], path: str, content: bytes | None, *, gone: bool = False
) -> ChangedTagFile | None:
    """What became of one tag file, `content` being what will be written there; None when it is as sealed."""
    is_there = content is not None or (path in contents.tag_files and not gone)
    other_form = {found: stated for stated, found in contents.on_disk.items()}
    before = after = None
    unlisted = not known
    for manifest in known:
        assert manifest.algorithm is not None
        algorithm = manifest.algorithm
        name = path if path in manifest.entries else other_form.get(path, path)
        if name not in manifest.entries:
            unlisted = True
            continue
        before = Checksum(algorithm.value, manifest.entries[name][0])
        after = _checksum(contents, path, content, algorithm) if is_there else None
        if before != after:
            return ChangedTagFile(path, TagFileChange.CHANGED if after else TagFileChange.REMOVED, before, after)
    if not is_there or not unlisted:
        return None
    algorithm = next((one.algorithm for one in known if one.algorithm), None) or Algorithm.SHA512
    return ChangedTagFile(path, TagFileChange.ADDED, None, _checksum(contents, path, content, algorithm))


def _checksum(contents: BagContents, path: str, content: bytes | None, algorithm: Algorithm) -> Checksum:
    if content is not None:
        return checksums_of(content, (algorithm,))[0]
    return Checksum(algorithm.value, contents.measured.hexdigest(path, algorithm))


def _rank(algorithm: Algorithm | None) -> int:
    order = [*STRONGEST, *(known for known in Algorithm if known not in STRONGEST)]
    return order.index(algorithm) if algorithm else len(order)


def _dropped(contents: BagContents, revision: Revision, needless: list[str]) -> dict[str, str]:
    """Names of the manifests and tag manifests that go, each with the algorithm as it was asked for."""
    found: dict[str, str] = {}
    for name in revision.drop_algorithms:
        folded = re.sub(r"[^a-z0-9]", "", name.lower())
        gone = [
            manifest.name
            for manifest in (*contents.manifests, *contents.tag_manifests)
            if folded in {manifest.algorithm_name.lower(), manifest.algorithm.value if manifest.algorithm else ""}
        ]
        if not gone:
            needless.append(f"The bag has no manifest of the algorithm {name!r} to drop.")
        found.update(dict.fromkeys(gone, name))
    return found


def _algorithms(
    contents: BagContents, revision: Revision, dropped: Mapping[str, str]
) -> tuple[tuple[Algorithm, ...], tuple[Algorithm, ...]]:
    """The algorithms of the payload manifests and of the tag manifests to be, strongest first."""

    def staying(manifests: tuple[Manifest, ...]) -> set[Algorithm]:
        stay = {one.algorithm for one in manifests if one.algorithm and one.name not in dropped}
        return stay | set(revision.add_algorithms)

    unknown = [one for one in contents.tag_manifests if one.algorithm is None and one.name not in dropped]
    if unknown:
        raise UsageError(
            f"{unknown[0].name} is of an algorithm that is not known here, so it cannot be made again.",
            remedy=f"Drop it with --drop-algorithm {unknown[0].algorithm_name}.",
        )
    payload = staying(contents.manifests)
    sealing = staying(contents.tag_manifests) if contents.tag_manifests else payload
    for kind, algorithms in (("payload", payload), ("tag", sealing)):
        if dropped and all(algorithm.is_legacy for algorithm in algorithms):
            raise UsageError(
                f"Without {', '.join(dict.fromkeys(dropped.values()))} no {kind} manifest would be left of an "
                "algorithm that is accepted as evidence.",
                remedy="Add one in the same run: --add-algorithm sha512.",
            )
    return tuple(sorted(payload, key=_rank)), tuple(sorted(sealing, key=_rank))


def _payload_digests(contents: BagContents, algorithm: Algorithm) -> dict[str, str]:
    """The digest of every payload file as it was read, by the path that the manifests there are write."""
    stated = {found: path for path, found in contents.on_disk.items()}
    return {stated.get(path, path): contents.measured.hexdigest(path, algorithm) for path in contents.payload}


def _info(contents: BagContents, revision: Revision, to_1_0: bool, said: list[str], needless: list[str]) -> str | None:
    """The text of bag-info.txt when it is written anew, else None."""
    raw = read_tag_file(contents, contents.info_name)
    try:
        text = raw.decode(text_codec(contents.encoding) or "utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{contents.info_name} is not in {contents.encoding}: byte {error.start}.") from error
    info = InfoFile(text)
    for label in revision.remove_info:
        if not info.remove(label):
            needless.append(f"{contents.info_name} has no {label!r} to remove.")
    for label, value in revision.set_info:
        info.set(label, value)
    for label, value in revision.add_info:
        info.add(label, value)
    right = f"{sum(contents.payload.values())}.{len(contents.payload)}"
    stated = info.values("Payload-Oxum")
    if stated and stated != [right]:
        info.set("Payload-Oxum", right)
        said.append(f"Payload-Oxum stated {', '.join(stated)}; the payload is as its manifests say, and has {right}")
        if info.values("Bag-Size"):
            info.set("Bag-Size", human_size(sum(contents.payload.values())))
    if to_1_0:
        info.respace()
    changed = info.text() != text or (to_1_0 and raw)
    return info.text() if changed else None


def _recoded(contents: BagContents, path: str, codec: str) -> bytes:
    text = read_tag_file(contents, path).decode(text_codec(contents.encoding) or "utf-8")
    return _encoded(text.removeprefix("\ufeff"), codec, path)


def _encoded(text: str, codec: str, path: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{path} in {codec} cannot hold {error.object[error.start : error.end]!r}.",
            remedy="Update the bag to BagIt 1.0 in UTF-8 with --to-1.0.",
        ) from error
