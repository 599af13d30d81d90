"""PDF files as found: pages, fonts, encryption, what lies hidden in them and what is wrong, as facts for rules.

Sizes of pages are in points (1/72 inch) as a viewer shows them: cropped, turned, by the unit that the page states.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class PdfEncryption(enum.Enum):
    """Who can open a PDF."""

    NONE = "not encrypted"
    OWNER = "encrypted, opens without a password"  # what may be done with it is restricted
    USER = "encrypted, asks for a password"
    OTHER = "encrypted by a method that is not known"  # certificates, or the handler of some firm


class PdfPageKind(enum.Enum):
    """Where the words of a page come from."""

    BORN_DIGITAL = "born digital"
    SCANNED = "scanned, without text"
    SCANNED_WITH_TEXT = "scanned, with a text layer"
    DRAWN = "drawn, without text"  # lines, curves or small pictures, and no character
    EMPTY = "empty"
    UNKNOWN = "not read"

    @property
    def has_text(self) -> bool:
        """Whether its words can be taken out."""
        return self in {PdfPageKind.BORN_DIGITAL, PdfPageKind.SCANNED_WITH_TEXT}


class PdfTrouble(enum.Enum):
    """What can be wrong with a PDF, or worth a look."""

    NOT_PDF = "not a PDF"
    DAMAGED = "damaged beyond reading"
    REPAIRED = "damaged, and read by repairing"
    TRUNCATED = "it ends early"
    CONTENT = "a stream that cannot be decoded"
    STOPPED = "the reader stopped"
    ENCRYPTED = "it asks for a password"
    OVERSIZE = "it is beyond a limit"
    PAGE = "a page cannot be read"
    METADATA = "metadata that cannot be read"
    SURROUNDED = "bytes before or after the PDF"
    NOT_PLACED = "characters outside of the page"


@dataclass(frozen=True, slots=True)
class PdfProblem:
    """One trouble with its words; `page` counts from 1, 0 for the file as a whole."""

    trouble: PdfTrouble
    detail: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may ask of us. Beyond them nothing more is read, and it is found (OVERSIZE or STOPPED)."""

    size: int = 2 << 30  # bytes of the file
    pages: int = 5_000
    objects: int = 1_000_000  # entries of the table of objects
    values: int = 5_000_000  # values within objects that are looked at
    characters: int = 200_000  # of one page; a broadsheet in small print has 40,000
    images: int = 20_000  # and other objects drawn on one page
    edge: float = 40_000.0  # points of a side of a page: 14 metres
    memory: int = 2 << 30  # bytes of address space of the process that reads
    seconds: int = 300  # of processor time and of wall time, each, for one question
    answer: int = 512 << 20  # bytes of what that process answers
    pixels: int = 120_000_000  # of the image of a page


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page. `width`, `height` and `rotation` as shown; shares run from 0 to 1."""

    number: int  # in the file, from 1
    width: float = 0.0  # points; 0 when the page could not be read
    height: float = 0.0
    rotation: int = 0  # degrees clockwise by which a viewer turns it: 0, 90, 180, 270
    user_unit: float = 1.0  # points by unit of its coordinates
    label: str = ""  # the number that the PDF gives it, "iv"
    kind: PdfPageKind = PdfPageKind.UNKNOWN
    characters: int = 0  # white space not counted
    hidden: int = 0  # of them, invisible or under a picture: the text layer of a scan
    unmapped: int = 0  # of them, glyphs of which the file does not say what character they are
    images: int = 0
    image_share: float = 0.0  # of the page that images cover
    image_resolution: float = 0.0  # pixels by inch of the largest image; 0 without images


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """What one place in the file says of it; dates in ISO 8601, or as written where they are none."""

    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: str = ""
    creator: str = ""  # the program it was written in
    producer: str = ""  # the program that made the PDF
    created: str = ""
    modified: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self == PdfMetadata()


@dataclass(frozen=True, slots=True)
class PdfFont:
    """A font that pages use."""

    name: str  # without the six letters that mark a part of a font
    kind: str  # "Type1", "TrueType", "Type0", "Type3"
    is_embedded: bool
    first_page: int


@dataclass(frozen=True, slots=True)
class PdfAttachment:
    """A file inside the PDF; `size` is None where it is not stated."""

    name: str
    size: int | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class PdfSecurity:
    """How a PDF is encrypted, and what it asks readers not to do."""

    encryption: PdfEncryption = PdfEncryption.NONE
    method: str = ""  # "AES, 256 bits"
    denied: tuple[str, ...] = ()  # "printing", "taking out text", …


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF is. Empty stands for what the file does not say; `problems` say why anything is not known."""

    size: int  # bytes
    version: str = ""  # "1.7"
    page_count: int = 0  # as the page tree has them; `pages` may be fewer
    pages: tuple[PdfPage, ...] = ()
    info: PdfMetadata = PdfMetadata()
    xmp: PdfMetadata = PdfMetadata()
    has_xmp: bool = False
    pdfa: str = ""  # what it claims to be: "PDF/A-2b"
    pdfua: str = ""  # "PDF/UA-1"
    language: str = ""
    is_tagged: bool = False
    output_intents: int = 0
    security: PdfSecurity = PdfSecurity()
    actions: tuple[str, ...] = ()  # what it can do: "JavaScript (3)", "Launch (1)"
    media: tuple[str, ...] = ()  # "RichMedia (1)", "Sound (2)"
    attachments: tuple[PdfAttachment, ...] = ()
    fields: int = 0  # of its form
    has_xfa: bool = False
    signatures: tuple[str, ...] = ()  # who signed, "" where it is not said
    fonts: tuple[PdfFont, ...] = ()
    readers: tuple[str, ...] = ()  # "qpdf 12.4.2", "PDFium 7500"
    problems: tuple[PdfProblem, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether its pages can be read."""
        return bool(self.pages) and not self.about(PdfTrouble.ENCRYPTED, PdfTrouble.DAMAGED, PdfTrouble.NOT_PDF)

    @property
    def title(self) -> str:
        """Its title: by XMP, which is newer, or by Info."""
        return self.xmp.title or self.info.title

    def about(self, *troubles: PdfTrouble) -> tuple[PdfProblem, ...]:
        """The problems of these kinds."""
        return tuple(problem for problem in self.problems if problem.trouble in troubles)

    def pages_of(self, *kinds: PdfPageKind) -> tuple[PdfPage, ...]:
        """The pages of these kinds."""
        return tuple(page for page in self.pages if page.kind in kinds)


@dataclass(frozen=True, slots=True)
class ExaminedPdf:
    """A PDF with the path that reports call it by."""

    path: str
    facts: PdfFacts


@dataclass(frozen=True, slots=True)
class ExaminedPdfs:
    """All PDF files of a deposit: what the rules for PDF judge."""

    pdfs: tuple[ExaminedPdf, ...]
