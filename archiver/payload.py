"""The payload of an issue's package: files as deposited, what was derived on the way, the reading text, documentation.

Each representation has a folder of its own below data/representations/. Deposited files come byte for byte, under
portable names; a file that archiver wrote has a format that is known, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import SourceChanged
from archiver.fixity.formats import identify
from archiver.model.package import FileUse, IssueFiles, Measured, PageFiles, PayloadFile, SourceFile
from archiver.model.portable import portable_names
from archiver.model.values import Format, Identification, PackagePath
from archiver.packages.bag import BagWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archiver.model.container import DepositedBag
    from archiver.model.provenance import Agent
    from archiver.model.serial import Issue
    from archiver.model.transcript import SourceIssue

REPRESENTATIONS = "data/representations"
DOCUMENTATION = "data/documentation"


@dataclass(frozen=True, slots=True)
class Documentation:
    """A document that is kept with the package: its name there, what it was called, its bytes and media type."""

    name: str
    original_name: str
    content: bytes
    media_type: str


class PayloadMaker:
    """Writes the payload of one issue into a bag, and tells what was written."""

    def __init__(self, writer: BagWriter, software: Agent, now: Callable[[], datetime]) -> None:
        self._writer, self._software, self._now = writer, software, now
        self.copied = self.identified = now()

    def originals(
        self, source: SourceIssue, measured: Mapping[str, Measured]
    ) -> tuple[list[PayloadFile], list[PayloadFile]]:
        """The deposited files in their order, and those kept as documentation. `measured` is an earlier read, by name.

        Raises SourceChanged when a file is no longer what that read found, and what copying and identification raise.
        """
        files = [*source.originals, *source.documents]
        names = portable_names([file.name for file in source.originals])
        places = [PackagePath(f"{REPRESENTATIONS}/original/data/{name}") for name in names]
        names = portable_names([file.name for file in source.documents])
        places += [PackagePath(f"{DOCUMENTATION}/deposited/{name}") for name in names]
        found = self._writer.copy_all(list(zip(files, places, strict=True)))
        self.copied = self._now()
        for file, now in zip(files, found, strict=True):
            _same_as_before(file, now, measured.get(file.name))
        payload = [
            _payload_file(self._writer, place, _use(place), file.name, each)
            for file, place, each in zip(files, places, found, strict=True)
        ]
        self.identified = self._now()
        count = len(source.originals)
        return payload[:count], payload[count:]

    def derived(self, source: SourceIssue, issue: Issue) -> dict[str, list[PayloadFile]]:
        """The transcript that was derived, and the layout documents made on the way, by representation."""
        made: dict[str, list[PayloadFile]] = {}
        if source.transcript.taken_from and source.transcript.file.content:
            name = f"{issue.identifier}.md"
            content = source.transcript.file.content
            made["transcript"] = [self._own(content, "transcript", name, FileUse.TRANSCRIPT, "text/markdown")]
        if source.derived:
            made["layout"] = [
                self._own(each.content, "layout", each.name, FileUse.LAYOUT, each.media_type) for each in source.derived
            ]
        return made

    def reading(self, issue: Issue, content: bytes) -> PayloadFile:
        """The reading text."""
        return self._own(content, "reading", f"{issue.identifier}.md", FileUse.READING, "text/markdown")

    def documentation(self, documents: Sequence[Documentation]) -> list[PayloadFile]:
        """Documents that are kept with the package."""
        return [self._document(each) for each in documents]

    def _document(self, document: Documentation) -> PayloadFile:
        place = PackagePath(f"{DOCUMENTATION}/{document.name}")
        measured = self._writer.write(document.content, place)
        return self._written(place, FileUse.DOCUMENTATION, document.original_name, measured, document.media_type)

    def _own(self, content: bytes, representation: str, name: str, use: FileUse, media_type: str) -> PayloadFile:
        place = PackagePath(f"{REPRESENTATIONS}/{representation}/data/{name}")
        return self._written(place, use, place.name, self._writer.write(content, place), media_type)

    def _written(self, place: PackagePath, use: FileUse, name: str, measured: Measured, mime: str) -> PayloadFile:
        """A file archiver wrote: its MIME type is known, not guessed; PRONOM's word is asked all the same."""
        file = _payload_file(self._writer, place, use, name, measured)
        said = f"{self._software.name} {self._software.version}"
        return replace(
            file, format=Format(Identification(said, mime, basis="written in this format"), file.format.pronom)
        )


def issue_files(
    source: SourceIssue,
    originals: Sequence[PayloadFile],
    derived: Mapping[str, Sequence[PayloadFile]],
    reading: PayloadFile | None,
) -> IssueFiles:
    """How the files of an issue tie to its pages and to the lines of its transcript."""
    by_name = {file.name: found for file, found in zip(source.originals, originals, strict=True)}
    by_name |= {file.name: found for file, found in zip(source.derived, derived.get("layout", ()), strict=True)}
    by_path = {str(file.path): found for file, found in zip(source.originals, originals, strict=True)}
    representations = {"original": tuple(originals)} | {name: tuple(files) for name, files in derived.items()}
    if reading is not None:
        representations["reading"] = (reading,)
    transcript = originals[0] if not source.transcript.taken_from else next(iter(derived.get("transcript", ())), None)
    return IssueFiles(
        tuple(representations.items()),
        transcript,
        reading,
        tuple(
            PageFiles(
                page.number,
                tuple(by_name[name] for name in page.images),
                by_name.get(page.layout),
                tuple(by_name[name] for name in (*page.texts, *page.documents)),
            )
            for page in source.pages
            if page.files
        ),
        tuple(
            (place.line, by_name[place.file], place.block)
            for place in source.transcript.places
            if place.file in by_name
        ),
        tuple((by_path[image.path], image.facts) for image in source.images if image.path in by_path),
    )


def _use(place: PackagePath) -> FileUse:
    return FileUse.ORIGINAL if place.value.startswith(REPRESENTATIONS) else FileUse.DOCUMENTATION


def _same_as_before(file: SourceFile, now: Measured, before: Measured | None) -> None:
    """The bytes that are packaged are those whose checksums were compared."""
    if before is None:
        return
    known = {checksum.algorithm_name: checksum.hexdigest for checksum in before.checksums}
    differs = any(known.get(each.algorithm_name, each.hexdigest) != each.hexdigest for each in now.checksums)
    if now.size != before.size or differs:
        raise SourceChanged(
            f"{file.path} is not what it was when the depositor's checksums were compared.",
            remedy="Wait until nothing writes to the deposit, then run again.",
        )


def _payload_file(
    writer: BagWriter, place: PackagePath, use: FileUse, original_name: str, measured: Measured
) -> PayloadFile:
    found = identify(writer.folder / place.value, original_name, measured.head)
    return PayloadFile(place, use, original_name, measured, found)


def profile_document(origin: str, content: bytes) -> Documentation:
    """The serial profile that an issue was read by."""
    return Documentation("serial-profile.toml", Path(origin).name, content, "application/toml")


def bag_documents(bag: DepositedBag | None) -> list[Documentation]:
    """The tag files of a bag that was deposited, as they came."""
    if bag is None:
        return []
    names = portable_names([path for path, _content in bag.tag_files])
    return [
        Documentation(f"deposited-bag/{name}", path, content, "text/plain")
        for name, (path, content) in zip(names, bag.tag_files, strict=True)
    ]


def carried_over(bag: DepositedBag | None) -> list[tuple[str, str]]:
    """The bag-info of a bag that was deposited, each element under a label that says whose it is."""
    return [(f"Deposited-{label}", value) for label, value in bag.info] if bag is not None else []
