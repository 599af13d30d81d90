"""Making the package of one issue: payload measured and identified, described in MODS, PREMIS and METS, sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archiver.fixity.formats import identify
from archiver.metadata.mets_issue import issue_mets
from archiver.metadata.mets_parts import Document
from archiver.metadata.mets_root import label, root_mets
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.observed import Making, Moments, making_events
from archiver.metadata.premis import premis
from archiver.model.package import FileUse, Measured, PayloadFile, SourceFile
from archiver.model.portable import portable_names
from archiver.model.profile import SerialProfile
from archiver.model.progress import QUIET, Progress
from archiver.model.provenance import Accession, Event, Toolchain
from archiver.model.serial import Issue
from archiver.model.transcript import Reading
from archiver.model.values import Algorithm, Format, Identification, PackagePath
from archiver.packages.bag import BagWriter
from archiver.serials.reading_text import ReadingText, reading_text

ALGORITHMS = (Algorithm.SHA512, Algorithm.SHA256)
PROFILE = "urn:archiver:bagit-profile:newsletter-issue:1"  # profiles/newsletter-issue.bagit-profile.json
ORIGINAL = "data/representations/original/data"
READING = "data/representations/reading/data"
DOCUMENTATION = "data/documentation"
DESCRIPTIVE = "data/metadata/descriptive"
PRESERVATION = "data/metadata/preservation"


class PackageMaker:
    """Makes the package of one issue, hidden and sealed; whoever uses it validates it and has it published."""

    def __init__(
        self,
        place: Path,
        accession: Accession,
        profile: SerialProfile,
        tools: Toolchain,
        now: Callable[[], datetime],
        workers: int = 1,
        progress: Progress = QUIET,
    ) -> None:
        self.place, self.accession, self.profile = place, accession, profile
        self.tools, self.now, self.workers, self.progress = tools, now, workers, progress

    @contextmanager
    def make(self, reading: Reading, issue: Issue, *, taken_up: datetime, described: datetime) -> Iterator[BagWriter]:
        """The sealed bag in its hidden folder. Raises what BagWriter and identification raise; then nothing is left.

        `taken_up` and `described` are the times when work on the deposit began and when its description was ready.
        """
        with BagWriter(self.place, ALGORITHMS, self.workers, self.progress) as writer:
            copied, originals = self._originals(writer, reading)
            identified = self.now()
            text = reading_text(issue, self.profile.articles)
            derived = self._derived(writer, issue, text)
            documentation = [self._written(writer, self.profile.text, f"{DOCUMENTATION}/serial-profile.toml")]
            moments = Moments(taken_up, described, copied, identified, self.now())
            encoding = reading.source.transcript.encoding
            events = making_events(Making(issue, self.accession, originals, derived, encoding, self.tools, moments))
            documents = self._documents(writer, issue, originals, derived, documentation, events, text)
            at = self.now()
            representations = {"original": originals, "reading": [derived]}
            content = root_mets(
                issue, self.accession, self.tools.software, at, documents, representations, documentation
            )
            writer.write(content, PackagePath("data/METS.xml"))
            writer.seal(self._bag_info(issue, at))
            yield writer

    def _originals(self, writer: BagWriter, reading: Reading) -> tuple[datetime, list[PayloadFile]]:
        """The deposited files, byte for byte, under portable names, the transcript first; and when they were copied."""
        sources: list[SourceFile] = [reading.source.transcript.file, *reading.source.companions]
        names = portable_names([source.name for source in sources])
        places = [PackagePath(f"{ORIGINAL}/{name}") for name in names]
        measured = writer.copy_all(list(zip(sources, places, strict=True)))
        copied = self.now()
        return copied, [
            _payload_file(writer, place, FileUse.ORIGINAL, source.name, found)
            for source, place, found in zip(sources, places, measured, strict=True)
        ]

    def _derived(self, writer: BagWriter, issue: Issue, text: ReadingText) -> PayloadFile:
        place = PackagePath(f"{READING}/{issue.identifier}.md")
        measured = writer.write(text.content, place)
        return self._own_file(writer, place, FileUse.READING, place.name, measured, "text/markdown")

    def _written(self, writer: BagWriter, content: bytes, path: str) -> PayloadFile:
        place = PackagePath(path)
        measured = writer.write(content, place)
        name = Path(self.profile.origin).name
        return self._own_file(writer, place, FileUse.DOCUMENTATION, name, measured, "application/toml")

    def _own_file(
        self, writer: BagWriter, place: PackagePath, use: FileUse, name: str, measured: Measured, mime: str
    ) -> PayloadFile:
        """A file archiver wrote: its MIME type is known, not guessed; PRONOM's word is asked all the same."""
        file = _payload_file(writer, place, use, name, measured)
        known = Identification(
            f"{self.tools.software.name} {self.tools.software.version}", mime, basis="written in this format"
        )
        return replace(file, format=Format(known, file.format.pronom))

    def _documents(
        self,
        writer: BagWriter,
        issue: Issue,
        originals: Sequence[PayloadFile],
        derived: PayloadFile,
        documentation: Sequence[PayloadFile],
        events: Sequence[Event],
        text: ReadingText,
    ) -> list[Document]:
        """MODS, PREMIS and the issue METS, in the order the root METS names them."""
        at = self.now()
        representations = {"original": list(originals), "reading": [derived]}
        media_types = [file.format.mime.value for file in originals]
        contents = {f"{DESCRIPTIVE}/mods.xml": issue_mods(issue, self.accession, at, media_types)}
        if issue.articles:  # a collection of no records is not valid
            contents[f"{DESCRIPTIVE}/mods-articles.xml"] = article_mods(issue, self.accession, at)
        contents |= {
            f"{PRESERVATION}/premis.xml": premis(
                issue, self.accession, representations, documentation, events, self.tools.agents
            ),
        }
        measured = {path: writer.write(content, PackagePath(path)) for path, content in contents.items()}
        documents = [_document(path, measured[path]) for path in contents]
        path = f"{DESCRIPTIVE}/issue.mets.xml"
        content = issue_mets(
            issue,
            self.accession,
            self.tools.software,
            at,
            documents,
            originals[0],
            derived,
            text.spans,
            originals[1:],
        )
        written = writer.write(content, PackagePath(path))
        structure = Document("DMD_STRUCTURE", path.removeprefix("data/"), "OTHER", "METS", "1.12.1", written)
        return [*documents[:-1], structure, documents[-1]]

    def _bag_info(self, issue: Issue, at: datetime) -> list[tuple[str, str]]:
        """The bag-info of a package, from the accession."""
        organisation = self.accession.organisation
        return [
            ("Source-Organization", organisation.name),
            ("Organization-Address", organisation.address),
            ("Contact-Name", organisation.contact_name),
            ("Contact-Phone", organisation.contact_phone),
            ("Contact-Email", organisation.contact_email),
            ("External-Description", label(issue)),
            ("External-Identifier", issue.identifier),
            ("Bag-Group-Identifier", issue.serial),
            ("Internal-Sender-Identifier", self.accession.number),
            ("Internal-Sender-Description", f"Accession {self.accession.number} from {self.accession.source}"),
            ("Bagging-Date", at.date().isoformat()),
            ("BagIt-Profile-Identifier", PROFILE),
            ("Bag-Software-Agent", f"{self.tools.software.name} {self.tools.software.version}"),
        ]


def _payload_file(
    writer: BagWriter, place: PackagePath, use: FileUse, original_name: str, measured: Measured
) -> PayloadFile:
    found = identify(writer.folder / place.value, original_name, measured.head)
    return PayloadFile(place, use, original_name, measured, found)


def _document(path: str, measured: Measured) -> Document:
    kind, version = ("PREMIS", "3.0") if path.startswith(PRESERVATION) else ("MODS", "3.8")
    identifiers = {"mods.xml": "DMD_ISSUE", "mods-articles.xml": "DMD_ARTICLES", "premis.xml": "AMD_PREMIS"}
    return Document(identifiers[path.rsplit("/", 1)[-1]], path.removeprefix("data/"), kind, "", version, measured)
