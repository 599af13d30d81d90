"""Making the package of one issue: payload measured and identified, described in MODS, PREMIS and METS, sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.fixity.formats import identify
from archiver.metadata.mets_issue import issue_mets
from archiver.metadata.mets_parts import Document
from archiver.metadata.mets_root import label, root_mets
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.premis import premis
from archiver.model.package import FileUse, Measured, PayloadFile, SourceFile
from archiver.model.portable import portable_names
from archiver.model.profile import SerialProfile
from archiver.model.provenance import Accession, Agent, Event, EventOutcome, EventType
from archiver.model.serial import Issue, OddityKind
from archiver.model.transcript import Reading
from archiver.model.values import Algorithm, Format, Identification, PackagePath
from archiver.packages.bag import BagWriter
from archiver.serials.reading_text import ReadingText, reading_text

ALGORITHMS = (Algorithm.SHA512, Algorithm.SHA256)
ORIGINAL = "data/representations/original/data"
READING = "data/representations/reading/data"
DOCUMENTATION = "data/documentation"
DESCRIPTIVE = "data/metadata/descriptive"
PRESERVATION = "data/metadata/preservation"


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The agents of a run: archiver itself, the programs it identified formats with, and who ran it."""

    software: Agent
    identifiers: tuple[Agent, ...] = ()
    operator: Agent | None = None

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Every agent, the software first."""
        return (self.software, *self.identifiers, *((self.operator,) if self.operator else ()))


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
    ) -> None:
        self.place, self.accession, self.profile = place, accession, profile
        self.tools, self.now, self.workers = tools, now, workers

    @contextmanager
    def make(self, reading: Reading, issue: Issue) -> Iterator[BagWriter]:
        """The sealed bag in its hidden folder. Raises what BagWriter and identification raise; then nothing is left."""
        with BagWriter(self.place, ALGORITHMS, self.workers) as writer:
            originals = self._originals(writer, reading)
            text = reading_text(issue, self.profile.articles)
            derived = self._derived(writer, issue, text)
            documentation = [self._written(writer, self.profile.text, f"{DOCUMENTATION}/serial-profile.toml")]
            events = self._events(issue, originals, derived, reading)
            documents = self._documents(writer, issue, originals, derived, documentation, events, text)
            at = self.now()
            representations = {"original": originals, "reading": [derived]}
            content = root_mets(
                issue, self.accession, self.tools.software, at, documents, representations, documentation
            )
            writer.write(content, PackagePath("data/METS.xml"))
            writer.seal(self._bag_info(issue, at))
            yield writer

    def _originals(self, writer: BagWriter, reading: Reading) -> list[PayloadFile]:
        """The deposited files, byte for byte, under portable names; the transcript first."""
        sources: list[SourceFile] = [reading.source.transcript.file, *reading.source.companions]
        names = portable_names([source.name for source in sources])
        places = [PackagePath(f"{ORIGINAL}/{name}") for name in names]
        measured = writer.copy_all(list(zip(sources, places, strict=True)))
        return [
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
        contents: Mapping[str, bytes] = {
            f"{DESCRIPTIVE}/mods.xml": issue_mods(issue, self.accession, at, media_types),
            f"{DESCRIPTIVE}/mods-articles.xml": article_mods(issue, self.accession, at),
            f"{PRESERVATION}/premis.xml": premis(
                issue, self.accession, representations, documentation, events, self.tools.agents
            ),
        }
        measured = {path: writer.write(content, PackagePath(path)) for path, content in contents.items()}
        mods = _document("DMD_ISSUE", f"{DESCRIPTIVE}/mods.xml", "MODS", "3.8", measured)
        articles = _document("DMD_ARTICLES", f"{DESCRIPTIVE}/mods-articles.xml", "MODS", "3.8", measured)
        preservation = _document("AMD_PREMIS", f"{PRESERVATION}/premis.xml", "PREMIS", "3.0", measured)
        path = f"{DESCRIPTIVE}/issue.mets.xml"
        content = issue_mets(
            issue,
            self.accession,
            self.tools.software,
            at,
            [mods, articles, preservation],
            originals[0],
            derived,
            text.spans,
            originals[1:],
        )
        written = writer.write(content, PackagePath(path))
        structure = Document("DMD_STRUCTURE", path.removeprefix("data/"), "OTHER", "METS", "1.12.1", written)
        return [mods, articles, structure, preservation]

    def _events(
        self, issue: Issue, originals: Sequence[PayloadFile], derived: PayloadFile, reading: Reading
    ) -> list[Event]:
        """What was observed up to here, each from what was measured; what was not done is said to be not done."""
        places = tuple(file.place.value for file in originals)
        software = self.tools.software.identifier
        operator = (self.tools.operator.identifier,) if self.tools.operator else ()
        unknown = sum(file.format.pronom.value == "UNKNOWN" for file in originals)
        warned = unknown or sum(bool(file.format.pronom.warning) for file in originals)
        size = sum(file.measured.size for file in originals)
        odd = _count_oddities(issue)
        said = f"{len(issue.statements)} masthead statements, {len(issue.articles)} articles, {odd or 'no oddities'}"
        good, warning = EventOutcome.SUCCESS, EventOutcome.WARNING

        def event(
            kind: EventType, outcome: EventOutcome, detail: str, note: str = "", **ties: tuple[str, ...]
        ) -> Event:
            agents = ties.pop("agents", (software,)) + operator
            return Event(kind, self.now(), outcome, detail, note, agents=agents, **ties)

        identifiers = (software, *(agent.identifier for agent in self.tools.identifiers))
        return [
            event(
                EventType.INGESTION_START,
                good,
                f"Deposit taken up under accession {self.accession.number}",
                f"{len(originals)} file(s), {size} bytes",
                sources=places,
            ),
            event(
                EventType.MESSAGE_DIGEST_CALCULATION,
                good,
                "SHA-512 and SHA-256 computed in the one read that copied each deposited file",
                sources=places,
            ),
            event(
                EventType.FORMAT_IDENTIFICATION,
                warning if warned else good,
                "Formats identified by siegfried (PRONOM) and libmagic",
                f"{unknown} of {len(originals)} file(s) unknown to PRONOM" if unknown else "",
                sources=places,
                agents=identifiers,
            ),
            event(
                EventType.VIRUS_CHECK, warning, "Virus check", "not performed: no scanner is configured", sources=places
            ),
            event(
                EventType.METADATA_EXTRACTION,
                good,
                f"Masthead and articles read from {originals[0].place.name} under the profile {issue.serial}",
                said,
                sources=places[:1],
                outcomes=(issue.identifier,),
            ),
            event(
                EventType.NORMALIZATION,
                good,
                f"Reading text derived from the transcript ({reading.source.transcript.encoding})",
                odd,
                sources=places[:1],
                outcomes=(derived.place.value,),
            ),
        ]

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
            ("Bag-Software-Agent", f"{self.tools.software.name} {self.tools.software.version}"),
        ]


def _payload_file(
    writer: BagWriter, place: PackagePath, use: FileUse, original_name: str, measured: Measured
) -> PayloadFile:
    found = identify(writer.folder / place.value, original_name, measured.head)
    return PayloadFile(place, use, original_name, measured, found)


def _document(identifier: str, path: str, kind: str, version: str, measured: Mapping[str, Measured]) -> Document:
    return Document(identifier, path.removeprefix("data/"), kind, "", version, measured[path])


def _count_oddities(issue: Issue) -> str:
    """How often each kind of oddity was found, in words: "3 column breaks, 1 gap"."""
    found = [odd.kind for article in issue.articles for odd in article.oddities]
    counted = [(kind, found.count(kind)) for kind in OddityKind if kind in found]
    return ", ".join(f"{count} {kind.value}{'s' if count > 1 else ''}" for kind, count in counted)
