"""The documents of the two specimen issues, made with fixed tools, times and formats, for tests of metadata.

`python tests/metadata_specimens.py` writes the golden files anew; look at the difference before you commit it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from archiver import profiles
from archiver.inspection import inspect
from archiver.metadata.mets_issue import issue_mets
from archiver.metadata.mets_parts import Document
from archiver.metadata.mets_root import root_mets
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.premis import premis
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, ROOT
from archiver.model.contents import PackageContents
from archiver.model.package import FileUse, IssueFiles, Measured, PayloadFile
from archiver.model.provenance import Accession, Agent, AgentKind, Event, EventOutcome, EventType, Organisation
from archiver.model.serial import Issue
from archiver.model.values import Algorithm, Checksum, Format, Identification, PackagePath
from archiver.serials.reading_text import reading_text

REPOSITORY = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden" / "metadata"
DEPOSITS = {
    "qinghe": "2026.001/deposit/qinghe-2021-05-09.txt",
    "saltmarsh": "2026.002/deposit/harbour-weekly-2019-05-04.txt",
}
NAMES = (ROOT, ISSUE, MODS, ARTICLES, PREMIS)
AT = datetime(2026, 1, 5, 9, 0, 0, tzinfo=timezone(timedelta(hours=8)))
SOFTWARE = Agent("archiver", AgentKind.SOFTWARE, "archiver", "1.0")
SIEGFRIED = Agent("siegfried", AgentKind.SOFTWARE, "siegfried", "1.11.2", "DROID_SignatureFile_V120.xml")
LIBMAGIC = Agent("libmagic", AgentKind.SOFTWARE, "libmagic", "5.45")
OPERATOR = Agent("operator", AgentKind.PERSON, "Wen Xi")
AGENTS = (SOFTWARE, SIEGFRIED, LIBMAGIC, OPERATOR)
ORIGINAL = "data/representations/original/data"
READING = "data/representations/reading/data"


@dataclass(frozen=True)
class Specimen:
    """An issue with everything its documents are made from, and the documents."""

    issue: Issue
    accession: Accession
    contents: Mapping[str, bytes]  # payload files by place
    documents: Mapping[str, bytes]

    @property
    def package(self) -> PackageContents:
        """The package as a bag engine would have measured it."""
        return package(self.issue.identifier, self.contents, self.documents)


def package(name: str, contents: Mapping[str, bytes], documents: Mapping[str, bytes]) -> PackageContents:
    everything = {**contents, **documents}
    return PackageContents(name, {path: measured(everything[path]) for path in sorted(everything)}, dict(documents))


def measured(content: bytes) -> Measured:
    sums = [Checksum.of(each, hashlib.new(each.value, content).hexdigest()) for each in (Algorithm.SHA512,
            Algorithm.SHA256)]  # fmt: skip
    return Measured(len(content), tuple(sums))


@lru_cache(maxsize=4)
def described(name: str) -> Issue:
    """The issue of a specimen deposit, read under its profile."""
    known = profiles.load_all([REPOSITORY / "profiles"])
    issue = inspect(REPOSITORY / "accessions" / DEPOSITS[name], known).readings[0].issue
    assert issue is not None
    return issue


def accession_of(issue: Issue) -> Accession:
    return Accession(
        number="2026.001",
        source="deposit",
        begun=AT,
        depositor="青禾区融合传播中心" if issue.language == "chi" else "Saltmarsh Harbour Press",
        agreement="2026/17",
        rights="Reading room only.",
        terms="Copies for preservation are allowed.",
        operator="Wen Xi",
        organisation=Organisation("Archive of Qinghe", "CN-QH"),
    )


def text_format(puid: str, name: str, mime: str, warning: str = "") -> Format:
    return Format(
        mime=Identification("libmagic 5.45", mime, basis="content, first 4096 bytes"),
        pronom=Identification(
            "siegfried 1.11.2 (DROID_SignatureFile_V120.xml)",
            puid,
            name,
            basis="text match UTF-8 Unicode",
            warning=warning,
        ),
    )


PLAIN = text_format("x-fmt/111", "Plain Text File", "text/plain")
MARKDOWN = text_format("fmt/1149", "Markdown", "text/markdown", "match on extension only")
UNKNOWN = Format(
    mime=Identification("libmagic 5.45", "application/octet-stream", basis="content, first 7 bytes"),
    pronom=Identification("siegfried 1.11.2 (DROID_SignatureFile_V120.xml)", "UNKNOWN", warning="no match"),
)


def events(originals: Sequence[str], derived: str, issue: Issue) -> list[Event]:
    places, software = tuple(originals), ("archiver", "operator")
    suc, war = EventOutcome.SUCCESS, EventOutcome.WARNING
    return [
        Event(EventType.INGESTION_START, AT, suc, "Deposit taken up", sources=places, agents=software),
        Event(EventType.MESSAGE_DIGEST_CALCULATION, AT, suc, "SHA-512, SHA-256", sources=places, agents=software),
        Event(
            EventType.FORMAT_IDENTIFICATION,
            AT,
            war,
            "Formats identified",
            "1 of 2 files unknown to PRONOM",
            sources=places,
            agents=("archiver", "siegfried", "libmagic", "operator"),
        ),
        Event(EventType.VIRUS_CHECK, AT, war, "Virus check", "not performed", sources=places, agents=software),
        Event(
            EventType.METADATA_EXTRACTION,
            AT,
            suc,
            "Masthead and articles read",
            sources=places[:1],
            outcomes=(issue.identifier,),
            agents=software,
        ),
        Event(
            EventType.NORMALIZATION,
            AT + timedelta(seconds=1),
            suc,
            "Reading text derived",
            sources=places[:1],
            outcomes=(derived,),
            agents=software,
        ),
    ]


def make(name: str, change: Callable[[Issue], Issue] = lambda issue: issue) -> Specimen:
    """A specimen with its documents; `change` makes another issue of it."""
    known = profiles.load_all([REPOSITORY / "profiles"])
    issue = change(described(name))
    text = reading_text(issue, known[issue.serial].articles)
    transcript = (REPOSITORY / "accessions" / DEPOSITS[name]).read_bytes()
    stem = DEPOSITS[name].rsplit("/", 1)[-1]
    files = [
        (f"{ORIGINAL}/{stem}", FileUse.ORIGINAL, stem, transcript, PLAIN),
        (f"{ORIGINAL}/0002.jpg", FileUse.ORIGINAL, "扫描/一版 100%.jpg", b"\xff\xd8\xffnot", UNKNOWN),
        (f"{READING}/{issue.identifier}.md", FileUse.READING, f"{issue.identifier}.md", text.content, MARKDOWN),
        ("data/documentation/serial-profile.toml", FileUse.DOCUMENTATION, f"{issue.serial}.toml", b"[serial]\n", PLAIN),
    ]
    payload = [
        PayloadFile(PackagePath(place), use, called, measured(content), found)
        for place, use, called, content, found in files
    ]
    contents = {place: content for place, _use, _called, content, _format in files}
    documents = _documents(issue, payload, text.spans)
    return Specimen(issue, accession_of(issue), contents, documents)


def _documents(issue: Issue, payload: Sequence[PayloadFile], spans: Mapping[str, object]) -> dict[str, bytes]:
    accession = accession_of(issue)
    transcript, picture, derived, documentation = payload
    representations = {"original": [transcript, picture], "reading": [derived]}
    observed = events([transcript.place.value, picture.place.value], derived.place.value, issue)
    found = {
        MODS: issue_mods(issue, accession, AT, ["text/plain", "application/octet-stream"]),
        **({ARTICLES: article_mods(issue, accession, AT)} if issue.articles else {}),
        PREMIS: premis(issue, accession, representations, [documentation], observed, AGENTS),
    }
    mods = [document("DMD_ISSUE", MODS, "MODS", "", "3.8", found[MODS])]
    if issue.articles:
        mods.append(document("DMD_ARTICLES", ARTICLES, "MODS", "", "3.8", found[ARTICLES]))
    preservation = document("AMD_PREMIS", PREMIS, "PREMIS", "", "3.0", found[PREMIS])
    found[ISSUE] = issue_mets(
        issue, accession, SOFTWARE, AT, [*mods, preservation],
        IssueFiles((("original", (transcript, picture)), ("reading", (derived,))), transcript, derived), spans,  # type: ignore[arg-type]
    )  # fmt: skip
    structure = document("DMD_STRUCTURE", ISSUE, "OTHER", "METS", "1.12.1", found[ISSUE])
    described_by = [*mods, structure, preservation]
    found[ROOT] = root_mets(issue, accession, SOFTWARE, AT, described_by, representations, [documentation])
    return {path: found[path] for path in NAMES if path in found}


def document(identifier: str, path: str, kind: str, other: str, version: str, content: bytes) -> Document:
    return Document(identifier, path.removeprefix("data/"), kind, other, version, measured(content))


def golden(name: str, path: str) -> Path:
    """Where the golden file of a document lies."""
    return GOLDEN / name / path.rsplit("/", 1)[-1]


if __name__ == "__main__":
    for specimen_name in DEPOSITS:
        for document_path, written in make(specimen_name).documents.items():
            place = golden(specimen_name, document_path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(written)
