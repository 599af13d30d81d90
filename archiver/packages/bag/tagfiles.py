"""Tag files read into facts: declaration, manifests, bag-info, fetch list. Nothing here judges."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from archiver.model.bag import BagProblem, FetchEntry, InfoTag, Manifest, Problem
from archiver.model.values import Algorithm
from archiver.packages.bag import encoding

LARGEST_FILE = 512 * 1024 * 1024  # bytes of a tag file
LONGEST_LINE = 1024 * 1024  # characters
_ENTRY = re.compile(r"([^ \t]+)[ \t]+(\*?)(.+)", re.DOTALL)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines ended by LF, CR or CRLF alone, numbered from 1; no other character ends a line (RFC 8493 §2.1)."""
    pieces = re.split(r"\r\n|\n|\r", text) if "\r" in text else text.split("\n")
    if pieces and not pieces[-1]:
        pieces.pop()
    yield from enumerate(pieces, 1)


def text_codec(name: str) -> str | None:
    """The codec of a declared encoding, or None when it is unknown or no encoding of text (rot13, zlib, …)."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text else None


def decode(content: bytes, codec: str, path: str) -> tuple[str, list[Problem]]:
    """The text of a tag file; bytes that are not of the encoding are reported and shown as escapes."""
    try:
        return content.decode(codec), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = f"byte {error.start} is not {codec}"
        return content.decode(codec, "backslashreplace"), [Problem(BagProblem.ENCODING, path, line, detail)]


def read_declaration(content: bytes) -> tuple[str, str, list[Problem]]:
    """Version, encoding and problems of bagit.txt (RFC 8493 §2.1.1)."""
    path = "bagit.txt"

    def wrong(line: int | None, detail: str) -> Problem:
        return Problem(BagProblem.DECLARATION_FORM, path, line, detail)

    problems: list[Problem] = []
    if content.startswith(codecs.BOM_UTF8):
        problems.append(wrong(1, "it begins with a byte order mark"))
        content = content[3:]
    text, undecodable = decode(content, "utf-8", path)
    problems += undecodable
    found = list(lines(text))
    version = codec = ""
    if len(found) != 2:
        problems.append(wrong(None, f"it has {len(found)} lines, not 2"))
    for number, line in found:
        match = re.fullmatch(r"(BagIt-Version|Tag-File-Character-Encoding): ?(\S+)[ \t]*", line)
        expected = "BagIt-Version" if number == 1 else "Tag-File-Character-Encoding"
        if match is None or match.group(1) != expected:
            problems.append(wrong(number, f"expected {expected!r} with a value, found {line[:80]!r}"))
            match = re.match(rf"({expected})\s*:\s*(\S+)", line)
        if match is not None and number == 1:
            version = match.group(2)
        elif match is not None and number == 2:
            codec = match.group(2)
    if version and not re.fullmatch(r"\d+\.\d+", version):
        problems.append(wrong(1, f"{version!r} is no version number M.N"))
        version = ""
    return version, codec, problems


def read_manifest(name: str, text: str, *, tags: bool) -> tuple[Manifest, list[Problem]]:
    """A manifest (`tags` false) or tag manifest, its name telling the algorithm (RFC 8493 §2.1.3, §2.2.1)."""
    algorithm_name = name.removeprefix("tag").removeprefix("manifest-").removesuffix(".txt")
    algorithm = next((known for known in Algorithm if known.value == algorithm_name.lower()), None)
    entries: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for number, line in lines(text):
        match = _ENTRY.fullmatch(line) if len(line) <= LONGEST_LINE else None
        if match is None:
            problems.append(Problem(BagProblem.MANIFEST_LINE, name, number, _cut(line)))
            continue
        digest, written = match.group(1), match.group(3)
        path = encoding.decode(written).removeprefix("./")
        entry_problems = list(_entry_problems(name, number, digest, written, path, algorithm, tags=tags))
        problems += entry_problems
        if path in entries:
            other, line_before = entries[path]
            same = "the same digest" if other == digest.lower() else "another digest"
            detail = f"{path!r} stands in line {line_before} already, with {same}"
            problems.append(Problem(BagProblem.DUPLICATE, name, number, detail))
        elif not any(p.kind in {BagProblem.PATH_OUTSIDE, BagProblem.PATH_UNUSABLE} for p in entry_problems):
            entries[path] = (digest.lower(), number)
    return Manifest(name, algorithm_name, algorithm, entries), problems


def _entry_problems(
    name: str, number: int, digest: str, written: str, path: str, algorithm: Algorithm | None, *, tags: bool
) -> Iterator[Problem]:
    if algorithm is not None and (len(digest) != algorithm.hex_length or not re.fullmatch(r"[0-9A-Fa-f]+", digest)):
        detail = f"{_cut(digest)} has {len(digest)} characters; {algorithm.label} has {algorithm.hex_length} hex digits"
        yield Problem(BagProblem.DIGEST_FORM, name, number, detail)
    if reason := encoding.outside(path):
        yield Problem(BagProblem.PATH_OUTSIDE, name, number, f"{_cut(path)}: {reason}")
    elif reason := encoding.unusable(path):
        yield Problem(BagProblem.PATH_UNUSABLE, name, number, f"{_cut(path)}: {reason}")
    elif not tags and not path.startswith("data/"):
        yield Problem(BagProblem.PATH_OUTSIDE, name, number, f"{_cut(path)}: it is not below data/")
    if encoding.has_literal_percent(written):
        yield Problem(BagProblem.LITERAL_PERCENT, name, number, _cut(written))


def read_info(text: str) -> tuple[list[InfoTag], list[Problem]]:
    """The labels and values of bag-info.txt, order, repeats and folding kept (RFC 8493 §2.2.2)."""
    tags: list[InfoTag] = []
    problems: list[Problem] = []
    for number, line in lines(text):
        if len(line) > LONGEST_LINE:
            problems.append(Problem(BagProblem.TOO_LARGE, "bag-info.txt", number, f"{len(line)} characters"))
        elif line[:1] in {" ", "\t"} and tags:
            before = tags.pop()
            tags.append(InfoTag(before.label, f"{before.value} {line.strip()}".strip(), before.line))
        elif not line.strip():
            continue
        elif ":" in line and line.partition(":")[0].strip():
            label, _, value = line.partition(":")
            tags.append(InfoTag(label.strip(), value.strip(), number))
        else:
            problems.append(Problem(BagProblem.INFO_LINE, "bag-info.txt", number, _cut(line)))
    return tags, problems


def read_fetch(text: str) -> tuple[list[FetchEntry], list[Problem]]:
    """The lines of fetch.txt: URL, length or `-`, path (RFC 8493 §2.2.3). Nothing is fetched."""
    entries: list[FetchEntry] = []
    problems: list[Problem] = []
    for number, line in lines(text):
        match = (
            re.fullmatch(r"(\S+)[ \t]+(\d{1,19}|-)[ \t]+(.+)", line, re.ASCII) if len(line) <= LONGEST_LINE else None
        )
        if match is None:
            problems.append(Problem(BagProblem.FETCH_LINE, "fetch.txt", number, _cut(line)))
            continue
        path = encoding.decode(match.group(3)).removeprefix("./")
        reason = encoding.outside(path) or encoding.unusable(path)
        if not reason and not path.startswith("data/"):
            reason = "it is not below data/"
        if reason:
            problems.append(Problem(BagProblem.PATH_OUTSIDE, "fetch.txt", number, f"{_cut(path)}: {reason}"))
            continue
        size = None if match.group(2) == "-" else int(match.group(2))
        entries.append(FetchEntry(match.group(1), size, path, number))
    return entries, problems


def _cut(words: str) -> str:
    return repr(words if len(words) <= 120 else words[:117] + "…")
