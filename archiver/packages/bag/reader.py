"""Reading a bag: one listing, its tag files, and every byte digested once when asked. Facts only; rules judge them."""

from __future__ import annotations

import os
import stat
import unicodedata
from typing import TYPE_CHECKING, Protocol

from archiver import plugs
from archiver.errors import ArchiverError, CouldNotFindOut, UnreadableInput
from archiver.fixity.digests import Digests
from archiver.fixity.measure import chunks, failure, open_regular
from archiver.model.bag import BagContents, BagProblem, InfoTag, Manifest
from archiver.model.measurements import Measurements
from archiver.model.package import Seal, SealedBag
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Algorithm
from archiver.packages.bag import tagfiles
from archiver.packages.bag.lines import Problems, TagText
from archiver.packages.bag.listing import Listing, list_folder
from archiver.packages.bag.manifests import ManifestReader
from archiver.packages.bag.measuring import Measuring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from archiver.model.report import CheckRun, Finding

LARGEST_MANIFEST = 512 * 1024 * 1024  # bytes of a manifest or of fetch.txt
LARGEST_TAG_FILE = 16 * 1024 * 1024  # bytes of bag-info.txt
LARGEST_DECLARATION = 64 * 1024  # bytes of bagit.txt
STRONGEST = (Algorithm.SHA512, Algorithm.SHA256, Algorithm.SHA3_512, Algorithm.BLAKE2B, Algorithm.SHA384)


class Bag:
    """A BagIt bag on disk, any version from 0.93 to 1.0. Nothing is changed, fetched or followed."""

    def __init__(self, path: Path, name: str, *, serialised: bool = False) -> None:
        self.path = path
        self.name = name
        self._serialised = serialised
        self._read: BagContents | None = None

    @classmethod
    def open(cls, path: Path, *, name: str | None = None) -> Bag:
        """A bag at a folder or in an archive; `name` is the name it goes by when it is not that of either.

        Raises UnreadableInput when there is neither. Whether it is a bag is for the rules to say.
        """
        try:
            status = path.lstat()
        except OSError as error:
            raise failure(error, path, "reading") from error
        if stat.S_ISREG(status.st_mode):
            from archiver.archives.opening import Archive

            Archive(path).close()
            return cls(path, name or path.name, serialised=True)
        if not stat.S_ISDIR(status.st_mode):
            raise UnreadableInput(
                f"{path} is neither a folder nor an archive.", remedy="Name the folder that holds bagit.txt."
            )
        return cls(path, name or path.resolve().name)

    def contents(
        self,
        measure: bool = True,
        workers: int = 2,
        progress: Progress = QUIET,
        also: tuple[Algorithm, ...] = (),
    ) -> BagContents:
        """Everything read of the bag; with `measure`, every file digested by every algorithm its manifests use.

        What cannot be read is listed in `unreadable`. Raises UnreadableInput when the folder itself may not be read.
        """
        if self._serialised:
            return self._unpacked(measure, workers, progress, also)
        if self._read is None and not measure:
            self._read = read_tag_files(self.path, self.name, list_folder(self.path))
        if measure and (self._read is None or not self._read.was_measured):
            with Measuring(self.path, workers, progress, also) as measuring:
                listing = list_folder(self.path, measuring.take)
                measuring.listed()
                plugs.checks()  # loaded while the workers read
                self._read = measuring.measured(read_tag_files(self.path, self.name, listing))
        assert self._read is not None
        return self._read

    def _unpacked(self, measure: bool, workers: int, progress: Progress, also: tuple[Algorithm, ...]) -> BagContents:
        from archiver.packages.bag.serialised import serialised_contents

        if self._read is None or (measure and not self._read.was_measured):
            self._read = serialised_contents(self.path, self.name, measure, workers, progress, also)
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


def read_tag_files(path: Path, name: str, listing: Listing, source: Source | None = None) -> BagContents:
    """What the tag files of a listed bag say; nothing is measured. `source` has their bytes, else the folder `path`."""
    reader = _TagReader(source or FolderSource(path, listing.tag_files), listing)
    version, encoding = reader.declaration()
    info_name = "bag-info.txt" if "bag-info.txt" in listing.tag_files else "package-info.txt"
    info = reader.info(info_name)
    manifests = reader.manifests("manifest-", tags=False)
    tag_manifests = reader.manifests("tagmanifest-", tags=True)
    fetch = reader.fetcher.fetch(reader.lines("fetch.txt", LARGEST_MANIFEST))
    seal = reader.seal(tag_manifests)
    stated: Iterator[Mapping[str, object]] = (manifest.entries for manifest in (*manifests, *tag_manifests))
    return BagContents(
        path=path,
        name=name,
        version=version,
        encoding=encoding,
        manifests=manifests,
        tag_manifests=tag_manifests,
        info=info,
        fetch=fetch,
        payload=listing.payload,
        tag_files=listing.tag_files,
        specials=tuple(listing.specials),
        has_data="data" in listing.folders,
        has_declaration=tagfiles.DECLARATION in listing.tag_files,
        measured=Measurements(),
        was_measured=False,
        unreadable=tuple(listing.unreadable),
        problems=reader.problems.all(),
        on_disk=_normalised(stated, listing.payload, listing.tag_files),
        seal=seal,
        info_name=info_name,
        folders=frozenset(listing.folders),
        empty_folders=tuple(listing.empty_folders),
        linked=tuple(listing.linked),
    )


class Source(Protocol):
    """Where the bytes of tag files come from: a folder, or an archive."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a tag file. Raises ArchiverError when they cannot be read."""


class FolderSource:
    """The tag files of a bag that is a folder."""

    def __init__(self, path: Path, sizes: Mapping[str, int]) -> None:
        self._path, self._sizes = path, sizes

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a tag file. Raises ArchiverError when they cannot be read."""
        descriptor = open_regular(self._path / name)
        try:
            yield from chunks(descriptor, self._path / name, self._sizes[name])
        finally:
            os.close(descriptor)


class _TagReader:
    """Reads tag files in pieces and gathers what is wrong with them."""

    def __init__(self, source: Source, listing: Listing) -> None:
        self.source, self.listing = source, listing
        self.problems = Problems()
        self.codec = "utf-8"
        names = {known: known for known in (*listing.payload, *listing.tag_files)}
        self.fetcher = ManifestReader(names, self.problems)

    def declaration(self) -> tuple[str, str]:
        content = b"".join(self._pieces(tagfiles.DECLARATION, LARGEST_DECLARATION))
        if tagfiles.DECLARATION not in self.listing.tag_files:
            return "", ""
        version, encoding, self.codec = tagfiles.read_declaration(content, self.problems)
        return version, encoding

    def info(self, name: str) -> tuple[InfoTag, ...]:
        return tagfiles.read_info(name, self.lines(name, LARGEST_TAG_FILE), self.problems)

    def manifests(self, prefix: str, *, tags: bool) -> tuple[Manifest, ...]:
        names = [name for name in self.listing.tag_files if name.startswith(prefix) and name.endswith(".txt")]
        return tuple(
            self.fetcher.read(name, self.lines(name, LARGEST_MANIFEST), tags=tags)
            for name in sorted(names)
            if "/" not in name
        )

    def lines(self, name: str, largest: int) -> TagText:
        """The lines of a tag file; none when there is no such file or it cannot be read, which is noted."""
        return TagText(self._pieces(name, largest), self.codec, name, self.problems)

    def seal(self, tag_manifests: Sequence[Manifest]) -> Seal | None:
        by_algorithm = {manifest.algorithm: manifest.name for manifest in tag_manifests}
        for algorithm in (*STRONGEST, *(known for known in Algorithm if known not in STRONGEST)):
            name = by_algorithm.get(algorithm)
            if name is None:
                continue
            with Digests((algorithm,)) as digests:
                for piece in self._pieces(name, LARGEST_MANIFEST):
                    digests.update(piece)
            unread = any(path == name for path, _reason in self.listing.unreadable)
            return None if unread else Seal(digests.checksums()[0])
        return None

    def _pieces(self, name: str, largest: int) -> Iterator[bytes]:
        size = self.listing.tag_files.get(name)
        if size is None:
            return
        if size > largest:
            self.problems.add(BagProblem.TOO_LARGE, name, None, f"{size:,} bytes; the limit is {largest:,}")
            return
        try:
            yield from self.source.pieces(name)
        except ArchiverError as error:
            if (name, error.message) not in self.listing.unreadable:
                self.listing.unreadable.append((name, error.message))


def _normalised(
    stated: Iterator[Mapping[str, object]], payload: Mapping[str, int], tag_files: Mapping[str, int]
) -> dict[str, str]:
    """Stated paths that are on the disk in another Unicode normalisation only."""
    missing = {path for entries in stated for path in entries if path not in payload and path not in tag_files}
    missing = {path for path in missing if not path.isascii()}
    if not missing:
        return {}
    by_form = {unicodedata.normalize("NFC", path): path for path in (*payload, *tag_files) if not path.isascii()}
    found = {path: by_form.get(unicodedata.normalize("NFC", path)) for path in missing}
    return {path: place for path, place in sorted(found.items()) if place is not None}
