"""Making the package of one issue: payload measured and identified, described in MODS, PREMIS and METS, sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from archiver.metadata.mets_issue import issue_mets
from archiver.metadata.mets_parts import Document
from archiver.metadata.mets_root import label, root_mets
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.observed import Making, Moments, making_events
from archiver.metadata.premis import premis
from archiver.model.package import IssueFiles, Measured, PayloadFile
from archiver.model.profile import SerialProfile
from archiver.model.progress import QUIET, Progress
from archiver.model.provenance import Accession, Event, Toolchain
from archiver.model.serial import Issue
from archiver.model.transcript import Deposit, Reading
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import BagWriter
from archiver.payload import (
    authority_documents,
    bag_documents,
    carried_over,
    corrections_documents,
    issue_files,
    profile_document,
    write_payload,
)
from archiver.serials.reading_text import ReadingText, reading_text

ALGORITHMS = (Algorithm.SHA512, Algorithm.SHA256)
PROFILE = "urn:archiver:bagit-profile:newsletter-issue:1"  # profiles/newsletter-issue.bagit-profile.json
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
    def make(
        self, reading: Reading, issue: Issue, *, taken_up: datetime, described: datetime, deposit: Deposit | None = None
    ) -> Iterator[BagWriter]:
        """The sealed bag in its hidden folder. Raises what BagWriter and identification raise; then nothing is left.

        `taken_up` and `described` are the times when work on the deposit began and when its description was ready;
        `deposit` has what was measured of it, and its depositor's checksums.
        """
        source = reading.source
        with BagWriter(self.place, ALGORITHMS, self.workers, self.progress) as writer:
            bag = deposit.bag if deposit is not None else None
            text = reading_text(issue, self.profile.articles)
            payload = write_payload(
                writer,
                source,
                issue.identifier,
                text.content if source.transcript.file.content else None,
                [
                    profile_document(self.profile.origin, self.profile.text),
                    *authority_documents(self.profile),
                    *corrections_documents(reading, deposit),
                    *bag_documents(bag),
                ],
                software=self.tools.software,
                now=self.now,
                measured=dict(deposit.measured) if deposit is not None else {},
            )
            documentation = payload.documentation
            files = issue_files(source, payload.originals, payload.derived, payload.reading)
            moments = Moments(taken_up, described, payload.copied, payload.identified, self.now())
            events = making_events(Making(issue, self.accession, files, reading, self.tools, moments, deposit))
            metadata = self._documents(writer, issue, files, documentation, events, text)
            at = self.now()
            representations = dict(files.representations)
            content = root_mets(
                issue, self.accession, self.tools.software, at, metadata, representations, documentation
            )
            writer.write(content, PackagePath("data/METS.xml"))
            writer.seal([*self._bag_info(issue, at), *carried_over(bag)])
            yield writer

    def _documents(
        self,
        writer: BagWriter,
        issue: Issue,
        files: IssueFiles,
        documentation: Sequence[PayloadFile],
        events: Sequence[Event],
        text: ReadingText,
    ) -> list[Document]:
        """MODS, PREMIS and the issue METS, in the order the root METS names them."""
        at = self.now()
        media_types = [file.format.mime.value for file in files.originals]
        contents = {f"{DESCRIPTIVE}/mods.xml": issue_mods(issue, self.accession, at, media_types)}
        if issue.articles:  # a collection of no records is not valid
            contents[f"{DESCRIPTIVE}/mods-articles.xml"] = article_mods(issue, self.accession, at)
        contents |= {
            f"{PRESERVATION}/premis.xml": premis(
                issue, self.accession, dict(files.representations), documentation, events, self.tools.agents
            ),
        }
        measured = {path: writer.write(content, PackagePath(path)) for path, content in contents.items()}
        documents = [_document(path, measured[path]) for path in contents]
        path = f"{DESCRIPTIVE}/issue.mets.xml"
        content = issue_mets(issue, self.accession, self.tools.software, at, documents, files, text.spans)
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


def _document(path: str, measured: Measured) -> Document:
    kind, version = ("PREMIS", "3.0") if path.startswith(PRESERVATION) else ("MODS", "3.8")
    identifiers = {"mods.xml": "DMD_ISSUE", "mods-articles.xml": "DMD_ARTICLES", "premis.xml": "AMD_PREMIS"}
    return Document(identifiers[path.rsplit("/", 1)[-1]], path.removeprefix("data/"), kind, "", version, measured)
