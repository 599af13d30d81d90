"""Reading a bag: one listing, its tag files, and every byte digested once when asked. Facts only; rules judge them."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from archiver import plugs
from archiver.errors import ArchiverError, CouldNotFindOut, UnreadableInput
from archiver.executors import ordered_map
from archiver.fixity.measure import HEAD, chunks, failure, open_regular
from archiver.model.bag import BagContents, BagProblem, Manifest, Problem
from archiver.model.package import Measured, Seal, SealedBag
from archiver.model.report import CheckRun, Finding
from archiver.model.values import Algorithm, Checksum
from archiver.packages.bag import tagfiles

_BATCH = 64  # small files digested in one go, so that handing them to threads costs little
_STRONGEST = (Algorithm.SHA512, Algorithm.SHA256, Algorithm.SHA3_512, Algorithm.BLAKE2B, Algorithm.SHA384)


class Bag:
    """A BagIt bag on disk, any version from 0.93 to 1.0. Nothing is changed, fetched or followed."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self._read: BagContents | None = None

    @classmethod
    def open(cls, path: Path, *, name: str | None = None) -> Bag:
        """A bag at a folder; `name` is the name it goes by when it is not the folder's.

        Raises UnreadableInput when there is no folder. Whether it is a bag is for the rules to say.
        """
        try:
            status = path.lstat()
        except OSError as error:
            raise failure(error, path, "reading") from error
        if not stat.S_ISDIR(status.st_mode):
            raise UnreadableInput(f"{path} is not a folder.", remedy="Name the folder that holds bagit.txt.")
        return cls(path, name or path.resolve().name)

    def contents(self, measure: bool = True, workers: int = 2) -> BagContents:
        """Everything read of the bag; with `measure`, every file digested by every algorithm its manifests use.

        What cannot be read is listed in `unreadable`. Raises UnreadableInput when the folder itself may not be read.
        """
        if self._read is None:
            self._read = _read(self.path, self.name)
        if measure and not self._read.was_measured:
            self._read = _measured(self._read, workers)
        return self._read

    @property
    def info(self) -> list[tuple[str, str]]:
        """The labels and values of bag-info.txt, in order, repeats kept."""
        return [(tag.label, tag.value) for tag in self.contents(measure=False).info]

    def payload(self) -> Iterator[tuple[str, dict[Algorithm, str]]]:
        """Each path of the payload manifests, in order, with its digests."""
        manifests = self.contents(measure=False).manifests
        for path in sorted({path for manifest in manifests for path in manifest.entries}):
            yield (
                path,
                {
                    manifest.algorithm: manifest.entries[path][0]
                    for manifest in manifests
                    if manifest.algorithm is not None and path in manifest.entries
                },
            )

    def seal(self) -> Seal | None:
        """The digest of the strongest tag manifest as it is on the disk; None when there is none."""
        return self.contents(measure=False).seal

    def sealed(self) -> SealedBag:
        """The bag by its seal and its listing, no payload read. Raises CouldNotFindOut when it has no tag manifest."""
        contents = self.contents(measure=False)
        if contents.seal is None:
            raise CouldNotFindOut(f"{self.path} has no tag manifest, so it has no seal.")
        size = sum(contents.payload.values())
        return SealedBag(self.path, self.name, contents.seal, len(contents.payload), size)

    def validate(self, workers: int = 2) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
        """Every rule of RFC 8493 and of fixity on this bag: all faults, not the first."""
        return plugs.run_checks("bag", self.contents(workers=workers), subject=str(self.path))


def _read(path: Path, name: str) -> BagContents:
    payload: dict[str, int] = {}
    tag_files: dict[str, int] = {}
    specials: list[tuple[str, str]] = []
    unreadable: list[tuple[str, str]] = []
    for found, size, special in _listing(path, unreadable):
        if special:
            specials.append((found, special))
        elif found.startswith("data/"):
            payload[found] = size
        else:
            tag_files[found] = size
    reader = _TagReader(path, tag_files, unreadable)
    version, encoding = reader.declaration()
    manifests = reader.manifests("manifest-", tags=False)
    tag_manifests = reader.manifests("tagmanifest-", tags=True)
    info_name = "bag-info.txt" if "bag-info.txt" in tag_files else "package-info.txt"
    info, info_problems = tagfiles.read_info(reader.text(info_name) or "")
    fetch, fetch_problems = tagfiles.read_fetch(reader.text("fetch.txt") or "")
    stated = (manifest.entries for manifest in (*manifests, *tag_manifests))
    return BagContents(
        path=path,
        name=name,
        version=version,
        encoding=encoding,
        manifests=manifests,
        tag_manifests=tag_manifests,
        info=tuple(info),
        fetch=tuple(fetch),
        payload=payload,
        tag_files=tag_files,
        specials=tuple(specials),
        has_data=(path / "data").is_dir(),
        has_declaration="bagit.txt" in tag_files,
        measured={},
        was_measured=False,
        unreadable=tuple(unreadable),
        problems=(*reader.problems, *info_problems, *fetch_problems),
        on_disk=_normalised(stated, payload, tag_files),
        seal=_seal(tag_manifests, reader),
    )


class _TagReader:
    """Reads tag files, each at most once, and gathers what is wrong with them."""

    def __init__(self, path: Path, files: Mapping[str, int], unreadable: list[tuple[str, str]]) -> None:
        self.path, self.files, self.unreadable = path, files, unreadable
        self.problems: list[Problem] = []
        self.codec = "utf-8"
        self.raw: dict[str, bytes] = {}

    def declaration(self) -> tuple[str, str]:
        content = self.content("bagit.txt")
        if content is None:
            return "", ""
        version, encoding, problems = tagfiles.read_declaration(content)
        self.problems += problems
        codec = tagfiles.text_codec(encoding) if encoding else None
        if encoding and codec is None:
            detail = f"{encoding!r} is no encoding of text that is known"
            self.problems.append(Problem(BagProblem.ENCODING, "bagit.txt", 2, detail))
        self.codec = codec or "utf-8"
        return version, encoding

    def manifests(self, prefix: str, *, tags: bool) -> tuple[Manifest, ...]:
        found = []
        for name in sorted(self.files):
            if name.startswith(prefix) and name.endswith(".txt") and "/" not in name:
                text = self.text(name)
                if text is not None:
                    manifest, problems = tagfiles.read_manifest(name, text, tags=tags)
                    found.append(manifest)
                    self.problems += problems
        return tuple(found)

    def text(self, name: str) -> str | None:
        content = self.content(name)
        if content is None:
            return None
        text, problems = tagfiles.decode(content, self.codec, name)
        self.problems += problems
        return text.removeprefix("\ufeff") if name != "bagit.txt" else text

    def content(self, name: str) -> bytes | None:
        if name not in self.files:
            return None
        if name in self.raw:
            return self.raw[name]
        if self.files[name] > tagfiles.LARGEST_FILE:
            detail = f"{self.files[name]} bytes; the limit is {tagfiles.LARGEST_FILE}"
            self.problems.append(Problem(BagProblem.TOO_LARGE, name, None, detail))
            return None
        try:
            descriptor = open_regular(self.path / name)
            try:
                content = b"".join(chunks(descriptor, self.path / name))
            finally:
                os.close(descriptor)
        except ArchiverError as error:
            self.unreadable.append((name, error.message))
            return None
        if name.startswith("tagmanifest-") or name == "bagit.txt":
            self.raw[name] = content
        return content


def _listing(root: Path, unreadable: list[tuple[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Every entry that is no folder: path, size in bytes, and its kind when it is no regular file."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(root / prefix if prefix else root) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise failure(error, root, "reading") from error
            unreadable.append((prefix.rstrip("/"), str(failure(error, root / prefix, "reading"))))
            continue
        folders = []
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                folders.append(f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, status.st_size, _special(status.st_mode)
        waiting.extend(reversed(folders))


def _special(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    kinds = {stat.S_IFLNK: "symbolic link", stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")


def _normalised(
    stated: Iterator[Mapping[str, tuple[str, int]]], payload: Mapping[str, int], tag_files: Mapping[str, int]
) -> dict[str, str]:
    """Stated paths that are on the disk in another Unicode normalisation only."""
    missing = {path for entries in stated for path in entries if path not in payload and path not in tag_files}
    missing = {path for path in missing if not path.isascii()}
    if not missing:
        return {}
    by_form = {unicodedata.normalize("NFC", path): path for path in (*payload, *tag_files) if not path.isascii()}
    found = {path: by_form.get(unicodedata.normalize("NFC", path)) for path in missing}
    return {path: place for path, place in sorted(found.items()) if place is not None}


def _seal(tag_manifests: Sequence[Manifest], reader: _TagReader) -> Seal | None:
    by_algorithm = {manifest.algorithm: manifest.name for manifest in tag_manifests}
    algorithms = [*_STRONGEST, *(known for known in Algorithm if known not in _STRONGEST)]
    for algorithm in algorithms:
        name = by_algorithm.get(algorithm)
        content = reader.content(name) if name else None
        if content is not None:
            digest = hashlib.new(algorithm.hashlib_name, content, usedforsecurity=False).hexdigest()
            return Seal(Checksum.of(algorithm, digest))
    return None


def _measured(contents: BagContents, workers: int) -> BagContents:
    payload = _algorithms(contents.manifests)
    tags = _algorithms(contents.tag_manifests)
    jobs = [(path, payload) for path in contents.payload] + [(path, tags) for path in contents.tag_files]
    jobs = [(path, algorithms) for path, algorithms in jobs if algorithms]
    large = [[job] for job in jobs if _size(contents, job[0]) > (1 << 20)]
    small = [job for job in jobs if _size(contents, job[0]) <= (1 << 20)]
    batches = large + [small[index : index + _BATCH] for index in range(0, len(small), _BATCH)]
    measured: dict[str, Measured] = {}
    unreadable = list(contents.unreadable)
    for batch in ordered_map(lambda part: _digest_batch(contents.path, part), batches, workers=workers):
        for path, found in batch:
            if isinstance(found, Measured):
                measured[path] = found
            else:
                unreadable.append((path, found))
    return replace(contents, measured=measured, was_measured=True, unreadable=tuple(dict.fromkeys(unreadable)))


def _algorithms(manifests: Sequence[Manifest]) -> tuple[Algorithm, ...]:
    return tuple(dict.fromkeys(manifest.algorithm for manifest in manifests if manifest.algorithm is not None))


def _size(contents: BagContents, path: str) -> int:
    return contents.payload[path] if path in contents.payload else contents.tag_files[path]


def _digest_batch(root: Path, batch: Sequence[tuple[str, tuple[Algorithm, ...]]]) -> list[tuple[str, Measured | str]]:
    results: list[tuple[str, Measured | str]] = []
    for path, algorithms in batch:
        try:
            results.append((path, _digest(root / path, algorithms)))
        except ArchiverError as error:
            results.append((path, error.message))
    return results


def _digest(path: Path, algorithms: Sequence[Algorithm]) -> Measured:
    digests = [(known.value, hashlib.new(known.hashlib_name, usedforsecurity=False)) for known in algorithms]
    descriptor = open_regular(path)
    size, head = 0, b""
    try:
        for piece in chunks(descriptor, path):
            for _name, digest in digests:
                digest.update(piece)
            if not size:
                head = piece[: min(HEAD, 512)]
            size += len(piece)
    finally:
        os.close(descriptor)
    return Measured(size, tuple(Checksum(name, digest.hexdigest()) for name, digest in digests), head)
