"""The payload of an issue's package: files as deposited, what was derived on the way, the reading text, documentation.

Each representation has a folder of its own below data/representations/. Deposited files come byte for byte, under
portable names; a file that archiver wrote has a format that is known, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.corrections.recording import corrections_document
from archiver.errors import SourceChanged
from archiver.formats.identifying import identify_many
from archiver.model.formats import FileToIdentify
from archiver.model.package import FileUse, IssueFiles, Measured, PageFiles, PayloadFile, SourceFile
from archiver.model.portable import portable_names
from archiver.model.values import Format, Identification, PackagePath
from archiver.packages.bag import BagWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archiver.model.container import DepositedBag
    from archiver.model.profile import SerialProfile
    from archiver.model.provenance import Agent
    from archiver.model.transcript import Deposit, Reading, SourceIssue

REPRESENTATIONS = "data/representations"
DOCUMENTATION = "data/documentation"


@dataclass(frozen=True, slots=True)
class Documentation:
    """A document that is kept with the package: its name there, what it was called, its bytes and media type."""

    name: str
    original_name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class _Own:
    """A file of our own that was written: its MIME type is known, its PRONOM format still to be asked for."""

    place: PackagePath
    use: FileUse
    original_name: str
    content: bytes
    media_type: str
    measured: Measured


@dataclass(slots=True)
class Payload:
    """What was written: files by representation, documentation, and when copying and identification ended."""

    originals: list[PayloadFile]
    derived: dict[str, list[PayloadFile]]
    reading: PayloadFile | None
    documentation: list[PayloadFile]
    copied: datetime
    identified: datetime


def write_payload(
    writer: BagWriter,
    source: SourceIssue,
    identifier: str,
    reading: bytes | None,
    documents: Sequence[Documentation],
    *,
    software: Agent,
    now: Callable[[], datetime],
    measured: Mapping[str, Measured],
) -> Payload:
    """Write the payload of one issue into a bag. `reading` is its reading text, `measured` an earlier read, by name.

    Raises SourceChanged when a file is no longer what that read found, and what copying and identification raise.
    """
    originals, kept = _originals(writer, source, measured)
    copied = now()
    own = _derived(writer, source, identifier)
    if reading is not None:
        own.append(_write(writer, f"reading/data/{identifier}.md", FileUse.READING, reading, "text/markdown"))
    own += [_document(writer, each) for each in documents]
    files = _identified(own, writer, software)
    by_use: dict[FileUse, list[PayloadFile]] = {}
    for file in files:
        by_use.setdefault(file.use, []).append(file)
    derived = {use.value: by_use[use] for use in (FileUse.TRANSCRIPT, FileUse.LAYOUT) if use in by_use}
    read = by_use.get(FileUse.READING)
    documentation = [*by_use.get(FileUse.DOCUMENTATION, ()), *kept]
    return Payload(originals, derived, read[0] if read else None, documentation, copied, now())


def _originals(
    writer: BagWriter, source: SourceIssue, measured: Mapping[str, Measured]
) -> tuple[list[PayloadFile], list[PayloadFile]]:
    """The deposited files in their order, and those that are kept as documentation."""
    files = [*source.originals, *source.documents]
    names = portable_names([file.name for file in source.originals])
    places = [PackagePath(f"{REPRESENTATIONS}/original/data/{name}") for name in names]
    names = portable_names([file.name for file in source.documents])
    places += [PackagePath(f"{DOCUMENTATION}/deposited/{name}") for name in names]
    found = writer.copy_all(list(zip(files, places, strict=True)))
    known = dict(source.formats)
    unknown = [
        FileToIdentify(writer.folder / place.value, file.name, each.head, file.content)
        for file, place, each in zip(files, places, found, strict=True)
        if file.name not in known
    ]
    known |= {each.name: each.format for each in identify_many(unknown)}
    payload = []
    for file, place, now in zip(files, places, found, strict=True):
        _same_as_before(file, now, measured.get(file.name))
        use = FileUse.ORIGINAL if place.value.startswith(REPRESENTATIONS) else FileUse.DOCUMENTATION
        payload.append(PayloadFile(place, use, file.name, now, known[file.name]))
    count = len(source.originals)
    return payload[:count], payload[count:]


def _derived(writer: BagWriter, source: SourceIssue, identifier: str) -> list[_Own]:
    """The transcript that was derived, and the layout documents made on the way."""
    made = []
    if source.transcript.taken_from and source.transcript.file.content:
        content, place = source.transcript.file.content, f"transcript/data/{identifier}.md"
        made.append(_write(writer, place, FileUse.TRANSCRIPT, content, "text/markdown"))
    for each in source.derived:
        made.append(_write(writer, f"layout/data/{each.name}", FileUse.LAYOUT, each.content, each.media_type))
    return made


def _document(writer: BagWriter, document: Documentation) -> _Own:
    place = PackagePath(f"{DOCUMENTATION}/{document.name}")
    measured = writer.write(document.content, place)
    use = FileUse.DOCUMENTATION
    return _Own(place, use, document.original_name, document.content, document.media_type, measured)


def _write(writer: BagWriter, place: str, use: FileUse, content: bytes, media_type: str) -> _Own:
    path = PackagePath(f"{REPRESENTATIONS}/{place}")
    return _Own(path, use, path.name, content, media_type, writer.write(content, path))


def _identified(own: Sequence[_Own], writer: BagWriter, software: Agent) -> list[PayloadFile]:
    """Files of our own with their formats: the MIME type is known, not guessed; PRONOM's word is asked all the same."""
    asked = [FileToIdentify(writer.folder / each.place.value, each.original_name, None, each.content) for each in own]
    said = f"{software.name} {software.version}"
    return [
        PayloadFile(
            each.place,
            each.use,
            each.original_name,
            each.measured,
            Format(Identification(said, each.media_type, basis="written in this format"), found.format.pronom),
        )
        for each, found in zip(own, identify_many(asked), strict=True)
    ]


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


def profile_document(origin: str, content: bytes) -> Documentation:
    """The serial profile that an issue was read by."""
    return Documentation("serial-profile.toml", Path(origin).name, content, "application/toml")


def authority_documents(profile: SerialProfile) -> list[Documentation]:
    """The authority file that the names of the issue were asked of, where the profile has one."""
    known = profile.known_names
    if known is None or known.authorities is None or not known.authorities.content:
        return []
    return [Documentation("authorities.csv", known.file, known.authorities.content, "text/csv")]


def corrections_documents(reading: Reading, deposit: Deposit | None) -> list[Documentation]:
    """The archivist's corrections, where some were applied to the issue."""
    if deposit is None or deposit.corrections is None or not reading.corrected:
        return []
    kept = corrections_document(deposit.corrections)
    return [Documentation(kept.name, deposit.corrections.path.name, kept.content, kept.media_type)]


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
