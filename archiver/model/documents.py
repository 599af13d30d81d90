"""Documents that are no plain text (HTML, Word): what they are, and what their text does not show, as facts."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.taken import TakenText


class DocumentForm(enum.Enum):
    """A form of document, told by content: what people call it."""

    HTML = "HTML"
    DOCX = "DOCX"
    DOC = "Word 97-2003 (.doc)"
    ENCRYPTED = "an encrypted Office document"
    RTF = "RTF"
    ODT = "OpenDocument text (.odt)"
    WORD_XML = "Word XML (.xml)"
    WORDPERFECT = "WordPerfect"
    MHTML = "a web archive (MHTML)"
    EPUB = "EPUB"
    PAGES = "Apple Pages"

    @property
    def is_read(self) -> bool:
        """Whether its text can be taken out; the other forms are named and refused."""
        return self in {DocumentForm.HTML, DocumentForm.DOCX}


class DocumentTrouble(enum.Enum):
    """What can be wrong with a document."""

    NOT_DOCUMENT = "not a document of a known form"
    NOT_READ = "a form that is not read"
    ENCRYPTED = "it asks for a password"
    DAMAGED = "it cannot be read"
    TRUNCATED = "it ends early, or goes on behind its end"
    OVERSIZE = "it is beyond a limit"
    HOSTILE = "made as no program makes it"
    UNDECODABLE = "no encoding fits"
    ENCODING = "the encoding is not the declared one"
    NO_TEXT = "no text"
    LOST_CHARACTERS = "characters that were lost before"
    CONTROL = "control characters"


GRAVE = frozenset(
    {
        DocumentTrouble.NOT_DOCUMENT,
        DocumentTrouble.NOT_READ,
        DocumentTrouble.ENCRYPTED,
        DocumentTrouble.DAMAGED,
        DocumentTrouble.OVERSIZE,
        DocumentTrouble.HOSTILE,
        DocumentTrouble.UNDECODABLE,
        DocumentTrouble.NO_TEXT,
    }
)  # with these there is no text


@dataclass(frozen=True, slots=True)
class DocumentProblem:
    """One trouble with its words."""

    trouble: DocumentTrouble
    detail: str


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What a document may ask of us. Beyond them nothing of it is read (OVERSIZE)."""

    size: int = 64 * 1024**2  # bytes of the file; more in a DOCX, whose pictures are not read
    package: int = 2 * 1024**3  # bytes of a DOCX
    members: int = 20_000  # files in a DOCX
    expanded: int = 4 * 1024**3  # bytes of all of them, unpacked
    ratio: int = 200  # bytes unpacked for each packed one; Word's XML reaches 60
    markup: int = 64 * 1024**2  # bytes of all XML in a DOCX that is read
    tags: int = 2_000_000  # signs "<" in it
    depth: int = 2_047  # elements within elements, HTML; 255 in DOCX
    lines: int = 250_000  # of text
    characters: int = 32_000_000  # of text


@dataclass(frozen=True, slots=True)
class DocumentLoss:
    """Something of a document that its text does not show, with how much of it: "text boxes", 3, 1,250 characters."""

    kind: str  # "text box", "footnote", …: the same in every report
    what: str  # in the plural where the count asks for it, ready to be shown behind the count
    count: int
    characters: int = 0  # of text that was left out; 0 where there is none or it is not counted

    def __str__(self) -> str:
        """The clause for reports."""
        counted = f"{self.count:,} {self.what}"
        if not self.characters:
            return counted
        return f"{counted} ({self.characters:,} {'character' if self.characters == 1 else 'characters'})"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is. Empty stands for what it does not say; `problems` say why anything is not known."""

    form: DocumentForm | None
    size: int  # bytes
    encoding: str = ""  # of an HTML document, as Python calls it
    encoding_basis: str = ""  # "declared", "byte order mark", "valid UTF-8", "detected by content (…)"
    declared: str = ""  # the encoding it declares, as written
    title: str = ""  # of its metadata, not of its text
    author: str = ""
    language: str = ""  # as written: "zh-CN"
    program: str = ""  # it was made with
    characters: int = 0  # of its text, white space not counted
    headings: int = 0  # that begin articles
    pages: int = 0  # 0 where they are not known
    insertions: int = 0  # tracked, and not yet accepted
    deletions: int = 0  # tracked; their text was left out
    macros: tuple[str, ...] = ()  # parts that hold programs
    embedded: tuple[str, ...] = ()  # other documents in it: "1 embedded object", …
    external: tuple[str, ...] = ()  # what it would load from elsewhere: "image http://…"
    beside: tuple[str, ...] = ()  # files that it would load from beside it
    losses: tuple[DocumentLoss, ...] = ()
    problems: tuple[DocumentProblem, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether text was taken out of it."""
        return not self.about(*GRAVE)

    def about(self, *troubles: DocumentTrouble) -> tuple[DocumentProblem, ...]:
        """The problems of these kinds."""
        return tuple(problem for problem in self.problems if problem.trouble in troubles)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as it was read: what it is, and its text."""

    facts: DocumentFacts
    taken: TakenText


@dataclass(frozen=True, slots=True)
class ExaminedDocument:
    """A document with the path that reports call it by."""

    path: str
    facts: DocumentFacts


@dataclass(frozen=True, slots=True)
class ExaminedDocuments:
    """All documents of a deposit: what the rules for documents judge."""

    documents: tuple[ExaminedDocument, ...]
